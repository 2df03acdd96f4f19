/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of a meter, for backend_meter.c, which times ops on whole buffers, and
 * backend_meter_plans.c, which times plans. */
#pragma once

#include "backend_meter.h"
#include "stop.h"

#include <stddef.h>

struct meter_layer {
    double seconds[METER_WORKS], operations[METER_WORKS];
};

/* Work that belongs to no layer is in layers[0]; layers[1 + i] is convolution i. */
struct meter {
    struct backend base;
    struct backend *inner;
    struct meter_layer *layers;
    size_t count, capacity;
};

static inline struct meter *backend_meter_of(struct backend *backend)
{
    return (struct meter *)backend;
}

/* Adds what went by since `began`; `status` is passed on. */
static inline enum status backend_meter_note(struct meter *meter, size_t layer,
                                             enum meter_work work, double began, enum status status)
{
    meter->layers[layer].seconds[work] += stop_clock() - began;
    return status;
}

/* A layer more, with no time yet. */
enum status backend_meter_add_layer(struct meter *meter);

enum status backend_meter_plans_conv(struct conv_plan **out, struct backend *backend,
                                     const struct conv_shape *shape);
enum status backend_meter_plans_deconv(struct conv_plan **out, struct backend *backend,
                                       const struct conv_shape *shape);
enum status backend_meter_plans_norm(struct norm_plan **out, struct backend *backend,
                                     const struct norm_shape *shape);
