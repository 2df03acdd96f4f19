/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps of a training: gradients through several calls against finite differences, batches in
 * parts against whole ones, pushforward against its definition. At a rate of 0 a step computes loss
 * and gradient and moves nothing. */
#include "counting_backend.h"
#include "learner.h"

#include "philox.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(call) cr_assert_eq(call, OK, "%s: %s", #call, error_message())

enum { SIDE = 8 };

struct fixture {
    struct backend *backend;
    struct learner *learner;
    struct batch *batch;
    int64_t count; /* parameters */
};

static double number(uint64_t seed, int64_t index)
{
    return 2.0 * philox_uniform(seed, PHILOX_STREAM_TEST, (uint64_t)index) - 1.0;
}

/* Batch norm, delta, 4 windows of `in` + calls x `out` frames: what a test does not change. */
static struct learner_options options_of(int64_t in, int64_t out, int64_t calls)
{
    struct learner_options options = {
        .loss = {{1, 1}},
        .optimizer = {.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8},
        .shape = {.windows = 4, .window = {in, out, calls}, .channels = 4, .nx = SIDE, .ny = SIDE},
        .parts = 1,
    };
    MUST(network_spec_parse(&options.network, "C 3 / 4 * 4 + C 3"));
    options.network.frames_in = in;
    options.network.frames_out = out;
    options.network.target = NETWORK_TARGET_DELTA;
    return options;
}

/* Every window has another share of fluid. */
static void fill(struct batch *batch)
{
    int64_t cells = batch->nx * batch->ny;
    for (int64_t i = 0; i < batch_input_count(batch); i++)
        batch->input[i] = (float)number(1, i);
    for (int64_t i = 0; i < batch->window.calls * batch_target_count(batch); i++)
        batch->target[i] = (float)number(2, i);
    for (int64_t i = 0; i < batch_fluid_count(batch); i++)
        batch->fluid[i] = number(3, i) > -0.9 + 0.3 * (double)(i / cells) ? 1.0F : 0.0F;
}

static void set_up(struct fixture *it, const char *backend, const struct learner_options *options)
{
    MUST(backend_open(&it->backend, backend, 1));
    MUST(learner_create(&it->learner, it->backend, options));
    MUST(batch_create(&it->batch, &options->shape));
    struct network *network = learner_network(it->learner);
    MUST(network_initialise(network, 7));
    it->count = network_parameter_count(network);
    fill(it->batch);
}

static void tear_down(struct fixture *it)
{
    learner_destroy(it->learner);
    batch_destroy(it->batch);
    backend_close(it->backend);
}

static struct learner_result look(struct fixture *it)
{
    struct learner_result result;
    MUST(learner_step(it->learner, &result, it->batch, 0.0, 1, NETWORK_KEEP_STATISTICS));
    return result;
}

static float *gradients_of(struct fixture *it)
{
    float *values = malloc((size_t)it->count * sizeof *values);
    MUST(it->backend->ops->download(it->backend, values,
                                    network_gradients(learner_network(it->learner)), it->count));
    return values;
}

static double loss_along(struct fixture *it, const float *from, double step)
{
    struct network *network = learner_network(it->learner);
    float *moved = malloc((size_t)it->count * sizeof *moved);
    for (int64_t i = 0; i < it->count; i++)
        moved[i] = (float)(from[i] + step * number(4, i));
    MUST(it->backend->ops->upload(it->backend, network_parameters(network), moved, it->count));
    MUST(network_refresh(network));
    free(moved);
    return look(it).loss;
}

