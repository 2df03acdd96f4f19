/* SPDX-License-Identifier: Apache-2.0
 *
 * Convolutions and transposed convolutions by oneDNN. Activations are plain NDHWC; the layout of
 * weights is left to oneDNN ("any"), and refresh packs them once a step, rounded where activations
 * are bf16; their gradients come as floats. Never NCDHW and never a
 * slice of channels, which fall to oneDNN's slow reference code; a transposed convolution takes no
 * bias, which would double its time in version 2.6. */
#include "backend_onednn.h"

#include "array.h"
#include "element.h"
#include "host_memory.h"

#include <stdlib.h>
#include <string.h>

enum { RANK = 5, NAME = 64, ARGUMENTS_MOST = 5 };

enum part { FORWARD, BACKWARD_DATA, BACKWARD_WEIGHTS, PARTS };

/* An array of ours as oneDNN sees it; the address is set before each use. */
struct tensor {
    struct onednn_compat_layout layout;
    dnnl_memory_t memory;
};

/* Weights, or their gradient, in the layout that one primitive wants. */
struct packed {
    void *data;
    dnnl_memory_t memory;
    dnnl_primitive_t reorder; /* from or to PyTorch's layout */
};

struct part_plan {
    dnnl_primitive_t primitive;
    char name[NAME];
    struct packed weights;
};

/* What backward_weights reads: an activation itself, or, with `values`, a copy of it in floats. */
struct reading {
    struct tensor tensor;
    struct buffer values;
};

struct onednn_conv {
    struct conv_plan base;
    struct backend_onednn *backend;
    int transposed;
    int wanted[PARTS]; /* 1: this part will be asked for */
    struct conv_shape shape;
    struct tensor src, dst, d_dst;
    struct reading read_src, read_d_dst;
    struct tensor weights, bias; /* floats; weights in PyTorch's layout */
    struct part_plan parts[PARTS];
};

static struct onednn_conv *onednn_conv_of(struct conv_plan *plan)
{
    return (struct onednn_conv *)plan;
}

static enum status create_memory(struct onednn_conv *conv, struct tensor *tensor)
{
    TRY_DNNL(dnnl_memory_create(&tensor->memory, onednn_compat_layout_view(&tensor->layout),
                                conv->backend->engine, DNNL_MEMORY_NONE));
    return OK;
}

static dnnl_data_type_t type_of(enum precision precision)
{
    return precision == PRECISION_BF16 ? dnnl_bf16 : dnnl_f32;
}

static enum status create_activation(struct onednn_conv *conv, struct tensor *tensor,
                                     int64_t channels, const int64_t extent[3],
                                     enum precision precision)
{
    const dnnl_dims_t dims = {conv->shape.batch, channels, extent[0], extent[1], extent[2]};
    TRY_DNNL(
        onednn_compat_layout_init(&tensor->layout, RANK, dims, type_of(precision), dnnl_ndhwc));
    return create_memory(conv, tensor);
}

/* oneDNN speaks of [O, I, t, x, y] in both kinds; PyTorch stores [I, O, ...] for the transposed. */
static enum status create_weights(struct onednn_conv *conv)
{
    const struct conv_shape *shape = &conv->shape;
    const int64_t *kernel = shape->kernel;
    int64_t taps = kernel[0] * kernel[1] * kernel[2];
    const dnnl_dims_t dims = {shape->out_channels, shape->in_channels, kernel[0], kernel[1],
                              kernel[2]};
    dnnl_dims_t strides = {shape->in_channels * taps, taps, kernel[1] * kernel[2], kernel[2], 1};
    if (conv->transposed) {
        strides[0] = taps;
        strides[1] = shape->out_channels * taps;
    }
    TRY_DNNL(onednn_compat_layout_init_strided(&conv->weights.layout, RANK, dims, strides));
    return create_memory(conv, &conv->weights);
}

/* oneDNN (2.6.3) reads and writes beyond arrays where gradients of bf16 weights meet a stride and
 * one row of the smaller side: the least of layers, which floats can do. */
