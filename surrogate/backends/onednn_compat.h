/* SPDX-License-Identifier: Apache-2.0
 *
 * oneDNN 2.6 to 3.x through one set of names: version 3 made memory descriptors opaque and replaced
 * operation descriptors by one call per primitive. Only what convolutions need. For
 * backend_onednn*.c alone. */
#pragma once

#include "error.h"

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_version.h>

#if DNNL_VERSION_MAJOR < 2 || (DNNL_VERSION_MAJOR == 2 && DNNL_VERSION_MINOR < 6)
#error "oneDNN 2.6 or newer is needed"
#endif

/* Translates oneDNN's status; the text says what was asked for. */
#define TRY_DNNL(call) TRY(onednn_compat_status((call), #call))

static inline enum status onednn_compat_status(dnnl_status_t status, const char *call)
{
    switch (status) {
    case dnnl_success:
        return OK;
    case dnnl_out_of_memory:
        return FAIL(ERR_MEMORY, "oneDNN is out of memory in %s", call);
    case dnnl_unimplemented:
        return FAIL(ERR_UNSUPPORTED, "oneDNN has no implementation for %s", call);
    default:
        return FAIL(ERR_INTERNAL, "oneDNN reports status %d from %s", (int)status, call);
    }
}

/* NULL for one that is not known here. */
static inline const char *onednn_compat_isa_name(dnnl_cpu_isa_t isa)
{
    static const struct {
        dnnl_cpu_isa_t isa;
        const char *name;
    } names[] = {
        {dnnl_cpu_isa_sse41, "SSE4.1"},
        {dnnl_cpu_isa_avx, "AVX"},
        {dnnl_cpu_isa_avx2, "AVX2"},
        {dnnl_cpu_isa_avx2_vnni, "AVX2 VNNI"},
        {dnnl_cpu_isa_avx512_core, "AVX-512"},
        {dnnl_cpu_isa_avx512_core_vnni, "AVX-512 VNNI"},
        {dnnl_cpu_isa_avx512_core_bf16, "AVX-512 bf16"},
        {dnnl_cpu_isa_avx512_core_amx, "AVX-512 AMX"},
#if DNNL_VERSION_MAJOR >= 3
        {dnnl_cpu_isa_avx512_core_fp16, "AVX-512 fp16"},
#endif
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].isa == isa)
            return names[i].name;
    return NULL;
}

