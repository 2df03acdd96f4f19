/* SPDX-License-Identifier: Apache-2.0
 *
 * The whole network: gradients along random directions, repetition to the bit, shapes, names and
 * what is refused. The canvas is 16 x 16 or 8 x 8 so that the reference backend is quick. */
#include "counting_backend.h"
#include "network_fixture.h"

#include <stdio.h>
#include <string.h>

static double loss_along(struct fixture *it, const float *parameters, const float *direction,
                         double step)
{
    int64_t count = network_parameter_count(it->network);
    float *moved = malloc((size_t)count * sizeof *moved);
    for (int64_t i = 0; i < count; i++)
        moved[i] = (float)(parameters[i] + step * direction[i]);
    MUST(it->backend->ops->upload(it->backend, network_parameters(it->network), moved, count));
    MUST(network_refresh(it->network));
    free(moved);
    return forward_loss(it, NULL);
}

/* The slope along a direction of numbers in [-1, 1), and what it is for most of them: the scale of
 * errors, lest one direction happen to be level. */
static double slope_along(double *scale, const float *g, const float *direction, int64_t count)
{
    double slope = 0, squares = 0;
    for (int64_t i = 0; i < count; i++) {
        slope += (double)g[i] * direction[i];
        squares += (double)g[i] * g[i];
    }
    *scale = fmax(fabs(slope), sqrt(squares / 3));
    return slope;
}

/* Relative error of the central difference at each step: falls with step^2 while the loss's
 * curvature rules, until the rounding of float activations takes over. One of the steps must come
 * under the tolerance, which is that meeting point. */
static void check_gradient(struct fixture *it, const char *name, uint64_t seed, double tolerance)
{
    int64_t count = network_parameter_count(it->network);
    float *parameters = test_download(it->backend, network_parameters(it->network), count);
    float *direction = test_numbers(seed, count), *g = gradients_of(it);
    double scale, slope = slope_along(&scale, g, direction, count), best = INFINITY;
    char errors[256] = "";
    for (double step = 4e-3; step > 1e-4; step /= 5) {
        double up = loss_along(it, parameters, direction, step);
        double down = loss_along(it, parameters, direction, -step);
        double error = ((up - down) / (2 * step) - slope) / scale;
        best = fabs(error) < best ? fabs(error) : best;
        snprintf(errors + strlen(errors), sizeof errors - strlen(errors), " %.1e: %+.1e", step,
                 error);
    }
    cr_expect_lt(best, tolerance, "%s:%s", name, errors);
    MUST(it->backend->ops->upload(it->backend, network_parameters(it->network), parameters, count));
    MUST(network_refresh(it->network));
    free(parameters);
    free(direction);
    free(g);
}

/* The same of the input. */
static void check_input_gradient(struct fixture *it, const char *name, uint64_t seed,
                                 double tolerance)
{
    struct backend *backend = it->backend;
    int64_t count = (int64_t)(it->input.bytes / sizeof(float));
    struct buffer kept = it->input, direction = test_buffer(backend, seed, count);
    struct buffer d_input = test_buffer(backend, 5, count), moved = {0};
    MUST(backend->ops->alloc(backend, &moved, count));
    forward_loss(it, &it->gradient);
    MUST(network_backward_through(it->network, &it->gradient, &d_input));
    float *g = test_download(backend, &d_input, count), *d = test_numbers(seed, count);
    double scale, slope = slope_along(&scale, g, d, count), best = INFINITY;
    for (double step = 4e-3; step > 1e-4; step /= 5) {
        double loss[2];
        for (int side = 0; side < 2; side++) {
            MUST(backend->ops->copy(backend, &moved, &kept, count));
            MUST(backend->ops->axpy(backend, &moved, (float)(side == 0 ? step : -step), &direction,
                                    count));
            it->input = moved;
            loss[side] = forward_loss(it, NULL);
        }
        double error = ((loss[0] - loss[1]) / (2 * step) - slope) / scale;
        best = fabs(error) < best ? fabs(error) : best;
    }
    it->input = kept;
    cr_expect_lt(best, tolerance, "input, %s: %.1e", name, best);
    backend->ops->release(backend, &direction);
    backend->ops->release(backend, &d_input);
    backend->ops->release(backend, &moved);
    free(g);
    free(d);
}

/* The worst seen is 7.6e-5. */
static const double gradient_tolerance = 3e-4;

