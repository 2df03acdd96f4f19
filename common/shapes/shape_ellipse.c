/* SPDX-License-Identifier: Apache-2.0
 *
 * Ellipse with half axes a >= b (the axes are swapped where the spec has it the other way).
 *
 * The closest boundary point q of p = (x, y), x, y >= 0, has q = (a^2 x / (t + a^2), b^2 y / (t +
 * b^2)), t the largest root of F = (a x / (t + a^2))^2 + (b y / (t + b^2))^2 - 1. With s = t + b^2
 * and e = a^2 - b^2 there is no cancellation close to the long axis:
 *
 *     F(s) = (a x / (s + e))^2 + (b y / s)^2 - 1,   s > 0,
 *
 * falling and convex, so that Newton's steps from a point with F >= 0 climb to the root without
 * overshoot; one that leaves the bracket is replaced by a bisection all the same. On the long axis
 * itself (y = 0) the root is s = 0 inside the evolute's cusps |x| < e / a, and the point is known
 * in closed form. (Eberly 2013, "Distance from a point to an ellipse".) */
#include "shape.h"

#include "array.h"

#include <math.h>

enum { NEWTON_STEPS = 100 }; /* 10 are usual; a bisection needs 60 */

static const double on_axis = 1e-100; /* nearer to the long axis the squares underflow */

struct ellipse {
    struct shape base;
    double rx, ry; /* half axes as given */
    double a, b;   /* the same, longer first */
};

static void ellipse_destroy(struct shape *shape)
{
    array_free(shape);
}

static enum status ellipse_create(struct shape **out, const struct body_spec *spec)
{
    TRY(shape_check_aspect(spec));
    struct ellipse *ellipse;
    TRY(ARRAY_NEW(ellipse, 1));
    ellipse->base.ops = &shape_ellipse_ops;
    ellipse->rx = spec->size / 2;
    ellipse->ry = spec->size * spec->aspect / 2;
    ellipse->a = fmax(ellipse->rx, ellipse->ry);
    ellipse->b = fmin(ellipse->rx, ellipse->ry);
    *out = &ellipse->base;
    return OK;
}

/* The root of F; y > 0. ax = a x, by = b y. */
static double find_root(double ax, double by, double e)
{
    double low = fmax(by, ax - e); /* one term is >= 1 there, so F >= 0 */
    double high = sqrt(ax * ax + by * by);
    double s = low;
    for (int step = 0; step < NEWTON_STEPS && low < high; step++) {
        double u = ax / (s + e), v = by / s;
        double value = u * u + v * v - 1;
        if (value > 0)
            low = s;
        else
            high = s;
        double next = s + value / (2 * (u * u / (s + e) + v * v / s));
        if (!(next >= low && next <= high))
            next = low + (high - low) / 2;
        if (fabs(next - s) <= 2e-16 * s)
            break;
        s = next;
    }
    return s;
}

/* Unsigned distance in the first quadrant. */
static double boundary_distance(double a, double b, double x, double y)
{
    double e = a * a - b * b, qx, qy;
    if (y > on_axis * b) {
        double s = find_root(a * x, b * y, e);
        qx = a * a * x / (s + e);
        qy = b * b * y / s;
    } else if (a * x < e) {
        double u = a * x / e;
        qx = a * u;
        qy = b * sqrt(1 - u * u);
    } else {
        qx = a;
        qy = 0;
    }
    return sqrt((x - qx) * (x - qx) + (y - qy) * (y - qy));
}

static double ellipse_distance(const struct shape *shape, double x, double y)
{
    const struct ellipse *ellipse = (const struct ellipse *)shape;
    int swapped = ellipse->rx < ellipse->ry;
    double along = fabs(swapped ? y : x), across = fabs(swapped ? x : y);
    double u = along / ellipse->a, v = across / ellipse->b;
    double distance = boundary_distance(ellipse->a, ellipse->b, along, across);
    return u * u + v * v < 1 ? -distance : distance;
}

static double ellipse_support(const struct shape *shape, double nx, double ny)
{
    const struct ellipse *ellipse = (const struct ellipse *)shape;
    double u = ellipse->rx * nx, v = ellipse->ry * ny;
    return sqrt(u * u + v * v);
}

static int64_t ellipse_outline(double *points, const struct shape *shape, double tolerance)
{
    const struct ellipse *ellipse = (const struct ellipse *)shape;
    int64_t chords = shape_arc_chords(ellipse->a, tolerance);
    if (points != NULL)
        shape_arc(points, chords, 0, 0, ellipse->rx, ellipse->ry, 0, chords);
    return chords;
}

static void ellipse_example(struct body_spec *spec, const double choice[3])
{
    spec->aspect = shape_example_aspect(choice[0]);
}

const struct shape_ops shape_ellipse_ops = {
    .name = "ellipse",
    .accuracy = 1e-9,
    .create = ellipse_create,
    .destroy = ellipse_destroy,
    .distance = ellipse_distance,
    .support = ellipse_support,
    .outline = ellipse_outline,
    .example = ellipse_example,
};
