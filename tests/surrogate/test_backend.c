/* SPDX-License-Identifier: Apache-2.0
 *
 * Every op of every backend of the list against the reference, forward and backward, at ordinary
 * and odd shapes. Differences are the largest over the largest value of the reference. Floats carry
 * 6e-8; a convolution adds up to 48 * 37 products in float, sums are doubles. */
#include "backend_compare.h"

#include <stdio.h>
#include <string.h>

static const double convolution_tolerance = 3e-6;
static const double norm_tolerance = 3e-6;
/* 1 - y^2 is all rounding where tanh is saturated, and few rows do not average it away. */
static const double norm_gradient_tolerance = 2e-5;
static const double element_tolerance = 5e-7;
static const double sum_tolerance = 1e-12;

static const struct conv_shape conv_shapes[] = {
    /* those of the network */
    {2,
     4,
     16,
     {3, 8, 8},
     {3, 3, 3},
     {1, 1, 1},
     {1, 1, 1},
     CONV_WITH_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {2,
     16,
     32,
     {3, 8, 8},
     {3, 4, 4},
     {1, 2, 2},
     {1, 1, 1},
     CONV_WITHOUT_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {2,
     32,
     3,
     {3, 8, 8},
     {3, 3, 3},
     {1, 1, 1},
     {1, 1, 1},
     CONV_WITH_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    /* the deepest level of a small canvas */
    {2,
     32,
     32,
     {3, 2, 2},
     {3, 4, 4},
     {1, 2, 2},
     {1, 1, 1},
     CONV_WITHOUT_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    /* odd ones */
    {1,
     5,
     7,
     {2, 9, 6},
     {3, 3, 3},
     {1, 1, 1},
     {1, 1, 1},
     CONV_WITH_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {3,
     37,
     19,
     {4, 6, 10},
     {3, 4, 4},
     {1, 2, 2},
     {1, 1, 1},
     CONV_WITHOUT_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {1,
     1,
     1,
     {1, 1, 1},
     {3, 3, 3},
     {1, 1, 1},
     {1, 1, 1},
     CONV_WITH_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {2,
     6,
     4,
     {3, 5, 7},
     {1, 3, 2},
     {1, 2, 1},
     {0, 1, 0},
     CONV_WITH_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    /* few outputs of 16, 32, 48 inputs */
    {2,
     16,
     1,
     {1, 5, 7},
     {3, 3, 3},
     {1, 1, 1},
     {1, 1, 1},
     CONV_WITH_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {1,
     48,
     4,
     {4, 3, 6},
     {1, 2, 3},
     {1, 1, 1},
     {0, 1, 0},
     CONV_WITHOUT_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {3,
     16,
     2,
     {2, 4, 3},
     {3, 3, 3},
     {1, 1, 1},
     {1, 0, 2},
     CONV_WITH_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {1,
     32,
     3,
     {3, 1, 1},
     {3, 3, 3},
     {1, 1, 1},
     {1, 1, 1},
     CONV_WITH_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {1,
     16,
     3,
     {1, 2, 21},
     {1, 1, 3},
     {1, 1, 1},
     {0, 0, 1},
     CONV_WITH_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
};

static const struct conv_shape deconv_shapes[] = {
    {2,
     32,
     32,
     {3, 1, 1},
     {3, 4, 4},
     {1, 2, 2},
     {1, 1, 1},
     CONV_WITHOUT_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {2,
     32,
     16,
     {3, 4, 4},
     {3, 4, 4},
     {1, 2, 2},
     {1, 1, 1},
     CONV_WITHOUT_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {2,
     64,
     32,
     {3, 2, 2},
     {3, 4, 4},
     {1, 2, 2},
     {1, 1, 1},
     CONV_WITHOUT_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {1,
     7,
     5,
     {2, 3, 5},
     {3, 4, 4},
     {1, 2, 2},
     {1, 1, 1},
     CONV_WITHOUT_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {2,
     3,
     9,
     {3, 4, 3},
     {3, 3, 3},
     {1, 1, 1},
     {1, 1, 1},
     CONV_WITHOUT_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
    {1,
     1,
     1,
     {1, 1, 1},
     {3, 4, 4},
     {1, 2, 2},
     {1, 1, 1},
     CONV_WITHOUT_BIAS,
     PLAN_ALL_GRADIENTS,
     PRECISION_F32,
     PRECISION_F32},
};

/* The shape in the precision of the comparison; few channels as floats, as a network's output. */
static struct conv_shape in_precision(const struct conv_shape *given)
{
    struct conv_shape shape = *given;
    shape.precision = compared_precision;
    shape.output = given->out_channels <= 4 ? PRECISION_F32 : compared_precision;
    return shape;
}

static void run_conv(struct outputs *out, struct backend *backend, const struct conv_shape *given,
                     int transposed)
{
    const struct conv_shape own = in_precision(given), *shape = &own;
    struct conv_plan *plan = NULL;
    MUST(transposed ? backend->ops->deconv3d_create(&plan, backend, shape)
                    : backend->ops->conv3d_create(&plan, backend, shape));
    int64_t src_count = shape->batch * shape->in_channels,
            dst_count = shape->batch * shape->out_channels;
    int64_t weight_count = shape->in_channels * shape->out_channels;
    for (int axis = 0; axis < 3; axis++) {
        src_count *= shape->in[axis];
        weight_count *= shape->kernel[axis];
        dst_count *=
            transposed ? backend_deconv_extent(shape, axis) : backend_conv_extent(shape, axis);
    }
    struct buffer src = compared_activation(backend, 1, src_count), dst = {0};
    MUST(backend->ops->alloc_in(backend, &dst, shape->output, dst_count));
    struct buffer weights = test_buffer(backend, 3, weight_count);
    struct buffer d_src = compared_activation(backend, 4, src_count);
    struct buffer d_weights = test_buffer(backend, 5, weight_count);
    struct buffer d_dst = compared_activation(backend, 6, dst_count);
    struct buffer bias = test_buffer(backend, 7, shape->out_channels);
    struct buffer d_bias = test_buffer(backend, 8, shape->out_channels);
    int with_bias = shape->bias == CONV_WITH_BIAS;
    MUST(plan->ops->refresh(plan, &weights));
    MUST(plan->ops->forward(plan, &dst, &src, with_bias ? &bias : NULL));
    MUST(plan->ops->backward_data(plan, &d_src, &d_dst));
    MUST(plan->ops->backward_weights(plan, &d_weights, with_bias ? &d_bias : NULL, &src, &d_dst));
    take(out, backend, &dst, dst_count);
    take(out, backend, &d_src, src_count);
    take(out, backend, &d_weights, weight_count);
    take(out, backend, &d_bias, shape->out_channels);
    backend->ops->release(backend, &src);
    backend->ops->release(backend, &weights);
    backend->ops->release(backend, &d_dst);
    backend->ops->release(backend, &bias);
    cr_expect_not_null(plan->ops->implementation(plan, 0));
    cr_expect_null(plan->ops->implementation(plan, 9));
    backend_conv_destroy(plan);
}

static void conv(struct outputs *out, struct backend *backend, int index)
{
    run_conv(out, backend, &conv_shapes[index], 0);
}

static void deconv(struct outputs *out, struct backend *backend, int index)
{
    run_conv(out, backend, &deconv_shapes[index], 1);
}

Test(backend, every_one_says_what_it_computes_with)
{
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        struct backend_facts facts;
        backend_describe(&facts, i);
        if (strcmp(backend_name(i), "ref") == 0)
            cr_assert(facts.library == NULL && facts.own_isa == NULL);
        else
            cr_assert(facts.library != NULL && facts.library_version[0] != '\0' &&
                      facts.library_isa != NULL && facts.own_isa != NULL);
    }
}

Test(backend, convolutions_agree_with_the_reference)
{
    compare_both("conv3d", conv, sizeof conv_shapes / sizeof conv_shapes[0], convolution_tolerance);
}

Test(backend, transposed_convolutions_agree_with_the_reference)
{
    compare_both("deconv3d", deconv, sizeof deconv_shapes / sizeof deconv_shapes[0],
                 convolution_tolerance);
}

/* <A x, y> = <x, A' y> with A' from backward_data, and = <w, dA y> with that from backward_weights:
 * the reference's three maps are one bilinear form. */
Test(backend, the_reference_convolution_and_its_gradients_are_one_bilinear_form)
{
    struct backend *backend = NULL;
    MUST(backend_open(&backend, "ref", 2));
    for (int transposed = 0; transposed < 2; transposed++) {
        const struct conv_shape *shape = transposed ? &deconv_shapes[3] : &conv_shapes[5];
        struct outputs out = {.count = 0};
        run_conv(&out, backend, shape, transposed);
        float *src = test_numbers(1, out.counts[1]), *weights = test_numbers(3, out.counts[2]);
        float *d_dst = test_numbers(6, out.counts[0]);
        double forward = 0, data = 0, weight = 0;
        for (int64_t i = 0; i < out.counts[0]; i++)
            forward += (double)out.values[0][i] * d_dst[i];
        for (int64_t i = 0; i < out.counts[1]; i++)
            data += (double)out.values[1][i] * src[i];
        for (int64_t i = 0; i < out.counts[2]; i++)
            weight += (double)out.values[2][i] * weights[i];
        cr_expect_lt(fabs(data / forward - 1), 1e-5, "%g and %g", data, forward);
        cr_expect_lt(fabs(weight / forward - 1), 1e-5, "%g and %g", weight, forward);
        free(src);
        free(weights);
        free(d_dst);
        drop(&out);
    }
    backend_close(backend);
}

Test(backend, a_bias_on_a_transposed_convolution_is_unsupported)
{
    struct conv_shape shape = deconv_shapes[0];
    shape.bias = CONV_WITH_BIAS;
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        struct backend *backend = NULL;
        struct conv_plan *plan = NULL;
        MUST(backend_open(&backend, backend_name(i), 1));
        cr_expect_eq(backend->ops->deconv3d_create(&plan, backend, &shape), ERR_UNSUPPORTED);
        backend_close(backend);
    }
}

static const struct norm_shape norm_shapes[] = {
    {2 * 3 * 8 * 8, 16, NORM_TANH, PLAN_ALL_GRADIENTS, NORM_BATCH, 0, 0, PRECISION_F32},
    {2 * 3 * 8 * 8, 48, NORM_LINEAR, PLAN_ALL_GRADIENTS, NORM_BATCH, 0, 0, PRECISION_F32},
    {37, 5, NORM_TANH, PLAN_ALL_GRADIENTS, NORM_BATCH, 0, 0, PRECISION_F32},
    {5, 133, NORM_LINEAR, PLAN_ALL_GRADIENTS, NORM_BATCH, 0, 0, PRECISION_F32},
    {3, 1, NORM_TANH, PLAN_ALL_GRADIENTS, NORM_BATCH, 0, 0, PRECISION_F32},
    {2 * 3 * 8 * 8, 16, NORM_TANH, PLAN_ALL_GRADIENTS, NORM_GROUP, 2, 8, PRECISION_F32},
    {3 * 37, 5, NORM_TANH, PLAN_ALL_GRADIENTS, NORM_GROUP, 3, 5, PRECISION_F32},
    {5 * 21, 17, NORM_LINEAR, PLAN_ALL_GRADIENTS, NORM_GROUP, 5, 1, PRECISION_F32},
    {64, 133, NORM_TANH, PLAN_ALL_GRADIENTS, NORM_GROUP, 1, 7, PRECISION_F32},
    {35, 1, NORM_LINEAR, PLAN_ALL_GRADIENTS, NORM_GROUP, 7, 1, PRECISION_F32},
};

enum { NORMS = sizeof norm_shapes / sizeof norm_shapes[0], BATCH_NORMS = 5 };

/* x with a mean far from 0, as a careless variance would show. */
static struct buffer shifted(struct backend *backend, enum precision precision, uint64_t seed,
                             int64_t count)
{
    float *values = test_numbers(seed, count);
    for (int64_t i = 0; i < count; i++)
        values[i] += 30;
    struct buffer buffer = test_upload_in(backend, precision, values, count);
    free(values);
    return buffer;
}

struct norm_case {
    struct norm_plan *plan;
    struct buffer x, y, scale, shift, mean, variance;
    int64_t count, channels;
};

static void norm_begin(struct norm_case *it, struct backend *backend, int index)
{
    struct norm_shape shape = norm_shapes[index];
    shape.precision = compared_precision;
    it->count = shape.rows * shape.channels;
    it->channels = shape.channels;
    MUST(backend->ops->norm_create(&it->plan, backend, &shape));
    it->x = shifted(backend, compared_precision, 1, it->count);
    it->y = compared_activation(backend, 2, it->count);
    it->scale = test_buffer(backend, 3, it->channels);
    it->shift = test_buffer(backend, 4, it->channels);
    it->mean = shifted(backend, PRECISION_F32, 5, it->channels);
    it->variance = shifted(backend, PRECISION_F32, 6, it->channels);
}

static void norm_end(struct norm_case *it, struct backend *backend)
{
    backend->ops->release(backend, &it->x);
    backend->ops->release(backend, &it->y);
    backend->ops->release(backend, &it->scale);
    backend->ops->release(backend, &it->shift);
    backend->ops->release(backend, &it->mean);
    backend->ops->release(backend, &it->variance);
    backend_norm_destroy(it->plan);
}

static void norm_forward(struct outputs *out, struct backend *backend, int index)
{
    struct norm_case it;
    norm_begin(&it, backend, index);
    int batch = norm_shapes[index].kind == NORM_BATCH;
    MUST(it.plan->ops->forward_batch(it.plan, &it.y, &it.x, &it.scale, &it.shift,
                                     batch ? &it.mean : NULL, batch ? &it.variance : NULL));
    take(out, backend, &it.y, it.count);
    take(out, backend, &it.mean, it.channels);
    take(out, backend, &it.variance, it.channels);
    norm_end(&it, backend);
}

static void norm_running(struct outputs *out, struct backend *backend, int index)
{
    struct norm_case it;
    norm_begin(&it, backend, index);
    MUST(it.plan->ops->forward_running(it.plan, &it.x, &it.x, &it.scale, &it.shift, &it.mean,
                                       &it.variance));
    take(out, backend, &it.x, it.count);
    norm_end(&it, backend);
}

/* In bf16 an output that one backend rounds up and another down would be another input of the
 * gradient: some numbers for all of them instead. */
static void replace_rounded(struct norm_case *it, struct backend *backend)
{
    if (compared_precision == PRECISION_F32)
        return;
    backend->ops->release(backend, &it->y);
    it->y = compared_activation(backend, 12, it->count);
}

static void norm_backward(struct outputs *out, struct backend *backend, int index)
{
    struct norm_case it;
    norm_begin(&it, backend, index);
    struct buffer gradient = compared_activation(backend, 7, it.count);
    struct buffer d_scale = test_buffer(backend, 8, it.channels);
    struct buffer d_shift = test_buffer(backend, 9, it.channels);
    MUST(it.plan->ops->forward_batch(it.plan, &it.y, &it.x, &it.scale, &it.shift, NULL, NULL));
    replace_rounded(&it, backend);
    MUST(it.plan->ops->backward(it.plan, &gradient, &d_scale, &d_shift, &gradient, &it.y, &it.x,
                                &it.scale));
    take(out, backend, &gradient, it.count);
    take(out, backend, &d_scale, it.channels);
    take(out, backend, &d_shift, it.channels);
    take(out, backend, &it.mean, it.channels); // untouched
    norm_end(&it, backend);
}

/* By running statistics they are constants. */
static void norm_frozen_backward(struct outputs *out, struct backend *backend, int index)
{
    struct norm_case it;
    norm_begin(&it, backend, index);
    struct buffer gradient = compared_activation(backend, 7, it.count);
    struct buffer d_scale = test_buffer(backend, 8, it.channels);
    struct buffer d_shift = test_buffer(backend, 9, it.channels);
    MUST(it.plan->ops->forward_batch(it.plan, &it.y, &it.x, &it.scale, &it.shift, NULL, NULL));
    MUST(it.plan->ops->forward_running(it.plan, &it.y, &it.x, &it.scale, &it.shift, &it.mean,
                                       &it.variance));
    replace_rounded(&it, backend);
    MUST(it.plan->ops->backward(it.plan, &gradient, &d_scale, &d_shift, &gradient, &it.y, &it.x,
                                &it.scale));
    take(out, backend, &gradient, it.count);
    take(out, backend, &d_scale, it.channels);
    take(out, backend, &d_shift, it.channels);
    norm_end(&it, backend);
}

/* A norm in place, as a forecast takes it. */
static void norm_in_place(struct outputs *out, struct backend *backend, int index)
{
    struct norm_case it;
    norm_begin(&it, backend, index);
    MUST(it.plan->ops->forward_batch(it.plan, &it.x, &it.x, &it.scale, &it.shift, NULL, NULL));
    take(out, backend, &it.x, it.count);
    norm_end(&it, backend);
}

Test(backend, norms_by_batch_statistics_agree_with_the_reference)
{
    compare_both("norm forward", norm_forward, NORMS, norm_tolerance);
}

Test(backend, norms_by_running_statistics_agree_with_the_reference)
{
    compare_both("norm by running statistics", norm_running, BATCH_NORMS, norm_tolerance);
}

Test(backend, norm_gradients_agree_with_the_reference)
{
    compare_both("norm backward", norm_backward, NORMS, norm_gradient_tolerance);
}

Test(backend, norm_gradients_by_running_statistics_agree_with_the_reference)
{
    compare_both("norm backward by running statistics", norm_frozen_backward, BATCH_NORMS,
                 norm_gradient_tolerance);
}

Test(backend, norms_in_place_agree_with_the_reference)
{
    compare_both("norm in place", norm_in_place, NORMS, norm_tolerance);
}

Test(backend, a_group_norm_has_no_running_statistics)
{
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        struct backend *backend = NULL;
        struct norm_case it;
        MUST(backend_open(&backend, backend_name(i), 1));
        norm_begin(&it, backend, BATCH_NORMS);
        cr_expect_eq(it.plan->ops->forward_running(it.plan, &it.x, &it.x, &it.scale, &it.shift,
                                                   &it.mean, &it.variance),
                     ERR_UNSUPPORTED);
        norm_end(&it, backend);
        backend_close(backend);
    }
}

/* Lengths about the vectors, the parts of a sum and the parts of a thread. */
static const int64_t counts[] = {1, 15, 64, 1000, 16384, 100003};
enum { COUNTS = sizeof counts / sizeof counts[0] };

static void elements(struct outputs *out, struct backend *backend, int index)
{
    const struct backend_ops *ops = backend->ops;
    int64_t count = counts[index];
    struct buffer x = test_buffer(backend, 1, count), y = test_buffer(backend, 2, count);
    struct buffer difference = test_buffer(backend, 3, count),
                  same = test_buffer(backend, 4, count);
    MUST(ops->axpy(backend, &y, 0.37f, &x, count));
    MUST(ops->scale(backend, &y, -1.7f, count));
    MUST(ops->subtract(backend, &difference, &y, &x, count));
    MUST(ops->copy(backend, &same, &difference, count));
    MUST(ops->fill(backend, &x, 0.25f, count));
    MUST(ops->sync(backend));
    take(out, backend, &y, count);
    take(out, backend, &difference, count);
    take(out, backend, &same, count);
    take(out, backend, &x, count);
}

static void tanhs(struct outputs *out, struct backend *backend, int index)
{
    int64_t count = counts[index];
    float *values = test_numbers(1, count);
    for (int64_t i = 0; i < count; i++)
        values[i] *= i % 3 == 0 ? 20.0f : i % 3 == 1 ? 1.0f : 1e-3f;
    struct buffer x = test_upload_in(backend, compared_precision, values, count);
    struct buffer y = compared_activation(backend, 2, count);
    struct buffer gradient = compared_activation(backend, 3, count);
    MUST(backend->ops->tanh_forward(backend, &y, &x, count));
    MUST(backend->ops->tanh_forward(backend, &x, &x, count));
    take(out, backend, &y, count);
    y = compared_activation(backend, 4, count);
    MUST(backend->ops->tanh_backward(backend, &gradient, &gradient, &y, count));
    backend->ops->release(backend, &y);
    take(out, backend, &x, count);
    take(out, backend, &gradient, count);
    free(values);
}

static void sums(struct outputs *out, struct backend *backend, int index)
{
    int64_t count = counts[index];
    struct buffer x = test_buffer(backend, 1, count);
    double plain = 0, squares = 0, exact = 0, exact_squares = 0;
    MUST(backend->ops->sum(backend, &plain, &x, count));
    MUST(backend->ops->sum_squares(backend, &squares, &x, count));
    float *values = test_download(backend, &x, count);
    for (int64_t i = 0; i < count; i++) {
        exact += values[i];
        exact_squares += (double)values[i] * values[i];
    }
    cr_expect_lt(fabs(plain - exact), sum_tolerance * (double)count);
    cr_expect_lt(fabs(squares / exact_squares - 1), sum_tolerance);
    free(values);
    take(out, backend, &x, count);
}

static void steps(struct outputs *out, struct backend *backend, int index)
{
    int64_t count = counts[index];
    struct buffer p = test_buffer(backend, 1, count), m = test_buffer(backend, 2, count);
    struct buffer v = test_mask(backend, 3, count, 0.5), g = test_buffer(backend, 4, count);
    struct buffer decay = test_mask(backend, 5, count, 0.5);
    struct adamw_options options = {.rate = 2e-2,
                                    .beta1 = 0.9,
                                    .beta2 = 0.999,
                                    .epsilon = 1e-8,
                                    .decay_rate = 0.5,
                                    .gradient_scale = 0.7,
                                    .step = 3};
    for (; options.step < 6; options.step++)
        MUST(backend->ops->adamw(backend, &p, &m, &v, &g, &decay, &options, count));
    take(out, backend, &p, count);
    take(out, backend, &m, count);
    take(out, backend, &v, count);
    backend->ops->release(backend, &g);
    backend->ops->release(backend, &decay);
}

Test(backend, operations_on_whole_buffers_agree_with_the_reference)
{
    compare("element", elements, COUNTS, element_tolerance);
}

/* What activations and their gradients need beside, between precisions too. */
static void roundings(struct outputs *out, struct backend *backend, int index)
{
    const struct backend_ops *ops = backend->ops;
    int64_t count = counts[index];
    struct buffer x = compared_activation(backend, 1, count), wide = test_buffer(backend, 2, count);
    struct buffer y = compared_activation(backend, 3, count), again = {0};
    struct buffer whole = test_buffer(backend, 4, count), output = test_buffer(backend, 5, count);
    MUST(ops->alloc_in(backend, &again, compared_precision, count));
    MUST(ops->axpy(backend, &y, 0.37f, &x, count));
    MUST(ops->copy(backend, &again, &wide, count));
    MUST(ops->copy(backend, &wide, &x, count));
    MUST(ops->tanh_backward(backend, &x, &whole, &output, count));
    take(out, backend, &y, count);
    take(out, backend, &again, count);
    take(out, backend, &wide, count);
    take(out, backend, &x, count);
    ops->release(backend, &whole);
    ops->release(backend, &output);
}

Test(backend, sums_and_copies_of_activations_agree_with_the_reference)
{
    compare_both("roundings", roundings, COUNTS, element_tolerance);
}

Test(backend, a_bf16_buffer_rounds_what_it_is_given_and_shows_it_again)
{
    const float given[] = {1.00390625f, 1.01171875f, -3.14159274f, 1e-40f};
    const float shown[] = {1.0f, 1.015625f, -3.140625f, 0x1p-133f};
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        struct backend *backend = NULL;
        MUST(backend_open(&backend, backend_name(i), 1));
        struct buffer buffer = test_upload_in(backend, PRECISION_BF16, given, 4);
        cr_expect_eq(buffer.bytes, 8);
        struct buffer last = backend_view(&buffer, 2, 2);
        float *got = test_download(backend, &buffer, 4), *two = test_download(backend, &last, 2);
        cr_expect_arr_eq(got, shown, sizeof shown);
        cr_expect_arr_eq(two, shown + 2, 2 * sizeof *shown);
        free(got);
        free(two);
        backend->ops->release(backend, &buffer);
        backend_close(backend);
    }
}

Test(backend, a_backend_without_bf16_refuses_it_and_the_reference_rounds)
{
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        struct backend *backend = NULL;
        MUST(backend_open(&backend, backend_name(i), 1));
        enum backend_bf16 bf16 = backend->ops->bf16(backend);
        cr_expect_eq(backend->precision, PRECISION_F32);
        cr_expect_eq(backend_set_precision(backend, PRECISION_BF16),
                     bf16 == BACKEND_BF16_NONE ? ERR_UNSUPPORTED : OK);
        cr_expect_eq(backend->precision,
                     bf16 == BACKEND_BF16_NONE ? PRECISION_F32 : PRECISION_BF16);
        MUST(backend_set_precision(backend, PRECISION_F32));
        if (strcmp(backend_name(i), "ref") == 0)
            cr_expect_eq(bf16, BACKEND_BF16_ROUNDED);
        backend_close(backend);
    }
}

Test(backend, tanh_agrees_with_the_reference)
{
    compare_both("tanh", tanhs, COUNTS, element_tolerance);
}

Test(backend, sums_are_double_sums)
{
    compare("sum", sums, COUNTS, 0);
}

Test(backend, adamw_agrees_with_the_reference)
{
    compare("adamw", steps, COUNTS, 2e-6);
}

static const int64_t row_shapes[][3] = {{1, 1, 1}, {7, 3, 5}, {384, 16, 32}, {33, 130, 1}};
enum { ROWS = sizeof row_shapes / sizeof row_shapes[0] };

static void concats(struct outputs *out, struct backend *backend, int index)
{
    int64_t rows = row_shapes[index][0], a = row_shapes[index][1], b = row_shapes[index][2];
    struct buffer left = compared_activation(backend, 1, rows * a),
                  right = compared_activation(backend, 2, rows * b);
    struct buffer both = compared_activation(backend, 3, rows * (a + b));
    struct buffer left_again = compared_activation(backend, 4, rows * a);
    struct buffer right_again = compared_activation(backend, 5, rows * b);
    MUST(backend->ops->concat(backend, &both, &left, &right, rows, a, b));
    MUST(backend->ops->split(backend, &left_again, &right_again, &both, rows, a, b));
    float *first = test_download(backend, &left, rows * a);
    take(out, backend, &both, rows * (a + b));
    take(out, backend, &left_again, rows * a);
    take(out, backend, &right_again, rows * b);
    cr_expect_eq(test_difference(out->values[1], first, rows * a), 0);
    free(first);
    backend->ops->release(backend, &left);
    backend->ops->release(backend, &right);
}

static void biases(struct outputs *out, struct backend *backend, int index)
{
    int64_t rows = row_shapes[index][0], channels = row_shapes[index][1];
    struct buffer x = compared_activation(backend, 1, rows * channels);
    struct buffer bias = test_buffer(backend, 2, channels),
                  d_bias = test_buffer(backend, 3, channels);
    MUST(backend->ops->bias_gradient(backend, &d_bias, &x, rows, channels));
    MUST(backend->ops->bias_add(backend, &x, &bias, rows, channels));
    take(out, backend, &x, rows * channels);
    take(out, backend, &d_bias, channels);
    backend->ops->release(backend, &bias);
}

Test(backend, concat_and_split_agree_with_the_reference)
{
    compare_both("concat", concats, ROWS, 0);
}

Test(backend, biases_agree_with_the_reference)
{
    compare_both("bias", biases, ROWS, element_tolerance);
}

static const int64_t field_shapes[][5] = {
    {2, 3, 64, 64, 3}, {1, 2, 5, 7, 4}, {3, 1, 3, 33, 1}, {1, 1, 2, 2, 2}, {2, 1, 1, 1, 3}};
enum { FIELDS = sizeof field_shapes / sizeof field_shapes[0] };

static void fields(struct outputs *out, struct backend *backend, int index)
{
    const struct backend_ops *ops = backend->ops;
    const int64_t *dims = field_shapes[index / 2];
    enum difference_axis axis = index % 2 ? DIFFERENCE_Y : DIFFERENCE_X;
    int64_t cells = dims[0] * dims[2] * dims[3], count = cells * dims[1] * dims[4];
    struct buffer x = test_buffer(backend, 1, count), d = test_buffer(backend, 2, count);
    struct buffer back = test_buffer(backend, 3, count);
    struct buffer mask = test_mask(backend, 4, cells, 0.2), inner = test_buffer(backend, 5, cells);
    MUST(ops->difference(backend, &d, &x, dims, axis));
    MUST(ops->difference_adjoint(backend, &back, &x, dims, axis));
    MUST(ops->mask_difference(backend, &inner, &mask, dims, axis));
    MUST(ops->masked_scale(backend, &x, 0.3f, &x, &mask, dims));
    take(out, backend, &d, count);
    take(out, backend, &back, count);
    take(out, backend, &inner, cells);
    take(out, backend, &x, count);
    backend->ops->release(backend, &mask);
}

Test(backend, differences_and_masks_agree_with_the_reference)
{
    compare("field", fields, 2 * FIELDS, element_tolerance);
}

Test(backend, masked_sums_agree_with_the_reference)
{
    struct backend *ref = NULL, *backend = NULL;
    MUST(backend_open(&ref, "ref", 1));
    for (int index = 0; index < FIELDS; index++) {
        const int64_t *dims = field_shapes[index];
        int64_t cells = dims[0] * dims[2] * dims[3], count = cells * dims[1] * dims[4];
        double expected = 0, got = 0;
        struct buffer x = test_buffer(ref, 1, count), mask = test_mask(ref, 2, cells, 0.2);
        MUST(ref->ops->masked_sum_squares(ref, &expected, &x, &mask, dims));
        for (int64_t i = 0; backend_name(i) != NULL; i++) {
            MUST(backend_open(&backend, backend_name(i), 2));
            struct buffer y = test_buffer(backend, 1, count);
            struct buffer m = test_mask(backend, 2, cells, 0.2);
            MUST(backend->ops->masked_sum_squares(backend, &got, &y, &m, dims));
            cr_expect_leq(fabs(got - expected), sum_tolerance * expected, "%s, case %d",
                          backend_name(i), index);
            backend->ops->release(backend, &y);
            backend->ops->release(backend, &m);
            backend_close(backend);
        }
        ref->ops->release(ref, &x);
        ref->ops->release(ref, &mask);
    }
    backend_close(ref);
}

/* The reference's adjoint is the transpose: <D x, y> = <x, D' y>. */
Test(backend, the_reference_difference_and_its_adjoint_are_transposes)
{
    struct backend *ref = NULL;
    MUST(backend_open(&ref, "ref", 1));
    for (int index = 0; index < 2 * FIELDS; index++) {
        const int64_t *dims = field_shapes[index / 2];
        enum difference_axis axis = index % 2 ? DIFFERENCE_Y : DIFFERENCE_X;
        int64_t count = dims[0] * dims[1] * dims[2] * dims[3] * dims[4];
        struct buffer x = test_buffer(ref, 1, count), y = test_buffer(ref, 2, count);
        struct buffer dx = test_buffer(ref, 3, count), dy = test_buffer(ref, 4, count);
        MUST(ref->ops->difference(ref, &dx, &x, dims, axis));
        MUST(ref->ops->fill(ref, &dy, 0, count));
        MUST(ref->ops->difference_adjoint(ref, &dy, &y, dims, axis));
        const float *a = x.data, *b = y.data, *da = dx.data, *db = dy.data;
        double left = 0, right = 0;
        for (int64_t i = 0; i < count; i++) {
            left += (double)da[i] * b[i];
            right += (double)a[i] * db[i];
        }
        cr_expect_leq(fabs(left - right), 1e-6 * (double)count);
        ref->ops->release(ref, &x);
        ref->ops->release(ref, &y);
        ref->ops->release(ref, &dx);
        ref->ops->release(ref, &dy);
    }
    backend_close(ref);
}

Test(backend, auto_opens_the_first_of_the_list_and_ref_is_always_there)
{
    struct backend *backend = NULL;
    int refs = 0;
    MUST(backend_open(&backend, "auto", 1));
    cr_expect_str_eq(backend->ops->name, backend_name(0));
    backend_close(backend);
    for (int64_t i = 0; backend_name(i) != NULL; i++)
        refs += strcmp(backend_name(i), "ref") == 0;
    cr_expect_eq(refs, 1);
}

Test(backend, unknown_names_and_no_threads_are_refused)
{
    struct backend *backend = NULL;
    cr_expect_eq(backend_open(&backend, "abacus", 1), ERR_USAGE);
    cr_expect_not_null(strstr(error_message(), "'abacus'"));
    cr_expect_not_null(strstr(error_message(), "ref"));
    cr_expect_eq(backend_open(&backend, "ref", 0), ERR_USAGE);
    cr_expect_null(backend);
    backend_close(NULL);
    backend_conv_destroy(NULL);
    backend_norm_destroy(NULL);
}

Test(backend, an_impossible_buffer_is_out_of_memory)
{
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        struct backend *backend = NULL;
        struct buffer buffer = {0};
        MUST(backend_open(&backend, backend_name(i), 1));
        cr_expect_eq(backend->ops->alloc(backend, &buffer, INT64_MAX), ERR_MEMORY);
        cr_expect_null(buffer.data);
        backend->ops->release(backend, &buffer);
        backend_close(backend);
    }
}