Test(network, gradients_of_tiny_agree_with_finite_differences)
{
    struct network_spec spec = spec_of("tiny");
    struct fixture it;
    set_up(&it, "ref", 2, &spec);
    for (uint64_t seed = 10; seed < 13; seed++)
        check_gradient(&it, "tiny", seed, gradient_tolerance);
    tear_down(&it);
}

Test(network, gradients_with_each_switch_agree_with_finite_differences)
{
    for (int i = 0; i < SWITCHES; i++) {
        char name[64];
        struct network_spec spec =
            switched(name, i < 4 ? "C 4 / 6 / 8 * 6 + * 5 + C 3" : "C 3 / 4 * 4 + C 3", i);
        struct fixture it;
        set_up_canvas(&it, "ref", 1, &spec, 8);
        check_gradient(&it, name, 20, gradient_tolerance);
        check_input_gradient(&it, name, 21, gradient_tolerance);
        tear_down(&it);
    }
}

Test(network, the_same_pass_gives_the_same_bits_for_any_fixed_number_of_threads)
{
    struct network_spec spec = spec_of("tiny");
    for (int64_t i = 0; backend_name(i) != NULL; i++)
        for (int threads = 1; threads <= 2; threads++) {
            int64_t count;
            float *once =
                network_fixture_gradients(backend_name(i), threads, PRECISION_F32, &spec, &count);
            float *again =
                network_fixture_gradients(backend_name(i), threads, PRECISION_F32, &spec, &count);
            cr_expect_eq(memcmp(once, again, (size_t)count * sizeof *once), 0, "%s, %d threads",
                         backend_name(i), threads);
            free(once);
            free(again);
        }
}

/* Five to ten layers of float activations; gradients of the first layers carry the most of it. */
static const double network_tolerance = 5e-6;

Test(network, every_backend_agrees_with_the_reference_with_each_switch)
{
    for (int k = 0; k < SWITCHES; k++) {
        int64_t count;
        char name[64];
        struct network_spec spec = switched(name, k < 4 ? "tiny" : "C 5 / 6 * 4 + C 3", k);
        float *expected = network_fixture_gradients("ref", 1, PRECISION_F32, &spec, &count);
        for (int64_t i = 0; strcmp(backend_name(i), "ref") != 0; i++) {
            float *got = network_fixture_gradients(backend_name(i), k < 2 ? 2 : 1, PRECISION_F32,
                                                   &spec, &count);
            double error = test_difference(got, expected, count);
            cr_expect_lt(error, network_tolerance, "%s, %s: %.2e", backend_name(i), name, error);
            free(got);
        }
        free(expected);
    }
}

Test(network, statistics_move_only_when_asked_to)
{
    struct network_spec spec = spec_of("C 4 / 5 * 4 + C 3");
    struct fixture it;
    struct buffer *output = NULL;
    set_up(&it, "auto", 1, &spec);
    int64_t count = network_statistic_count(it.network);
    cr_assert_eq(count, 2 * (5 + 4));
    float *before = test_download(it.backend, network_statistics(it.network), count);
    MUST(network_forward(it.network, &it.input, NETWORK_KEEP_STATISTICS, &output));
    float *kept = test_download(it.backend, network_statistics(it.network), count);
    MUST(network_forward(it.network, &it.input, NETWORK_UPDATE_STATISTICS, &output));
    float *moved = test_download(it.backend, network_statistics(it.network), count);
    cr_expect_eq(memcmp(before, kept, (size_t)count * sizeof *kept), 0);
    for (int64_t i = 0; i < count; i++)
        cr_expect_neq(before[i], moved[i]);
    free(before);
    free(kept);
    free(moved);
    tear_down(&it);
}

/* A layer that forgot its bias forward and backward alike would pass every test of gradients. */
Test(network, every_parameter_tensor_moves_the_output_on_every_backend)
{
    struct network_spec spec = spec_of("C 4 / 5 C 4 * 6 + C 3");
    spec.norm = NETWORK_NORM_NONE;
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        struct fixture it;
        set_up(&it, backend_name(i), 1, &spec);
        for (int64_t k = 0; k < network_tensor_count(it.network); k++) {
            const struct network_tensor *tensor = network_tensor_at(it.network, k);
            struct buffer one = backend_view(network_parameters(it.network), tensor->offset, 1);
            double before = forward_loss(&it, NULL);
            MUST(it.backend->ops->fill(it.backend, &one, 0.5f, 1));
            MUST(network_refresh(it.network));
            cr_expect_neq(forward_loss(&it, NULL), before, "%s on %s", tensor->name,
                          backend_name(i));
        }
        tear_down(&it);
    }
}

