/* SPDX-License-Identifier: Apache-2.0
 *
 * Distance: the least over all edges of the distance to a segment; a box that is no nearer than the
 * best so far is left out. Sign: an upward edge that passes to the right of p counts +1, a downward
 * one -1 (half-open in y, so that a vertex counts once); the sum is the winding number, 0 outside.
 * Boxes that the ray from p to the right misses are left out.
 *
 * Node i of the tree has the children 2i and 2i + 1; the last `leaves` of the 2 * leaves nodes hold
 * LEAF_EDGES edges each. Neighbours on a ring are neighbours in the plane, so the boxes are small.
 */
#include "edge_tree.h"

#include "array.h"

#include <math.h>

enum { LEAF_EDGES = 8, DEPTH_MAX = 64 };

struct edge {
    double x, y;    /* where it begins */
    double end_y;   /* as the next one's y, to the bit */
    double dx, dy;  /* to its end */
    double inverse; /* 1 / length^2 */
};

struct box {
    double low_x, high_x, low_y, high_y;
};

struct edge_tree {
    int64_t count;
    int64_t leaves;     /* a power of two */
    struct edge *edges; /* [count] */
    struct box *boxes;  /* [2 * leaves]; the first is not used */
};

static const struct box no_box = {INFINITY, -INFINITY, INFINITY, -INFINITY};

static struct edge make_edge(double x0, double y0, double x1, double y1)
{
    double dx = x1 - x0, dy = y1 - y0;
    return (struct edge){x0, y0, y1, dx, dy, 1 / (dx * dx + dy * dy)};
}

static struct box leaf_box(const struct edge_tree *tree, int64_t leaf)
{
    struct box box = no_box;
    for (int64_t i = leaf * LEAF_EDGES; i < (leaf + 1) * LEAF_EDGES && i < tree->count; i++) {
        const struct edge *edge = &tree->edges[i];
        box.low_x = fmin(box.low_x, fmin(edge->x, edge->x + edge->dx));
        box.high_x = fmax(box.high_x, fmax(edge->x, edge->x + edge->dx));
        box.low_y = fmin(box.low_y, fmin(edge->y, edge->end_y));
        box.high_y = fmax(box.high_y, fmax(edge->y, edge->end_y));
    }
    return box;
}

static void fill_boxes(struct edge_tree *tree)
{
    for (int64_t leaf = 0; leaf < tree->leaves; leaf++)
        tree->boxes[tree->leaves + leaf] = leaf_box(tree, leaf);
    for (int64_t i = tree->leaves - 1; i > 0; i--) {
        const struct box *a = &tree->boxes[2 * i], *b = &tree->boxes[2 * i + 1];
        tree->boxes[i] = (struct box){fmin(a->low_x, b->low_x), fmax(a->high_x, b->high_x),
                                      fmin(a->low_y, b->low_y), fmax(a->high_y, b->high_y)};
    }
}

/* With room for the edges, which are still to be filled in. */
static enum status create_empty(struct edge_tree **out, int64_t count)
{
    enum status status = OK;
    struct edge_tree *tree = NULL;
    TRY(ARRAY_NEW(tree, 1));
    tree->count = count;
    tree->leaves = 1;
    while (tree->leaves * LEAF_EDGES < count)
        tree->leaves *= 2;
    TRY_GOTO(ARRAY_NEW(tree->edges, count), cleanup);
    TRY_GOTO(ARRAY_NEW(tree->boxes, 2 * tree->leaves), cleanup);
    *out = tree;
    tree = NULL;
cleanup:
    edge_tree_destroy(tree);
    return status;
}

enum status edge_tree_create(struct edge_tree **out, const double *points, const int64_t *ends,
                             int64_t rings)
{
    struct edge_tree *tree;
    TRY(create_empty(&tree, ends[rings - 1]));
    for (int64_t ring = 0, begin = 0; ring < rings; begin = ends[ring++])
        for (int64_t i = begin; i < ends[ring]; i++) {
            const double *from = points + 2 * i;
            const double *to = points + 2 * (i + 1 < ends[ring] ? i + 1 : begin);
            tree->edges[i] = make_edge(from[0], from[1], to[0], to[1]);
        }
    fill_boxes(tree);
    *out = tree;
    return OK;
}

enum status edge_tree_create_segments(struct edge_tree **out,
                                      const struct edge_tree_segment *segments, int64_t count)
{
    struct edge_tree *tree;
    TRY(create_empty(&tree, count));
    for (int64_t i = 0; i < count; i++)
        tree->edges[i] = make_edge(segments[i].x0, segments[i].y0, segments[i].x1, segments[i].y1);
    fill_boxes(tree);
    *out = tree;
    return OK;
}

