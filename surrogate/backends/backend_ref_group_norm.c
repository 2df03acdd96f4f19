/* SPDX-License-Identifier: Apache-2.0
 *
 * Group norm (Wu and He 2018) and tanh of x (samples, rows, channels). In each sample and group,
 * with h = (x - mean) / s, s = sqrt(var + eps) and z = scale h + shift, y = tanh(z), g = scale dz:
 *   dz = dy (1 - y^2);  d_scale = sum dz h and d_shift = sum dz over samples and rows;
 *   dx = (g - mean(g) - h mean(g h)) / s. */
#include "backend_ref.h"

#include "array.h"

#include <math.h>
#include <stdlib.h>

#define EPSILON 1e-5

struct ref_group_norm {
    struct norm_plan base;
    struct backend *backend;
    struct norm_shape shape;
    int64_t rows, width;    /* rows of a sample, channels of a group */
    double *along, *across; /* (channels): sums of dz h and dz */
};

/* One sample's group: its values are x[at + row * channels + i], row < rows, i < width. */
struct group {
    int64_t at;    /* of its first value */
    int64_t first; /* its first channel */
    double mean, inverse;
};

static struct ref_group_norm *group_norm_of(struct norm_plan *plan)
{
    return (struct ref_group_norm *)plan;
}

static struct group find_group(const struct ref_group_norm *norm, const float *x, int64_t index)
{
    int64_t channels = norm->shape.channels;
    int64_t sample = index / norm->shape.groups, place = index % norm->shape.groups;
    struct group group = {.first = place * norm->width};
    group.at = sample * norm->rows * channels + group.first;
    double count = (double)(norm->rows * norm->width), sum = 0, squares = 0;
    for (int64_t row = 0; row < norm->rows; row++)
        for (int64_t i = 0; i < norm->width; i++)
            sum += x[group.at + row * channels + i];
    group.mean = sum / count;
    for (int64_t row = 0; row < norm->rows; row++)
        for (int64_t i = 0; i < norm->width; i++) {
            double departure = x[group.at + row * channels + i] - group.mean;
            squares += departure * departure;
        }
    group.inverse = 1.0 / sqrt(squares / count + EPSILON);
    return group;
}

static enum status forward_batch(struct norm_plan *plan, struct buffer *dst,
                                 const struct buffer *src, const struct buffer *scale,
                                 const struct buffer *shift, struct buffer *running_mean,
                                 struct buffer *running_variance)
{
    const struct ref_group_norm *norm = group_norm_of(plan);
    const struct norm_shape *shape = &norm->shape;
    const float *scales = scale->data, *shifts = shift->data;
    float *x, *y;
    TRY(backend_ref_widen(&y, norm->backend, 0, dst));
    TRY(backend_ref_widen(&x, norm->backend, 1, src));
    (void)running_mean;
    (void)running_variance;
    for (int64_t k = 0; k < shape->samples * shape->groups; k++) {
        struct group group = find_group(norm, x, k);
        for (int64_t row = 0; row < norm->rows; row++)
            for (int64_t i = 0; i < norm->width; i++) {
                int64_t at = group.at + row * shape->channels + i;
                double h = (x[at] - group.mean) * group.inverse;
                double z = scales[group.first + i] * h + shifts[group.first + i];
                y[at] = (float)(shape->activation == NORM_TANH ? tanh(z) : z);
            }
    }
    backend_ref_narrow(dst, y);
    return OK;
}

/* dz and h of one value. */
struct value {
    double dz, h;
};

static struct value value_at(const struct ref_group_norm *norm, const struct group *group,
                             const float *dy, const float *y, const float *x, int64_t at)
{
    double through = norm->shape.activation == NORM_TANH ? 1.0 - (double)y[at] * y[at] : 1.0;
    return (struct value){dy[at] * through, (x[at] - group->mean) * group->inverse};
}

/* dx of a group, and its part of the channels' sums. */
static void backward_group(const struct ref_group_norm *norm, float *dx, const float *dy,
                           const float *y, const float *x, const float *scales, int64_t index)
{
    struct group group = find_group(norm, x, index);
    double count = (double)(norm->rows * norm->width), plain = 0, weighted = 0;
    int64_t channels = norm->shape.channels;
    for (int64_t i = 0; i < norm->width; i++)
        for (int64_t row = 0; row < norm->rows; row++) {
            struct value value = value_at(norm, &group, dy, y, x, group.at + row * channels + i);
            double scale = scales[group.first + i];
            norm->across[group.first + i] += value.dz;
            norm->along[group.first + i] += value.dz * value.h;
            plain += scale * value.dz;
            weighted += scale * value.dz * value.h;
        }
    for (int64_t i = 0; i < norm->width; i++)
        for (int64_t row = 0; row < norm->rows; row++) {
            int64_t at = group.at + row * channels + i;
            struct value value = value_at(norm, &group, dy, y, x, at);
            double g = scales[group.first + i] * value.dz;
            dx[at] = (float)(group.inverse * (g - (plain + value.h * weighted) / count));
        }
}

static enum status backward(struct norm_plan *plan, struct buffer *d_src, struct buffer *d_scale,
                            struct buffer *d_shift, const struct buffer *d_dst,
                            const struct buffer *dst, const struct buffer *src,
                            const struct buffer *scale)
{
    const struct ref_group_norm *norm = group_norm_of(plan);
    const struct norm_shape *shape = &norm->shape;
    float *dx, *dy, *y, *x, *d_scales = d_scale->data, *d_shifts = d_shift->data;
    TRY(backend_ref_widen(&dx, norm->backend, 0, d_src));
    TRY(backend_ref_widen(&dy, norm->backend, 1, d_dst));
    TRY(backend_ref_widen(&y, norm->backend, 2, dst));
    TRY(backend_ref_widen(&x, norm->backend, 3, src));
    for (int64_t c = 0; c < shape->channels; c++)
        norm->along[c] = norm->across[c] = 0;
    for (int64_t k = 0; k < shape->samples * shape->groups; k++)
        backward_group(norm, dx, dy, y, x, scale->data, k);
    backend_ref_narrow(d_src, dx);
    for (int64_t c = 0; c < shape->channels; c++) {
        d_scales[c] = (float)norm->along[c];
        d_shifts[c] = (float)norm->across[c];
    }
    return OK;
}

static const char *implementation(const struct norm_plan *plan, int64_t index)
{
    (void)plan;
    return index == 0 ? "ref:group_norm" : NULL;
}

static void destroy(struct norm_plan *plan)
{
    struct ref_group_norm *norm = group_norm_of(plan);
    array_free(norm->along);
    array_free(norm->across);
    free(norm);
}

static const struct norm_plan_ops group_norm_ops = {
    .forward_batch = forward_batch,
    .forward_running = backend_norm_without_running,
    .backward = backward,
    .implementation = implementation,
    .destroy = destroy,
};

enum status backend_ref_group_norm_create(struct norm_plan **out, struct backend *backend,
                                          const struct norm_shape *shape)
{
    enum status status = OK;
    struct ref_group_norm *norm = calloc(1, sizeof *norm);
    if (norm == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a norm");
    norm->base.ops = &group_norm_ops;
    norm->backend = backend;
    norm->shape = *shape;
    norm->rows = shape->rows / shape->samples;
    norm->width = shape->channels / shape->groups;
    TRY_GOTO(ARRAY_NEW(norm->along, shape->channels), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->across, shape->channels), cleanup);
    *out = &norm->base;
    norm = NULL;
cleanup:
    if (norm != NULL)
        destroy(&norm->base);
    return status;
}
