/* SPDX-License-Identifier: Apache-2.0
 *
 * Where activations and gradients stand in one arena. A space holds something from one instant of a
 * pass to another; two that never hold something at the same time may share bytes.
 *
 *     instants     forward of layer i        i
 *                  the output is finished    n
 *                  backward of layer i       n + 1 + 2 (n - 1 - i)   its activation, its weights
 *                                            the next                its input
 *
 * What is held, and until when, is read off network_forward.c and network_backward.c and must
 * change with them. Private to the network room. */
#pragma once

#include "network.h"
#include "network_plan.h"

#include <stddef.h>

/* Of a layer. */
enum network_lifetime_role {
    NETWORK_LIFETIME_PRE,    /* the convolution's output, kept for the norm's backward */
    NETWORK_LIFETIME_POST,   /* the activation */
    NETWORK_LIFETIME_D_POST, /* its gradient, then in place that of the convolution's output */
    NETWORK_LIFETIME_D_SKIP, /* the gradient through a skip, until the walk reaches its layer */
    NETWORK_LIFETIME_ROLES
};

/* Of the whole network. */
enum network_lifetime_extra {
    NETWORK_LIFETIME_HALO,    /* a layer's input with its halo */
    NETWORK_LIFETIME_D_HALO,  /* the gradient of that */
    NETWORK_LIFETIME_ROUNDED, /* bf16: the input */
    NETWORK_LIFETIME_D_INPUT, /* bf16: its gradient, before it becomes floats */
    NETWORK_LIFETIME_SUM,     /* delta: the output, input and last layer together */
    NETWORK_LIFETIME_EXTRAS
};

struct network_lifetime_space {
    int64_t count;       /* of numbers; 0: there is no such space */
    int64_t first, last; /* instants */
    enum precision precision;
    size_t offset; /* bytes into the arena */
};

struct network_lifetime {
    struct network_lifetime_space layers[NETWORK_LAYERS][NETWORK_LIFETIME_ROLES];
    struct network_lifetime_space extras[NETWORK_LIFETIME_EXTRAS];
    size_t bytes; /* of the arena */
    size_t least; /* the most that is held at one instant: no plan needs less */
};

/* For what a network of that plan is created with. Far too large for a thread's stack in a
 * recursion, and fine for one call. */
struct network_lifetime_use {
    const struct network_plan *plan;
    int delta; /* the output is the last input frame and what the layers add */
    int64_t batch, nx, ny;
    enum network_use use;
    enum precision precision;
};

void network_lifetime_plan(struct network_lifetime *out, const struct network_lifetime_use *use);
