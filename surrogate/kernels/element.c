/* SPDX-License-Identifier: Apache-2.0 */
#include "element.h"

#include "kernel_set.h"

#include <string.h>

/* An array is cut into parts of PART floats, at most PARTS_MOST of them, then longer ones. */
enum { PART = 16384, PARTS_MOST = 256, CACHE_LINE = 16 };

struct part {
    int64_t at, length;
};

static int64_t part_length(int64_t count)
{
    int64_t even = (count + PARTS_MOST - 1) / PARTS_MOST;
    int64_t length = even > PART ? even : PART;
    return (length + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

static int64_t part_count(int64_t count)
{
    return (count + part_length(count) - 1) / part_length(count);
}

static struct part part_at(int64_t count, int64_t k)
{
    int64_t length = part_length(count), at = k * length;
    return (struct part){at, count - at < length ? count - at : length};
}

void element_fill(float *y, float value, int64_t count, int threads)
{
    (void)threads; // without OpenMP
    const struct element_kernels *kernels = kernel_set_choose()->element;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < part_count(count); k++) {
        struct part part = part_at(count, k);
        kernels->fill(y + part.at, value, part.length);
    }
}

void element_scale(float *y, float factor, int64_t count, int threads)
{
    (void)threads; // without OpenMP
    const struct element_kernels *kernels = kernel_set_choose()->element;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < part_count(count); k++) {
        struct part part = part_at(count, k);
        kernels->scale(y + part.at, factor, part.length);
    }
}

void element_axpy(float *y, float factor, const float *x, int64_t count, int threads)
{
    (void)threads; // without OpenMP
    const struct element_kernels *kernels = kernel_set_choose()->element;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < part_count(count); k++) {
        struct part part = part_at(count, k);
        kernels->axpy(y + part.at, factor, x + part.at, part.length);
    }
}

void element_subtract(float *y, const float *a, const float *b, int64_t count, int threads)
{
    (void)threads; // without OpenMP
    const struct element_kernels *kernels = kernel_set_choose()->element;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < part_count(count); k++) {
        struct part part = part_at(count, k);
        kernels->subtract(y + part.at, a + part.at, b + part.at, part.length);
    }
}

typedef double (*reduce_fn)(const float *x, int64_t count);

/* Parts are reduced side by side, and their results added in order. */
static double reduce(reduce_fn kernel, const float *x, int64_t count, int threads)
{
    (void)threads; // without OpenMP
    double parts[PARTS_MOST];
    double total = 0;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < part_count(count); k++) {
        struct part part = part_at(count, k);
        parts[k] = kernel(x + part.at, part.length);
    }
    for (int64_t k = 0; k < part_count(count); k++)
        total += parts[k];
    return total;
}

double element_sum(const float *x, int64_t count, int threads)
{
    return reduce(kernel_set_choose()->element->sum, x, count, threads);
}

double element_sum_squares(const float *x, int64_t count, int threads)
{
    return reduce(kernel_set_choose()->element->sum_squares, x, count, threads);
}

void element_tanh_forward(float *y, const float *x, int64_t count, int threads)
{
    (void)threads; // without OpenMP
    const struct element_kernels *kernels = kernel_set_choose()->element;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < part_count(count); k++) {
        struct part part = part_at(count, k);
        kernels->tanh_forward(y + part.at, x + part.at, part.length);
    }
}

void element_tanh_backward(float *dx, const float *dy, const float *y, int64_t count, int threads)
{
    (void)threads; // without OpenMP
    const struct element_kernels *kernels = kernel_set_choose()->element;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < part_count(count); k++) {
        struct part part = part_at(count, k);
        kernels->tanh_backward(dx + part.at, dy + part.at, y + part.at, part.length);
    }
}

void element_adamw(float *p, float *m, float *v, const float *g, const float *decay,
                   const struct element_adamw_options *options, int64_t count, int threads)
{
    (void)threads; // without OpenMP
    const struct element_kernels *kernels = kernel_set_choose()->element;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < part_count(count); k++) {
        struct part part = part_at(count, k);
        kernels->adamw(p + part.at, m + part.at, v + part.at, g + part.at, decay + part.at, options,
                       part.length);
    }
}

void element_concat(float *dst, const float *a, const float *b, int64_t rows, int64_t a_channels,
                    int64_t b_channels, int threads)
{
    (void)threads; // without OpenMP
    int64_t width = a_channels + b_channels;
    size_t a_bytes = (size_t)a_channels * sizeof *a, b_bytes = (size_t)b_channels * sizeof *b;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t row = 0; row < rows; row++) {
        memcpy(dst + row * width, a + row * a_channels, a_bytes);
        memcpy(dst + row * width + a_channels, b + row * b_channels, b_bytes);
    }
}

void element_split(float *a, float *b, const float *src, int64_t rows, int64_t a_channels,
                   int64_t b_channels, int threads)
{
    (void)threads; // without OpenMP
    int64_t width = a_channels + b_channels;
    size_t a_bytes = (size_t)a_channels * sizeof *a, b_bytes = (size_t)b_channels * sizeof *b;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t row = 0; row < rows; row++) {
        memcpy(a + row * a_channels, src + row * width, a_bytes);
        memcpy(b + row * b_channels, src + row * width + a_channels, b_bytes);
    }
}
