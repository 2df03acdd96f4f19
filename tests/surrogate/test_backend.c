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
    {2, 4, 16, {3, 8, 8}, {3, 3, 3}, {1, 1, 1}, {1, 1, 1}, CONV_WITH_BIAS, PLAN_ALL_GRADIENTS},
    {2, 16, 32, {3, 8, 8}, {3, 4, 4}, {1, 2, 2}, {1, 1, 1}, CONV_WITHOUT_BIAS, PLAN_ALL_GRADIENTS},
    {2, 32, 3, {3, 8, 8}, {3, 3, 3}, {1, 1, 1}, {1, 1, 1}, CONV_WITH_BIAS, PLAN_ALL_GRADIENTS},
    /* odd ones */
    {1, 5, 7, {2, 9, 6}, {3, 3, 3}, {1, 1, 1}, {1, 1, 1}, CONV_WITH_BIAS, PLAN_ALL_GRADIENTS},
    {3, 37, 19, {4, 6, 10}, {3, 4, 4}, {1, 2, 2}, {1, 1, 1}, CONV_WITHOUT_BIAS, PLAN_ALL_GRADIENTS},
    {1, 1, 1, {1, 1, 1}, {3, 3, 3}, {1, 1, 1}, {1, 1, 1}, CONV_WITH_BIAS, PLAN_ALL_GRADIENTS},
    {2, 6, 4, {3, 5, 7}, {1, 3, 2}, {1, 2, 1}, {0, 1, 0}, CONV_WITH_BIAS, PLAN_ALL_GRADIENTS},
    /* few outputs of 16, 32, 48 inputs */
    {2, 16, 1, {1, 5, 7}, {3, 3, 3}, {1, 1, 1}, {1, 1, 1}, CONV_WITH_BIAS, PLAN_ALL_GRADIENTS},
    {1, 48, 4, {4, 3, 6}, {1, 2, 3}, {1, 1, 1}, {0, 1, 0}, CONV_WITHOUT_BIAS, PLAN_ALL_GRADIENTS},
    {3, 16, 2, {2, 4, 3}, {3, 3, 3}, {1, 1, 1}, {1, 0, 2}, CONV_WITH_BIAS, PLAN_ALL_GRADIENTS},
    {1, 32, 3, {3, 1, 1}, {3, 3, 3}, {1, 1, 1}, {1, 1, 1}, CONV_WITH_BIAS, PLAN_ALL_GRADIENTS},
    {1, 16, 3, {1, 2, 21}, {1, 1, 3}, {1, 1, 1}, {0, 0, 1}, CONV_WITH_BIAS, PLAN_ALL_GRADIENTS},
};

static const struct conv_shape deconv_shapes[] = {
    {2, 32, 16, {3, 4, 4}, {3, 4, 4}, {1, 2, 2}, {1, 1, 1}, CONV_WITHOUT_BIAS, PLAN_ALL_GRADIENTS},
    {2, 64, 32, {3, 2, 2}, {3, 4, 4}, {1, 2, 2}, {1, 1, 1}, CONV_WITHOUT_BIAS, PLAN_ALL_GRADIENTS},
    {1, 7, 5, {2, 3, 5}, {3, 4, 4}, {1, 2, 2}, {1, 1, 1}, CONV_WITHOUT_BIAS, PLAN_ALL_GRADIENTS},
    {2, 3, 9, {3, 4, 3}, {3, 3, 3}, {1, 1, 1}, {1, 1, 1}, CONV_WITHOUT_BIAS, PLAN_ALL_GRADIENTS},
    {1, 1, 1, {1, 1, 1}, {3, 4, 4}, {1, 2, 2}, {1, 1, 1}, CONV_WITHOUT_BIAS, PLAN_ALL_GRADIENTS},
};

static void run_conv(struct outputs *out, struct backend *backend, const struct conv_shape *shape,
                     int transposed)
{
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
    struct buffer src = test_buffer(backend, 1, src_count),
                  dst = test_buffer(backend, 2, dst_count);
    struct buffer weights = test_buffer(backend, 3, weight_count);
    struct buffer d_src = test_buffer(backend, 4, src_count);
    struct buffer d_weights = test_buffer(backend, 5, weight_count);
    struct buffer d_dst = test_buffer(backend, 6, dst_count);
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
    compare("conv3d", conv, sizeof conv_shapes / sizeof conv_shapes[0], convolution_tolerance);
}

Test(backend, transposed_convolutions_agree_with_the_reference)
{
    compare("deconv3d", deconv, sizeof deconv_shapes / sizeof deconv_shapes[0],
            convolution_tolerance);
}

/* <A x, y> = <x, A' y> with A' from backward_data, and = <w, dA y> with that from backward_weights:
 * the reference's three maps are one bilinear form. */
