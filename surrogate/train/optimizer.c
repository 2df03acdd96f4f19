/* SPDX-License-Identifier: Apache-2.0 */
#include "optimizer.h"

#include "array.h"

#include <math.h>
#include <stdlib.h>

struct optimizer {
    struct optimizer_options options;
    struct network *network;
    struct backend *backend;
    int64_t count;                       /* parameters */
    struct buffer first, second, decays; /* [count] */
};

static enum status check_options(const struct optimizer_options *options)
{
    if (!(options->beta1 >= 0.0 && options->beta1 < 1.0))
        return FAIL(ERR_CONFIG, "beta1 is %g; it must be within 0 and 1", options->beta1);
    if (!(options->beta2 >= 0.0 && options->beta2 < 1.0))
        return FAIL(ERR_CONFIG, "beta2 is %g; it must be within 0 and 1", options->beta2);
    if (!(options->epsilon > 0.0) || !isfinite(options->epsilon))
        return FAIL(ERR_CONFIG, "epsilon is %g; it must be positive", options->epsilon);
    if (!(options->decay >= 0.0) || !isfinite(options->decay))
        return FAIL(ERR_CONFIG, "the weight decay is %g; it cannot be negative", options->decay);
    if (!(options->clip >= 0.0) || !isfinite(options->clip))
        return FAIL(ERR_CONFIG, "the clipping norm is %g; it cannot be negative (0: no clipping)",
                    options->clip);
    return OK;
}

/* 1 for every parameter that decays. */
static enum status upload_decays(struct optimizer *self)
{
    enum status status = OK;
    float *decays = NULL;
    TRY_GOTO(ARRAY_NEW(decays, self->count), cleanup);
    for (int64_t i = 0; i < network_tensor_count(self->network); i++) {
        const struct network_tensor *tensor = network_tensor_at(self->network, i);
        if (tensor->statistic || !tensor->decays)
            continue;
        for (int64_t j = 0; j < tensor->count; j++)
            decays[tensor->offset + j] = 1.0F;
    }
    TRY_GOTO(self->backend->ops->upload(self->backend, &self->decays, decays, self->count),
             cleanup);
cleanup:
    array_free(decays);
    return status;
}

enum status optimizer_create(struct optimizer **out, struct network *network,
                             struct backend *backend, const struct optimizer_options *options)
{
    enum status status = OK;
    TRY(check_options(options));
    struct optimizer *self = calloc(1, sizeof *self);
    if (self == NULL)
        return FAIL(ERR_MEMORY, "no memory for an optimizer");
    self->options = *options;
    self->network = network;
    self->backend = backend;
    self->count = network_parameter_count(network);
    TRY_GOTO(backend->ops->alloc(backend, &self->first, self->count), cleanup);
    TRY_GOTO(backend->ops->alloc(backend, &self->second, self->count), cleanup);
    TRY_GOTO(backend->ops->alloc(backend, &self->decays, self->count), cleanup);
    TRY_GOTO(upload_decays(self), cleanup);
    *out = self;
    self = NULL;
cleanup:
    optimizer_destroy(self);
    return status;
}

void optimizer_destroy(struct optimizer *optimizer)
{
    if (optimizer == NULL)
        return;
    optimizer->backend->ops->release(optimizer->backend, &optimizer->first);
    optimizer->backend->ops->release(optimizer->backend, &optimizer->second);
    optimizer->backend->ops->release(optimizer->backend, &optimizer->decays);
    free(optimizer);
}

enum status optimizer_update(struct optimizer *optimizer, double *norm, double rate, int64_t step)
{
    struct backend *backend = optimizer->backend;
    const struct optimizer_options *options = &optimizer->options;
    struct buffer *gradients = network_gradients(optimizer->network);
    double squares;
    TRY(backend->ops->sum_squares(backend, &squares, gradients, optimizer->count));
    *norm = sqrt(squares);
    if (!isfinite(*norm))
        return FAIL(ERR_NUMERIC, "the gradient is not finite at step %lld", (long long)step);
    struct adamw_options adamw = {
        .rate = rate,
        .beta1 = options->beta1,
        .beta2 = options->beta2,
        .epsilon = options->epsilon,
        .decay_rate = options->decay,
        .gradient_scale =
            options->clip > 0.0 && *norm > options->clip ? options->clip / *norm : 1.0,
        .step = step,
    };
    TRY(backend->ops->adamw(backend, network_parameters(optimizer->network), &optimizer->first,
                            &optimizer->second, gradients, &optimizer->decays, &adamw,
                            optimizer->count));
    return network_refresh(optimizer->network);
}

enum status optimizer_download(const struct optimizer *optimizer, float *first, float *second)
{
    struct backend *backend = optimizer->backend;
    TRY(backend->ops->download(backend, first, &optimizer->first, optimizer->count));
    return backend->ops->download(backend, second, &optimizer->second, optimizer->count);
}

enum status optimizer_upload(struct optimizer *optimizer, const float *first, const float *second)
{
    struct backend *backend = optimizer->backend;
    TRY(backend->ops->upload(backend, &optimizer->first, first, optimizer->count));
    return backend->ops->upload(backend, &optimizer->second, second, optimizer->count);
}