struct visit {
    const char *backend;
    int64_t count;
};

static void expect_no_ref(void *context, const char *layer, const char *implementation)
{
    struct visit *visit = context;
    visit->count++;
    cr_expect_neq(strncmp(implementation, "ref", 3), 0, "%s does %s by %s", visit->backend, layer,
                  implementation);
}

static void check_names(const char *name, const char *size, enum network_use use,
                        enum precision precision)
{
    struct network_spec spec = spec_of(size);
    struct backend *backend = NULL;
    struct network *network = NULL;
    struct visit visit = {.backend = name};
    MUST(backend_open(&backend, name, 2));
    if (precision == PRECISION_BF16 && backend->ops->bf16(backend) == BACKEND_BF16_NONE) {
        backend_close(backend);
        return;
    }
    MUST(backend_set_precision(backend, precision));
    MUST(network_create(&network, &spec, backend, use == NETWORK_TRAIN ? 4 : 1, 64, 64, use));
    network_visit(network, expect_no_ref, &visit);
    cr_expect_gt(visit.count, use == NETWORK_TRAIN ? 2 * spec.layer_count : spec.layer_count);
    network_destroy(network);
    backend_close(backend);
}

/* oneDNN falls back to slow loops of its own, whose names begin with ref, without a word. */
Test(network, no_layer_of_the_shipped_sizes_falls_to_a_reference_implementation)
{
    static const char *const sizes[] = {"tiny", "small", "base"};
    for (int64_t i = 0; backend_name(i) != NULL; i++)
        for (size_t k = 0; k < 3 && strcmp(backend_name(i), "ref") != 0; k++) {
            check_names(backend_name(i), sizes[k], NETWORK_TRAIN, PRECISION_F32);
            check_names(backend_name(i), sizes[k], NETWORK_FORECAST, PRECISION_F32);
            check_names(backend_name(i), sizes[k], NETWORK_TRAIN, PRECISION_BF16);
            check_names(backend_name(i), sizes[k], NETWORK_FORECAST, PRECISION_BF16);
        }
}

Test(network, tensors_fill_the_arenas_without_holes_and_have_the_names_of_pytorch)
{
    struct network_spec spec = spec_of("C 4 / 5 * 6 + C 3");
    static const struct {
        const char *name;
        int64_t rank, dims[5];
    } expected[] = {
        {"layers.0.conv.weight", 5, {4, 4, 3, 3, 3}},
        {"layers.0.conv.bias", 1, {4}},
        {"layers.1.conv.weight", 5, {5, 4, 3, 4, 4}},
        {"layers.1.norm.weight", 1, {5}},
        {"layers.1.norm.bias", 1, {5}},
        {"layers.1.norm.running_mean", 1, {5}},
        {"layers.1.norm.running_var", 1, {5}},
        {"layers.2.conv.weight", 5, {5, 6, 3, 4, 4}},
        {"layers.2.norm.weight", 1, {6}},
        {"layers.2.norm.bias", 1, {6}},
        {"layers.2.norm.running_mean", 1, {6}},
        {"layers.2.norm.running_var", 1, {6}},
        {"layers.3.conv.weight", 5, {3, 10, 3, 3, 3}},
        {"layers.3.conv.bias", 1, {3}},
    };
    enum { EXPECTED = sizeof expected / sizeof expected[0] };
    struct fixture it;
    set_up(&it, "auto", 1, &spec);
    cr_assert_eq(network_tensor_count(it.network), EXPECTED);
    int64_t next[2] = {0, 0};
    for (int64_t i = 0; i < EXPECTED; i++) {
        const struct network_tensor *tensor = network_tensor_at(it.network, i);
        cr_expect_str_eq(tensor->name, expected[i].name);
        cr_assert_eq(tensor->rank, expected[i].rank);
        cr_expect_eq(memcmp(tensor->dims, expected[i].dims, sizeof(int64_t) * (size_t)tensor->rank),
                     0, "%s", tensor->name);
        cr_expect_eq(tensor->statistic, strstr(tensor->name, "running") != NULL);
        cr_expect_eq(tensor->decays, strstr(tensor->name, "conv.weight") != NULL);
        cr_expect_eq(tensor->offset, next[tensor->statistic]);
        next[tensor->statistic] += tensor->count;
    }
    cr_expect_eq(next[0], network_parameter_count(it.network));
    cr_expect_eq(next[0], network_spec_parameters(&spec));
    cr_expect_eq(next[1], network_statistic_count(it.network));
    tear_down(&it);
}

