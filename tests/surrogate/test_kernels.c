/* SPDX-License-Identifier: Apache-2.0
 *
 * The loops of every instruction set that this machine has, against plain loops in double. */
#include "kernel_set.h"

#include "surrogate_test.h"

#include <string.h>

enum { COUNT = 1003, CHANNELS = 7, TILE = 133 };

static const double tolerance = 5e-7;
static const double bf16_sum_tolerance = 1e-13; // the same numbers, doubles

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
        kernel_set_at(k)->element->tanh_forward(y, x, PRECISION_F32, POINTS);
        for (int i = 0; i < POINTS; i++)
            worst = fmax(worst, fabs(y[i] / tanh((double)x[i]) - 1));
        cr_expect_lt(worst, 4e-7, "%s: %.2e", kernel_set_at(k)->name, worst);
        const float ends[] = {0.0f, INFINITY, -INFINITY, NAN};
        float at[4];
        kernel_set_at(k)->element->tanh_forward(at, ends, PRECISION_F32, 4);
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
    set->norm->apply(y, x, PRECISION_F32, &tiled.view, COUNT, TILE, activation);
    cr_expect_lt(error_of(y, expected, COUNT), tolerance, "%s", set->name);
    set->norm->apply(x, x, PRECISION_F32, &tiled.view, COUNT, TILE, activation);
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
    set->norm->backward_sums(sums, products, dy, y, x, PRECISION_F32, COUNT, TILE, activation);
    for (int i = 0; i < TILE; i++) {
        sum -= sums[i];
        product -= products[i];
    }
    cr_expect_lt(fabs(sum), 1e-5, "%s", set->name);
    cr_expect_lt(fabs(product), 1e-5, "%s", set->name);
    set->norm->backward_apply(dx, dy, y, x, PRECISION_F32, &tiled.view, COUNT, TILE, activation);
    cr_expect_lt(error_of(dx, expected, COUNT), tolerance, "%s", set->name);
    set->norm->backward_apply(dy, dy, y, x, PRECISION_F32, &tiled.view, COUNT, TILE, activation);
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
        kernel_set_at(k)->norm->sums(got, got_squares, x, PRECISION_F32, COUNT, TILE);
        for (int i = 0; i < TILE; i++) {
            cr_expect_float_eq(got[i], sums[i], 1e-13);
            cr_expect_float_eq(got_squares[i], squares[i], 1e-13);
        }
    }
    free(x);
}

/* ---- bf16: what floats of the same values give, rounded once ---- */

struct both {
    float x[COUNT], y[COUNT], dy[COUNT], wide[COUNT];
    uint16_t x16[COUNT], y16[COUNT], dy16[COUNT], got[COUNT];
};

static void round_all(uint16_t *to, float *values)
{
    for (int i = 0; i < COUNT; i++) {
        to[i] = precision_round(values[i]);
        values[i] = precision_widen(to[i]);
    }
}

static void fill_both(struct both *both)
{
    float *const floats[] = {both->x, both->y, both->dy};
    uint16_t *const halves[] = {both->x16, both->y16, both->dy16};
    for (uint64_t k = 0; k < 3; k++) {
        for (uint64_t i = 0; i < COUNT; i++)
            floats[k][i] = test_number(40 + k, i);
        round_all(halves[k], floats[k]);
    }
}

static void check_rounded(const struct both *both, const char *set, const char *what)
{
    for (int i = 0; i < COUNT; i++)
        cr_assert_eq(both->got[i], precision_round(both->wide[i]), "%s, %s: %d", set, what, i);
}

