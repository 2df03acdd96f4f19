/* SPDX-License-Identifier: Apache-2.0
 *
 * The loops of every instruction set that this machine has, against plain loops in double. */
#include "kernel_set.h"

#include "surrogate_test.h"

#include <string.h>

enum { COUNT = 1003, CHANNELS = 7, TILE = 133 };

static const double tolerance = 5e-7;

/* The largest difference over the largest expected value, at least 1e-30. */
static double error_of(const float *got, const double *expected, int64_t count)
{
    double largest = 0, scale = 1e-30;
    for (int64_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs(got[i] - expected[i]));
        scale = fmax(scale, fabs(expected[i]));
    }
    return largest / scale;
}

Test(kernels, the_sets_end_with_the_baseline_and_the_widest_is_chosen)
{
    int count = 0;
    while (kernel_set_at(count) != NULL)
        count++;
    cr_assert_geq(count, 1);
    cr_expect_str_eq(kernel_set_at(count - 1)->name, "baseline");
    cr_expect_eq(kernel_set_choose(), kernel_set_at(0));
    cr_expect_null(kernel_set_at(-1));
}

/* Relative, so that small values count too: the fit's 2.1e-8 and a few roundings of 6e-8. */
Test(kernels, tanh_is_right_to_a_few_roundings_everywhere)
{
    enum { POINTS = 40000 };
    static float x[POINTS], y[POINTS];
    for (int i = 0; i < POINTS; i++)
        x[i] = (i % 2 ? 1.0f : -1.0f) * (float)exp(-20 + 24.0 * i / POINTS);
    for (int k = 0; kernel_set_at(k) != NULL; k++) {
        double worst = 0;
        kernel_set_at(k)->element->tanh_forward(y, x, POINTS);
        for (int i = 0; i < POINTS; i++)
            worst = fmax(worst, fabs(y[i] / tanh((double)x[i]) - 1));
        cr_expect_lt(worst, 4e-7, "%s: %.2e", kernel_set_at(k)->name, worst);
        const float ends[] = {0.0f, INFINITY, -INFINITY, NAN};
        float at[4];
        kernel_set_at(k)->element->tanh_forward(at, ends, 4);
        cr_expect_eq(at[0], 0);
        cr_expect_float_eq(at[1], 1, 2e-7);
        cr_expect_float_eq(at[2], -1, 2e-7);
        cr_expect(isnan(at[3]), "%s hides a number that is none", kernel_set_at(k)->name);
    }
}

Test(kernels, sums_are_right_at_every_length)
{
    float *x = test_numbers(1, COUNT);
    for (int k = 0; kernel_set_at(k) != NULL; k++) {
        const struct element_kernels *kernels = kernel_set_at(k)->element;
        double sum = 0, squares = 0;
        for (int64_t count = 0; count <= COUNT; count++) {
            cr_assert_float_eq(kernels->sum(x, count), sum, 1e-10);
            cr_assert_float_eq(kernels->sum_squares(x, count), squares, 1e-10);
            if (count < COUNT) {
                sum += x[count];
                squares += (double)x[count] * x[count];
            }
        }
    }
    free(x);
}

struct tiled {
    float mean[TILE], a[TILE], b[TILE], c[TILE];
    struct norm_coefficients view;
};

static void fill_tiled(struct tiled *tiled)
{
    for (int i = 0; i < TILE; i++) {
        uint64_t channel = (uint64_t)(i % CHANNELS);
        tiled->mean[i] = test_number(11, channel);
        tiled->a[i] = test_number(12, channel);
        tiled->b[i] = test_number(13, channel);
        tiled->c[i] = test_number(14, channel);
    }
    tiled->view = (struct norm_coefficients){tiled->mean, tiled->a, tiled->b, tiled->c};
}

static void check_apply(const struct kernel_set *set, enum kernel_activation activation)
{
    struct tiled tiled;
    fill_tiled(&tiled);
    float *x = test_numbers(1, COUNT), y[COUNT];
    double expected[COUNT];
    for (int i = 0; i < COUNT; i++) {
        int c = i % CHANNELS;
        double z = tiled.a[c] * ((double)x[i] - tiled.mean[c]) + tiled.b[c];
        expected[i] = activation == KERNEL_TANH ? tanh(z) : z;
    }
    set->norm->apply(y, x, &tiled.view, COUNT, TILE, activation);
    cr_expect_lt(error_of(y, expected, COUNT), tolerance, "%s", set->name);
    set->norm->apply(x, x, &tiled.view, COUNT, TILE, activation);
    cr_expect_eq(memcmp(x, y, sizeof y), 0, "%s: in place differs", set->name);
    free(x);
}

