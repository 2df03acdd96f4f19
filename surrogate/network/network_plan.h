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
    int64_t in_frames, out_frames; /* differ in the last layer alone */
    int64_t skip;                  /* concat: the step whose activation it appends; else -1 */
    int feeds_skip;
    int has_norm, has_bias, has_tanh; /* all 0 for a concat */
    int64_t groups;                   /* of a group norm: gcd of the channels and spec->groups */
    int64_t kernel[3], stride[3];     /* (t, x, y); not of a concat */
    int64_t padding[3];               /* by zeros, within the convolution */
};

/* Frames. Every layer keeps their number but the last, whose kernel is 3 + |out - in| frames deep
 * and its padding 1 frame, or 1 + out - in where more come out than go in: with as many out as in
 * it is the layer that the list says.
 *
 * Padding. With zeros on all sides it is part of the convolutions, 1 cell. Else `halo` is set: each
 * convolution, straight or transposed, reads an input with one cell more on every side
 * (backend.h: halo) and has no padding of its own in x and y; what a transposed one spreads beyond
 * the canvas is cut off (its padding of 3). */
struct network_plan {
    struct network_step steps[NETWORK_LAYERS];
    int64_t count;
    int64_t levels; /* the deepest level */
    int halo;
};

/* Without the concats when skips are off. ERR_CONFIG says why the list is no network. */
enum status network_plan_make(struct network_plan *out, const struct network_spec *spec);

/* The convolution of a step (not of a concat) for a batch on an nx x ny canvas. */
struct conv_shape network_plan_shape(const struct network_plan *plan,
                                     const struct network_step *step, int64_t batch, int64_t nx,
                                     int64_t ny);

/* Floats in its weights. */
int64_t network_plan_weights(const struct network_step *step);
