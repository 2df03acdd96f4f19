/* SPDX-License-Identifier: Apache-2.0
 *
 * With v = 2 darkness - 65535, an odd number and so never zero, at the corners of a cell
 *
 *     3 -- 2      f(p, q) = v0 + (v1 - v0) p + (v3 - v0) q + (v0 - v1 + v2 - v3) p q
 *     |    |
 *     0 -- 1      side k leads from corner k to k + 1
 *
 * and the contour is f = 0: in p and in q a hyperbola that is monotonous between the two sides
 * where it enters and leaves. It is followed with the solid on its left. Where 0 and 2 are solid
 * and 1 and 3 are not (or the other way round) there are two arcs, and the value where the two
 * meet, of the sign of v0 v2 - v1 v3, says which corners are joined (Nielson and Hamann 1991, "the
 * asymptotic decider"). Extremes of the contour in x and in y lie on sides of cells. */
#include "bitmap_contour.h"

#include "array.h"
#include "bitmap.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { ARCS_MAX = 200000, UPPER = 2 };

/* A cell by its lower left corner, and the side by which the contour enters. */
struct arc {
    int32_t i, j;
    int32_t side;
};

struct bitmap_contour {
    const struct bitmap *bitmap;
    struct arc *arcs; /* grown; free() */
    size_t capacity;
    int64_t count;
    double scale, x, y; /* pixels times scale, less the middle */
};

struct cell {
    int64_t v[4];
};

static const int corner_i[4] = {0, 1, 1, 0}, corner_j[4] = {0, 0, 1, 1};
static const int step_i[4] = {0, 1, 0, -1}, step_j[4] = {-1, 0, 1, 0}; /* across a side */

static int64_t value_at(const struct bitmap *bitmap, int64_t i, int64_t j)
{
    return 2 * bitmap_darkness(bitmap, i, j) - BITMAP_DARKEST;
}

static struct cell cell_at(const struct bitmap *bitmap, int64_t i, int64_t j)
{
    struct cell cell;
    for (int k = 0; k < 4; k++)
        cell.v[k] = value_at(bitmap, i + corner_i[k], j + corner_j[k]);
    return cell;
}

static int is_saddle(const struct cell *cell)
{
    const int64_t *v = cell->v;
    return (v[0] > 0) == (v[2] > 0) && (v[1] > 0) == (v[3] > 0) && (v[0] > 0) != (v[1] > 0);
}

/* > 0 where the two solid corners of a saddle are joined, 0 where they touch. */
static int64_t saddle_sign(const struct cell *cell)
{
    int64_t difference = cell->v[0] * cell->v[2] - cell->v[1] * cell->v[3];
    return cell->v[0] > 0 ? difference : -difference;
}

/* The side by which the contour leaves that entered by `side`, whose first corner is solid. */
static int exit_side(const struct cell *cell, int side)
{
    if (is_saddle(cell))
        return saddle_sign(cell) > 0 ? (side + 1) % 4 : (side + 3) % 4;
    int exit = (side + 1) % 4;
    while (!(cell->v[exit] < 0 && cell->v[(exit + 1) % 4] > 0))
        exit = (exit + 1) % 4;
    return exit;
}

/* Where the contour crosses a side, in the cell's own p and q; the same from both cells. */
static void crossing(double out[2], const struct cell *cell, int side)
{
    int a = side == 2 ? 3 : side == 3 ? 0 : side, b = side == 2 ? 2 : side == 3 ? 3 : side + 1;
    double t = (double)cell->v[a] / (double)(cell->v[a] - cell->v[b]);
    out[0] = side == 0 || side == 2 ? t : side == 1;
    out[1] = side == 0 || side == 2 ? side == 2 : t;
}

/* Solves v + along p + (across + bend p) q = 0 for q. */
static double solve(double v, double along, double across, double bend, double p)
{
    return -(v + along * p) / (across + bend * p);
}

static double between(double value, double a, double b)
{
    return fmin(fmax(value, fmin(a, b)), fmax(a, b));
}

