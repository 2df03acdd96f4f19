/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#include "exact_math.h"

#include <math.h>

static const double aspect_limit = 32;

enum status shape_check_range(const char *what, double value, double low, double high)
{
    if (!(value >= low && value <= high))
        return FAIL(ERR_CONFIG, "%s %g is outside %g..%g", what, value, low, high);
    return OK;
}

enum status shape_check_aspect(const struct body_spec *spec)
{
    return shape_check_range("aspect", spec->aspect, 1 / aspect_limit, aspect_limit);
}

enum status shape_check_sides(const struct body_spec *spec)
{
    return shape_check_range("sides", (double)spec->sides, SHAPE_SIDES_MIN, SHAPE_SIDES_MAX);
}

double shape_example_aspect(double choice)
{
    return exact_math_exp((2 * choice - 1) * exact_math_log(4));
}

void shape_example_blob(struct body_spec *spec, const double choice[3])
{
    spec->seed = (uint64_t)(choice[0] * 4294967296.0);
    spec->sides = SHAPE_SIDES_MIN + (int64_t)(choice[1] * 7);
    spec->roughness = choice[2];
}

/* A chord over the angle 2h leaves r (1 - cos h) <= r h^2 / 2 of a circle of radius r; an ellipse
 * is its affine image, shrunk along one axis. */
int64_t shape_arc_chords(double radius, double tolerance)
{
    double half = sqrt(2 * tolerance / radius);
    int64_t quarter = (int64_t)ceil(EXACT_MATH_PI / half / 4);
    return 4 * (quarter < 4 ? 4 : quarter);
}

void shape_arc(double *points, int64_t count, double cx, double cy, double rx, double ry,
               int64_t first, int64_t chords)
{
    for (int64_t i = 0; i < count; i++) {
        double angle = 2 * EXACT_MATH_PI * (double)(first + i) / (double)chords;
        points[2 * i] = cx + rx * exact_math_cos(angle);
        points[2 * i + 1] = cy + ry * exact_math_sin(angle);
    }
}
