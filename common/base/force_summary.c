/* SPDX-License-Identifier: Apache-2.0
 *
 * St = f D / U. The frequency comes from the mean distance of upward zero crossings of the lift
 * minus its mean: exact for a periodic signal, and its spread between periods tells how periodic it
 * is. A lift whose deviation is below 1e-3 counts as steady: what oscillates then is sound. */
#include "force_summary.h"

#include "array.h"
#include "exact_math.h"
#include "spectrum.h"

#include <math.h>

static const double STEADY_LIFT = 1e-3;
static const double LEAST_PERIODS = 2; /* with fewer, their number is not known well */
enum { LEAST_SPECTRUM = 16, LEAST_BATCHES = 4, MOST_BATCHES = 16 };

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

static double mean_of(const double *values, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

/* Batch means: values that follow each other are alike, the means of long pieces are not. */
static double batch_error(const double *values, int64_t count, int64_t batches)
{
    int64_t size = count / batches;
    double sum = 0, squares = 0, n = (double)batches;
    for (int64_t k = 0; k < batches; k++) {
        double mean = mean_of(values + k * size, size);
        sum += mean;
        squares += mean * mean;
    }
    return sqrt(fmax(squares / n - sum * sum / (n * n), 0) / (n - 1));
}

/* What the part of a period at the end adds to the mean of a sine, at most. */
static double rest_error(double deviation, double periods)
{
    double part = periods < LEAST_PERIODS ? 1 : fabs(exact_math_sin(EXACT_MATH_PI * periods));
    return sqrt(2) * deviation * part / (EXACT_MATH_PI * fmax(periods, 1));
}

static double mean_error(const double *values, int64_t count, double deviation, double periods)
{
    int64_t half = count / 2;
    int64_t batches = (int64_t)fmin(fmax(periods / 2, LEAST_BATCHES), MOST_BATCHES);
    double first = mean_of(values, half), second = mean_of(values + (count - half), half);
    batches = periods > 0 ? batches : MOST_BATCHES;
    double error = batch_error(values, count, batches < count ? batches : count);
    error = fmax(error, 0.5 * fabs(second - first));
    if (periods > 0)
        error = fmax(error, rest_error(deviation, periods));
    return error;
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
    double scale = (double)flow->refine * flow->length / flow->speed;
    struct spectrum_frequency found = {0};
    if (out->lift_deviation >= STEADY_LIFT && count >= LEAST_SPECTRUM)
        TRY_GOTO(spectrum_measure(&found, lift, (size_t)count), cleanup);
    if (found.crossing <= 0)
        scale = nan(""); /* steady */
    out->strouhal = found.crossing * scale;
    out->strouhal_deviation = found.deviation * scale;
    out->strouhal_error = found.crossing_error * scale;
    out->strouhal_spectral = found.peak * scale;
    out->strouhal_spectral_error = found.peak_error * scale;
    out->periods = found.crossing > 0 ? found.periods : 0;
    out->drag_error = mean_error(drag, count, out->drag_deviation, out->periods);
    out->lift_error = mean_error(lift, count, out->lift_deviation, out->periods);
cleanup:
    array_free(drag);
    array_free(lift);
    return status;
}
