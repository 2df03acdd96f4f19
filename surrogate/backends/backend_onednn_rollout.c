/* SPDX-License-Identifier: Apache-2.0
 *
 * What a canvas finds around it, and what one call hands to the next: whole rows and frames at a
 * time. A thread takes whole frames (halo) or samples (window), so that sums keep their order. */
#include "backend_onednn.h"

#include <string.h>

/* The index that place `at` of -1 ... count shows; -1: none, it is 0. */
static int64_t place_shown(int64_t at, int64_t count, enum halo_rule low, enum halo_rule high)
{
    enum halo_rule rule = at < 0 ? low : high;
    if (at >= 0 && at < count)
        return at;
    if (rule == HALO_ZERO)
        return -1;
    if (rule == HALO_PERIODIC)
        return at < 0 ? count - 1 : 0;
    int64_t depth = rule == HALO_REFLECT && count > 1 ? 1 : 0;
    return at < 0 ? depth : count - 1 - depth;
}

/* A row of y with its two cells more, each of `cell` bytes. */
static void fill_row(char *to, const char *from, int64_t ny, size_t cell,
                     const enum halo_rule rules[2])
{
    memcpy(to + cell, from, (size_t)ny * cell);
    for (int64_t at = -1; at <= ny; at += ny + 1) {
        int64_t shown = place_shown(at, ny, rules[0], rules[1]);
        char *end = to + (size_t)(at + 1) * cell;
        if (shown < 0)
            memset(end, 0, cell);
        else
            memcpy(end, from + (size_t)shown * cell, cell);
    }
}

enum status backend_onednn_rollout_halo(struct backend *backend, struct buffer *dst,
                                        const struct buffer *src, const struct halo_shape *shape)
{
    (void)backend; // without OpenMP
    const int64_t *d = shape->dims;
    size_t cell = (size_t)d[4] * precision_bytes(src->precision);
    size_t row = (size_t)d[3] * cell, wide = row + 2 * cell;
#pragma omp parallel for num_threads(backend->threads) schedule(static)
    for (int64_t slab = 0; slab < d[0] * d[1]; slab++) {
        const char *from = (const char *)src->data + (size_t)(slab * d[2]) * row;
        char *to = (char *)dst->data + (size_t)(slab * (d[2] + 2)) * wide;
        for (int64_t x = -1; x <= d[2]; x++, to += wide) {
            int64_t shown = place_shown(x, d[2], shape->rules[0], shape->rules[1]);
            if (shown < 0)
                memset(to, 0, wide);
            else
                fill_row(to, from + (size_t)shown * row, d[3], cell, shape->rules + 2);
        }
    }
    return OK;
}

static void add(float *to, const float *from, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        to[i] += from[i];
}

/* Numbers [to, to + count) of d += those of s from `from` on; bf16 rounds after each sum. */
static void add_part(struct buffer *d, int64_t to, const struct buffer *s, int64_t from,
                     int64_t count)
{
    if (d->precision == PRECISION_F32) {
        add((float *)d->data + to, (const float *)s->data + from, count);
        return;
    }
    for (int64_t i = 0; i < count; i++)
        precision_put(d->data, to + i, PRECISION_BF16,
                      precision_get(d->data, to + i, PRECISION_BF16) +
                          precision_get(s->data, from + i, PRECISION_BF16));
}

static void fold_row(struct buffer *dst, int64_t to, const struct buffer *src, int64_t from,
                     int64_t ny, int64_t c, const enum halo_rule rules[2])
{
    add_part(dst, to, src, from + c, ny * c);
    for (int64_t at = -1; at <= ny; at += ny + 1) {
        int64_t shown = place_shown(at, ny, rules[0], rules[1]);
        if (shown >= 0)
            add_part(dst, to + shown * c, src, from + (at + 1) * c, c);
    }
}

enum status backend_onednn_rollout_halo_adjoint(struct backend *backend, struct buffer *dst,
                                                const struct buffer *src,
                                                const struct halo_shape *shape)
{
    (void)backend; // without OpenMP
    const int64_t *d = shape->dims;
    int64_t row = d[3] * d[4], wide = row + 2 * d[4];
    size_t frame = (size_t)(d[2] * row) * precision_bytes(dst->precision);
#pragma omp parallel for num_threads(backend->threads) schedule(static)
    for (int64_t slab = 0; slab < d[0] * d[1]; slab++) {
        int64_t from = slab * (d[2] + 2) * wide, to = slab * d[2] * row;
        memset(precision_at(dst->data, to, dst->precision), 0, frame);
        for (int64_t x = -1; x <= d[2]; x++, from += wide) {
            int64_t shown = place_shown(x, d[2], shape->rules[0], shape->rules[1]);
            if (shown >= 0)
                fold_row(dst, to + shown * row, src, from, d[3], d[4], shape->rules + 2);
        }
    }
    return OK;
}

