/* SPDX-License-Identifier: Apache-2.0
 *
 * Every family of shape_list.h against brute force over its own outline, which is made from a
 * parametrisation while the distances are implicit. The outline keeps within `fine` of the
 * boundary, and so does the brute-force distance: that bounds the error of the sampling. */
#include "body.h"

#include "array.h"
#include "outline_probe.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const double fine = 2e-7;

enum { BODIES = 40, PROBES = 12 };

static struct body *make(const struct body_spec *spec)
{
    struct body *body = NULL;
    cr_assert_eq(body_create(&body, spec), OK, "%s", error_message());
    return body;
}

/* A point in the box about the body, wider by half its size. */
static void probe(double point[2], const struct body *body, uint64_t *counter)
{
    double box[4], margin = body_get_spec(body)->size / 2;
    body_bounds(box, body);
    point[0] = outline_probe_uniform(counter, box[0] - margin, box[1] + margin);
    point[1] = outline_probe_uniform(counter, box[2] - margin, box[3] + margin);
}

Test(body, distance_of_every_family_is_that_of_its_boundary_by_brute_force)
{
    for (int64_t family = 0; family < body_family_count(); family++) {
        uint64_t counter = (uint64_t)family << 32;
        double worst = 0;
        for (int i = 0; i < BODIES; i++) {
            struct body_spec spec;
            outline_probe_spec(&spec, family, &counter);
            struct body *body = make(&spec);
            double *points;
            int64_t count;
            cr_assert_eq(body_outline(&points, &count, body, fine), OK);
            for (int k = 0; k < PROBES; k++) {
                double p[2];
                probe(p, body, &counter);
                double distance = body_distance(body, p[0], p[1]);
                double brute = outline_probe_distance(points, count, p[0], p[1]).distance;
                worst = fmax(worst, fabs(fabs(distance) - brute));
                if (fabs(distance) > 2 * fine)
                    cr_assert_eq(distance < 0, outline_probe_turns(points, count, p[0], p[1]) == 1,
                                 "%s: sign at (%g, %g)", spec.family, p[0], p[1]);
            }
            array_free(points);
            body_destroy(body);
        }
        fprintf(stderr, "%s: largest error %.2e cells\n", body_family_name(family), worst);
        cr_expect_leq(worst, body_family_accuracy(family) + fine, "%s: %g",
                      body_family_name(family), worst);
    }
}

Test(body, every_outline_lies_on_the_boundary_and_chords_stay_within_the_tolerance)
{
    for (int64_t family = 0; family < body_family_count(); family++) {
        uint64_t counter = ((uint64_t)family << 32) + (1u << 24);
        for (int i = 0; i < BODIES; i++) {
            const double tolerance = 1e-3;
            struct body_spec spec;
            outline_probe_spec(&spec, family, &counter);
            struct body *body = make(&spec);
            double *points, area = 0;
            int64_t count;
            cr_assert_eq(body_outline(&points, &count, body, tolerance), OK);
            cr_assert_geq(count, 3);
            for (int64_t k = 0; k < count; k++) {
                const double *p = points + 2 * k, *q = points + 2 * ((k + 1) % count);
                double middle = body_distance(body, (p[0] + q[0]) / 2, (p[1] + q[1]) / 2);
                cr_assert_leq(fabs(body_distance(body, p[0], p[1])), 1e-9, "%s", spec.family);
                cr_assert_leq(fabs(middle), tolerance, "%s", spec.family);
                area += p[0] * q[1] - p[1] * q[0];
            }
            cr_assert_gt(area, 0, "%s: clockwise", spec.family);
            array_free(points);
            body_destroy(body);
        }
    }
}

/* Does another part of the boundary come as near, so that the distance may have a crease here? */
static int near_medial_axis(const double *points, int64_t count, const double p[2],
                            const struct outline_probe_nearest *nearest)
{
    for (int64_t i = 0; i < count; i++) {
        double at[2];
        double distance =
            outline_probe_chord(at, points + 2 * i, points + 2 * ((i + 1) % count), p[0], p[1]);
        if (distance < nearest->distance + 0.02 &&
            hypot(at[0] - nearest->x, at[1] - nearest->y) > 1.5)
            return 1;
    }
    return 0;
}

