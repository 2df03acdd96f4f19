/* SPDX-License-Identifier: Apache-2.0
 *
 * Every term of the loss list on every backend: gradients against finite differences, means over
 * the cells that count, refusals. */
#include "surrogate_test.h"

#include "loss.h"

#include <string.h>

static const int64_t dims[5] = {2, 3, 9, 7, 3};
enum { COUNT = 2 * 3 * 9 * 7 * 3, CELLS = 2 * 9 * 7 };

static struct loss_spec only(int64_t term)
{
    struct loss_spec spec = {{0}};
    spec.weights[term] = 0.75;
    return spec;
}

static double value_along(struct loss *loss, struct backend *backend, const float *prediction,
                          const float *direction, double step, const struct buffer *target,
                          const struct buffer *fluid)
{
    float *moved = malloc(COUNT * sizeof *moved);
    for (int64_t i = 0; i < COUNT; i++)
        moved[i] = (float)(prediction[i] + step * direction[i]);
    struct buffer buffer = test_upload(backend, moved, COUNT);
    double total, terms[LOSS_TERMS];
    MUST(loss_evaluate(loss, &buffer, target, fluid, &total, terms, NULL));
    backend->ops->release(backend, &buffer);
    free(moved);
    return total;
}

/* Multiples of 2^-6, so that prediction + step * direction is exact in floats for the steps below.
 */
static float *coarse_numbers(uint64_t seed)
{
    float *values = test_numbers(seed, COUNT);
    for (int64_t i = 0; i < COUNT; i++)
        values[i] = roundf(values[i] * 64) / 64;
    return values;
}

/* The signed relative error of (L(p + h d) - L(p - h d)) / 2h against gradient . d. */
static void check_gradient(const char *name, int64_t term)
{
    struct backend *backend = NULL;
    struct loss *loss = NULL;
    struct loss_spec spec = only(term);
    MUST(backend_open(&backend, name, 1));
    MUST(loss_create(&loss, &spec, backend, dims));
    float *prediction = coarse_numbers(1), *direction = coarse_numbers(2);
    struct buffer at = test_upload(backend, prediction, COUNT);
    float *aim = coarse_numbers(3);
    struct buffer target = test_upload(backend, aim, COUNT);
    struct buffer fluid = test_mask(backend, 4, CELLS, 0.1);
    struct buffer gradient = test_buffer(backend, 5, COUNT);
    double total, terms[LOSS_TERMS], slope = 0;
    MUST(loss_evaluate(loss, &at, &target, &fluid, &total, terms, &gradient));
    cr_expect_eq(total, 0.75 * terms[term]);
    cr_expect_gt(total, 0.01);
    float *g = test_download(backend, &gradient, COUNT);
    for (int64_t i = 0; i < COUNT; i++)
        slope += (double)g[i] * direction[i];
    for (double step = 0.5; step > 1e-3; step /= 4) {
        double up = value_along(loss, backend, prediction, direction, step, &target, &fluid);
        double down = value_along(loss, backend, prediction, direction, -step, &target, &fluid);
        double error = ((up - down) / (2 * step) - slope) / slope;
        /* A quadratic has no truncation error; the gradient's floats are left. */
        cr_expect_lt(fabs(error), 2e-6, "%s on %s: step %g, relative error %+.2e",
                     loss_term_name(term), name, step, error);
    }
    backend->ops->release(backend, &at);
    backend->ops->release(backend, &target);
    backend->ops->release(backend, &fluid);
    backend->ops->release(backend, &gradient);
    free(prediction);
    free(direction);
    free(aim);
    free(g);
    loss_destroy(loss);
    backend_close(backend);
}

Test(loss, gradients_of_every_term_agree_with_finite_differences_on_every_backend)
{
    for (int64_t i = 0; backend_name(i) != NULL; i++)
        for (int64_t term = 0; term < loss_term_count(); term++)
            check_gradient(backend_name(i), term);
}

struct fixture {
    struct backend *backend;
    struct loss *loss;
    struct buffer prediction, target, fluid;
};

static void set_up(struct fixture *it, struct loss_spec spec, const float *prediction,
                   const float *fluid)
{
    *it = (struct fixture){0};
    float *zero = calloc(COUNT, sizeof *zero);
    MUST(backend_open(&it->backend, "ref", 1));
    MUST(loss_create(&it->loss, &spec, it->backend, dims));
    it->prediction = test_upload(it->backend, prediction, COUNT);
    it->target = test_upload(it->backend, zero, COUNT);
    it->fluid = test_upload(it->backend, fluid, CELLS);
    free(zero);
}

