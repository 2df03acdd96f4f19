/* SPDX-License-Identifier: Apache-2.0
 *
 * Which way up a flow is must not matter: the mirrored case gives the mirrored flow, the turned one
 * the turned flow, to 1e-10 of the greatest speed after 2000 steps in float64, for every operator.
 */
#include "collision.h"
#include "geometry.h"
#include "lattice.h"
#include "lattice_state.h"
#include "outflow.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 2000, N = 72, CELLS = N * N };
static const double allowed = 1e-10;

/* u_x and u_y after STEPS, the option's bodies being `specs`. */
static double *run(struct lattice_options *o, const struct body_spec *specs, int64_t count)
{
    struct geometry *geometry = NULL;
    struct lattice *lattice = NULL;
    double *v = calloc(START_FIELDS * CELLS, sizeof *v);
    cr_assert_not_null(v);
    cr_assert_eq(geometry_create(&geometry, specs, count), OK, "%s", error_message());
    o->geometry = geometry;
    o->nx = o->ny = N;
    o->number = ROW_DOUBLE;
    cr_assert_eq(lattice_create(&lattice, o), OK, "%s", error_message());
    geometry_destroy(geometry);
    lattice_state_watch(lattice, v);
    cr_assert_eq(lattice_run(lattice, STEPS, NULL), OK, "%s", error_message());
    lattice_destroy(lattice);
    return v;
}

static double greatest_speed(const double *v)
{
    double most = 0;
    for (int64_t cell = 0; cell < CELLS; cell++)
        most = fmax(most, hypot(v[START_UX * CELLS + cell], v[START_UY * CELLS + cell]));
    return most;
}

static double mirror_error(const char *collision)
{
    const double at = 31.4;
    const struct body_spec up = {
        .family = "ellipse", .x = 24, .y = at, .size = 13, .aspect = 0.6, .angle = 25};
    struct body_spec down = up;
    struct lattice_options o;
    double worst = 0;
    lattice_defaults(&o);
    o.tau = 0.56;
    o.ends = LATTICE_ENDS_OPEN;
    o.bottom = o.top = BOUNDARY_EDGE_SLIP;
    o.inflow = (struct inflow){.speed = 0.1, .ramp_steps = 300, .kick = 0.005};
    o.outflow_rate = outflow_default_rate(N);
    o.sponge = 12;
    snprintf(o.collision, sizeof o.collision, "%s", collision);
    double *a = run(&o, &up, 1);
    down.y = N - at;
    down.angle = -up.angle;
    o.inflow.kick = -o.inflow.kick;
    double *b = run(&o, &down, 1);
    for (int64_t x = 0; x < N; x++)
        for (int64_t y = 0; y < N; y++) {
            int64_t cell = x * N + y, other = x * N + N - 1 - y;
            worst = fmax(worst, fabs(a[START_UX * CELLS + cell] - b[START_UX * CELLS + other]));
            worst = fmax(worst, fabs(a[START_UY * CELLS + cell] + b[START_UY * CELLS + other]));
        }
    worst /= greatest_speed(a);
    free(a);
    free(b);
    return worst;
}

Test(symmetry, mirrored_case_gives_the_mirrored_flow_in_float64)
{
    for (int kind = 0; kind < COLLISIONS; kind++) {
        const char *name = collision_name((enum collision_kind)kind);
        double error = mirror_error(name);
        fprintf(stderr, "mirrored, %s: %.2g\n", name, error);
        cr_assert_lt(error, allowed, "%s: %g", name, error);
    }
}

/* A quarter turn about the middle: (x, y) becomes (N - y, x). */
static double turn_error(const char *collision, double smagorinsky)
{
    const struct body_spec specs[2] = {
        {.family = "ellipse", .x = 20.2, .y = 25.7, .size = 15, .aspect = 0.6, .angle = 25},
        {.family = "regular-polygon", .x = 50.1, .y = 43.6, .size = 16, .sides = 5, .angle = 10}};
    struct body_spec turned[2];
    struct lattice_options o;
    double worst = 0;
    lattice_defaults(&o);
    o.tau = 0.56;
    o.smagorinsky = smagorinsky;
    o.force_x = 2e-5;
    o.force_y = 7e-6;
    snprintf(o.collision, sizeof o.collision, "%s", collision);
    double *a = run(&o, specs, 2);
    for (int k = 0; k < 2; k++) {
        turned[k] = specs[k];
        turned[k].x = N - specs[k].y;
        turned[k].y = specs[k].x;
        turned[k].angle = specs[k].angle + 90;
    }
    o.force_x = -7e-6;
    o.force_y = 2e-5;
    double *b = run(&o, turned, 2);
    for (int64_t x = 0; x < N; x++)
        for (int64_t y = 0; y < N; y++) {
            int64_t cell = x * N + y, other = (N - 1 - y) * N + x;
            worst = fmax(worst, fabs(a[START_UX * CELLS + cell] - b[START_UY * CELLS + other]));
            worst = fmax(worst, fabs(a[START_UY * CELLS + cell] + b[START_UX * CELLS + other]));
        }
    double most = greatest_speed(a);
    cr_assert_gt(most, 0.005);
    free(a);
    free(b);
    return worst / most;
}

Test(symmetry, turned_case_gives_the_turned_flow_in_float64)
{
    for (int kind = 0; kind < COLLISIONS; kind++) {
        const char *name = collision_name((enum collision_kind)kind);
        double error = turn_error(name, 0), with_eddies = turn_error(name, 0.15);
        fprintf(stderr, "turned, %s: %.2g; with eddies %.2g\n", name, error, with_eddies);
        cr_assert_lt(error, allowed, "%s: %g", name, error);
        cr_assert_lt(with_eddies, allowed, "%s with eddies: %g", name, with_eddies);
    }
}
