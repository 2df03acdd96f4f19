/* SPDX-License-Identifier: Apache-2.0 */
#include "polygon.h"

#include "array.h"
#include "outline_probe.h"

#include <criterion/criterion.h>
#include <string.h>

enum { VERTICES_MAX = 16 };

struct hand_made {
    const char *what;
    int64_t count;
    double points[VERTICES_MAX][2];
    const char *message; /* part of it */
};

static const double not_a_number = NAN, infinite = INFINITY;

/* ---- refused, with the reason ---- */

static void expect_refused(const struct hand_made *bad, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct polygon *polygon = NULL;
        cr_expect_eq(polygon_create(&polygon, bad[i].points[0], bad[i].count), ERR_CONFIG, "%s",
                     bad[i].what);
        cr_expect_null(polygon, "%s", bad[i].what);
        cr_expect_not_null(strstr(error_message(), bad[i].message), "%s: %s", bad[i].what,
                           error_message());
        polygon_destroy(polygon);
    }
}

Test(polygon, too_little_to_be_a_polygon_is_refused)
{
    const struct hand_made bad[] = {
        {"nothing", 0, {{0}}, "0 vertices"},
        {"a point", 1, {{1, 1}}, "1 vertices"},
        {"a line", 2, {{0, 0}, {1, 1}}, "2 vertices"},
        {"not a number", 3, {{0, 0}, {not_a_number, 1}, {1, 0}}, "vertex 2"},
        {"not finite", 3, {{0, 0}, {1, 1}, {1, infinite}}, "vertex 3"},
    };
    expect_refused(bad, sizeof bad / sizeof bad[0]);
}

Test(polygon, a_vertex_that_comes_twice_is_refused)
{
    const struct hand_made bad[] = {
        {"closed by hand",
         4,
         {{0, 0}, {1, 0}, {0, 1}, {0, 0}},
         "vertex 4 of the polygon repeats vertex 1"},
        {"repeated at once",
         4,
         {{0, 0}, {1, 0}, {1, 0}, {0, 1}},
         "vertex 3 of the polygon repeats vertex 2"},
        {"a vertex shared later",
         6,
         {{0, 0}, {1, 1}, {2, 0}, {2, 3}, {1, 1}, {0, 3}},
         "vertex 5 of the polygon repeats vertex 2"},
        {"zero and minus zero", 4, {{0, 0}, {1, 0}, {1, 1}, {-0.0, 0}}, "repeats vertex 1"},
    };
    expect_refused(bad, sizeof bad / sizeof bad[0]);
}

Test(polygon, vertices_in_line_are_refused)
{
    const struct hand_made bad[] = {
        {"three in line", 3, {{0, 0}, {1, 1}, {2, 2}}, "area is zero"},
        {"three in line, not in order", 3, {{0, 0}, {2, 2}, {1, 1}}, "area is zero"},
        {"four in line", 4, {{0, 1}, {3, 1}, {1, 1}, {2, 1}}, "area is zero"},
        {"in line but for rounding", 3, {{0.1, 0.1}, {0.2, 0.2}, {0.3, 0.1 + 0.2}}, "area is zero"},
    };
    expect_refused(bad, sizeof bad / sizeof bad[0]);
}

Test(polygon, edges_that_cross_are_refused)
{
    const struct hand_made bad[] = {
        {"bow tie",
         4,
         {{0, 0}, {1, 1}, {1, 0}, {0, 1}},
         "edge 1 from (0, 0) to (1, 1) meets edge 3 from (1, 0) to (0, 1)"},
        {"bow tie upright",
         4,
         {{0, 0}, {1, 0}, {0, 1}, {1, 1}},
         "edge 2 from (1, 0) to (0, 1) meets edge 4"},
        {"five-pointed star",
         5,
         {{0, 1}, {0.588, -0.809}, {-0.951, 0.309}, {0.951, 0.309}, {-0.588, -0.809}},
         "edge 1"},
        {"an edge through two others",
         6,
         {{0, 0}, {4, 0}, {4, 4}, {-1, 2}, {5, 1}, {0, 4}},
         "meets edge"},
    };
    expect_refused(bad, sizeof bad / sizeof bad[0]);
}

