/* SPDX-License-Identifier: Apache-2.0 */
#include "histogram.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

Test(histogram, numbers_counted_by_hand)
{
    const double values[] = {61, 69.9, 70, 75, 95, 100, 118, NAN};
    const int64_t group[] = {0, 0, 1, 0, 1, 1, 0, 0};
    struct histogram h;
    histogram_of_numbers(&h, values, group, 8, 2, 6);
    cr_assert_eq(h.bins, 6);
    cr_assert_float_eq(h.low, 60, 1e-12);
    cr_assert_float_eq(h.high, 120, 1e-12);
    const int64_t first[] = {2, 1, 0, 0, 0, 1}, second[] = {0, 1, 0, 1, 1, 0};
    cr_assert_arr_eq(h.counts[0], first, sizeof first);
    cr_assert_arr_eq(h.counts[1], second, sizeof second);
    cr_assert_eq(histogram_total(&h, 1), 2);
    cr_assert_eq(h.not_finite, 1);
}

Test(histogram, edges_are_round_and_hold_every_value)
{
    static const double scales[] = {1e-6, 0.013, 1, 37, 4e5};
    for (int s = 0; s < 5; s++)
        for (int64_t wanted = 1; wanted <= 16; wanted++) {
            double values[50];
            struct histogram h;
            int64_t total = 0;
            for (int i = 0; i < 50; i++)
                values[i] = scales[s] * ((i * 7919) % 50 - 20);
            histogram_of_numbers(&h, values, NULL, 50, 1, wanted);
            double width = (h.high - h.low) / (double)h.bins;
            cr_assert(h.bins >= 1 && h.bins <= wanted + 1, "%d bins", (int)h.bins);
            cr_assert(h.low <= values[0] * (1 + 1e-9) + 1 && h.low <= -20 * scales[s] * (1 - 1e-9));
            cr_assert(h.high >= 29 * scales[s] * (1 - 1e-9));
            double mantissa = width / pow(10, floor(log10(width) + 1e-9));
            cr_assert(fabs(mantissa - 1) < 1e-9 || fabs(mantissa - 2) < 1e-9 ||
                          fabs(mantissa - 5) < 1e-9,
                      "width %g", width);
            for (int64_t k = 0; k < h.bins; k++)
                total += h.counts[0][k];
            cr_assert_eq(total, 50);
        }
}

Test(histogram, equal_values_have_one_bin_around_them)
{
    const double values[] = {0.1, 0.1, 0.1}, zeros[] = {0, 0};
    struct histogram h;
    histogram_of_numbers(&h, values, NULL, 3, 1, 8);
    cr_assert_eq(h.bins, 1);
    cr_assert_eq(h.counts[0][0], 3);
    cr_assert(h.low < 0.1 && h.high > 0.1);
    histogram_of_numbers(&h, zeros, NULL, 2, 1, 8);
    cr_assert_eq(h.counts[0][0], 2);
    cr_assert(h.low < 0 && h.high > 0);
    histogram_of_numbers(&h, NULL, NULL, 0, 1, 8);
    cr_assert_eq(h.bins, 0);
}

Test(histogram, words_stand_in_order_of_their_number)
{
    const char *const words[] = {"circle", "ellipse", "circle", "naca", "ellipse", "circle"};
    const int64_t group[] = {0, 0, 1, 1, 0, 0};
    struct histogram h;
    cr_assert_eq(histogram_of_words(&h, words, group, 6, 2), OK);
    cr_assert_eq(h.bins, 3);
    cr_assert_str_eq(h.labels[0], "circle");
    cr_assert_str_eq(h.labels[1], "ellipse");
    cr_assert_str_eq(h.labels[2], "naca");
    const int64_t first[] = {2, 2, 0}, second[] = {1, 0, 1};
    cr_assert_arr_eq(h.counts[0], first, sizeof first);
    cr_assert_arr_eq(h.counts[1], second, sizeof second);
}

Test(histogram, what_does_not_fit_is_counted_under_others)
{
    char texts[HISTOGRAM_BINS + 4][16];
    const char *words[HISTOGRAM_BINS + 4];
    struct histogram h;
    for (int i = 0; i < HISTOGRAM_BINS + 4; i++) {
        snprintf(texts[i], sizeof texts[i], "w%02d", i);
        words[i] = texts[i];
    }
    cr_assert_eq(histogram_of_words(&h, words, NULL, HISTOGRAM_BINS + 4, 1), OK);
    cr_assert_eq(h.bins, HISTOGRAM_BINS);
    cr_assert_str_eq(h.labels[HISTOGRAM_BINS - 1], "others");
    cr_assert_eq(h.counts[0][HISTOGRAM_BINS - 1], 5);
    cr_assert_eq(h.counts[0][0], 1);
}

Test(histogram, words_that_are_numbers_can_be_put_in_their_order)
{
    static const char *const words[] = {"10", "3", "3", "b", "a", "10", "10", "2", "b"};
    static const int64_t group[] = {0, 1, 0, 1, 1, 0, 1, 0, 0};
    static const char *const labels[] = {"2", "3", "10", "b", "a"};
    static const int64_t first[] = {1, 1, 2, 1, 0}, second[] = {0, 1, 1, 1, 1};
    struct histogram h;
    cr_assert_eq(histogram_of_words(&h, words, group, 9, 2), OK);
    histogram_sort_by_number(&h);
    cr_assert_eq(h.bins, 5);
    for (int i = 0; i < 5; i++) {
        cr_expect_str_eq(h.labels[i], labels[i]);
        cr_expect_eq(h.counts[0][i], first[i]);
        cr_expect_eq(h.counts[1][i], second[i]);
    }
}
