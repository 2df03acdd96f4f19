/* SPDX-License-Identifier: Apache-2.0 */
#include "ceiling.h"

#include "stop.h"

#include <criterion/criterion.h>
#include <math.h>

static double stream_once(int64_t numbers, int threads)
{
    struct ceiling *ceiling = NULL;
    cr_assert_eq(ceiling_create(&ceiling, numbers, threads), OK);
    double done = ceiling_stream(ceiling, 0);
    ceiling_destroy(ceiling);
    return done;
}

Test(ceiling, in_no_time_every_number_of_a_small_array_is_streamed_once)
{
    cr_expect_eq(stream_once(1001, 1), 1001);
    cr_expect_eq(stream_once(1001, 3), 1001);
    cr_expect_eq(stream_once(2, 3), 2);
}

Test(ceiling, both_go_on_for_the_time_asked_and_count_whole_rounds)
{
    struct ceiling *ceiling = NULL;
    cr_assert_eq(ceiling_create(&ceiling, 1001, 1), OK);
    double began = stop_clock(), done = ceiling_stream(ceiling, 0.02);
    cr_expect_geq(stop_clock() - began, 0.02);
    cr_expect_geq(done, 1001);
    cr_expect_eq(fmod(done, 1001), 0);
    began = stop_clock();
    cr_expect_gt(ceiling_multiply_add(ceiling, 0.02), 0);
    cr_expect_geq(stop_clock() - began, 0.02);
    ceiling_destroy(ceiling);
}

Test(ceiling, every_thread_does_its_multiply_adds)
{
    struct ceiling *one = NULL, *three = NULL;
    cr_assert_eq(ceiling_create(&one, 1, 1), OK);
    cr_assert_eq(ceiling_create(&three, 1, 3), OK);
    double done = ceiling_multiply_add(one, 0);
    cr_expect_gt(done, 0);
    cr_expect_eq(ceiling_multiply_add(three, 0), 3 * done);
    ceiling_destroy(one);
    ceiling_destroy(three);
}

Test(ceiling, a_size_that_no_memory_holds_is_refused)
{
    struct ceiling *ceiling = NULL;
    cr_expect_eq(ceiling_create(&ceiling, INT64_MAX, 1), ERR_MEMORY);
    cr_expect_null(ceiling);
}
