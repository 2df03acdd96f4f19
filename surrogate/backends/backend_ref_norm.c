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
    struct norm_shape shape;
    double *mean, *inverse; /* (channels): of the last forward; inverse = 1 / s */
    int constant;           /* 1: they were running statistics */
};

static struct ref_norm *ref_norm_of(struct norm_plan *plan)
{
    return (struct ref_norm *)plan;
}

static void channel_statistics(double *mean, double *variance, const float *x, int64_t rows,
                               int64_t channels, int64_t c)
{
    double sum = 0, squares = 0;
    for (int64_t row = 0; row < rows; row++)
        sum += x[row * channels + c];
    *mean = sum / (double)rows;
    for (int64_t row = 0; row < rows; row++) {
        double departure = x[row * channels + c] - *mean;
        squares += departure * departure;
    }
    *variance = squares / (double)rows;
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
    double unbias = shape->rows > 1 ? (double)shape->rows / (double)(shape->rows - 1) : 1.0;
    norm->constant = 0;
    for (int64_t c = 0; c < shape->channels; c++) {
        double mean, variance;
        channel_statistics(&mean, &variance, src->data, shape->rows, shape->channels, c);
        norm->mean[c] = mean;
        norm->inverse[c] = 1.0 / sqrt(variance + EPSILON);
        double a = scales[c] * norm->inverse[c];
        channel_apply(shape, dst->data, src->data, a, shifts[c] - a * mean, c);
        if (running_mean != NULL) {
            float *means = running_mean->data, *variances = running_variance->data;
            means[c] = (float)((1 - MOMENTUM) * means[c] + MOMENTUM * mean);
            variances[c] = (float)((1 - MOMENTUM) * variances[c] + MOMENTUM * variance * unbias);
        }
    }
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
    norm->constant = 1;
    for (int64_t c = 0; c < shape->channels; c++) {
        double a = scales[c] / sqrt(variances[c] + EPSILON);
        norm->mean[c] = means[c];
        norm->inverse[c] = 1.0 / sqrt(variances[c] + EPSILON);
        channel_apply(shape, dst->data, src->data, a, shifts[c] - a * means[c], c);
    }
    return OK;
}

/* What the activation lets through of d_dst. */
static double before_activation(const struct norm_shape *shape, float d_dst, float dst)
{
    return shape->activation == NORM_TANH ? d_dst * (1.0 - (double)dst * dst) : d_dst;
}

static enum status backward(struct norm_plan *plan, struct buffer *d_src, struct buffer *d_scale,
                            struct buffer *d_shift, const struct buffer *d_dst,
                            const struct buffer *dst, const struct buffer *src,
                            const struct buffer *scale)
{
    struct ref_norm *norm = ref_norm_of(plan);
    const struct norm_shape *shape = &norm->shape;
    float *dx = d_src->data, *d_scales = d_scale->data, *d_shifts = d_shift->data;
    const float *dy = d_dst->data, *y = dst->data, *x = src->data, *scales = scale->data;
    for (int64_t c = 0; c < shape->channels; c++) {
        double sum = 0, product = 0;
        for (int64_t i = c; i < shape->rows * shape->channels; i += shape->channels) {
            double dz = before_activation(shape, dy[i], y[i]);
            sum += dz;
            product += dz * (x[i] - norm->mean[c]) * norm->inverse[c];
        }
        d_shifts[c] = (float)sum;
        d_scales[c] = (float)product;
        double a = scales[c] * norm->inverse[c];
        for (int64_t i = c; i < shape->rows * shape->channels; i += shape->channels) {
            double dz = before_activation(shape, dy[i], y[i]);
            double h = (x[i] - norm->mean[c]) * norm->inverse[c];
            double mean = norm->constant ? 0.0 : (sum + h * product) / (double)shape->rows;
            dx[i] = (float)(a * (dz - mean));
        }
    }
    return OK;
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
    free(norm);
}

static const struct norm_plan_ops norm_ops = {
    .forward_batch = forward_batch,
    .forward_running = forward_running,
    .backward = backward,
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
    norm->shape = *shape;
    TRY_GOTO(ARRAY_NEW(norm->mean, shape->channels), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->inverse, shape->channels), cleanup);
    *out = &norm->base;
    norm = NULL;
cleanup:
    if (norm != NULL)
        destroy(&norm->base);
    return status;
}
