/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"

#include "array.h"
#include "body_gap.h"
#include "union_surface.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

struct geometry {
    int64_t count;
    struct body **bodies;          /* [count] */
    struct union_surface *surface; /* NULL: no two overlap */
};

enum status geometry_create(struct geometry **out, const struct body_spec *specs, int64_t count)
{
    enum status status = OK;
    struct geometry *geometry = NULL;
    assert(count >= 0);
    TRY(ARRAY_NEW(geometry, 1));
    TRY_GOTO(ARRAY_NEW(geometry->bodies, count), cleanup);
    for (int64_t i = 0; i < count; i++) {
        status = body_create(&geometry->bodies[i], &specs[i]);
        if (status == ERR_CONFIG)
            error_prefix(status, "body %" PRId64, i + 1);
        TRY_GOTO(status, cleanup);
        geometry->count = i + 1;
    }
    TRY_GOTO(union_surface_create(&geometry->surface, geometry->bodies, count), cleanup);
    *out = geometry;
    geometry = NULL;
cleanup:
    geometry_destroy(geometry);
    return status;
}

void geometry_destroy(struct geometry *geometry)
{
    if (geometry == NULL)
        return;
    for (int64_t i = 0; i < geometry->count; i++)
        body_destroy(geometry->bodies[i]);
    union_surface_destroy(geometry->surface);
    array_free(geometry->bodies);
    array_free(geometry);
}

enum status geometry_place(struct geometry *geometry, const double *poses)
{
    for (int64_t i = 0; i < geometry->count; i++) {
        const double *pose = poses + GEOMETRY_POSE * i;
        body_place(geometry->bodies[i], pose[0], pose[1], pose[2]);
    }
    union_surface_destroy(geometry->surface);
    geometry->surface = NULL;
    TRY(union_surface_create(&geometry->surface, geometry->bodies, geometry->count));
    return OK;
}

int64_t geometry_count(const struct geometry *geometry)
{
    return geometry->count;
}

const struct body *geometry_body(const struct geometry *geometry, int64_t index)
{
    assert(index >= 0 && index < geometry->count);
    return geometry->bodies[index];
}

double geometry_distance(int64_t *nearest, const struct geometry *geometry, double x, double y)
{
    double least = GEOMETRY_FAR;
    int64_t index = -1;
    for (int64_t i = 0; i < geometry->count; i++) {
        double distance = body_distance(geometry->bodies[i], x, y);
        if (index < 0 || distance < least) {
            least = distance;
            index = i;
        }
    }
    if (nearest != NULL)
        *nearest = index;
    if (least < 0 && geometry->surface != NULL)
        return -union_surface_distance(geometry->surface, x, y);
    return least;
}

void geometry_sample(float *sdf, const struct geometry *geometry, int64_t nx, int64_t ny,
                     double scale, double shift_x)
{
    for (int64_t i = 0; i < nx; i++)
        for (int64_t j = 0; j < ny; j++)
            sdf[i * ny + j] = (float)geometry_distance(
                NULL, geometry, ((double)i + 0.5) / scale - shift_x, ((double)j + 0.5) / scale);
}

/* Root of f along the link in the bracket low (f >= 0) .. high (f < 0): regula falsi with the
 * Illinois weight, kept `margin` off the ends so that the far end follows, and a bisection whenever
 * three steps have not halved the bracket. */
double geometry_crossing_between(const struct geometry *geometry, const double from[2],
                                 const double to[2], const double at_ends[2])
{
    const double tolerance = 1e-9, margin = tolerance / 4;
    double low = 0, high = 1, width = 1, at_low = at_ends[0], at_high = at_ends[1];
    if (at_low <= 0)
        return tolerance;
    if (at_high >= 0)
        return 1;
    for (int step = 0, side = 0; high - low > tolerance; step++) {
        double t = low + (high - low) * at_low / (at_low - at_high);
        t = fmin(fmax(t, low + margin), high - margin);
        if (step % 3 == 2) {
            if (high - low > width / 2)
                t = low + (high - low) / 2;
            width = high - low;
        }
        double value = geometry_distance(NULL, geometry, from[0] + t * (to[0] - from[0]),
                                         from[1] + t * (to[1] - from[1]));
        if (value >= 0) {
            low = t;
            at_low = value;
            at_high = side > 0 ? at_high / 2 : at_high;
            side = 1;
        } else {
            high = t;
            at_high = value;
            at_low = side < 0 ? at_low / 2 : at_low;
            side = -1;
        }
    }
    return fmax(low + (high - low) / 2, tolerance);
}

double geometry_crossing(const struct geometry *geometry, double x0, double y0, double x1,
                         double y1)
{
    const double from[2] = {x0, y0}, to[2] = {x1, y1};
    const double at_ends[2] = {geometry_distance(NULL, geometry, x0, y0),
                               geometry_distance(NULL, geometry, x1, y1)};
    return geometry_crossing_between(geometry, from, to, at_ends);
}

double geometry_length(const struct geometry *geometry)
{
    double length = 0;
    for (int64_t i = 0; i < geometry->count; i++)
        length = fmax(length, body_projection(geometry->bodies[i]));
    return length;
}

/* As far up from y as bodies without a gap between their projections reach. */
static double climb(double y, const struct geometry *geometry)
{
    double box[4];
    for (int64_t i = 0; i < geometry->count; i++) {
        body_bounds(box, geometry->bodies[i]);
        if (box[2] <= y && box[3] > y) {
            y = box[3];
            i = -1; // what reaches further may have been looked at already
        }
    }
    return y;
}

double geometry_projection(const struct geometry *geometry)
{
    double sum = 0, top = -INFINITY, box[4];
    for (;;) {
        double begin = INFINITY;
        for (int64_t i = 0; i < geometry->count; i++) {
            body_bounds(box, geometry->bodies[i]);
            if (box[2] > top)
                begin = fmin(begin, box[2]);
        }
        if (begin == INFINITY)
            return sum;
        top = climb(begin, geometry);
        sum += top - begin;
    }
}

void geometry_bounds(double box[4], const struct geometry *geometry)
{
    for (int k = 0; k < 4; k++)
        box[k] = 0;
    for (int64_t i = 0; i < geometry->count; i++) {
        double own[4];
        body_bounds(own, geometry->bodies[i]);
        for (int k = 0; k < 4; k++)
            box[k] = i == 0 ? own[k] : k % 2 == 0 ? fmin(box[k], own[k]) : fmax(box[k], own[k]);
    }
}

enum status geometry_gap(double *out, int64_t pair[2], const struct geometry *geometry)
{
    double least = GEOMETRY_FAR;
    for (int64_t i = 0; i < geometry->count; i++)
        for (int64_t j = i + 1; j < geometry->count; j++) {
            double gap;
            TRY(body_gap(&gap, geometry->bodies[i], geometry->bodies[j]));
            if (gap >= least)
                continue;
            least = gap;
            if (pair != NULL) {
                pair[0] = i;
                pair[1] = j;
            }
        }
    *out = least;
    return OK;
}
