/* SPDX-License-Identifier: Apache-2.0
 *
 * How far a forecast frame v' is from the truth v: numbers over the fluid cells of one frame, and
 * the Strouhal number of a series of frames. U is the free stream (U, 0). What is undefined
 * (nothing in the denominator, a frame that is not finite) is not a number, null in JSON. Nothing
 * here knows who made the forecast. */
#pragma once

#include "error.h"
#include "frames.h"

#include <stdint.h>

enum metrics_kind {
    METRICS_VELOCITY,      /* |v' - v| / |v|, both components together */
    METRICS_VELOCITY_WAKE, /* |v' - v| / |v - U| */
    METRICS_UX,            /* |ux' - ux| / |ux| */
    METRICS_UX_WAKE,       /* |ux' - ux| / |ux - U| */
    METRICS_UY,            /* |uy' - uy| / |uy|; the same in both readings, U has no y */
    METRICS_DENSITY,       /* |rho' - rho| / |rho - 1| */
    METRICS_VORTICITY,   /* correlation coefficient of the vorticities, 1 is best, over cells whose
                            four neighbours are fluid and inside the canvas */
    METRICS_ENERGY,      /* sum |v'|^2 / sum |v|^2, 1 is best */
    METRICS_ENERGY_WAKE, /* sum |v' - U|^2 / sum |v - U|^2, 1 is best */
    METRICS_KINDS
};

/* "velocity_relative_l2", "velocity_relative_l2_wake", ... as files name them. */
const char *metrics_name(enum metrics_kind kind);

/* values: [METRICS_KINDS]. forecast, truth: [FRAME_FIELDS][nx][ny]; mask: [nx][ny], 1 in bodies. */
enum status metrics_compare(double values[METRICS_KINDS], const float *forecast, const float *truth,
                            const unsigned char *mask, const struct flow *flow);

/* The cell of the probe: two lengths D behind the first body's centre, on its height, moved onto
 * the canvas and downstream out of any body; -1 when that row holds no fluid behind. Index into
 * [nx][ny]. */
int64_t metrics_probe(const struct flow *flow, const unsigned char *mask);

/* Frames per shedding period from the probe's uy, one value a frame. Not a number when the series
 * is shorter than 8, is not finite or does not oscillate (by less than a thousandth of U). */
double metrics_period(const double *probe, int64_t count, const struct flow *flow);

/* St = f D / U of the same series, f in cycles per canvas step. Not a number where the period
 * is not. */
double metrics_strouhal(const double *probe, int64_t count, const struct flow *flow);