Test(body, gradient_of_every_distance_is_one_away_from_the_medial_axis)
{
    const double h = 1e-5;
    for (int64_t family = 0; family < body_family_count(); family++) {
        uint64_t counter = ((uint64_t)family << 32) + (2u << 24);
        double worst = 0;
        int checked = 0, creased = 0;
        for (int i = 0; i < BODIES; i++) {
            struct body_spec spec;
            outline_probe_spec(&spec, family, &counter);
            struct body *body = make(&spec);
            double *points;
            int64_t count;
            cr_assert_eq(body_outline(&points, &count, body, 1e-4), OK);
            for (int k = 0; k < 4 * PROBES; k++) {
                double p[2];
                probe(p, body, &counter);
                struct outline_probe_nearest nearest =
                    outline_probe_distance(points, count, p[0], p[1]);
                if (nearest.distance < 0.01 || near_medial_axis(points, count, p, &nearest)) {
                    creased++;
                    continue;
                }
                double gx =
                    body_distance(body, p[0] + h, p[1]) - body_distance(body, p[0] - h, p[1]);
                double gy =
                    body_distance(body, p[0], p[1] + h) - body_distance(body, p[0], p[1] - h);
                worst = fmax(worst, fabs(hypot(gx, gy) / (2 * h) - 1));
                checked++;
            }
            array_free(points);
            body_destroy(body);
        }
        fprintf(stderr, "%s: |gradient| - 1 at most %.2e over %d points, %d near a crease\n",
                body_family_name(family), worst, checked, creased);
        cr_expect_leq(worst, 1e-4, "%s: %g", body_family_name(family), worst);
        cr_expect_gt(checked, 2 * creased, "%s", body_family_name(family));
    }
}

Test(body, bounds_and_projection_of_every_family_touch_the_outline)
{
    for (int64_t family = 0; family < body_family_count(); family++) {
        uint64_t counter = ((uint64_t)family << 32) + (3u << 24);
        for (int i = 0; i < BODIES; i++) {
            struct body_spec spec;
            outline_probe_spec(&spec, family, &counter);
            struct body *body = make(&spec);
            double *points, box[4], seen[4] = {INFINITY, -INFINITY, INFINITY, -INFINITY};
            int64_t count;
            cr_assert_eq(body_outline(&points, &count, body, 1e-6), OK);
            for (int64_t k = 0; k < 2 * count; k++) {
                int axis = (int)(k % 2);
                seen[2 * axis] = fmin(seen[2 * axis], points[k]);
                seen[2 * axis + 1] = fmax(seen[2 * axis + 1], points[k]);
            }
            body_bounds(box, body);
            for (int k = 0; k < 4; k++)
                cr_assert_float_eq(box[k], seen[k], 1.1e-6, "%s: side %d", spec.family, k);
            cr_assert_float_eq(body_projection(body), box[3] - box[2], 1e-12);
            array_free(points);
            body_destroy(body);
        }
    }
}

/* What each family is, written once more from its definition: f < 0 inside. A family that is not
 * here is still covered by the tests above. */