/* The point of an arc at u, 0..1, in the cell's p and q. */
static void arc_point(double out[2], const struct cell *cell, int side, double u)
{
    double p[2], q[2];
    const int64_t *v = cell->v;
    double along = (double)(v[1] - v[0]), up = (double)(v[3] - v[0]);
    double bend = (double)(v[0] - v[1] + v[2] - v[3]);
    crossing(p, cell, side);
    crossing(q, cell, exit_side(cell, side));
    for (int axis = 0; axis < 2; axis++)
        out[axis] = p[axis] + u * (q[axis] - p[axis]);
    if (u <= 0 || u >= 1 || bend == 0)
        return;
    if (fabs(q[0] - p[0]) >= fabs(q[1] - p[1]))
        out[1] = between(solve((double)v[0], along, up, bend, out[0]), p[1], q[1]);
    else
        out[0] = between(solve((double)v[0], up, along, bend, out[1]), p[0], q[0]);
}

/* What is known of the rings while they are looked for. */
struct search {
    struct bitmap_contour *contour;
    unsigned char
        *seen; /* [height][width]: the contour's passage on the left of a pixel is known */
    int64_t bodies;
    int64_t place[2]; /* of the pixel where the current ring was met */
};

static enum status fail_at(const struct search *search, int64_t i, int64_t j, const char *what)
{
    return FAIL(ERR_CONFIG, "%s column %" PRId64 ", row %" PRId64 " of the picture", what, i + 1,
                bitmap_height(search->contour->bitmap) - j);
}

static enum status keep_arc(struct bitmap_contour *contour, int64_t i, int64_t j, int side)
{
    if (contour->count >= ARCS_MAX)
        return FAIL(ERR_CONFIG,
                    "the outline passes more than %d pixels; a smoother picture or one of fewer "
                    "pixels would do",
                    ARCS_MAX);
    struct arc *grown = array_grow(contour->arcs, &contour->capacity, (size_t)contour->count + 1,
                                   sizeof *contour->arcs);
    if (grown == NULL)
        return ERR_MEMORY;
    contour->arcs = grown;
    contour->arcs[contour->count++] = (struct arc){(int32_t)i, (int32_t)j, side};
    return OK;
}

/* Follows one ring from the left of pixel (i, j) and keeps it. */
static enum status follow(struct search *search, int64_t i, int64_t j)
{
    struct bitmap_contour *contour = search->contour;
    int64_t width = bitmap_width(contour->bitmap), begin_i = i - 1, begin_j = j - 1;
    int side = UPPER;
    i = begin_i;
    j = begin_j;
    do {
        struct cell cell = cell_at(contour->bitmap, i, j);
        if (is_saddle(&cell) && saddle_sign(&cell) == 0)
            return fail_at(search, cell.v[0] > 0 ? i : i + 1, j,
                           "dark pixels touch at a corner only, which is neither joined nor apart; "
                           "make one of the four there darker or lighter, of which one is");
        if (side == UPPER)
            search->seen[(j + 1) * width + i + 1] = 1;
        TRY(keep_arc(contour, i, j, side));
        int exit = exit_side(&cell, side);
        i += step_i[exit];
        j += step_j[exit];
        side = (exit + 2) % 4;
    } while (i != begin_i || j != begin_j || side != UPPER);
    return OK;
}

/* Twice the area, of the straight lines between the arcs' ends. */
static double twice_area(const struct bitmap_contour *contour)
{
    double sum = 0, first[2] = {0, 0}, last[2] = {0, 0}, p[2];
    for (int64_t k = 0; k <= contour->count; k++) {
        const struct arc *arc = &contour->arcs[k % contour->count];
        struct cell cell = cell_at(contour->bitmap, arc->i, arc->j);
        crossing(p, &cell, arc->side);
        if (k == 0) {
            first[0] = arc->i + p[0];
            first[1] = arc->j + p[1];
        }
        p[0] += arc->i - first[0];
        p[1] += arc->j - first[1];
        sum += last[0] * p[1] - last[1] * p[0];
        last[0] = p[0];
        last[1] = p[1];
    }
    return sum;
}

/* The ring that passes on the left of pixel (i, j): the body's outline, or what makes it refused.
 */