void edge_tree_destroy(struct edge_tree *tree)
{
    if (tree == NULL)
        return;
    array_free(tree->edges);
    array_free(tree->boxes);
    array_free(tree);
}

/* fmin and fmax are calls; no operand here is not a number. */
static inline double lesser(double a, double b)
{
    return a < b ? a : b;
}

static inline double greater(double a, double b)
{
    return a > b ? a : b;
}

/* Squared; infinite for a box without edges. */
static double box_distance(const struct box *box, double x, double y)
{
    double dx = greater(greater(box->low_x - x, x - box->high_x), 0);
    double dy = greater(greater(box->low_y - y, y - box->high_y), 0);
    return dx * dx + dy * dy;
}

static double leaf_distance(const struct edge_tree *tree, int64_t leaf, double x, double y)
{
    double least = INFINITY; /* squared */
    int64_t begin = leaf * LEAF_EDGES;
    int64_t end = begin + LEAF_EDGES < tree->count ? begin + LEAF_EDGES : tree->count;
    for (int64_t i = begin; i < end; i++) {
        const struct edge *edge = &tree->edges[i];
        double wx = x - edge->x, wy = y - edge->y;
        double t = lesser(greater((wx * edge->dx + wy * edge->dy) * edge->inverse, 0), 1);
        double rx = wx - t * edge->dx, ry = wy - t * edge->dy;
        least = lesser(rx * rx + ry * ry, least);
    }
    return least;
}

struct visit {
    int64_t node;
    double distance; /* squared, of its box */
};

static double least_distance(const struct edge_tree *tree, double x, double y)
{
    double least = INFINITY; /* squared */
    struct visit stack[DEPTH_MAX] = {{1, 0}};
    for (int top = 1; top > 0;) {
        struct visit visit = stack[--top];
        if (visit.distance >= least)
            continue;
        if (visit.node >= tree->leaves) {
            least = lesser(leaf_distance(tree, visit.node - tree->leaves, x, y), least);
            continue;
        }
        struct visit a = {2 * visit.node, box_distance(&tree->boxes[2 * visit.node], x, y)};
        struct visit b = {a.node + 1, box_distance(&tree->boxes[a.node + 1], x, y)};
        stack[top++] = a.distance < b.distance ? b : a; // the nearer one is looked at first
        stack[top++] = a.distance < b.distance ? a : b;
    }
    return least;
}

static int leaf_winding(const struct edge_tree *tree, int64_t leaf, double x, double y)
{
    int winding = 0;
    for (int64_t i = leaf * LEAF_EDGES; i < (leaf + 1) * LEAF_EDGES && i < tree->count; i++) {
        const struct edge *edge = &tree->edges[i];
        double left = edge->dx * (y - edge->y) - edge->dy * (x - edge->x); /* > 0: p is left */
        int begins_above = edge->y > y, ends_above = edge->end_y > y;
        winding += !begins_above && ends_above && left > 0;
        winding -= begins_above && !ends_above && left < 0;
    }
    return winding;
}

static int winding_number(const struct edge_tree *tree, double x, double y)
{
    int winding = 0;
    int64_t stack[DEPTH_MAX] = {1};
    for (int top = 1; top > 0;) {
        int64_t node = stack[--top];
        const struct box *box = &tree->boxes[node];
        if (y < box->low_y || y > box->high_y || x > box->high_x)
            continue;
        if (node >= tree->leaves) {
            winding += leaf_winding(tree, node - tree->leaves, x, y);
        } else {
            stack[top++] = 2 * node;
            stack[top++] = 2 * node + 1;
        }
    }
    return winding;
}

double edge_tree_nearest(const struct edge_tree *tree, double x, double y)
{
    return sqrt(least_distance(tree, x, y));
}

double edge_tree_distance(const struct edge_tree *tree, double x, double y)
{
    double distance = edge_tree_nearest(tree, x, y);
    return winding_number(tree, x, y) != 0 ? -distance : distance;
}

double edge_tree_support(const struct edge_tree *tree, double nx, double ny)
{
    double most = -INFINITY;
    for (int64_t i = 0; i < tree->count; i++)
        most = fmax(most, tree->edges[i].x * nx + tree->edges[i].y * ny);
    return most;
}

int64_t edge_tree_points(double *points, const struct edge_tree *tree)
{
    for (int64_t i = 0; points != NULL && i < tree->count; i++) {
        points[2 * i] = tree->edges[i].x;
        points[2 * i + 1] = tree->edges[i].y;
    }
    return tree->count;
}