static double definition(const struct body_spec *spec, double px, double py)
{
    const double pi = 3.14159265358979323846;
    double angle = spec->angle * pi / 180, dx = px - spec->x, dy = py - spec->y;
    double x = cos(angle) * dx + sin(angle) * dy, y = -sin(angle) * dx + cos(angle) * dy;
    double a = spec->size / 2, b = a * spec->aspect;
    if (strcmp(spec->family, "circle") == 0)
        return hypot(x, y) - a;
    if (strcmp(spec->family, "ellipse") == 0)
        return hypot(x / a, y / b) - 1;
    if (strcmp(spec->family, "rectangle") == 0)
        return fmax(fabs(x) - a, fabs(y) - b);
    if (strcmp(spec->family, "rounded-rectangle") == 0) {
        double r = spec->rounding * fmin(a, b), cx = a - r, cy = b - r;
        if (fabs(x) > cx && fabs(y) > cy)
            return hypot(fabs(x) - cx, fabs(y) - cy) - r;
        return fmax(fabs(x) - a, fabs(y) - b);
    }
    if (strcmp(spec->family, "regular-polygon") == 0) {
        double sector = 2 * pi / (double)spec->sides, turn = atan2(y, x);
        turn -= sector * floor(turn / sector) + sector / 2;
        return hypot(x, y) * cos(turn) - a * cos(sector / 2);
    }
    if (strcmp(spec->family, "star") == 0) { /* folded into half a tip; left of its edge */
        double half = pi / (double)spec->sides, turn = fabs(remainder(atan2(y, x), 2 * half));
        double r = hypot(x, y), nx = spec->inner * cos(half) - 1, ny = spec->inner * sin(half);
        return ny * (r * cos(turn) - a) - nx * r * sin(turn);
    }
    if (strcmp(spec->family, "naca") == 0 && spec->profile < 100) {
        double c = x / spec->size + 0.5, t = (double)spec->profile / 100, h = 0;
        const double factors[] = {-0.1036, 0.2843, -0.3516, -0.1260};
        for (int k = 0; k < 4; k++)
            h = (h + factors[k]) * c;
        h = 5 * t * (h + 0.2969 * sqrt(fmax(c, 0)));
        return c < 0 || c > 1 ? 1 : fabs(y) / spec->size - h;
    }
    return NAN;
}

Test(body, families_are_what_their_definitions_say)
{
    int known = 0;
    for (int64_t family = 0; family < body_family_count(); family++) {
        uint64_t counter = ((uint64_t)family << 32) + (4u << 24);
        struct body_spec spec;
        for (int i = 0; i < 10 * BODIES; i++) {
            outline_probe_spec(&spec, family, &counter);
            if (spec.profile > 0)
                spec.profile %= 100;
            if (isnan(definition(&spec, 0, 0)))
                break;
            struct body *body = make(&spec);
            for (int k = 0; k < PROBES; k++) {
                double p[2];
                probe(p, body, &counter);
                double value = definition(&spec, p[0], p[1]);
                if (fabs(value) > 1e-9 &&
                    fabs(body_distance(body, p[0], p[1])) > body_family_accuracy(family))
                    cr_assert_eq(value < 0, body_distance(body, p[0], p[1]) < 0,
                                 "%s at (%g, %g): %g", spec.family, p[0], p[1], value);
            }
            body_destroy(body);
        }
        known += !isnan(definition(&spec, 0, 0));
    }
    cr_assert_eq(known, 7);
}

/* A body a thousand times as large is drawn a thousand times as finely in its own measure, so it
 * says how far the corners and chords of a curve are from the curve itself. */
Test(body, a_body_is_the_small_picture_of_a_large_one)
{
    for (int64_t family = 0; family < body_family_count(); family++) {
        uint64_t counter = ((uint64_t)family << 32) + (6u << 24);
        double worst = 0;
        for (int i = 0; i < 20; i++) {
            struct body_spec spec;
            outline_probe_spec(&spec, family, &counter);
            spec.x = spec.y = 0;
            spec.size = outline_probe_uniform(&counter, 4, 64);
            struct body *small = make(&spec);
            spec.size *= 1000;
            struct body *large = make(&spec);
            for (int k = 0; k < 50; k++) {
                double p[2];
                probe(p, small, &counter);
                worst = fmax(worst, fabs(body_distance(small, p[0], p[1]) -
                                         body_distance(large, 1000 * p[0], 1000 * p[1]) / 1000));
            }
            body_destroy(small);
            body_destroy(large);
        }
        fprintf(stderr, "%s: %.1e cells from a thousand times the size\n", body_family_name(family),
                worst);
        cr_expect_leq(worst, body_family_accuracy(family) / 2, "%s: %g", body_family_name(family),
                      worst);
    }
}