/* The best of several steps, relative to what a direction's slope is as a rule. */
static double gradient_error(struct fixture *it)
{
    struct network *network = learner_network(it->learner);
    float *from = malloc((size_t)it->count * sizeof *from);
    MUST(it->backend->ops->download(it->backend, from, network_parameters(network), it->count));
    look(it);
    float *g = gradients_of(it);
    double slope = 0, squares = 0, best = INFINITY;
    for (int64_t i = 0; i < it->count; i++) {
        slope += g[i] * number(4, i);
        squares += (double)g[i] * g[i];
    }
    double scale = fmax(fabs(slope), sqrt(squares / 3));
    for (double step = 4e-3; step > 1e-4; step /= 5) {
        double up = loss_along(it, from, step), down = loss_along(it, from, -step);
        best = fmin(best, fabs((up - down) / (2 * step) - slope) / scale);
    }
    free(from);
    free(g);
    return best;
}

/* The worst seen is 5.3e-5. */
static const double gradient_tolerance = 2e-4;

Test(learner, gradients_through_several_calls_agree_with_finite_differences)
{
    static const struct {
        int64_t in, out, calls;
        enum network_norm norm;
        enum network_target target;
    } cases[] = {
        {3, 3, 2, NETWORK_NORM_BATCH, NETWORK_TARGET_DIRECT},
        {3, 3, 2, NETWORK_NORM_NONE, NETWORK_TARGET_DELTA},
        {4, 2, 3, NETWORK_NORM_GROUP, NETWORK_TARGET_DELTA},
        {3, 1, 4, NETWORK_NORM_NONE, NETWORK_TARGET_DIRECT},
        {2, 3, 2, NETWORK_NORM_BATCH, NETWORK_TARGET_DELTA},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct learner_options options = options_of(cases[i].in, cases[i].out, cases[i].calls);
        struct fixture it;
        options.network.norm = cases[i].norm;
        options.network.target = cases[i].target;
        set_up(&it, "ref", &options);
        double error = gradient_error(&it);
        cr_expect_lt(error, gradient_tolerance, "case %zu: %.1e", i, error);
        tear_down(&it);
    }
}

static double difference(const float *a, const float *b, int64_t count)
{
    double largest = 0, scale = 0;
    for (int64_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs((double)a[i] - b[i]));
        scale = fmax(scale, fabs((double)b[i]));
    }
    return largest / scale;
}

/* Gradients of one look; the caller frees them. */
static float *gradients_with(const struct learner_options *options, const char *backend,
                             struct learner_result *result, int64_t *count)
{
    struct fixture it;
    set_up(&it, backend, options);
    *result = look(&it);
    *count = it.count;
    float *g = gradients_of(&it);
    tear_down(&it);
    return g;
}

Test(learner, every_backend_agrees_with_the_reference_through_calls)
{
    struct learner_options options = options_of(4, 2, 3);
    struct learner_result expected, result;
    int64_t count;
    float *reference = gradients_with(&options, "ref", &expected, &count);
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        float *got = gradients_with(&options, backend_name(i), &result, &count);
        double error = difference(got, reference, count);
        cr_expect_lt(error, 1e-5, "%s: %.1e", backend_name(i), error);
        cr_expect_float_eq(result.loss, expected.loss, 1e-6);
        free(got);
    }
    free(reference);
}

/* Without norm: gradients of parts add up to the whole's, whatever their shares of fluid. */
Test(learner, a_batch_in_parts_is_the_whole_batch)
{
    for (int64_t calls = 1; calls <= 2; calls++) {
        struct learner_options options = options_of(3, 3, calls);
        struct learner_result whole, result;
        int64_t count;
        options.network.norm = NETWORK_NORM_NONE;
        float *expected = gradients_with(&options, "ref", &whole, &count);
        for (int64_t parts = 2; parts <= 4; parts += 2) {
            options.parts = parts;
            float *got = gradients_with(&options, "ref", &result, &count);
            double error = difference(got, expected, count);
            cr_expect_lt(error, 2e-6, "%d parts: %.1e", (int)parts, error);
            cr_expect_float_eq(result.loss, whole.loss, 1e-9);
            cr_expect_float_eq(result.terms[1], whole.terms[1], 1e-9);
            free(got);
        }
        free(expected);
    }
}