Test(polygon, spikes_are_refused)
{
    const struct hand_made bad[] = {
        {"spike out and back",
         5,
         {{0, 0}, {2, 0}, {2, 2}, {2, 1}, {0, 1}},
         "edges 2 and 3 lie on each other"},
        {"spike at the last vertex", 5, {{1, 0}, {2, 0}, {2, 2}, {0, 0.5}, {3, 0}}, "edge"},
        {"closing edge folds back",
         4,
         {{0, 0}, {0, 2}, {2, 2}, {0, 1}},
         "edges 4 and 1 lie on each other from (0, 0)"},
        {"fold at the first vertex",
         4,
         {{0, 0}, {2, 0}, {2, 2}, {3, 0}},
         "edges 4 and 1 lie on each other from (0, 0)"},
    };
    expect_refused(bad, sizeof bad / sizeof bad[0]);
}

Test(polygon, what_touches_itself_is_refused)
{
    const struct hand_made bad[] = {
        {"vertex touches an edge", 5, {{0, 0}, {4, 0}, {4, 4}, {2, 0}, {0, 4}}, "edge 1"},
        {"vertex touches an edge, but for rounding",
         5,
         {{0, 0}, {3, 0.3}, {4, 4}, {1, 0.1}, {0, 4}},
         "edge 1"},
        {"two edges share a stretch",
         8,
         {{0, 0}, {4, 0}, {4, 2}, {3, 0}, {1, 0}, {1, 2}, {0.5, 3}, {0, 2}},
         "edge 1"},
        {"a loop that crosses once",
         6,
         {{0, 0}, {3, 0}, {3, 3}, {1, -1}, {0.5, -1}, {0, 3}},
         "edge 1"},
        {"turned inside twice",
         8,
         {{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 1}, {3, 1}, {3, 3}, {-1, 3}},
         "meets edge"},
    };
    expect_refused(bad, sizeof bad / sizeof bad[0]);
}

/* ---- accepted ---- */

Test(polygon, odd_but_simple_polygons_are_accepted)
{
    const struct hand_made good[] = {
        {"triangle", 3, {{0, 0}, {1, 0}, {0, 1}}, ""},
        {"clockwise", 3, {{0, 0}, {0, 1}, {1, 0}}, ""},
        {"collinear vertices", 6, {{0, 0}, {1, 0}, {2, 0}, {2, 2}, {1, 2}, {0, 2}}, ""},
        {"thin needle", 3, {{0, 0}, {10, 0.001}, {10, -0.001}}, ""},
        {"notch to within a hair", 5, {{0, 0}, {4, 0}, {4, 4}, {2, 1e-6}, {0, 4}}, ""},
        {"spiral",
         16,
         {{0, 0},
          {6, 0},
          {6, 6},
          {0, 6},
          {0, 2},
          {4, 2},
          {4, 4},
          {2, 4},
          {2, 3.5},
          {3.5, 3.5},
          {3.5, 2.5},
          {0.5, 2.5},
          {0.5, 5.5},
          {5.5, 5.5},
          {5.5, 0.5},
          {0, 0.5}},
         ""},
        {"far from the origin",
         4,
         {{1e6, 1e6}, {1e6 + 1, 1e6}, {1e6 + 1, 1e6 + 1}, {1e6, 1e6 + 1}},
         ""},
        {"two edges on one line, apart",
         8,
         {{0, 0}, {1, 0}, {1, 1}, {2, 1}, {2, 0}, {3, 0}, {3, 3}, {0, 3}},
         ""},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct polygon *polygon = NULL;
        cr_expect_eq(polygon_create(&polygon, good[i].points[0], good[i].count), OK, "%s: %s",
                     good[i].what, error_message());
        polygon_destroy(polygon);
    }
}

