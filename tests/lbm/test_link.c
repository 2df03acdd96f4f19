/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include "philox.h"
#include "stencil.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>

struct fixture {
    struct geometry *geometry;
    struct link_frame frame;
    unsigned char *solid;
};

static struct fixture circle_fixture(double scale, double shift_x)
{
    struct body_spec spec = {.family = "circle", .x = 10, .y = 11, .size = 7, .aspect = 1};
    struct fixture f = {.frame = {(int64_t)(24 * scale), (int64_t)(22 * scale), scale, shift_x}};
    cr_assert_eq(geometry_create(&f.geometry, &spec, 1), OK);
    f.solid = calloc((size_t)(f.frame.nx * f.frame.ny), 1);
    cr_assert_not_null(f.solid);
    link_mark_solid(f.solid, f.geometry, &f.frame);
    return f;
}

static void drop(struct fixture *f)
{
    geometry_destroy(f->geometry);
    free(f->solid);
}

static double fraction_of(const struct link *link)
{
    return link->other == LINK_BEHIND ? link->a / 2 : 1 / (2 * link->a);
}

Test(link, ends_on_the_circle_whatever_scale_and_shift)
{
    for (int k = 0; k < 2; k++) {
        struct fixture f = k == 0 ? circle_fixture(1, 0) : circle_fixture(2, 1.5);
        struct link_list *list = NULL;
        cr_assert_eq(link_list_create(&list, f.geometry, f.solid, &f.frame, LINK_BOUZIDI, NULL),
                     OK);
        cr_assert_gt(list->first[f.frame.nx], 50);
        for (int64_t x = 0; x < f.frame.nx; x++)
            for (int64_t n = list->first[x]; n < list->first[x + 1]; n++) {
                const struct link *link = &list->links[n];
                double q = fraction_of(link);
                double wall_x =
                    ((double)x + 0.5 + q * stencil_cx[link->direction]) / f.frame.scale -
                    f.frame.shift_x;
                double wall_y = (link->y + 0.5 + q * stencil_cy[link->direction]) / f.frame.scale;
                cr_assert_float_eq(hypot(wall_x - 10, wall_y - 11), 3.5, 1e-8);
                cr_assert_float_eq(link->a + link->b, 1, 1e-15);
            }
        link_list_destroy(list);
        drop(&f);
    }
}

Test(link, every_crossing_pair_of_cells_has_one_link)
{
    struct fixture f = circle_fixture(1, 0);
    struct link_list *list = NULL;
    int64_t crossings = 0;
    cr_assert_eq(link_list_create(&list, f.geometry, f.solid, &f.frame, LINK_HALFWAY, NULL), OK);
    for (int64_t x = 1; x < f.frame.nx - 1; x++)
        for (int64_t y = 1; y < f.frame.ny - 1; y++)
            for (int i = 1; i < STENCIL_Q; i++)
                crossings += !f.solid[x * f.frame.ny + y] &&
                             f.solid[(x + stencil_cx[i]) * f.frame.ny + y + stencil_cy[i]];
    cr_assert_eq(list->first[f.frame.nx], crossings);
    for (int64_t n = 0; n < crossings; n++) {
        cr_assert_eq(list->links[n].a, 1);
        cr_assert_eq(list->links[n].b, 0);
    }
    link_list_destroy(list);
    drop(&f);
}

/* One cell of fluid between two bodies: the node behind is solid, so the link is a half-way one. */
Test(link, falls_back_to_half_way_in_a_gap_of_one_cell)
{
    struct body_spec specs[2] = {
        {.family = "rectangle", .x = 5, .y = 10.1, .size = 6, .aspect = 2},
        {.family = "rectangle", .x = 11.85, .y = 10.1, .size = 6, .aspect = 2}};
    struct link_frame frame = {20, 20, 1, 0};
    struct geometry *geometry = NULL;
    struct link_list *list = NULL;
    unsigned char solid[400];
    cr_assert_eq(geometry_create(&geometry, specs, 2), OK);
    link_mark_solid(solid, geometry, &frame);
    cr_assert(solid[7 * 20 + 10] && !solid[8 * 20 + 10] && solid[9 * 20 + 10]);
    cr_assert_eq(link_list_create(&list, geometry, solid, &frame, LINK_BOUZIDI, NULL), OK);
    int64_t east = 0;
    for (int64_t n = list->first[8]; n < list->first[9]; n++) {
        const struct link *link = &list->links[n];
        if (link->y != 10 || link->direction != STENCIL_E)
            continue;
        cr_assert_eq(link->a, 1, "q is 0.35, but no fluid is behind");
        east++;
    }
    cr_assert_eq(east, 1);
    link_list_destroy(list);
    geometry_destroy(geometry);
}

