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

void element_axpy(void *y, float factor, const void *x, enum precision precision, int64_t count,
                  int threads)
{
    (void)threads; // without OpenMP
    const struct element_kernels *kernels = kernel_set_choose()->element;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < part_count(count); k++) {
        struct part part = part_at(count, k);
        kernels->axpy(precision_at(y, part.at, precision), factor,
                      precision_from(x, part.at, precision), precision, part.length);
    }
}

void element_convert(void *y, enum precision to, const void *x, enum precision from, int64_t count,
                     int threads)
{
    (void)threads; // without OpenMP
    const struct element_kernels *kernels = kernel_set_choose()->element;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < part_count(count); k++) {
        struct part part = part_at(count, k);
        kernels->convert(precision_at(y, part.at, to), to, precision_from(x, part.at, from), from,
                         part.length);
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

void element_tanh_forward(void *y, const void *x, enum precision precision, int64_t count,
                          int threads)
{
    (void)threads; // without OpenMP
    const struct element_kernels *kernels = kernel_set_choose()->element;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < part_count(count); k++) {
        struct part part = part_at(count, k);
        kernels->tanh_forward(precision_at(y, part.at, precision),
                              precision_from(x, part.at, precision), precision, part.length);
    }
}

void element_tanh_backward(void *dx, enum precision to, const void *dy, const void *y,
                           enum precision from, int64_t count, int threads)
{
    (void)threads; // without OpenMP
    const struct element_kernels *kernels = kernel_set_choose()->element;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < part_count(count); k++) {
        struct part part = part_at(count, k);
        kernels->tanh_backward(precision_at(dx, part.at, to), to, precision_from(dy, part.at, from),
                               precision_from(y, part.at, from), from, part.length);
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

/* Bytes of the rows that lie side by side. */
struct halves {
    size_t a, b, both;
};

static struct halves halves_of(enum precision precision, int64_t a_channels, int64_t b_channels)
{
    size_t each = precision_bytes(precision);
    size_t a = (size_t)a_channels * each, b = (size_t)b_channels * each;
    return (struct halves){a, b, a + b};
}

void element_concat(void *dst, const void *a, const void *b, enum precision precision, int64_t rows,
                    int64_t a_channels, int64_t b_channels, int threads)
{
    (void)threads; // without OpenMP
    const struct halves bytes = halves_of(precision, a_channels, b_channels);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t row = 0; row < rows; row++) {
        char *to = (char *)dst + (size_t)row * bytes.both;
        memcpy(to, (const char *)a + (size_t)row * bytes.a, bytes.a);
        memcpy(to + bytes.a, (const char *)b + (size_t)row * bytes.b, bytes.b);
    }
}

void element_split(void *a, void *b, const void *src, enum precision precision, int64_t rows,
                   int64_t a_channels, int64_t b_channels, int threads)
{
    (void)threads; // without OpenMP
    const struct halves bytes = halves_of(precision, a_channels, b_channels);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t row = 0; row < rows; row++) {
        const char *from = (const char *)src + (size_t)row * bytes.both;
        memcpy((char *)a + (size_t)row * bytes.a, from, bytes.a);
        memcpy((char *)b + (size_t)row * bytes.b, from + bytes.a, bytes.b);
    }
}
