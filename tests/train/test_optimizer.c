/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "optimizer.h"

#include <criterion/criterion.h>
#include <math.h>

static struct backend *backend;
static struct network *network;
static int64_t count;
static float *values, *gradients;

static const struct optimizer_options usual = {
    .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .decay = 0.1, .clip = 0.0};

static void set_up(void)
{
    struct network_spec spec;
    cr_assert_eq(network_spec_parse(&spec, "C 4 / 4 * 4 + C 3"), OK);
    cr_assert_eq(backend_open(&backend, "ref", 1), OK);
    cr_assert_eq(network_create(&network, &spec, backend, 1, 4, 4, NETWORK_TRAIN), OK);
    cr_assert_eq(network_initialise(network, 3), OK);
    count = network_parameter_count(network);
    cr_assert_eq(ARRAY_NEW(values, count), OK);
    cr_assert_eq(ARRAY_NEW(gradients, count), OK);
}

static void tear_down(void)
{
    array_free(values);
    array_free(gradients);
    network_destroy(network);
    backend_close(backend);
}

TestSuite(optimizer, .init = set_up, .fini = tear_down);

static void set_gradients(float value)
{
    for (int64_t i = 0; i < count; i++)
        gradients[i] = value;
    cr_assert_eq(backend->ops->upload(backend, network_gradients(network), gradients, count), OK);
}

static void get_parameters(float *to)
{
    cr_assert_eq(backend->ops->download(backend, to, network_parameters(network), count), OK);
}

/* The first step of Adam is rate * sign of the gradient, whatever its size; decay is proportional.
 */
Test(optimizer, the_first_update_is_the_rate_and_convolution_weights_alone_decay)
{
    struct optimizer *optimizer = NULL;
    double norm;
    float *before = NULL;
    cr_assert_eq(ARRAY_NEW(before, count), OK);
    get_parameters(before);
    cr_assert_eq(optimizer_create(&optimizer, network, backend, &usual), OK);
    set_gradients(0.5F);
    cr_assert_eq(optimizer_update(optimizer, &norm, 0.01, 1), OK);
    cr_expect_float_eq(norm, 0.5 * sqrt((double)count), 1e-6);
    get_parameters(values);
    int64_t decayed = 0;
    for (int64_t t = 0; t < network_tensor_count(network); t++) {
        const struct network_tensor *tensor = network_tensor_at(network, t);
        if (tensor->statistic)
            continue;
        decayed += tensor->decays;
        for (int64_t i = tensor->offset; i < tensor->offset + tensor->count; i++) {
            double wanted = before[i] * (tensor->decays ? 1.0 - 0.01 * 0.1 : 1.0) - 0.01;
            cr_expect_float_eq(values[i], wanted, 1e-6, "%s", tensor->name);
        }
    }
    cr_expect_eq(decayed, 4);
    array_free(before);
    optimizer_destroy(optimizer);
}

/* Clipping scales the gradient: the first moment shows it. */
Test(optimizer, the_gradient_is_clipped_to_the_global_norm)
{
    struct optimizer *optimizer = NULL;
    struct optimizer_options options = usual;
    double norm;
    options.clip = 1.0;
    cr_assert_eq(optimizer_create(&optimizer, network, backend, &options), OK);
    set_gradients(2.0F);
    cr_assert_eq(optimizer_update(optimizer, &norm, 0.01, 1), OK);
    cr_assert_eq(optimizer_download(optimizer, values, gradients), OK);
    double squares = 0.0;
    for (int64_t i = 0; i < count; i++)
        squares += (double)values[i] * values[i];
    cr_expect_float_eq(sqrt(squares), 0.1, 1e-6, "(1 - beta1) times the clipped norm");
    cr_expect_float_eq(norm, 2.0 * sqrt((double)count), 1e-4, "the norm is that before clipping");
    optimizer_destroy(optimizer);
}

Test(optimizer, the_moments_survive_the_way_out_and_in)
{
    struct optimizer *a = NULL, *b = NULL;
    double norm;
    float *second = NULL, *after = NULL;
    cr_assert_eq(ARRAY_NEW(second, count), OK);
    cr_assert_eq(ARRAY_NEW(after, count), OK);
    cr_assert_eq(optimizer_create(&a, network, backend, &usual), OK);
    cr_assert_eq(optimizer_create(&b, network, backend, &usual), OK);
    set_gradients(0.3F);
    cr_assert_eq(optimizer_update(a, &norm, 0.01, 1), OK);
    cr_assert_eq(optimizer_download(a, values, second), OK);
    cr_assert_eq(optimizer_upload(b, values, second), OK);
    cr_assert_eq(optimizer_download(b, gradients, after), OK);
    cr_expect_arr_eq(gradients, values, (size_t)count * sizeof(float));
    cr_expect_arr_eq(after, second, (size_t)count * sizeof(float));
    array_free(second);
    array_free(after);
    optimizer_destroy(a);
    optimizer_destroy(b);
}

Test(optimizer, a_gradient_that_is_not_finite_changes_nothing)
{
    struct optimizer *optimizer = NULL;
    double norm;
    float *before = NULL;
    cr_assert_eq(ARRAY_NEW(before, count), OK);
    get_parameters(before);
    cr_assert_eq(optimizer_create(&optimizer, network, backend, &usual), OK);
    set_gradients(NAN);
    cr_expect_eq(optimizer_update(optimizer, &norm, 0.01, 17), ERR_NUMERIC);
    cr_expect_not_null(strstr(error_message(), "step 17"));
    get_parameters(values);
    cr_expect_arr_eq(values, before, (size_t)count * sizeof(float));
    array_free(before);
    optimizer_destroy(optimizer);
}

Test(optimizer, options_out_of_range_are_refused)
{
    struct optimizer *optimizer = NULL;
    struct optimizer_options bad[] = {usual, usual, usual, usual, usual};
    bad[0].beta1 = 1.0;
    bad[1].beta2 = -0.1;
    bad[2].epsilon = 0.0;
    bad[3].decay = NAN;
    bad[4].clip = -1.0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_eq(optimizer_create(&optimizer, network, backend, &bad[i]), ERR_CONFIG,
                     "entry %zu", i);
}
