/* SPDX-License-Identifier: Apache-2.0 */
#include "curriculum.h"

#include <criterion/criterion.h>

#include <string.h>

Test(curriculum, calls_change_at_the_first_step_of_a_stage)
{
    const struct curriculum two = {2, {{10, 2}, {20, 4}}};
    static const int64_t steps[] = {1, 9, 10, 19, 20, 1000}, calls[] = {1, 1, 2, 2, 4, 4};
    cr_assert_eq(curriculum_check(&two), OK);
    for (int i = 0; i < 6; i++)
        cr_expect_eq(curriculum_calls(&two, steps[i]), calls[i], "step %d", (int)steps[i]);
    cr_expect_eq(curriculum_most(&two), 4);
}

Test(curriculum, none_is_one_call_and_a_descending_one_keeps_its_most)
{
    const struct curriculum none = {.count = 0}, down = {2, {{1, 3}, {5, 1}}};
    cr_expect_eq(curriculum_calls(&none, 7), 1);
    cr_expect_eq(curriculum_most(&none), 1);
    cr_expect_eq(curriculum_calls(&down, 4), 3);
    cr_expect_eq(curriculum_calls(&down, 5), 1);
    cr_expect_eq(curriculum_most(&down), 3);
}

Test(curriculum, stages_that_cannot_be_are_refused_with_the_reason)
{
    static const struct {
        struct curriculum curriculum;
        const char *why;
    } wrong[] = {
        {{1, {{0, 2}}}, "step 0"},
        {{2, {{5, 2}, {5, 3}}}, "ascend"},
        {{1, {{5, 0}}}, "0 calls"},
        {{1, {{5, CURRICULUM_CALLS_MOST + 1}}}, "65 calls"},
        {{CURRICULUM_STAGES + 1, {{1, 1}}}, "17 stages"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_expect_eq(curriculum_check(&wrong[i].curriculum), ERR_CONFIG);
        cr_expect_not_null(strstr(error_message(), wrong[i].why), "%s", error_message());
    }
}
