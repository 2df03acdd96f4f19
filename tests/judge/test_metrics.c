/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { NX = 8, NY = 6, CELLS = NX * NY };

static const struct flow flow = {
    .nx = NX, .ny = NY, .speed = 0.1, .length = 2.0, .x = 1.5, .y = 2.5, .frame_interval = 100};

static float truth[FRAME_FIELDS * CELLS], forecast[FRAME_FIELDS * CELLS];
static unsigned char mask[CELLS];
static double values[METRICS_KINDS];

static void set_field(float *frame, int field, float value)
{
    for (int i = 0; i < CELLS; i++)
        frame[field * CELLS + i] = value;
}

/* Truth (1.003, 0.13, 0.04), forecast (1.0045, 0.13, 0): hand-computed below. */
static void fill(void)
{
    memset(mask, 0, sizeof mask);
    set_field(truth, FRAME_RHO, 1.003F);
    set_field(truth, FRAME_UX, 0.13F);
    set_field(truth, FRAME_UY, 0.04F);
    set_field(forecast, FRAME_RHO, 1.0045F);
    set_field(forecast, FRAME_UX, 0.13F);
    set_field(forecast, FRAME_UY, 0.0F);
}

static void compare(void)
{
    cr_assert_eq(metrics_compare(values, forecast, truth, mask, &flow), OK);
}

TestSuite(metrics, .init = fill);

Test(metrics, relative_errors_are_the_hand_computed_ones)
{
    compare();
    cr_expect_float_eq(values[METRICS_VELOCITY], 0.04 / sqrt(0.13 * 0.13 + 0.04 * 0.04), 1e-6);
    cr_expect_float_eq(values[METRICS_VELOCITY_WAKE], 0.04 / 0.05, 1e-6);
    cr_expect_float_eq(values[METRICS_UX], 0.0, 1e-12);
    cr_expect_float_eq(values[METRICS_UX_WAKE], 0.0, 1e-12);
    cr_expect_float_eq(values[METRICS_UY], 1.0, 1e-6);
    cr_expect_float_eq(values[METRICS_DENSITY], 0.5, 1e-4);
    cr_expect_float_eq(values[METRICS_ENERGY], 0.0169 / (0.0169 + 0.0016), 1e-5);
    cr_expect_float_eq(values[METRICS_ENERGY_WAKE], 0.0009 / 0.0025, 1e-5);
}

Test(metrics, cells_in_bodies_do_not_count)
{
    for (int i = 0; i < 7; i++) {
        mask[i] = 1;
        forecast[FRAME_UX * CELLS + i] = 55.0F;
        truth[FRAME_UY * CELLS + i] = -55.0F;
    }
    compare();
    cr_expect_float_eq(values[METRICS_VELOCITY_WAKE], 0.04 / 0.05, 1e-6);
    cr_expect_float_eq(values[METRICS_UX], 0.0, 1e-12);
}

Test(metrics, a_perfect_forecast_scores_perfectly)
{
    for (int i = 0; i < CELLS; i++)
        truth[FRAME_UX * CELLS + i] += 0.01F * (float)((i * 7) % 5);
    memcpy(forecast, truth, sizeof forecast);
    compare();
    for (int m = METRICS_VELOCITY; m <= METRICS_DENSITY; m++)
        cr_expect_eq(values[m], 0.0, "%s", metrics_name((enum metrics_kind)m));
    cr_expect_float_eq(values[METRICS_VORTICITY], 1.0, 1e-12);
    cr_expect_eq(values[METRICS_ENERGY], 1.0);
    cr_expect_eq(values[METRICS_ENERGY_WAKE], 1.0);
}

/* ux = a y^2 and the same turned round: vorticities w and -w. */
Test(metrics, vorticity_of_opposite_sign_is_anticorrelated)
{
    for (int i = 0; i < CELLS; i++) {
        float y = (float)(i % NY);
        truth[FRAME_UX * CELLS + i] = 0.01F * y * y;
        forecast[FRAME_UX * CELLS + i] = -0.02F * y * y;
    }
    set_field(truth, FRAME_UY, 0.0F);
    compare();
    cr_expect_float_eq(values[METRICS_VORTICITY], -1.0, 1e-6);
}

