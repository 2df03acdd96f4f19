/* SPDX-License-Identifier: Apache-2.0
 *
 * What cells are given that a moving body leaves behind. An uncovered cell x takes the neighbour
 * that lies most nearly along the body's outward normal n and was fluid before, x + c:
 *
 *     f_i(x) = f_i^eq(rho', u_w) + f_i(x + c) - f_i^eq(rho(x + c), u(x + c))
 *
 * rho' the mean density of all neighbours that were fluid before, u_w the wall's velocity at x:
 * equilibrium and non-equilibrium refill, after Caiazzo 2008. Mass and momentum of covered and
 * uncovered cells are not balanced against the body; momentum exchange in its Galilean-invariant
 * form needs no term for them (Wen et al. 2014). */
#pragma once

#include "error.h"
#include "link.h"

#include <stdint.h>

struct geometry;
struct lattice;
struct lattice_refill;

/* For a lattice of so many cells. */
enum status lattice_refill_create(struct lattice_refill **out, int64_t cells);
void lattice_refill_destroy(struct lattice_refill *refill);

/* Cell x ny + y was in a body and is fluid now. */
enum status lattice_refill_note(struct lattice_refill *refill, int64_t cell);

/* Fills what was noted and forgets it. `geometry`, `speeds`: of the bodies where they are now. */
void lattice_refill_apply(struct lattice_refill *refill, struct lattice *lattice,
                          const struct geometry *geometry, const struct link_motion *speeds);
