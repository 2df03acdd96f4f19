/* SPDX-License-Identifier: Apache-2.0
 *
 * Convolution and its transpose. With A the linear map of the convolution without bias, from the
 * "big" side (n, T, X, Y, b) to the "small" side (n, t, x, y, s),
 *
 *   small[p][s] = sum over taps k and b of w[s][b][k] big[p * stride + k - padding][b],
 *
 * conv3d is A forward and A^T backward; deconv3d is A^T forward and A backward, where PyTorch's
 * [I, O, t, x, y] is the same order [s][b][k]. Weights are packed twice as doubles so that each
 * inner loop runs over neighbours in memory; every sum is owned by one thread and taken in one
 * order, so the number of threads changes no bit. */
#include "backend_ref.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16 }; /* channels summed at once */

struct ref_conv {
    struct conv_plan base;
    struct backend *backend;
    int transposed; /* deconv3d */
    int threads;
    enum precision precision;
    int64_t batch, big_channels, small_channels, taps;
    int64_t big[3], small[3], kernel[3], stride[3], padding[3];
    double *to_small; /* [k][b][s] */
    double *to_big;   /* [k][s][b] */
    double *d_packed; /* [k][b][s] */
};

static struct ref_conv *ref_conv_of(struct conv_plan *plan)
{
    return (struct ref_conv *)plan;
}

static int64_t volume(const int64_t extent[3])
{
    return extent[0] * extent[1] * extent[2];
}

static void unravel(int64_t out[3], int64_t index, const int64_t extent[3])
{
    out[2] = index % extent[2];
    out[1] = index / extent[2] % extent[1];
    out[0] = index / extent[2] / extent[1];
}

static int64_t ravel(const int64_t place[3], const int64_t extent[3])
{
    return (place[0] * extent[1] + place[1]) * extent[2] + place[2];
}

/* The big cell that `tap` of a small cell looks at, or -1 in the padding. */
static int64_t big_cell(const struct ref_conv *conv, const int64_t small[3], const int64_t tap[3])
{
    int64_t place[3];
    for (int axis = 0; axis < 3; axis++) {
        place[axis] = small[axis] * conv->stride[axis] + tap[axis] - conv->padding[axis];
        if (place[axis] < 0 || place[axis] >= conv->big[axis])
            return -1;
    }
    return ravel(place, conv->big);
}

/* The small cell whose `tap` looks at a big cell, or -1 when there is none. */
static int64_t small_cell(const struct ref_conv *conv, const int64_t big[3], const int64_t tap[3])
{
    int64_t place[3];
    for (int axis = 0; axis < 3; axis++) {
        int64_t offset = big[axis] + conv->padding[axis] - tap[axis];
        if (offset < 0 || offset % conv->stride[axis] != 0)
            return -1;
        place[axis] = offset / conv->stride[axis];
        if (place[axis] >= conv->small[axis])
            return -1;
    }
    return ravel(place, conv->small);
}

/* sums[o] += sum over i of from[i] w[i][o], for `count` outputs beginning at `first`. */
static void add_products(double sums[BLOCK], const float *from, const double *w, int64_t in,
                         int64_t out, int64_t first, int64_t count)
{
    for (int64_t i = 0; i < in; i++)
        for (int64_t o = 0; o < count; o++)
            sums[o] += from[i] * w[i * out + first + o];
}

/* Everything one output cell needs: the source cell of each tap (-1: none) and where it stands. */
struct gather {
    const float *src; /* this sample's cells */
    const double *weights;
    const float *bias; /* NULL without */
    int64_t in, out;
};

static void gather_cell(const struct ref_conv *conv, float *dst, const struct gather *gather,
                        const int64_t place[3], int to_small)
{
    for (int64_t first = 0; first < gather->out; first += BLOCK) {
        int64_t count = gather->out - first < BLOCK ? gather->out - first : BLOCK;
        double sums[BLOCK] = {0};
        for (int64_t k = 0; k < conv->taps; k++) {
            int64_t tap[3];
            unravel(tap, k, conv->kernel);
            int64_t cell = to_small ? big_cell(conv, place, tap) : small_cell(conv, place, tap);
            if (cell >= 0)
                add_products(sums, gather->src + cell * gather->in,
                             gather->weights + k * gather->in * gather->out, gather->in,
                             gather->out, first, count);
        }
        for (int64_t o = 0; o < count; o++)
            dst[first + o] = (float)(sums[o] + (gather->bias ? gather->bias[first + o] : 0.0));
    }
}

