/* SPDX-License-Identifier: Apache-2.0
 *
 * The velocity of the inflow plane: its profile in y, its half-cosine rise from rest, and the
 * transverse kick during the rise that chooses the phase of the shedding. Lattice units. */
#pragma once

#include <stdint.h>

enum inflow_profile { INFLOW_UNIFORM, INFLOW_PARABOLIC, INFLOW_TABLE };

struct inflow {
    enum inflow_profile profile;
    double speed;      /* mean over the height */
    double ramp_steps; /* 0: at full speed from the first step */
    double kick;       /* greatest transverse velocity, half-way through the rise; signed */
    /* INFLOW_TABLE: speeds at `points` >= 2 evenly spaced heights from bottom to top, linear
     * between; their mean is made `speed`, so only their shape counts. Borrowed. */
    const double *table;
    int64_t points;
};

/* Speed factor in [0, 1] at step t: (1 - cos(pi t / ramp_steps)) / 2, then 1. */
double inflow_rise(const struct inflow *inflow, int64_t step);

/* Acceleration of the stream during step t. As a body force on the whole fluid it makes the stream
 * rise everywhere at once; pushed from the inflow alone it would rise behind a sound wave, with a
 * mean density of 1.06 half-way through a rise over two transits at speed 0.1. */
double inflow_push(const struct inflow *inflow, int64_t step);

/* Transverse velocity at step t: kick (1 - cos(2 pi t / ramp_steps)) / 2 during the rise, then 0.
 */
double inflow_lift(const struct inflow *inflow, int64_t step);

/* Local speed / mean speed at height s in [0, 1]. */
double inflow_shape(const struct inflow *inflow, double s);

/* The mean of a table over the height; 1 for other profiles. */
double inflow_table_mean(const struct inflow *inflow);

/* terms[k * ny + y] = 6 w_i c_x u_x at the place where the link of direction k (c_y = 0, +1, -1)
 * into cell y crosses the plane, at mean speed 1; returns the mean of the flux that they bring. */
double inflow_terms(double *terms, const struct inflow *inflow, int64_t ny);
