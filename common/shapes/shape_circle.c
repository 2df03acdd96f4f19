/* SPDX-License-Identifier: Apache-2.0
 *
 * Circle of diameter `size`: d = |p| - R. */
#include "shape.h"

#include "array.h"

#include <math.h>

struct circle {
    struct shape base;
    double radius;
};

static void circle_destroy(struct shape *shape)
{
    array_free(shape);
}

static enum status circle_create(struct shape **out, const struct body_spec *spec)
{
    struct circle *circle;
    TRY(ARRAY_NEW(circle, 1));
    circle->base.ops = &shape_circle_ops;
    circle->radius = spec->size / 2;
    *out = &circle->base;
    return OK;
}

static double circle_distance(const struct shape *shape, double x, double y)
{
    const struct circle *circle = (const struct circle *)shape;
    return sqrt(x * x + y * y) - circle->radius;
}

static double circle_support(const struct shape *shape, double nx, double ny)
{
    (void)nx;
    (void)ny;
    return ((const struct circle *)shape)->radius;
}

static int64_t circle_outline(double *points, const struct shape *shape, double tolerance)
{
    double radius = ((const struct circle *)shape)->radius;
    int64_t chords = shape_arc_chords(radius, tolerance);
    if (points != NULL)
        shape_arc(points, chords, 0, 0, radius, radius, 0, chords);
    return chords;
}

static void circle_example(struct body_spec *spec, const double choice[3])
{
    (void)spec;
    (void)choice;
}

const struct shape_ops shape_circle_ops = {
    .name = "circle",
    .accuracy = 1e-6,
    .create = circle_create,
    .destroy = circle_destroy,
    .distance = circle_distance,
    .support = circle_support,
    .outline = circle_outline,
    .example = circle_example,
};
