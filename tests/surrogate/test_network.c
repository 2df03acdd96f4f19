/* SPDX-License-Identifier: Apache-2.0
 *
 * The whole network: gradients along random directions, repetition to the bit, shapes, names and
 * what is refused. The canvas is 16 x 16 so that the reference backend is quick. */
#include "surrogate_test.h"

#include "loss.h"
#include "network.h"

#include <stdio.h>
#include <string.h>

enum { BATCH = 2, SIDE = 16, FRAMES = 3 };

struct fixture {
    struct backend *backend;
    struct network *network;
    struct loss *loss;
    struct buffer input, target, fluid, gradient;
    int64_t outputs;
};

static void set_up(struct fixture *it, const char *backend, int threads,
                   const struct network_spec *spec)
{
    *it = (struct fixture){0};
    int64_t cells = (int64_t)BATCH * SIDE * SIDE;
    it->outputs = cells * FRAMES * spec->output_channels;
    const int64_t dims[5] = {BATCH, FRAMES, SIDE, SIDE, spec->output_channels};
    const struct loss_spec loss = {{1, 1}};
    MUST(backend_open(&it->backend, backend, threads));
    MUST(network_create(&it->network, spec, it->backend, BATCH, SIDE, SIDE, NETWORK_TRAIN));
    MUST(loss_create(&it->loss, &loss, it->backend, dims));
    MUST(network_initialise(it->network, 7));
    it->input = test_buffer(it->backend, 1, cells * FRAMES * spec->input_channels);
    it->target = test_buffer(it->backend, 2, it->outputs);
    it->fluid = test_mask(it->backend, 3, cells, 0.1);
    it->gradient = test_buffer(it->backend, 4, it->outputs);
}

static void tear_down(struct fixture *it)
{
    const struct backend_ops *ops = it->backend->ops;
    ops->release(it->backend, &it->input);
    ops->release(it->backend, &it->target);
    ops->release(it->backend, &it->fluid);
    ops->release(it->backend, &it->gradient);
    loss_destroy(it->loss);
    network_destroy(it->network);
    backend_close(it->backend);
}

static struct network_spec spec_of(const char *text)
{
    struct network_spec spec;
    MUST(network_spec_parse(&spec, text));
    return spec;
}

static double forward_loss(struct fixture *it, struct buffer *gradient)
{
    struct buffer *output = NULL;
    double total, terms[LOSS_TERMS];
    MUST(network_forward(it->network, &it->input, NETWORK_KEEP_STATISTICS, &output));
    MUST(loss_evaluate(it->loss, output, &it->target, &it->fluid, &total, terms, gradient));
    return total;
}

static float *gradients_of(struct fixture *it)
{
    forward_loss(it, &it->gradient);
    MUST(network_backward(it->network, &it->gradient));
    return test_download(it->backend, network_gradients(it->network),
                         network_parameter_count(it->network));
}

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

/* Relative error of the central difference at each step: falls with step^2 while the loss's
 * curvature rules, until the rounding of float activations takes over. One of the steps must come
 * under the tolerance, which is that meeting point. */
static void check_gradient(struct fixture *it, const char *name, uint64_t seed, double tolerance)
{
    int64_t count = network_parameter_count(it->network);
    float *parameters = test_download(it->backend, network_parameters(it->network), count);
    float *direction = test_numbers(seed, count), *g = gradients_of(it);
    double slope = 0, best = INFINITY;
    char errors[256] = "";
    for (int64_t i = 0; i < count; i++)
        slope += (double)g[i] * direction[i];
    for (double step = 1e-2; step > 1e-5; step /= 4) {
        double up = loss_along(it, parameters, direction, step);
        double down = loss_along(it, parameters, direction, -step);
        double error = ((up - down) / (2 * step) - slope) / slope;
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

/* The worst seen is 1.1e-4. */
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
    struct network_spec spec = spec_of("C 4 / 6 C 6 / 8 * 6 + * 5 + C 4 C 3");
    for (int i = 0; i < 4; i++) {
        spec.skips = i & 1;
        spec.norm = i & 2 ? NETWORK_NORM_BATCH : NETWORK_NORM_NONE;
        char name[64];
        snprintf(name, sizeof name, "skips %d norm %d", spec.skips, spec.norm);
        struct fixture it;
        set_up(&it, "ref", 2, &spec);
        check_gradient(&it, name, 20, gradient_tolerance);
        tear_down(&it);
    }
}
