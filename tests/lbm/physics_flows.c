/* SPDX-License-Identifier: Apache-2.0
 *
 * Flows with a known solution: Poiseuille, Taylor-Green, and conservation in a closed box. */
#include "collision.h"
#include "lattice.h"
#include "lattice_state.h"
#include "philox.h"
#include "physics_reference.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double pi = 3.14159265358979323846;

/* Channel driven by a body force: worst departure from the parabola over its peak, and of the wall
 * force from body force times fluid nodes. */
static void run_poiseuille(double *profile_error, double *force_error, enum row_number number)
{
    enum { NX = 4, NY = 20 };
    struct lattice_options o;
    struct lattice *lattice = NULL;
    double rho[NY], ux[NY], uy[NY], force[2], worst = 0;
    const double push = 1e-5, nu = 0.1, peak = push * NY * NY / (8 * nu);
    lattice_defaults(&o);
    o.nx = NX;
    o.ny = NY;
    o.number = number;
    snprintf(o.collision, sizeof o.collision, "trt");
    o.tau = 0.5 + 3 * nu;
    o.bottom = o.top = BOUNDARY_EDGE_NO_SLIP;
    o.force_x = push;
    cr_assert_eq(lattice_create(&lattice, &o), OK);
    cr_assert_eq(lattice_run(lattice, 15000, NULL), OK);
    lattice_row(rho, ux, uy, lattice, 1);
    for (int y = 0; y < NY; y++) {
        double want = push / (2 * nu) * (y + 0.5) * (NY - y - 0.5);
        worst = fmax(worst, fabs(ux[y] - want) / peak);
    }
    lattice_wall_force(force, lattice);
    *profile_error = worst;
    *force_error = fabs(force[0] / (push * NX * NY) - 1);
    lattice_destroy(lattice);
}

Test(physics, poiseuille_is_the_parabola_and_walls_carry_the_force)
{
    double profile, force;
    run_poiseuille(&profile, &force, ROW_DOUBLE);
    physics_reference_check("poiseuille-profile-float64", profile);
    physics_reference_check("poiseuille-wall-force-float64", force);
    run_poiseuille(&profile, &force, ROW_FLOAT);
    physics_reference_check("poiseuille-profile-float32", profile);
}

/* Relative L2 error of the velocity when the amplitude of a Taylor-Green vortex has halved:
 * u = (-cos kx sin ky, sin kx cos ky) u0 exp(-2 nu k^2 t), k = 2 pi / n. Its pressure
 * p = -u0^2 / 4 (cos 2kx + cos 2ky) exp(-4 nu k^2 t) decays, which in a fluid with sound takes a
 * compression, div u = -3 dp/dt = 12 nu k^2 p: without it the start rings with sound whose phase at
 * the end is arbitrary and as large as the error. */
static double run_taylor_green(const char *collision, enum row_number number, int64_t n, double u0)
{
    struct lattice_options o;
    struct lattice *lattice = NULL;
    int64_t cells = n * n;
    double *v = calloc((size_t)(START_FIELDS * cells), sizeof *v), *row = v, error = 0, size = 0;
    const double tau = 0.8, nu = (tau - 0.5) / 3, k = 2 * pi / (double)n;
    const double squeeze = 1.5 * nu * k * u0 * u0;
    cr_assert_not_null(v);
    lattice_defaults(&o);
    o.nx = o.ny = n;
    o.number = number;
    o.tau = tau;
    snprintf(o.collision, sizeof o.collision, "%s", collision);
    cr_assert_eq(lattice_create(&lattice, &o), OK);
    for (int64_t cell = 0; cell < cells; cell++) {
        double x = k * (double)(cell / n), y = k * (double)(cell % n);
        double ux = -u0 * cos(x) * sin(y) - squeeze * sin(2 * x);
        double uy = u0 * sin(x) * cos(y) - squeeze * sin(2 * y);
        double rho = 1 - 0.75 * u0 * u0 * (cos(2 * x) + cos(2 * y));
        double strain = u0 * k * sin(x) * sin(y), stress = -2.0 / 3 * rho * tau;
        v[START_RHO * cells + cell] = rho;
        v[START_UX * cells + cell] = ux;
        v[START_UY * cells + cell] = uy;
        v[START_PXX * cells + cell] = rho * ux * ux + stress * strain;
        v[START_PXY * cells + cell] = rho * ux * uy; /* du_x/dy + du_y/dx = 0 */
        v[START_PYY * cells + cell] = rho * uy * uy - stress * strain;
    }
    lattice_state_set(lattice, v, 0);
    int64_t steps = (int64_t)lround(log(2) / (2 * nu * k * k));
    double decay = exp(-2 * nu * k * k * (double)steps);
    cr_assert_eq(lattice_run(lattice, steps, NULL), OK);
    for (int64_t i = 0; i < n; i++) {
        lattice_row(row, row + n, row + 2 * n, lattice, i);
        for (int64_t j = 0; j < n; j++) {
            double x = k * (double)i, y = k * (double)j;
            double ux = -u0 * decay * cos(x) * sin(y), uy = u0 * decay * sin(x) * cos(y);
            error += pow(row[n + j] - ux, 2) + pow(row[2 * n + j] - uy, 2);
            size += ux * ux + uy * uy;
        }
    }
    lattice_destroy(lattice);
    free(v);
    return sqrt(error / size);
}

