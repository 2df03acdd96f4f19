/* SPDX-License-Identifier: Apache-2.0
 *
 * Properties of every operator of collision_list.h, in float64 on one cell. */
#include <math.h>

#define cell_real double
#define cell_scalar double
#define cell_set(x) ((double)(x))
#define cell_fma(a, b, c) fma(a, b, c)
#define cell_sqrt(x) sqrt(x)

#include "collision.h"
#include "collision_functions.h"
#include "eddies_smagorinsky.h"
#include "philox.h"

#include <criterion/criterion.h>

typedef void collide_fn(double f[STENCIL_Q], const struct cell_rates *rates, enum cell_terms terms);

static collide_fn *const operators[COLLISIONS] = {
#define X(name, words, tau_min, text) collide_##name,
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
    return (struct cell_rates){1 / tau, 1 / (magic / (tau - 0.5) + 0.5), 1, 0, 0};
}

enum { DRAWS = 50 };
static const double rounding = 1e-15; /* a few roundings of numbers near 1 */

/* Every operator keeps the mass and changes the momentum by the force, many times over. */
static void expect_balance(double tau, double force_x, double force_y, enum cell_terms terms)
{
    for (int kind = 0; kind < COLLISIONS; kind++)
        for (uint64_t seed = 0; seed < DRAWS; seed++) {
            double f[STENCIL_Q];
            struct cell_rates rates = rates_of(tau, 3.0 / 16);
            rates.force_x = force_x;
            rates.force_y = force_y;
            draw_cell(f, seed);
            struct moments before = moments_of(f);
            operators[kind](f, &rates, terms);
            struct moments after = moments_of(f);
            const char *name = collision_name((enum collision_kind)kind);
            cr_assert_float_eq(after.rho, before.rho, rounding, "%s: mass", name);
            cr_assert_float_eq(after.jx, before.jx + force_x, rounding, "%s: momentum", name);
            cr_assert_float_eq(after.jy, before.jy + force_y, rounding, "%s: momentum", name);
        }
}

Test(collide, every_operator_conserves_mass_and_momentum)
{
    expect_balance(0.56, 0, 0, CELL_PLAIN);
}

Test(collide, every_operator_adds_the_force_to_the_momentum)
{
    expect_balance(0.7, 3e-4, -2e-4, CELL_FORCED);
    expect_balance(0.7, 3e-4, -2e-4, CELL_GENERAL);
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
            operators[kind](f, &rates, seed % 2 ? CELL_FORCED : CELL_PLAIN);
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
        operators[kind](f, &rates, CELL_PLAIN);
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
            operators[kind](f, &rates, CELL_PLAIN);
            operators[kind](mirrored, &rates, CELL_PLAIN);
            for (int i = 0; i < STENCIL_Q; i++)
                cr_assert_eq(mirrored[stencil_mirror[i]], f[i], "%s",
                             collision_name((enum collision_kind)kind));
        }
}

/* A quarter turn: (c_x, c_y) becomes (-c_y, c_x). */
static int turned(int i)
{
    int k = 0;
    while (stencil_cx[k] != -stencil_cy[i] || stencil_cy[k] != stencil_cx[i])
        k++;
    return k;
}

Test(collide, every_operator_commutes_with_a_quarter_turn)
{
    for (int kind = 0; kind < COLLISIONS; kind++)
        for (int terms = 0; terms < CELL_TERMS; terms++)
            for (uint64_t seed = 0; seed < DRAWS; seed++) {
                double f[STENCIL_Q], other[STENCIL_Q];
                struct cell_rates rates = rates_of(0.56, 3.0 / 16);
                rates.force_x = 3e-4;
                rates.force_y = -2e-4;
                struct cell_rates turned_rates = rates;
                turned_rates.force_x = 2e-4;
                turned_rates.force_y = 3e-4;
                draw_cell(f, seed);
                for (int i = 0; i < STENCIL_Q; i++)
                    other[turned(i)] = f[i];
                operators[kind](f, &rates, (enum cell_terms)terms);
                operators[kind](other, &turned_rates, (enum cell_terms)terms);
                for (int i = 0; i < STENCIL_Q; i++)
                    cr_assert_float_eq(other[turned(i)], f[i], rounding, "%s",
                                       collision_name((enum collision_kind)kind));
            }
}

