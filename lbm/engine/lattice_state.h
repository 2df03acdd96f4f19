/* SPDX-License-Identifier: Apache-2.0
 *
 * A lattice's instant, out and in: density, velocity and second moments of every cell before
 * collision, START_FIELDS of start_state.h in float64, and the outlet's state. The cumulant
 * operator reads nothing else from the populations, so there a round trip loses rounding only;
 * others lose third and fourth moments. */
#pragma once

#include "error.h"
#include "lattice.h"
#include "start_state.h"

#include <stdint.h>

struct row_task;

/* The instant at the end of the next lattice_run or lattice_state_set goes to `values`,
 * [START_FIELDS][nx][ny], rho = 1 and else 0 in bodies. Asked for ahead, because the lattice does
 * not keep populations that have collided. Kept until then; must outlive. */
void lattice_state_watch(struct lattice *lattice, double *values);

/* Of row x, prepared for step `step` (since rest) and not yet collided: for lattice_run.c alone. */
void lattice_state_look(double *values, const struct lattice *lattice, const struct row_task *task,
                        int64_t x, int64_t step);

/* Puts the lattice into this instant, `step` steps after rest: populations at equilibrium plus the
 * first-order non-equilibrium of the moments, collided. */
void lattice_state_set(struct lattice *lattice, const double *values, int64_t step);

/* The outlet's relaxed density (1 at rest). */
double lattice_state_outlet(const struct lattice *lattice);
void lattice_state_set_outlet(struct lattice *lattice, double base);
