/* SPDX-License-Identifier: Apache-2.0
 *
 * St = f D / U. The frequency comes from the mean distance of upward zero crossings of the lift
 * minus its mean: exact for a periodic signal, and its spread between periods tells how periodic it
 * is. A lift whose deviation is below 1e-3 counts as steady: what oscillates then is sound. */
#include "force_summary.h"

#include "array.h"
#include "spectrum.h"

#include <math.h>

static const double STEADY_LIFT = 1e-3;

static void moments(double *mean, double *deviation, double *most, const double *values,
                    int64_t count)
{
    double sum = 0, squares = 0, largest = 0;
    for (int64_t i = 0; i < count; i++) {
        sum += values[i];
        largest = fmax(largest, fabs(values[i]));
    }
    *mean = sum / (double)count;
    for (int64_t i = 0; i < count; i++)
        squares += (values[i] - *mean) * (values[i] - *mean);
    *deviation = sqrt(squares / (double)count);
    *most = largest;
}

enum status force_summary_make(struct force_summary *out, const struct flow *flow,
                               const double *forces, int64_t steps)
{
    enum status status = OK;
    double *drag = NULL, *lift = NULL, unused;
    int64_t first = steps / 2, count = steps - first;
    if (steps < FORCE_SUMMARY_LEAST_STEPS)
        return FAIL(ERR_NUMERIC, "%lld force values are too few for a mean", (long long)steps);
    TRY_GOTO(ARRAY_NEW(drag, count), cleanup);
    TRY_GOTO(ARRAY_NEW(lift, count), cleanup);
    for (int64_t i = 0; i < count; i++) {
        drag[i] = forces[2 * (first + i)];
        lift[i] = forces[2 * (first + i) + 1];
    }
    moments(&out->drag_mean, &out->drag_deviation, &unused, drag, count);
    moments(&out->lift_mean, &out->lift_deviation, &out->lift_most, lift, count);
    double deviation = 0;
    double per_step = spectrum_crossing_frequency(&deviation, lift, (size_t)count);
    double scale = (double)flow->refine * flow->length / flow->speed;
    int steady = per_step <= 0 || out->lift_deviation < STEADY_LIFT;
    out->strouhal = steady ? nan("") : per_step * scale;
    out->strouhal_deviation = steady ? nan("") : deviation * scale;
    out->periods = steady ? 0 : per_step * (double)count;
cleanup:
    array_free(drag);
    array_free(lift);
    return status;
}