static int needs_floats(const struct onednn_conv *conv)
{
    const struct conv_shape *shape = &conv->shape;
    int64_t rows = conv->transposed ? shape->in[1] : backend_conv_extent(shape, 1);
    return shape->precision == PRECISION_BF16 && conv->wanted[BACKWARD_WEIGHTS] &&
           shape->stride[1] > 1 && rows == 1;
}

static enum status create_reading(struct onednn_conv *conv, struct reading *reading,
                                  int64_t channels, const int64_t extent[3])
{
    int64_t count = conv->shape.batch * channels * extent[0] * extent[1] * extent[2];
    if (!needs_floats(conv))
        return create_activation(conv, &reading->tensor, channels, extent, conv->shape.precision);
    TRY(create_activation(conv, &reading->tensor, channels, extent, PRECISION_F32));
    return host_memory_alloc(&conv->backend->base, &reading->values, count);
}

static enum status create_tensors(struct onednn_conv *conv)
{
    const struct conv_shape *shape = &conv->shape;
    int64_t out[3];
    for (int axis = 0; axis < 3; axis++)
        out[axis] = conv->transposed ? backend_deconv_extent(shape, axis)
                                     : backend_conv_extent(shape, axis);
    TRY(create_activation(conv, &conv->src, shape->in_channels, shape->in, shape->precision));
    TRY(create_activation(conv, &conv->dst, shape->out_channels, out, shape->output));
    TRY(create_activation(conv, &conv->d_dst, shape->out_channels, out, shape->precision));
    TRY(create_reading(conv, &conv->read_src, shape->in_channels, shape->in));
    TRY(create_reading(conv, &conv->read_d_dst, shape->out_channels, out));
    TRY(create_weights(conv));
    if (shape->bias == CONV_WITHOUT_BIAS)
        return OK;
    const dnnl_dims_t dims = {shape->out_channels};
    TRY_DNNL(onednn_compat_layout_init(&conv->bias.layout, 1, dims, dnnl_f32, dnnl_x));
    return create_memory(conv, &conv->bias);
}

/* The descriptor of one part; `any` leaves the layout of weights to oneDNN. */
static dnnl_status_t describe(dnnl_primitive_desc_t *out, const struct onednn_conv *conv,
                              enum part part, onednn_compat_view any,
                              const_dnnl_primitive_desc_t forward)
{
    int bias = conv->shape.bias == CONV_WITH_BIAS && part != BACKWARD_DATA;
    const struct tensor *src = &conv->src;
    const struct tensor *dst = part == FORWARD ? &conv->dst : &conv->d_dst;
    if (part == BACKWARD_WEIGHTS) {
        src = &conv->read_src.tensor;
        dst = &conv->read_d_dst.tensor;
    }
    struct onednn_compat_conv c = {
        .transposed = conv->transposed,
        .src = onednn_compat_layout_view(&src->layout),
        .dst = onednn_compat_layout_view(&dst->layout),
        .weights = any,
        .bias = bias ? onednn_compat_layout_view(&conv->bias.layout) : NULL,
    };
    for (int axis = 0; axis < 3; axis++) {
        c.strides[axis] = conv->shape.stride[axis];
        c.padding[axis] = conv->shape.padding[axis];
    }
    dnnl_engine_t engine = conv->backend->engine;
    dnnl_prop_kind_t kind = conv->wanted[BACKWARD_DATA] || conv->wanted[BACKWARD_WEIGHTS]
                                ? dnnl_forward_training
                                : dnnl_forward_inference;
    if (part == FORWARD)
        return onednn_compat_forward(out, engine, kind, &c);
    return part == BACKWARD_DATA ? onednn_compat_backward_data(out, engine, &c, forward)
                                 : onednn_compat_backward_weights(out, engine, &c, forward);
}

