/* SPDX-License-Identifier: Apache-2.0 */
#include "backend_meter_private.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

/* `call` of the inner backend, noted under `work`. */
#define NOTED(work, call)                                                                          \
    struct meter *meter = backend_meter_of(backend);                                               \
    struct backend *inner = meter->inner;                                                          \
    double began = stop_clock();                                                                   \
    return backend_meter_note(meter, 0, work, began, inner->ops->call)

/* ---- memory ---- */

static enum status meter_alloc(struct backend *backend, struct buffer *out, int64_t count)
{
    NOTED(METER_TRANSFER, alloc(inner, out, count));
}

static enum status meter_alloc_in(struct backend *backend, struct buffer *out,
                                  enum precision precision, int64_t count)
{
    NOTED(METER_TRANSFER, alloc_in(inner, out, precision, count));
}

static void meter_release(struct backend *backend, struct buffer *buffer)
{
    struct backend *inner = backend_meter_of(backend)->inner;
    inner->ops->release(inner, buffer);
}

static enum status meter_upload(struct backend *backend, struct buffer *to, const float *from,
                                int64_t count)
{
    NOTED(METER_TRANSFER, upload(inner, to, from, count));
}

static enum status meter_download(struct backend *backend, float *to, const struct buffer *from,
                                  int64_t count)
{
    NOTED(METER_TRANSFER, download(inner, to, from, count));
}

static enum status meter_sync(struct backend *backend)
{
    NOTED(METER_TRANSFER, sync(inner));
}

/* ---- whole buffers ---- */

static enum status meter_fill(struct backend *backend, struct buffer *dst, float value,
                              int64_t count)
{
    NOTED(METER_LOSS, fill(inner, dst, value, count));
}

static enum status meter_copy(struct backend *backend, struct buffer *dst, const struct buffer *src,
                              int64_t count)
{
    NOTED(METER_TRANSFER, copy(inner, dst, src, count));
}

static enum status meter_scale(struct backend *backend, struct buffer *x, float factor,
                               int64_t count)
{
    NOTED(METER_LOSS, scale(inner, x, factor, count));
}

static enum status meter_axpy(struct backend *backend, struct buffer *y, float factor,
                              const struct buffer *x, int64_t count)
{
    NOTED(METER_CONCAT, axpy(inner, y, factor, x, count));
}

static enum status meter_subtract(struct backend *backend, struct buffer *dst,
                                  const struct buffer *a, const struct buffer *b, int64_t count)
{
    NOTED(METER_LOSS, subtract(inner, dst, a, b, count));
}

static enum status meter_sum(struct backend *backend, double *out, const struct buffer *x,
                             int64_t count)
{
    NOTED(METER_LOSS, sum(inner, out, x, count));
}

static enum status meter_sum_squares(struct backend *backend, double *out, const struct buffer *x,
                                     int64_t count)
{
    NOTED(METER_OPTIMIZER, sum_squares(inner, out, x, count));
}

static enum status meter_tanh_forward(struct backend *backend, struct buffer *dst,
                                      const struct buffer *src, int64_t count)
{
    NOTED(METER_TANH, tanh_forward(inner, dst, src, count));
}

static enum status meter_tanh_backward(struct backend *backend, struct buffer *d_src,
                                       const struct buffer *d_dst, const struct buffer *dst,
                                       int64_t count)
{
    NOTED(METER_TANH, tanh_backward(inner, d_src, d_dst, dst, count));
}

static enum status meter_bias_add(struct backend *backend, struct buffer *x,
                                  const struct buffer *bias, int64_t rows, int64_t channels)
{
    NOTED(METER_TANH, bias_add(inner, x, bias, rows, channels));
}

static enum status meter_bias_gradient(struct backend *backend, struct buffer *d_bias,
                                       const struct buffer *d_x, int64_t rows, int64_t channels)
{
    NOTED(METER_TANH, bias_gradient(inner, d_bias, d_x, rows, channels));
}

static enum status meter_concat(struct backend *backend, struct buffer *dst, const struct buffer *a,
                                const struct buffer *b, int64_t rows, int64_t a_channels,
                                int64_t b_channels)
{
    NOTED(METER_CONCAT, concat(inner, dst, a, b, rows, a_channels, b_channels));
}