/* The notch of an L: the diagonal into a side of it has the other side behind it. */
Test(link, falls_back_to_half_way_in_a_concave_corner)
{
    struct body_spec specs[2] = {
        {.family = "rectangle", .x = 5, .y = 10, .size = 6.2, .aspect = 12 / 6.2},
        {.family = "rectangle", .x = 10, .y = 5, .size = 12, .aspect = 6.2 / 12}};
    struct link_frame frame = {20, 20, 1, 0};
    struct geometry *geometry = NULL;
    struct link_list *list = NULL;
    unsigned char solid[400];
    cr_assert_eq(geometry_create(&geometry, specs, 2), OK, "%s", error_message());
    link_mark_solid(solid, geometry, &frame);
    cr_assert_eq(link_list_create(&list, geometry, solid, &frame, LINK_BOUZIDI, NULL), OK);
    /* The sides stand at 8.1, so cell (8, 8) is fluid, 0.4 cells from both, its neighbours west,
     * south and on the two diagonals along the sides solid. */
    cr_assert(!solid[8 * 20 + 8] && solid[7 * 20 + 9] && solid[9 * 20 + 7]);
    int64_t fallen = 0, kept = 0;
    for (int64_t n = list->first[8]; n < list->first[9]; n++) {
        const struct link *link = &list->links[n];
        if (link->y != 8)
            continue;
        int along = link->direction == STENCIL_NW || link->direction == STENCIL_SE;
        cr_assert_float_eq(fraction_of(link), along ? 0.5 : 0.4, 1e-9, "direction %d",
                           link->direction);
        fallen += along;
        kept += !along;
    }
    cr_assert_eq(fallen, 2);
    cr_assert_eq(kept, 3);
    link_list_destroy(list);
    geometry_destroy(geometry);
}

/* The mask, the sdf channel and the links come from one distance: notches of stars, thin trailing
 * edges, several bodies, whatever the family. */
Test(link, every_fraction_is_a_root_of_the_distance_for_every_family)
{
    const double near = 1e-7;
    for (int64_t family = 0; family < body_family_count(); family++) {
        int64_t roots = 0, halves = 0;
        for (int n = 0; n < 4; n++) {
            double choice[3];
            struct body_spec spec;
            for (int k = 0; k < 3; k++)
                choice[k] = philox_uniform(31, PHILOX_STREAM_TEST, (uint64_t)(3 * n + k));
            body_example(&spec, family, choice);
            spec.x = 12.3 + n;
            spec.y = 11.7;
            spec.size = 6 + 3 * n;
            spec.angle = 37 * n;
            struct fixture f = {.frame = {26 * 4, 24 * 4, 4, 1}};
            struct link_list *list = NULL;
            cr_assert_eq(geometry_create(&f.geometry, &spec, 1), OK, "%s", error_message());
            f.solid = calloc((size_t)(f.frame.nx * f.frame.ny), 1);
            cr_assert_not_null(f.solid);
            link_mark_solid(f.solid, f.geometry, &f.frame);
            cr_assert_eq(link_list_create(&list, f.geometry, f.solid, &f.frame, LINK_BOUZIDI, NULL),
                         OK);
            for (int64_t x = 0; x < f.frame.nx; x++)
                for (int64_t k = list->first[x]; k < list->first[x + 1]; k++) {
                    const struct link *link = &list->links[k];
                    int dx = stencil_cx[link->direction], dy = stencil_cy[link->direction];
                    double q = fraction_of(link);
                    int64_t bx = x - dx, by = link->y - dy;
                    if (q == 0.5 && (bx < 0 || bx >= f.frame.nx || by < 0 || by >= f.frame.ny ||
                                     f.solid[bx * f.frame.ny + by])) {
                        halves++; /* no fluid behind */
                        continue;
                    }
                    double px = ((double)x + 0.5 + q * dx) / 4 - 1,
                           py = (link->y + 0.5 + q * dy) / 4;
                    cr_assert_leq(fabs(geometry_distance(NULL, f.geometry, px, py)), near,
                                  "%s: link %d of (%d, %d), q %g", spec.family, link->direction,
                                  (int)x, link->y, q);
                    cr_assert_geq(
                        geometry_distance(NULL, f.geometry, px - near * dx, py - near * dy), 0);
                    roots++;
                }
            link_list_destroy(list);
            drop(&f);
        }
        cr_expect_gt(roots, 500, "%s", body_family_name(family));
        cr_expect_lt(halves, roots / 5, "%s: %d of %d", body_family_name(family), (int)halves,
                     (int)roots);
    }
}