static void check_backward(const struct kernel_set *set, enum kernel_activation activation)
{
    struct tiled tiled;
    fill_tiled(&tiled);
    float *x = test_numbers(1, COUNT), *y = test_numbers(2, COUNT), *dy = test_numbers(3, COUNT);
    float dx[COUNT];
    double expected[COUNT], sums[TILE] = {0}, products[TILE] = {0}, sum = 0, product = 0;
    for (int i = 0; i < COUNT; i++) {
        int c = i % CHANNELS;
        double dz = activation == KERNEL_TANH ? dy[i] * (1 - (double)y[i] * y[i]) : dy[i];
        expected[i] = tiled.a[c] * dz + tiled.b[c] + tiled.c[c] * ((double)x[i] - tiled.mean[c]);
        sum += dz;
        product += dz * x[i];
    }
    set->norm->backward_sums(sums, products, dy, y, x, COUNT, TILE, activation);
    for (int i = 0; i < TILE; i++) {
        sum -= sums[i];
        product -= products[i];
    }
    cr_expect_lt(fabs(sum), 1e-5, "%s", set->name);
    cr_expect_lt(fabs(product), 1e-5, "%s", set->name);
    set->norm->backward_apply(dx, dy, y, x, &tiled.view, COUNT, TILE, activation);
    cr_expect_lt(error_of(dx, expected, COUNT), tolerance, "%s", set->name);
    set->norm->backward_apply(dy, dy, y, x, &tiled.view, COUNT, TILE, activation);
    cr_expect_eq(memcmp(dy, dx, sizeof dx), 0, "%s: in place differs", set->name);
    free(x);
    free(y);
    free(dy);
}

Test(kernels, norms_are_right_with_and_without_tanh)
{
    for (int k = 0; kernel_set_at(k) != NULL; k++) {
        check_apply(kernel_set_at(k), KERNEL_LINEAR);
        check_apply(kernel_set_at(k), KERNEL_TANH);
        check_backward(kernel_set_at(k), KERNEL_LINEAR);
        check_backward(kernel_set_at(k), KERNEL_TANH);
    }
}

Test(kernels, norm_sums_go_to_the_place_in_the_tile)
{
    float *x = test_numbers(1, COUNT);
    double sums[TILE] = {0}, squares[TILE] = {0};
    for (int i = 0; i < COUNT; i++) {
        sums[i % TILE] += x[i];
        squares[i % TILE] += (double)x[i] * x[i];
    }
    for (int k = 0; kernel_set_at(k) != NULL; k++) {
        double got[TILE] = {0}, got_squares[TILE] = {0};
        kernel_set_at(k)->norm->sums(got, got_squares, x, COUNT, TILE);
        for (int i = 0; i < TILE; i++) {
            cr_expect_float_eq(got[i], sums[i], 1e-13);
            cr_expect_float_eq(got_squares[i], squares[i], 1e-13);
        }
    }
    free(x);
}

Test(kernels, rows_of_fields_are_right_at_odd_lengths)
{
    float *x = test_numbers(1, COUNT), *mask = test_numbers(2, COUNT), y[COUNT];
    double expected[COUNT], squares = 0;
    for (int i = 0; i < COUNT; i++) {
        mask[i] = mask[i] > 0 ? 1.0f : 0.0f;
        expected[i] = 0.3 * mask[i] * x[i];
        squares += (double)mask[i] * x[i] * x[i];
    }
    for (int k = 0; kernel_set_at(k) != NULL; k++) {
        const struct field_kernels *kernels = kernel_set_at(k)->field;
        kernels->masked_scale(y, 0.3f, x, mask, COUNT);
        cr_expect_lt(error_of(y, expected, COUNT), tolerance);
        cr_expect_float_eq(kernels->masked_sum_squares(x, mask, COUNT), squares, 1e-11);
    }
    free(x);
    free(mask);
}