Test(learner, parts_that_do_not_divide_the_batch_are_refused)
{
    struct learner_options options = options_of(3, 3, 1);
    struct backend *backend = NULL;
    struct learner *learner = NULL;
    MUST(backend_open(&backend, "ref", 1));
    options.parts = 3;
    cr_expect_eq(learner_create(&learner, backend, &options), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "3 equal parts"), "%s", error_message());
    backend_close(backend);
}

/* One call on the input that the calls before it have made, and the truth of that call. */
static float *last_call_alone(const struct learner_options *pushforward, struct fixture *from,
                              struct learner_result *result)
{
    struct learner_options options = *pushforward;
    struct fixture it;
    options.shape.window.calls = 1;
    set_up(&it, "ref", &options);
    struct backend *backend = it.backend;
    struct batch *batch = it.batch;
    int64_t input = batch_input_count(batch), target = batch_target_count(batch);
    const struct window_shape window = {4, batch->window.in, batch->window.out, SIDE * SIDE, 4, 3};
    struct buffer x = {0}, next = {0}, fluid = {0}, *y;
    MUST(backend->ops->alloc(backend, &x, input));
    MUST(backend->ops->alloc(backend, &next, input));
    MUST(backend->ops->alloc(backend, &fluid, batch_fluid_count(batch)));
    MUST(backend->ops->upload(backend, &x, batch->input, input));
    MUST(backend->ops->upload(backend, &fluid, batch->fluid, batch_fluid_count(batch)));
    for (int64_t call = 0; call < pushforward->shape.window.calls - 1; call++) {
        MUST(network_forward(learner_network(it.learner), &x, NETWORK_KEEP_STATISTICS, &y));
        MUST(backend->ops->window_next(backend, &next, &x, y, &fluid, &window));
        MUST(backend->ops->copy(backend, &x, &next, input));
    }
    MUST(backend->ops->download(backend, batch->input, &x, input));
    memcpy(batch->target, from->batch->target + (pushforward->shape.window.calls - 1) * target,
           (size_t)target * sizeof(float));
    *result = look(&it);
    float *g = gradients_of(&it);
    backend->ops->release(backend, &x);
    backend->ops->release(backend, &next);
    backend->ops->release(backend, &fluid);
    tear_down(&it);
    return g;
}

Test(learner, pushforward_is_one_call_on_what_the_others_made)
{
    for (int64_t calls = 2; calls <= 3; calls++) {
        struct learner_options options = options_of(3, 2, calls);
        struct learner_result result, expected;
        struct fixture it;
        options.gradient = LEARNER_LAST;
        set_up(&it, "ref", &options);
        result = look(&it);
        float *got = gradients_of(&it), *g = last_call_alone(&options, &it, &expected);
        cr_expect_eq(result.loss, expected.loss);
        cr_expect_eq(memcmp(got, g, (size_t)it.count * sizeof *g), 0, "%d calls", (int)calls);
        free(got);
        free(g);
        tear_down(&it);
    }
}

/* Pushforward over k calls judges call k alone. */
Test(learner, the_loss_of_several_calls_is_the_mean_of_theirs)
{
    struct learner_options options = options_of(3, 2, 3), last = options;
    struct learner_result result;
    struct fixture it, each;
    double sum = 0;
    last.gradient = LEARNER_LAST;
    set_up(&it, "ref", &options);
    set_up(&each, "ref", &last);
    result = look(&it);
    for (int64_t calls = 1; calls <= 3; calls++) {
        each.batch->filled = calls;
        sum += look(&each).loss;
    }
    cr_expect_float_eq(result.loss, sum / 3, 1e-12);
    cr_expect_float_eq(result.loss, result.terms[0] + result.terms[1], 1e-12);
    tear_down(&it);
    tear_down(&each);
}