Test(network, first_values_are_bounded_weights_zero_biases_and_plain_norms)
{
    struct network_spec spec = spec_of("C 4 / 5 * 6 + C 3");
    struct fixture it;
    set_up(&it, "auto", 1, &spec);
    float *p = test_download(it.backend, network_parameters(it.network),
                             network_parameter_count(it.network));
    float *s = test_download(it.backend, network_statistics(it.network),
                             network_statistic_count(it.network));
    double gain = 5.0 / 3.0;
    const double bounds[] = {gain * sqrt(3.0 / (4 * 27)), gain * sqrt(3.0 / (4 * 48)),
                             gain * sqrt(3.0 / (5 * 12)), sqrt(3.0 / (10 * 27))};
    int layer = 0;
    for (int64_t i = 0; i < network_tensor_count(it.network); i++) {
        const struct network_tensor *tensor = network_tensor_at(it.network, i);
        const float *values = (tensor->statistic ? s : p) + tensor->offset;
        double largest = 0, sum = 0;
        for (int64_t k = 0; k < tensor->count; k++) {
            largest = fmax(largest, fabs((double)values[k]));
            sum += values[k];
        }
        if (tensor->decays) {
            cr_expect(largest <= bounds[layer] && largest > 0.9 * bounds[layer], "%s: %g of %g",
                      tensor->name, largest, bounds[layer]);
            layer++;
        } else {
            int ones = strstr(tensor->name, "norm.weight") || strstr(tensor->name, "running_var");
            cr_expect_eq(sum, ones ? (double)tensor->count : 0.0, "%s", tensor->name);
        }
    }
    MUST(network_initialise(it.network, 8));
    float *other = test_download(it.backend, network_parameters(it.network), 1);
    cr_expect_neq(other[0], p[0]);
    free(other);
    free(p);
    free(s);
    tear_down(&it);
}

Test(network, the_estimate_of_memory_is_what_is_allocated_with_each_switch)
{
    static const enum network_use uses[] = {NETWORK_TRAIN, NETWORK_FORECAST};
    struct backend *backend = NULL;
    MUST(backend_open(&backend, "ref", 1));
    counting_backend_begin(backend);
    for (int i = 0; i < 4 * SWITCHES; i++) {
        char name[64];
        enum precision precision = i < 2 * SWITCHES ? PRECISION_F32 : PRECISION_BF16;
        struct network_spec spec =
            switched(name, "C 4 / 6 C 6 / 8 * 6 + * 5 + C 4 C 3", i / 2 % SWITCHES);
        MUST(backend_set_precision(backend, precision));
        struct network *network = NULL;
        counting_backend.bytes = 0;
        MUST(network_create(&network, &spec, backend, 3, 16, 8, uses[i % 2]));
        cr_expect_eq((double)counting_backend.bytes,
                     network_memory_estimate(&spec, 3, 16, 8, uses[i % 2], precision),
                     "%s, use %d, %s", name, i % 2, precision_word(precision));
        network_destroy(network);
    }
    counting_backend_end(backend);
    backend_close(backend);
}

Test(network, a_canvas_that_does_not_halve_is_refused)
{
    struct network_spec spec = spec_of("tiny");
    struct backend *backend = NULL;
    struct network *network = NULL;
    MUST(backend_open(&backend, "ref", 1));
    cr_expect_eq(network_create(&network, &spec, backend, 1, 60, 64, NETWORK_TRAIN), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "multiples of 8"), "%s", error_message());
    cr_expect_eq(network_create(&network, &spec, backend, 1, 64, 4, NETWORK_TRAIN), ERR_CONFIG);
    cr_expect_eq(network_create(&network, &spec, backend, 0, 64, 64, NETWORK_TRAIN), ERR_CONFIG);
    cr_expect_null(network);
    spec.output_channels = 2;
    cr_expect_eq(network_create(&network, &spec, backend, 1, 64, 64, NETWORK_TRAIN), ERR_CONFIG);
    network_destroy(NULL);
    backend_close(backend);
}

Test(network, a_network_for_forecasts_has_no_gradients)
{
    struct network_spec spec = spec_of("tiny");
    struct backend *backend = NULL;
    struct network *network = NULL;
    MUST(backend_open(&backend, "ref", 1));
    MUST(network_create(&network, &spec, backend, 1, 8, 8, NETWORK_FORECAST));
    cr_expect_null(network_gradients(network));
    cr_expect_str_eq(network_get_spec(network)->size, "tiny");
    network_destroy(network);
    backend_close(backend);
}
