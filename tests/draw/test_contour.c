/* SPDX-License-Identifier: Apache-2.0 */
#include "contour.h"

#include <criterion/criterion.h>
#include <math.h>

enum { NX = 40, NY = 30 };

static float field[NX * NY];

static void set_circle(double x, double y, double radius)
{
    for (int i = 0; i < NX; i++) {
        for (int j = 0; j < NY; j++) {
            float distance = (float)(hypot(i + 0.5 - x, j + 0.5 - y) - radius);
            field[i * NY + j] = fminf(field[i * NY + j], distance);
        }
    }
}

static void clear_field(void)
{
    for (int c = 0; c < NX * NY; c++)
        field[c] = INFINITY;
}

static int is_closed(const struct contour *c, int64_t line)
{
    const double *first = c->points[c->starts[line]], *last = c->points[c->starts[line + 1] - 1];
    return first[0] == last[0] && first[1] == last[1];
}

static double area(const struct contour *c, int64_t line)
{
    double sum = 0;
    for (int64_t i = c->starts[line]; i + 1 < c->starts[line + 1]; i++)
        sum += c->points[i][0] * c->points[i + 1][1] - c->points[i + 1][0] * c->points[i][1];
    return fabs(sum) / 2;
}

Test(contour, circles_become_closed_lines_of_their_area)
{
    struct contour c = {0};
    clear_field();
    set_circle(11.3, 14.2, 6);
    set_circle(30, 15, 4.5);
    cr_assert_eq(contour_trace(&c, field, NX, NY, 0), OK);
    cr_assert_eq(c.lines, 2);
    double areas[2] = {area(&c, 0), area(&c, 1)};
    cr_assert(is_closed(&c, 0) && is_closed(&c, 1));
    cr_assert_float_eq(fmax(areas[0], areas[1]), 36 * acos(-1), 1.5);
    cr_assert_float_eq(fmin(areas[0], areas[1]), 4.5 * 4.5 * acos(-1), 1.5);
    for (int64_t i = c.starts[0]; i < c.starts[1]; i++) {
        double a = hypot(c.points[i][0] - 11.3, c.points[i][1] - 14.2) - 6;
        double b = hypot(c.points[i][0] - 30, c.points[i][1] - 15) - 4.5;
        cr_assert_lt(fmin(fabs(a), fabs(b)), 0.05);
    }
    contour_fini(&c);
}

Test(contour, a_body_at_the_edge_becomes_an_open_line)
{
    struct contour c = {0};
    clear_field();
    set_circle(0, 15, 5);
    cr_assert_eq(contour_trace(&c, field, NX, NY, 0), OK);
    cr_assert_eq(c.lines, 1);
    cr_assert(!is_closed(&c, 0));
    contour_fini(&c);
}

Test(contour, every_crossing_is_on_exactly_one_line_of_a_rough_field)
{
    struct contour c = {0};
    unsigned state = 1;
    for (int k = 0; k < NX * NY; k++) {
        state = state * 1664525u + 1013904223u;
        field[k] = (float)(state >> 8) / (1 << 24) - 0.5f;
    }
    int64_t crossings = 0;
    for (int i = 0; i < NX; i++) {
        for (int j = 0; j < NY; j++) {
            int above = field[i * NY + j] >= 0;
            crossings += i + 1 < NX && above != (field[(i + 1) * NY + j] >= 0);
            crossings += j + 1 < NY && above != (field[i * NY + j + 1] >= 0);
        }
    }
    cr_assert_eq(contour_trace(&c, field, NX, NY, 0), OK);
    int64_t points = c.starts[c.lines], closed = 0;
    for (int64_t line = 0; line < c.lines; line++)
        closed += is_closed(&c, line);
    cr_assert_gt(closed, 0);
    cr_assert_eq(points - closed, crossings, "%ld points, %ld closing, %ld crossings", (long)points,
                 (long)closed, (long)crossings);
    contour_fini(&c);
}

Test(contour, unknown_cells_and_flat_fields_have_no_line)
{
    struct contour c = {0};
    for (int k = 0; k < NX * NY; k++)
        field[k] = 1;
    cr_assert_eq(contour_trace(&c, field, NX, NY, 0), OK);
    cr_assert_eq(c.lines, 0);
    contour_fini(&c);
    clear_field();
    set_circle(20, 15, 5);
    for (int k = 0; k < NX * NY; k++)
        field[k] = NAN;
    cr_assert_eq(contour_trace(&c, field, NX, NY, 0), OK);
    cr_assert_eq(c.lines, 0);
    contour_fini(&c);
}
