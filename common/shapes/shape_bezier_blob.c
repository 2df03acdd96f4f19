/* SPDX-License-Identifier: Apache-2.0
 *
 * Blob of `sides` quadratic Bezier curves. The control point P_i lies at about i / sides of a turn
 * and at a random radius; curve i goes from the middle of P_(i-1) P_i to that of P_i P_(i+1) and
 * leaves both along these lines, so the tangent has no jump. Angles of control points grow, by less
 * than half a turn at each; so does then the angle along each curve (cross(B, B') is a sum of cross
 * products of its control points with weights >= 0): every ray from the centre meets the outline
 * once, and it never crosses itself. The largest radius is size / 2. */
#include "curve.h"
#include "shape.h"

#include "exact_math.h"
#include "philox.h"

#include <math.h>

enum { SAMPLES_PER_SIDE = 64, PIECES_PER_SIDE = 4 };

static const double depth = 0.7;  /* of the deepest control point */
static const double jitter = 0.4; /* of angles, in sides; 1.4 / 3 of a turn at most between two */

struct control {
    int64_t count;
    double points[SHAPE_SIDES_MAX][2];
};

static void control_point(double point[2], const void *context, double t)
{
    const struct control *control = context;
    int64_t n = control->count;
    double place = t * (double)n, whole = fmin(floor(place), (double)(n - 1)), u = place - whole;
    int64_t i = (int64_t)whole;
    const double *before = control->points[(i + n - 1) % n], *at = control->points[i];
    const double *behind = control->points[(i + 1) % n];
    double w0 = (1 - u) * (1 - u) / 2, w2 = u * u / 2; /* of the two that are not at the middle */
    for (int axis = 0; axis < 2; axis++)
        point[axis] = w0 * before[axis] + (1 - w0 - w2) * at[axis] + w2 * behind[axis];
}

static void control_draw(struct control *out, const struct body_spec *spec)
{
    out->count = spec->sides;
    for (int64_t i = 0; i < spec->sides; i++) {
        uint64_t index = 2 * (uint64_t)i;
        double shift = philox_uniform(spec->seed, PHILOX_STREAM_OUTLINE, index) - 0.5;
        double fall = philox_uniform(spec->seed, PHILOX_STREAM_OUTLINE, index + 1);
        double angle = 2 * EXACT_MATH_PI / (double)spec->sides *
                       ((double)i + jitter * spec->roughness * shift);
        double radius = 1 - depth * spec->roughness * fall;
        out->points[i][0] = radius * exact_math_cos(angle);
        out->points[i][1] = radius * exact_math_sin(angle);
    }
    double scale =
        spec->size / 2 / curve_radius(control_point, out, SAMPLES_PER_SIDE * spec->sides);
    for (int64_t i = 0; i < spec->sides; i++)
        for (int axis = 0; axis < 2; axis++)
            out->points[i][axis] *= scale;
}

static enum status bezier_create(struct shape **out, const struct body_spec *spec)
{
    struct control control;
    TRY(shape_check_sides(spec));
    TRY(shape_check_range("roughness", spec->roughness, 0, 1));
    control_draw(&control, spec);
    TRY(curve_create(out, &shape_bezier_blob_ops, control_point, &control,
                     PIECES_PER_SIDE * spec->sides, spec->size));
    return OK;
}

const struct shape_ops shape_bezier_blob_ops = {
    .name = "bezier-blob",
    .accuracy = 1e-4,
    .create = bezier_create,
    .destroy = curve_destroy,
    .distance = cornered_distance,
    .support = cornered_support,
    .outline = curve_outline,
    .example = shape_example_blob,
};
