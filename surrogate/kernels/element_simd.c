/* SPDX-License-Identifier: Apache-2.0
 *
 * Loops over whole arrays. Sums go over SUM_LANES doubles side by side, added at the end in order,
 * so that the loop vectorises and the order is fixed. */
#include "kernel_set.h"
#include "kernel_simd.h"

#include <math.h>

enum { SUM_LANES = 64 };

static void fill(float *y, float value, int64_t count)
{
#pragma omp simd
    for (int64_t i = 0; i < count; i++)
        y[i] = value;
}

static void scale(float *y, float factor, int64_t count)
{
#pragma omp simd
    for (int64_t i = 0; i < count; i++)
        y[i] *= factor;
}

KERNEL_ALWAYS void axpy_in(void *y, float factor, const void *x, enum precision precision,
                           int64_t count)
{
#pragma omp simd
    for (int64_t i = 0; i < count; i++)
        precision_put(y, i, precision,
                      kernel_simd_multiply_add(factor, precision_get(x, i, precision),
                                               precision_get(y, i, precision)));
}

static void axpy(void *y, float factor, const void *x, enum precision precision, int64_t count)
{
    if (precision == PRECISION_BF16)
        axpy_in(y, factor, x, PRECISION_BF16, count);
    else
        axpy_in(y, factor, x, PRECISION_F32, count);
}

KERNEL_ALWAYS void convert_in(void *y, enum precision to, const void *x, enum precision from,
                              int64_t count)
{
#pragma omp simd
    for (int64_t i = 0; i < count; i++)
        precision_put(y, i, to, precision_get(x, i, from));
}

static void convert(void *y, enum precision to, const void *x, enum precision from, int64_t count)
{
    if (to == PRECISION_BF16)
        convert_in(y, PRECISION_BF16, x, PRECISION_F32, count);
    else
        convert_in(y, PRECISION_F32, x, PRECISION_BF16, count);
    (void)from; // the other one
}

/* In place allowed, so no restrict on y. */
static void subtract(float *y, const float *a, const float *b, int64_t count)
{
#pragma omp simd
    for (int64_t i = 0; i < count; i++)
        y[i] = a[i] - b[i];
}

static double add_lanes(const double lanes[SUM_LANES])
{
    double total = 0;
    for (int lane = 0; lane < SUM_LANES; lane++)
        total += lanes[lane];
    return total;
}

static double sum(const float *x, int64_t count)
{
    double lanes[SUM_LANES] = {0};
    int64_t i = 0;
    for (; i + SUM_LANES <= count; i += SUM_LANES)
        for (int lane = 0; lane < SUM_LANES; lane++)
            lanes[lane] += x[i + lane];
    for (int lane = 0; i < count; i++, lane++)
        lanes[lane] += x[i];
    return add_lanes(lanes);
}

static double sum_squares(const float *x, int64_t count)
{
    double lanes[SUM_LANES] = {0};
    int64_t i = 0;
    for (; i + SUM_LANES <= count; i += SUM_LANES)
        for (int lane = 0; lane < SUM_LANES; lane++)
            lanes[lane] += (double)x[i + lane] * x[i + lane];
    for (int lane = 0; i < count; i++, lane++)
        lanes[lane] += (double)x[i] * x[i];
    return add_lanes(lanes);
}

KERNEL_ALWAYS void tanh_forward_in(void *y, const void *x, enum precision precision, int64_t count)
{
#pragma omp simd
    for (int64_t i = 0; i < count; i++)
        precision_put(y, i, precision, kernel_simd_tanh(precision_get(x, i, precision)));
}

static void tanh_forward(void *y, const void *x, enum precision precision, int64_t count)
{
    if (precision == PRECISION_BF16)
        tanh_forward_in(y, x, PRECISION_BF16, count);
    else
        tanh_forward_in(y, x, PRECISION_F32, count);
}

KERNEL_ALWAYS void tanh_backward_in(void *dx, enum precision to, const void *dy, const void *y,
                                    enum precision from, int64_t count)
{
#pragma omp simd
    for (int64_t i = 0; i < count; i++)
        precision_put(
            dx, i, to,
            kernel_simd_through_tanh(precision_get(dy, i, from), precision_get(y, i, from)));
}

static void tanh_backward(void *dx, enum precision to, const void *dy, const void *y,
                          enum precision from, int64_t count)
{
    if (from == PRECISION_BF16)
        tanh_backward_in(dx, PRECISION_BF16, dy, y, PRECISION_BF16, count);
    else if (to == PRECISION_BF16)
        tanh_backward_in(dx, PRECISION_BF16, dy, y, PRECISION_F32, count);
    else
        tanh_backward_in(dx, PRECISION_F32, dy, y, PRECISION_F32, count);
}

static void adamw(float *p, float *m, float *v, const float *g, const float *decay,
                  const struct element_adamw_options *options, int64_t count)
{
    const struct element_adamw_options o = *options;
#pragma omp simd
    for (int64_t i = 0; i < count; i++) {
        float gradient = o.scale * g[i];
        float mean = kernel_simd_multiply_add(o.turn1, gradient - m[i], m[i]);
        float square = kernel_simd_multiply_add(o.turn2, gradient * gradient - v[i], v[i]);
        float kept = kernel_simd_multiply_add(-o.decay * decay[i], p[i], p[i]);
        m[i] = mean;
        v[i] = square;
        p[i] = kept - o.rate1 * mean / (sqrtf(square * o.unbias2) + o.epsilon);
    }
}

extern const struct element_kernels KERNEL_TABLE(element_simd);
const struct element_kernels KERNEL_TABLE(element_simd) = {
    .fill = fill,
    .scale = scale,
    .axpy = axpy,
    .convert = convert,
    .subtract = subtract,
    .sum = sum,
    .sum_squares = sum_squares,
    .tanh_forward = tanh_forward,
    .tanh_backward = tanh_backward,
    .adamw = adamw,
};
