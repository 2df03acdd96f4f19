/* SPDX-License-Identifier: Apache-2.0
 *
 * In each sample and group of m values, with s = sqrt(var + eps), h = (x - mean) / s,
 * y = act(scale h + shift), dz = dy act':
 *   forward:  y = act(a (x - mean) + shift),  a = scale / s;
 *   backward: dx = (scale dz - A - h B) / s = a dz + b + c (x - mean),
 *   A = 1/m sum(scale dz),  B = 1/m sum(scale dz h),  b = -A / s,  c = -B / s^2,
 *   sum(dz h) = (sum(dz x) - mean sum(dz)) / s in each channel. */
#include "group_norm.h"

#include "array.h"
#include "norm_sweep.h"

#include <math.h>
#include <stdlib.h>

#define EPSILON 1e-5

struct group_norm {
    struct norm_sweep sweep; /* a slab for each sample */
    int64_t groups, width;   /* channels of a group */
    double values;           /* of a sample's group: m */
    double *mean, *inverse;  /* (samples, groups): of the last forward; inverse = 1 / s */
    double *along, *across;  /* (channels): sums over samples, of dz h and dz */
};

enum status group_norm_create(struct group_norm **out, const struct group_norm_shape *shape,
                              int threads)
{
    enum status status = OK;
    struct group_norm *norm = calloc(1, sizeof *norm);
    if (norm == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a norm");
    norm->sweep.slabs = shape->samples;
    norm->sweep.rows = shape->rows;
    norm->sweep.channels = shape->channels;
    norm->sweep.activation = shape->activation == GROUP_NORM_TANH ? KERNEL_TANH : KERNEL_LINEAR;
    norm->sweep.precision = shape->precision;
    norm->sweep.threads = threads;
    norm->groups = shape->groups;
    norm->width = shape->channels / shape->groups;
    norm->values = (double)(shape->rows * norm->width);
    TRY_GOTO(norm_sweep_init(&norm->sweep), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->mean, shape->samples * shape->groups), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->inverse, shape->samples * shape->groups), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->along, shape->channels), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->across, shape->channels), cleanup);
    *out = norm;
    norm = NULL;
cleanup:
    group_norm_destroy(norm);
    return status;
}

void group_norm_destroy(struct group_norm *norm)
{
    if (norm == NULL)
        return;
    norm_sweep_fini(&norm->sweep);
    array_free(norm->mean);
    array_free(norm->inverse);
    array_free(norm->along);
    array_free(norm->across);
    free(norm);
}

/* `group` counts through all samples. */
static void forward_group(struct group_norm *norm, int64_t group, const float *scale,
                          const float *shift)
{
    struct norm_sweep *sweep = &norm->sweep;
    int64_t slab = group / norm->groups, first = group % norm->groups * norm->width;
    const double *sums = sweep->sum + slab * sweep->channels;
    const double *squares = sweep->product + slab * sweep->channels;
    double sum = 0, square = 0;
    for (int64_t c = first; c < first + norm->width; c++) {
        sum += sums[c];
        square += squares[c];
    }
    double mean = sum / norm->values;
    double inverse = 1.0 / sqrt(fmax(square / norm->values - mean * mean, 0.0) + EPSILON);
    norm->mean[group] = mean;
    norm->inverse[group] = inverse;
    for (int64_t c = first; c < first + norm->width; c++) {
        const struct norm_numbers numbers = {mean, scale[c] * inverse, shift[c], 0};
        norm_sweep_set(sweep, slab, c, &numbers);
    }
}

void group_norm_forward(struct group_norm *norm, void *y, const void *x, const float *scale,
                        const float *shift)
{
    norm_sweep_sums(&norm->sweep, x);
    for (int64_t group = 0; group < norm->sweep.slabs * norm->groups; group++)
        forward_group(norm, group, scale, shift);
    norm_sweep_apply(&norm->sweep, y, x);
}

static void backward_group(struct group_norm *norm, int64_t group, const float *scale)
{
    struct norm_sweep *sweep = &norm->sweep;
    int64_t slab = group / norm->groups, first = group % norm->groups * norm->width;
    const double *sums = sweep->sum + slab * sweep->channels;
    const double *products = sweep->product + slab * sweep->channels;
    double mean = norm->mean[group], inverse = norm->inverse[group];
    double plain = 0, weighted = 0;
    for (int64_t c = first; c < first + norm->width; c++) {
        double along = (products[c] - mean * sums[c]) * inverse;
        norm->across[c] += sums[c];
        norm->along[c] += along;
        plain += scale[c] * sums[c];
        weighted += scale[c] * along;
    }
    double b = -inverse * plain / norm->values;
    double turn = -inverse * inverse * weighted / norm->values;
    for (int64_t c = first; c < first + norm->width; c++) {
        const struct norm_numbers numbers = {mean, scale[c] * inverse, b, turn};
        norm_sweep_set(sweep, slab, c, &numbers);
    }
}

void group_norm_backward(struct group_norm *norm, void *dx, float *d_scale, float *d_shift,
                         const float *dy, const void *y, const void *x, const float *scale)
{
    int64_t channels = norm->sweep.channels;
    norm_sweep_backward_sums(&norm->sweep, dy, y, x);
    for (int64_t c = 0; c < channels; c++)
        norm->along[c] = norm->across[c] = 0;
    for (int64_t group = 0; group < norm->sweep.slabs * norm->groups; group++)
        backward_group(norm, group, scale);
    for (int64_t c = 0; c < channels; c++) {
        d_scale[c] = (float)norm->along[c];
        d_shift[c] = (float)norm->across[c];
    }
    norm_sweep_backward_apply(&norm->sweep, dx, dy, y, x);
}