/* The equilibrium of second order in u. */
static double second_order(int i, double rho, double ux, double uy)
{
    double cu = stencil_cx[i] * ux + stencil_cy[i] * uy;
    return stencil_weight[i] * rho * (1 + 3 * cu + 4.5 * cu * cu - 1.5 * (ux * ux + uy * uy));
}

static double change_of(int kind, double equilibrium(int, double, double, double))
{
    double f[STENCIL_Q], worst = 0;
    struct cell_rates rates = rates_of(0.56, 3.0 / 16);
    for (int i = 0; i < STENCIL_Q; i++)
        f[i] = equilibrium(i, 1.03, 0.09, -0.05) - stencil_weight[i];
    operators[kind](f, &rates, CELL_PLAIN);
    for (int i = 0; i < STENCIL_Q; i++)
        worst = fmax(worst, fabs(f[i] - (equilibrium(i, 1.03, 0.09, -0.05) - stencil_weight[i])));
    return worst;
}

/* Each has one of the two equilibria, and that one it leaves alone. */
Test(collide, every_operator_has_its_equilibrium_as_fixed_point)
{
    for (int kind = 0; kind < COLLISIONS; kind++) {
        double low = change_of(kind, second_order), high = change_of(kind, stencil_equilibrium);
        const char *name = collision_name((enum collision_kind)kind);
        int fourth = kind == COLLISION_cumulant || kind == COLLISION_recursive_regularised;
        cr_assert_lt(fmin(low, high), rounding, "%s moves both equilibria: %g, %g", name, low,
                     high);
        cr_assert_gt(fmax(low, high), 1e-6, "%s holds both equilibria", name);
        cr_assert(!fourth || high < low, "%s is to hold the product equilibrium", name);
    }
}

/* Third and fourth moments after collision are those that the second ones imply. */
Test(collide, recursive_regularised_rebuilds_the_higher_moments)
{
    const double tau = 0.56, keep = 1 - 1 / tau;
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        double f[STENCIL_Q], a[3] = {0}; /* xxy, xyy, xxyy */
        struct cell_rates rates = rates_of(tau, 3.0 / 16);
        draw_cell(f, seed);
        struct moments m = moments_of(f);
        collide_recursive_regularised(f, &rates, CELL_PLAIN);
        for (int i = 0; i < STENCIL_Q; i++) {
            double cx = stencil_cx[i], cy = stencil_cy[i], whole = f[i] + stencil_weight[i];
            double hx = cx * cx - 1.0 / 3, hy = cy * cy - 1.0 / 3;
            a[0] += hx * cy * whole;
            a[1] += hy * cx * whole;
            a[2] += hx * hy * whole;
        }
        double u = m.jx / m.rho, v = m.jy / m.rho;
        double n_xx = keep * (m.xx - m.rho * (u * u + 1.0 / 3)),
               n_xy = keep * (m.xy - m.rho * u * v);
        double n_yy = keep * (m.yy - m.rho * (v * v + 1.0 / 3));
        cr_assert_float_eq(a[0], m.rho * u * u * v + v * n_xx + 2 * u * n_xy, rounding);
        cr_assert_float_eq(a[1], m.rho * u * v * v + u * n_yy + 2 * v * n_xy, rounding);
        cr_assert_float_eq(
            a[2], m.rho * u * u * v * v + v * v * n_xx + u * u * n_yy + 4 * u * v * n_xy, rounding);
    }
}

