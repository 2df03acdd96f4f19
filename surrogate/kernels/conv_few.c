/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads share rows (n, t, x) of the output. Weights are packed as [t][x][y][o][i], and so are
 * their gradients: of each thread in floats over the rows of one sample, in doubles over all. */
#include "conv_few.h"

#include "array.h"
#include "kernel_set.h"

#include <stdlib.h>
#include <string.h>

enum { WIDE = KERNEL_FEW_TAPS, LANES = 16, SOURCES = 32 };

struct few_thread {
    float *sums;   /* [packed]: of one sample */
    double *total; /* [packed] */
    float *row;    /* of gradients, with what the kernel reaches beyond its ends */
};

struct conv_few {
    struct conv_few_shape shape;
    int64_t out[3];
    int64_t packed; /* floats of the weights */
    int64_t taps;   /* of the kernel in t and x */
    int threads;
    const char *name;
    const struct conv_few_kernels *kernels;
    float *weights, *zeros; /* [packed]; [in_channels] */
    struct few_thread *own; /* [threads] */
};

int conv_few_fits(const struct conv_few_shape *shape)
{
    return shape->out_channels >= 1 && shape->out_channels <= KERNEL_FEW_OUTS &&
           shape->in_channels % LANES == 0 && shape->kernel[2] == WIDE &&
           shape->padding[2] < WIDE && shape->kernel[0] * shape->kernel[1] <= SOURCES;
}

/* ---- making ---- */

static int64_t padded_row(const struct conv_few_shape *shape)
{
    return (shape->in[2] + WIDE - 1) * shape->out_channels;
}

static enum status allocate(struct conv_few *few)
{
    TRY(ARRAY_NEW(few->weights, few->packed));
    TRY(ARRAY_NEW(few->zeros, few->shape.in_channels));
    TRY(ARRAY_NEW(few->own, few->threads));
    for (int k = 0; k < few->threads; k++) {
        TRY(ARRAY_NEW(few->own[k].sums, few->packed));
        TRY(ARRAY_NEW(few->own[k].total, few->packed));
        TRY(ARRAY_NEW(few->own[k].row, padded_row(&few->shape)));
    }
    return OK;
}

enum status conv_few_create(struct conv_few **out, const struct conv_few_shape *shape, int threads)
{
    enum status status = OK;
    struct conv_few *few = calloc(1, sizeof *few);
    TRY_GOTO(few != NULL ? OK : FAIL(ERR_MEMORY, "out of memory"), cleanup);
    few->shape = *shape;
    for (int axis = 0; axis < 3; axis++)
        few->out[axis] = shape->in[axis] + 2 * shape->padding[axis] - shape->kernel[axis] + 1;
    few->taps = shape->kernel[0] * shape->kernel[1];
    few->packed = few->taps * WIDE * shape->out_channels * shape->in_channels;
    few->threads = threads;
    few->name = kernel_set_choose()->name;
    few->kernels = kernel_set_choose()->conv_few;
    TRY_GOTO(allocate(few), cleanup);
    *out = few;
    few = NULL;
cleanup:
    conv_few_destroy(few);
    return status;
}

void conv_few_destroy(struct conv_few *few)
{
    if (few == NULL)
        return;
    for (int k = 0; few->own != NULL && k < few->threads; k++) {
        array_free(few->own[k].sums);
        array_free(few->own[k].total);
        array_free(few->own[k].row);
    }
    array_free(few->own);
    array_free(few->weights);
    array_free(few->zeros);
    free(few);
}

const char *conv_few_name(const struct conv_few *few)
{
    return few->name;
}

/* ---- weights ---- */

/* Place of weight (o, i, tap in t and x, y) in the packed order. */
static int64_t place(const struct conv_few *few, int64_t o, int64_t i, int64_t tap, int64_t y)
{
    const struct conv_few_shape *shape = &few->shape;
    return ((tap * WIDE + y) * shape->out_channels + o) * shape->in_channels + i;
}

void conv_few_pack(struct conv_few *few, const float *weights)
{
    for (int64_t o = 0; o < few->shape.out_channels; o++)
        for (int64_t i = 0; i < few->shape.in_channels; i++)
            for (int64_t tap = 0; tap < few->taps; tap++)
                for (int64_t y = 0; y < WIDE; y++)
                    few->weights[place(few, o, i, tap, y)] = *weights++;
}

/* ---- rows ---- */

struct few_row {
    int64_t n, t, x; /* of the output */
};

static struct few_row row_at(const struct conv_few *few, int64_t index)
{
    return (struct few_row){index / (few->out[0] * few->out[1]), index / few->out[1] % few->out[0],
                            index % few->out[1]};
}

