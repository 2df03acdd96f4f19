/* SPDX-License-Identifier: Apache-2.0
 *
 * Norm plans by our own kernels: norm and tanh in one, which oneDNN has not. */
#include "backend_onednn.h"

#include "batch_norm.h"

#include <stdlib.h>

struct onednn_norm {
    struct norm_plan base;
    struct batch_norm *norm;
};

static struct batch_norm *norm_of(struct norm_plan *plan)
{
    return ((struct onednn_norm *)plan)->norm;
}

static enum status forward_batch(struct norm_plan *plan, struct buffer *dst,
                                 const struct buffer *src, const struct buffer *scale,
                                 const struct buffer *shift, struct buffer *running_mean,
                                 struct buffer *running_variance)
{
    return batch_norm_forward(norm_of(plan), dst->data, src->data, scale->data, shift->data,
                              running_mean != NULL ? running_mean->data : NULL,
                              running_variance != NULL ? running_variance->data : NULL);
}

static enum status forward_running(struct norm_plan *plan, struct buffer *dst,
                                   const struct buffer *src, const struct buffer *scale,
                                   const struct buffer *shift, const struct buffer *running_mean,
                                   const struct buffer *running_variance)
{
    batch_norm_forward_running(norm_of(plan), dst->data, src->data, scale->data, shift->data,
                               running_mean->data, running_variance->data);
    return OK;
}

static enum status backward(struct norm_plan *plan, struct buffer *d_src, struct buffer *d_scale,
                            struct buffer *d_shift, const struct buffer *d_dst,
                            const struct buffer *dst, const struct buffer *src,
                            const struct buffer *scale)
{
    return batch_norm_backward(norm_of(plan), d_src->data, d_scale->data, d_shift->data,
                               d_dst->data, dst->data, src->data, scale->data);
}

static void share(struct norm_plan *plan, struct shared_sums *sums)
{
    batch_norm_share(norm_of(plan), sums);
}

static const char *implementation(const struct norm_plan *plan, int64_t index)
{
    (void)plan;
    return index == 0 ? "batch_norm" : NULL;
}

static void destroy(struct norm_plan *plan)
{
    batch_norm_destroy(norm_of(plan));
    free(plan);
}

static const struct norm_plan_ops norm_ops = {
    .forward_batch = forward_batch,
    .forward_running = forward_running,
    .backward = backward,
    .share = share,
    .implementation = implementation,
    .destroy = destroy,
};

enum status backend_onednn_norm_create(struct norm_plan **out, struct backend *backend,
                                       const struct norm_shape *shape)
{
    enum status status = OK;
    if (shape->kind == NORM_GROUP)
        return backend_onednn_group_norm_create(out, backend, shape);
    struct onednn_norm *plan = calloc(1, sizeof *plan);
    if (plan == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a norm");
    plan->base.ops = &norm_ops;
    TRY_GOTO(batch_norm_create(&plan->norm, shape->rows, shape->channels,
                               shape->activation == NORM_TANH ? BATCH_NORM_TANH : BATCH_NORM_LINEAR,
                               shape->precision, backend->threads),
             cleanup);
    *out = &plan->base;
    plan = NULL;
cleanup:
    free(plan);
    return status;
}
