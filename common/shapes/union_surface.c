/* SPDX-License-Identifier: Apache-2.0
 *
 * A distance changes by no more than the way gone, so a chord of length L with the distances d0 and
 * d1 to another body at its ends is outside of it all along when d0 + d1 >= L, and inside when
 * d0 + d1 <= -L. Else it is halved; of the shortest those with an end inside are left out. */
#include "union_surface.h"

#include "array.h"
#include "body_gap.h"
#include "edge_tree.h"

#include <math.h>
#include <stdlib.h>

static const double outline_tolerance = 2e-5;
static const double shortest = 1e-4; /* a halved chord */

struct union_surface {
    struct edge_tree *tree;
};

/* The parts of one body's outline that are kept so far. */
struct cutting {
    struct body *const *bodies;
    int64_t count, own;
    struct edge_tree_segment *kept; /* grown; free() */
    size_t used, capacity;
};

static double chord_length(const struct edge_tree_segment *chord)
{
    double dx = chord->x1 - chord->x0, dy = chord->y1 - chord->y0;
    return sqrt(dx * dx + dy * dy);
}

static enum status keep(struct cutting *cutting, const struct edge_tree_segment *chord)
{
    if (!(chord_length(chord) > 0))
        return OK;
    struct edge_tree_segment *grown =
        array_grow(cutting->kept, &cutting->capacity, cutting->used + 1, sizeof *cutting->kept);
    if (grown == NULL)
        return ERR_MEMORY;
    cutting->kept = grown;
    grown[cutting->used++] = *chord;
    return OK;
}

/* Keeps what of the chord lies outside the bodies from `other` on, but its own. */
static enum status keep_outside(struct cutting *cutting, const struct edge_tree_segment *chord,
                                int64_t other)
{
    other += other == cutting->own;
    if (other >= cutting->count)
        return keep(cutting, chord);
    double first = body_distance(cutting->bodies[other], chord->x0, chord->y0);
    double last = body_distance(cutting->bodies[other], chord->x1, chord->y1);
    double length = chord_length(chord);
    if (first + last >= length)
        return keep_outside(cutting, chord, other + 1);
    if (first + last <= -length)
        return OK;
    if (length > shortest) {
        double x = (chord->x0 + chord->x1) / 2, y = (chord->y0 + chord->y1) / 2;
        struct edge_tree_segment front = {chord->x0, chord->y0, x, y};
        struct edge_tree_segment back = {x, y, chord->x1, chord->y1};
        TRY(keep_outside(cutting, &front, other));
        return keep_outside(cutting, &back, other);
    }
    return first > 0 && last > 0 ? keep_outside(cutting, chord, other + 1) : OK;
}

static enum status keep_body(struct cutting *cutting, int64_t index)
{
    enum status status = OK;
    double *points = NULL; /* [count][2] */
    int64_t count;
    cutting->own = index;
    TRY(body_outline(&points, &count, cutting->bodies[index], outline_tolerance));
    for (int64_t i = 0; i < count; i++) {
        const double *p = points + 2 * i, *q = points + 2 * ((i + 1) % count);
        struct edge_tree_segment chord = {p[0], p[1], q[0], q[1]};
        TRY_GOTO(keep_outside(cutting, &chord, 0), cleanup);
    }
cleanup:
    array_free(points);
    return status;
}

static enum status find_overlap(int *out, struct body *const *bodies, int64_t count)
{
    *out = 0;
    for (int64_t i = 0; i < count && !*out; i++)
        for (int64_t j = i + 1; j < count && !*out; j++) {
            double a[4], b[4], gap;
            body_bounds(a, bodies[i]);
            body_bounds(b, bodies[j]);
            if (a[0] > b[1] || b[0] > a[1] || a[2] > b[3] || b[2] > a[3])
                continue;
            TRY(body_gap(&gap, bodies[i], bodies[j]));
            *out = gap < 0;
        }
    return OK;
}

enum status union_surface_create(struct union_surface **out, struct body *const *bodies,
                                 int64_t count)
{
    enum status status = OK;
    struct union_surface *surface = NULL;
    struct cutting cutting = {.bodies = bodies, .count = count};
    int overlap;
    *out = NULL;
    TRY(find_overlap(&overlap, bodies, count));
    if (!overlap)
        return OK;
    for (int64_t i = 0; i < count; i++)
        TRY_GOTO(keep_body(&cutting, i), cleanup);
    TRY_GOTO(ARRAY_NEW(surface, 1), cleanup);
    TRY_GOTO(edge_tree_create_segments(&surface->tree, cutting.kept, (int64_t)cutting.used),
             cleanup);
    *out = surface;
    surface = NULL;
cleanup:
    union_surface_destroy(surface);
    free(cutting.kept);
    return status;
}

void union_surface_destroy(struct union_surface *surface)
{
    if (surface == NULL)
        return;
    edge_tree_destroy(surface->tree);
    array_free(surface);
}

double union_surface_distance(const struct union_surface *surface, double x, double y)
{
    return edge_tree_nearest(surface->tree, x, y);
}