static void check_bf16_elements(const struct kernel_set *set, struct both *it)
{
    const struct element_kernels *kernels = set->element;
    kernels->tanh_forward(it->wide, it->x, PRECISION_F32, COUNT);
    kernels->tanh_forward(it->got, it->x16, PRECISION_BF16, COUNT);
    check_rounded(it, set->name, "tanh");
    kernels->tanh_backward(it->wide, PRECISION_F32, it->dy, it->y, PRECISION_F32, COUNT);
    kernels->tanh_backward(it->got, PRECISION_BF16, it->dy16, it->y16, PRECISION_BF16, COUNT);
    check_rounded(it, set->name, "tanh backward");
    kernels->tanh_backward(it->got, PRECISION_BF16, it->dy, it->y, PRECISION_F32, COUNT);
    check_rounded(it, set->name, "tanh backward from floats");
    kernels->convert(it->got, PRECISION_BF16, it->wide, PRECISION_F32, COUNT);
    check_rounded(it, set->name, "rounding");
    kernels->convert(it->wide, PRECISION_F32, it->x16, PRECISION_BF16, COUNT);
    cr_expect_arr_eq(it->wide, it->x, sizeof it->x);
    memcpy(it->wide, it->y, sizeof it->y);
    memcpy(it->got, it->y16, sizeof it->y16);
    kernels->axpy(it->wide, 0.3f, it->x, PRECISION_F32, COUNT);
    kernels->axpy(it->got, 0.3f, it->x16, PRECISION_BF16, COUNT);
    check_rounded(it, set->name, "axpy");
}

static void check_bf16_norm(const struct kernel_set *set, struct both *it,
                            enum kernel_activation activation)
{
    const struct norm_kernels *kernels = set->norm;
    double sums[2][TILE] = {{0}}, products[2][TILE] = {{0}};
    struct tiled tiled;
    fill_tiled(&tiled);
    kernels->apply(it->wide, it->x, PRECISION_F32, &tiled.view, COUNT, TILE, activation);
    kernels->apply(it->got, it->x16, PRECISION_BF16, &tiled.view, COUNT, TILE, activation);
    check_rounded(it, set->name, "norm");
    kernels->backward_apply(it->wide, it->dy, it->y, it->x, PRECISION_F32, &tiled.view, COUNT, TILE,
                            activation);
    kernels->backward_apply(it->got, it->dy16, it->y16, it->x16, PRECISION_BF16, &tiled.view, COUNT,
                            TILE, activation);
    check_rounded(it, set->name, "norm backward");
    kernels->sums(sums[0], products[0], it->x, PRECISION_F32, COUNT, TILE);
    kernels->sums(sums[1], products[1], it->x16, PRECISION_BF16, COUNT, TILE);
    kernels->backward_sums(sums[0], products[0], it->dy, it->y, it->x, PRECISION_F32, COUNT, TILE,
                           activation);
    kernels->backward_sums(sums[1], products[1], it->dy16, it->y16, it->x16, PRECISION_BF16, COUNT,
                           TILE, activation);
    for (int i = 0; i < TILE; i++) {
        cr_expect_float_eq(sums[0][i], sums[1][i], bf16_sum_tolerance, "%s: %d", set->name, i);
        cr_expect_float_eq(products[0][i], products[1][i], bf16_sum_tolerance);
    }
}

