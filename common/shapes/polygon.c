/* SPDX-License-Identifier: Apache-2.0
 *
 * Edges that have a common point have one in x: sorted by where they begin in x, each edge is tried
 * with those behind it that begin before it ends. A determinant within its rounding error counts as
 * zero, so that a touch is refused. */
#include "polygon.h"

#include "array.h"
#include "edge_tree.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static const double farthest = 1e9; /* so that no square overflows, with much to spare */

struct polygon {
    struct edge_tree *tree; /* counter-clockwise */
};

/* A place on the x axis and whose it is: a vertex's, or an edge's from low to high. */
struct extent {
    double low, high;
    int64_t index;
};

static int compare_extents(const void *left, const void *right)
{
    const struct extent *a = left, *b = right;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static enum status check_numbers(const double (*points)[2], int64_t count)
{
    if (count < 3)
        return FAIL(ERR_CONFIG, "a polygon of %" PRId64 " vertices; at least 3 are needed", count);
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(points[i][0]) || !isfinite(points[i][1]))
            return FAIL(ERR_CONFIG, "vertex %" PRId64 " of the polygon, (%g, %g), is not finite",
                        i + 1, points[i][0], points[i][1]);
        else if (!(fabs(points[i][0]) <= farthest && fabs(points[i][1]) <= farthest))
            return FAIL(ERR_CONFIG,
                        "vertex %" PRId64 " of the polygon, (%g, %g), is more than %g away", i + 1,
                        points[i][0], points[i][1], farthest);
    return OK;
}

/* Two vertices, or two edges, by their indices. */
struct pair {
    int64_t first, second;
};

/* The pair whose later index comes first is the one that a reader of the list meets first. */
static void keep_earlier(struct pair *found, int64_t i, int64_t j)
{
    struct pair pair = {i < j ? i : j, i < j ? j : i};
    if (found->second < 0 || pair.second < found->second ||
        (pair.second == found->second && pair.first < found->first))
        *found = pair;
}

static enum status check_repeats(const double (*points)[2], int64_t count, struct extent *sorted)
{
    struct pair found = {-1, -1};
    for (int64_t i = 0; i < count; i++)
        sorted[i] = (struct extent){points[i][0], points[i][0], i};
    qsort(sorted, (size_t)count, sizeof *sorted, compare_extents);
    for (int64_t i = 0; i < count; i++)
        for (int64_t j = i + 1; j < count && sorted[j].low == sorted[i].low; j++)
            if (points[sorted[i].index][1] == points[sorted[j].index][1])
                keep_earlier(&found, sorted[i].index, sorted[j].index);
    if (found.second < 0)
        return OK;
    return FAIL(
        ERR_CONFIG,
        "vertex %" PRId64 " of the polygon repeats vertex %" PRId64 ", (%g, %g); leave it out%s",
        found.second + 1, found.first + 1, points[found.first][0], points[found.first][1],
        found.first == 0 && found.second == count - 1 ? " (the last edge closes by itself)" : "");
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

static enum status check_folds(const double (*points)[2], int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        const double *b = points[(i + 1) % count];
        if (folds_back(points[i], b, points[(i + 2) % count]))
            return FAIL(ERR_CONFIG,
                        "the polygon crosses itself: edges %" PRId64 " and %" PRId64
                        " lie on each other from (%g, %g)",
                        i + 1, (i + 1) % count + 1, b[0], b[1]);
    }
    return OK;
}

static int are_neighbours(int64_t i, int64_t j, int64_t count)
{
    return (i + 1) % count == j || (j + 1) % count == i;
}

static enum status check_crossings(const double (*points)[2], int64_t count, struct extent *sorted)
{
    struct pair found = {-1, -1};
    for (int64_t i = 0; i < count; i++) {
        double a = points[i][0], b = points[(i + 1) % count][0];
        sorted[i] = (struct extent){fmin(a, b), fmax(a, b), i};
    }
    qsort(sorted, (size_t)count, sizeof *sorted, compare_extents);
    for (int64_t k = 0; k < count; k++)
        for (int64_t m = k + 1; m < count && sorted[m].low <= sorted[k].high; m++) {
            int64_t i = sorted[k].index, j = sorted[m].index;
            if (!are_neighbours(i, j, count) && segments_meet(points[i], points[(i + 1) % count],
                                                              points[j], points[(j + 1) % count]))
                keep_earlier(&found, i, j);
        }
    if (found.second < 0)
        return OK;
    const double *a = points[found.first], *b = points[found.first + 1];
    const double *c = points[found.second], *d = points[(found.second + 1) % count];
    return FAIL(ERR_CONFIG,
                "the polygon crosses itself: edge %" PRId64 " from (%g, %g) to (%g, "
                "%g) meets edge %" PRId64 " from (%g, %g) to (%g, %g)",
                found.first + 1, a[0], a[1], b[0], b[1], found.second + 1, c[0], c[1], d[0], d[1]);
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

enum status polygon_create(struct polygon **out, const double *points, int64_t count)
{
    enum status status = OK;
    struct polygon *polygon = NULL;
    struct extent *sorted = NULL;
    double *ordered = NULL; /* [count][2], counter-clockwise */
    const double(*list)[2] = (const double(*)[2])points;
    TRY(check_numbers(list, count));
    TRY(ARRAY_NEW(sorted, count));
    TRY_GOTO(check_repeats(list, count, sorted), cleanup);
    TRY_GOTO(check_area(list, count), cleanup);
    TRY_GOTO(check_folds(list, count), cleanup);
    TRY_GOTO(check_crossings(list, count, sorted), cleanup);
    TRY_GOTO(ARRAY_NEW(ordered, 2 * count), cleanup);
    int clockwise = twice_area(list, count) < 0;
    for (int64_t i = 0; i < count; i++)
        for (int axis = 0; axis < 2; axis++)
            ordered[2 * i + axis] = list[clockwise ? count - 1 - i : i][axis];
    TRY_GOTO(ARRAY_NEW(polygon, 1), cleanup);
    TRY_GOTO(edge_tree_create(&polygon->tree, ordered, &count, 1), cleanup);
    *out = polygon;
    polygon = NULL;
cleanup:
    polygon_destroy(polygon);
    array_free(ordered);
    array_free(sorted);
    return status;
}

void polygon_destroy(struct polygon *polygon)
{
    if (polygon == NULL)
        return;
    edge_tree_destroy(polygon->tree);
    array_free(polygon);
}

double polygon_distance(const struct polygon *polygon, double x, double y)
{
    return edge_tree_distance(polygon->tree, x, y);
}

double polygon_support(const struct polygon *polygon, double nx, double ny)
{
    return edge_tree_support(polygon->tree, nx, ny);
}

int64_t polygon_outline(double *points, const struct polygon *polygon)
{
    return edge_tree_points(points, polygon->tree);
}
