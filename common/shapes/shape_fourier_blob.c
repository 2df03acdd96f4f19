/* SPDX-License-Identifier: Apache-2.0
 *
 * Blob whose radius is a random Fourier series of the polar angle,
 *
 *     r(phi) ~ 1 + s sum over k = 2..sides of k^(-3/2) (a_k cos k phi + b_k sin k phi),
 *
 * a_k and b_k standard normal, s such that the sum's largest amount is DEPTH * roughness: r stays
 * above zero and has one value for each angle, so the outline never crosses itself. The largest r
 * is size / 2. */
#include "curve.h"
#include "shape.h"

#include "exact_math.h"
#include "philox.h"

#include <math.h>

enum { SAMPLES_PER_WAVE = 32, PIECES_PER_WAVE = 4 };

#define DEPTH 0.6

struct series {
    int64_t highest;
    double size; /* r = size (1 + the sum) */
    double a[SHAPE_SIDES_MAX + 1], b[SHAPE_SIDES_MAX + 1];
};

/* The sum for an angle; powers of e^(i phi) give all its waves. */
static double series_sum(const struct series *series, double c, double s)
{
    double sum = 0, cosine = c, sine = s;
    for (int64_t k = 2; k <= series->highest; k++) {
        double next = cosine * c - sine * s;
        sine = sine * c + cosine * s;
        cosine = next;
        sum += series->a[k] * cosine + series->b[k] * sine;
    }
    return sum;
}

static void series_point(double point[2], const void *context, double t)
{
    const struct series *series = context;
    double c = exact_math_cos(2 * EXACT_MATH_PI * t), s = exact_math_sin(2 * EXACT_MATH_PI * t);
    double radius = series->size * (1 + series_sum(series, c, s));
    point[0] = radius * c;
    point[1] = radius * s;
}

static double largest_amount(const struct series *series)
{
    double most = 0;
    int64_t samples = SAMPLES_PER_WAVE * series->highest;
    for (int64_t i = 0; i < samples; i++) {
        double angle = 2 * EXACT_MATH_PI * (double)i / (double)samples;
        double sum = series_sum(series, exact_math_cos(angle), exact_math_sin(angle));
        most = fmax(most, fabs(sum));
    }
    return most;
}

static void series_draw(struct series *out, const struct body_spec *spec)
{
    *out = (struct series){.highest = spec->sides, .size = 1};
    for (int64_t k = 2; k <= spec->sides; k++) {
        double decay = 1 / ((double)k * sqrt((double)k));
        uint64_t index = 2 * (uint64_t)k;
        out->a[k] = decay * philox_normal(spec->seed, PHILOX_STREAM_OUTLINE, index);
        out->b[k] = decay * philox_normal(spec->seed, PHILOX_STREAM_OUTLINE, index + 1);
    }
    double scale = DEPTH * spec->roughness / largest_amount(out);
    for (int64_t k = 2; k <= spec->sides; k++) {
        out->a[k] *= scale;
        out->b[k] *= scale;
    }
    out->size = spec->size / 2 / curve_radius(series_point, out, SAMPLES_PER_WAVE * spec->sides);
}

static enum status fourier_create(struct shape **out, const struct body_spec *spec)
{
    struct series series;
    TRY(shape_check_sides(spec));
    TRY(shape_check_range("roughness", spec->roughness, 0, 1));
    series_draw(&series, spec);
    TRY(curve_create(out, &shape_fourier_blob_ops, series_point, &series,
                     PIECES_PER_WAVE * spec->sides, spec->size));
    return OK;
}

const struct shape_ops shape_fourier_blob_ops = {
    .name = "fourier-blob",
    .accuracy = 1e-4,
    .create = fourier_create,
    .destroy = curve_destroy,
    .distance = cornered_distance,
    .support = cornered_support,
    .outline = curve_outline,
    .example = shape_example_blob,
};