Test(kernels, in_bf16_they_round_what_floats_give_once)
{
    static struct both both;
    fill_both(&both);
    for (int k = 0; kernel_set_at(k) != NULL; k++) {
        check_bf16_elements(kernel_set_at(k), &both);
        check_bf16_norm(kernel_set_at(k), &both, KERNEL_LINEAR);
        check_bf16_norm(kernel_set_at(k), &both, KERNEL_TANH);
    }
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

/* ---- rows of convolutions to few channels ---- */

enum { FEW_CHANNELS = 48, FEW_LENGTH = 13, FEW_SOURCES = 3, FEW_MARGIN = 2 };

struct few_data {
    float *sources[FEW_SOURCES], *weights, *gradients, *sums, *dst;
    float zeros[FEW_CHANNELS], bias[KERNEL_FEW_OUTS];
};

static struct few_data make_few(void)
{
    struct few_data data = {.bias = {0.5F, -1, 2, 0.25F}};
    for (uint64_t k = 0; k < FEW_SOURCES; k++)
        data.sources[k] = test_numbers(20 + k, FEW_LENGTH * FEW_CHANNELS);
    data.weights = test_numbers(30, FEW_SOURCES * KERNEL_FEW_TAPS * KERNEL_FEW_OUTS * FEW_CHANNELS);
    data.gradients = test_numbers(31, (FEW_LENGTH + FEW_MARGIN) * KERNEL_FEW_OUTS);
    data.sums = test_numbers(32, KERNEL_FEW_TAPS * KERNEL_FEW_OUTS * FEW_CHANNELS);
    data.dst = test_numbers(33, (FEW_LENGTH + FEW_MARGIN) * KERNEL_FEW_OUTS + 1);
    return data;
}

static void free_few(struct few_data *data)
{
    for (int k = 0; k < FEW_SOURCES; k++)
        free(data->sources[k]);
    free(data->weights);
    free(data->gradients);
    free(data->sums);
    free(data->dst);
}

/* Output (y, o) of the row, term by term. */
static double few_expected(const struct conv_few_row *row, int64_t y, int64_t o, int64_t outs)
{
    double sum = row->bias[o];
    for (int64_t tap = 0; tap < row->taps; tap++)
        for (int64_t t = 0; t < KERNEL_FEW_TAPS && row->sources[tap] != NULL; t++) {
            int64_t from = y + t - row->padding;
            for (int64_t c = 0; c < row->channels && from >= 0 && from < row->length; c++)
                sum +=
                    (double)row->sources[tap][from * row->channels + c] *
                    (double)
                        row->packed[((tap * KERNEL_FEW_TAPS + t) * outs + o) * row->channels + c];
        }
    return sum;
}

static void check_few_forward(const struct kernel_set *set, struct few_data *data, int64_t length,
                              int64_t padding, int64_t outs)
{
    const float *const sources[] = {data->sources[0], NULL, data->sources[2]};
    const struct conv_few_row row = {.sources = sources,
                                     .taps = FEW_SOURCES,
                                     .length = length,
                                     .results = length + 2 * padding - FEW_MARGIN,
                                     .padding = padding,
                                     .channels = FEW_CHANNELS,
                                     .packed = data->weights,
                                     .zeros = data->zeros,
                                     .bias = data->bias};
    float beyond = data->dst[row.results * outs];
    set->conv_few->forward[outs - 1](data->dst, &row);
    for (int64_t k = 0; k < row.results * outs; k++)
        cr_expect_float_eq((double)data->dst[k], few_expected(&row, k / outs, k % outs, outs), 2e-5,
                           "%s, %d outputs, length %d, padding %d: %d", set->name, (int)outs,
                           (int)length, (int)padding, (int)k);
    cr_expect_eq(data->dst[row.results * outs], beyond, "%s wrote beyond the row", set->name);
}

Test(kernels, convolutions_to_few_channels_are_sums_of_products_on_every_set)
{
    struct few_data data = make_few();
    for (int k = 0; kernel_set_at(k) != NULL; k++)
        for (int64_t outs = 1; outs <= KERNEL_FEW_OUTS; outs++)
            for (int64_t padding = 0; padding <= 2; padding++)
                for (int64_t length = 3 - padding; length <= FEW_LENGTH; length++)
                    check_few_forward(kernel_set_at(k), &data, length, padding, outs);
    free_few(&data);
}

static void check_few_weights(const struct kernel_set *set, struct few_data *data, int64_t length,
                              int64_t outs)
{
    int64_t count = KERNEL_FEW_TAPS * outs * FEW_CHANNELS;
    float *before = test_numbers(32, count);
    memcpy(data->sums, before, (size_t)count * sizeof *before);
    set->conv_few->backward_weights[outs - 1](data->sums, data->sources[0], data->gradients, length,
                                              FEW_CHANNELS);
    for (int64_t at = 0; at < count; at++) {
        int64_t t = at / FEW_CHANNELS / outs, o = at / FEW_CHANNELS % outs, c = at % FEW_CHANNELS;
        double sum = (double)before[at];
        for (int64_t y = 0; y < length; y++)
            sum += (double)data->sources[0][y * FEW_CHANNELS + c] *
                   (double)data->gradients[(y + FEW_MARGIN - t) * outs + o];
        cr_expect_float_eq((double)data->sums[at], sum, 5e-6, "%s, %d outputs: %d", set->name,
                           (int)outs, (int)at);
    }
    free(before);
}

Test(kernels, gradients_of_weights_to_few_channels_are_sums_of_products_on_every_set)
{
    struct few_data data = make_few();
    for (int k = 0; kernel_set_at(k) != NULL; k++)
        for (int64_t outs = 1; outs <= KERNEL_FEW_OUTS; outs++)
            for (int64_t length = 1; length <= FEW_LENGTH; length += 4)
                check_few_weights(kernel_set_at(k), &data, length, outs);
    free_few(&data);
}
