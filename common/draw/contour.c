/* SPDX-License-Identifier: Apache-2.0
 *
 * Every grid edge between two neighbouring cell centres holds at most one crossing; every square of
 * four centres joins two or four of them. The crossings are therefore the nodes of a graph in which
 * each has at most two neighbours: first all links are made, then open lines are walked from their
 * ends, then the closed ones. */
#include "contour.h"

#include "array.h"

#include <math.h>

struct tracer {
    const float *field;
    int64_t nx, ny;
    double level;
    int64_t *links; /* [edges][2]; 0: none, else edge + 1 */
    unsigned char *done;
};

/* Edge 2 c runs from cell c to its neighbour in x, edge 2 c + 1 to its neighbour in y. */
static int64_t edge_x(const struct tracer *t, int64_t i, int64_t j)
{
    return 2 * (i * t->ny + j);
}

static int64_t edge_y(const struct tracer *t, int64_t i, int64_t j)
{
    return 2 * (i * t->ny + j) + 1;
}

static void link_edges(struct tracer *t, int64_t a, int64_t b)
{
    t->links[2 * a + (t->links[2 * a] != 0)] = b + 1;
    t->links[2 * b + (t->links[2 * b] != 0)] = a + 1;
}

/* Joins the crossings of the square with corners (i, j) .. (i + 1, j + 1). */
static void link_square(struct tracer *t, int64_t i, int64_t j)
{
    const float *f = t->field + i * t->ny + j;
    double v[4] = {f[0], f[t->ny], f[t->ny + 1], f[1]}; /* round the square */
    int above = 0, count = 0;
    double mean = 0;
    for (int k = 0; k < 4; k++) {
        if (!isfinite(v[k]))
            return;
        above |= (v[k] >= t->level) << k;
        mean += v[k] / 4;
    }
    const int64_t edges[4] = {edge_x(t, i, j), edge_y(t, i + 1, j), edge_x(t, i, j + 1),
                              edge_y(t, i, j)};
    int crossed[4];
    for (int k = 0; k < 4; k++) {
        if ((above >> k & 1) != (above >> ((k + 1) % 4) & 1))
            crossed[count++] = k;
    }
    if (count == 2) {
        link_edges(t, edges[crossed[0]], edges[crossed[1]]);
    } else if (count == 4) {
        /* the lines cut off corners 1 and 3 where the middle is on the side of corner 0 */
        int around_odd = (mean >= t->level) == (above & 1);
        link_edges(t, edges[0], edges[around_odd ? 1 : 3]);
        link_edges(t, edges[2], edges[around_odd ? 3 : 1]);
    }
}

static void crossing(const struct tracer *t, int64_t edge, double *out)
{
    int64_t cell = edge / 2, i = cell / t->ny, j = cell % t->ny;
    double a = t->field[cell];
    double b = t->field[cell + (edge % 2 == 0 ? t->ny : 1)];
    double part = (t->level - a) / (b - a);
    out[0] = (double)i + 0.5 + (edge % 2 == 0 ? part : 0);
    out[1] = (double)j + 0.5 + (edge % 2 == 0 ? 0 : part);
}

/* Appends the line through `edge`; returns the new number of points. */
static int64_t walk(struct tracer *t, struct contour *out, int64_t edge, int64_t points)
{
    int64_t first = edge, count = points;
    for (;;) {
        t->done[edge] = 1;
        crossing(t, edge, out->points[count++]);
        int64_t next = t->links[2 * edge] - 1;
        if (next < 0 || t->done[next])
            next = t->links[2 * edge + 1] - 1;
        if (next < 0 || t->done[next])
            break;
        edge = next;
    }
    int closes = t->links[2 * edge] - 1 == first || t->links[2 * edge + 1] - 1 == first;
    if (closes && count - points > 2) {
        out->points[count][0] = out->points[points][0];
        out->points[count][1] = out->points[points][1];
        count++;
    }
    out->starts[++out->lines] = count;
    return count;
}

enum status contour_trace(struct contour *out, const float *field, int64_t nx, int64_t ny,
                          double level)
{
    enum status status = OK;
    int64_t edges = 2 * nx * ny, crossed = 0, points = 0;
    struct tracer tracer = {.field = field, .nx = nx, .ny = ny, .level = level};
    struct contour found = {0};
    TRY_GOTO(ARRAY_NEW(tracer.links, 2 * edges), cleanup);
    TRY_GOTO(ARRAY_NEW(tracer.done, edges), cleanup);
    for (int64_t i = 0; i + 1 < nx; i++) {
        for (int64_t j = 0; j + 1 < ny; j++)
            link_square(&tracer, i, j);
    }
    for (int64_t e = 0; e < edges; e++)
        crossed += tracer.links[2 * e] != 0;
    /* a line has two points at least, and one more where it closes */
    TRY_GOTO(ARRAY_NEW(found.starts, crossed / 2 + 1), cleanup);
    TRY_GOTO(ARRAY_NEW(found.points, crossed + crossed / 2 + 1), cleanup);
    for (int ends = 1; ends >= 0; ends--) {
        for (int64_t e = 0; e < edges; e++) {
            if (tracer.links[2 * e] != 0 && !tracer.done[e] &&
                (tracer.links[2 * e + 1] == 0) >= ends)
                points = walk(&tracer, &found, e, points);
        }
    }
    *out = found;
    found = (struct contour){0};
cleanup:
    array_free(tracer.links);
    array_free(tracer.done);
    contour_fini(&found);
    return status;
}

void contour_fini(struct contour *contour)
{
    array_free(contour->starts);
    array_free(contour->points);
    *contour = (struct contour){0};
}
