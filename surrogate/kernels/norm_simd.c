/* SPDX-License-Identifier: Apache-2.0
 *
 * Batch norm and tanh in two sweeps forward (sums; apply) and two backward, instead of the five and
 * six of separate norm and tanh: the sweeps are bound by memory. */
#include "kernel_set.h"
#include "kernel_simd.h"

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void sums(double *sum, double *square, const float *x, int64_t count, int64_t tile)
{
    for (int64_t at = 0; at < count; at += tile, x += tile) {
        int64_t length = least(tile, count - at);
#pragma omp simd
        for (int64_t i = 0; i < length; i++) {
            double value = x[i];
            sum[i] += value;
            square[i] += value * value;
        }
    }
}

static void apply(float *y, const float *x, const struct norm_coefficients *tiled, int64_t count,
                  int64_t tile, enum kernel_activation activation)
{
    const float *mean = tiled->mean, *a = tiled->a, *b = tiled->b;
    for (int64_t at = 0; at < count; at += tile, x += tile, y += tile) {
        int64_t length = least(tile, count - at);
        if (activation == KERNEL_TANH)
#pragma omp simd
            for (int64_t i = 0; i < length; i++)
                y[i] = kernel_simd_tanh(kernel_simd_multiply_add(a[i], x[i] - mean[i], b[i]));
        else
#pragma omp simd
            for (int64_t i = 0; i < length; i++)
                y[i] = kernel_simd_multiply_add(a[i], x[i] - mean[i], b[i]);
    }
}

static inline float through_tanh(float dy, float y)
{
    return dy * kernel_simd_multiply_add(-y, y, 1.0f);
}

static void backward_sums(double *sum, double *product, const float *dy, const float *y,
                          const float *x, int64_t count, int64_t tile,
                          enum kernel_activation activation)
{
    for (int64_t at = 0; at < count; at += tile, dy += tile, y += tile, x += tile) {
        int64_t length = least(tile, count - at);
        if (activation == KERNEL_TANH)
#pragma omp simd
            for (int64_t i = 0; i < length; i++) {
                double dz = through_tanh(dy[i], y[i]);
                sum[i] += dz;
                product[i] += dz * x[i];
            }
        else
#pragma omp simd
            for (int64_t i = 0; i < length; i++) {
                double dz = dy[i];
                sum[i] += dz;
                product[i] += dz * x[i];
            }
    }
}

static inline float combine(const struct norm_coefficients *tiled, int64_t i, float dz, float x)
{
    float along = kernel_simd_multiply_add(tiled->c[i], x - tiled->mean[i], tiled->b[i]);
    return kernel_simd_multiply_add(tiled->a[i], dz, along);
}

static void backward_apply(float *dx, const float *dy, const float *y, const float *x,
                           const struct norm_coefficients *tiled, int64_t count, int64_t tile,
                           enum kernel_activation activation)
{
    const struct norm_coefficients local = *tiled;
    for (int64_t at = 0; at < count; at += tile, dx += tile, dy += tile, y += tile, x += tile) {
        int64_t length = least(tile, count - at);
        if (activation == KERNEL_TANH)
#pragma omp simd
            for (int64_t i = 0; i < length; i++)
                dx[i] = combine(&local, i, through_tanh(dy[i], y[i]), x[i]);
        else
#pragma omp simd
            for (int64_t i = 0; i < length; i++)
                dx[i] = combine(&local, i, dy[i], x[i]);
    }
}

extern const struct norm_kernels KERNEL_TABLE(norm_simd);
const struct norm_kernels KERNEL_TABLE(norm_simd) = {
    .sums = sums,
    .apply = apply,
    .backward_sums = backward_sums,
    .backward_apply = backward_apply,
};