static enum status create_reorder(struct onednn_conv *conv, struct packed *packed,
                                  onednn_compat_view layout, enum part part)
{
    onednn_compat_view plain = onednn_compat_layout_view(&conv->weights.layout);
    onednn_compat_view from = part == BACKWARD_WEIGHTS ? layout : plain;
    onednn_compat_view to = part == BACKWARD_WEIGHTS ? plain : layout;
    dnnl_engine_t engine = conv->backend->engine;
    dnnl_primitive_desc_t desc = NULL;
    TRY_DNNL(dnnl_reorder_primitive_desc_create(&desc, from, engine, to, engine, NULL));
    dnnl_status_t status = dnnl_primitive_create(&packed->reorder, desc);
    dnnl_primitive_desc_destroy(desc);
    TRY_DNNL(status);
    return OK;
}

static enum status create_packed(struct onednn_conv *conv, struct packed *packed,
                                 const_dnnl_primitive_desc_t desc, enum part part)
{
    dnnl_query_t what =
        part == BACKWARD_WEIGHTS ? dnnl_query_diff_weights_md : dnnl_query_weights_md;
    onednn_compat_view layout = dnnl_primitive_desc_query_md(desc, what, 0);
    packed->data = array_alloc(dnnl_memory_desc_get_size(layout), 1);
    if (packed->data == NULL)
        return ERR_MEMORY;
    TRY_DNNL(dnnl_memory_create(&packed->memory, layout, conv->backend->engine, packed->data));
    return create_reorder(conv, packed, layout, part);
}

static enum status create_part(struct onednn_conv *conv, const_dnnl_primitive_desc_t desc,
                               enum part part)
{
    struct part_plan *plan = &conv->parts[part];
    const char *name = NULL;
    TRY_DNNL(dnnl_primitive_desc_query(desc, dnnl_query_impl_info_str, 0, &name));
    strncpy(plan->name, name, sizeof plan->name - 1);
    TRY_DNNL(dnnl_primitive_create(&plan->primitive, desc));
    return create_packed(conv, &plan->weights, desc, part);
}

static enum status create_parts(struct onednn_conv *conv)
{
    enum status status = OK;
    struct onednn_compat_layout any[2] = {0}; /* of the weights and of their gradients */
    dnnl_primitive_desc_t descs[PARTS] = {NULL};
    const struct conv_shape *shape = &conv->shape;
    const dnnl_dims_t dims = {shape->out_channels, shape->in_channels, shape->kernel[0],
                              shape->kernel[1], shape->kernel[2]};
    for (int i = 0; i < 2; i++)
        TRY_GOTO(onednn_compat_status(
                     onednn_compat_layout_init(&any[i], RANK, dims,
                                               i == 0 ? type_of(shape->precision) : dnnl_f32,
                                               dnnl_format_tag_any),
                     "a layout of weights"),
                 cleanup);
    for (int part = FORWARD; part < PARTS; part++) {
        if (part != FORWARD && !conv->wanted[part]) /* FORWARD's descriptor is the others' hint */
            continue;
        TRY_GOTO(
            onednn_compat_status(describe(&descs[part], conv, (enum part)part,
                                          onednn_compat_layout_view(&any[part == BACKWARD_WEIGHTS]),
                                          descs[FORWARD]),
                                 "a convolution"),
            cleanup);
        if (conv->wanted[part])
            TRY_GOTO(create_part(conv, descs[part], (enum part)part), cleanup);
    }
cleanup:
    for (int part = 0; part < PARTS; part++)
        if (descs[part] != NULL)
            dnnl_primitive_desc_destroy(descs[part]);
    for (int i = 0; i < 2; i++)
        onednn_compat_layout_fini(&any[i]);
    return status;
}

/* oneDNN's memory objects hold addresses that may be written; inputs are only read. */
static dnnl_exec_arg_t argument(int index, dnnl_memory_t memory)
{
    dnnl_exec_arg_t arg = {index, memory};
    return arg;
}

static enum status point(const struct tensor *tensor, const struct buffer *buffer)
{
    TRY_DNNL(dnnl_memory_set_data_handle(tensor->memory, buffer->data));
    return OK;
}

static enum status execute(const struct onednn_conv *conv, const_dnnl_primitive_t primitive,
                           int count, const dnnl_exec_arg_t *arguments)
{
    int before = backend_onednn_begin(&conv->backend->base);
    dnnl_status_t status =
        dnnl_primitive_execute(primitive, conv->backend->stream, count, arguments);
    if (status == dnnl_success)
        status = dnnl_stream_wait(conv->backend->stream);
    backend_onednn_end(before);
    TRY_DNNL(status);
    return OK;
}

