/* SPDX-License-Identifier: Apache-2.0
 *
 * DFG benchmark 2D-1 (Schaefer and Turek 1996) in verification mode: cylinder in a channel
 * 2.2 x 0.41, D = 0.1 at (0.2, 0.2), parabolic inflow, no-slip walls, Re 20 with the mean velocity;
 * float64, TRT, Bouzidi. For the tests of this folder. */
#pragma once

#include <stdint.h>

/* In the benchmark's units: mean inflow speed 0.2, density 1. */
struct channel_flow {
    double drag, lift; /* coefficients */
    double pressure;   /* front of the cylinder minus its back */
    double wake;       /* length */
};

/* The steady flow with d cells per diameter and the greatest inflow speed `peak`, cells per step.
 */
struct channel_flow channel_flow_run(int64_t d, double peak);

/* The four figures against the rows dfg-2d1-NAME-drag, ... of physics_reference.csv. */
void channel_flow_check(const char *name, const struct channel_flow *flow);

/* How many times the errors of drag and pressure, against the benchmark's reference values, are
 * smaller in `fine` than in `coarse`: rows dfg-2d1-NAME-drag-gain, -pressure-gain. Order n gives
 * 2^n when cells and peak speed are halved. */
void channel_flow_check_gain(const char *name, const struct channel_flow *coarse,
                             const struct channel_flow *fine);
