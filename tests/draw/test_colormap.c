/* SPDX-License-Identifier: Apache-2.0 */
#include "colormap.h"

#include <criterion/criterion.h>
#include <math.h>

static struct colormap_rgb table[COLORMAP_SIZE];

static double distance(struct colormap_rgb a, struct colormap_rgb b)
{
    double p[3], q[3];
    colormap_lab(p, a);
    colormap_lab(q, b);
    return hypot(hypot(p[0] - q[0], p[1] - q[1]), p[2] - q[2]);
}

static double lightness(double position)
{
    double lab[3];
    colormap_lab(lab, colormap_at(table, position));
    return lab[0];
}

Test(colormap, lab_knows_black_white_and_red)
{
    double lab[3];
    colormap_lab(lab, (struct colormap_rgb){0, 0, 0});
    cr_assert_float_eq(lab[0], 0, 1e-3);
    colormap_lab(lab, (struct colormap_rgb){255, 255, 255});
    cr_assert_float_eq(lab[0], 100, 1e-3);
    cr_assert_float_eq(lab[1], 0, 0.02);
    cr_assert_float_eq(lab[2], 0, 0.02);
    colormap_lab(lab, (struct colormap_rgb){255, 0, 0}); /* published: 53.24, 80.09, 67.20 */
    cr_assert_float_eq(lab[0], 53.24, 0.01);
    cr_assert_float_eq(lab[1], 80.09, 0.02);
    cr_assert_float_eq(lab[2], 67.20, 0.02);
}

Test(colormap, equal_steps_of_value_are_equal_steps_of_colour)
{
    for (int map = 0; map < COLORMAP_COUNT; map++) {
        colormap_fill(table, (enum colormap)map);
        enum { STEPS = 16 };
        double least = 1e9, most = 0;
        for (int i = 0; i < STEPS; i++) {
            double step = distance(colormap_at(table, (double)i / STEPS),
                                   colormap_at(table, (double)(i + 1) / STEPS));
            least = fmin(least, step);
            most = fmax(most, step);
        }
        /* what is left is the rounding to bytes and the chord's shortness; colours that a screen
         * cannot show would be cut and their steps shrink */
        cr_assert_lt(most / least, 1.15, "map %d: steps from %g to %g", map, least, most);
        cr_assert_gt(least, 2, "map %d has steps that nobody sees: %g", map, least);
    }
}

Test(colormap, lightness_of_the_sequential_map_rises_throughout)
{
    colormap_fill(table, COLORMAP_SEQUENTIAL);
    for (int i = 0; i < 100; i++)
        cr_assert_gt(lightness((i + 1) / 100.0), lightness(i / 100.0), "at %d %%", i);
    cr_assert_lt(lightness(0), 15);
    cr_assert_gt(lightness(1), 93);
}

Test(colormap, lightness_of_the_diverging_map_is_symmetric_and_highest_in_the_middle)
{
    colormap_fill(table, COLORMAP_DIVERGING);
    for (int i = 0; i < 50; i++) {
        cr_assert_float_eq(lightness(i / 100.0), lightness(1 - i / 100.0), 0.8, "at %d %%", i);
        cr_assert_gt(lightness((i + 1) / 100.0), lightness(i / 100.0), "at %d %%", i);
    }
    struct colormap_rgb middle = colormap_at(table, 0.5), low = table[0],
                        high = table[COLORMAP_SIZE - 1];
    cr_assert(abs(middle.red - middle.blue) <= 3 && middle.red > 230, "the middle has no hue");
    cr_assert(low.blue > low.red + 60 && high.red > high.blue + 60, "blue is low, red is high");
}

Test(colormap, positions_beyond_the_ends_and_not_a_number_are_the_ends)
{
    colormap_fill(table, COLORMAP_SEQUENTIAL);
    cr_assert_eq(colormap_at(table, -3).blue, table[0].blue);
    cr_assert_eq(colormap_at(table, NAN).blue, table[0].blue);
    cr_assert_eq(colormap_at(table, 7).red, table[COLORMAP_SIZE - 1].red);
    cr_assert_eq(colormap_at(table, INFINITY).red, table[COLORMAP_SIZE - 1].red);
}