/* Percent of the chord: Jacobs, Ward and Pinkerton 1933, whose trailing edge is a little open. */
Test(body, naca_4412_has_the_published_ordinates)
{
    static const double table[][3] = {
        {1.25, 2.44, -1.43}, {2.5, 3.39, -1.95}, {5, 4.73, -2.49},  {7.5, 5.76, -2.74},
        {10, 6.59, -2.86},   {15, 7.89, -2.88},  {20, 8.80, -2.74}, {25, 9.41, -2.50},
        {30, 9.76, -2.26},   {40, 9.80, -1.80},  {50, 9.19, -1.40},
    };
    struct body *body = make(&(struct body_spec){.family = "naca", .size = 100, .profile = 4412});
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        for (int side = 1; side <= 2; side++)
            cr_expect_leq(fabs(body_distance(body, table[i][0] - 50, table[i][side])), 0.015,
                          "(%g, %g): %g", table[i][0], table[i][side],
                          body_distance(body, table[i][0] - 50, table[i][side]));
    cr_expect_float_eq(body_distance(body, 50, 0), 0, 1e-12, "the trailing edge is closed");
    cr_expect_float_eq(body_distance(body, 50 + 3, 4), 5, 1e-4);
    body_destroy(body);
}

Test(body, every_naca_section_of_four_sound_digits_is_simple)
{
    int made = 0;
    for (int64_t profile = 1; profile <= 9999; profile += profile % 100 < 40 ? 7 : 3) {
        struct body *body = NULL;
        enum status status = body_create(
            &body, &(struct body_spec){.family = "naca", .size = 12, .profile = profile});
        int64_t place = profile / 100 % 10, thickness = profile % 100;
        int four_digits = (place == 0) == (profile < 1000) && thickness >= 1 && thickness <= 40;
        cr_assert_eq(status, four_digits ? OK : ERR_CONFIG, "%04d: %s", (int)profile,
                     error_message());
        made += status == OK;
        body_destroy(body);
    }
    cr_expect_gt(made, 300);
}

/* Blobs and stars: no second way in along a ray, and the largest radius is half the size. */
Test(body, rays_from_the_centre_of_a_blob_leave_it_once)
{
    static const char *const names[] = {"star", "fourier-blob", "bezier-blob"};
    uint64_t counter = UINT64_C(77) << 32;
    for (int n = 0; n < 60; n++) {
        struct body_spec spec = {
            .size = 16, .inner = 0.2, .roughness = n % 4 == 0 ? 1 : n % 4 / 3.0};
        snprintf(spec.family, sizeof spec.family, "%s", names[n % 3]);
        spec.sides = 3 + (int64_t)outline_probe_uniform(&counter, 0, n % 5 == 0 ? 62 : 9);
        spec.seed = (uint64_t)n * 1000003;
        struct body *body = make(&spec);
        double *points, largest = 0;
        int64_t count;
        cr_assert_eq(body_outline(&points, &count, body, 1e-6), OK);
        for (int64_t k = 0; k < count; k++)
            largest = fmax(largest, hypot(points[2 * k], points[2 * k + 1]));
        cr_expect_float_eq(largest, 8, 1e-4, "%s %d: %g", spec.family, n, largest);
        for (int ray = 0; ray < 90; ray++) {
            double angle = outline_probe_uniform(&counter, 0, 6.3);
            int changes = 0, inside = 1;
            for (int k = 0; k < 90; k++) {
                double r = 0.1 * k, d = body_distance(body, r * cos(angle), r * sin(angle));
                changes += (d < 0) != inside;
                inside = d < 0;
            }
            cr_assert_eq(changes, 1, "%s %d: %d changes", spec.family, n, changes);
        }
        array_free(points);
        body_destroy(body);
    }
}

