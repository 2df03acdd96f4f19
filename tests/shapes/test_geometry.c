/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"

#include "array.h"
#include "outline_probe.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct geometry *make(const struct body_spec *specs, int64_t count)
{
    struct geometry *geometry = NULL;
    cr_assert_eq(geometry_create(&geometry, specs, count), OK, "%s", error_message());
    return geometry;
}

static double gap_of(const struct body_spec *specs, int64_t count)
{
    struct geometry *geometry = make(specs, count);
    double gap;
    cr_assert_eq(geometry_gap(&gap, NULL, geometry), OK);
    geometry_destroy(geometry);
    return gap;
}

Test(geometry, without_bodies_is_a_free_stream)
{
    struct geometry *geometry = make(NULL, 0);
    int64_t nearest = 5;
    double gap, box[4];
    cr_expect_eq(geometry_distance(&nearest, geometry, 3, 4), GEOMETRY_FAR);
    cr_expect_eq(nearest, -1);
    cr_expect_eq(geometry_length(geometry), 0);
    cr_expect_eq(geometry_projection(geometry), 0);
    cr_assert_eq(geometry_gap(&gap, NULL, geometry), OK);
    cr_expect_eq(gap, GEOMETRY_FAR);
    geometry_bounds(box, geometry);
    cr_expect_eq(box[3], 0);
    geometry_destroy(geometry);
}

Test(geometry, union_is_the_nearest_body)
{
    const struct body_spec specs[] = {
        {.family = "circle", .x = 10, .y = 10, .size = 8},
        {.family = "rectangle", .x = 30, .y = 12, .size = 6, .aspect = 1},
    };
    struct geometry *geometry = make(specs, 2);
    int64_t nearest;
    cr_expect_float_eq(geometry_distance(&nearest, geometry, 12, 10), -2, 0);
    cr_expect_eq(nearest, 0);
    cr_expect_float_eq(geometry_distance(&nearest, geometry, 26, 12), 1, 0);
    cr_expect_eq(nearest, 1);
    geometry_destroy(geometry);
}

Test(geometry, sample_is_the_distance_at_cell_centres_of_the_finer_lattice)
{
    const struct body_spec spec = {
        .family = "ellipse", .x = 7, .y = 6, .size = 6, .aspect = 0.5, .angle = 20};
    struct geometry *geometry = make(&spec, 1);
    enum { NX = 40, NY = 24 };
    float sdf[NX * NY];
    geometry_sample(sdf, geometry, NX, NY, 2, 3);
    for (int i = 0; i < NX; i++)
        for (int j = 0; j < NY; j++)
            cr_assert_eq(sdf[i * NY + j], (float)geometry_distance(
                                              NULL, geometry, i * 0.5 + 0.25 - 3, j * 0.5 + 0.25));
    geometry_destroy(geometry);
}

/* Links of a lattice through random bodies of every family, against a bisection of the last bit. */
Test(geometry, crossing_finds_the_surface_to_1e_9_for_every_family)
{
    static const int links[8][2] = {{1, 0}, {0, 1},  {-1, 0},  {0, -1},
                                    {1, 1}, {-1, 1}, {-1, -1}, {1, -1}};
    for (int64_t family = 0; family < body_family_count(); family++) {
        uint64_t counter = ((uint64_t)family << 32) + (UINT64_C(1) << 50);
        int found = 0;
        for (int n = 0; n < 8; n++) {
            struct body_spec spec;
            outline_probe_spec(&spec, family, &counter);
            struct geometry *geometry = make(&spec, 1);
            for (int cell = 0; cell < 60 * 60 * 8; cell++) {
                double x0 = cell / 8 % 60 - 9.5, y0 = cell / 480 - 9.5;
                double dx = links[cell % 8][0], dy = links[cell % 8][1];
                if (geometry_distance(NULL, geometry, x0, y0) < 0 ||
                    geometry_distance(NULL, geometry, x0 + dx, y0 + dy) >= 0)
                    continue;
                double q = geometry_crossing(geometry, x0, y0, x0 + dx, y0 + dy);
                double before = fmax(q - 1e-9, 0), behind = fmin(q + 1e-9, 1);
                cr_assert(q > 0 && q <= 1);
                cr_assert_geq(geometry_distance(NULL, geometry, x0 + before * dx, y0 + before * dy),
                              0, "%s", spec.family);
                cr_assert_lt(geometry_distance(NULL, geometry, x0 + behind * dx, y0 + behind * dy),
                             0, "%s", spec.family);
                found++;
            }
            geometry_destroy(geometry);
        }
        cr_expect_gt(found, 200);
    }
}

