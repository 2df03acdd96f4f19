/* SPDX-License-Identifier: Apache-2.0
 *
 * Loops over rows of fields, for the losses. */
#include "kernel_set.h"
#include "kernel_simd.h"

enum { SUM_LANES = 16 };

static void difference(float *d, const float *after, const float *before, int64_t count)
{
#pragma omp simd
    for (int64_t i = 0; i < count; i++)
        d[i] = 0.5f * (after[i] - before[i]);
}

static void add_half(float *d, float half, const float *s, int64_t count)
{
#pragma omp simd
    for (int64_t i = 0; i < count; i++)
        d[i] = kernel_simd_multiply_add(half, s[i], d[i]);
}

static double masked_sum_squares(const float *x, const float *mask, int64_t count)
{
    double lanes[SUM_LANES] = {0}, total = 0;
    int64_t i = 0;
    for (; i + SUM_LANES <= count; i += SUM_LANES)
        for (int lane = 0; lane < SUM_LANES; lane++) {
            double value = x[i + lane];
            lanes[lane] += mask[i + lane] * value * value;
        }
    for (int lane = 0; i < count; i++, lane++)
        lanes[lane] += (double)mask[i] * x[i] * x[i];
    for (int lane = 0; lane < SUM_LANES; lane++)
        total += lanes[lane];
    return total;
}

static void masked_scale(float *d, float factor, const float *x, const float *mask, int64_t count)
{
#pragma omp simd
    for (int64_t i = 0; i < count; i++)
        d[i] = factor * mask[i] * x[i];
}

extern const struct field_kernels KERNEL_TABLE(field_simd);
const struct field_kernels KERNEL_TABLE(field_simd) = {
    .difference = difference,
    .add_half = add_half,
    .masked_sum_squares = masked_sum_squares,
    .masked_scale = masked_scale,
};
