/* SPDX-License-Identifier: Apache-2.0 */
#include "refusal.h"

#include <criterion/criterion.h>
#include <string.h>

Test(refusal, every_rule_is_found_by_its_name)
{
    for (int i = 0; i < REFUSAL_COUNT; i++) {
        enum refusal found = REFUSAL_COUNT;
        cr_assert_eq(refusal_find(&found, refusal_name((enum refusal)i)), OK);
        cr_expect_eq((int)found, i);
    }
    enum refusal found;
    cr_expect_eq(refusal_find(&found, "taste"), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "'taste' is no rule"));
}

Test(refusal, sums_and_words)
{
    char text[REFUSAL_TEXT_SIZE];
    struct refusals sum = {{0}}, more = {{[REFUSAL_WALL] = 9}};
    refusal_print(text, &sum);
    cr_expect_str_eq(text, "no draw refused");
    sum.counts[REFUSAL_TAU] = 1;
    refusal_print(text, &sum);
    cr_expect_str_eq(text, "1 draw refused (tau 1)");
    refusal_add(&sum, &more);
    refusal_add(&sum, &more);
    cr_expect_eq(refusal_total(&sum), 19);
    refusal_print(text, &sum);
    cr_expect_str_eq(text, "19 draws refused (wall 18, tau 1)");
    cr_expect_eq(more.counts[REFUSAL_WALL], 9);
}

Test(refusal, the_largest_counts_fit_the_text)
{
    char text[REFUSAL_TEXT_SIZE];
    struct refusals all;
    for (int i = 0; i < REFUSAL_COUNT; i++)
        all.counts[i] = INT64_MAX / REFUSAL_COUNT;
    refusal_print(text, &all);
    cr_expect_eq(text[strlen(text) - 1], ')', "%s", text);
}
