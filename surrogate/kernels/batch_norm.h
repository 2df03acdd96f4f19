/* SPDX-License-Identifier: Apache-2.0
 *
 * Batch norm with the tanh behind it, vectorised, over host memory (rows, channels); struct
 * norm_plan_ops in backend.h says what each call computes. Sums are doubles in a fixed order that
 * does not depend on the number of threads. */
#pragma once

#include "error.h"
#include "precision.h"
#include "shared_sums.h"

#include <stdint.h>

struct batch_norm;

enum batch_norm_activation { BATCH_NORM_LINEAR, BATCH_NORM_TANH };

enum status batch_norm_create(struct batch_norm **out, int64_t rows, int64_t channels,
                              enum batch_norm_activation activation, enum precision precision,
                              int threads);
void batch_norm_destroy(struct batch_norm *norm);

/* Statistics over the rows of all sharers; `sums` is kept, must outlive. */
void batch_norm_share(struct batch_norm *norm, struct shared_sums *sums);

/* x, y and their gradients hold numbers of that precision; everything else is float. running_mean
 * and running_variance may be NULL both: they stay as they are. Fails, as backward does, with the
 * sharers alone. */
enum status batch_norm_forward(struct batch_norm *norm, void *y, const void *x, const float *scale,
                               const float *shift, float *running_mean, float *running_variance);
/* y may be x. */
void batch_norm_forward_running(struct batch_norm *norm, void *y, const void *x, const float *scale,
                                const float *shift, const float *running_mean,
                                const float *running_variance);
/* Of the last forward, by batch or by running statistics. dx may be dy. */
enum status batch_norm_backward(struct batch_norm *norm, void *dx, float *d_scale, float *d_shift,
                                const void *dy, const void *y, const void *x, const float *scale);
