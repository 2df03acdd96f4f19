/* SPDX-License-Identifier: Apache-2.0
 *
 * A backend that has another one do the work and notes how long each call took: by kind of work,
 * and for convolutions and norms by layer, in the order in which their plans are created (a norm
 * belongs to the convolution created before it). For benchmarks; results are those of the other
 * backend. */
#pragma once

#include "backend.h"

enum meter_work {
    METER_CONV_FORWARD,
    METER_CONV_BACKWARD_DATA,
    METER_CONV_BACKWARD_WEIGHTS,
    METER_PACKING, /* weights into the backend's own layout */
    METER_NORM_FORWARD,
    METER_NORM_BACKWARD,
    METER_TANH,   /* and biases, where no norm is */
    METER_CONCAT, /* with the sums of gradients that meet at a skip, halos and windows */
    METER_LOSS,
    METER_OPTIMIZER,
    METER_TRANSFER, /* to and from the device, and between precisions */
    METER_WORKS
};

/* Wraps `inner`, which is kept and must outlive it. Closing it leaves `inner` open. */
enum status backend_meter_open(struct backend **out, struct backend *inner);

/* Forgets all times. */
void backend_meter_reset(struct backend *meter);

const char *backend_meter_word(enum meter_work work); /* "norm+tanh forward" */

int64_t backend_meter_layers(const struct backend *meter); /* convolutions created so far */
/* Seconds since the reset: of a kind of work in one layer, or in all (layer -1). */
double backend_meter_seconds(const struct backend *meter, int64_t layer, enum meter_work work);
/* Multiply-adds x 2 that hit data, of the calls of a convolution's kind likewise; 0 for others. */
double backend_meter_operations(const struct backend *meter, int64_t layer, enum meter_work work);