/* ---- from call to call ---- */

static float *input_frame(const struct buffer *input, const struct window_shape *shape,
                          int64_t sample, int64_t t)
{
    int64_t frame = sample * shape->in + t;
    return (float *)input->data + frame * shape->cells * shape->channels;
}

static float *output_frame(const struct buffer *output, const struct window_shape *shape,
                           int64_t sample, int64_t t)
{
    int64_t frame = sample * shape->out + t;
    return (float *)output->data + frame * shape->cells * shape->fields;
}

enum status backend_onednn_rollout_window_add(struct backend *backend, struct buffer *output,
                                              const struct buffer *input,
                                              const struct window_shape *shape)
{
    (void)backend; // without OpenMP
#pragma omp parallel for num_threads(backend->threads) schedule(static)
    for (int64_t frame = 0; frame < shape->samples * shape->out; frame++) {
        float *y = output_frame(output, shape, 0, frame);
        const float *x = input_frame(input, shape, frame / shape->out, shape->in - 1);
        for (int64_t cell = 0; cell < shape->cells; cell++, x += shape->channels)
            for (int64_t c = 0; c < shape->fields; c++)
                *y++ += x[c];
    }
    return OK;
}

enum status backend_onednn_rollout_window_add_adjoint(struct backend *backend,
                                                      struct buffer *d_input,
                                                      const struct buffer *d_output,
                                                      const struct window_shape *shape)
{
    (void)backend; // without OpenMP
#pragma omp parallel for num_threads(backend->threads) schedule(static)
    for (int64_t n = 0; n < shape->samples; n++)
        for (int64_t t = 0; t < shape->out; t++) {
            float *dx = input_frame(d_input, shape, n, shape->in - 1);
            const float *dy = output_frame(d_output, shape, n, t);
            for (int64_t cell = 0; cell < shape->cells; cell++, dx += shape->channels)
                for (int64_t c = 0; c < shape->fields; c++)
                    dx[c] += *dy++;
        }
    return OK;
}

/* A frame of the output in the place of an input's; what it does not hold is the last input's. */
static void take_output(float *next, const float *last, const float *y, const float *fluid,
                        const struct window_shape *shape)
{
    memcpy(next, last, (size_t)(shape->cells * shape->channels) * sizeof *next);
    for (int64_t cell = 0; cell < shape->cells; cell++, next += shape->channels) {
        for (int64_t c = 0; fluid[cell] != 0.0f && c < shape->fields; c++)
            next[c] = y[c];
        y += shape->fields;
    }
}

enum status backend_onednn_rollout_window_next(struct backend *backend, struct buffer *next,
                                               const struct buffer *input,
                                               const struct buffer *output,
                                               const struct buffer *fluid,
                                               const struct window_shape *shape)
{
    (void)backend; // without OpenMP
    size_t bytes = (size_t)(shape->cells * shape->channels) * sizeof(float);
#pragma omp parallel for num_threads(backend->threads) schedule(static)
    for (int64_t frame = 0; frame < shape->samples * shape->in; frame++) {
        int64_t n = frame / shape->in, t = frame % shape->in + shape->out;
        float *to = input_frame(next, shape, 0, frame);
        if (t < shape->in)
            memcpy(to, input_frame(input, shape, n, t), bytes);
        else
            take_output(to, input_frame(input, shape, n, shape->in - 1),
                        output_frame(output, shape, n, t - shape->in),
                        (const float *)fluid->data + n * shape->cells, shape);
    }
    return OK;
}

static void give_output(float *d_last, float *dy, const float *d_next, const float *fluid,
                        const struct window_shape *shape)
{
    for (int64_t cell = 0; cell < shape->cells; cell++) {
        for (int64_t c = 0; c < shape->channels; c++) {
            int is_output = fluid[cell] != 0.0f && c < shape->fields;
            *(is_output ? &dy[c] : &d_last[c]) += d_next[c];
        }
        d_next += shape->channels;
        d_last += shape->channels;
        dy += shape->fields;
    }
}

enum status backend_onednn_rollout_window_next_adjoint(
    struct backend *backend, struct buffer *d_input, struct buffer *d_output,
    const struct buffer *d_next, const struct buffer *fluid, const struct window_shape *shape)
{
    (void)backend; // without OpenMP
#pragma omp parallel for num_threads(backend->threads) schedule(static)
    for (int64_t n = 0; n < shape->samples; n++)
        for (int64_t t = 0; t < shape->in; t++) {
            const float *from = input_frame(d_next, shape, n, t);
            int64_t at = t + shape->out;
            if (at < shape->in)
                add(input_frame(d_input, shape, n, at), from, shape->cells * shape->channels);
            else
                give_output(input_frame(d_input, shape, n, shape->in - 1),
                            output_frame(d_output, shape, n, at - shape->in), from,
                            (const float *)fluid->data + n * shape->cells, shape);
        }
    return OK;
}
