/* SPDX-License-Identifier: Apache-2.0 */
#include "cornered.h"

#include "array.h"
#include "polygon.h"

static const struct polygon *polygon_of(const struct shape *shape)
{
    return ((const struct cornered *)shape)->polygon;
}

enum status cornered_create(struct shape **out, const struct shape_ops *ops, const double *points,
                            int64_t count)
{
    enum status status = OK;
    struct cornered *cornered = NULL;
    TRY(ARRAY_NEW(cornered, 1));
    cornered->base.ops = ops;
    TRY_GOTO(polygon_create(&cornered->polygon, points, count), cleanup);
    *out = &cornered->base;
    cornered = NULL;
cleanup:
    if (cornered != NULL)
        cornered_destroy(&cornered->base);
    return status;
}

void cornered_destroy(struct shape *shape)
{
    struct cornered *cornered = (struct cornered *)shape;
    polygon_destroy(cornered->polygon);
    array_free(cornered);
}

double cornered_distance(const struct shape *shape, double x, double y)
{
    return polygon_distance(polygon_of(shape), x, y);
}

double cornered_support(const struct shape *shape, double nx, double ny)
{
    return polygon_support(polygon_of(shape), nx, ny);
}

int64_t cornered_outline(double *points, const struct shape *shape, double tolerance)
{
    (void)tolerance;
    return polygon_outline(points, polygon_of(shape));
}
