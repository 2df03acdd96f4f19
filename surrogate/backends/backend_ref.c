/* SPDX-License-Identifier: Apache-2.0
 *
 * The reference backend: its table, and the ops on whole buffers. */
#include "backend_ref.h"

#include "array.h"
#include "backend_list.h"
#include "host_memory.h"

#include <math.h>
#include <stdlib.h>

static enum status ref_open(struct backend **out, int threads)
{
    struct backend_ref *ref = calloc(1, sizeof *ref);
    if (ref == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a backend");
    ref->base.ops = &backend_ref_ops;
    ref->base.threads = threads;
    *out = &ref->base;
    return OK;
}

static void ref_close(struct backend *backend)
{
    struct backend_ref *ref = (struct backend_ref *)backend;
    for (int copy = 0; copy < BACKEND_REF_COPIES; copy++)
        array_free(ref->copies[copy].values);
    free(ref);
}

enum status backend_ref_widen(float **out, struct backend *backend, int copy,
                              const struct buffer *buffer)
{
    struct backend_ref_copy *own = &((struct backend_ref *)backend)->copies[copy];
    int64_t count = (int64_t)(buffer->bytes / precision_bytes(buffer->precision));
    *out = buffer->data;
    if (buffer->precision == PRECISION_F32)
        return OK;
    if (own->capacity < count) {
        array_free(own->values);
        own->capacity = 0;
        TRY(ARRAY_NEW(own->values, count));
        own->capacity = count;
    }
    for (int64_t i = 0; i < count; i++)
        own->values[i] = precision_get(buffer->data, i, PRECISION_BF16);
    *out = own->values;
    return OK;
}

void backend_ref_narrow(struct buffer *buffer, const float *values)
{
    int64_t count = (int64_t)(buffer->bytes / precision_bytes(buffer->precision));
    for (int64_t i = 0; buffer->precision == PRECISION_BF16 && i < count; i++)
        precision_put(buffer->data, i, PRECISION_BF16, values[i]);
}

static enum status fill(struct backend *backend, struct buffer *dst, float value, int64_t count)
{
    (void)backend;
    float *d = dst->data;
    for (int64_t i = 0; i < count; i++)
        d[i] = value;
    return OK;
}

static enum status scale(struct backend *backend, struct buffer *x, float factor, int64_t count)
{
    (void)backend;
    float *values = x->data;
    for (int64_t i = 0; i < count; i++)
        values[i] *= factor;
    return OK;
}

static enum status axpy(struct backend *backend, struct buffer *y, float factor,
                        const struct buffer *x, int64_t count)
{
    float *to, *from;
    TRY(backend_ref_widen(&to, backend, 0, y));
    TRY(backend_ref_widen(&from, backend, 1, x));
    for (int64_t i = 0; i < count; i++)
        to[i] += factor * from[i];
    backend_ref_narrow(y, to);
    return OK;
}

static enum status subtract(struct backend *backend, struct buffer *dst, const struct buffer *a,
                            const struct buffer *b, int64_t count)
{
    (void)backend;
    float *d = dst->data;
    const float *left = a->data, *right = b->data;
    for (int64_t i = 0; i < count; i++)
        d[i] = left[i] - right[i];
    return OK;
}

static enum status sum(struct backend *backend, double *out, const struct buffer *x, int64_t count)
{
    (void)backend;
    const float *values = x->data;
    double total = 0;
    for (int64_t i = 0; i < count; i++)
        total += values[i];
    *out = total;
    return OK;
}

static enum status sum_squares(struct backend *backend, double *out, const struct buffer *x,
                               int64_t count)
{
    (void)backend;
    const float *values = x->data;
    double total = 0;
    for (int64_t i = 0; i < count; i++)
        total += (double)values[i] * values[i];
    *out = total;
    return OK;
}

static enum status tanh_forward(struct backend *backend, struct buffer *dst,
                                const struct buffer *src, int64_t count)
{
    float *y, *x;
    TRY(backend_ref_widen(&y, backend, 0, dst));
    TRY(backend_ref_widen(&x, backend, 1, src));
    for (int64_t i = 0; i < count; i++)
        y[i] = (float)tanh((double)x[i]);
    backend_ref_narrow(dst, y);
    return OK;
}

static enum status tanh_backward(struct backend *backend, struct buffer *d_src,
                                 const struct buffer *d_dst, const struct buffer *dst,
                                 int64_t count)
{
    float *dx, *dy, *y;
    TRY(backend_ref_widen(&dx, backend, 0, d_src));
    TRY(backend_ref_widen(&dy, backend, 1, d_dst));
    TRY(backend_ref_widen(&y, backend, 2, dst));
    for (int64_t i = 0; i < count; i++)
        dx[i] = (float)(dy[i] * (1.0 - (double)y[i] * y[i]));
    backend_ref_narrow(d_src, dx);
    return OK;
}

static enum status bias_add(struct backend *backend, struct buffer *x, const struct buffer *bias,
                            int64_t rows, int64_t channels)
{
    float *values, *first;
    TRY(backend_ref_widen(&first, backend, 0, x));
    values = first;
    const float *b = bias->data;
    for (int64_t row = 0; row < rows; row++)
        for (int64_t c = 0; c < channels; c++)
            *values++ += b[c];
    backend_ref_narrow(x, first);
    return OK;
}

static enum status bias_gradient(struct backend *backend, struct buffer *d_bias,
                                 const struct buffer *d_x, int64_t rows, int64_t channels)
{
    float *db = d_bias->data;
    float *values;
    TRY(backend_ref_widen(&values, backend, 0, d_x));
    for (int64_t c = 0; c < channels; c++) {
        double total = 0;
        for (int64_t row = 0; row < rows; row++)
            total += values[row * channels + c];
        db[c] = (float)total;
    }
    return OK;
}

static enum status concat(struct backend *backend, struct buffer *dst, const struct buffer *a,
                          const struct buffer *b, int64_t rows, int64_t a_channels,
                          int64_t b_channels)
{
    float *whole, *d, *left, *right;
    TRY(backend_ref_widen(&whole, backend, 0, dst));
    TRY(backend_ref_widen(&left, backend, 1, a));
    TRY(backend_ref_widen(&right, backend, 2, b));
    d = whole;
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t c = 0; c < a_channels; c++)
            *d++ = *left++;
        for (int64_t c = 0; c < b_channels; c++)
            *d++ = *right++;
    }
    backend_ref_narrow(dst, whole);
    return OK;
}

