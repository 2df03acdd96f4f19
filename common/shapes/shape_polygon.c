/* SPDX-License-Identifier: Apache-2.0
 *
 * Polygon with given vertices, scaled by `size` about the origin of their own coordinates. */
#include "shape.h"

#include "array.h"
#include "polygon.h"

#include <inttypes.h>

struct given {
    struct shape base;
    struct polygon *polygon;
};

static void given_destroy(struct shape *shape)
{
    struct given *given = (struct given *)shape;
    polygon_destroy(given->polygon);
    array_free(given);
}

static enum status given_create(struct shape **out, const struct body_spec *spec)
{
    enum status status = OK;
    struct given *given = NULL;
    double *points = NULL; /* [vertex_count][2] */
    if (spec->vertices == NULL || spec->vertex_count < 3 || spec->vertex_count > BODY_VERTICES)
        return FAIL(ERR_CONFIG, "a polygon of %" PRId64 " vertices; 3 to %d are needed",
                    spec->vertices == NULL ? 0 : spec->vertex_count, BODY_VERTICES);
    TRY_GOTO(ARRAY_NEW(points, 2 * spec->vertex_count), cleanup);
    for (int64_t i = 0; i < 2 * spec->vertex_count; i++)
        points[i] = spec->vertices[i] * spec->size;
    TRY_GOTO(ARRAY_NEW(given, 1), cleanup);
    given->base.ops = &shape_polygon_ops;
    TRY_GOTO(polygon_create(&given->polygon, points, spec->vertex_count), cleanup);
    *out = &given->base;
    given = NULL;
cleanup:
    if (given != NULL)
        given_destroy(&given->base);
    array_free(points);
    return status;
}

static double given_distance(const struct shape *shape, double x, double y)
{
    return polygon_distance(((const struct given *)shape)->polygon, x, y);
}

static double given_support(const struct shape *shape, double nx, double ny)
{
    return polygon_support(((const struct given *)shape)->polygon, nx, ny);
}

static int64_t given_outline(double *points, const struct shape *shape, double tolerance)
{
    (void)tolerance;
    return polygon_outline(points, ((const struct given *)shape)->polygon);
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
    .destroy = given_destroy,
    .distance = given_distance,
    .support = given_support,
    .outline = given_outline,
    .example = given_example,
};