static void tear_down(struct fixture *it)
{
    it->backend->ops->release(it->backend, &it->prediction);
    it->backend->ops->release(it->backend, &it->target);
    it->backend->ops->release(it->backend, &it->fluid);
    loss_destroy(it->loss);
    backend_close(it->backend);
}

static int64_t cell_of(int64_t n, int64_t x, int64_t y)
{
    return (n * dims[2] + x) * dims[3] + y;
}

/* prediction = 2 x + 3 y in every field and frame: gradients 2 and 3 wherever they count. */
static void ramp(float *out)
{
    for (int64_t i = 0; i < COUNT; i++) {
        int64_t y = i / dims[4] % dims[3], x = i / dims[4] / dims[3] % dims[2];
        out[i] = (float)(2 * x + 3 * y);
    }
}

Test(loss, the_gradient_term_of_a_ramp_is_the_mean_over_the_cells_that_count)
{
    float prediction[COUNT], fluid[CELLS];
    ramp(prediction);
    for (int64_t i = 0; i < CELLS; i++)
        fluid[i] = 1;
    fluid[cell_of(0, 4, 3)] = 0; // takes out itself and two neighbours along each axis
    struct fixture it;
    set_up(&it, (struct loss_spec){{0, 2}}, prediction, fluid);
    double total, terms[LOSS_TERMS];
    MUST(loss_evaluate(it.loss, &it.prediction, &it.target, &it.fluid, &total, terms, NULL));
    double along_x = 2 * 7 * 7 - 3, along_y = 2 * 9 * 5 - 3;
    double expected = (along_x * 4 + along_y * 9) / (along_x + along_y);
    cr_expect_lt(fabs(terms[1] - expected), 1e-12, "%.15g, expected %.15g", terms[1], expected);
    cr_expect_eq(terms[0], 0);
    cr_expect_eq(total, 2 * terms[1]);
    tear_down(&it);
}

Test(loss, the_value_term_counts_fluid_cells_alone)
{
    float prediction[COUNT], fluid[CELLS] = {0};
    for (int64_t i = 0; i < COUNT; i++)
        prediction[i] = 100;
    int64_t cell = cell_of(1, 2, 5);
    fluid[cell] = 1;
    for (int64_t t = 0; t < 3; t++) // this cell in frame t: 3 fields
        for (int64_t c = 0; c < 3; c++)
            prediction[(((3 + t) * 9 + 2) * 7 + 5) * 3 + c] = (float)(t + c);
    struct fixture it;
    set_up(&it, (struct loss_spec){{1, 0}}, prediction, fluid);
    double total, terms[LOSS_TERMS];
    MUST(loss_evaluate(it.loss, &it.prediction, &it.target, &it.fluid, &total, terms, NULL));
    cr_expect_lt(fabs(total - (0 + 1 + 4 + 1 + 4 + 9 + 4 + 9 + 16) / 9.0), 1e-12, "%.15g", total);
    tear_down(&it);
}

Test(loss, without_fluid_loss_and_gradient_are_zero)
{
    float *prediction = test_numbers(1, COUNT), fluid[CELLS] = {0};
    struct fixture it;
    set_up(&it, (struct loss_spec){{1, 1}}, prediction, fluid);
    struct buffer gradient = test_buffer(it.backend, 5, COUNT);
    double total, terms[LOSS_TERMS];
    MUST(loss_evaluate(it.loss, &it.prediction, &it.target, &it.fluid, &total, terms, &gradient));
    float *g = test_download(it.backend, &gradient, COUNT);
    cr_expect_eq(total, 0);
    for (int64_t i = 0; i < COUNT; i++)
        cr_assert_eq(g[i], 0);
    free(g);
    free(prediction);
    it.backend->ops->release(it.backend, &gradient);
    tear_down(&it);
}

Test(loss, weights_that_mean_nothing_are_refused)
{
    struct backend *backend = NULL;
    struct loss *loss = NULL;
    MUST(backend_open(&backend, "ref", 1));
    const struct loss_spec negative = {{-1}}, undefined = {{NAN}},
                           beyond = {{1, 1, 0, 0, 0, 0, 0, 1}};
    cr_expect_eq(loss_create(&loss, &negative, backend, dims), ERR_CONFIG);
    cr_expect_eq(loss_create(&loss, &undefined, backend, dims), ERR_CONFIG);
    cr_expect_eq(loss_create(&loss, &beyond, backend, dims), ERR_CONFIG);
    cr_expect_null(loss);
    backend_close(backend);
}

Test(loss, terms_have_the_names_of_the_config)
{
    cr_assert_geq(loss_term_count(), 2);
    cr_expect_str_eq(loss_term_name(0), "values");
    cr_expect_str_eq(loss_term_name(1), "gradient");
}