static enum status meter_split(struct backend *backend, struct buffer *a, struct buffer *b,
                               const struct buffer *src, int64_t rows, int64_t a_channels,
                               int64_t b_channels)
{
    NOTED(METER_CONCAT, split(inner, a, b, src, rows, a_channels, b_channels));
}

/* ---- for losses and the optimiser ---- */

static enum status meter_difference(struct backend *backend, struct buffer *dst,
                                    const struct buffer *src, const int64_t dims[5],
                                    enum difference_axis axis)
{
    NOTED(METER_LOSS, difference(inner, dst, src, dims, axis));
}

static enum status meter_difference_adjoint(struct backend *backend, struct buffer *dst,
                                            const struct buffer *src, const int64_t dims[5],
                                            enum difference_axis axis)
{
    NOTED(METER_LOSS, difference_adjoint(inner, dst, src, dims, axis));
}

static enum status meter_mask_difference(struct backend *backend, struct buffer *dst,
                                         const struct buffer *mask, const int64_t dims[5],
                                         enum difference_axis axis)
{
    NOTED(METER_LOSS, mask_difference(inner, dst, mask, dims, axis));
}

static enum status meter_masked_sum_squares(struct backend *backend, double *out,
                                            const struct buffer *x, const struct buffer *mask,
                                            const int64_t dims[5])
{
    NOTED(METER_LOSS, masked_sum_squares(inner, out, x, mask, dims));
}

static enum status meter_masked_scale(struct backend *backend, struct buffer *dst, float factor,
                                      const struct buffer *x, const struct buffer *mask,
                                      const int64_t dims[5])
{
    NOTED(METER_LOSS, masked_scale(inner, dst, factor, x, mask, dims));
}

/* ---- halo and rollouts ---- */

static enum status meter_halo(struct backend *backend, struct buffer *dst, const struct buffer *src,
                              const struct halo_shape *shape)
{
    NOTED(METER_CONCAT, halo(inner, dst, src, shape));
}

static enum status meter_halo_adjoint(struct backend *backend, struct buffer *dst,
                                      const struct buffer *src, const struct halo_shape *shape)
{
    NOTED(METER_CONCAT, halo_adjoint(inner, dst, src, shape));
}

static enum status meter_window_add(struct backend *backend, struct buffer *output,
                                    const struct buffer *input, const struct window_shape *shape)
{
    NOTED(METER_CONCAT, window_add(inner, output, input, shape));
}

static enum status meter_window_add_adjoint(struct backend *backend, struct buffer *d_input,
                                            const struct buffer *d_output,
                                            const struct window_shape *shape)
{
    NOTED(METER_CONCAT, window_add_adjoint(inner, d_input, d_output, shape));
}

static enum status meter_window_next(struct backend *backend, struct buffer *next,
                                     const struct buffer *input, const struct buffer *output,
                                     const struct buffer *fluid, const struct window_shape *shape)
{
    NOTED(METER_CONCAT, window_next(inner, next, input, output, fluid, shape));
}

static enum status meter_window_next_adjoint(struct backend *backend, struct buffer *d_input,
                                             struct buffer *d_output, const struct buffer *d_next,
                                             const struct buffer *fluid,
                                             const struct window_shape *shape)
{
    NOTED(METER_CONCAT, window_next_adjoint(inner, d_input, d_output, d_next, fluid, shape));
}

static enum status meter_adamw(struct backend *backend, struct buffer *parameters, struct buffer *m,
                               struct buffer *v, const struct buffer *gradients,
                               const struct buffer *decay, const struct adamw_options *options,
                               int64_t count)
{
    NOTED(METER_OPTIMIZER, adamw(inner, parameters, m, v, gradients, decay, options, count));
}