static enum status take_ring(struct search *search, int64_t i, int64_t j)
{
    struct bitmap_contour *contour = search->contour;
    struct bitmap_contour other = {.bitmap = contour->bitmap};
    enum status status = OK;
    search->contour = search->bodies == 0 ? contour : &other;
    TRY_GOTO(follow(search, i, j), cleanup);
    if (twice_area(search->contour) < 0)
        TRY_GOTO(fail_at(search, i - 1, j,
                         "the body has a hole, which a flow cannot reach; fill "
                         "it: it ends at"),
                 cleanup);
    if (search->bodies++ > 0)
        TRY_GOTO(fail_at(search, i, j,
                         "the picture shows several bodies, of which each needs a "
                         "picture of its own; another one begins at"),
                 cleanup);
cleanup:
    search->contour = contour;
    free(other.arcs);
    return status;
}

static enum status find_ring(struct search *search)
{
    const struct bitmap *bitmap = search->contour->bitmap;
    int64_t width = bitmap_width(bitmap), height = bitmap_height(bitmap), light = 0;
    for (int64_t j = height - 1; j >= 0; j--)
        for (int64_t i = 0; i < width; i++) {
            light += value_at(bitmap, i, j) < 0;
            if (value_at(bitmap, i, j) > 0 && value_at(bitmap, i - 1, j) < 0 &&
                !search->seen[j * width + i])
                TRY(take_ring(search, i, j));
        }
    if (search->bodies == 0)
        return FAIL(ERR_CONFIG, "the picture shows no body: no pixel is darker than half; solid is "
                                "what is dark on white paper");
    if (light == 0)
        return FAIL(ERR_CONFIG, "every pixel of the picture is dark; solid is what is dark on "
                                "white paper, and some light around it would do");
    return OK;
}

/* Makes the contour `size` wide and moves its middle to the origin. */
static void fit(struct bitmap_contour *contour, double size)
{
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (int64_t k = 0; k < contour->count; k++) {
        const struct arc *arc = &contour->arcs[k];
        struct cell cell = cell_at(contour->bitmap, arc->i, arc->j);
        double p[2];
        crossing(p, &cell, arc->side);
        p[0] += arc->i;
        p[1] += arc->j;
        for (int axis = 0; axis < 2; axis++) {
            low[axis] = fmin(low[axis], p[axis]);
            high[axis] = fmax(high[axis], p[axis]);
        }
    }
    contour->scale = size / (high[0] - low[0]);
    contour->x = (low[0] + high[0]) / 2;
    contour->y = (low[1] + high[1]) / 2;
}

enum status bitmap_contour_create(struct bitmap_contour **out, const struct bitmap *bitmap,
                                  double size)
{
    enum status status = OK;
    struct bitmap_contour *contour = NULL;
    struct search search = {0};
    TRY(ARRAY_NEW(contour, 1));
    contour->bitmap = bitmap;
    search.contour = contour;
    TRY_GOTO(ARRAY_NEW(search.seen, bitmap_width(bitmap) * bitmap_height(bitmap)), cleanup);
    TRY_GOTO(find_ring(&search), cleanup);
    fit(contour, size);
    *out = contour;
    contour = NULL;
cleanup:
    array_free(search.seen);
    bitmap_contour_destroy(contour);
    return status;
}

void bitmap_contour_destroy(struct bitmap_contour *contour)
{
    if (contour == NULL)
        return;
    free(contour->arcs);
    array_free(contour);
}

int64_t bitmap_contour_arcs(const struct bitmap_contour *contour)
{
    return contour->count;
}

void bitmap_contour_point(double point[2], const void *context, double t)
{
    const struct bitmap_contour *contour = context;
    double place = t * (double)contour->count;
    double whole = fmin(fmax(floor(place), 0), (double)(contour->count - 1));
    const struct arc *arc = &contour->arcs[(int64_t)whole];
    struct cell cell = cell_at(contour->bitmap, arc->i, arc->j);
    arc_point(point, &cell, arc->side, place - whole);
    point[0] = (point[0] + arc->i - contour->x) * contour->scale;
    point[1] = (point[1] + arc->j - contour->y) * contour->scale;
}