/* Bodies that overlap: the outlines' parts outside all others, as dense points. */
static double depth_by_points(const struct geometry *geometry, double *const *points,
                              const int64_t *counts, double x, double y)
{
    double least = INFINITY;
    for (int64_t i = 0; i < geometry_count(geometry); i++)
        for (int64_t k = 0; k < counts[i]; k++) {
            const double *p = points[i] + 2 * k;
            int covered = 0;
            if (hypot(p[0] - x, p[1] - y) >= least)
                continue;
            for (int64_t j = 0; j < geometry_count(geometry); j++)
                covered = covered ||
                          (j != i && body_distance(geometry_body(geometry, j), p[0], p[1]) < 0);
            if (!covered)
                least = hypot(p[0] - x, p[1] - y);
        }
    return least;
}

/* The outline with points at most `step` apart. */
static double *dense_outline(int64_t *count, const struct body *body, double step)
{
    double *points, *dense = NULL;
    int64_t corners, used = 0;
    cr_assert_eq(body_outline(&points, &corners, body, 1e-5), OK);
    for (int pass = 0; pass < 2; pass++) {
        if (pass > 0)
            cr_assert_eq(ARRAY_NEW(dense, 2 * used), OK);
        used = 0;
        for (int64_t i = 0; i < corners; i++) {
            const double *p = points + 2 * i, *q = points + 2 * ((i + 1) % corners);
            int64_t pieces = 1 + (int64_t)(hypot(q[0] - p[0], q[1] - p[1]) / step);
            for (int64_t k = 0; k < pieces; k++, used++)
                for (int axis = 0; pass > 0 && axis < 2; axis++)
                    dense[2 * used + axis] =
                        p[axis] + (q[axis] - p[axis]) * (double)k / (double)pieces;
        }
    }
    array_free(points);
    *count = used;
    return dense;
}

Test(geometry, depth_in_bodies_that_overlap_is_that_to_their_common_boundary)
{
    const double step = 4e-3; /* what brute force may be too far */
    uint64_t counter = UINT64_C(9) << 50;
    double worst = 0;
    int overlaps = 0, changed = 0;
    for (int n = 0; n < 22; n++) {
        struct body_spec specs[3];
        double *points[3], box[4];
        int64_t counts[3];
        for (int i = 0; i < 3; i++) {
            outline_probe_spec(&specs[i], (n + 5 * i) % body_family_count(), &counter);
            specs[i].x = outline_probe_uniform(&counter, 0, 8);
            specs[i].y = outline_probe_uniform(&counter, 0, 8);
        }
        struct geometry *geometry = make(specs, 3);
        for (int i = 0; i < 3; i++)
            points[i] = dense_outline(&counts[i], geometry_body(geometry, i), step);
        geometry_bounds(box, geometry);
        overlaps += gap_of(specs, 3) < 0;
        for (int k = 0; k < 20; k++) {
            double x = outline_probe_uniform(&counter, box[0], box[1]);
            double y = outline_probe_uniform(&counter, box[2], box[3]);
            double distance = geometry_distance(NULL, geometry, x, y), bound = INFINITY;
            double brute = depth_by_points(geometry, points, counts, x, y);
            for (int i = 0; i < 3; i++)
                bound = fmin(bound, body_distance(geometry_body(geometry, i), x, y));
            worst = fmax(worst, fabs(distance) - brute);
            worst = fmax(worst, brute - fabs(distance) - step);
            changed += distance < bound - 0.01;
            cr_assert_eq(distance < 0, bound < 0);
        }
        for (int i = 0; i < 3; i++)
            array_free(points[i]);
        geometry_destroy(geometry);
    }
    fprintf(stderr, "union: largest error %.1e cells, %d of 440 points deeper than in any body\n",
            worst, changed);
    cr_expect_leq(worst, 1e-3, "%g", worst);
    cr_expect_gt(overlaps, 15);
    cr_expect_gt(changed, 20);
}

Test(geometry, bodies_that_share_a_side_are_one)
{
    const struct body_spec specs[] = {
        {.family = "rectangle", .x = 0, .y = 0, .size = 8, .aspect = 0.5},
        {.family = "rectangle", .x = 0, .y = 4, .size = 8, .aspect = 0.5},
    };
    struct geometry *geometry = make(specs, 2); /* together 8 x 8 about (0, 2) */
    cr_expect_float_eq(geometry_distance(NULL, geometry, 0, 1.5), -3.5, 1e-4);
    cr_expect_float_eq(geometry_distance(NULL, geometry, 0, 2.5), -3.5, 1e-4);
    cr_expect_float_eq(geometry_distance(NULL, geometry, 3, 2.5), -1, 1e-4);
    cr_expect_float_eq(geometry_distance(NULL, geometry, 0, 7), 1, 0);
    geometry_destroy(geometry);
}

Test(geometry, crossing_of_a_circle_is_the_known_root)
{
    const struct body_spec spec = {.family = "circle", .size = 10};
    struct geometry *geometry = make(&spec, 1);
    cr_expect_float_eq(geometry_crossing(geometry, 5.25, 0, 4.25, 0), 0.25, 1e-9);
    cr_expect_float_eq(geometry_crossing(geometry, 5.5, 3, 3.5, 3), 0.75, 1e-9);
    cr_expect_float_eq(geometry_crossing(geometry, 5, 0, 4, 0), 1e-9, 0); /* on the surface */
    cr_expect_float_eq(geometry_crossing(geometry, 6, 0, 5, 0), 1, 0);
    cr_expect_float_eq(geometry_crossing(geometry, 5 + 1e-12, 0, 4, 0), 1e-9, 1e-9);
    geometry_destroy(geometry);
}

