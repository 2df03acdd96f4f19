/* SPDX-License-Identifier: Apache-2.0 */
#include "field.h"

#include "kernel_set.h"

#include <assert.h>
#include <string.h>

enum { EXPANDED = 1024, PARTS = 64 };

void field_difference(float *d, const float *s, const int64_t dims[5], enum field_axis axis,
                      int threads)
{
    (void)threads; // without OpenMP
    const struct field_kernels *kernels = kernel_set_choose()->field;
    int64_t rows = dims[0] * dims[1] * dims[2], nx = dims[2], c = dims[4], length = dims[3] * c;
    size_t row_bytes = (size_t)length * sizeof *d, edge_bytes = (size_t)c * sizeof *d;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t row = 0; row < rows; row++) {
        float *to = d + row * length;
        const float *from = s + row * length;
        if (axis == FIELD_X && (row % nx == 0 || row % nx == nx - 1)) {
            memset(to, 0, row_bytes);
        } else if (axis == FIELD_X) {
            kernels->difference(to, from + length, from - length, length);
        } else {
            memset(to, 0, edge_bytes);
            memset(to + length - c, 0, edge_bytes);
            kernels->difference(to + c, from + 2 * c, from, length - 2 * c);
        }
    }
}

/* Each row gathers what its neighbours, unless on the edge, took from it. */
void field_difference_adjoint(float *d, const float *s, const int64_t dims[5], enum field_axis axis,
                              int threads)
{
    (void)threads; // without OpenMP
    const struct field_kernels *kernels = kernel_set_choose()->field;
    int64_t rows = dims[0] * dims[1] * dims[2], nx = dims[2], c = dims[4], length = dims[3] * c;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t row = 0; row < rows; row++) {
        float *to = d + row * length;
        const float *from = s + row * length;
        int64_t x = row % nx;
        if (axis == FIELD_X) {
            if (x >= 2)
                kernels->add_half(to, 0.5f, from - length, length);
            if (x + 2 < nx)
                kernels->add_half(to, -0.5f, from + length, length);
        } else {
            kernels->add_half(to + 2 * c, 0.5f, from + c, length - 2 * c);
            kernels->add_half(to, -0.5f, from + c, length - 2 * c);
        }
    }
}

void field_mask_difference(float *d, const float *mask, const int64_t dims[5], enum field_axis axis)
{
    int64_t rows = dims[0] * dims[2], nx = dims[2], ny = dims[3];
    int64_t step = axis == FIELD_X ? ny : 1;
    for (int64_t row = 0; row < rows; row++) {
        float *to = d + row * ny;
        const float *m = mask + row * ny;
        int64_t x = row % nx, margin = axis == FIELD_Y;
        memset(to, 0, (size_t)ny * sizeof *to);
        if (axis == FIELD_X && (x == 0 || x == nx - 1))
            continue;
        for (int64_t y = margin; y < ny - margin; y++)
            to[y] = m[y] * m[y + step] * m[y - step];
    }
}

/* The mask of `cells` cells, repeated for each of c components. */
static void expand(float *out, const float *mask, int64_t cells, int64_t c)
{
    for (int64_t cell = 0; cell < cells; cell++)
        for (int64_t i = 0; i < c; i++)
            *out++ = mask[cell];
}

/* A stretch of cells of one sample, short enough for its expanded mask. */
struct stretch {
    int64_t cell, cells;
};

static double stretch_sum(const struct field_kernels *kernels, const float *x, const float *mask,
                          const int64_t dims[5], int64_t n, struct stretch stretch)
{
    int64_t plane = dims[2] * dims[3], c = dims[4];
    float expanded[EXPANDED];
    double total = 0;
    expand(expanded, mask + n * plane + stretch.cell, stretch.cells, c);
    for (int64_t t = 0; t < dims[1]; t++) {
        const float *at = x + ((n * dims[1] + t) * plane + stretch.cell) * c;
        total += kernels->masked_sum_squares(at, expanded, stretch.cells * c);
    }
    return total;
}

static void stretch_scale(const struct field_kernels *kernels, float *d, float factor,
                          const float *x, const float *mask, const int64_t dims[5], int64_t n,
                          struct stretch stretch)
{
    int64_t plane = dims[2] * dims[3], c = dims[4];
    float expanded[EXPANDED];
    expand(expanded, mask + n * plane + stretch.cell, stretch.cells, c);
    for (int64_t t = 0; t < dims[1]; t++) {
        int64_t at = ((n * dims[1] + t) * plane + stretch.cell) * c;
        kernels->masked_scale(d + at, factor, x + at, expanded, stretch.cells * c);
    }
}

static int64_t stretch_cells(const int64_t dims[5])
{
    assert(dims[4] <= EXPANDED);
    return EXPANDED / dims[4];
}

static int64_t stretches_a_sample(const int64_t dims[5])
{
    int64_t cells = stretch_cells(dims);
    return (dims[2] * dims[3] + cells - 1) / cells;
}

static struct stretch stretch_at(const int64_t dims[5], int64_t k)
{
    int64_t cells = stretch_cells(dims), plane = dims[2] * dims[3];
    int64_t cell = k * cells;
    return (struct stretch){cell, plane - cell < cells ? plane - cell : cells};
}

double field_masked_sum_squares(const float *x, const float *mask, const int64_t dims[5],
                                int threads)
{
    (void)threads; // without OpenMP
    const struct field_kernels *kernels = kernel_set_choose()->field;
    int64_t each = stretches_a_sample(dims), all = dims[0] * each;
    double parts[PARTS] = {0}, total = 0;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t part = 0; part < PARTS; part++)
        for (int64_t k = all * part / PARTS; k < all * (part + 1) / PARTS; k++)
            parts[part] +=
                stretch_sum(kernels, x, mask, dims, k / each, stretch_at(dims, k % each));
    for (int64_t part = 0; part < PARTS; part++)
        total += parts[part];
    return total;
}

void field_masked_scale(float *d, float factor, const float *x, const float *mask,
                        const int64_t dims[5], int threads)
{
    (void)threads; // without OpenMP
    const struct field_kernels *kernels = kernel_set_choose()->field;
    int64_t each = stretches_a_sample(dims);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < dims[0] * each; k++)
        stretch_scale(kernels, d, factor, x, mask, dims, k / each, stretch_at(dims, k % each));
}

void field_bias_add(void *x, const float *bias, enum precision precision, int64_t rows,
                    int64_t channels, int threads)
{
    (void)threads; // without OpenMP
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t row = 0; row < rows; row++)
        for (int64_t c = 0; c < channels; c++)
            precision_put(x, row * channels + c, precision,
                          precision_get(x, row * channels + c, precision) + bias[c]);
}

void field_bias_gradient(float *d_bias, const void *d_x, enum precision precision, int64_t rows,
                         int64_t channels)
{
    enum { AT_ONCE = 64 };
    for (int64_t first = 0; first < channels; first += AT_ONCE) {
        int64_t count = channels - first < AT_ONCE ? channels - first : AT_ONCE;
        double sums[AT_ONCE] = {0};
        for (int64_t row = 0; row < rows; row++)
            for (int64_t c = 0; c < count; c++)
                sums[c] += precision_get(d_x, row * channels + first + c, precision);
        for (int64_t c = 0; c < count; c++)
            d_bias[first + c] = (float)sums[c];
    }
}
