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
    struct inflow inflow = {.speed = 0.1, .ramp_steps = 200, .kick = 0.01};
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
    struct inflow inflow = {.speed = 0.1, .ramp_steps = 200, .kick = -0.01};
    cr_assert_float_eq(inflow_lift(&inflow, 0), 0, 1e-15);
    cr_assert_float_eq(inflow_lift(&inflow, 100), -0.01, 1e-15);
    cr_assert_eq(inflow_lift(&inflow, 200), 0);
}

Test(inflow, without_ramp_is_at_full_speed_at_once)
{
    struct inflow inflow = {.speed = 0.1, .kick = 0.01};
    cr_assert_eq(inflow_rise(&inflow, 0), 1);
    cr_assert_eq(inflow_lift(&inflow, 0), 0);
    cr_assert_eq(inflow_push(&inflow, 0), 0);
}

Test(inflow, terms_bring_the_mean_flux)
{
    double terms[3 * 40];
    const struct inflow uniform = {.speed = 1};
    const struct inflow parabolic = {.profile = INFLOW_PARABOLIC, .speed = 1};
    cr_assert_float_eq(inflow_terms(terms, &uniform, 40), 1, 1e-14);
    cr_assert_float_eq(terms[7], 2.0 / 3, 1e-15);
    /* The trapezoidal and midpoint sums of the parabola meet its mean to 1 / ny^2. */
    cr_assert_float_eq(inflow_terms(terms, &parabolic, 40), 1, 1.0 / 1600);
    cr_assert_float_eq(terms[40], 0, 1e-15); /* the corner link enters at the wall */
}

Test(inflow, table_counts_by_its_shape)
{
    const double speeds[3] = {0, 4, 2}; /* mean 2.5 */
    const struct inflow table = {
        .profile = INFLOW_TABLE, .speed = 0.1, .table = speeds, .points = 3};
    double terms[3 * 40];
    cr_assert_float_eq(inflow_table_mean(&table), 2.5, 1e-15);
    cr_assert_float_eq(inflow_shape(&table, 0), 0, 1e-15);
    cr_assert_float_eq(inflow_shape(&table, 0.25), 0.8, 1e-15);
    cr_assert_float_eq(inflow_shape(&table, 0.5), 1.6, 1e-15);
    cr_assert_float_eq(inflow_shape(&table, 1), 0.8, 1e-15);
    cr_assert_float_eq(inflow_terms(terms, &table, 40), 1, 1.0 / 1600);
}

/* A table of the parabola is the parabola, to the square of its spacing. */
Test(inflow, table_of_a_parabola_is_the_parabola)
{
    double speeds[201], terms[120], wanted[120];
    for (int k = 0; k <= 200; k++)
        speeds[k] = k * (200.0 - k);
    const struct inflow table = {.profile = INFLOW_TABLE, .table = speeds, .points = 201};
    const struct inflow parabolic = {.profile = INFLOW_PARABOLIC};
    inflow_terms(terms, &table, 40);
    inflow_terms(wanted, &parabolic, 40);
    for (int k = 0; k < 120; k++)
        cr_assert_float_eq(terms[k], wanted[k], 1e-4);
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
