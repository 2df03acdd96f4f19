/* SPDX-License-Identifier: Apache-2.0 */
#include "ticks.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Test(ticks, are_round_numbers_inside_the_range)
{
    struct ticks t;
    ticks_choose(&t, 0.013, 1.187, 6);
    cr_assert_eq(t.count, 5);
    cr_assert_str_eq(t.labels[0], "0.2");
    cr_assert_str_eq(t.labels[4], "1.0");
    cr_assert_str_eq(t.factor, "");
}

Test(ticks, negative_labels_have_a_minus_sign_and_zero_has_none)
{
    struct ticks t;
    ticks_choose(&t, -0.25, 0.25, 5);
    cr_assert_str_eq(t.labels[0], "−0.2");
    cr_assert_str_eq(t.labels[t.count / 2], "0.0");
}

Test(ticks, large_and_small_numbers_share_a_factor)
{
    struct ticks t;
    ticks_choose(&t, 0, 0.00042, 4);
    cr_assert_str_eq(t.factor, "×10⁻⁴");
    cr_assert_str_eq(t.labels[t.count - 1], "4");
    ticks_choose(&t, 0, 250000, 5);
    cr_assert_str_eq(t.factor, "×10⁵");
    cr_assert_str_eq(t.labels[1], "0.5");
}

Test(ticks, of_any_range_are_few_ascending_and_told_apart)
{
    for (int k = -300; k < 300; k++) {
        for (int wanted = 2; wanted <= 8; wanted++) {
            double low = -3 * pow(10, k / 20.0) * (k % 3), high = low + pow(10, k / 20.0) * 1.7;
            struct ticks t;
            ticks_choose(&t, low, high, wanted);
            cr_assert(t.count >= 2 && t.count <= 9, "%d ticks in [%g, %g]", t.count, low, high);
            for (int i = 0; i < t.count; i++) {
                cr_assert(t.values[i] >= low && t.values[i] <= high);
                cr_assert(i == 0 || t.values[i] > t.values[i - 1]);
                cr_assert(i == 0 || strcmp(t.labels[i], t.labels[i - 1]) != 0,
                          "%s twice in [%g, %g]", t.labels[i], low, high);
            }
        }
    }
}