Test(body, blobs_are_round_without_roughness_and_the_same_bits_for_a_seed_everywhere)
{
    struct body_spec spec = {.family = "fourier-blob", .size = 10, .sides = 6, .seed = 5};
    struct body *round = make(&spec),
                *circle = make(&(struct body_spec){.family = "circle", .size = 10});
    cr_expect_float_eq(body_distance(round, 2, 3), body_distance(circle, 2, 3), 1e-4);
    body_destroy(round);
    body_destroy(circle);
    static const struct {
        const char *family;
        double distance[2]; /* of two seeds */
    } golden[] = {{"fourier-blob", {0x1.49fea8c59f87ap+1, 0x1.d3b783bf55997p+1}},
                  {"bezier-blob", {0x1.c81015ed79489p+1, 0x1.557b309a0ee12p+1}}};
    for (int n = 0; n < 4; n++) {
        spec = (struct body_spec){.size = 10, .sides = 6, .roughness = 0.5};
        snprintf(spec.family, sizeof spec.family, "%s", golden[n / 2].family);
        spec.seed = n % 2 == 0 ? 1 : UINT64_C(0xFFFFFFFFFFFFFFFF);
        struct body *body = make(&spec);
        double distance = body_distance(body, 6, 4);
        cr_expect_eq(distance, golden[n / 2].distance[n % 2], "%s: %a", spec.family, distance);
        body_destroy(body);
    }
}

Test(body, distances_at_known_points_are_exact)
{
    struct body *body = make(&(struct body_spec){.family = "circle", .x = 1, .y = 2, .size = 10});
    cr_expect_float_eq(body_distance(body, 1, 2), -5, 0);
    cr_expect_float_eq(body_distance(body, 4, 6), 0, 0);
    cr_expect_float_eq(body_distance(body, 13, 7), 8, 0);
    body_destroy(body);
    body = make(&(struct body_spec){.family = "rectangle", .size = 8, .aspect = 0.5});
    cr_expect_float_eq(body_distance(body, 0, 0), -2, 0);
    cr_expect_float_eq(body_distance(body, 7, 6), 5, 0);
    cr_expect_float_eq(body_distance(body, 3.5, 0), -0.5, 0);
    body_destroy(body);
    body = make(&(struct body_spec){.family = "ellipse", .size = 10, .aspect = 0.4});
    cr_expect_float_eq(body_distance(body, 0, 0), -2, 1e-15);
    cr_expect_float_eq(body_distance(body, 8, 0), 3, 1e-15);
    cr_expect_float_eq(body_distance(body, 0, -3), 1, 1e-15);
    cr_expect_float_eq(body_distance(body, 4.2, 0), -0.8, 1e-15); /* the cusp of the evolute */
    body_destroy(body);
    body = make(&(struct body_spec){
        .family = "rounded-rectangle", .size = 8, .aspect = 0.5, .rounding = 0.5});
    cr_expect_float_eq(body_distance(body, 3 + 3, 1 + 4), 4, 1e-15);
    cr_expect_float_eq(body_distance(body, 0, 0.5), -1.5, 1e-15);
    body_destroy(body);
}

/* Least distance of (x, y) >= 0 to the quarter (a cos t, b sin t), where it has one minimum:
 * samples of the parameter, ever finer about the best. */
static double quarter_distance(double a, double b, double x, double y)
{
    double best = INFINITY, centre = 0.7853981633974483, width = centre;
    for (int level = 0; level < 12; level++, width /= 20) {
        double middle = centre;
        for (int k = -100; k <= 100; k++) {
            double t = middle + width * k / 100;
            double d = hypot(a * cos(t) - x, b * sin(t) - y);
            if (d < best) {
                best = d;
                centre = t;
            }
        }
    }
    return best;
}

Test(body, ellipse_is_exact_for_thin_ones_and_at_points_that_are_hard)
{
    static const double aspects[] = {1.0 / 32, 0.1, 0.5, 0.999};
    static const double across[] = {0, 5e-324, 1e-300, 1e-100, 1e-20, 1e-12, 1e-7, 1e-3, 0.5, 3};
    uint64_t counter = 9;
    double worst = 0;
    for (int n = 0; n < 4; n++) {
        double a = 10, b = 10 * aspects[n], cusp = (a * a - b * b) / a;
        const double along[] = {0,    1e-300,     1e-9, 1, cusp * (1 - 1e-9), cusp, cusp + 1e-9,
                                9.99, 9.99999999, 10,   11};
        struct body *body =
            make(&(struct body_spec){.family = "ellipse", .size = 20, .aspect = aspects[n]});
        for (int i = 0; i < 11 * 10 + 300; i++) {
            double x = i < 110 ? along[i % 11] : outline_probe_uniform(&counter, 0, 15);
            double y = i < 110 ? across[i / 11] : outline_probe_uniform(&counter, 0, 15);
            double error = fabs(body_distance(body, x, y)) - quarter_distance(a, b, x, y);
            cr_expect_leq(fabs(error), 1e-12, "(%g, %g), aspect %g: %g", x, y, aspects[n], error);
            worst = fmax(worst, fabs(error));
        }
        body_destroy(body);
    }
    fprintf(stderr, "ellipse: largest error %.2e cells against the refined search\n", worst);
}

