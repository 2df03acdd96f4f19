/* SPDX-License-Identifier: Apache-2.0
 *
 * What a canvas finds around it, and what one call hands to the next. */
#include "backend_ref.h"

#include <string.h>

/* The index that place `at` of -1 ... count shows; -1: none, it is 0. */
static int64_t halo_source(int64_t at, int64_t count, const enum halo_rule rules[2])
{
    if (at >= 0 && at < count)
        return at;
    int64_t edge = at < 0 ? 0 : count - 1, inward = at < 0 ? 1 : -1;
    switch (rules[at < 0 ? 0 : 1]) {
    case HALO_REPLICATE:
        return edge;
    case HALO_REFLECT:
        return count > 1 ? edge + inward : edge;
    case HALO_PERIODIC:
        return count - 1 - edge;
    case HALO_ZERO:
        break;
    }
    return -1;
}

/* The cell of (x, y) that a cell of (x + 2, y + 2) shows; -1: none. */
static int64_t halo_cell(const struct halo_shape *shape, int64_t cell)
{
    int64_t nx = shape->dims[2], ny = shape->dims[3];
    int64_t x = halo_source(cell / (ny + 2) - 1, nx, shape->rules);
    int64_t y = halo_source(cell % (ny + 2) - 1, ny, shape->rules + 2);
    return x < 0 || y < 0 ? -1 : x * ny + y;
}

enum status backend_ref_rollout_halo(struct backend *backend, struct buffer *dst,
                                     const struct buffer *src, const struct halo_shape *shape)
{
    float *whole, *to, *from;
    const int64_t *d = shape->dims;
    int64_t cells = d[2] * d[3], wide = (d[2] + 2) * (d[3] + 2);
    TRY(backend_ref_widen(&whole, backend, 0, dst));
    TRY(backend_ref_widen(&from, backend, 1, src));
    to = whole;
    for (int64_t slab = 0; slab < d[0] * d[1]; slab++)
        for (int64_t cell = 0; cell < wide; cell++) {
            int64_t source = halo_cell(shape, cell);
            for (int64_t c = 0; c < d[4]; c++)
                *to++ = source < 0 ? 0.0f : from[(slab * cells + source) * d[4] + c];
        }
    backend_ref_narrow(dst, whole);
    return OK;
}

enum status backend_ref_rollout_halo_adjoint(struct backend *backend, struct buffer *dst,
                                             const struct buffer *src,
                                             const struct halo_shape *shape)
{
    float *to, *from;
    const int64_t *d = shape->dims;
    int64_t cells = d[2] * d[3], wide = (d[2] + 2) * (d[3] + 2);
    TRY(backend_ref_widen(&to, backend, 0, dst));
    TRY(backend_ref_widen(&from, backend, 1, src));
    memset(to, 0, (size_t)(d[0] * d[1] * cells * d[4]) * sizeof *to);
    for (int64_t slab = 0; slab < d[0] * d[1]; slab++)
        for (int64_t cell = 0; cell < wide; cell++) {
            int64_t source = halo_cell(shape, cell);
            for (int64_t c = 0; source >= 0 && c < d[4]; c++)
                to[(slab * cells + source) * d[4] + c] += from[(slab * wide + cell) * d[4] + c];
        }
    backend_ref_narrow(dst, to);
    return OK;
}

/* Where a cell of a frame lies in an input and in an output. */
static int64_t input_at(const struct window_shape *shape, int64_t sample, int64_t t, int64_t cell)
{
    return ((sample * shape->in + t) * shape->cells + cell) * shape->channels;
}

static int64_t output_at(const struct window_shape *shape, int64_t sample, int64_t t, int64_t cell)
{
    return ((sample * shape->out + t) * shape->cells + cell) * shape->fields;
}

enum status backend_ref_rollout_window_add(struct backend *backend, struct buffer *output,
                                           const struct buffer *input,
                                           const struct window_shape *shape)
{
    (void)backend;
    float *y = output->data;
    const float *x = input->data;
    for (int64_t n = 0; n < shape->samples; n++)
        for (int64_t t = 0; t < shape->out; t++)
            for (int64_t cell = 0; cell < shape->cells; cell++)
                for (int64_t c = 0; c < shape->fields; c++)
                    y[output_at(shape, n, t, cell) + c] +=
                        x[input_at(shape, n, shape->in - 1, cell) + c];
    return OK;
}

enum status backend_ref_rollout_window_add_adjoint(struct backend *backend, struct buffer *d_input,
                                                   const struct buffer *d_output,
                                                   const struct window_shape *shape)
{
    (void)backend;
    float *dx = d_input->data;
    const float *dy = d_output->data;
    for (int64_t n = 0; n < shape->samples; n++)
        for (int64_t t = 0; t < shape->out; t++)
            for (int64_t cell = 0; cell < shape->cells; cell++)
                for (int64_t c = 0; c < shape->fields; c++)
                    dx[input_at(shape, n, shape->in - 1, cell) + c] +=
                        dy[output_at(shape, n, t, cell) + c];
    return OK;
}

/* Frame t of the next input is frame t + out of input and output together. Channel c of a cell in
 * it comes from the output, or from a frame of the input: the last one where it is no field or no
 * fluid. */
static int from_output(const struct window_shape *shape, const float *fluid, int64_t n, int64_t t,
                       int64_t cell, int64_t c)
{
    return t + shape->out >= shape->in && c < shape->fields &&
           fluid[n * shape->cells + cell] != 0.0f;
}

static int64_t kept_frame(const struct window_shape *shape, int64_t t)
{
    return t + shape->out < shape->in ? t + shape->out : shape->in - 1;
}

enum status backend_ref_rollout_window_next(struct backend *backend, struct buffer *next,
                                            const struct buffer *input, const struct buffer *output,
                                            const struct buffer *fluid,
                                            const struct window_shape *shape)
{
    (void)backend;
    float *to = next->data;
    const float *x = input->data, *y = output->data;
    for (int64_t n = 0; n < shape->samples; n++)
        for (int64_t t = 0; t < shape->in; t++)
            for (int64_t cell = 0; cell < shape->cells; cell++)
                for (int64_t c = 0; c < shape->channels; c++)
                    *to++ = from_output(shape, fluid->data, n, t, cell, c)
                                ? y[output_at(shape, n, t + shape->out - shape->in, cell) + c]
                                : x[input_at(shape, n, kept_frame(shape, t), cell) + c];
    return OK;
}

enum status backend_ref_rollout_window_next_adjoint(struct backend *backend, struct buffer *d_input,
                                                    struct buffer *d_output,
                                                    const struct buffer *d_next,
                                                    const struct buffer *fluid,
                                                    const struct window_shape *shape)
{
    (void)backend;
    float *dx = d_input->data, *dy = d_output->data;
    const float *from = d_next->data;
    for (int64_t n = 0; n < shape->samples; n++)
        for (int64_t t = 0; t < shape->in; t++)
            for (int64_t cell = 0; cell < shape->cells; cell++)
                for (int64_t c = 0; c < shape->channels; c++, from++)
                    if (from_output(shape, fluid->data, n, t, cell, c))
                        dy[output_at(shape, n, t + shape->out - shape->in, cell) + c] += *from;
                    else
                        dx[input_at(shape, n, kept_frame(shape, t), cell) + c] += *from;
    return OK;
}
