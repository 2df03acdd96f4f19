/* SPDX-License-Identifier: Apache-2.0
 *
 * The places on the canvas of which a simulation tells pressure and velocity, in coefficients; how
 * they are measured on a lattice is lattice_probe.h's part. */
#pragma once

#include "error.h"
#include "simulation.h"

#include <stdint.h>

struct geometry;
struct lattice;

/* All borrowed. */
struct probe_set {
    const double (*places)[2]; /* canvas cells */
    int64_t count;
    const struct flow *flow;
    const struct geometry *geometry;
    const struct lattice *lattice;
    int64_t entry; /* canvas columns of the lattice before the canvas */
};

/* ERR_CONFIG for a place outside the canvas or in a body, with one that would do. */
enum status probe_set_check(const struct probe_set *set);

/* out: [count][SIMULATION_PROBED], what they see now (struct simulation_details). */
enum status probe_set_read(double *out, const struct probe_set *set);
