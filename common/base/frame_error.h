/* SPDX-License-Identifier: Apache-2.0
 *
 * How far a frame is from the one that is taken as truth: the one home of the relative errors, for
 * whoever judges forecasts, measures a dataset's own error or compares two runs. Sums are over
 * fluid cells, in double precision, in the order of the cells. What is undefined (nothing in the
 * denominator, a frame that is not finite) is not a number. */
#pragma once

#include "frames.h"

/* Sums of squares per field; "departure" is from the free stream: rho - 1, ux - U, uy. */
struct frame_error {
    double error[FRAME_FIELDS];           /* frame - truth */
    double truth[FRAME_FIELDS];           /* truth */
    double departure[FRAME_FIELDS];       /* truth - free stream */
    double frame[FRAME_FIELDS];           /* frame */
    double frame_departure[FRAME_FIELDS]; /* frame - free stream */
};

/* frame, truth: [FRAME_FIELDS][nx][ny]; mask: [nx][ny], 1 in bodies. */
void frame_error_sum(struct frame_error *out, const float *frame, const float *truth,
                     const unsigned char *mask, const struct flow *flow);

/* a / b and its square root; not a number where b is nothing. */
double frame_error_ratio(double a, double b);
double frame_error_root(double a, double b);

/* relative_l2 = |v' - v| / |v| and relative_l2_wake = |v' - v| / |v - U|, both components of the
 * velocity together; of the density |rho' - rho| / |rho - 1|. */
double frame_error_velocity(const struct frame_error *sums);
double frame_error_velocity_wake(const struct frame_error *sums);
double frame_error_density(const struct frame_error *sums);