Test(backend, the_reference_convolution_and_its_gradients_are_one_bilinear_form)
{
    struct backend *backend = NULL;
    MUST(backend_open(&backend, "ref", 2));
    for (int transposed = 0; transposed < 2; transposed++) {
        const struct conv_shape *shape = transposed ? &deconv_shapes[2] : &conv_shapes[4];
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
    {2 * 3 * 8 * 8, 16, NORM_TANH, PLAN_ALL_GRADIENTS, NORM_BATCH, 0, 0},
    {2 * 3 * 8 * 8, 48, NORM_LINEAR, PLAN_ALL_GRADIENTS, NORM_BATCH, 0, 0},
    {37, 5, NORM_TANH, PLAN_ALL_GRADIENTS, NORM_BATCH, 0, 0},
    {5, 133, NORM_LINEAR, PLAN_ALL_GRADIENTS, NORM_BATCH, 0, 0},
    {3, 1, NORM_TANH, PLAN_ALL_GRADIENTS, NORM_BATCH, 0, 0},
    {2 * 3 * 8 * 8, 16, NORM_TANH, PLAN_ALL_GRADIENTS, NORM_GROUP, 2, 8},
    {3 * 37, 5, NORM_TANH, PLAN_ALL_GRADIENTS, NORM_GROUP, 3, 5},
    {5 * 21, 17, NORM_LINEAR, PLAN_ALL_GRADIENTS, NORM_GROUP, 5, 1},
    {64, 133, NORM_TANH, PLAN_ALL_GRADIENTS, NORM_GROUP, 1, 7},
    {35, 1, NORM_LINEAR, PLAN_ALL_GRADIENTS, NORM_GROUP, 7, 1},
};

enum { NORMS = sizeof norm_shapes / sizeof norm_shapes[0], BATCH_NORMS = 5 };

/* x with a mean far from 0, as a careless variance would show. */
static struct buffer shifted(struct backend *backend, uint64_t seed, int64_t count)
{
    float *values = test_numbers(seed, count);
    for (int64_t i = 0; i < count; i++)
        values[i] += 30;
    struct buffer buffer = test_upload(backend, values, count);
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
    const struct norm_shape *shape = &norm_shapes[index];
    it->count = shape->rows * shape->channels;
    it->channels = shape->channels;
    MUST(backend->ops->norm_create(&it->plan, backend, shape));
    it->x = shifted(backend, 1, it->count);
    it->y = test_buffer(backend, 2, it->count);
    it->scale = test_buffer(backend, 3, it->channels);
    it->shift = test_buffer(backend, 4, it->channels);
    it->mean = shifted(backend, 5, it->channels);
    it->variance = shifted(backend, 6, it->channels);
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

static void norm_backward(struct outputs *out, struct backend *backend, int index)
{
    struct norm_case it;
    norm_begin(&it, backend, index);
    struct buffer gradient = test_buffer(backend, 7, it.count);
    struct buffer d_scale = test_buffer(backend, 8, it.channels);
    struct buffer d_shift = test_buffer(backend, 9, it.channels);
    MUST(it.plan->ops->forward_batch(it.plan, &it.y, &it.x, &it.scale, &it.shift, NULL, NULL));
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
    struct buffer gradient = test_buffer(backend, 7, it.count);
    struct buffer d_scale = test_buffer(backend, 8, it.channels);
    struct buffer d_shift = test_buffer(backend, 9, it.channels);
    MUST(it.plan->ops->forward_batch(it.plan, &it.y, &it.x, &it.scale, &it.shift, NULL, NULL));
    MUST(it.plan->ops->forward_running(it.plan, &it.y, &it.x, &it.scale, &it.shift, &it.mean,
                                       &it.variance));
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
    compare("norm forward", norm_forward, NORMS, norm_tolerance);
}

Test(backend, norms_by_running_statistics_agree_with_the_reference)
{
    compare("norm by running statistics", norm_running, BATCH_NORMS, norm_tolerance);
}

Test(backend, norm_gradients_agree_with_the_reference)
{
    compare("norm backward", norm_backward, NORMS, norm_gradient_tolerance);
}

Test(backend, norm_gradients_by_running_statistics_agree_with_the_reference)
{
    compare("norm backward by running statistics", norm_frozen_backward, BATCH_NORMS,
            norm_gradient_tolerance);
}

Test(backend, norms_in_place_agree_with_the_reference)
{
    compare("norm in place", norm_in_place, NORMS, norm_tolerance);
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
    struct buffer x = test_upload(backend, values, count), y = test_buffer(backend, 2, count);
    struct buffer gradient = test_buffer(backend, 3, count);
    MUST(backend->ops->tanh_forward(backend, &y, &x, count));
    MUST(backend->ops->tanh_forward(backend, &x, &x, count));
    MUST(backend->ops->tanh_backward(backend, &gradient, &gradient, &y, count));
    take(out, backend, &y, count);
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

Test(backend, tanh_agrees_with_the_reference)
{
    compare("tanh", tanhs, COUNTS, element_tolerance);
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
    struct buffer left = test_buffer(backend, 1, rows * a),
                  right = test_buffer(backend, 2, rows * b);
    struct buffer both = test_buffer(backend, 3, rows * (a + b));
    struct buffer left_again = test_buffer(backend, 4, rows * a);
    struct buffer right_again = test_buffer(backend, 5, rows * b);
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
    struct buffer x = test_buffer(backend, 1, rows * channels);
    struct buffer bias = test_buffer(backend, 2, channels),
                  d_bias = test_buffer(backend, 3, channels);
    MUST(backend->ops->bias_add(backend, &x, &bias, rows, channels));
    MUST(backend->ops->bias_gradient(backend, &d_bias, &x, rows, channels));
    take(out, backend, &x, rows * channels);
    take(out, backend, &d_bias, channels);
    backend->ops->release(backend, &bias);
}

Test(backend, concat_and_split_agree_with_the_reference)
{
    compare("concat", concats, ROWS, 0);
}

Test(backend, biases_agree_with_the_reference)
{
    compare("bias", biases, ROWS, element_tolerance);
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