/* Random points in random order: simple or not as solving for the common point of each two edges
 * that are no neighbours says. Random numbers never touch without crossing. */
static int crosses_itself(const double (*p)[2], int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        for (int64_t j = i + 2; j < count; j++) {
            if (i == 0 && j == count - 1)
                continue;
            const double *a = p[i], *b = p[i + 1], *c = p[j], *d = p[(j + 1) % count];
            double rx = b[0] - a[0], ry = b[1] - a[1], sx = d[0] - c[0], sy = d[1] - c[1];
            double determinant = rx * sy - ry * sx;
            double t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / determinant;
            double u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / determinant;
            if (t >= 0 && t <= 1 && u >= 0 && u <= 1)
                return 1;
        }
    return 0;
}

Test(polygon, random_polygons_are_refused_exactly_when_they_cross)
{
    uint64_t counter = UINT64_C(1) << 40;
    int crossing = 0;
    enum { TRIES = 4000 };
    for (int i = 0; i < TRIES; i++) {
        double points[7][2];
        int64_t count = 3 + i % 5;
        for (int64_t k = 0; k < count; k++) {
            points[k][0] = outline_probe_uniform(&counter, -5, 5);
            points[k][1] = outline_probe_uniform(&counter, -5, 5);
        }
        struct polygon *polygon = NULL;
        int expected = crosses_itself((const double(*)[2])points, count);
        cr_assert_eq(polygon_create(&polygon, points[0], count), expected ? ERR_CONFIG : OK,
                     "polygon %d: %s", i, error_message());
        crossing += expected;
        polygon_destroy(polygon);
    }
    cr_expect(crossing > TRIES / 4 && crossing < 3 * TRIES / 4, "%d", crossing);
}

/* A polygon that every ray from the origin meets once, so that inside is a matter of one sector. */
static void star_shaped(double (*points)[2], int64_t count, uint64_t *counter)
{
    for (int64_t k = 0; k < count; k++) {
        double angle = 2 * 3.14159265358979323846 *
                       ((double)k + outline_probe_uniform(counter, 0, 0.9)) / (double)count;
        double radius = outline_probe_uniform(counter, 2, 10);
        points[k][0] = radius * cos(angle);
        points[k][1] = radius * sin(angle);
    }
}

Test(polygon, distance_and_sign_agree_with_brute_force_in_both_orientations)
{
    uint64_t counter = UINT64_C(2) << 40;
    double worst = 0;
    for (int i = 0; i < 300; i++) {
        double points[40][2], backwards[40][2];
        int64_t count = 5 + i % 36;
        star_shaped(points, count, &counter);
        for (int64_t k = 0; k < count; k++)
            for (int axis = 0; axis < 2; axis++)
                backwards[k][axis] = points[count - 1 - k][axis];
        struct polygon *forth = NULL, *back = NULL;
        cr_assert_eq(polygon_create(&forth, points[0], count), OK, "%s", error_message());
        cr_assert_eq(polygon_create(&back, backwards[0], count), OK, "%s", error_message());
        for (int k = 0; k < 60; k++) {
            double x = outline_probe_uniform(&counter, -12, 12);
            double y =
                k % 10 == 0 ? points[k % count][1] : outline_probe_uniform(&counter, -12, 12);
            double distance = polygon_distance(forth, x, y);
            double brute = outline_probe_distance(points[0], count, x, y).distance;
            worst = fmax(worst, fabs(fabs(distance) - brute));
            if (brute > 1e-9)
                cr_assert_eq(distance < 0, outline_probe_turns(points[0], count, x, y) == 1);
            cr_assert_float_eq(polygon_distance(back, x, y), distance, 1e-12);
        }
        polygon_destroy(forth);
        polygon_destroy(back);
    }
    cr_expect_leq(worst, 1e-12, "%g", worst);
}