static enum status refresh(struct conv_plan *plan, const struct buffer *weights)
{
    struct onednn_conv *conv = onednn_conv_of(plan);
    TRY(point(&conv->weights, weights));
    for (int part = FORWARD; part <= BACKWARD_DATA; part++) {
        const struct packed *packed = &conv->parts[part].weights;
        if (packed->reorder == NULL)
            continue;
        const dnnl_exec_arg_t arguments[] = {argument(DNNL_ARG_FROM, conv->weights.memory),
                                             argument(DNNL_ARG_TO, packed->memory)};
        TRY(execute(conv, packed->reorder, 2, arguments));
    }
    return OK;
}

static enum status forward(struct conv_plan *plan, struct buffer *dst, const struct buffer *src,
                           const struct buffer *bias)
{
    struct onednn_conv *conv = onednn_conv_of(plan);
    const struct part_plan *part = &conv->parts[FORWARD];
    TRY(point(&conv->dst, dst));
    TRY(point(&conv->src, src));
    if (bias != NULL)
        TRY(point(&conv->bias, bias));
    const dnnl_exec_arg_t arguments[] = {
        argument(DNNL_ARG_SRC, conv->src.memory), argument(DNNL_ARG_WEIGHTS, part->weights.memory),
        argument(DNNL_ARG_DST, conv->dst.memory), argument(DNNL_ARG_BIAS, conv->bias.memory)};
    return execute(conv, part->primitive, bias != NULL ? 4 : 3, arguments);
}

static enum status backward_data(struct conv_plan *plan, struct buffer *d_src,
                                 const struct buffer *d_dst)
{
    struct onednn_conv *conv = onednn_conv_of(plan);
    const struct part_plan *part = &conv->parts[BACKWARD_DATA];
    TRY(point(&conv->src, d_src));
    TRY(point(&conv->d_dst, d_dst));
    const dnnl_exec_arg_t arguments[] = {argument(DNNL_ARG_DIFF_DST, conv->d_dst.memory),
                                         argument(DNNL_ARG_WEIGHTS, part->weights.memory),
                                         argument(DNNL_ARG_DIFF_SRC, conv->src.memory)};
    return execute(conv, part->primitive, 3, arguments);
}

/* Has backward_weights read `from`. */
static enum status point_reading(const struct onednn_conv *conv, struct reading *reading,
                                 const struct buffer *from)
{
    int64_t count = (int64_t)(reading->values.bytes / sizeof(float));
    if (reading->values.data == NULL)
        return point(&reading->tensor, from);
    element_convert(reading->values.data, PRECISION_F32, from->data, from->precision, count,
                    conv->backend->base.threads);
    return point(&reading->tensor, &reading->values);
}

static enum status backward_weights(struct conv_plan *plan, struct buffer *d_weights,
                                    struct buffer *d_bias, const struct buffer *src,
                                    const struct buffer *d_dst)
{
    struct onednn_conv *conv = onednn_conv_of(plan);
    const struct part_plan *part = &conv->parts[BACKWARD_WEIGHTS];
    TRY(point_reading(conv, &conv->read_src, src));
    TRY(point_reading(conv, &conv->read_d_dst, d_dst));
    if (d_bias != NULL)
        TRY(point(&conv->bias, d_bias));
    const dnnl_exec_arg_t arguments[] = {
        argument(DNNL_ARG_SRC, conv->read_src.tensor.memory),
        argument(DNNL_ARG_DIFF_DST, conv->read_d_dst.tensor.memory),
        argument(DNNL_ARG_DIFF_WEIGHTS, part->weights.memory),
        argument(DNNL_ARG_DIFF_BIAS, conv->bias.memory)};
    TRY(execute(conv, part->primitive, d_bias != NULL ? 4 : 3, arguments));
    TRY(point(&conv->weights, d_weights));
    const dnnl_exec_arg_t unpack[] = {argument(DNNL_ARG_FROM, part->weights.memory),
                                      argument(DNNL_ARG_TO, conv->weights.memory)};
    return execute(conv, part->weights.reorder, 2, unpack);
}

