/* SPDX-License-Identifier: Apache-2.0
 *
 * The oneDNN backend: its table, its engine, and the ops on whole buffers by our own kernels. */
#include "backend_onednn.h"

#include "backend_list.h"
#include "element.h"
#include "field.h"
#include "host_memory.h"
#include "kernel_set.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>

int backend_onednn_begin(const struct backend *backend)
{
    int before = omp_get_max_threads();
    omp_set_num_threads(backend->threads);
    return before;
}

void backend_onednn_end(int before)
{
    omp_set_num_threads(before);
}
#else
int backend_onednn_begin(const struct backend *backend)
{
    return backend->threads;
}

void backend_onednn_end(int before)
{
    (void)before;
}
#endif

static void onednn_close(struct backend *backend)
{
    struct backend_onednn *onednn = (struct backend_onednn *)backend;
    if (onednn->stream != NULL)
        dnnl_stream_destroy(onednn->stream);
    if (onednn->engine != NULL)
        dnnl_engine_destroy(onednn->engine);
    free(onednn);
}

static enum status create_engine(struct backend_onednn *onednn)
{
    TRY_DNNL(dnnl_engine_create(&onednn->engine, dnnl_cpu, 0));
    TRY_DNNL(dnnl_stream_create(&onednn->stream, onednn->engine, dnnl_stream_default_flags));
    return OK;
}

