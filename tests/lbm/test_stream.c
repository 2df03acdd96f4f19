/* SPDX-License-Identifier: Apache-2.0
 *
 * The ends of the stream: inflow, outflow's density, sponge. */
#include "inflow.h"
#include "outflow.h"
#include "sponge.h"

#include <criterion/criterion.h>

#include <math.h>

Test(inflow, rises_as_half_a_cosine_and_stays)
{
    struct inflow inflow = {INFLOW_UNIFORM, 0.1, 200, 0.01};
    cr_assert_float_eq(inflow_rise(&inflow, 0), 0, 1e-15);
    cr_assert_float_eq(inflow_rise(&inflow, 50), 0.5 * (1 - sqrt(0.5)), 1e-15);
    cr_assert_float_eq(inflow_rise(&inflow, 100), 0.5, 1e-15);
    cr_assert_eq(inflow_rise(&inflow, 200), 1);
    cr_assert_eq(inflow_rise(&inflow, 100000), 1);
    double pushed = 0;
    for (int64_t step = 0; step < 300; step++)
        pushed += inflow_push(&inflow, step);
    cr_assert_float_eq(pushed, 0.1, 1e-15);
}

Test(inflow, kick_is_greatest_half_way_and_gone_at_the_end)
{
    struct inflow inflow = {INFLOW_UNIFORM, 0.1, 200, -0.01};
    cr_assert_float_eq(inflow_lift(&inflow, 0), 0, 1e-15);
    cr_assert_float_eq(inflow_lift(&inflow, 100), -0.01, 1e-15);
    cr_assert_eq(inflow_lift(&inflow, 200), 0);
}

Test(inflow, without_ramp_is_at_full_speed_at_once)
{
    struct inflow inflow = {INFLOW_UNIFORM, 0.1, 0, 0.01};
    cr_assert_eq(inflow_rise(&inflow, 0), 1);
    cr_assert_eq(inflow_lift(&inflow, 0), 0);
    cr_assert_eq(inflow_push(&inflow, 0), 0);
}

Test(inflow, terms_bring_the_mean_flux)
{
    double terms[3 * 40];
    cr_assert_float_eq(inflow_terms(terms, INFLOW_UNIFORM, 40), 1, 1e-14);
    cr_assert_float_eq(terms[7], 2.0 / 3, 1e-15);
    /* The trapezoidal and midpoint sums of the parabola meet its mean to 1 / ny^2. */
    cr_assert_float_eq(inflow_terms(terms, INFLOW_PARABOLIC, 40), 1, 1.0 / 1600);
    cr_assert_float_eq(terms[40], 0, 1e-15); /* the corner link enters at the wall */
}

Test(outflow, lets_a_wave_out_and_brings_the_density_back)
{
    struct outflow outflow = {1, 0.01, 0};
    outflow_advance(&outflow, 0.1 + 0.01, 0.02, 0.1);
    cr_assert_float_eq(outflow.density, 1 + 0.01 * sqrt(3), 1e-15);
    cr_assert_float_eq(outflow.base, 1 - 0.01 * 0.02, 1e-15);
}

Test(sponge, starts_behind_the_canvas_and_ends_at_a_sixth)
{
    const double r = 4, tau = 0.51;
    cr_assert_eq(sponge_tau(283, 352, 64, tau, r), tau);
    cr_assert_eq(sponge_tau(287, 352, 64, tau, r), tau);
    cr_assert_gt(sponge_tau(288, 352, 64, tau, r), tau);
    cr_assert_float_eq((sponge_tau(351, 352, 64, tau, r) - 0.5) / 3 / r, 1.0 / 6, 1e-15);
    for (int64_t x = 289; x < 352; x++)
        cr_assert_gt(sponge_tau(x, 352, 64, tau, r), sponge_tau(x - 1, 352, 64, tau, r));
    cr_assert_eq(sponge_tau(351, 352, 0, tau, r), tau);
    cr_assert_eq(sponge_tau(351, 352, 64, 3, r), 3, "never less viscous than the flow");
}
