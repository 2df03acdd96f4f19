/* SPDX-License-Identifier: Apache-2.0
 *
 * Properties of every operator of collision_list.h, in float64 on one cell. */
#include <math.h>

#define cell_real double
#define cell_scalar double
#define cell_set(x) ((double)(x))
#define cell_fma(a, b, c) fma(a, b, c)

#include "collision.h"
#include "collision_functions.h"
#include "philox.h"

#include <criterion/criterion.h>

typedef void collide_fn(double f[STENCIL_Q], const struct cell_rates *rates,
                        enum cell_forcing forcing);

static collide_fn *const operators[COLLISIONS] = {
#define X(name, tau_min, text) collide_##name,
#include "collision_list.h"
#undef X
};

struct moments {
    double rho, jx, jy, xx, xy, yy;
};

static struct moments moments_of(const double f[STENCIL_Q])
{
    struct moments m = {1, 0, 0, 0, 0, 0};
    for (int i = 0; i < STENCIL_Q; i++) {
        double cx = stencil_cx[i], cy = stencil_cy[i];
        m.rho += f[i];
        m.jx += cx * f[i];
        m.jy += cy * f[i];
        m.xx += cx * cx * (f[i] + stencil_weight[i]);
        m.xy += cx * cy * (f[i] + stencil_weight[i]);
        m.yy += cy * cy * (f[i] + stencil_weight[i]);
    }
    return m;
}

/* Shifted populations near equilibrium at |u| about 0.1. */
static void draw_cell(double f[STENCIL_Q], uint64_t seed)
{
    double rho = 1 + 0.05 * (philox_uniform(seed, PHILOX_STREAM_TEST, 0) - 0.5);
    double ux = 0.2 * (philox_uniform(seed, PHILOX_STREAM_TEST, 1) - 0.5);
    double uy = 0.2 * (philox_uniform(seed, PHILOX_STREAM_TEST, 2) - 0.5);
    for (int i = 0; i < STENCIL_Q; i++)
        f[i] = stencil_equilibrium(i, rho, ux, uy) - stencil_weight[i] +
               0.004 * (philox_uniform(seed, PHILOX_STREAM_TEST, 3 + (uint64_t)i) - 0.5);
}

static struct cell_rates rates_of(double tau, double magic)
{
    return (struct cell_rates){1 / tau, 1 / (magic / (tau - 0.5) + 0.5), 0, 0};
}

enum { DRAWS = 50 };
static const double rounding = 1e-15; /* a few roundings of numbers near 1 */

/* Every operator keeps the mass and changes the momentum by the force, many times over. */
static void expect_balance(double tau, double force_x, double force_y, enum cell_forcing forcing)
{
    for (int kind = 0; kind < COLLISIONS; kind++)
        for (uint64_t seed = 0; seed < DRAWS; seed++) {
            double f[STENCIL_Q];
            struct cell_rates rates = rates_of(tau, 3.0 / 16);
            rates.force_x = force_x;
            rates.force_y = force_y;
            draw_cell(f, seed);
            struct moments before = moments_of(f);
            operators[kind](f, &rates, forcing);
            struct moments after = moments_of(f);
            const char *name = collision_name((enum collision_kind)kind);
            cr_assert_float_eq(after.rho, before.rho, rounding, "%s: mass", name);
            cr_assert_float_eq(after.jx, before.jx + force_x, rounding, "%s: momentum", name);
            cr_assert_float_eq(after.jy, before.jy + force_y, rounding, "%s: momentum", name);
        }
}

Test(collide, every_operator_conserves_mass_and_momentum)
{
    expect_balance(0.56, 0, 0, CELL_UNFORCED);
}

Test(collide, every_operator_adds_the_force_to_the_momentum)
{
    expect_balance(0.7, 3e-4, -2e-4, CELL_FORCED);
}

/* Shear moments less their equilibrium shrink by 1 - omega; with a force, by Guo's second moments
 * (1 - omega/2) (u_a F_b + u_b F_a) more. That rate and c_s^2 are the viscosity. */