static void check(const char *what, const char *operator_name, double value)
{
    char name[96];
    snprintf(name, sizeof name, "taylor-green-%s-%s", what, operator_name);
    physics_reference_check(name, value);
}

/* u0 = 0.64 / n, so that the errors of the cells and of compressibility fall together; the order is
 * the mean slope from 16 to 128 cells, and that of the last doubling. */
Test(physics, taylor_green_converges_with_second_order_for_every_operator)
{
    enum { SIZES = 4 };
    for (int kind = 0; kind < COLLISIONS; kind++) {
        const char *operator_name = collision_name((enum collision_kind)kind);
        double error[SIZES];
        for (int k = 0; k < SIZES; k++) {
            int64_t n = 16 << k;
            error[k] = run_taylor_green(operator_name, ROW_DOUBLE, n, 0.64 / (double)n);
        }
        check("order", operator_name, log2(error[0] / error[3]) / 3);
        check("order-128", operator_name, log2(error[2] / error[3]));
        check("error-16", operator_name, error[0]);
        check("error-32", operator_name, error[1]);
        check("error-64", operator_name, error[2]);
        check("error-128", operator_name, error[3]);
        check("error-64-float32", operator_name,
              run_taylor_green(operator_name, ROW_FLOAT, 64, 1e-4));
    }
}

/* 64^2 periodic, 1e5 steps, noise on a uniform stream: relative drift of the mass. */
static double run_box(enum row_number number)
{
    struct lattice_options o;
    struct lattice *lattice = NULL;
    double *v = calloc(START_FIELDS * 4096, sizeof *v), before, after, speed;
    cr_assert_not_null(v);
    lattice_defaults(&o);
    o.number = number;
    o.tau = 0.51;
    cr_assert_eq(lattice_create(&lattice, &o), OK);
    for (int64_t k = 0; k < START_FIELDS * 4096; k++) {
        double random = philox_uniform(3, PHILOX_STREAM_TEST, (uint64_t)k) - 0.5;
        v[k] = k < 4096 ? 1 + 0.01 * random : k < 3 * 4096 ? 0.08 + 0.1 * random : 0;
    }
    lattice_state_set(lattice, v, 0);
    cr_assert_eq(lattice_run(lattice, 1, NULL), OK);
    lattice_survey(&before, &speed, lattice);
    cr_assert_eq(lattice_run(lattice, 99999, NULL), OK);
    lattice_survey(&after, &speed, lattice);
    lattice_destroy(lattice);
    free(v);
    return fabs(after - before) / 4096;
}

Test(physics, a_closed_box_keeps_its_mass)
{
    physics_reference_check("conservation-mass-drift-float64", run_box(ROW_DOUBLE));
    physics_reference_check("conservation-mass-drift-float32", run_box(ROW_FLOAT));
}
