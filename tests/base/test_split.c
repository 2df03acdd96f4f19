/* SPDX-License-Identifier: Apache-2.0 */
#include "split.h"

#include <criterion/criterion.h>
#include <string.h>

Test(split, every_split_is_found_by_its_name)
{
    for (int split = 0; split < SPLIT_COUNT; split++) {
        enum split found = SPLIT_COUNT;
        cr_assert_eq(split_find(&found, split_name((enum split)split)), OK);
        cr_expect_eq((int)found, split);
        cr_expect_eq(split_is_test(found), strncmp(split_name(found), "test-", 5) == 0);
    }
    cr_expect_str_eq(split_name(SPLIT_TEST_BEYOND), "test-beyond");
}

Test(split, an_unknown_name_is_refused_with_those_there_are)
{
    enum split found;
    cr_assert_eq(split_find(&found, "test"), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "'test' is no split"));
    cr_expect_not_null(strstr(error_message(), "test-beyond"));
}
