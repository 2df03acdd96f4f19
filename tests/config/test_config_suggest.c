/* SPDX-License-Identifier: Apache-2.0 */
#include "config_suggest.h"

#include "config.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <string.h>

static int distance(const char *a, const char *b)
{
    int there = config_suggest_distance(a, strlen(a), b, strlen(b), INT_MAX);
    cr_assert_eq(config_suggest_distance(b, strlen(b), a, strlen(a), INT_MAX), there,
                 "not symmetric");
    for (int bound = 0; bound < 20; bound++)
        cr_assert_eq(config_suggest_distance(a, strlen(a), b, strlen(b), bound),
                     there <= bound ? there : INT_MAX, "%s, %s: bound %d", a, b, bound);
    return there;
}

Test(config_suggest, distance_counts_half_faults)
{
    cr_assert_eq(distance("", ""), 0);
    cr_assert_eq(distance("length", "length"), 0);
    cr_assert_eq(distance("lenght", "length"), 2, "an exchange of neighbours is one fault");
    cr_assert_eq(distance("leng", "length"), 4);
    cr_assert_eq(distance("kitten", "sitting"), 6);
    cr_assert_eq(distance("ca", "abc"), 6, "restricted form: no edit inside an exchange");
    cr_assert_eq(distance("", "abc"), 6);
    cr_assert_eq(distance("Flip", "flip"), 1);
    cr_assert_eq(distance("held-out", "held_out"), 1);
    char word[200];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    cr_assert_eq(distance(word, "a"), INT_MAX);
}

Test(config_suggest, nearest_candidate_is_found_and_far_ones_are_not)
{
    static const char *const words[] = {"generate", "train", "forecast", "evaluate"};
    cr_assert_str_eq(config_suggest("trian", words, 4), "train");
    cr_assert_str_eq(config_suggest("generat", words, 4), "generate");
    cr_assert_str_eq(config_suggest("Evalute", words, 4), "evaluate");
    cr_assert_null(config_suggest("plot", words, 4));
    cr_assert_null(config_suggest("", words, 0));
}