static void map_to_small(const struct ref_conv *conv, float *small, const float *big,
                         const float *bias)
{
    int64_t cells = volume(conv->small);
#pragma omp parallel for num_threads(conv->threads)
    for (int64_t i = 0; i < conv->batch * cells; i++) {
        int64_t place[3];
        unravel(place, i % cells, conv->small);
        struct gather gather = {big + i / cells * volume(conv->big) * conv->big_channels,
                                conv->to_small, bias, conv->big_channels, conv->small_channels};
        gather_cell(conv, small + i * conv->small_channels, &gather, place, 1);
    }
}

static void map_to_big(const struct ref_conv *conv, float *big, const float *small)
{
    int64_t cells = volume(conv->big);
#pragma omp parallel for num_threads(conv->threads)
    for (int64_t i = 0; i < conv->batch * cells; i++) {
        int64_t place[3];
        unravel(place, i % cells, conv->big);
        struct gather gather = {small + i / cells * volume(conv->small) * conv->small_channels,
                                conv->to_big, NULL, conv->small_channels, conv->big_channels};
        gather_cell(conv, big + i * conv->big_channels, &gather, place, 0);
    }
}

/* d_packed[k] = sum over samples and small cells of big (x) small. */
static void tap_gradient(const struct ref_conv *conv, int64_t k, const float *big,
                         const float *small)
{
    int64_t tap[3], cells = volume(conv->small), nb = conv->big_channels, ns = conv->small_channels;
    double *d = conv->d_packed + k * nb * ns;
    memset(d, 0, (size_t)(nb * ns) * sizeof *d);
    unravel(tap, k, conv->kernel);
    for (int64_t i = 0; i < conv->batch * cells; i++) {
        int64_t place[3];
        unravel(place, i % cells, conv->small);
        int64_t cell = big_cell(conv, place, tap);
        if (cell < 0)
            continue;
        const float *b = big + (i / cells * volume(conv->big) + cell) * nb, *s = small + i * ns;
        for (int64_t row = 0; row < nb; row++)
            for (int64_t o = 0; o < ns; o++)
                d[row * ns + o] += (double)b[row] * s[o];
    }
}

static void map_gradient(const struct ref_conv *conv, float *d_weights, const float *big,
                         const float *small)
{
#pragma omp parallel for num_threads(conv->threads)
    for (int64_t k = 0; k < conv->taps; k++)
        tap_gradient(conv, k, big, small);
    for (int64_t s = 0; s < conv->small_channels; s++)
        for (int64_t b = 0; b < conv->big_channels; b++)
            for (int64_t k = 0; k < conv->taps; k++)
                d_weights[(s * conv->big_channels + b) * conv->taps + k] =
                    (float)conv->d_packed[(k * conv->big_channels + b) * conv->small_channels + s];
}

/* A weight as it counts in that precision. */
static double weight_of(const struct ref_conv *conv, float weight)
{
    return conv->precision == PRECISION_BF16 ? precision_widen(precision_round(weight)) : weight;
}

static enum status refresh(struct conv_plan *plan, const struct buffer *weights)
{
    struct ref_conv *conv = ref_conv_of(plan);
    const float *w = weights->data;
    int64_t nb = conv->big_channels, ns = conv->small_channels;
    for (int64_t s = 0; s < ns; s++)
        for (int64_t b = 0; b < nb; b++)
            for (int64_t k = 0; k < conv->taps; k++) {
                double value = weight_of(conv, *w++);
                conv->to_small[(k * nb + b) * ns + s] = value;
                conv->to_big[(k * ns + s) * nb + b] = value;
            }
    return OK;
}

static enum status forward(struct conv_plan *plan, struct buffer *dst, const struct buffer *src,
                           const struct buffer *bias)
{
    const struct ref_conv *conv = ref_conv_of(plan);
    float *y, *x;
    TRY(backend_ref_widen(&y, conv->backend, 0, dst));
    TRY(backend_ref_widen(&x, conv->backend, 1, src));
    if (conv->transposed)
        map_to_big(conv, y, x);
    else
        map_to_small(conv, y, x, bias != NULL ? bias->data : NULL);
    backend_ref_narrow(dst, y);
    return OK;
}

