/* SPDX-License-Identifier: Apache-2.0
 *
 * What families with a curved outline share: the outline is given as a point that goes round once,
 * counter-clockwise, while t goes from 0 to 1, and becomes a polygon whose corners lie on it and
 * whose sides leave it by less than CURVE_FLATNESS. From then on the polygon is the shape:
 * distance, support and outline are its own, so that they agree to rounding. Internal to this room.
 */
#pragma once

#include "cornered.h"
#include "shape.h"

#include <stdint.h>

/* Cells; a hundredth of what physics.md asks for. For shapes beyond a thousand cells 1e-8 of their
 * size. */
#define CURVE_FLATNESS 1e-5

typedef void (*curve_point_fn)(double point[2], const void *context, double t);

struct curve {
    struct cornered cornered;
    double *corners; /* [count][2], the polygon's */
    int64_t count;
    double widest; /* tolerance of an outline: beyond it thin parts would vanish */
};

/* `pieces`: equal parts of t on each of which the curve is smooth and turns by less than a right
 * angle or so. ERR_CONFIG when the curve crosses itself. */
enum status curve_create(struct shape **out, const struct shape_ops *ops, curve_point_fn point,
                         const void *context, int64_t pieces, double size);

/* Members of shape_ops; distance and support are cornered.h's. */
void curve_destroy(struct shape *shape);
int64_t curve_outline(double *points, const struct shape *shape, double tolerance);

/* The largest distance of the curve from the origin, looked for about the largest of `samples`. */
double curve_radius(curve_point_fn point, const void *context, int64_t samples);
