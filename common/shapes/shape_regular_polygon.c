/* SPDX-License-Identifier: Apache-2.0
 *
 * Regular polygon with `sides` corners on a circle of diameter `size`, one of them downstream. */
#include "cornered.h"
#include "shape.h"

#include <inttypes.h>
#include <stdio.h>

static enum status regular_create(struct shape **out, const struct body_spec *spec)
{
    double points[2 * SHAPE_SIDES_MAX];
    TRY(shape_check_sides(spec));
    shape_arc(points, spec->sides, 0, 0, spec->size / 2, spec->size / 2, 0, spec->sides);
    TRY(cornered_create(out, &shape_regular_polygon_ops, points, spec->sides));
    return OK;
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
    .destroy = cornered_destroy,
    .distance = cornered_distance,
    .support = cornered_support,
    .outline = cornered_outline,
    .example = regular_example,
    .label = regular_label,
};