static enum status backward_data(struct conv_plan *plan, struct buffer *d_src,
                                 const struct buffer *d_dst)
{
    const struct ref_conv *conv = ref_conv_of(plan);
    float *dx, *dy;
    TRY(backend_ref_widen(&dx, conv->backend, 0, d_src));
    TRY(backend_ref_widen(&dy, conv->backend, 1, d_dst));
    if (conv->transposed)
        map_to_small(conv, dx, dy, NULL);
    else
        map_to_big(conv, dx, dy);
    backend_ref_narrow(d_src, dx);
    return OK;
}

static void bias_gradient(const struct ref_conv *conv, float *d_bias, const float *d_dst)
{
    int64_t channels = conv->small_channels;
    for (int64_t c = 0; c < channels; c++) {
        double sum = 0;
        for (int64_t i = 0; i < conv->batch * volume(conv->small); i++)
            sum += d_dst[i * channels + c];
        d_bias[c] = (float)sum;
    }
}

static enum status backward_weights(struct conv_plan *plan, struct buffer *d_weights,
                                    struct buffer *d_bias, const struct buffer *src,
                                    const struct buffer *d_dst)
{
    const struct ref_conv *conv = ref_conv_of(plan);
    float *x, *dy;
    TRY(backend_ref_widen(&x, conv->backend, 0, src));
    TRY(backend_ref_widen(&dy, conv->backend, 1, d_dst));
    if (conv->transposed)
        map_gradient(conv, d_weights->data, dy, x);
    else
        map_gradient(conv, d_weights->data, x, dy);
    if (d_bias != NULL)
        bias_gradient(conv, d_bias->data, dy);
    return OK;
}

static const char *implementation(const struct conv_plan *plan, int64_t index)
{
    (void)plan;
    return index == 0 ? "ref:conv" : NULL;
}

static void destroy(struct conv_plan *plan)
{
    struct ref_conv *conv = ref_conv_of(plan);
    array_free(conv->to_small);
    array_free(conv->to_big);
    array_free(conv->d_packed);
    free(conv);
}

static const struct conv_plan_ops conv_ops = {
    .refresh = refresh,
    .forward = forward,
    .backward_data = backward_data,
    .backward_weights = backward_weights,
    .implementation = implementation,
    .destroy = destroy,
};

static void set_geometry(struct ref_conv *conv, const struct conv_shape *shape)
{
    conv->batch = shape->batch;
    conv->big_channels = conv->transposed ? shape->out_channels : shape->in_channels;
    conv->small_channels = conv->transposed ? shape->in_channels : shape->out_channels;
    for (int axis = 0; axis < 3; axis++) {
        int64_t in = shape->in[axis];
        conv->big[axis] = conv->transposed ? backend_deconv_extent(shape, axis) : in;
        conv->small[axis] = conv->transposed ? in : backend_conv_extent(shape, axis);
        conv->kernel[axis] = shape->kernel[axis];
        conv->stride[axis] = shape->stride[axis];
        conv->padding[axis] = shape->padding[axis];
    }
    conv->taps = volume(conv->kernel);
}

static enum status create(struct conv_plan **out, struct backend *backend,
                          const struct conv_shape *shape, int transposed)
{
    enum status status = OK;
    struct ref_conv *conv = calloc(1, sizeof *conv);
    if (conv == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a convolution");
    conv->base.ops = &conv_ops;
    conv->backend = backend;
    conv->threads = backend->threads;
    conv->precision = shape->precision;
    conv->transposed = transposed;
    set_geometry(conv, shape);
    int64_t count = conv->taps * conv->big_channels * conv->small_channels;
    TRY_GOTO(ARRAY_NEW(conv->to_small, count), cleanup);
    TRY_GOTO(ARRAY_NEW(conv->to_big, count), cleanup);
    if (shape->need != PLAN_FORWARD)
        TRY_GOTO(ARRAY_NEW(conv->d_packed, count), cleanup);
    *out = &conv->base;
    conv = NULL;
cleanup:
    if (conv != NULL)
        destroy(&conv->base);
    return status;
}

enum status backend_ref_conv_create(struct conv_plan **out, struct backend *backend,
                                    const struct conv_shape *shape)
{
    return create(out, backend, shape, 0);
}

enum status backend_ref_conv_create_transposed(struct conv_plan **out, struct backend *backend,
                                               const struct conv_shape *shape)
{
    if (shape->bias != CONV_WITHOUT_BIAS)
        return FAIL(ERR_UNSUPPORTED, "a transposed convolution has no bias here");
    return create(out, backend, shape, 1);
}