static enum status split(struct backend *backend, struct buffer *a, struct buffer *b,
                         const struct buffer *src, int64_t rows, int64_t a_channels,
                         int64_t b_channels)
{
    float *left, *right, *s, *first, *second;
    TRY(backend_ref_widen(&left, backend, 0, a));
    TRY(backend_ref_widen(&right, backend, 1, b));
    TRY(backend_ref_widen(&s, backend, 2, src));
    first = left;
    second = right;
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t c = 0; c < a_channels; c++)
            *left++ = *s++;
        for (int64_t c = 0; c < b_channels; c++)
            *right++ = *s++;
    }
    backend_ref_narrow(a, first);
    backend_ref_narrow(b, second);
    return OK;
}

static enum status adamw(struct backend *backend, struct buffer *parameters, struct buffer *m,
                         struct buffer *v, const struct buffer *gradients,
                         const struct buffer *decay, const struct adamw_options *options,
                         int64_t count)
{
    (void)backend;
    float *p = parameters->data, *first = m->data, *second = v->data;
    const float *gradient = gradients->data, *decays = decay->data;
    double unbias1 = 1.0 - pow(options->beta1, (double)options->step);
    double unbias2 = 1.0 - pow(options->beta2, (double)options->step);
    for (int64_t i = 0; i < count; i++) {
        double g = options->gradient_scale * gradient[i];
        double mean = options->beta1 * first[i] + (1.0 - options->beta1) * g;
        double square = options->beta2 * second[i] + (1.0 - options->beta2) * g * g;
        double kept = p[i] * (1.0 - options->rate * options->decay_rate * decays[i]);
        double move = (mean / unbias1) / (sqrt(square / unbias2) + options->epsilon);
        p[i] = (float)(kept - options->rate * move);
        first[i] = (float)mean;
        second[i] = (float)square;
    }
    return OK;
}

static enum backend_bf16 bf16(const struct backend *backend)
{
    (void)backend;
    return BACKEND_BF16_ROUNDED;
}

static void describe(struct backend_facts *out)
{
    (void)out; /* plain loops, no library */
}

const struct backend_ops backend_ref_ops = {
    .name = "ref",
    .open = ref_open,
    .close = ref_close,
    .alloc = host_memory_alloc,
    .alloc_in = host_memory_alloc_in,
    .release = host_memory_release,
    .upload = host_memory_upload,
    .download = host_memory_download,
    .sync = host_memory_sync,
    .fill = fill,
    .copy = host_memory_copy,
    .scale = scale,
    .axpy = axpy,
    .subtract = subtract,
    .sum = sum,
    .sum_squares = sum_squares,
    .tanh_forward = tanh_forward,
    .tanh_backward = tanh_backward,
    .bias_add = bias_add,
    .bias_gradient = bias_gradient,
    .concat = concat,
    .split = split,
    .difference = backend_ref_loss_difference,
    .difference_adjoint = backend_ref_loss_difference_adjoint,
    .mask_difference = backend_ref_loss_mask_difference,
    .masked_sum_squares = backend_ref_loss_masked_sum_squares,
    .masked_scale = backend_ref_loss_masked_scale,
    .halo = backend_ref_rollout_halo,
    .halo_adjoint = backend_ref_rollout_halo_adjoint,
    .window_add = backend_ref_rollout_window_add,
    .window_add_adjoint = backend_ref_rollout_window_add_adjoint,
    .window_next = backend_ref_rollout_window_next,
    .window_next_adjoint = backend_ref_rollout_window_next_adjoint,
    .adamw = adamw,
    .conv3d_create = backend_ref_conv_create,
    .deconv3d_create = backend_ref_conv_create_transposed,
    .norm_create = backend_ref_norm_create,
    .describe = describe,
    .bf16 = bf16,
};
