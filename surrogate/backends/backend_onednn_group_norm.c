/* SPDX-License-Identifier: Apache-2.0
 *
 * Group norm plans by our own kernels, as in backend_onednn_norm.c. */
#include "backend_onednn.h"

#include "group_norm.h"

#include <stdlib.h>

struct onednn_group_norm {
    struct norm_plan base;
    struct group_norm *norm;
};

static struct group_norm *norm_of(struct norm_plan *plan)
{
    return ((struct onednn_group_norm *)plan)->norm;
}

static enum status forward_batch(struct norm_plan *plan, struct buffer *dst,
                                 const struct buffer *src, const struct buffer *scale,
                                 const struct buffer *shift, struct buffer *running_mean,
                                 struct buffer *running_variance)
{
    (void)running_mean;
    (void)running_variance;
    group_norm_forward(norm_of(plan), dst->data, src->data, scale->data, shift->data);
    return OK;
}

static enum status backward(struct norm_plan *plan, struct buffer *d_src, struct buffer *d_scale,
                            struct buffer *d_shift, const struct buffer *d_dst,
                            const struct buffer *dst, const struct buffer *src,
                            const struct buffer *scale)
{
    group_norm_backward(norm_of(plan), d_src->data, d_scale->data, d_shift->data, d_dst->data,
                        dst->data, src->data, scale->data);
    return OK;
}

static const char *implementation(const struct norm_plan *plan, int64_t index)
{
    (void)plan;
    return index == 0 ? "group_norm" : NULL;
}

static void destroy(struct norm_plan *plan)
{
    group_norm_destroy(norm_of(plan));
    free(plan);
}

static const struct norm_plan_ops group_norm_ops = {
    .forward_batch = forward_batch,
    .forward_running = backend_norm_without_running,
    .backward = backward,
    .implementation = implementation,
    .destroy = destroy,
};

enum status backend_onednn_group_norm_create(struct norm_plan **out, struct backend *backend,
                                             const struct norm_shape *shape)
{
    enum status status = OK;
    const struct group_norm_shape kernel = {
        .samples = shape->samples,
        .rows = shape->rows / shape->samples,
        .channels = shape->channels,
        .groups = shape->groups,
        .precision = shape->precision,
        .activation = shape->activation == NORM_TANH ? GROUP_NORM_TANH : GROUP_NORM_LINEAR,
    };
    struct onednn_group_norm *plan = calloc(1, sizeof *plan);
    if (plan == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a norm");
    plan->base.ops = &group_norm_ops;
    TRY_GOTO(group_norm_create(&plan->norm, &kernel, backend->threads), cleanup);
    *out = &plan->base;
    plan = NULL;
cleanup:
    free(plan);
    return status;
}
