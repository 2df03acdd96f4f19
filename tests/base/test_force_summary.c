/* SPDX-License-Identifier: Apache-2.0 */
#include "force_summary.h"

#include <criterion/criterion.h>
#include <math.h>

enum { STEPS = 6000 };

static double forces[STEPS][2];

/* D = 12, U = 0.1, r = 2: a lift of period 1500 solver steps has St = 12 * 2 / (1500 * 0.1). */
static const struct flow flow = {.length = 12, .speed = 0.1, .refine = 2};

static void fill(double amplitude, double start_up)
{
    for (int i = 0; i < STEPS; i++) {
        double phase = 2 * acos(-1) * i / 1500;
        double rest = i < STEPS / 4 ? start_up : 0;
        forces[i][0] = 1.5 + 0.1 * sin(2 * phase) + rest;
        forces[i][1] = 0.2 + amplitude * sin(phase + 0.3) + rest;
    }
}

Test(force_summary, strouhal_and_means_of_a_sine_are_its_own)
{
    struct force_summary summary;
    fill(0.4, 0);
    cr_assert_eq(force_summary_make(&summary, &flow, &forces[0][0], STEPS), OK);
    cr_assert_float_eq(summary.strouhal, 0.16, 1e-6);
    cr_assert_float_eq(summary.strouhal_deviation, 0, 1e-6);
    cr_assert_float_eq(summary.strouhal_error, 0, 1e-6);
    cr_assert_float_eq(summary.strouhal_spectral, 0.16, 0.02 * 0.16);
    cr_assert_float_eq(summary.strouhal_spectral_error, 0.5 * 240 / 3000.0, 1e-9,
                       "two periods: half a bin");
    cr_assert_float_eq(summary.drag_mean, 1.5, 1e-9);
    cr_assert_float_eq(summary.lift_mean, 0.2, 1e-9);
    cr_assert_float_eq(summary.lift_deviation, 0.4 / sqrt(2), 1e-9);
    cr_assert_float_eq(summary.lift_most, 0.6, 1e-4);
    cr_assert_float_eq(summary.periods, 2, 1e-3);
}

Test(force_summary, the_start_up_does_not_count)
{
    struct force_summary quiet, loud;
    fill(0.4, 0);
    cr_assert_eq(force_summary_make(&quiet, &flow, &forces[0][0], STEPS), OK);
    fill(0.4, 50);
    cr_assert_eq(force_summary_make(&loud, &flow, &forces[0][0], STEPS), OK);
    cr_assert_eq(quiet.drag_mean, loud.drag_mean);
    cr_assert_eq(quiet.strouhal, loud.strouhal);
}

Test(force_summary, a_steady_wake_has_no_strouhal_number)
{
    struct force_summary summary;
    fill(1e-5, 0);
    cr_assert_eq(force_summary_make(&summary, &flow, &forces[0][0], STEPS), OK);
    cr_assert(isnan(summary.strouhal));
    cr_assert_eq(summary.periods, 0);
}

Test(force_summary, too_few_steps_are_refused)
{
    struct force_summary summary;
    cr_assert_eq(force_summary_make(&summary, &flow, &forces[0][0], 15), ERR_NUMERIC);
}
