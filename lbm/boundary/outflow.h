/* SPDX-License-Identifier: Apache-2.0
 *
 * The density that the outflow gives to entering populations,
 *
 *     rho_out = base + (<u_x> - <u_in>) / c_s,
 *
 * <> the mean over the outlet column: an outgoing sound wave carries rho' = u' / c_s, so it leaves
 * without echo. Alone (base = 1) that pins the mean velocity and lets the pressure wander, so
 * `base`, 1 at rest, gives way slowly to the density that is measured:
 *
 *     base(t+1) = base(t) - rate (<rho> - 1)
 *
 * which brings the time mean of the outlet's density to 1. Slowly means: over many transits of
 * sound, of which `rate` is the inverse (docs/decisions/0002-outflow.md). */
#pragma once

#include <stdint.h>

struct outflow {
    double base;    /* the state */
    double rate;    /* per lattice step */
    double density; /* rho_out of the step in progress */
};

/* What the last column measured before a step gives rho_out for that step and moves base. */
void outflow_advance(struct outflow *outflow, double mean_u, double mean_rho, double mean_inflow);

/* The rate of production runs, per canvas step, for a domain of `columns` canvas columns. */
double outflow_default_rate(double columns);