Test(body, ellipse_of_aspect_one_is_the_circle)
{
    struct body *ellipse = make(&(struct body_spec){.family = "ellipse", .size = 9, .aspect = 1});
    struct body *circle = make(&(struct body_spec){.family = "circle", .size = 9});
    uint64_t counter = 7;
    for (int i = 0; i < 1000; i++) {
        double x = outline_probe_uniform(&counter, -9, 9),
               y = outline_probe_uniform(&counter, -9, 9);
        cr_assert_float_eq(body_distance(ellipse, x, y), body_distance(circle, x, y), 1e-14);
    }
    cr_assert_float_eq(body_distance(ellipse, 0, 0), -4.5, 0);
    body_destroy(ellipse);
    body_destroy(circle);
}

Test(body, quarter_turns_keep_every_bit)
{
    for (int64_t family = 0; family < body_family_count(); family++) {
        uint64_t counter = ((uint64_t)family << 32) + (5u << 24);
        struct body_spec spec;
        outline_probe_spec(&spec, family, &counter);
        spec.x = spec.y = 0;
        spec.angle = 0;
        struct body *straight = make(&spec);
        spec.angle = 90;
        struct body *turned = make(&spec);
        spec.angle = -270;
        struct body *backwards = make(&spec);
        for (int k = 0; k < 100; k++) {
            double p[2];
            probe(p, straight, &counter);
            double distance = body_distance(straight, p[0], p[1]);
            cr_assert_eq(body_distance(turned, -p[1], p[0]), distance, "%s", spec.family);
            cr_assert_eq(body_distance(backwards, -p[1], p[0]), distance, "%s", spec.family);
        }
        body_destroy(straight);
        body_destroy(turned);
        body_destroy(backwards);
    }
}

Test(body, every_family_refuses_a_place_or_size_that_is_no_number)
{
    for (int64_t family = 0; family < body_family_count(); family++) {
        const double choice[3] = {0.5, 0.5, 0.5};
        const double bad[] = {NAN, INFINITY, -INFINITY};
        for (int field = 0; field < 4; field++)
            for (int k = 0; k < 3; k++) {
                struct body_spec spec;
                struct body *body = NULL;
                body_example(&spec, family, choice);
                *(field == 0   ? &spec.x
                  : field == 1 ? &spec.y
                  : field == 2 ? &spec.size
                               : &spec.angle) = bad[k];
                cr_expect_eq(body_create(&body, &spec), ERR_CONFIG);
                cr_expect_null(body);
                cr_expect_eq(strstr(error_message(), spec.family), error_message(), "%s",
                             error_message());
            }
    }
}

