/* SPDX-License-Identifier: Apache-2.0
 *
 * What families share whose shape is a polygon once it is made: the members of their shape_ops.
 * Internal to this room. */
#pragma once

#include "shape.h"

#include <stdint.h>

struct polygon;

struct cornered {
    struct shape base;
    struct polygon *polygon;
};

/* points [count][2] as polygon_create takes them, and fails. */
enum status cornered_create(struct shape **out, const struct shape_ops *ops, const double *points,
                            int64_t count);
void cornered_destroy(struct shape *shape);
double cornered_distance(const struct shape *shape, double x, double y);
double cornered_support(const struct shape *shape, double nx, double ny);
int64_t cornered_outline(double *points, const struct shape *shape, double tolerance);