/* Sets are bits, and a wider one has those of the narrower. */
static inline int onednn_compat_has_bf16(dnnl_cpu_isa_t isa)
{
    return (isa & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
}

/* A memory descriptor that we own, and one borrowed. */
#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t onednn_compat_view;
struct onednn_compat_layout {
    dnnl_memory_desc_t own;
};
#else
typedef const dnnl_memory_desc_t *onednn_compat_view;
struct onednn_compat_layout {
    dnnl_memory_desc_t own;
};
#endif

static inline onednn_compat_view
onednn_compat_layout_view(const struct onednn_compat_layout *layout)
{
#if DNNL_VERSION_MAJOR >= 3
    return layout->own;
#else
    return &layout->own;
#endif
}

static inline dnnl_status_t onednn_compat_layout_init(struct onednn_compat_layout *out, int rank,
                                                      const dnnl_dims_t dims, dnnl_data_type_t type,
                                                      dnnl_format_tag_t tag)
{
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_memory_desc_create_with_tag(&out->own, rank, dims, type, tag);
#else
    return dnnl_memory_desc_init_by_tag(&out->own, rank, dims, type, tag);
#endif
}

static inline dnnl_status_t onednn_compat_layout_init_strided(struct onednn_compat_layout *out,
                                                              int rank, const dnnl_dims_t dims,
                                                              const dnnl_dims_t strides)
{
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_memory_desc_create_with_strides(&out->own, rank, dims, dnnl_f32, strides);
#else
    return dnnl_memory_desc_init_by_strides(&out->own, rank, dims, dnnl_f32, strides);
#endif
}

static inline void onednn_compat_layout_fini(struct onednn_compat_layout *layout)
{
#if DNNL_VERSION_MAJOR >= 3
    if (layout->own != NULL)
        dnnl_memory_desc_destroy(layout->own);
    layout->own = NULL;
#else
    (void)layout;
#endif
}

/* What one convolution needs; `bias` is NULL without. */
struct onednn_compat_conv {
    int transposed;
    onednn_compat_view src, weights, bias, dst;
    dnnl_dims_t strides, padding;
};

#if DNNL_VERSION_MAJOR >= 3

static const dnnl_dims_t onednn_compat_undilated = {0};

static inline dnnl_status_t onednn_compat_forward(dnnl_primitive_desc_t *out, dnnl_engine_t engine,
                                                  dnnl_prop_kind_t kind,
                                                  const struct onednn_compat_conv *c)
{
    if (c->transposed)
        return dnnl_deconvolution_forward_primitive_desc_create(
            out, engine, kind, dnnl_deconvolution_direct, c->src, c->weights, c->bias, c->dst,
            c->strides, onednn_compat_undilated, c->padding, c->padding, NULL);
    return dnnl_convolution_forward_primitive_desc_create(
        out, engine, kind, dnnl_convolution_direct, c->src, c->weights, c->bias, c->dst, c->strides,
        onednn_compat_undilated, c->padding, c->padding, NULL);
}

static inline dnnl_status_t onednn_compat_backward_data(dnnl_primitive_desc_t *out,
                                                        dnnl_engine_t engine,
                                                        const struct onednn_compat_conv *c,
                                                        const_dnnl_primitive_desc_t forward)
{
    if (c->transposed)
        return dnnl_deconvolution_backward_data_primitive_desc_create(
            out, engine, dnnl_deconvolution_direct, c->src, c->weights, c->dst, c->strides,
            onednn_compat_undilated, c->padding, c->padding, forward, NULL);
    return dnnl_convolution_backward_data_primitive_desc_create(
        out, engine, dnnl_convolution_direct, c->src, c->weights, c->dst, c->strides,
        onednn_compat_undilated, c->padding, c->padding, forward, NULL);
}

static inline dnnl_status_t onednn_compat_backward_weights(dnnl_primitive_desc_t *out,
                                                           dnnl_engine_t engine,
                                                           const struct onednn_compat_conv *c,
                                                           const_dnnl_primitive_desc_t forward)
{
    if (c->transposed)
        return dnnl_deconvolution_backward_weights_primitive_desc_create(
            out, engine, dnnl_deconvolution_direct, c->src, c->weights, c->bias, c->dst, c->strides,
            onednn_compat_undilated, c->padding, c->padding, forward, NULL);
    return dnnl_convolution_backward_weights_primitive_desc_create(
        out, engine, dnnl_convolution_direct, c->src, c->weights, c->bias, c->dst, c->strides,
        onednn_compat_undilated, c->padding, c->padding, forward, NULL);
}

#else /* version 2: first an operation descriptor, of one type for both kinds */

static inline dnnl_status_t onednn_compat_forward(dnnl_primitive_desc_t *out, dnnl_engine_t engine,
                                                  dnnl_prop_kind_t kind,
                                                  const struct onednn_compat_conv *c)
{
    dnnl_convolution_desc_t desc;
    dnnl_status_t status =
        c->transposed ? dnnl_deconvolution_forward_desc_init(&desc, kind, dnnl_deconvolution_direct,
                                                             c->src, c->weights, c->bias, c->dst,
                                                             c->strides, c->padding, c->padding)
                      : dnnl_convolution_forward_desc_init(&desc, kind, dnnl_convolution_direct,
                                                           c->src, c->weights, c->bias, c->dst,
                                                           c->strides, c->padding, c->padding);
    return status != dnnl_success ? status
                                  : dnnl_primitive_desc_create(out, &desc, NULL, engine, NULL);
}

static inline dnnl_status_t onednn_compat_backward_data(dnnl_primitive_desc_t *out,
                                                        dnnl_engine_t engine,
                                                        const struct onednn_compat_conv *c,
                                                        const_dnnl_primitive_desc_t forward)
{
    dnnl_convolution_desc_t desc;
    dnnl_status_t status =
        c->transposed
            ? dnnl_deconvolution_backward_data_desc_init(&desc, dnnl_deconvolution_direct, c->src,
                                                         c->weights, c->dst, c->strides, c->padding,
                                                         c->padding)
            : dnnl_convolution_backward_data_desc_init(&desc, dnnl_convolution_direct, c->src,
                                                       c->weights, c->dst, c->strides, c->padding,
                                                       c->padding);
    return status != dnnl_success ? status
                                  : dnnl_primitive_desc_create(out, &desc, NULL, engine, forward);
}

static inline dnnl_status_t onednn_compat_backward_weights(dnnl_primitive_desc_t *out,
                                                           dnnl_engine_t engine,
                                                           const struct onednn_compat_conv *c,
                                                           const_dnnl_primitive_desc_t forward)
{
    dnnl_convolution_desc_t desc;
    dnnl_status_t status =
        c->transposed
            ? dnnl_deconvolution_backward_weights_desc_init(&desc, dnnl_deconvolution_direct,
                                                            c->src, c->weights, c->bias, c->dst,
                                                            c->strides, c->padding, c->padding)
            : dnnl_convolution_backward_weights_desc_init(&desc, dnnl_convolution_direct, c->src,
                                                          c->weights, c->bias, c->dst, c->strides,
                                                          c->padding, c->padding);
    return status != dnnl_success ? status
                                  : dnnl_primitive_desc_create(out, &desc, NULL, engine, forward);
}

#endif