enum status backend_meter_add_layer(struct meter *meter)
{
    struct meter_layer *grown =
        array_grow(meter->layers, &meter->capacity, meter->count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    meter->layers = grown;
    memset(&grown[meter->count++], 0, sizeof *grown);
    return OK;
}

/* ---- the meter ---- */

static enum status meter_open(struct backend **out, int threads)
{
    (void)out;
    return FAIL(ERR_INTERNAL, "a meter is opened on another backend, not with %d threads", threads);
}

static void meter_close(struct backend *backend)
{
    struct meter *meter = backend_meter_of(backend);
    free(meter->layers);
    free(meter);
}

static void meter_describe(struct backend_facts *out)
{
    (void)out; /* what it measures describes itself */
}

static enum backend_bf16 meter_bf16(const struct backend *backend)
{
    const struct backend *inner = ((const struct meter *)backend)->inner;
    return inner->ops->bf16(inner);
}

static const struct backend_ops meter_ops = {
    .name = "meter",
    .open = meter_open,
    .close = meter_close,
    .alloc = meter_alloc,
    .alloc_in = meter_alloc_in,
    .release = meter_release,
    .upload = meter_upload,
    .download = meter_download,
    .sync = meter_sync,
    .fill = meter_fill,
    .copy = meter_copy,
    .scale = meter_scale,
    .axpy = meter_axpy,
    .subtract = meter_subtract,
    .sum = meter_sum,
    .sum_squares = meter_sum_squares,
    .tanh_forward = meter_tanh_forward,
    .tanh_backward = meter_tanh_backward,
    .bias_add = meter_bias_add,
    .bias_gradient = meter_bias_gradient,
    .concat = meter_concat,
    .split = meter_split,
    .difference = meter_difference,
    .difference_adjoint = meter_difference_adjoint,
    .mask_difference = meter_mask_difference,
    .masked_sum_squares = meter_masked_sum_squares,
    .masked_scale = meter_masked_scale,
    .halo = meter_halo,
    .halo_adjoint = meter_halo_adjoint,
    .window_add = meter_window_add,
    .window_add_adjoint = meter_window_add_adjoint,
    .window_next = meter_window_next,
    .window_next_adjoint = meter_window_next_adjoint,
    .adamw = meter_adamw,
    .conv3d_create = backend_meter_plans_conv,
    .deconv3d_create = backend_meter_plans_deconv,
    .norm_create = backend_meter_plans_norm,
    .describe = meter_describe,
    .bf16 = meter_bf16,
};

enum status backend_meter_open(struct backend **out, struct backend *inner)
{
    enum status status = OK;
    struct meter *meter = calloc(1, sizeof *meter);
    TRY_GOTO(meter != NULL ? OK : FAIL(ERR_MEMORY, "out of memory"), cleanup);
    meter->base = (struct backend){&meter_ops, inner->threads, inner->precision};
    meter->inner = inner;
    TRY_GOTO(backend_meter_add_layer(meter), cleanup);
    *out = &meter->base;
    meter = NULL;
cleanup:
    if (meter != NULL)
        meter_close(&meter->base);
    return status;
}

void backend_meter_reset(struct backend *meter)
{
    struct meter *self = backend_meter_of(meter);
    memset(self->layers, 0, self->count * sizeof *self->layers);
}

const char *backend_meter_word(enum meter_work work)
{
    static const char *const words[METER_WORKS] = {"convolution forward",
                                                   "convolution backward, data",
                                                   "convolution backward, weights",
                                                   "packing of weights",
                                                   "norm+tanh forward",
                                                   "norm+tanh backward",
                                                   "tanh and bias alone",
                                                   "concat",
                                                   "loss",
                                                   "optimiser",
                                                   "transfer"};
    return words[work];
}

int64_t backend_meter_layers(const struct backend *meter)
{
    return (int64_t)((const struct meter *)meter)->count - 1;
}

static double total(const struct meter *meter, int64_t layer, enum meter_work work, int operations)
{
    double sum = 0;
    for (size_t i = 0; i < meter->count; i++)
        if (layer < 0 || i == (size_t)layer + 1)
            sum += operations ? meter->layers[i].operations[work] : meter->layers[i].seconds[work];
    return sum;
}

double backend_meter_seconds(const struct backend *meter, int64_t layer, enum meter_work work)
{
    return total((const struct meter *)meter, layer, work, 0);
}

double backend_meter_operations(const struct backend *meter, int64_t layer, enum meter_work work)
{
    return total((const struct meter *)meter, layer, work, 1);
}
