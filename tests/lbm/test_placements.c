/* SPDX-License-Identifier: Apache-2.0
 *
 * The geometry rules once more, by brute force over outlines alone, for random bodies of every
 * family: extent from their points, gaps from point to chord, overlap from the winding of one about
 * the points of the other. PLACEMENTS is given by the build: some hundreds, or 10 000 (long). */
#include "flow_case.h"

#include "array.h"
#include "philox.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

enum { BODIES = 4, NX = 128, NY = 96 };

struct outline {
    double *points;
    int64_t count;
    double low[2], high[2];
};

static void take_outline(struct outline *out, const struct body_spec *spec)
{
    struct body *body = NULL;
    cr_assert_eq(body_create(&body, spec), OK, "%s", error_message());
    cr_assert_eq(body_outline(&out->points, &out->count, body, 1e-2), OK);
    body_destroy(body);
    for (int axis = 0; axis < 2; axis++) {
        out->low[axis] = INFINITY;
        out->high[axis] = -INFINITY;
        for (int64_t i = 0; i < out->count; i++) {
            out->low[axis] = fmin(out->low[axis], out->points[2 * i + axis]);
            out->high[axis] = fmax(out->high[axis], out->points[2 * i + axis]);
        }
    }
}

static double chord_distance(const double *p, const double *q, double x, double y)
{
    double dx = q[0] - p[0], dy = q[1] - p[1];
    double t = ((x - p[0]) * dx + (y - p[1]) * dy) / (dx * dx + dy * dy);
    t = fmin(fmax(t, 0), 1);
    return hypot(x - p[0] - t * dx, y - p[1] - t * dy);
}

/* Least distance from points along a's outline (at most half a cell apart) to b's; -1 when one is
 * inside b. */
static double one_way(const struct outline *a, const struct outline *b)
{
    double least = INFINITY;
    for (int64_t i = 0; i < a->count; i++) {
        const double *p = a->points + 2 * i, *q = a->points + 2 * ((i + 1) % a->count);
        int pieces = 1 + (int)(2 * hypot(q[0] - p[0], q[1] - p[1]));
        for (int k = 0; k < pieces; k++) {
            double x = p[0] + (q[0] - p[0]) * k / pieces, y = p[1] + (q[1] - p[1]) * k / pieces;
            int inside = 0; /* parity of the chords that a ray crosses */
            for (int64_t j = 0; j < b->count; j++) {
                const double *c = b->points + 2 * j, *d = b->points + 2 * ((j + 1) % b->count);
                least = fmin(least, chord_distance(c, d, x, y));
                if ((c[1] > y) != (d[1] > y) &&
                    x < c[0] + (d[0] - c[0]) * (y - c[1]) / (d[1] - c[1]))
                    inside = !inside;
            }
            if (inside)
                return -1;
        }
    }
    return least;
}

/* How far the worst rule is from being broken, in cells; below 0: refused. */
static double slack(const struct outline *outlines, int64_t count, double nx, double ny)
{
    double least = INFINITY, covered = 0;
    for (int64_t i = 0; i < count; i++) {
        const struct outline *o = &outlines[i];
        least = fmin(least, fmin(o->low[0] - 3, nx - 3 - o->high[0]));
        least = fmin(least, fmin(o->low[1] - 3, ny - 3 - o->high[1]));
        least = fmin(least, o->high[1] - o->low[1] - 1); /* 4 cells of the solver, r = 4 */
        for (int64_t j = 0; j < i; j++)
            least = fmin(least, fmin(one_way(o, &outlines[j]), one_way(&outlines[j], o)) - 3);
    }
    enum { LINES = 3200 };
    for (int k = 0; k < LINES; k++) {
        double y = ny * (k + 0.5) / LINES;
        int hit = 0;
        for (int64_t i = 0; i < count; i++)
            hit = hit || (y > outlines[i].low[1] && y < outlines[i].high[1]);
        covered += hit * ny / LINES;
    }
    return fmin(least, 0.35 * ny - covered);
}

Test(placements, random_placements_are_refused_exactly_when_brute_force_says_so)
{
    int64_t families = body_family_count();
    int accepted = 0, doubtful = 0;
    for (int n = 0; n < PLACEMENTS; n++) {
        struct flow_case flow_case;
        struct outline outlines[BODIES];
        double u[8 * BODIES];
        for (int k = 0; k < 8 * BODIES; k++)
            u[k] = philox_uniform(21, PHILOX_STREAM_TEST, (uint64_t)n * 32 + (uint64_t)k);
        flow_case_defaults(&flow_case);
        flow_case.nx = NX;
        flow_case.ny = NY;
        flow_case.reynolds = 50;
        flow_case.body_count = 1 + n % BODIES;
        for (int64_t i = 0; i < flow_case.body_count; i++) {
            const double *v = u + 8 * i;
            struct body_spec *spec = &flow_case.bodies[i];
            body_example(spec, (int64_t)(v[0] * (double)families), v + 1);
            spec->x = 8 + v[4] * (NX - 16);
            spec->y = 8 + v[5] * (NY - 16);
            spec->size = 4 + v[6] * 18;
            spec->angle = v[7] * 360;
            take_outline(&outlines[i], spec);
        }
        double margin = slack(outlines, flow_case.body_count, NX, NY);
        for (int64_t i = 0; i < flow_case.body_count; i++)
            array_free(outlines[i].points);
        if (fabs(margin) < 0.05) {
            doubtful++; /* of the order of the brute force's own error */
            continue;
        }
        enum status status = flow_case_check(&flow_case);
        cr_assert_eq(status, margin > 0 ? OK : ERR_CONFIG, "placement %d, margin %g: %s", n, margin,
                     status == OK ? "accepted" : error_message());
        accepted += status == OK;
    }
    fprintf(stderr, "%d accepted, %d too close to call of %d\n", accepted, doubtful, PLACEMENTS);
    cr_expect_gt(accepted, PLACEMENTS / 10);
    cr_expect_lt(accepted, PLACEMENTS * 9 / 10);
    cr_expect_lt(doubtful, PLACEMENTS / 20);
}
