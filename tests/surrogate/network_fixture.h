/* SPDX-License-Identifier: Apache-2.0
 *
 * A network with a loss on reproducible numbers, and networks with each switch, for the tests of
 * networks. */
#pragma once

#include "surrogate_test.h"

#include "loss.h"
#include "network.h"

#include <stdio.h>
#include <string.h>

enum { BATCH = 2 };

struct fixture {
    struct backend *backend;
    struct network *network;
    struct loss *loss;
    struct buffer input, target, fluid, gradient;
    int64_t outputs;
};

/* Of the networks that are set up. */
static enum precision fixture_precision = PRECISION_F32;

static inline void set_up_canvas(struct fixture *it, const char *backend, int threads,
                                 const struct network_spec *spec, int64_t side)
{
    *it = (struct fixture){0};
    int64_t cells = BATCH * side * side;
    it->outputs = cells * spec->frames_out * spec->output_channels;
    const int64_t dims[5] = {BATCH, spec->frames_out, side, side, spec->output_channels};
    const struct loss_spec loss = {{1, 1}};
    MUST(backend_open(&it->backend, backend, threads));
    MUST(backend_set_precision(it->backend, fixture_precision));
    MUST(network_create(&it->network, spec, it->backend, BATCH, side, side, NETWORK_TRAIN_THROUGH));
    MUST(loss_create(&it->loss, &loss, it->backend, dims));
    MUST(network_initialise(it->network, 7));
    it->input = test_buffer(it->backend, 1, cells * spec->frames_in * spec->input_channels);
    it->target = test_buffer(it->backend, 2, it->outputs);
    it->fluid = test_mask(it->backend, 3, cells, 0.1);
    it->gradient = test_buffer(it->backend, 4, it->outputs);
}

static inline void set_up(struct fixture *it, const char *backend, int threads,
                          const struct network_spec *spec)
{
    set_up_canvas(it, backend, threads, spec, 16);
}

static inline void tear_down(struct fixture *it)
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

static inline struct network_spec spec_of(const char *text)
{
    struct network_spec spec;
    MUST(network_spec_parse(&spec, text));
    return spec;
}

/* Each switch by itself, then several together; `name` says which. */
enum { SWITCHES = 16 };

static inline struct network_spec switched(char name[64], const char *layers, int index)
{
    static const char *const names[SWITCHES] = {
        "none",    "no skips", "no norm",   "group norm", "tanh output",   "delta",
        "3 to 1",  "2 to 4",   "1 to 7",    "5 to 2",     "more channels", "replicate",
        "reflect", "periodic", "all sides", "all at once"};
    struct network_spec spec = spec_of(layers);
    const int rule = index == 11   ? NETWORK_PADDING_REPLICATE
                     : index == 12 ? NETWORK_PADDING_REFLECT
                     : index == 13 ? NETWORK_PADDING_PERIODIC
                                   : NETWORK_PADDING_ZERO;
    snprintf(name, 64, "%s", names[index]);
    spec.skips = index != 1;
    spec.norm = index == 2                  ? NETWORK_NORM_NONE
                : index == 3 || index == 15 ? NETWORK_NORM_GROUP
                                            : NETWORK_NORM_BATCH;
    spec.groups = 4;
    spec.output = index == 4 || index == 15 ? NETWORK_OUTPUT_TANH : NETWORK_OUTPUT_LINEAR;
    spec.target = index == 5 || index == 15 ? NETWORK_TARGET_DELTA : NETWORK_TARGET_DIRECT;
    spec.frames_in = index == 7 || index == 15 ? 2 : index == 8 ? 1 : index == 9 ? 5 : 3;
    spec.frames_out = index == 6                  ? 1
                      : index == 7 || index == 15 ? 4
                      : index == 8                ? 7
                      : index == 9                ? 2
                                                  : 3;
    spec.reynolds = spec.walls = index == 10 || index == 15;
    spec.input_channels = network_spec_channels(&spec);
    for (int side = 0; side < NETWORK_SIDES; side++)
        spec.padding[side] = (enum network_padding)rule;
    if (index >= 14) {
        spec.padding[NETWORK_OUTLET] = NETWORK_PADDING_REPLICATE;
        spec.padding[NETWORK_BOTTOM] = NETWORK_PADDING_REFLECT;
        spec.padding[NETWORK_TOP] = NETWORK_PADDING_REPLICATE;
    }
    return spec;
}

static inline double forward_loss(struct fixture *it, struct buffer *gradient)
{
    struct buffer *output = NULL;
    double total, terms[LOSS_TERMS];
    MUST(network_forward(it->network, &it->input, NETWORK_KEEP_STATISTICS, &output));
    MUST(loss_evaluate(it->loss, output, &it->target, &it->fluid, &total, terms, gradient));
    return total;
}

static inline float *gradients_of(struct fixture *it)
{
    forward_loss(it, &it->gradient);
    MUST(network_backward(it->network, &it->gradient));
    return test_download(it->backend, network_gradients(it->network),
                         network_parameter_count(it->network));
}

/* Of all parameters, in that precision, twice the same. */
static inline float *network_fixture_gradients(const char *backend, int threads,
                                               enum precision precision,
                                               const struct network_spec *spec, int64_t *count)
{
    struct fixture it;
    fixture_precision = precision;
    set_up_canvas(&it, backend, threads, spec, 8);
    float *first = gradients_of(&it), *second = gradients_of(&it);
    *count = network_parameter_count(it.network);
    cr_expect_eq(memcmp(first, second, (size_t)*count * sizeof *first), 0,
                 "%s with %d threads: a second pass differs", backend, threads);
    free(second);
    tear_down(&it);
    fixture_precision = PRECISION_F32;
    return first;
}
