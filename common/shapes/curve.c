/* SPDX-License-Identifier: Apache-2.0
 *
 * A piece is halved in t until its middle and its quarters are near enough to the chord. */
#include "curve.h"

#include "array.h"
#include "polygon.h"

#include <math.h>

enum { HALVINGS_MAX = 16, COARSEST = 1000, PEAK_STEPS = 30 };

static const double near_peak = 0.995; /* a sample as large may stand by the largest of all */
static const double relative_flatness = 1e-8;
static const double margin = 0.8; /* the widest gap may lie between the points that are looked at */

struct walk {
    curve_point_fn point;
    const void *context;
    double flatness;
    double *points; /* may be NULL: only counted */
    int64_t count;
};

static double chord_distance(const double p[2], const double q[2], const double at[2])
{
    double dx = q[0] - p[0], dy = q[1] - p[1], wx = at[0] - p[0], wy = at[1] - p[1];
    double square = dx * dx + dy * dy;
    double t = square > 0 ? fmin(fmax((wx * dx + wy * dy) / square, 0), 1) : 0;
    double rx = wx - t * dx, ry = wy - t * dy;
    return sqrt(rx * rx + ry * ry);
}

/* Does the curve from p at t to q at t + width keep to its chord? */
static int is_flat(const struct walk *walk, const double p[2], const double q[2], double t,
                   double width)
{
    for (int k = 1; k <= 3; k++) {
        double at[2];
        walk->point(at, walk->context, t + k * width / 4);
        if (chord_distance(p, q, at) > margin * walk->flatness)
            return 0;
    }
    return 1;
}

/* Puts p and what lies between it and q. */
static void walk_piece(struct walk *walk, const double p[2], const double q[2], double t,
                       double width, int halvings)
{
    if (halvings == 0 || is_flat(walk, p, q, t, width)) {
        if (walk->points != NULL) {
            walk->points[2 * walk->count] = p[0];
            walk->points[2 * walk->count + 1] = p[1];
        }
        walk->count++;
        return;
    }
    double middle[2];
    walk->point(middle, walk->context, t + width / 2);
    walk_piece(walk, p, middle, t, width / 2, halvings - 1);
    walk_piece(walk, middle, q, t + width / 2, width / 2, halvings - 1);
}

static int64_t walk_round(struct walk *walk, int64_t pieces)
{
    walk->count = 0;
    for (int64_t i = 0; i < pieces; i++) {
        double p[2], q[2], width = 1 / (double)pieces;
        walk->point(p, walk->context, (double)i * width);
        walk->point(q, walk->context, (double)(i + 1) * width);
        walk_piece(walk, p, q, (double)i * width, width, HALVINGS_MAX);
    }
    return walk->count;
}

static enum status flatten(struct curve *curve, struct walk *walk, int64_t pieces)
{
    curve->count = walk_round(walk, pieces);
    TRY(ARRAY_NEW(curve->corners, 2 * curve->count));
    walk->points = curve->corners;
    walk_round(walk, pieces);
    TRY(polygon_create(&curve->cornered.polygon, curve->corners, curve->count));
    return OK;
}

enum status curve_create(struct shape **out, const struct shape_ops *ops, curve_point_fn point,
                         const void *context, int64_t pieces, double size)
{
    struct curve *curve = NULL;
    struct walk walk = {point, context, fmax(CURVE_FLATNESS, relative_flatness * size), NULL, 0};
    TRY(ARRAY_NEW(curve, 1));
    curve->cornered.base.ops = ops;
    curve->widest = size / COARSEST;
    enum status status = flatten(curve, &walk, pieces);
    if (status == OK)
        *out = &curve->cornered.base;
    else
        curve_destroy(&curve->cornered.base);
    return status;
}

void curve_destroy(struct shape *shape)
{
    struct curve *curve = (struct curve *)shape;
    array_free(curve->corners);
    cornered_destroy(shape);
}

/* The last of the corners behind `first` to which a chord keeps within the tolerance of those
 * between; the count itself stands for corner 0. */
static int64_t chord_end(const double *corners, int64_t count, int64_t first, double tolerance)
{
    int64_t last = first + 1;
    while (last < count) {
        const double *p = corners + 2 * first, *q = corners + 2 * ((last + 1) % count);
        for (int64_t k = first + 1; k <= last; k++)
            if (chord_distance(p, q, corners + 2 * k) > tolerance)
                return last;
        last++;
    }
    return last;
}

int64_t curve_outline(double *points, const struct shape *shape, double tolerance)
{
    const struct curve *curve = (const struct curve *)shape;
    int64_t count = 0;
    for (int64_t i = 0; i < curve->count; count++) {
        if (points != NULL) {
            points[2 * count] = curve->corners[2 * i];
            points[2 * count + 1] = curve->corners[2 * i + 1];
        }
        i = chord_end(curve->corners, curve->count, i, fmin(tolerance, curve->widest));
    }
    return count;
}

static double radius_at(curve_point_fn point, const void *context, double t)
{
    double p[2];
    point(p, context, t - floor(t));
    return sqrt(p[0] * p[0] + p[1] * p[1]);
}

/* The largest between begin and end, where there is one maximum. */
static double peak_radius(curve_point_fn point, const void *context, double begin, double end)
{
    for (int step = 0; step < PEAK_STEPS; step++) {
        double first = begin + (end - begin) / 3, last = end - (end - begin) / 3;
        if (radius_at(point, context, first) < radius_at(point, context, last))
            begin = first;
        else
            end = last;
    }
    return radius_at(point, context, (begin + end) / 2);
}

double curve_radius(curve_point_fn point, const void *context, int64_t samples)
{
    double step = 1 / (double)samples, most = 0, peak = 0;
    for (int64_t i = 0; i < samples; i++)
        most = fmax(most, radius_at(point, context, (double)i * step));
    for (int64_t i = 0; i < samples; i++)
        if (radius_at(point, context, (double)i * step) >= near_peak * most)
            peak = fmax(
                peak, peak_radius(point, context, (double)(i - 1) * step, (double)(i + 1) * step));
    return fmax(most, peak);
}