static int64_t row_count(const struct conv_few *few)
{
    return few->shape.batch * few->out[0] * few->out[1];
}

/* The row of `src` that tap (t, x) looks at from an output row; NULL outside. */
static const float *source_of(const struct conv_few *few, const float *src,
                              const struct few_row *row, int64_t tap)
{
    const struct conv_few_shape *shape = &few->shape;
    int64_t t = row->t + tap / shape->kernel[1] - shape->padding[0];
    int64_t x = row->x + tap % shape->kernel[1] - shape->padding[1];
    if (t < 0 || t >= shape->in[0] || x < 0 || x >= shape->in[1])
        return NULL;
    int64_t index = (row->n * shape->in[0] + t) * shape->in[1] + x;
    return src + index * shape->in[2] * shape->in_channels;
}

/* ---- forward ---- */

static void forward_row(const struct conv_few *few, float *dst, const float *src, const float *bias,
                        int64_t index)
{
    const struct few_row at = row_at(few, index);
    const float *sources[SOURCES];
    for (int64_t tap = 0; tap < few->taps; tap++)
        sources[tap] = source_of(few, src, &at, tap);
    const struct conv_few_row row = {.sources = sources,
                                     .taps = few->taps,
                                     .length = few->shape.in[2],
                                     .results = few->out[2],
                                     .padding = few->shape.padding[2],
                                     .channels = few->shape.in_channels,
                                     .packed = few->weights,
                                     .zeros = few->zeros,
                                     .bias = bias};
    int64_t outs = few->shape.out_channels;
    few->kernels->forward[outs - 1](dst + index * few->out[2] * outs, &row);
}

void conv_few_forward(const struct conv_few *few, float *dst, const float *src, const float *bias)
{
    int64_t rows = row_count(few);
#pragma omp parallel for num_threads(few->threads) schedule(static)
    for (int64_t index = 0; index < rows; index++)
        forward_row(few, dst, src, bias, index);
}

/* ---- backward ---- */

/* Adds the sums of a sample to the total, and clears them. */
static void flush(const struct conv_few *few, struct few_thread *own)
{
    for (int64_t i = 0; i < few->packed; i++)
        own->total[i] += (double)own->sums[i];
    memset(own->sums, 0, (size_t)few->packed * sizeof *own->sums);
}

static void add_row(const struct conv_few *few, struct few_thread *own, const float *src,
                    const float *d_dst, int64_t index)
{
    const struct conv_few_shape *shape = &few->shape;
    const struct few_row at = row_at(few, index);
    int64_t outs = shape->out_channels, length = few->out[2] * outs;
    memcpy(own->row + (WIDE - 1 - shape->padding[2]) * outs, d_dst + index * length,
           (size_t)length * sizeof *d_dst);
    for (int64_t tap = 0; tap < few->taps; tap++) {
        const float *source = source_of(few, src, &at, tap);
        if (source != NULL)
            few->kernels->backward_weights[outs - 1](own->sums + place(few, 0, 0, tap, 0), source,
                                                     own->row, shape->in[2], shape->in_channels);
    }
}

static void add_share(const struct conv_few *few, int k, const float *src, const float *d_dst)
{
    struct few_thread *own = &few->own[k];
    int64_t rows = row_count(few), sample = few->out[0] * few->out[1];
    int64_t first = rows * k / few->threads, last = rows * (k + 1) / few->threads;
    memset(own->sums, 0, (size_t)few->packed * sizeof *own->sums);
    memset(own->total, 0, (size_t)few->packed * sizeof *own->total);
    for (int64_t index = first; index < last; index++) {
        add_row(few, own, src, d_dst, index);
        if ((index + 1) % sample == 0 || index + 1 == last)
            flush(few, own);
    }
}

static float gather(const struct conv_few *few, int64_t at)
{
    double sum = 0;
    for (int k = 0; k < few->threads; k++)
        sum += few->own[k].total[at];
    return (float)sum;
}

void conv_few_backward_weights(struct conv_few *few, float *d_weights, const float *src,
                               const float *d_dst)
{
#pragma omp parallel for num_threads(few->threads) schedule(static, 1)
    for (int k = 0; k < few->threads; k++)
        add_share(few, k, src, d_dst);
    for (int64_t o = 0; o < few->shape.out_channels; o++)
        for (int64_t i = 0; i < few->shape.in_channels; i++)
            for (int64_t tap = 0; tap < few->taps; tap++)
                for (int64_t y = 0; y < WIDE; y++)
                    *d_weights++ = gather(few, place(few, o, i, tap, y));
}