static enum status onednn_open(struct backend **out, int threads)
{
    enum status status = OK;
    struct backend_onednn *onednn = calloc(1, sizeof *onednn);
    if (onednn == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a backend");
    onednn->base.ops = &backend_onednn_ops;
    onednn->base.threads = threads;
    TRY_GOTO(create_engine(onednn), cleanup);
    *out = &onednn->base;
    onednn = NULL;
cleanup:
    if (onednn != NULL)
        onednn_close(&onednn->base);
    return status;
}

static enum status fill(struct backend *backend, struct buffer *dst, float value, int64_t count)
{
    element_fill(dst->data, value, count, backend->threads);
    return OK;
}

static enum status copy(struct backend *backend, struct buffer *dst, const struct buffer *src,
                        int64_t count)
{
    if (dst->precision == src->precision)
        return host_memory_copy(backend, dst, src, count);
    element_convert(dst->data, dst->precision, src->data, src->precision, count, backend->threads);
    return OK;
}

static enum status scale(struct backend *backend, struct buffer *x, float factor, int64_t count)
{
    element_scale(x->data, factor, count, backend->threads);
    return OK;
}

static enum status axpy(struct backend *backend, struct buffer *y, float factor,
                        const struct buffer *x, int64_t count)
{
    element_axpy(y->data, factor, x->data, y->precision, count, backend->threads);
    return OK;
}

static enum status subtract(struct backend *backend, struct buffer *dst, const struct buffer *a,
                            const struct buffer *b, int64_t count)
{
    element_subtract(dst->data, a->data, b->data, count, backend->threads);
    return OK;
}

static enum status sum(struct backend *backend, double *out, const struct buffer *x, int64_t count)
{
    *out = element_sum(x->data, count, backend->threads);
    return OK;
}

static enum status sum_squares(struct backend *backend, double *out, const struct buffer *x,
                               int64_t count)
{
    *out = element_sum_squares(x->data, count, backend->threads);
    return OK;
}

static enum status tanh_forward(struct backend *backend, struct buffer *dst,
                                const struct buffer *src, int64_t count)
{
    element_tanh_forward(dst->data, src->data, dst->precision, count, backend->threads);
    return OK;
}

static enum status tanh_backward(struct backend *backend, struct buffer *d_src,
                                 const struct buffer *d_dst, const struct buffer *dst,
                                 int64_t count)
{
    element_tanh_backward(d_src->data, d_src->precision, d_dst->data, dst->data, dst->precision,
                          count, backend->threads);
    return OK;
}

static enum status bias_add(struct backend *backend, struct buffer *x, const struct buffer *bias,
                            int64_t rows, int64_t channels)
{
    field_bias_add(x->data, bias->data, x->precision, rows, channels, backend->threads);
    return OK;
}

static enum status bias_gradient(struct backend *backend, struct buffer *d_bias,
                                 const struct buffer *d_x, int64_t rows, int64_t channels)
{
    (void)backend;
    field_bias_gradient(d_bias->data, d_x->data, d_x->precision, rows, channels);
    return OK;
}

static enum status concat(struct backend *backend, struct buffer *dst, const struct buffer *a,
                          const struct buffer *b, int64_t rows, int64_t a_channels,
                          int64_t b_channels)
{
    element_concat(dst->data, a->data, b->data, dst->precision, rows, a_channels, b_channels,
                   backend->threads);
    return OK;
}

static enum status split(struct backend *backend, struct buffer *a, struct buffer *b,
                         const struct buffer *src, int64_t rows, int64_t a_channels,
                         int64_t b_channels)
{
    element_split(a->data, b->data, src->data, src->precision, rows, a_channels, b_channels,
                  backend->threads);
    return OK;
}

static enum field_axis axis_of(enum difference_axis axis)
{
    return axis == DIFFERENCE_X ? FIELD_X : FIELD_Y;
}

static enum status difference(struct backend *backend, struct buffer *dst, const struct buffer *src,
                              const int64_t dims[5], enum difference_axis axis)
{
    field_difference(dst->data, src->data, dims, axis_of(axis), backend->threads);
    return OK;
}

static enum status difference_adjoint(struct backend *backend, struct buffer *dst,
                                      const struct buffer *src, const int64_t dims[5],
                                      enum difference_axis axis)
{
    field_difference_adjoint(dst->data, src->data, dims, axis_of(axis), backend->threads);
    return OK;
}

static enum status mask_difference(struct backend *backend, struct buffer *dst,
                                   const struct buffer *mask, const int64_t dims[5],
                                   enum difference_axis axis)
{
    (void)backend;
    field_mask_difference(dst->data, mask->data, dims, axis_of(axis));
    return OK;
}

static enum status masked_sum_squares(struct backend *backend, double *out, const struct buffer *x,
                                      const struct buffer *mask, const int64_t dims[5])
{
    *out = field_masked_sum_squares(x->data, mask->data, dims, backend->threads);
    return OK;
}

static enum status masked_scale(struct backend *backend, struct buffer *dst, float factor,
                                const struct buffer *x, const struct buffer *mask,
                                const int64_t dims[5])
{
    field_masked_scale(dst->data, factor, x->data, mask->data, dims, backend->threads);
    return OK;
}

static enum status adamw(struct backend *backend, struct buffer *parameters, struct buffer *m,
                         struct buffer *v, const struct buffer *gradients,
                         const struct buffer *decay, const struct adamw_options *options,
                         int64_t count)
{
    double unbias1 = 1.0 - pow(options->beta1, (double)options->step);
    double unbias2 = 1.0 - pow(options->beta2, (double)options->step);
    const struct element_adamw_options kernel = {
        .decay = (float)(options->rate * options->decay_rate),
        .scale = (float)options->gradient_scale,
        .turn1 = (float)(1.0 - options->beta1),
        .turn2 = (float)(1.0 - options->beta2),
        .epsilon = (float)options->epsilon,
        .rate1 = (float)(options->rate / unbias1),
        .unbias2 = (float)(1.0 / unbias2),
    };
    element_adamw(parameters->data, m->data, v->data, gradients->data, decay->data, &kernel, count,
                  backend->threads);
    return OK;
}

/* Without instructions for it oneDNN has slow stand-ins at best (AVX-512), or no convolutions. */
static enum backend_bf16 bf16(const struct backend *backend)
{
    (void)backend;
    return onednn_compat_has_bf16(dnnl_get_effective_cpu_isa()) ? BACKEND_BF16_FAST
                                                                : BACKEND_BF16_NONE;
}

static void describe(struct backend_facts *out)
{
    const dnnl_version_t *version = dnnl_version();
    out->library = "oneDNN";
    (void)snprintf(out->library_version, sizeof out->library_version, "%d.%d.%d", version->major,
                   version->minor, version->patch);
    out->library_isa = onednn_compat_isa_name(dnnl_get_effective_cpu_isa());
    out->own_isa = kernel_set_name();
}

const struct backend_ops backend_onednn_ops = {
    .name = "onednn",
    .open = onednn_open,
    .close = onednn_close,
    .alloc = host_memory_alloc,
    .alloc_in = host_memory_alloc_in,
    .release = host_memory_release,
    .upload = host_memory_upload,
    .download = host_memory_download,
    .sync = host_memory_sync,
    .fill = fill,
    .copy = copy,
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
    .difference = difference,
    .difference_adjoint = difference_adjoint,
    .mask_difference = mask_difference,
    .masked_sum_squares = masked_sum_squares,
    .masked_scale = masked_scale,
    .halo = backend_onednn_rollout_halo,
    .halo_adjoint = backend_onednn_rollout_halo_adjoint,
    .window_add = backend_onednn_rollout_window_add,
    .window_add_adjoint = backend_onednn_rollout_window_add_adjoint,
    .window_next = backend_onednn_rollout_window_next,
    .window_next_adjoint = backend_onednn_rollout_window_next_adjoint,
    .adamw = adamw,
    .conv3d_create = backend_onednn_conv_create,
    .deconv3d_create = backend_onednn_conv_create_transposed,
    .norm_create = backend_onednn_norm_create,
    .describe = describe,
    .bf16 = bf16,
};
