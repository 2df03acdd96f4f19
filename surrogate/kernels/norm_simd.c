/* SPDX-License-Identifier: Apache-2.0
 *
 * Batch norm and tanh in two sweeps forward (sums; apply) and two backward, instead of the five and
 * six of separate norm and tanh: the sweeps are bound by memory. Each loop is written once, for any
 * precision and activation (*_in), and compiled for all (FOR_ALL). */
#include "kernel_set.h"
#include "kernel_simd.h"

/* Calls a loop with its last two arguments, precision and activation, known to the compiler. */
#define FOR_ALL(loop, ...)                                                                         \
    do {                                                                                           \
        if (precision == PRECISION_BF16 && activation == KERNEL_TANH)                              \
            loop(__VA_ARGS__, PRECISION_BF16, KERNEL_TANH);                                        \
        else if (precision == PRECISION_BF16)                                                      \
            loop(__VA_ARGS__, PRECISION_BF16, KERNEL_LINEAR);                                      \
        else if (activation == KERNEL_TANH)                                                        \
            loop(__VA_ARGS__, PRECISION_F32, KERNEL_TANH);                                         \
        else                                                                                       \
            loop(__VA_ARGS__, PRECISION_F32, KERNEL_LINEAR);                                       \
    } while (0)

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

KERNEL_ALWAYS void sums_in(double *sum, double *square, const void *x, enum precision precision,
                           int64_t count, int64_t tile)
{
    for (int64_t at = 0; at < count; at += tile) {
        int64_t length = least(tile, count - at);
        const void *from = precision_from(x, at, precision);
#pragma omp simd
        for (int64_t i = 0; i < length; i++) {
            double value = precision_get(from, i, precision);
            sum[i] += value;
            square[i] += value * value;
        }
    }
}

static void sums(double *sum, double *square, const void *x, enum precision precision,
                 int64_t count, int64_t tile)
{
    if (precision == PRECISION_BF16)
        sums_in(sum, square, x, PRECISION_BF16, count, tile);
    else
        sums_in(sum, square, x, PRECISION_F32, count, tile);
}

KERNEL_ALWAYS void apply_in(void *y, const void *x, const struct norm_coefficients *tiled,
                            int64_t count, int64_t tile, enum precision precision,
                            enum kernel_activation activation)
{
    const float *mean = tiled->mean, *a = tiled->a, *b = tiled->b;
    for (int64_t at = 0; at < count; at += tile) {
        int64_t length = least(tile, count - at);
        const void *from = precision_from(x, at, precision);
        void *to = precision_at(y, at, precision);
#pragma omp simd
        for (int64_t i = 0; i < length; i++) {
            float value = precision_get(from, i, precision);
            float z = kernel_simd_multiply_add(a[i], value - mean[i], b[i]);
            precision_put(to, i, precision, activation == KERNEL_TANH ? kernel_simd_tanh(z) : z);
        }
    }
}

static void apply(void *y, const void *x, enum precision precision,
                  const struct norm_coefficients *tiled, int64_t count, int64_t tile,
                  enum kernel_activation activation)
{
    FOR_ALL(apply_in, y, x, tiled, count, tile);
}

KERNEL_ALWAYS void backward_sums_in(double *sum, double *product, const void *dy, const void *y,
                                    const void *x, int64_t count, int64_t tile,
                                    enum precision precision, enum kernel_activation activation)
{
    for (int64_t at = 0; at < count; at += tile) {
        int64_t length = least(tile, count - at);
        const void *dy_at = precision_from(dy, at, precision);
        const void *y_at = precision_from(y, at, precision);
        const void *x_at = precision_from(x, at, precision);
#pragma omp simd
        for (int64_t i = 0; i < length; i++) {
            float gradient = precision_get(dy_at, i, precision);
            double dz = activation == KERNEL_TANH
                            ? kernel_simd_through_tanh(gradient, precision_get(y_at, i, precision))
                            : gradient;
            sum[i] += dz;
            product[i] += dz * precision_get(x_at, i, precision);
        }
    }
}

static void backward_sums(double *sum, double *product, const void *dy, const void *y,
                          const void *x, enum precision precision, int64_t count, int64_t tile,
                          enum kernel_activation activation)
{
    FOR_ALL(backward_sums_in, sum, product, dy, y, x, count, tile);
}

KERNEL_ALWAYS void backward_apply_in(void *dx, const void *dy, const void *y, const void *x,
                                     const struct norm_coefficients *tiled, int64_t count,
                                     int64_t tile, enum precision precision,
                                     enum kernel_activation activation)
{
    const struct norm_coefficients t = *tiled;
    for (int64_t at = 0; at < count; at += tile) {
        int64_t length = least(tile, count - at);
        const void *dy_at = precision_from(dy, at, precision);
        const void *y_at = precision_from(y, at, precision);
        const void *x_at = precision_from(x, at, precision);
        void *to = precision_at(dx, at, precision);
#pragma omp simd
        for (int64_t i = 0; i < length; i++) {
            float dz = precision_get(dy_at, i, precision),
                  value = precision_get(x_at, i, precision);
            if (activation == KERNEL_TANH)
                dz = kernel_simd_through_tanh(dz, precision_get(y_at, i, precision));
            float along = kernel_simd_multiply_add(t.c[i], value - t.mean[i], t.b[i]);
            precision_put(to, i, precision, kernel_simd_multiply_add(t.a[i], dz, along));
        }
    }
}

static void backward_apply(void *dx, const void *dy, const void *y, const void *x,
                           enum precision precision, const struct norm_coefficients *tiled,
                           int64_t count, int64_t tile, enum kernel_activation activation)
{
    FOR_ALL(backward_apply_in, dx, dy, y, x, tiled, count, tile);
}

extern const struct norm_kernels KERNEL_TABLE(norm_simd);
const struct norm_kernels KERNEL_TABLE(norm_simd) = {
    .sums = sums,
    .apply = apply,
    .backward_sums = backward_sums,
    .backward_apply = backward_apply,
};