Test(geometry, length_is_one_body_and_projection_the_union_across_the_stream)
{
    const struct body_spec specs[] = {
        {.family = "circle", .x = 10, .y = 20, .size = 10},                   /* 15..25 */
        {.family = "circle", .x = 30, .y = 26, .size = 8},                    /* 22..30 */
        {.family = "circle", .x = 50, .y = 20, .size = 4},                    /* 18..22 */
        {.family = "circle", .x = 50, .y = 40, .size = 6},                    /* 37..43 */
        {.family = "rectangle", .x = 70, .y = 45, .size = 20, .aspect = 0.2}, /* 43..47 */
    };
    struct geometry *geometry = make(specs, 5);
    double box[4];
    cr_expect_float_eq(geometry_length(geometry), 10, 1e-12);
    cr_expect_float_eq(geometry_projection(geometry), 15 + 10, 1e-12);
    geometry_bounds(box, geometry);
    cr_expect_float_eq(box[0], 5, 1e-12);
    cr_expect_float_eq(box[1], 80, 1e-12);
    cr_expect_float_eq(box[2], 15, 1e-12);
    cr_expect_float_eq(box[3], 47, 1e-12);
    geometry_destroy(geometry);
}

Test(geometry, projection_agrees_with_counting_lines)
{
    uint64_t counter = UINT64_C(3) << 50;
    for (int n = 0; n < 200; n++) {
        struct body_spec specs[6];
        int64_t count = 1 + n % 6;
        for (int64_t i = 0; i < count; i++)
            outline_probe_spec(&specs[i], 0, &counter);
        struct geometry *geometry = make(specs, count);
        int covered = 0;
        enum { LINES = 20000 };
        for (int k = 0; k < LINES; k++) {
            double y = -20 + 80 * (k + 0.5) / LINES;
            int hit = 0;
            for (int64_t i = 0; i < count; i++)
                hit = hit || fabs(y - specs[i].y) < specs[i].size / 2;
            covered += hit;
        }
        cr_assert_float_eq(geometry_projection(geometry), 80.0 * covered / LINES, 0.05);
        geometry_destroy(geometry);
    }
}

Test(geometry, gaps_are_the_known_ones)
{
    struct body_spec pair[2] = {{.family = "circle", .x = 10, .y = 10, .size = 8},
                                {.family = "circle", .x = 22, .y = 10, .size = 6}};
    cr_expect_float_eq(gap_of(pair, 2), 5, 1e-4);
    pair[1].x = 17;
    cr_expect_float_eq(gap_of(pair, 2), 0, 1e-4);
    pair[1].x = 16.9;
    cr_expect_lt(gap_of(pair, 2), 0);
    pair[1] = (struct body_spec){.family = "circle", .x = 10.5, .y = 10, .size = 2};
    cr_expect_lt(gap_of(pair, 2), 0, "one inside the other");
    pair[0] = (struct body_spec){.family = "rectangle", .size = 20, .aspect = 0.1};
    pair[1] = (struct body_spec){.family = "rectangle", .size = 2, .aspect = 10};
    cr_expect_lt(gap_of(pair, 2), 0, "a cross: no corner of one is inside the other");
    pair[1].x = 14;
    cr_expect_float_eq(gap_of(pair, 2), 3, 1e-4, "parallel sides");
    pair[1].angle = 45;
    pair[1].x = 0;
    pair[1].y = 12;
    cr_expect_float_eq(gap_of(pair, 2), 12 - 11 / sqrt(2) - 1, 1e-4, "corner to side");
}

Test(geometry, gap_names_the_two_nearest_bodies)
{
    const struct body_spec specs[] = {{.family = "circle", .x = 0, .size = 4},
                                      {.family = "circle", .x = 20, .size = 4},
                                      {.family = "circle", .x = 9, .size = 4}};
    struct geometry *geometry = make(specs, 3);
    double gap;
    int64_t pair[2] = {-1, -1};
    cr_assert_eq(geometry_gap(&gap, pair, geometry), OK);
    cr_expect_float_eq(gap, 5, 1e-4);
    cr_expect(pair[0] == 0 && pair[1] == 2);
    geometry_destroy(geometry);
}

Test(geometry, a_bad_body_is_named_by_its_number)
{
    const struct body_spec specs[] = {{.family = "circle", .size = 4},
                                      {.family = "ellipse", .size = 4, .aspect = -1}};
    struct geometry *geometry = NULL;
    cr_expect_eq(geometry_create(&geometry, specs, 2), ERR_CONFIG);
    cr_expect_null(geometry);
    cr_expect_eq(strstr(error_message(), "body 2: ellipse: aspect"), error_message(), "%s",
                 error_message());
}
