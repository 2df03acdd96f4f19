/* SPDX-License-Identifier: Apache-2.0
 *
 * Two polylines that do not meet are nearest at a vertex of one of them, so the gap is the least
 * distance of one's vertices to the other, both ways. That one does not reach into the other
 * between two vertices follows from the distance changing by no more than the way gone: along a
 * chord of length L with distances d0 and d1 at its ends it is nowhere below (d0 + d1 - L) / 2. */
#include "body_gap.h"

#include "array.h"

#include <math.h>

static const double outline_tolerance = 2e-5;
static const double touching = 5e-5; /* nearer than this counts as overlap */

struct chord {
    double x, y;        /* begin */
    double dx, dy;      /* to the end */
    double first, last; /* distances at the ends */
    double length;
};

/* Is some point of the chord inside the body, or as good as touching it? */
static int chord_meets(const struct body *body, const struct chord *chord)
{
    if (fmin(chord->first, chord->last) < touching)
        return 1;
    if (chord->first + chord->last - chord->length >= 0)
        return 0;
    struct chord half = *chord;
    half.dx /= 2;
    half.dy /= 2;
    half.length /= 2;
    half.last = body_distance(body, chord->x + half.dx, chord->y + half.dy);
    if (chord_meets(body, &half)) // ends: the length halves, both ends stay above `touching`
        return 1;
    half.x += half.dx;
    half.y += half.dy;
    half.first = half.last;
    half.last = chord->last;
    return chord_meets(body, &half);
}

/* The least distance of a's outline from b; below zero when a reaches into b. */
static enum status gap_one_way(double *out, const struct body *a, const struct body *b)
{
    double *points = NULL; /* [count][2] */
    int64_t count;
    TRY(body_outline(&points, &count, a, outline_tolerance));
    double least = INFINITY;
    double last = body_distance(b, points[0], points[1]);
    for (int64_t i = 0; i < count; i++) {
        const double *p = points + 2 * i, *q = points + 2 * ((i + 1) % count);
        struct chord chord = {p[0], p[1], q[0] - p[0], q[1] - p[1], last, 0, 0};
        chord.length = sqrt(chord.dx * chord.dx + chord.dy * chord.dy);
        chord.last = last = body_distance(b, q[0], q[1]);
        least = fmin(least, chord.last);
        if (least >= touching && chord_meets(b, &chord))
            least = -touching;
    }
    array_free(points);
    *out = least < touching ? fmin(least, -touching) : least;
    return OK;
}

enum status body_gap(double *out, const struct body *a, const struct body *b)
{
    double forth, back; /* one way alone misses a body that holds the other */
    TRY(gap_one_way(&forth, a, b));
    TRY(gap_one_way(&back, b, a));
    *out = fmin(forth, back);
    return OK;
}
