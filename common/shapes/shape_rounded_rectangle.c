/* SPDX-License-Identifier: Apache-2.0
 *
 * Rectangle whose corners are arcs of radius r = rounding * half the shorter side: every point
 * within r of the rectangle that is smaller by r on each side, so its distance less r, exact inside
 * and outside. rounding 1 is a stadium (or a circle). */
#include "shape.h"

#include "array.h"

#include <math.h>

struct rounded {
    struct shape base;
    double hx, hy; /* half sides of the inner rectangle, >= 0 */
    double radius; /* >= 0 */
};

static void rounded_destroy(struct shape *shape)
{
    array_free(shape);
}

static enum status rounded_create(struct shape **out, const struct body_spec *spec)
{
    TRY(shape_check_aspect(spec));
    TRY(shape_check_range("rounding", spec->rounding, 0, 1));
    struct rounded *rounded;
    TRY(ARRAY_NEW(rounded, 1));
    rounded->base.ops = &shape_rounded_rectangle_ops;
    double hx = spec->size / 2, hy = spec->size * spec->aspect / 2;
    rounded->radius = spec->rounding * fmin(hx, hy);
    rounded->hx = hx - rounded->radius;
    rounded->hy = hy - rounded->radius;
    *out = &rounded->base;
    return OK;
}

static double rounded_distance(const struct shape *shape, double x, double y)
{
    const struct rounded *rounded = (const struct rounded *)shape;
    double qx = fabs(x) - rounded->hx, qy = fabs(y) - rounded->hy;
    double ox = fmax(qx, 0), oy = fmax(qy, 0);
    return sqrt(ox * ox + oy * oy) + fmin(fmax(qx, qy), 0) - rounded->radius;
}

static double rounded_support(const struct shape *shape, double nx, double ny)
{
    const struct rounded *rounded = (const struct rounded *)shape;
    return rounded->hx * fabs(nx) + rounded->hy * fabs(ny) + rounded->radius;
}

/* Four quarter arcs; the lines between them are the straight sides. */
static int64_t rounded_outline(double *points, const struct shape *shape, double tolerance)
{
    const struct rounded *rounded = (const struct rounded *)shape;
    static const double corners[4][2] = {{1, 1}, {-1, 1}, {-1, -1}, {1, -1}};
    double radius = rounded->radius;
    int64_t quarter = radius > 0 ? shape_arc_chords(radius, tolerance) / 4 : 0;
    for (int64_t i = 0; points != NULL && i < 4; i++)
        shape_arc(points + 2 * i * (quarter + 1), quarter + 1, corners[i][0] * rounded->hx,
                  corners[i][1] * rounded->hy, radius, radius, i * quarter,
                  quarter > 0 ? 4 * quarter : 1);
    return 4 * (quarter + 1);
}

static void rounded_example(struct body_spec *spec, const double choice[3])
{
    spec->aspect = shape_example_aspect(choice[0]);
    spec->rounding = choice[1];
}

const struct shape_ops shape_rounded_rectangle_ops = {
    .name = "rounded-rectangle",
    .accuracy = 1e-9,
    .create = rounded_create,
    .destroy = rounded_destroy,
    .distance = rounded_distance,
    .support = rounded_support,
    .outline = rounded_outline,
    .example = rounded_example,
};
