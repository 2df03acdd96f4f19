/* SPDX-License-Identifier: Apache-2.0 */
#include "backend_meter_private.h"
#include "conv_operations.h"

#include <stdlib.h>

struct meter_conv {
    struct conv_plan base;
    struct conv_plan *inner;
    struct meter *meter;
    size_t layer;
    double operations; /* of a pass */
};

struct meter_norm {
    struct norm_plan base;
    struct norm_plan *inner;
    struct meter *meter;
    size_t layer;
};

/* ---- convolutions ---- */

/* `call` of the inner plan, noted under `work`, with a pass's operations. */
#define NOTED_CONV(work, call)                                                                     \
    const struct meter_conv *conv = (const struct meter_conv *)plan;                               \
    struct conv_plan *inner = conv->inner;                                                         \
    conv->meter->layers[conv->layer].operations[work] += conv->operations;                         \
    double began = stop_clock();                                                                   \
    return backend_meter_note(conv->meter, conv->layer, work, began, inner->ops->call)

static enum status conv_refresh(struct conv_plan *plan, const struct buffer *weights)
{
    const struct meter_conv *conv = (const struct meter_conv *)plan;
    double began = stop_clock();
    return backend_meter_note(conv->meter, conv->layer, METER_PACKING, began,
                              conv->inner->ops->refresh(conv->inner, weights));
}

static enum status conv_forward(struct conv_plan *plan, struct buffer *dst,
                                const struct buffer *src, const struct buffer *bias)
{
    NOTED_CONV(METER_CONV_FORWARD, forward(inner, dst, src, bias));
}

static enum status conv_backward_data(struct conv_plan *plan, struct buffer *d_src,
                                      const struct buffer *d_dst)
{
    NOTED_CONV(METER_CONV_BACKWARD_DATA, backward_data(inner, d_src, d_dst));
}

static enum status conv_backward_weights(struct conv_plan *plan, struct buffer *d_weights,
                                         struct buffer *d_bias, const struct buffer *src,
                                         const struct buffer *d_dst)
{
    NOTED_CONV(METER_CONV_BACKWARD_WEIGHTS, backward_weights(inner, d_weights, d_bias, src, d_dst));
}

static const char *conv_implementation(const struct conv_plan *plan, int64_t index)
{
    const struct conv_plan *inner = ((const struct meter_conv *)plan)->inner;
    return inner->ops->implementation(inner, index);
}

static void conv_destroy(struct conv_plan *plan)
{
    struct meter_conv *conv = (struct meter_conv *)plan;
    backend_conv_destroy(conv->inner);
    free(conv);
}

static const struct conv_plan_ops conv_ops = {
    .refresh = conv_refresh,
    .forward = conv_forward,
    .backward_data = conv_backward_data,
    .backward_weights = conv_backward_weights,
    .implementation = conv_implementation,
    .destroy = conv_destroy,
};

static enum status create_conv(struct conv_plan **out, struct backend *backend,
                               const struct conv_shape *shape, enum conv_direction direction)
{
    enum status status = OK;
    struct meter *meter = backend_meter_of(backend);
    const struct backend_ops *ops = meter->inner->ops;
    struct meter_conv *conv = calloc(1, sizeof *conv);
    TRY_GOTO(conv != NULL ? OK : FAIL(ERR_MEMORY, "out of memory"), cleanup);
    conv->base.ops = &conv_ops;
    conv->meter = meter;
    conv->layer = meter->count;
    conv->operations = conv_operations_on_data(shape, direction);
    if (direction == CONV_TRANSPOSED)
        TRY_GOTO(ops->deconv3d_create(&conv->inner, meter->inner, shape), cleanup);
    else
        TRY_GOTO(ops->conv3d_create(&conv->inner, meter->inner, shape), cleanup);
    TRY_GOTO(backend_meter_add_layer(meter), cleanup);
    *out = &conv->base;
    conv = NULL;
cleanup:
    if (conv != NULL)
        conv_destroy(&conv->base);
    return status;
}

enum status backend_meter_plans_conv(struct conv_plan **out, struct backend *backend,
                                     const struct conv_shape *shape)
{
    return create_conv(out, backend, shape, CONV_STRAIGHT);
}

enum status backend_meter_plans_deconv(struct conv_plan **out, struct backend *backend,
                                       const struct conv_shape *shape)
{
    return create_conv(out, backend, shape, CONV_TRANSPOSED);
}

/* ---- norms ---- */

#define NOTED_NORM(work, call)                                                                     \
    const struct meter_norm *norm = (const struct meter_norm *)plan;                               \
    struct norm_plan *inner = norm->inner;                                                         \
    double began = stop_clock();                                                                   \
    return backend_meter_note(norm->meter, norm->layer, work, began, inner->ops->call)

static enum status norm_forward_batch(struct norm_plan *plan, struct buffer *dst,
                                      const struct buffer *src, const struct buffer *scale,
                                      const struct buffer *shift, struct buffer *running_mean,
                                      struct buffer *running_variance)
{
    NOTED_NORM(METER_NORM_FORWARD,
               forward_batch(inner, dst, src, scale, shift, running_mean, running_variance));
}

static enum status norm_forward_running(struct norm_plan *plan, struct buffer *dst,
                                        const struct buffer *src, const struct buffer *scale,
                                        const struct buffer *shift,
                                        const struct buffer *running_mean,
                                        const struct buffer *running_variance)
{
    NOTED_NORM(METER_NORM_FORWARD,
               forward_running(inner, dst, src, scale, shift, running_mean, running_variance));
}

static enum status norm_backward(struct norm_plan *plan, struct buffer *d_src,
                                 struct buffer *d_scale, struct buffer *d_shift,
                                 const struct buffer *d_dst, const struct buffer *dst,
                                 const struct buffer *src, const struct buffer *scale)
{
    NOTED_NORM(METER_NORM_BACKWARD,
               backward(inner, d_src, d_scale, d_shift, d_dst, dst, src, scale));
}

static void norm_share(struct norm_plan *plan, struct shared_sums *sums)
{
    struct norm_plan *inner = ((struct meter_norm *)plan)->inner;
    inner->ops->share(inner, sums);
}

static const char *norm_implementation(const struct norm_plan *plan, int64_t index)
{
    const struct norm_plan *inner = ((const struct meter_norm *)plan)->inner;
    return inner->ops->implementation(inner, index);
}

static void norm_destroy(struct norm_plan *plan)
{
    struct meter_norm *norm = (struct meter_norm *)plan;
    backend_norm_destroy(norm->inner);
    free(norm);
}

static const struct norm_plan_ops norm_ops = {
    .forward_batch = norm_forward_batch,
    .forward_running = norm_forward_running,
    .backward = norm_backward,
    .share = norm_share,
    .implementation = norm_implementation,
    .destroy = norm_destroy,
};

enum status backend_meter_plans_norm(struct norm_plan **out, struct backend *backend,
                                     const struct norm_shape *shape)
{
    enum status status = OK;
    struct meter *meter = backend_meter_of(backend);
    struct meter_norm *norm = calloc(1, sizeof *norm);
    TRY_GOTO(norm != NULL ? OK : FAIL(ERR_MEMORY, "out of memory"), cleanup);
    norm->base.ops = &norm_ops;
    norm->meter = meter;
    norm->layer = meter->count - 1;
    TRY_GOTO(meter->inner->ops->norm_create(&norm->inner, meter->inner, shape), cleanup);
    *out = &norm->base;
    norm = NULL;
cleanup:
    free(norm);
    return status;
}
