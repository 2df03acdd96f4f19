/* SPDX-License-Identifier: Apache-2.0
 *
 * What a network consists of. Private to the network room: network.c builds it,
 * network_initialise.c draws its weights, network_forward.c and network_backward.c run it.
 *
 * Forward keeps, for each layer, what its backward needs: the convolution's output where a norm
 * follows (else the tanh is taken in place) and the activation. Backward carries one gradient down
 * the list; the gradient of a skip waits until the walk reaches the encoder layer that fed it.
 * Inputs with a halo are made twice, forward and backward, in one buffer that all layers share. All
 * of these stand in one arena, where network_lifetime.h says.
 *
 * In bf16 all these are bf16 but for the last layer's activation, which is float32 as inputs,
 * outputs and their gradients are for those outside: the first layer reads a rounded copy of the
 * input, and the output's gradient is rounded as it begins its way down. */
#pragma once

#include "network.h"
#include "network_plan.h"

struct network_layer_parts {
    struct network_step step;
    int64_t rows;       /* n t x y of the output */
    int64_t in_count;   /* floats of the input */
    struct buffer pre;  /* (rows, c): the convolution's output; no data of its own without a norm */
    struct buffer post; /* (rows, c): the activation */
    struct buffer d_post; /* gradient of the activation, then of the convolution's output */
    struct buffer d_skip; /* gradient through the skip, where the layer feeds one */
    struct conv_plan *conv;
    struct norm_plan *norm;
    /* views of the arenas; bytes 0 where there is none */
    struct buffer weights, bias, scale, shift, running_mean, running_variance;
    struct buffer d_weights, d_bias, d_scale, d_shift;
    int64_t offset; /* of the first parameter in the arena */
};

struct network {
    struct network_spec spec;
    struct network_plan plan;
    struct backend *backend;
    enum precision precision; /* of activations and their gradients */
    enum network_use use;
    int64_t batch, nx, ny;
    struct network_layer_parts layers[NETWORK_LAYERS];
    struct network_tensor tensors[NETWORK_TENSORS];
    int64_t tensor_count, parameter_count, statistic_count;
    struct buffer parameters, gradients, statistics;
    struct buffer activations; /* the arena in which the following, and the layers', stand */
    struct buffer halo[2];  /* a layer's input with its halo, and the gradient of that; or none */
    struct buffer rounded;  /* bf16: the input; or none */
    struct buffer d_input;  /* bf16: its gradient before it becomes floats; or none */
    struct buffer sum;      /* delta: the output, input and last layer together; or none */
    struct buffer input;    /* of the last forward; borrowed */
    network_watch_fn watch; /* of gradients; NULL: nobody */
    void *watch_context;
};

/* Does it keep what a backward pass needs? */
static inline int network_parts_trains(const struct network *network)
{
    return network->use != NETWORK_FORECAST;
}

/* The activation that a layer reads. */
static inline const struct buffer *network_parts_input(const struct network *network, int64_t index)
{
    if (index > 0)
        return &network->layers[index - 1].post;
    return network->rounded.data != NULL ? &network->rounded : &network->input;
}

struct halo_shape network_parts_halo(const struct network *network, int64_t index);
struct window_shape network_parts_window(const struct network *network);

/* What the convolution of a layer reads: its input, or that with the halo, made anew. */
enum status network_forward_source(struct network *network, int64_t index,
                                   const struct buffer **out);
