/* SPDX-License-Identifier: Apache-2.0
 *
 * Distance: the least over all edges of the distance to a segment. Sign: an upward edge that passes
 * to the right of p counts +1, a downward one -1 (half-open in y, so that a vertex counts once);
 * the sum is the winding number, 0 outside. Of the O(n^2) pairs of edges each is tried for a common
 * point; a determinant within its rounding error counts as zero, so that a touch is refused. */
#include "polygon.h"

#include "array.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>

struct edge {
    double x, y;    /* where it begins */
    double end_y;   /* as the next one's y, to the bit */
    double dx, dy;  /* to its end */
    double inverse; /* 1 / length^2 */
};

struct polygon {
    int64_t count;
    struct edge *edges; /* [count], counter-clockwise */
};

static enum status check_points(const double (*points)[2], int64_t count)
{
    if (count < 3)
        return FAIL(ERR_CONFIG, "a polygon of %" PRId64 " vertices; at least 3 are needed", count);
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(points[i][0]) || !isfinite(points[i][1]))
            return FAIL(ERR_CONFIG, "vertex %" PRId64 " of the polygon, (%g, %g), is not finite",
                        i + 1, points[i][0], points[i][1]);
    for (int64_t i = 1; i < count; i++)
        for (int64_t j = 0; j < i; j++)
            if (points[i][0] == points[j][0] && points[i][1] == points[j][1])
                return FAIL(ERR_CONFIG,
                            "vertex %" PRId64 " of the polygon repeats vertex %" PRId64
                            ", (%g, %g); leave it out%s",
                            i + 1, j + 1, points[j][0], points[j][1],
                            j == 0 && i == count - 1 ? " (the last edge closes by itself)" : "");
    return OK;
}

/* Sign of the turn a -> b -> c; 0 within the rounding error (Shewchuk 1997, bound A). */
static int turn(const double a[2], const double b[2], const double c[2])
{
    double left = (b[0] - a[0]) * (c[1] - a[1]), right = (b[1] - a[1]) * (c[0] - a[0]);
    double bound = 2 * DBL_EPSILON * (fabs(left) + fabs(right));
    double value = left - right;
    return value > bound ? 1 : value < -bound ? -1 : 0;
}

static int overlap(double a, double b, double c, double d)
{
    return fmax(a, b) >= fmin(c, d) && fmax(c, d) >= fmin(a, b);
}

/* Have the segments ab and cd a common point? */
static int segments_meet(const double a[2], const double b[2], const double c[2], const double d[2])
{
    if (!overlap(a[0], b[0], c[0], d[0]) || !overlap(a[1], b[1], c[1], d[1]))
        return 0;
    return turn(a, b, c) * turn(a, b, d) <= 0 && turn(c, d, a) * turn(c, d, b) <= 0;
}

/* Does the line a -> b -> c turn back onto itself? */
static int folds_back(const double a[2], const double b[2], const double c[2])
{
    double along = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]);
    return turn(a, b, c) == 0 && along < 0;
}

static enum status check_area(const double (*points)[2], int64_t count)
{
    for (int64_t i = 2; i < count; i++)
        if (turn(points[0], points[1], points[i]) != 0)
            return OK;
    return FAIL(ERR_CONFIG, "the polygon's area is zero: all its vertices are on one line");
}

static enum status check_edges(const double (*points)[2], int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        const double *a = points[i], *b = points[(i + 1) % count];
        if (folds_back(a, b, points[(i + 2) % count]))
            return FAIL(ERR_CONFIG,
                        "the polygon crosses itself: edges %" PRId64 " and %" PRId64
                        " lie on each other from (%g, %g)",
                        i + 1, (i + 1) % count + 1, b[0], b[1]);
        for (int64_t j = i + 2; j < count - (i == 0); j++) {
            const double *c = points[j], *d = points[(j + 1) % count];
            if (segments_meet(a, b, c, d))
                return FAIL(ERR_CONFIG,
                            "the polygon crosses itself: edge %" PRId64 " from (%g, %g) to (%g, "
                            "%g) meets edge %" PRId64 " from (%g, %g) to (%g, %g)",
                            i + 1, a[0], a[1], b[0], b[1], j + 1, c[0], c[1], d[0], d[1]);
        }
    }
    return OK;
}

/* Twice the signed area, about the first vertex. */
static double twice_area(const double (*points)[2], int64_t count)
{
    double sum = 0;
    for (int64_t i = 1; i + 1 < count; i++)
        sum += (points[i][0] - points[0][0]) * (points[i + 1][1] - points[0][1]) -
               (points[i][1] - points[0][1]) * (points[i + 1][0] - points[0][0]);
    return sum;
}

static void fill_edges(struct polygon *polygon, const double (*points)[2])
{
    int64_t count = polygon->count;
    int clockwise = twice_area(points, count) < 0;
    for (int64_t i = 0; i < count; i++) {
        const double *from = points[clockwise ? count - 1 - i : i];
        const double *to = points[clockwise ? (2 * count - 2 - i) % count : (i + 1) % count];
        struct edge *edge = &polygon->edges[i];
        edge->x = from[0];
        edge->y = from[1];
        edge->end_y = to[1];
        edge->dx = to[0] - from[0];
        edge->dy = to[1] - from[1];
        edge->inverse = 1 / (edge->dx * edge->dx + edge->dy * edge->dy);
    }
}

enum status polygon_create(struct polygon **out, const double *points, int64_t count)
{
    enum status status = OK;
    struct polygon *polygon = NULL;
    const double(*list)[2] = (const double(*)[2])points;
    TRY(check_points(list, count));
    TRY(check_area(list, count));
    TRY(check_edges(list, count));
    TRY(ARRAY_NEW(polygon, 1));
    polygon->count = count;
    TRY_GOTO(ARRAY_NEW(polygon->edges, count), cleanup);
    fill_edges(polygon, list);
    *out = polygon;
    polygon = NULL;
cleanup:
    polygon_destroy(polygon);
    return status;
}

void polygon_destroy(struct polygon *polygon)
{
    if (polygon == NULL)
        return;
    array_free(polygon->edges);
    array_free(polygon);
}

double polygon_distance(const struct polygon *polygon, double x, double y)
{
    double least = INFINITY; /* squared */
    int winding = 0;
    for (int64_t i = 0; i < polygon->count; i++) {
        const struct edge *edge = &polygon->edges[i];
        double wx = x - edge->x, wy = y - edge->y;
        double t = fmin(fmax((wx * edge->dx + wy * edge->dy) * edge->inverse, 0), 1);
        double rx = wx - t * edge->dx, ry = wy - t * edge->dy;
        least = fmin(least, rx * rx + ry * ry);
        double left = edge->dx * wy - edge->dy * wx; /* > 0: p is left of the edge */
        int begins_above = edge->y > y, ends_above = edge->end_y > y;
        if (!begins_above && ends_above && left > 0)
            winding++;
        if (begins_above && !ends_above && left < 0)
            winding--;
    }
    return winding != 0 ? -sqrt(least) : sqrt(least);
}

double polygon_support(const struct polygon *polygon, double nx, double ny)
{
    double most = -INFINITY;
    for (int64_t i = 0; i < polygon->count; i++)
        most = fmax(most, polygon->edges[i].x * nx + polygon->edges[i].y * ny);
    return most;
}

int64_t polygon_outline(double *points, const struct polygon *polygon)
{
    for (int64_t i = 0; points != NULL && i < polygon->count; i++) {
        points[2 * i] = polygon->edges[i].x;
        points[2 * i + 1] = polygon->edges[i].y;
    }
    return polygon->count;
}
