/* SPDX-License-Identifier: Apache-2.0 */
#include "schedule.h"

#include <criterion/criterion.h>
#include <math.h>

static const struct schedule usual = {.rate = 2e-3, .floor = 0.02, .warmup = 40, .steps = 1000};

Test(schedule, warms_up_linearly_to_the_rate)
{
    cr_expect_float_eq(schedule_rate(&usual, 1), 2e-3 / 40, 1e-12);
    cr_expect_float_eq(schedule_rate(&usual, 20), 1e-3, 1e-12);
    cr_expect_float_eq(schedule_rate(&usual, 40), 2e-3, 1e-12);
}

Test(schedule, falls_along_half_a_cosine_to_the_floor)
{
    cr_expect_float_eq(schedule_rate(&usual, 520), 2e-3 * (0.02 + 0.98 * 0.5), 1e-12);
    cr_expect_float_eq(schedule_rate(&usual, 1000), 2e-3 * 0.02, 1e-12);
    for (int64_t step = 41; step <= 1000; step++)
        cr_expect_lt(schedule_rate(&usual, step), schedule_rate(&usual, step - 1));
}

Test(schedule, a_schedule_of_nothing_but_warm_up_ends_at_the_rate)
{
    struct schedule schedule = {.rate = 1.0, .floor = 0.0, .warmup = 5, .steps = 5};
    cr_assert_eq(schedule_check(&schedule), OK);
    cr_expect_eq(schedule_rate(&schedule, 5), 1.0);
    schedule.warmup = 0;
    cr_expect_float_eq(schedule_rate(&schedule, 5), 0.0, 1e-15);
}

Test(schedule, values_out_of_range_are_refused)
{
    struct schedule bad[] = {usual, usual, usual, usual, usual, usual};
    bad[0].rate = 0.0;
    bad[1].rate = NAN;
    bad[2].floor = 1.5;
    bad[3].steps = 0;
    bad[4].warmup = 1001;
    bad[5].warmup = -1;
    cr_expect_eq(schedule_check(&usual), OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_eq(schedule_check(&bad[i]), ERR_CONFIG, "entry %zu", i);
}
