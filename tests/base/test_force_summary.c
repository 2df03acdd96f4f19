/* SPDX-License-Identifier: Apache-2.0 */
#include "force_summary.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>

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
    cr_assert_float_eq(summary.strouhal_error, 0.5 * 240 / 3000.0, 1e-9,
                       "one whole period has no spread: half a bin");
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

/* ---- uncertainty: series of known statistics ---- */

static double draw(uint64_t *state)
{
    double sum = 0;
    for (int k = 0; k < 12; k++) { /* nearly normal, mean 0, deviation 1 */
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        sum += (double)(*state >> 11) / 9007199254740992.0;
    }
    return sum - 6;
}

/* Noise that remembers: x' = memory x + noise; the error of its mean over n values is
 * deviation sqrt((1 + memory) / (1 - memory) / n). */
static void fill_noise(double memory, uint64_t seed)
{
    double drag = 0, lift = 0;
    for (int i = 0; i < STEPS; i++) {
        drag = memory * drag + sqrt(1 - memory * memory) * draw(&seed);
        lift = memory * lift + sqrt(1 - memory * memory) * draw(&seed);
        forces[i][0] = 1.5 + 0.1 * drag;
        forces[i][1] = 0.1 * lift;
    }
}

Test(force_summary, the_error_of_a_mean_is_that_of_noise_that_remembers)
{
    static const double memories[] = {0, 0.5, 0.9};
    enum { TRIALS = 60 };
    for (size_t m = 0; m < sizeof memories / sizeof memories[0]; m++) {
        double expected = 0.1 * sqrt((1 + memories[m]) / (1 - memories[m]) / (STEPS / 2));
        double told = 0, off = 0;
        int inside = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            struct force_summary summary;
            fill_noise(memories[m], (uint64_t)trial + 1);
            cr_assert_eq(force_summary_make(&summary, &flow, &forces[0][0], STEPS), OK);
            told += summary.drag_error / TRIALS;
            off += pow(summary.drag_mean - 1.5, 2) / TRIALS;
            inside += fabs(summary.drag_mean - 1.5) < 2 * summary.drag_error;
        }
        cr_assert(told > 0.8 * expected && told < 1.6 * expected, "memory %g: %g, not %g",
                  memories[m], told, expected);
        cr_assert(sqrt(off) > 0.7 * expected && sqrt(off) < 1.4 * expected);
        cr_assert_geq(inside, TRIALS * 85 / 100, "memory %g: %d of %d", memories[m], inside,
                      TRIALS);
    }
}

/* Whatever part of a period the window ends with. */
Test(force_summary, the_error_of_a_mean_covers_periods_that_are_not_whole)
{
    for (double periods = 0.7; periods < 40; periods *= 1.07) {
        struct force_summary summary;
        for (int i = 0; i < STEPS; i++) {
            double phase = 2 * acos(-1) * periods * i / (STEPS / 2);
            forces[i][0] = 1.5;
            forces[i][1] = 0.2 + 0.4 * sin(phase + periods);
        }
        cr_assert_eq(force_summary_make(&summary, &flow, &forces[0][0], STEPS), OK);
        if (summary.periods > 0)
            cr_assert_leq(fabs(summary.lift_mean - 0.2), 2 * summary.lift_error,
                          "%g periods: %g +- %g", periods, summary.lift_mean, summary.lift_error);
        cr_assert_leq(summary.lift_error, 0.4);
        cr_assert_lt(summary.drag_error, 1e-12);
    }
}

Test(force_summary, a_mean_that_drifts_has_an_error_that_says_so)
{
    struct force_summary summary;
    for (int i = 0; i < STEPS; i++) {
        forces[i][0] = 1.5 + 0.2 * exp(-i / 2000.0); /* steady in the end, at 1.5 */
        forces[i][1] = 0;
    }
    cr_assert_eq(force_summary_make(&summary, &flow, &forces[0][0], STEPS), OK);
    cr_assert(isnan(summary.strouhal));
    cr_assert_gt(summary.drag_mean - 1.5, 0.01);
    cr_assert_leq(summary.drag_mean - 1.5, 3 * summary.drag_error, "%g", summary.drag_error);
    cr_assert_lt(summary.drag_error, 0.05);
}

/* Wiggles on a sine, and around its zero, are no periods. */
Test(force_summary, noise_on_the_lift_adds_no_periods)
{
    struct force_summary summary;
    uint64_t seed = 7;
    for (int i = 0; i < STEPS; i++) {
        forces[i][0] = 1.5;
        forces[i][1] = 0.4 * sin(2 * acos(-1) * i / 250 + 0.3) + 0.01 * draw(&seed);
    }
    cr_assert_eq(force_summary_make(&summary, &flow, &forces[0][0], STEPS), OK);
    cr_assert_float_eq(summary.strouhal, 0.96, 0.01, "%g +- %g", summary.strouhal,
                       summary.strouhal_error);
    cr_assert_lt(summary.strouhal_error, 0.01, "%g", summary.strouhal_error);
    cr_assert_float_eq(summary.periods, 12, 0.2, "%g", summary.periods);
}