/* Half the counted cells agree, the others do not: the coefficient of (1 0 ...), by hand. */
Test(metrics, vorticity_correlation_is_pearsons)
{
    set_field(truth, FRAME_UX, 0.1F);
    set_field(forecast, FRAME_UX, 0.1F);
    set_field(truth, FRAME_UY, 0.0F);
    set_field(forecast, FRAME_UY, 0.0F);
    /* one spike each: its vorticity is four values +-1/2 around it, at different cells */
    truth[FRAME_UY * CELLS + 2 * NY + 2] = 0.1F;
    forecast[FRAME_UY * CELLS + 4 * NY + 2] = 0.1F;
    compare();
    /* w = +h at x - 1, -h at x + 1: truth (+1 at x=1, -1 at x=3), forecast (+1 at 3, -1 at 5) */
    cr_expect_float_eq(values[METRICS_VORTICITY], -0.5, 1e-6);
}

Test(metrics, what_has_no_denominator_is_not_a_number)
{
    set_field(truth, FRAME_RHO, 1.0F);
    set_field(truth, FRAME_UX, 0.1F);
    set_field(truth, FRAME_UY, 0.0F);
    compare();
    cr_expect(isnan(values[METRICS_UY]));
    cr_expect(isnan(values[METRICS_DENSITY]));
    cr_expect(isnan(values[METRICS_VORTICITY]));
    cr_expect_float_eq(values[METRICS_VELOCITY], 0.3, 1e-5);
}

Test(metrics, a_forecast_that_is_not_finite_scores_not_a_number)
{
    forecast[FRAME_UX * CELLS + 3] = NAN;
    compare();
    cr_expect(isnan(values[METRICS_VELOCITY]));
    cr_expect(isnan(values[METRICS_ENERGY]));
}

Test(metrics, every_metric_has_a_name_of_its_own)
{
    for (int a = 0; a < METRICS_KINDS; a++) {
        cr_assert_not_null(metrics_name((enum metrics_kind)a));
        for (int b = 0; b < a; b++)
            cr_expect_str_neq(metrics_name((enum metrics_kind)a),
                              metrics_name((enum metrics_kind)b));
    }
}

Test(metrics, the_probe_stands_two_lengths_behind_the_body_in_the_fluid)
{
    cr_expect_eq(metrics_probe(&flow, mask), 5 * NY + 2);
    mask[5 * NY + 2] = 1;
    cr_expect_eq(metrics_probe(&flow, mask), 6 * NY + 2);
    memset(mask, 1, sizeof mask);
    cr_expect_eq(metrics_probe(&flow, mask), -1);
}

/* f = 1/6 per frame of 100 steps, D = 2, U = 0.1: St = (1/600) 2 / 0.1 = 1/30. */
Test(metrics, strouhal_number_of_a_sine_is_its_frequency)
{
    double series[48];
    for (int i = 0; i < 48; i++)
        series[i] = 0.01 + 0.02 * sin(2.0 * 3.14159265358979 * i / 6.0 + 0.3);
    cr_expect_float_eq(metrics_period(series, 48, &flow), 6.0, 0.02);
    cr_expect_float_eq(metrics_strouhal(series, 48, &flow), 1.0 / 30.0, 2e-4);
}

Test(metrics, a_series_that_does_not_shed_has_no_strouhal_number)
{
    double series[48] = {0.0};
    cr_expect(isnan(metrics_strouhal(series, 48, &flow)));
    cr_expect(isnan(metrics_period(series, 7, &flow)));
    for (int i = 0; i < 48; i++)
        series[i] = 1e-6 * sin(i);
    cr_expect(isnan(metrics_period(series, 48, &flow)), "a ripple of 1e-5 U is no shedding");
    series[7] = NAN;
    cr_expect(isnan(metrics_period(series, 48, &flow)));
}
