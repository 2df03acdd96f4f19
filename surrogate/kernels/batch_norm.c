/* SPDX-License-Identifier: Apache-2.0
 *
 * With s = sqrt(var + eps), h = (x - mean) / s, y = act(scale h + shift), dz = dy act':
 *   forward:  y = act(a (x - mean) + shift),  a = scale / s;
 *   backward: dx = a (dz - mean(dz) - h mean(dz h)) = a dz + b + c (x - mean),
 *   sum(dz h) = (sum(dz x) - mean sum(dz)) / s,  b = -a mean(dz),  c = -a mean(dz h) / s.
 * So both directions are one sweep of sums and one of multiply-adds with numbers per channel. */
#include "batch_norm.h"

#include "array.h"
#include "kernel_set.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EPSILON 1e-5
#define MOMENTUM 0.1

enum { TILE_LEAST = 128, PARTS = 64 };

struct batch_norm {
    int64_t rows, channels, count;
    int64_t tile; /* channels times a whole number: the kernels' inner loop */
    enum kernel_activation activation;
    int threads;
    const struct norm_kernels *kernels;
    struct norm_coefficients tiled;
    double *first, *second; /* (PARTS, tile): partial sums */
    double *mean, *inverse; /* (channels): of the last forward; inverse = 1 / s */
    double *sum, *product;  /* (channels): gathered from first and second */
};

enum status batch_norm_create(struct batch_norm **out, int64_t rows, int64_t channels,
                              enum batch_norm_activation activation, int threads)
{
    enum status status = OK;
    struct batch_norm *norm = calloc(1, sizeof *norm);
    if (norm == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a norm");
    norm->rows = rows;
    norm->channels = channels;
    norm->count = rows * channels;
    norm->tile = (TILE_LEAST + channels - 1) / channels * channels;
    norm->activation = activation == BATCH_NORM_TANH ? KERNEL_TANH : KERNEL_LINEAR;
    norm->threads = threads;
    norm->kernels = kernel_set_choose()->norm;
    TRY_GOTO(ARRAY_NEW(norm->tiled.mean, norm->tile), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->tiled.a, norm->tile), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->tiled.b, norm->tile), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->tiled.c, norm->tile), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->first, PARTS * norm->tile), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->second, PARTS * norm->tile), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->mean, channels), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->inverse, channels), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->sum, channels), cleanup);
    TRY_GOTO(ARRAY_NEW(norm->product, channels), cleanup);
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
    array_free(norm->tiled.mean);
    array_free(norm->tiled.a);
    array_free(norm->tiled.b);
    array_free(norm->tiled.c);
    array_free(norm->first);
    array_free(norm->second);
    array_free(norm->mean);
    array_free(norm->inverse);
    array_free(norm->sum);
    array_free(norm->product);
    free(norm);
}

/* Part k is [at, at + length) floats, whole tiles but at the end of the array. */
struct part {
    int64_t at, length;
};

static struct part part_at(const struct batch_norm *norm, int64_t k)
{
    int64_t tiles = (norm->count + norm->tile - 1) / norm->tile;
    int64_t begin = tiles * k / PARTS * norm->tile, end = tiles * (k + 1) / PARTS * norm->tile;
    if (end > norm->count)
        end = norm->count;
    return (struct part){begin, end - begin};
}

static void clear_part(struct batch_norm *norm, int64_t k)
{
    size_t bytes = (size_t)norm->tile * sizeof *norm->first;
    memset(norm->first + k * norm->tile, 0, bytes);
    memset(norm->second + k * norm->tile, 0, bytes);
}

/* sum and product per channel: over parts, then over the channel's places in the tile. */
static void gather(struct batch_norm *norm)
{
    for (int64_t c = 0; c < norm->channels; c++) {
        double sum = 0, product = 0;
        for (int64_t i = c; i < PARTS * norm->tile; i += norm->channels) {
            sum += norm->first[i];
            product += norm->second[i];
        }
        norm->sum[c] = sum;
        norm->product[c] = product;
    }
}

