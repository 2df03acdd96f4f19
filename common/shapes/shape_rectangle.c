/* SPDX-License-Identifier: Apache-2.0
 *
 * Rectangle with half sides h: with q = |p| - h, d = |max(q, 0)| outside and max(q_x, q_y) inside.
 */
#include "shape.h"

#include "array.h"

#include <math.h>

struct rectangle {
    struct shape base;
    double hx, hy;
};

static void rectangle_destroy(struct shape *shape)
{
    array_free(shape);
}

static enum status rectangle_create(struct shape **out, const struct body_spec *spec)
{
    TRY(shape_check_aspect(spec));
    struct rectangle *rectangle;
    TRY(ARRAY_NEW(rectangle, 1));
    rectangle->base.ops = &shape_rectangle_ops;
    rectangle->hx = spec->size / 2;
    rectangle->hy = spec->size * spec->aspect / 2;
    *out = &rectangle->base;
    return OK;
}

static double rectangle_distance(const struct shape *shape, double x, double y)
{
    const struct rectangle *rectangle = (const struct rectangle *)shape;
    double qx = fabs(x) - rectangle->hx, qy = fabs(y) - rectangle->hy;
    double ox = fmax(qx, 0), oy = fmax(qy, 0);
    return sqrt(ox * ox + oy * oy) + fmin(fmax(qx, qy), 0);
}

static double rectangle_support(const struct shape *shape, double nx, double ny)
{
    const struct rectangle *rectangle = (const struct rectangle *)shape;
    return rectangle->hx * fabs(nx) + rectangle->hy * fabs(ny);
}

static int64_t rectangle_outline(double *points, const struct shape *shape, double tolerance)
{
    const struct rectangle *rectangle = (const struct rectangle *)shape;
    static const double corners[4][2] = {{1, 1}, {-1, 1}, {-1, -1}, {1, -1}};
    (void)tolerance;
    for (int i = 0; points != NULL && i < 4; i++) {
        points[2 * i] = corners[i][0] * rectangle->hx;
        points[2 * i + 1] = corners[i][1] * rectangle->hy;
    }
    return 4;
}

static void rectangle_example(struct body_spec *spec, const double choice[3])
{
    spec->aspect = shape_example_aspect(choice[0]);
}

const struct shape_ops shape_rectangle_ops = {
    .name = "rectangle",
    .accuracy = 1e-9,
    .create = rectangle_create,
    .destroy = rectangle_destroy,
    .distance = rectangle_distance,
    .support = rectangle_support,
    .outline = rectangle_outline,
    .example = rectangle_example,
};