Test(body, parameters_out_of_range_are_refused_and_named)
{
    static const struct {
        struct body_spec spec;
        const char *names;
    } bad[] = {
        {{.family = "circle", .size = 0}, "size"},
        {{.family = "circle", .size = -3}, "size"},
        {{.family = "ellipse", .size = 8, .aspect = 0}, "aspect"},
        {{.family = "ellipse", .size = 8, .aspect = NAN}, "aspect"},
        {{.family = "rectangle", .size = 8, .aspect = 33}, "aspect"},
        {{.family = "rounded-rectangle", .size = 8, .aspect = 1, .rounding = 1.01}, "rounding"},
        {{.family = "rounded-rectangle", .size = 8, .aspect = 1, .rounding = -0.1}, "rounding"},
        {{.family = "rounded-rectangle", .size = 8, .aspect = 1, .rounding = NAN}, "rounding"},
        {{.family = "regular-polygon", .size = 8, .sides = 2}, "sides"},
        {{.family = "regular-polygon", .size = 8, .sides = 65}, "sides"},
        {{.family = "polygon", .size = 8}, "vertices"},
        {{.family = "star", .size = 8, .sides = 2, .inner = 0.5}, "sides"},
        {{.family = "star", .size = 8, .sides = 65, .inner = 0.5}, "sides"},
        {{.family = "star", .size = 8, .sides = 5, .inner = 0.1}, "inner"},
        {{.family = "star", .size = 8, .sides = 5, .inner = 1}, "inner"},
        {{.family = "star", .size = 8, .sides = 5, .inner = NAN}, "inner"},
        {{.family = "naca", .size = 8}, "profile 0 is no four digits"},
        {{.family = "naca", .size = 8, .profile = -12}, "profile -12 is no four digits"},
        {{.family = "naca", .size = 8, .profile = 10012}, "profile 10012 is no four digits"},
        {{.family = "naca", .size = 8, .profile = 2400}, "0 % of its chord thick; 1 to 40"},
        {{.family = "naca", .size = 8, .profile = 41}, "profile 0041 is 41 % of its chord thick"},
        {{.family = "naca", .size = 8, .profile = 2012}, "0012 or 2412 would do"},
        {{.family = "naca", .size = 8, .profile = 412}, "0012 or 2412 would do"},
        {{.family = "fourier-blob", .size = 8, .sides = 2}, "sides"},
        {{.family = "fourier-blob", .size = 8, .sides = 65}, "sides"},
        {{.family = "fourier-blob", .size = 8, .sides = 5, .roughness = 1.01}, "roughness"},
        {{.family = "fourier-blob", .size = 8, .sides = 5, .roughness = NAN}, "roughness"},
        {{.family = "bezier-blob", .size = 8, .sides = 2}, "sides"},
        {{.family = "bezier-blob", .size = 8, .sides = 65}, "sides"},
        {{.family = "bezier-blob", .size = 8, .sides = 5, .roughness = -0.1}, "roughness"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct body *body = NULL;
        cr_expect_eq(body_create(&body, &bad[i].spec), ERR_CONFIG, "%zu", i);
        cr_expect_null(body);
        cr_expect_not_null(strstr(error_message(), bad[i].names), "%s", error_message());
    }
}

Test(body, an_unknown_family_is_refused_with_the_list_of_those_there_are)
{
    struct body *body = NULL;
    cr_assert_eq(body_create(&body, &(struct body_spec){.family = "cirle", .size = 8}), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "'cirle'"));
    for (int64_t i = 0; i < body_family_count(); i++)
        cr_expect_not_null(strstr(error_message(), body_family_name(i)), "%s", error_message());
}

Test(body, vertices_are_copied)
{
    double vertices[][2] = {{0, 0}, {1, 0}, {0, 1}};
    struct body_spec spec = {
        .family = "polygon", .size = 4, .vertices = vertices[0], .vertex_count = 3};
    struct body *body = make(&spec);
    double before = body_distance(body, 1, 1);
    memset(vertices, 0, sizeof vertices);
    cr_expect_eq(body_distance(body, 1, 1), before);
    cr_expect_neq(body_get_spec(body)->vertices, spec.vertices);
    cr_expect_float_eq(body_get_spec(body)->vertices[2], 1, 0);
    body_destroy(body);
}

Test(body, labels_name_the_shape)
{
    char label[BODY_NAME_SIZE];
    body_label(label, &(struct body_spec){.family = "regular-polygon", .sides = 3});
    cr_expect_str_eq(label, "triangle");
    body_label(label, &(struct body_spec){.family = "regular-polygon", .sides = 7});
    cr_expect_str_eq(label, "7-gon");
    body_label(label, &(struct body_spec){.family = "naca", .profile = 12});
    cr_expect_str_eq(label, "naca-0012");
    body_label(label, &(struct body_spec){.family = "circle"});
    cr_expect_str_eq(label, "circle");
}
