/* SPDX-License-Identifier: Apache-2.0
 *
 * Batch norm (Ioffe and Szegedy 2015) and tanh of x (rows, channels). With h = (x - mean) / s,
 * s = sqrt(var + eps) and z = scale h + shift, y = tanh(z):
 *   dz = dy (1 - y^2);  d_scale = sum dz h;  d_shift = sum dz;
 *   dx = scale / s (dz - mean(dz) - h mean(dz h)), or scale / s dz by running statistics. */
#include "backend_ref.h"

#include "array.h"

#include <math.h>
#include <stdlib.h>

#define EPSILON 1e-5
#define MOMENTUM 0.1

struct ref_norm {
    struct norm_plan base;
    struct backend *backend;
    struct norm_shape shape;
    double *mean, *inverse;     /* (channels): of the last forward; inverse = 1 / s */
    int constant;               /* 1: they were running statistics */
    struct shared_sums *shared; /* NULL: the rows are all there are */
    double *sums;               /* (2, channels): sums and products over the rows of all sharers */
};

static struct ref_norm *ref_norm_of(struct norm_plan *plan)
{
    return (struct ref_norm *)plan;
}

/* The rows of all sharers. */
static double all_rows(const struct ref_norm *norm)
{
    double sharers = norm->shared != NULL ? (double)norm->shared->sharers : 1.0;
    return (double)norm->shape.rows * sharers;
}

static enum status add_shared(struct ref_norm *norm, double *values, int64_t count)
{
    return norm->shared != NULL ? norm->shared->add(norm->shared, values, count) : OK;
}

/* mean, and the variance in `sums`. */
static enum status take_statistics(struct ref_norm *norm, const float *x)
{
    int64_t channels = norm->shape.channels, count = norm->shape.rows * channels;
    double *mean = norm->mean, *variance = norm->sums;
    for (int64_t c = 0; c < channels; c++)
        mean[c] = variance[c] = 0;
    for (int64_t i = 0; i < count; i++)
        mean[i % channels] += x[i];
    TRY(add_shared(norm, mean, channels));
    for (int64_t c = 0; c < channels; c++)
        mean[c] /= all_rows(norm);
    for (int64_t i = 0; i < count; i++) {
        double departure = x[i] - mean[i % channels];
        variance[i % channels] += departure * departure;
    }
    TRY(add_shared(norm, variance, channels));
    for (int64_t c = 0; c < channels; c++)
        variance[c] /= all_rows(norm);
    return OK;
}

static void channel_apply(const struct norm_shape *shape, float *y, const float *x, double a,
                          double b, int64_t c)
{
    for (int64_t i = c; i < shape->rows * shape->channels; i += shape->channels) {
        double z = a * x[i] + b;
        y[i] = (float)(shape->activation == NORM_TANH ? tanh(z) : z);
    }
}

static enum status forward_batch(struct norm_plan *plan, struct buffer *dst,
                                 const struct buffer *src, const struct buffer *scale,
                                 const struct buffer *shift, struct buffer *running_mean,
                                 struct buffer *running_variance)
{
    struct ref_norm *norm = ref_norm_of(plan);
    const struct norm_shape *shape = &norm->shape;
    const float *scales = scale->data, *shifts = shift->data;
    double rows = all_rows(norm), unbias = rows > 1 ? rows / (rows - 1) : 1.0;
    float *x, *y;
    TRY(backend_ref_widen(&y, norm->backend, 0, dst));
    TRY(backend_ref_widen(&x, norm->backend, 1, src));
    norm->constant = 0;
    TRY(take_statistics(norm, x));
    for (int64_t c = 0; c < shape->channels; c++) {
        double mean = norm->mean[c], variance = norm->sums[c];
        norm->inverse[c] = 1.0 / sqrt(variance + EPSILON);
        double a = scales[c] * norm->inverse[c];
        channel_apply(shape, y, x, a, shifts[c] - a * mean, c);
        if (running_mean != NULL) {
            float *means = running_mean->data, *variances = running_variance->data;
            means[c] = (float)((1 - MOMENTUM) * means[c] + MOMENTUM * mean);
            variances[c] = (float)((1 - MOMENTUM) * variances[c] + MOMENTUM * variance * unbias);
        }
    }
    backend_ref_narrow(dst, y);
    return OK;
}

