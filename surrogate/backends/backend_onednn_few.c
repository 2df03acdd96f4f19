/* SPDX-License-Identifier: Apache-2.0
 *
 * Convolutions to few output channels: forward and the gradient of the weights by our own kernels
 * (conv_few.h), several times as fast as oneDNN's there; the gradient of the data by oneDNN, for
 * which it is a convolution from few to many. */
#include "backend_onednn.h"
#include "conv_few.h"
#include "field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 32, OWN = 2 };

struct few_conv {
    struct conv_plan base;
    struct conv_plan *inner; /* for backward_data; NULL when it is not needed */
    struct conv_few *few;
    int64_t rows, channels; /* of the output */
    enum plan_need need;
    int threads;
    char name[NAME_SIZE];
};

static struct few_conv *few_conv_of(struct conv_plan *plan)
{
    return (struct few_conv *)plan;
}

static struct conv_few_shape few_shape(const struct conv_shape *shape)
{
    struct conv_few_shape few = {.batch = shape->batch,
                                 .in_channels = shape->in_channels,
                                 .out_channels = shape->out_channels};
    memcpy(few.in, shape->in, sizeof few.in);
    memcpy(few.kernel, shape->kernel, sizeof few.kernel);
    memcpy(few.padding, shape->padding, sizeof few.padding);
    return few;
}

int backend_onednn_few_fits(const struct conv_shape *shape)
{
    const struct conv_few_shape few = few_shape(shape);
    return shape->stride[0] == 1 && shape->stride[1] == 1 && shape->stride[2] == 1 &&
           conv_few_fits(&few);
}

static enum status refresh(struct conv_plan *plan, const struct buffer *weights)
{
    struct few_conv *conv = few_conv_of(plan);
    conv_few_pack(conv->few, weights->data);
    return conv->inner == NULL ? OK : conv->inner->ops->refresh(conv->inner, weights);
}

static enum status forward(struct conv_plan *plan, struct buffer *dst, const struct buffer *src,
                           const struct buffer *bias)
{
    conv_few_forward(few_conv_of(plan)->few, dst->data, src->data,
                     bias != NULL ? bias->data : NULL);
    return OK;
}

static enum status backward_data(struct conv_plan *plan, struct buffer *d_src,
                                 const struct buffer *d_dst)
{
    struct conv_plan *inner = few_conv_of(plan)->inner;
    return inner->ops->backward_data(inner, d_src, d_dst);
}

static enum status backward_weights(struct conv_plan *plan, struct buffer *d_weights,
                                    struct buffer *d_bias, const struct buffer *src,
                                    const struct buffer *d_dst)
{
    struct few_conv *conv = few_conv_of(plan);
    conv_few_backward_weights(conv->few, d_weights->data, src->data, d_dst->data);
    if (d_bias != NULL)
        field_bias_gradient(d_bias->data, d_dst->data, PRECISION_F32, conv->rows, conv->channels);
    return OK;
}

/* Ours, then what does backward_data. */
static const char *implementation(const struct conv_plan *plan, int64_t index)
{
    const struct few_conv *conv = (const struct few_conv *)plan;
    if (index < OWN)
        return index < (conv->need == PLAN_FORWARD ? 1 : OWN) ? conv->name : NULL;
    return conv->inner == NULL ? NULL : conv->inner->ops->implementation(conv->inner, index - OWN);
}

static void destroy(struct conv_plan *plan)
{
    struct few_conv *conv = few_conv_of(plan);
    backend_conv_destroy(conv->inner);
    conv_few_destroy(conv->few);
    free(conv);
}

static const struct conv_plan_ops few_ops = {
    .refresh = refresh,
    .forward = forward,
    .backward_data = backward_data,
    .backward_weights = backward_weights,
    .implementation = implementation,
    .destroy = destroy,
};

enum status backend_onednn_few_create(struct conv_plan **out, struct backend *backend,
                                      const struct conv_shape *shape)
{
    enum status status = OK;
    const struct conv_few_shape few = few_shape(shape);
    struct few_conv *conv = calloc(1, sizeof *conv);
    TRY_GOTO(conv != NULL ? OK : FAIL(ERR_MEMORY, "out of memory"), cleanup);
    conv->base.ops = &few_ops;
    conv->need = shape->need;
    conv->channels = shape->out_channels;
    conv->rows = shape->batch * backend_conv_extent(shape, 0) * backend_conv_extent(shape, 1) *
                 backend_conv_extent(shape, 2);
    TRY_GOTO(conv_few_create(&conv->few, &few, backend->threads), cleanup);
    snprintf(conv->name, sizeof conv->name, "conv_few:%s", conv_few_name(conv->few));
    if (shape->need == PLAN_ALL_GRADIENTS)
        TRY_GOTO(backend_onednn_conv_create_backward_data(&conv->inner, backend, shape), cleanup);
    *out = &conv->base;
    conv = NULL;
cleanup:
    if (conv != NULL)
        destroy(&conv->base);
    return status;
}
