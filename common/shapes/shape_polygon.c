/* SPDX-License-Identifier: Apache-2.0
 *
 * Polygon with given vertices, scaled by `size` about the origin of their own coordinates. */
#include "cornered.h"
#include "shape.h"

#include "array.h"

#include <inttypes.h>

static enum status given_create(struct shape **out, const struct body_spec *spec)
{
    double *points = NULL; /* [vertex_count][2] */
    if (spec->vertices == NULL || spec->vertex_count < 3 || spec->vertex_count > BODY_VERTICES)
        return FAIL(ERR_CONFIG, "a polygon of %" PRId64 " vertices; 3 to %d are needed",
                    spec->vertices == NULL ? 0 : spec->vertex_count, BODY_VERTICES);
    TRY(ARRAY_NEW(points, 2 * spec->vertex_count));
    for (int64_t i = 0; i < 2 * spec->vertex_count; i++)
        points[i] = spec->vertices[i] * spec->size;
    enum status status = cornered_create(out, &shape_polygon_ops, points, spec->vertex_count);
    array_free(points);
    return status;
}

/* An arrow head, an L, a comb and a hook: concave corners, collinear vertices, both orientations.
 */
static const double arrow[][2] = {{0.5, 0}, {-0.5, 0.4}, {-0.2, 0}, {-0.5, -0.4}};
static const double ell[][2] = {{-0.4, -0.4}, {-0.4, 0.4}, {-0.1, 0.4}, {-0.1, -0.1},
                                {0.4, -0.1},  {0.4, -0.4}, {0, -0.4}};
static const double comb[][2] = {{-0.5, -0.3}, {0.5, -0.3},  {0.5, 0.3},  {0.3, 0.3},
                                 {0.3, -0.1},  {0.1, -0.1},  {0.1, 0.3},  {-0.1, 0.3},
                                 {-0.1, -0.1}, {-0.3, -0.1}, {-0.3, 0.3}, {-0.5, 0.3}};
static const double hook[][2] = {{-0.5, -0.5}, {0.5, -0.5},  {0.5, 0.45}, {-0.3, 0.4},
                                 {-0.3, -0.1}, {0.1, -0.15}, {0.1, 0.1},  {0, 0},
                                 {-0.2, 0.2},  {0.3, 0.3},   {0.3, -0.3}, {-0.5, -0.3}};

static void given_example(struct body_spec *spec, const double choice[3])
{
    static const struct {
        const double (*points)[2];
        int64_t count;
    } examples[] = {{arrow, 4}, {ell, 7}, {comb, 12}, {hook, 12}};
    int64_t index = (int64_t)(choice[0] * 4);
    spec->vertices = examples[index].points[0];
    spec->vertex_count = examples[index].count;
}

const struct shape_ops shape_polygon_ops = {
    .name = "polygon",
    .accuracy = 1e-6,
    .create = given_create,
    .destroy = cornered_destroy,
    .distance = cornered_distance,
    .support = cornered_support,
    .outline = cornered_outline,
    .example = given_example,
};