static enum status forward_running(struct norm_plan *plan, struct buffer *dst,
                                   const struct buffer *src, const struct buffer *scale,
                                   const struct buffer *shift, const struct buffer *running_mean,
                                   const struct buffer *running_variance)
{
    struct ref_norm *norm = ref_norm_of(plan);
    const struct norm_shape *shape = &norm->shape;
    const float *scales = scale->data, *shifts = shift->data;
    const float *means = running_mean->data, *variances = running_variance->data;
    float *x, *y;
    TRY(backend_ref_widen(&y, norm->backend, 0, dst));
    TRY(backend_ref_widen(&x, norm->backend, 1, src));
    norm->constant = 1;
    for (int64_t c = 0; c < shape->channels; c++) {
        double a = scales[c] / sqrt(variances[c] + EPSILON);
        norm->mean[c] = means[c];
        norm->inverse[c] = 1.0 / sqrt(variances[c] + EPSILON);
        channel_apply(shape, y, x, a, shifts[c] - a * means[c], c);
    }
    backend_ref_narrow(dst, y);
    return OK;
}

/* What the activation lets through of d_dst. */
static double before_activation(const struct norm_shape *shape, float d_dst, float dst)
{
    return shape->activation == NORM_TANH ? d_dst * (1.0 - (double)dst * dst) : d_dst;
}

/* sum(dz) and sum(dz h) of each channel: this process's part as the gradients of shift and scale,
 * and of all sharers in `sums`. */
static enum status take_gradients(struct ref_norm *norm, float *d_scales, float *d_shifts,
                                  const float *dy, const float *y, const float *x)
{
    const struct norm_shape *shape = &norm->shape;
    for (int64_t c = 0; c < shape->channels; c++) {
        double sum = 0, product = 0;
        for (int64_t i = c; i < shape->rows * shape->channels; i += shape->channels) {
            double dz = before_activation(shape, dy[i], y[i]);
            sum += dz;
            product += dz * (x[i] - norm->mean[c]) * norm->inverse[c];
        }
        d_shifts[c] = (float)sum;
        d_scales[c] = (float)product;
        norm->sums[c] = sum;
        norm->sums[shape->channels + c] = product;
    }
    return norm->constant ? OK : add_shared(norm, norm->sums, 2 * shape->channels);
}

static enum status backward(struct norm_plan *plan, struct buffer *d_src, struct buffer *d_scale,
                            struct buffer *d_shift, const struct buffer *d_dst,
                            const struct buffer *dst, const struct buffer *src,
                            const struct buffer *scale)
{
    struct ref_norm *norm = ref_norm_of(plan);
    const struct norm_shape *shape = &norm->shape;
    const float *scales = scale->data;
    float *dx, *dy, *y, *x;
    TRY(backend_ref_widen(&dx, norm->backend, 0, d_src));
    TRY(backend_ref_widen(&dy, norm->backend, 1, d_dst));
    TRY(backend_ref_widen(&y, norm->backend, 2, dst));
    TRY(backend_ref_widen(&x, norm->backend, 3, src));
    TRY(take_gradients(norm, d_scale->data, d_shift->data, dy, y, x));
    for (int64_t c = 0; c < shape->channels; c++) {
        double a = scales[c] * norm->inverse[c];
        double sum = norm->sums[c], product = norm->sums[shape->channels + c];
        for (int64_t i = c; i < shape->rows * shape->channels; i += shape->channels) {
            double dz = before_activation(shape, dy[i], y[i]);
            double h = (x[i] - norm->mean[c]) * norm->inverse[c];
            double mean = norm->constant ? 0.0 : (sum + h * product) / all_rows(norm);
            dx[i] = (float)(a * (dz - mean));
        }
    }
    backend_ref_narrow(d_src, dx);
    return OK;
}

static void share(struct norm_plan *plan, struct shared_sums *sums)
{
    ref_norm_of(plan)->shared = sums;
}

static const char *implementation(const struct norm_plan *plan, int64_t index)
{
    (void)plan;
    return index == 0 ? "ref:norm" : NULL;
}

static void destroy(struct norm_plan *plan)
{
    struct ref_norm *norm = ref_norm_of(plan);
    array_free(norm->mean);
    array_free(norm->inverse);
    array_free(norm->sums);
    free(norm);
}

static const struct norm_plan_ops norm_ops = {
    .forward_batch = forward_batch,
    .forward_running = forward_running,
    .backward = backward,
    .share = share,
    .implementation = implementation,
    .destroy = destroy,
};

enum status backend_ref_norm_create(struct norm_plan **out, struct backend *backend,
                                    const struct norm_shape *shape)
{
    enum status status = OK;
    if (shape->kind == NORM_GROUP)
        return backend_ref_group_norm_create(out, backend, shape);
    struct ref_norm *norm = calloc(1, sizeof *norm);
    if (norm == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a norm");
    norm->base.ops = &norm_ops;
    norm->backend = backend;
    norm->shape = *shape;
    TRY_GOTO(ARRAY_NEW(norm->mean, shape->channels), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->inverse, shape->channels), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->sums, 2 * shape->channels), cleanup);
    *out = &norm->base;
    norm = NULL;
cleanup:
    if (norm != NULL)
        destroy(&norm->base);
    return status;
}
