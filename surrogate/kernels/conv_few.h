/* SPDX-License-Identifier: Apache-2.0
 *
 * Convolutions to few output channels, stride 1 and a kernel three wide in y, on NDHWC arrays of
 * host memory: the network's last layer, from many channels to three fields. A library that gives
 * every output channel a lane of a vector leaves 13 of 16 lanes empty there; here lanes are input
 * channels, and products are summed over lanes at the end. The order of sums depends on the shape
 * and the number of threads alone. */
#pragma once

#include "error.h"

#include <stdint.h>

struct conv_few_shape {
    int64_t batch, in_channels, out_channels;
    int64_t in[3], kernel[3], padding[3]; /* t, x, y */
};

/* Whether it is for that shape: out_channels of 1 to 4, in_channels a multiple of 16, a kernel of 3
 * with padding of 2 at most in y. */
int conv_few_fits(const struct conv_few_shape *shape);

struct conv_few;

/* For a shape that fits. Memory is allocated here and nowhere else. */
enum status conv_few_create(struct conv_few **out, const struct conv_few_shape *shape, int threads);
void conv_few_destroy(struct conv_few *few);

/* Takes in weights [o][i][t][x][y]; must precede forward. */
void conv_few_pack(struct conv_few *few, const float *weights);

/* dst (n, t, x, y, o) = conv(src (n, t, x, y, i)) + bias (o); `bias` is NULL without one. */
void conv_few_forward(const struct conv_few *few, float *dst, const float *src, const float *bias);

/* d_weights [o][i][t][x][y], overwritten. */
void conv_few_backward_weights(struct conv_few *few, float *d_weights, const float *src,
                               const float *d_dst);

/* The instruction set in use. */
const char *conv_few_name(const struct conv_few *few);