/* The batch says how many calls it holds; with one, it is a plain step. */
Test(learner, a_batch_of_one_call_is_a_plain_step)
{
    struct learner_options plain = options_of(3, 3, 1), unrolled = options_of(3, 3, 3);
    struct learner_result a, b;
    struct fixture it, other;
    set_up(&it, "ref", &plain);
    set_up(&other, "ref", &unrolled);
    other.batch->filled = 1;
    a = look(&it);
    b = look(&other);
    float *g = gradients_of(&it), *h = gradients_of(&other);
    cr_expect_eq(a.loss, b.loss);
    cr_expect_eq(memcmp(g, h, (size_t)it.count * sizeof *g), 0);
    free(g);
    free(h);
    tear_down(&it);
    tear_down(&other);
}

/* Whatever the number of calls and parts, running statistics move once a step. */
Test(learner, statistics_move_once_a_step)
{
    struct learner_options options = options_of(3, 3, 2);
    struct learner_result result;
    struct fixture it;
    options.parts = 2;
    set_up(&it, "ref", &options);
    struct network *network = learner_network(it.learner);
    int64_t count = network_statistic_count(network);
    float before[64], after[64];
    cr_assert_leq(count, 64);
    /* from running variances of 0, one update by 0.1 leaves a tenth of a batch's */
    MUST(it.backend->ops->fill(it.backend, network_statistics(network), 0.0F, count));
    MUST(learner_step(it.learner, &result, it.batch, 0.0, 1, NETWORK_UPDATE_STATISTICS));
    MUST(it.backend->ops->download(it.backend, before, network_statistics(network), count));
    MUST(learner_step(it.learner, &result, it.batch, 0.0, 3, NETWORK_UPDATE_STATISTICS));
    MUST(it.backend->ops->download(it.backend, after, network_statistics(network), count));
    for (int64_t i = 0; i < count; i++)
        cr_expect_float_eq(after[i], 1.9F * before[i], 1e-5F * (1.0F + fabsf(before[i])));
    MUST(learner_step(it.learner, &result, it.batch, 0.0, 4, NETWORK_RUNNING_STATISTICS));
    MUST(it.backend->ops->download(it.backend, before, network_statistics(network), count));
    cr_expect_eq(memcmp(before, after, (size_t)count * sizeof *after), 0, "frozen ones moved");
    tear_down(&it);
}

Test(learner, a_value_that_is_not_finite_moves_nothing)
{
    struct learner_options options = options_of(3, 3, 2);
    struct learner_result result;
    struct fixture it;
    set_up(&it, "ref", &options);
    struct network *network = learner_network(it.learner);
    float before[4096], after[4096];
    cr_assert_leq(it.count, 4096);
    it.batch->fluid[100] = 1.0F;
    it.batch->input[4 * 100] = NAN;
    MUST(it.backend->ops->download(it.backend, before, network_parameters(network), it.count));
    cr_expect_eq(learner_step(it.learner, &result, it.batch, 0.1, 9, NETWORK_KEEP_STATISTICS),
                 ERR_NUMERIC);
    cr_expect_not_null(strstr(error_message(), "step 9"), "%s", error_message());
    MUST(it.backend->ops->download(it.backend, after, network_parameters(network), it.count));
    cr_expect_eq(memcmp(before, after, (size_t)it.count * sizeof *after), 0);
    tear_down(&it);
}

Test(learner, the_estimate_of_memory_is_what_is_allocated)
{
    struct backend *backend = NULL;
    MUST(backend_open(&backend, "ref", 1));
    counting_backend_begin(backend);
    for (int i = 0; i < 8; i++) {
        struct learner_options options = options_of(3, 2, i & 1 ? 3 : 1);
        struct learner *learner = NULL;
        options.parts = i & 2 ? 2 : 1;
        options.gradient = i & 4 ? LEARNER_LAST : LEARNER_THROUGH;
        counting_backend.bytes = 0;
        MUST(learner_create(&learner, backend, &options));
        cr_expect_eq((double)counting_backend.bytes, learner_memory_estimate(&options),
                     "case %d: %lld", i, (long long)counting_backend.bytes);
        learner_destroy(learner);
    }
    counting_backend_end(backend);
    backend_close(backend);
}
