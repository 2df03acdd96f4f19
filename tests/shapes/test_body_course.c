/* SPDX-License-Identifier: Apache-2.0
 *
 * How a body moves by itself, and a geometry that is put elsewhere. */
#include "body_course.h"
#include "geometry.h"

#include <criterion/criterion.h>

#include <math.h>

static const struct body_course late = {.u = 0.1, .begin = 7.5, .rise = 40};

Test(body_course, the_way_is_the_integral_of_the_speed)
{
    const double step = 1e-3;
    double sum = 0;
    for (int k = 0; k < 80000; k++) {
        double middle = (k + 0.5) * step;
        sum += step * body_course_speed(&late, middle);
        cr_assert_float_eq(body_course_way(&late, middle + step / 2), sum, 1e-6, "at %g", middle);
    }
}

Test(body_course, it_rests_rises_without_a_jump_and_keeps_its_speed)
{
    double before = 0;
    cr_assert_eq(body_course_speed(&late, 7.4), 0);
    cr_assert_eq(body_course_way(&late, 7.5), 0);
    for (double step = 7; step < 60; step += 0.25) {
        double speed = body_course_speed(&late, step);
        cr_assert(speed >= before && speed - before < 0.01 && speed <= 1, "at %g: %g", step, speed);
        before = speed;
    }
    cr_assert_eq(body_course_speed(&late, 47.5), 1);
    cr_assert_float_eq(body_course_way(&late, 47.5), 20, 1e-12);
    cr_assert_float_eq(body_course_way(&late, 1047.5), 1020, 1e-12);
}

Test(body_course, without_a_rise_it_is_at_full_speed_at_once)
{
    const struct body_course at_once = {.spin = 0.01};
    const struct body_course none = {.begin = 3, .rise = 4};
    cr_assert_eq(body_course_speed(&at_once, 0), 1);
    cr_assert_eq(body_course_way(&at_once, 12), 12);
    cr_assert_eq(body_course_moves(&at_once), 1);
    cr_assert_eq(body_course_moves(&none), 0);
}

/* Every family, put elsewhere and turned: to the bit the geometry that is made there. */
Test(geometry, put_elsewhere_it_is_what_is_made_there)
{
    for (int64_t family = 0; family < body_family_count(); family++) {
        const double choice[3] = {0.3, 0.6, 0.8}, poses[] = {21.3, 14.2, 77.5, 9, 30.5, -12};
        struct body_spec specs[2] = {{.size = 1}, {.family = "circle", .x = 3, .y = 4, .size = 5}};
        struct geometry *moved = NULL, *made = NULL;
        body_example(&specs[0], family, choice);
        specs[0].size = 12;
        cr_assert_eq(geometry_create(&moved, specs, 2), OK, "%s", error_message());
        cr_assert_eq(geometry_place(moved, poses), OK);
        for (int k = 0; k < 2; k++) {
            specs[k].x = poses[3 * k];
            specs[k].y = poses[3 * k + 1];
            specs[k].angle = poses[3 * k + 2];
        }
        cr_assert_eq(geometry_create(&made, specs, 2), OK);
        for (int k = 0; k < 400; k++) {
            double x = 2 * (k % 20) + 0.3, y = 2 * (double)(k / 20) + 0.7;
            cr_assert_eq(geometry_distance(NULL, moved, x, y), geometry_distance(NULL, made, x, y),
                         "%s at (%g, %g)", specs[0].family, x, y);
        }
        geometry_destroy(moved);
        geometry_destroy(made);
    }
}

Test(geometry, bodies_that_come_to_overlap_have_the_depth_of_their_union)
{
    const struct body_spec specs[] = {{.family = "circle", .x = 10, .y = 20, .size = 10},
                                      {.family = "circle", .x = 40, .y = 20, .size = 10}};
    const double together[] = {20, 20, 0, 26, 20, 0}, apart[] = {10, 20, 0, 40, 20, 0};
    struct geometry *geometry = NULL;
    cr_assert_eq(geometry_create(&geometry, specs, 2), OK);
    cr_assert_eq(geometry_place(geometry, together), OK);
    cr_assert_float_eq(geometry_distance(NULL, geometry, 23, 20), -4, 1e-3); /* to the notches */
    cr_assert_eq(geometry_place(geometry, apart), OK);
    cr_assert_float_eq(geometry_distance(NULL, geometry, 10, 20), -5, 1e-12);
    geometry_destroy(geometry);
}

/* The fraction, when the distances at both ends are known. */
Test(geometry, a_crossing_between_known_distances_is_the_crossing)
{
    const struct body_spec spec = {
        .family = "naca", .x = 20, .y = 20, .size = 24, .profile = 2412, .angle = 17};
    struct geometry *geometry = NULL;
    int seen = 0;
    cr_assert_eq(geometry_create(&geometry, &spec, 1), OK);
    for (int k = 0; k < 1600; k++) {
        const double from[] = {k % 40 + 0.5, (double)(k / 40) + 0.5};
        const double to[] = {from[0] + 1, from[1] - 1};
        const double ends[] = {geometry_distance(NULL, geometry, from[0], from[1]),
                               geometry_distance(NULL, geometry, to[0], to[1])};
        if (ends[0] < 0 || ends[1] >= 0)
            continue;
        double q = geometry_crossing_between(geometry, from, to, ends);
        cr_assert_eq(q, geometry_crossing(geometry, from[0], from[1], to[0], to[1]));
        seen++;
    }
    cr_assert_gt(seen, 10);
    geometry_destroy(geometry);
}
