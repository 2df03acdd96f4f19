/* SPDX-License-Identifier: Apache-2.0
 *
 * Masks and differences of fields (n, t, x, y, c) for the losses. Along the axis with stride s,
 *   d[i] = (f[i + s] - f[i - s]) / 2   inside the canvas, 0 in its two edge cells,
 * and the adjoint takes each d[i] back: f[i + s] += d[i] / 2, f[i - s] -= d[i] / 2. */
#include "backend_ref.h"

/* Extents of a sweep over all cells and components, and the distance to the neighbours. */
struct walk {
    int64_t planes, nx, ny, c; /* planes = n t */
    int64_t stride;            /* floats between neighbours */
};

static struct walk walk_of(const int64_t dims[5], enum difference_axis axis)
{
    struct walk walk = {dims[0] * dims[1], dims[2], dims[3], dims[4], 0};
    walk.stride = axis == DIFFERENCE_X ? dims[3] * dims[4] : dims[4];
    return walk;
}

static int on_edge(const struct walk *walk, enum difference_axis axis, int64_t x, int64_t y)
{
    if (axis == DIFFERENCE_X)
        return x == 0 || x == walk->nx - 1;
    return y == 0 || y == walk->ny - 1;
}

enum status backend_ref_loss_difference(struct backend *backend, struct buffer *dst,
                                        const struct buffer *src, const int64_t dims[5],
                                        enum difference_axis axis)
{
    (void)backend;
    struct walk walk = walk_of(dims, axis);
    float *d = dst->data;
    const float *s = src->data;
    int64_t i = 0;
    for (int64_t plane = 0; plane < walk.planes; plane++)
        for (int64_t x = 0; x < walk.nx; x++)
            for (int64_t y = 0; y < walk.ny; y++)
                for (int64_t c = 0; c < walk.c; c++, i++)
                    d[i] = on_edge(&walk, axis, x, y)
                               ? 0.0f
                               : 0.5f * (s[i + walk.stride] - s[i - walk.stride]);
    return OK;
}

enum status backend_ref_loss_difference_adjoint(struct backend *backend, struct buffer *dst,
                                                const struct buffer *src, const int64_t dims[5],
                                                enum difference_axis axis)
{
    (void)backend;
    struct walk walk = walk_of(dims, axis);
    float *d = dst->data;
    const float *s = src->data;
    int64_t i = 0;
    for (int64_t plane = 0; plane < walk.planes; plane++)
        for (int64_t x = 0; x < walk.nx; x++)
            for (int64_t y = 0; y < walk.ny; y++)
                for (int64_t c = 0; c < walk.c; c++, i++) {
                    if (on_edge(&walk, axis, x, y))
                        continue;
                    d[i + walk.stride] += 0.5f * s[i];
                    d[i - walk.stride] -= 0.5f * s[i];
                }
    return OK;
}

enum status backend_ref_loss_mask_difference(struct backend *backend, struct buffer *dst,
                                             const struct buffer *mask, const int64_t dims[5],
                                             enum difference_axis axis)
{
    (void)backend;
    const int64_t flat[5] = {dims[0], 1, dims[2], dims[3], 1};
    struct walk walk = walk_of(flat, axis);
    float *d = dst->data;
    const float *m = mask->data;
    int64_t i = 0;
    for (int64_t plane = 0; plane < walk.planes; plane++)
        for (int64_t x = 0; x < walk.nx; x++)
            for (int64_t y = 0; y < walk.ny; y++, i++)
                d[i] = on_edge(&walk, axis, x, y) ? 0.0f
                                                  : m[i] * m[i + walk.stride] * m[i - walk.stride];
    return OK;
}

enum status backend_ref_loss_masked_sum_squares(struct backend *backend, double *out,
                                                const struct buffer *x, const struct buffer *mask,
                                                const int64_t dims[5])
{
    (void)backend;
    int64_t cells = dims[2] * dims[3], channels = dims[4];
    const float *values = x->data, *masks = mask->data;
    double total = 0;
    for (int64_t plane = 0; plane < dims[0] * dims[1]; plane++)
        for (int64_t cell = 0; cell < cells; cell++)
            for (int64_t c = 0; c < channels; c++) {
                double value = values[(plane * cells + cell) * channels + c];
                total += masks[plane / dims[1] * cells + cell] * value * value;
            }
    *out = total;
    return OK;
}

enum status backend_ref_loss_masked_scale(struct backend *backend, struct buffer *dst, float factor,
                                          const struct buffer *x, const struct buffer *mask,
                                          const int64_t dims[5])
{
    (void)backend;
    int64_t cells = dims[2] * dims[3], channels = dims[4];
    float *d = dst->data;
    const float *values = x->data, *masks = mask->data;
    for (int64_t plane = 0; plane < dims[0] * dims[1]; plane++)
        for (int64_t cell = 0; cell < cells; cell++)
            for (int64_t c = 0; c < channels; c++) {
                int64_t i = (plane * cells + cell) * channels + c;
                d[i] = factor * masks[plane / dims[1] * cells + cell] * values[i];
            }
    return OK;
}