Test(collide, every_operator_relaxes_shear_at_omega)
{
    const double force[2][2] = {{0, 0}, {2e-4, 1e-4}};
    for (int kind = 0; kind < COLLISIONS; kind++)
        for (uint64_t seed = 0; seed < 2 * DRAWS; seed++) {
            const double *push = force[seed % 2];
            double f[STENCIL_Q];
            struct cell_rates rates = rates_of(0.53 + 0.01 * (double)seed, 3.0 / 16);
            rates.force_x = push[0];
            rates.force_y = push[1];
            draw_cell(f, seed);
            struct moments m = moments_of(f);
            operators[kind](f, &rates, seed % 2 ? CELL_FORCED : CELL_UNFORCED);
            struct moments after = moments_of(f);
            double u = (m.jx + push[0] / 2) / m.rho, v = (m.jy + push[1] / 2) / m.rho;
            double half = 1 - rates.omega / 2;
            double xy = m.rho * u * v, normal = m.rho * (u * u - v * v);
            double want_xy =
                xy + (1 - rates.omega) * (m.xy - xy) + half * (u * push[1] + v * push[0]);
            double want_normal = normal + (1 - rates.omega) * (m.xx - m.yy - normal) +
                                 half * 2 * (u * push[0] - v * push[1]);
            const char *name = collision_name((enum collision_kind)kind);
            cr_assert_float_eq(after.xy, want_xy, rounding, "%s: shear", name);
            cr_assert_float_eq(after.xx - after.yy, want_normal, 2 * rounding, "%s: normal", name);
        }
}

Test(collide, every_operator_leaves_rest_alone)
{
    for (int kind = 0; kind < COLLISIONS; kind++) {
        double f[STENCIL_Q] = {0};
        struct cell_rates rates = rates_of(0.8, 3.0 / 16);
        operators[kind](f, &rates, CELL_UNFORCED);
        for (int i = 0; i < STENCIL_Q; i++)
            cr_assert_eq(f[i], 0);
    }
}

Test(collide, every_operator_commutes_with_mirroring_y_to_the_bit)
{
    for (int kind = 0; kind < COLLISIONS; kind++)
        for (uint64_t seed = 0; seed < DRAWS; seed++) {
            double f[STENCIL_Q], mirrored[STENCIL_Q];
            struct cell_rates rates = rates_of(0.56, 3.0 / 16);
            draw_cell(f, seed);
            for (int i = 0; i < STENCIL_Q; i++)
                mirrored[stencil_mirror[i]] = f[i];
            operators[kind](f, &rates, CELL_UNFORCED);
            operators[kind](mirrored, &rates, CELL_UNFORCED);
            for (int i = 0; i < STENCIL_Q; i++)
                cr_assert_eq(mirrored[stencil_mirror[i]], f[i], "%s",
                             collision_name((enum collision_kind)kind));
        }
}

Test(collide, cumulant_holds_the_product_equilibrium)
{
    double f[STENCIL_Q];
    struct cell_rates rates = rates_of(0.51, 3.0 / 16);
    for (int i = 0; i < STENCIL_Q; i++)
        f[i] = stencil_equilibrium(i, 1.03, 0.09, -0.05) - stencil_weight[i];
    collide_cumulant(f, &rates, CELL_UNFORCED);
    for (int i = 0; i < STENCIL_Q; i++)
        cr_assert_float_eq(f[i], stencil_equilibrium(i, 1.03, 0.09, -0.05) - stencil_weight[i],
                           rounding);
}

Test(collide, cumulant_sets_the_trace_to_its_equilibrium)
{
    double f[STENCIL_Q];
    struct cell_rates rates = rates_of(0.56, 3.0 / 16);
    draw_cell(f, 7);
    collide_cumulant(f, &rates, CELL_UNFORCED);
    struct moments m = moments_of(f);
    double square = (m.jx * m.jx + m.jy * m.jy) / m.rho;
    cr_assert_float_eq(m.xx + m.yy, 2 * m.rho / 3 + square, 2 * rounding);
}

Test(collide, list_finds_every_name_and_refuses_others)
{
    enum collision_kind kind;
    for (int k = 0; k < COLLISIONS; k++) {
        cr_assert_eq(collision_find(&kind, collision_name((enum collision_kind)k)), OK);
        cr_assert_eq((int)kind, k);
        cr_assert_gt(collision_tau_min(kind), 0.5);
        cr_assert_gt(strlen(collision_text(kind)), 0);
    }
    cr_assert_eq(collision_find(&kind, "cumulnt"), ERR_CONFIG);
    cr_assert_not_null(strstr(error_message(), "cumulant"));
}
