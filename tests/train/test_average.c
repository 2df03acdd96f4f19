/* SPDX-License-Identifier: Apache-2.0 */
#include "average.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MUST(call) cr_assert_eq(call, OK, "%s: %s", #call, error_message())

enum { SIDE = 8, WINDOWS = 2, BATCHES = 3 };

static struct backend *backend;
static struct network *network;
static struct average *average;
static int64_t parameters, statistics;
static const struct batch shape = {
    .windows = WINDOWS * BATCHES, .window = {3, 3, 0}, .channels = 4, .nx = SIDE, .ny = SIDE};

static void set_up(void)
{
    struct network_spec spec;
    struct batch *batches = NULL;
    MUST(network_spec_parse(&spec, "C 3 / 4 * 4 + C 3"));
    MUST(backend_open(&backend, "ref", 1));
    MUST(network_create(&network, &spec, backend, WINDOWS, SIDE, SIDE, NETWORK_TRAIN));
    MUST(network_initialise(network, 1));
    MUST(average_create(&average, network, backend, 0.5));
    MUST(batch_create(&batches, &shape));
    for (int64_t i = 0; i < batch_input_count(batches); i++)
        batches->input[i] = (float)sin(0.37 * (double)i * (double)(1 + i % 7));
    average_give_batches(average, batches, WINDOWS, NULL);
    parameters = network_parameter_count(network);
    statistics = network_statistic_count(network);
}

static void tear_down(void)
{
    average_destroy(average);
    network_destroy(network);
    backend_close(backend);
}

TestSuite(average, .init = set_up, .fini = tear_down);

static float *values_of(const struct buffer *buffer, int64_t count)
{
    float *values = malloc((size_t)count * sizeof *values);
    MUST(backend->ops->download(backend, values, buffer, count));
    return values;
}

static void set_weights(float value)
{
    MUST(backend->ops->fill(backend, network_parameters(network), value, parameters));
    MUST(network_refresh(network));
}

/* Decays of 2/11 and 3/12, then of 0.5: what is asked for is least from step 8 on. */
Test(average, weights_are_averaged_by_the_decay_of_the_step)
{
    set_weights(0.0F);
    MUST(average_begin(average));
    set_weights(1.0F);
    double expected = 0;
    for (int64_t step = 1; step <= 12; step++) {
        double early = (1.0 + (double)step) / (10.0 + (double)step);
        double decay = early < 0.5 ? early : 0.5;
        expected += (1 - decay) * (1 - expected);
        MUST(average_update(average, step));
        float *got = malloc((size_t)parameters * sizeof *got);
        MUST(average_download(average, got));
        cr_expect_float_eq(got[parameters - 1], expected, 1e-6, "step %d", (int)step);
        free(got);
    }
}

Test(average, the_network_gets_its_own_back_to_the_bit)
{
    MUST(average_begin(average));
    MUST(backend->ops->scale(backend, network_parameters(network), 1.5F, parameters));
    MUST(backend->ops->fill(backend, network_statistics(network), 0.7F, statistics));
    float *weights = values_of(network_parameters(network), parameters);
    float *running = values_of(network_statistics(network), statistics);
    MUST(average_enter(average, NULL));
    float *inside = values_of(network_parameters(network), parameters);
    cr_expect_neq(memcmp(inside, weights, (size_t)parameters * sizeof *weights), 0);
    MUST(average_leave(average));
    float *back = values_of(network_parameters(network), parameters);
    float *still = values_of(network_statistics(network), statistics);
    cr_expect_eq(memcmp(back, weights, (size_t)parameters * sizeof *weights), 0);
    cr_expect_eq(memcmp(still, running, (size_t)statistics * sizeof *running), 0);
    free(weights);
    free(running);
    free(inside);
    free(back);
    free(still);
}

/* Against forward passes by hand: the mean over batches of what one update takes. */
Test(average, statistics_are_the_mean_of_those_of_the_batches)
{
    struct buffer input = {0}, *output;
    double expected[64] = {0};
    cr_assert_leq(statistics, 64);
    MUST(average_begin(average));
    MUST(average_enter(average, NULL));
    float *got = values_of(network_statistics(network), statistics);
    int64_t window = 3 * SIDE * SIDE * 4;
    MUST(backend->ops->alloc(backend, &input, WINDOWS * window));
    for (int64_t b = 0; b < BATCHES; b++) {
        float *x = malloc((size_t)(WINDOWS * window) * sizeof *x);
        for (int64_t i = 0; i < WINDOWS * window; i++) {
            int64_t k = b * WINDOWS * window + i;
            x[i] = (float)sin(0.37 * (double)k * (double)(1 + k % 7));
        }
        MUST(backend->ops->upload(backend, &input, x, WINDOWS * window));
        MUST(backend->ops->fill(backend, network_statistics(network), 0.0F, statistics));
        MUST(network_forward(network, &input, NETWORK_UPDATE_STATISTICS, &output));
        float *taken = values_of(network_statistics(network), statistics);
        for (int64_t i = 0; i < statistics; i++)
            expected[i] += 10.0 * taken[i] / BATCHES;
        free(x);
        free(taken);
    }
    for (int64_t i = 0; i < statistics; i++)
        cr_expect_float_eq(got[i], expected[i], 1e-5 * (1 + fabs(expected[i])), "%d", (int)i);
    MUST(average_leave(average));
    backend->ops->release(backend, &input);
    free(got);
}

Test(average, a_request_to_stop_is_heard_and_the_network_can_be_given_back)
{
    volatile sig_atomic_t interrupt = 2;
    struct stop stop = {.signal = &interrupt};
    MUST(average_begin(average));
    float *weights = values_of(network_parameters(network), parameters);
    cr_expect_eq(average_enter(average, &stop), ERR_STOPPED);
    MUST(average_leave(average));
    float *back = values_of(network_parameters(network), parameters);
    cr_expect_eq(memcmp(back, weights, (size_t)parameters * sizeof *weights), 0);
    free(weights);
    free(back);
}

Test(average, a_decay_that_is_none_is_refused)
{
    static const double wrong[] = {0.0, 1.0, -0.1, NAN};
    struct average *none = NULL;
    for (int i = 0; i < 4; i++)
        cr_expect_eq(average_create(&none, network, backend, wrong[i]), ERR_CONFIG);
}
