/* SPDX-License-Identifier: Apache-2.0
 *
 * A network's list of layers, worked out: who feeds whom, with how many channels, at which level
 * (0 is the canvas, each down layer is one more). For the network room and for those who write the
 * network in other formats (surrogate/travel); not installed. */
#pragma once

#include "backend.h"
#include "network.h"

struct network_step {
    enum network_layer_kind kind;
    int64_t in_channels, out_channels;
    int64_t in_level, out_level;
    int64_t skip; /* concat: the step whose activation it appends; else -1 */
    int feeds_skip;
    int has_norm, has_bias, has_tanh; /* all 0 for a concat */
};

struct network_plan {
    struct network_step steps[NETWORK_LAYERS];
    int64_t count;
    int64_t levels; /* the deepest level */
};

/* Without the concats when skips are off. ERR_CONFIG says why the list is no network. */
enum status network_plan_make(struct network_plan *out, const struct network_spec *spec);

/* The convolution of a step (not of a concat) for a batch on an nx x ny canvas. */
struct conv_shape network_plan_shape(const struct network_step *step,
                                     const struct network_spec *spec, int64_t batch, int64_t nx,
                                     int64_t ny);

/* Floats in its weights. */
int64_t network_plan_weights(const struct network_step *step);
