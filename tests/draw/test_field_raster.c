/* SPDX-License-Identifier: Apache-2.0 */
#include "field_raster.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { NX = 8, NY = 6, PIXELS = 10, WIDTH = NX * PIXELS, HEIGHT = NY * PIXELS };

static struct colormap_rgb table[COLORMAP_SIZE];
static float values[NX * NY], sdf[NX * NY];
static unsigned char rgb[WIDTH * HEIGHT * 3];

/* A ramp: value = i + 10 j. */
static struct field_raster ramp(enum field_raster_sampling sampling)
{
    colormap_fill(table, COLORMAP_SEQUENTIAL);
    for (int c = 0; c < NX * NY; c++) {
        values[c] = (float)(c / NY + 10 * (c % NY));
        sdf[c] = 100;
    }
    return (struct field_raster){.nx = NX,
                                 .ny = NY,
                                 .values = values,
                                 .low = 0,
                                 .high = 60,
                                 .table = table,
                                 .sampling = sampling};
}

static const unsigned char *pixel_of(double x, double y)
{
    int column = (int)(x * PIXELS), row = HEIGHT - 1 - (int)(y * PIXELS);
    return rgb + 3 * (row * WIDTH + column);
}

static void expect_colour(double x, double y, double value, int tolerance)
{
    struct colormap_rgb c = colormap_at(table, value / 60);
    const unsigned char *p = pixel_of(x, y);
    cr_assert(abs(p[0] - c.red) <= tolerance && abs(p[1] - c.green) <= tolerance &&
                  abs(p[2] - c.blue) <= tolerance,
              "at (%g, %g): %d %d %d instead of %d %d %d", x, y, p[0], p[1], p[2], c.red, c.green,
              c.blue);
}

Test(field_raster, x_runs_to_the_right_and_y_upwards)
{
    for (int sampling = 0; sampling < 2; sampling++) {
        struct field_raster field = ramp((enum field_raster_sampling)sampling);
        cr_assert_eq(field_raster_fill(rgb, WIDTH, HEIGHT, &field), OK);
        for (int c = 0; c < NX * NY; c++) {
            int tolerance = sampling == FIELD_RASTER_NEAREST ? 0 : 12; /* half a pixel off centre */
            expect_colour(c / NY + 0.5, c % NY + 0.5, values[c], tolerance);
        }
    }
}

Test(field_raster, nearest_draws_squares_and_smooth_draws_between)
{
    struct field_raster field = ramp(FIELD_RASTER_NEAREST);
    cr_assert_eq(field_raster_fill(rgb, WIDTH, HEIGHT, &field), OK);
    cr_assert_eq(memcmp(pixel_of(3.05, 2.05), pixel_of(3.95, 2.95), 3), 0);
    expect_colour(3.95, 2.95, 23, 0);
    field.sampling = FIELD_RASTER_SMOOTH;
    cr_assert_eq(field_raster_fill(rgb, WIDTH, HEIGHT, &field), OK);
    expect_colour(4.001, 3.001, 3.5 + 25 + 0.55, 2);
}

Test(field_raster, smooth_stays_within_the_values_around)
{
    struct field_raster field = ramp(FIELD_RASTER_SMOOTH);
    for (int c = 0; c < NX * NY; c++)
        values[c] = c / NY < NX / 2 ? 20 : 40;
    cr_assert_eq(field_raster_fill(rgb, WIDTH, HEIGHT, &field), OK);
    double least[3], most[3], lab[3];
    colormap_lab(least, colormap_at(table, 20.0 / 60));
    colormap_lab(most, colormap_at(table, 40.0 / 60));
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        colormap_lab(lab, (struct colormap_rgb){rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]});
        cr_assert(lab[0] > least[0] - 0.5 && lab[0] < most[0] + 0.5);
    }
}

Test(field_raster, bodies_are_grey_and_their_values_do_not_leak_out)
{
    struct field_raster field = ramp(FIELD_RASTER_SMOOTH);
    field.sdf = sdf;
    for (int c = 0; c < NX * NY; c++) {
        sdf[c] = (float)(c / NY) + 0.5f - 4; /* solid left of x = 4 */
        values[c] = sdf[c] < 0 ? 1000 : 30;
    }
    cr_assert_eq(field_raster_fill(rgb, WIDTH, HEIGHT, &field), OK);
    const unsigned char *inside = pixel_of(2, 3);
    cr_assert(inside[0] == inside[1] && inside[1] == inside[2] && inside[0] == 150);
    for (double x = 4.15; x < 8; x += 0.3)
        expect_colour(x, 3, 30, 1);
}

Test(field_raster, what_is_not_finite_is_light_grey)
{
    struct field_raster field = ramp(FIELD_RASTER_SMOOTH);
    values[3 * NY + 3] = NAN;
    values[5 * NY + 1] = INFINITY;
    cr_assert_eq(field_raster_fill(rgb, WIDTH, HEIGHT, &field), OK);
    cr_assert(pixel_of(3.5, 3.5)[0] == 225 && pixel_of(3.5, 3.5)[2] == 225);
    cr_assert(pixel_of(5.5, 1.5)[0] == 225 && pixel_of(5.5, 1.5)[2] == 225);
    expect_colour(1.5, 3.5, 31, 12);
}

Test(field_raster, range_leaves_out_bodies_and_what_is_not_finite)
{
    double low, high;
    float other[NX * NY];
    (void)ramp(FIELD_RASTER_SMOOTH);
    values[0] = -500;
    sdf[0] = -1;
    values[1] = NAN;
    for (int c = 0; c < NX * NY; c++)
        other[c] = -7;
    const float *fields[3] = {values, other, NULL}, *sdfs[3] = {sdf, NULL, NULL};
    field_raster_range(&low, &high, fields, sdfs, 3, NX * NY, 0);
    cr_assert_eq(low, -7);
    cr_assert_eq(high, 57);
    field_raster_range(&low, &high, fields + 2, sdfs, 1, NX * NY, 0);
    cr_assert(low == 0 && high == 0);
}

Test(field_raster, trimmed_range_leaves_out_the_outermost_values)
{
    enum { CELLS = 10000 };
    static float many[CELLS];
    double low, high;
    for (int c = 0; c < CELLS; c++)
        many[c] = (float)c / CELLS;
    many[5] = 1e3f;
    many[6] = -1e3f;
    const float *field = many, *none = NULL;
    field_raster_range(&low, &high, &field, &none, 1, CELLS, 0.002);
    cr_assert(low > -1 && high < 2, "[%g, %g]", low, high);
    for (int c = 0; c < CELLS; c++)
        many[c] = (float)c / CELLS;
    field_raster_range(&low, &high, &field, &none, 1, CELLS, 0.1);
    cr_assert_float_eq(low, 0.1, 1e-3);
    cr_assert_float_eq(high, 0.9, 1e-3);
}