Test(collide, cumulant_sets_the_trace_to_its_equilibrium)
{
    double f[STENCIL_Q];
    struct cell_rates rates = rates_of(0.56, 3.0 / 16);
    draw_cell(f, 7);
    collide_cumulant(f, &rates, CELL_PLAIN);
    struct moments m = moments_of(f);
    double square = (m.jx * m.jx + m.jy * m.jy) / m.rho;
    cr_assert_float_eq(m.xx + m.yy, 2 * m.rho / 3 + square, 2 * rounding);
}

Test(collide, cumulant_relaxes_the_trace_at_any_bulk_rate)
{
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        double f[STENCIL_Q], rate = 0.2 + 0.03 * (double)seed;
        struct cell_rates rates = rates_of(0.56, 3.0 / 16);
        rates.omega_bulk = rate;
        draw_cell(f, seed);
        struct moments before = moments_of(f);
        collide_cumulant(f, &rates, CELL_GENERAL);
        struct moments after = moments_of(f);
        double square = (before.jx * before.jx + before.jy * before.jy) / before.rho;
        double rest = 2 * before.rho / 3 + square;
        cr_assert_float_eq(after.xx + after.yy, rest + (1 - rate) * (before.xx + before.yy - rest),
                           2 * rounding);
        cr_assert_float_eq(after.xy - after.jx * after.jy / after.rho,
                           (1 - rates.omega) * (before.xy - before.jx * before.jy / before.rho),
                           rounding, "the bulk rate is no shear rate");
    }
}

/* General terms at bulk rate 1 and without eddies are the forced ones. */
Test(collide, every_operator_is_the_same_with_general_terms_that_say_nothing)
{
    for (int kind = 0; kind < COLLISIONS; kind++)
        for (uint64_t seed = 0; seed < DRAWS; seed++) {
            double f[STENCIL_Q], g[STENCIL_Q];
            struct cell_rates rates = rates_of(0.56, 3.0 / 16);
            const struct eddies none = {0.56, 3.0 / 16, 0};
            rates.force_x = 3e-4;
            draw_cell(f, seed);
            memcpy(g, f, sizeof g);
            struct cell_rates here = eddies_smagorinsky(g, &rates, &none);
            cr_assert_float_eq(here.omega_odd, rates.omega_odd, rounding);
            operators[kind](f, &rates, CELL_FORCED);
            operators[kind](g, &here, CELL_GENERAL);
            for (int i = 0; i < STENCIL_Q; i++)
                cr_assert_float_eq(f[i], g[i], rounding);
        }
}

/* Populations of a fluid sheared at a known rate, whose relaxation time is the one that the model
 * gives: it must find it. nu - nu_0 = C_s^2 |S|, |S| = sqrt(2 S_ab S_ab). */
Test(collide, eddy_viscosity_is_that_of_the_strain_rate)
{
    const double tau_0 = 0.51, constant = 0.17, magic = 3.0 / 16, rho = 1.02;
    const double s_xx = 3e-3, s_xy = -2e-3; /* S_yy = -S_xx */
    double size = sqrt(2 * (2 * s_xx * s_xx + 2 * s_xy * s_xy));
    double tau = tau_0 + 3 * constant * constant * size, f[STENCIL_Q];
    struct cell_rates rates = rates_of(tau_0, magic);
    const struct eddies eddies = {tau_0, magic, 18 * constant * constant};
    for (int i = 0; i < STENCIL_Q; i++)
        f[i] = stencil_equilibrium(i, rho, 0.08, -0.03) - stencil_weight[i] +
               stencil_stress(i, -2.0 / 3 * rho * tau * s_xx, -2.0 / 3 * rho * tau * s_xy,
                              2.0 / 3 * rho * tau * s_xx);
    struct cell_rates here = eddies_smagorinsky(f, &rates, &eddies);
    cr_assert_float_eq(1 / here.omega, tau, 1e-14);
    cr_assert_float_eq((1 / here.omega - 0.5) * (1 / here.omega_odd - 0.5), magic, 1e-14);
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