static const char *implementation(const struct conv_plan *plan, int64_t index)
{
    const struct onednn_conv *conv = (const struct onednn_conv *)plan;
    for (int part = 0; part < PARTS; part++)
        if (conv->parts[part].primitive != NULL && index-- == 0)
            return conv->parts[part].name;
    return NULL;
}

static void fini_tensor(struct tensor *tensor)
{
    if (tensor->memory != NULL)
        dnnl_memory_destroy(tensor->memory);
    onednn_compat_layout_fini(&tensor->layout);
}

static void fini_part(struct part_plan *part)
{
    if (part->primitive != NULL)
        dnnl_primitive_destroy(part->primitive);
    if (part->weights.reorder != NULL)
        dnnl_primitive_destroy(part->weights.reorder);
    if (part->weights.memory != NULL)
        dnnl_memory_destroy(part->weights.memory);
    array_free(part->weights.data);
}

static void destroy(struct conv_plan *plan)
{
    struct onednn_conv *conv = onednn_conv_of(plan);
    for (int part = 0; part < PARTS; part++)
        fini_part(&conv->parts[part]);
    fini_tensor(&conv->src);
    fini_tensor(&conv->dst);
    fini_tensor(&conv->d_dst);
    fini_tensor(&conv->read_src.tensor);
    fini_tensor(&conv->read_d_dst.tensor);
    host_memory_release(&conv->backend->base, &conv->read_src.values);
    host_memory_release(&conv->backend->base, &conv->read_d_dst.values);
    fini_tensor(&conv->weights);
    fini_tensor(&conv->bias);
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

static enum status create(struct conv_plan **out, struct backend *backend,
                          const struct conv_shape *shape, int transposed, const int wanted[PARTS])
{
    enum status status = OK;
    int before = backend_onednn_begin(backend);
    struct onednn_conv *conv = calloc(1, sizeof *conv);
    if (conv == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory for a convolution"), cleanup);
    conv->base.ops = &conv_ops;
    conv->backend = (struct backend_onednn *)backend;
    conv->transposed = transposed;
    conv->shape = *shape;
    memcpy(conv->wanted, wanted, sizeof conv->wanted);
    TRY_GOTO(create_tensors(conv), cleanup);
    TRY_GOTO(create_parts(conv), cleanup);
    *out = &conv->base;
    conv = NULL;
cleanup:
    backend_onednn_end(before);
    if (conv != NULL)
        destroy(&conv->base);
    return status;
}

/* What a plan will be asked for. */
static const int *parts_of(enum plan_need need)
{
    static const int parts[][PARTS] = {
        [PLAN_FORWARD] = {[FORWARD] = 1},
        [PLAN_WEIGHT_GRADIENTS] = {[FORWARD] = 1, [BACKWARD_WEIGHTS] = 1},
        [PLAN_ALL_GRADIENTS] = {1, 1, 1},
    };
    return parts[need];
}

enum status backend_onednn_conv_create(struct conv_plan **out, struct backend *backend,
                                       const struct conv_shape *shape)
{
    if (shape->precision == PRECISION_F32 && backend_onednn_few_fits(shape))
        return backend_onednn_few_create(out, backend, shape);
    return create(out, backend, shape, 0, parts_of(shape->need));
}

enum status backend_onednn_conv_create_backward_data(struct conv_plan **out,
                                                     struct backend *backend,
                                                     const struct conv_shape *shape)
{
    static const int wanted[PARTS] = {[BACKWARD_DATA] = 1};
    return create(out, backend, shape, 0, wanted);
}

enum status backend_onednn_conv_create_transposed(struct conv_plan **out, struct backend *backend,
                                                  const struct conv_shape *shape)
{
    if (shape->bias != CONV_WITHOUT_BIAS)
        return FAIL(ERR_UNSUPPORTED, "a transposed convolution has no bias here");
    return create(out, backend, shape, 1, parts_of(shape->need));
}
