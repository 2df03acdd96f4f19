/* SPDX-License-Identifier: Apache-2.0
 *
 * With s = sqrt(var + eps), h = (x - mean) / s, y = act(scale h + shift), dz = dy act':
 *   forward:  y = act(a (x - mean) + shift),  a = scale / s;
 *   backward: dx = a (dz - mean(dz) - h mean(dz h)) = a dz + b + c (x - mean),
 *   sum(dz h) = (sum(dz x) - mean sum(dz)) / s,  b = -a mean(dz),  c = -a mean(dz h) / s.
 * So both directions are one sweep of sums and one of multiply-adds with numbers per channel. By
 * running statistics, which depend on no x, dx = a dz. */
#include "batch_norm.h"

#include "array.h"
#include "norm_sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EPSILON 1e-5
#define MOMENTUM 0.1

enum statistics { OF_BATCH, RUNNING };

struct batch_norm {
    struct norm_sweep sweep;
    enum statistics statistics; /* of the last forward */
    double *mean, *inverse;     /* (channels): likewise; inverse = 1 / s */
    struct shared_sums *shared; /* NULL: the rows are all there are */
    double *sum, *product;      /* (channels), one behind the other: the sweep's, of all sharers */
};

enum status batch_norm_create(struct batch_norm **out, int64_t rows, int64_t channels,
                              enum batch_norm_activation activation, enum precision precision,
                              int threads)
{
    enum status status = OK;
    struct batch_norm *norm = calloc(1, sizeof *norm);
    if (norm == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a norm");
    norm->sweep.slabs = 1;
    norm->sweep.rows = rows;
    norm->sweep.channels = channels;
    norm->sweep.activation = activation == BATCH_NORM_TANH ? KERNEL_TANH : KERNEL_LINEAR;
    norm->sweep.precision = precision;
    norm->sweep.threads = threads;
    TRY_GOTO(norm_sweep_init(&norm->sweep), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->mean, channels), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->inverse, channels), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->sum, 2 * channels), cleanup);
    norm->product = norm->sum + channels;
    *out = norm;
    norm = NULL;
cleanup:
    batch_norm_destroy(norm);
    return status;
}

void batch_norm_destroy(struct batch_norm *norm)
{
    if (norm == NULL)
        return;
    norm_sweep_fini(&norm->sweep);
    array_free(norm->mean);
    array_free(norm->inverse);
    array_free(norm->sum);
    free(norm);
}

void batch_norm_share(struct batch_norm *norm, struct shared_sums *sums)
{
    norm->shared = sums;
}

/* Sums over the rows of all sharers, and how many these are. */
static enum status add_up(struct batch_norm *norm, double *rows)
{
    const struct norm_sweep *sweep = &norm->sweep;
    size_t bytes = (size_t)sweep->channels * sizeof *norm->sum;
    memcpy(norm->sum, sweep->sum, bytes);
    memcpy(norm->product, sweep->product, bytes);
    *rows = (double)sweep->rows;
    if (norm->shared == NULL)
        return OK;
    *rows *= (double)norm->shared->sharers;
    return norm->shared->add(norm->shared, norm->sum, 2 * sweep->channels);
}

/* Numbers of the forward sweep from mean and variance. */
static void set_forward(struct batch_norm *norm, int64_t c, double mean, double variance,
                        float scale, float shift)
{
    norm->mean[c] = mean;
    norm->inverse[c] = 1.0 / sqrt(variance + EPSILON);
    const struct norm_numbers numbers = {mean, scale * norm->inverse[c], shift, 0};
    norm_sweep_set(&norm->sweep, 0, c, &numbers);
}

enum status batch_norm_forward(struct batch_norm *norm, void *y, const void *x, const float *scale,
                               const float *shift, float *running_mean, float *running_variance)
{
    struct norm_sweep *sweep = &norm->sweep;
    double rows;
    norm_sweep_sums(sweep, x);
    TRY(add_up(norm, &rows));
    double unbias = rows > 1 ? rows / (rows - 1) : 1.0;
    norm->statistics = OF_BATCH;
    for (int64_t c = 0; c < sweep->channels; c++) {
        double mean = norm->sum[c] / rows;
        double variance = fmax(norm->product[c] / rows - mean * mean, 0.0);
        set_forward(norm, c, mean, variance, scale[c], shift[c]);
        if (running_mean == NULL)
            continue;
        running_mean[c] = (float)((1 - MOMENTUM) * running_mean[c] + MOMENTUM * mean);
        running_variance[c] =
            (float)((1 - MOMENTUM) * running_variance[c] + MOMENTUM * variance * unbias);
    }
    norm_sweep_apply(sweep, y, x);
    return OK;
}

void batch_norm_forward_running(struct batch_norm *norm, void *y, const void *x, const float *scale,
                                const float *shift, const float *running_mean,
                                const float *running_variance)
{
    norm->statistics = RUNNING;
    for (int64_t c = 0; c < norm->sweep.channels; c++) {
        double a = scale[c] / sqrt(running_variance[c] + EPSILON);
        const struct norm_numbers numbers = {running_mean[c], a, shift[c], 0};
        norm->mean[c] = running_mean[c];
        norm->inverse[c] = 1.0 / sqrt(running_variance[c] + EPSILON);
        norm_sweep_set(&norm->sweep, 0, c, &numbers);
    }
    norm_sweep_apply(&norm->sweep, y, x);
}

/* sum(dz h) of a channel from sum(dz x) and sum(dz). */
static double along(const struct batch_norm *norm, int64_t c, double product, double sum)
{
    return (product - norm->mean[c] * sum) * norm->inverse[c];
}

enum status batch_norm_backward(struct batch_norm *norm, void *dx, float *d_scale, float *d_shift,
                                const void *dy, const void *y, const void *x, const float *scale)
{
    struct norm_sweep *sweep = &norm->sweep;
    double rows = 0;
    norm_sweep_backward_sums(sweep, dy, y, x);
    if (norm->statistics == OF_BATCH)
        TRY(add_up(norm, &rows));
    for (int64_t c = 0; c < sweep->channels; c++) {
        struct norm_numbers numbers = {norm->mean[c], scale[c] * norm->inverse[c], 0, 0};
        d_scale[c] = (float)along(norm, c, sweep->product[c], sweep->sum[c]);
        d_shift[c] = (float)sweep->sum[c];
        if (norm->statistics == OF_BATCH) {
            double all = along(norm, c, norm->product[c], norm->sum[c]);
            numbers.b = -numbers.a * norm->sum[c] / rows;
            numbers.c = -numbers.a * all / rows * norm->inverse[c];
        }
        norm_sweep_set(sweep, 0, c, &numbers);
    }
    norm_sweep_backward_apply(sweep, dx, dy, y, x);
    return OK;
}