/* The coefficients of channel c, at each of its places in the tile. */
static void set_coefficients(struct batch_norm *norm, int64_t channel, double mean, double a,
                             double b, double c)
{
    for (int64_t i = channel; i < norm->tile; i += norm->channels) {
        norm->tiled.mean[i] = (float)mean;
        norm->tiled.a[i] = (float)a;
        norm->tiled.b[i] = (float)b;
        norm->tiled.c[i] = (float)c;
    }
}

static void apply(struct batch_norm *norm, float *y, const float *x)
{
#pragma omp parallel for num_threads(norm->threads) schedule(static)
    for (int64_t k = 0; k < PARTS; k++) {
        struct part part = part_at(norm, k);
        norm->kernels->apply(y + part.at, x + part.at, &norm->tiled, part.length, norm->tile,
                             norm->activation);
    }
}

static void take_statistics(struct batch_norm *norm, const float *x)
{
#pragma omp parallel for num_threads(norm->threads) schedule(static)
    for (int64_t k = 0; k < PARTS; k++) {
        struct part part = part_at(norm, k);
        clear_part(norm, k);
        norm->kernels->sums(norm->first + k * norm->tile, norm->second + k * norm->tile,
                            x + part.at, part.length, norm->tile);
    }
    gather(norm);
}

void batch_norm_forward(struct batch_norm *norm, float *y, const float *x, const float *scale,
                        const float *shift, float *running_mean, float *running_variance)
{
    double rows = (double)norm->rows, unbias = norm->rows > 1 ? rows / (rows - 1) : 1.0;
    take_statistics(norm, x);
    for (int64_t c = 0; c < norm->channels; c++) {
        double mean = norm->sum[c] / rows;
        double variance = fmax(norm->product[c] / rows - mean * mean, 0.0);
        norm->mean[c] = mean;
        norm->inverse[c] = 1.0 / sqrt(variance + EPSILON);
        set_coefficients(norm, c, mean, scale[c] * norm->inverse[c], shift[c], 0);
        if (running_mean == NULL)
            continue;
        running_mean[c] = (float)((1 - MOMENTUM) * running_mean[c] + MOMENTUM * mean);
        running_variance[c] =
            (float)((1 - MOMENTUM) * running_variance[c] + MOMENTUM * variance * unbias);
    }
    apply(norm, y, x);
}

void batch_norm_forward_running(struct batch_norm *norm, float *y, const float *x,
                                const float *scale, const float *shift, const float *running_mean,
                                const float *running_variance)
{
    for (int64_t c = 0; c < norm->channels; c++) {
        double a = scale[c] / sqrt(running_variance[c] + EPSILON);
        set_coefficients(norm, c, running_mean[c], a, shift[c], 0);
    }
    apply(norm, y, x);
}

void batch_norm_backward(struct batch_norm *norm, float *dx, float *d_scale, float *d_shift,
                         const float *dy, const float *y, const float *x, const float *scale)
{
    double rows = (double)norm->rows;
#pragma omp parallel for num_threads(norm->threads) schedule(static)
    for (int64_t k = 0; k < PARTS; k++) {
        struct part part = part_at(norm, k);
        clear_part(norm, k);
        norm->kernels->backward_sums(norm->first + k * norm->tile, norm->second + k * norm->tile,
                                     dy + part.at, y + part.at, x + part.at, part.length,
                                     norm->tile, norm->activation);
    }
    gather(norm);
    for (int64_t c = 0; c < norm->channels; c++) {
        double along = (norm->product[c] - norm->mean[c] * norm->sum[c]) * norm->inverse[c];
        double a = scale[c] * norm->inverse[c];
        d_scale[c] = (float)along;
        d_shift[c] = (float)norm->sum[c];
        set_coefficients(norm, c, norm->mean[c], a, -a * norm->sum[c] / rows,
                         -a * along / rows * norm->inverse[c]);
    }
#pragma omp parallel for num_threads(norm->threads) schedule(static)
    for (int64_t k = 0; k < PARTS; k++) {
        struct part part = part_at(norm, k);
        norm->kernels->backward_apply(dx + part.at, dy + part.at, y + part.at, x + part.at,
                                      &norm->tiled, part.length, norm->tile, norm->activation);
    }
}
