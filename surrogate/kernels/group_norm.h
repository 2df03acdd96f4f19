/* SPDX-License-Identifier: Apache-2.0
 *
 * Group norm (Wu and He 2018) with the tanh behind it, vectorised, over host memory (samples, rows,
 * channels): every sample and group of channels has a mean and a variance of its own; scale and
 * shift are per channel. struct norm_plan_ops in backend.h says what each call computes. */
#pragma once

#include "error.h"
#include "precision.h"

#include <stdint.h>

struct group_norm;

enum group_norm_activation { GROUP_NORM_LINEAR, GROUP_NORM_TANH };

struct group_norm_shape {
    int64_t samples, rows, channels; /* rows of a sample */
    int64_t groups;                  /* divides the channels */
    enum group_norm_activation activation;
    enum precision precision; /* of x, y and their gradients */
};

enum status group_norm_create(struct group_norm **out, const struct group_norm_shape *shape,
                              int threads);
void group_norm_destroy(struct group_norm *norm);

/* y may be x, if no backward follows. */
void group_norm_forward(struct group_norm *norm, void *y, const void *x, const float *scale,
                        const float *shift);
/* dx may be dy. */
void group_norm_backward(struct group_norm *norm, void *dx, float *d_scale, float *d_shift,
                         const float *dy, const void *y, const void *x, const float *scale);
