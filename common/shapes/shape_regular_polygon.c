/* SPDX-License-Identifier: Apache-2.0
 *
 * Regular polygon with `sides` corners on a circle of diameter `size`, one of them downstream. */
#include "shape.h"

#include "array.h"
#include "polygon.h"

#include <inttypes.h>
#include <stdio.h>

struct regular {
    struct shape base;
    struct polygon *polygon;
};

static void regular_destroy(struct shape *shape)
{
    struct regular *regular = (struct regular *)shape;
    polygon_destroy(regular->polygon);
    array_free(regular);
}

static enum status regular_create(struct shape **out, const struct body_spec *spec)
{
    enum status status = OK;
    struct regular *regular = NULL;
    double points[2 * SHAPE_SIDES_MAX];
    TRY(shape_check_sides(spec));
    shape_arc(points, spec->sides, 0, 0, spec->size / 2, spec->size / 2, 0, spec->sides);
    TRY(ARRAY_NEW(regular, 1));
    regular->base.ops = &shape_regular_polygon_ops;
    TRY_GOTO(polygon_create(&regular->polygon, points, spec->sides), cleanup);
    *out = &regular->base;
    regular = NULL;
cleanup:
    if (regular != NULL)
        regular_destroy(&regular->base);
    return status;
}

static double regular_distance(const struct shape *shape, double x, double y)
{
    return polygon_distance(((const struct regular *)shape)->polygon, x, y);
}

static double regular_support(const struct shape *shape, double nx, double ny)
{
    return polygon_support(((const struct regular *)shape)->polygon, nx, ny);
}

static int64_t regular_outline(double *points, const struct shape *shape, double tolerance)
{
    (void)tolerance;
    return polygon_outline(points, ((const struct regular *)shape)->polygon);
}

static void regular_example(struct body_spec *spec, const double choice[3])
{
    spec->sides = SHAPE_SIDES_MIN + (int64_t)(choice[0] * 10);
}

static void regular_label(char out[BODY_NAME_SIZE], const struct body_spec *spec)
{
    static const char *const names[] = {"triangle", "square", "pentagon", "hexagon"};
    if (spec->sides >= 3 && spec->sides <= 6)
        snprintf(out, BODY_NAME_SIZE, "%s", names[spec->sides - 3]);
    else
        snprintf(out, BODY_NAME_SIZE, "%" PRId64 "-gon", spec->sides);
}

const struct shape_ops shape_regular_polygon_ops = {
    .name = "regular-polygon",
    .accuracy = 1e-6,
    .create = regular_create,
    .destroy = regular_destroy,
    .distance = regular_distance,
    .support = regular_support,
    .outline = regular_outline,
    .example = regular_example,
    .label = regular_label,
};
