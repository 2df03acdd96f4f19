/* SPDX-License-Identifier: Apache-2.0
 *
 * Star with `sides` tips on a circle of diameter `size`, one of them downstream, and the notches
 * half-way between them on a circle smaller by `inner`. Every ray from the centre meets the outline
 * once, so it never crosses itself. */
#include "cornered.h"
#include "shape.h"

#include "exact_math.h"

static const double inner_min = 0.2, inner_max = 0.95;

static void fill_points(double *points, const struct body_spec *spec)
{
    for (int64_t i = 0; i < 2 * spec->sides; i++) {
        double angle = EXACT_MATH_PI * (double)i / (double)spec->sides;
        double radius = spec->size / 2 * (i % 2 == 0 ? 1 : spec->inner);
        points[2 * i] = radius * exact_math_cos(angle);
        points[2 * i + 1] = radius * exact_math_sin(angle);
    }
}

static enum status star_create(struct shape **out, const struct body_spec *spec)
{
    double points[4 * SHAPE_SIDES_MAX];
    TRY(shape_check_sides(spec));
    TRY(shape_check_range("inner", spec->inner, inner_min, inner_max));
    fill_points(points, spec);
    TRY(cornered_create(out, &shape_star_ops, points, 2 * spec->sides));
    return OK;
}

static void star_example(struct body_spec *spec, const double choice[3])
{
    spec->sides = SHAPE_SIDES_MIN + (int64_t)(choice[0] * 7);
    spec->inner = inner_min + choice[1] * (inner_max - inner_min);
}

const struct shape_ops shape_star_ops = {
    .name = "star",
    .accuracy = 1e-6,
    .create = star_create,
    .destroy = cornered_destroy,
    .distance = cornered_distance,
    .support = cornered_support,
    .outline = cornered_outline,
    .example = star_example,
};
