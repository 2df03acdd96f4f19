/* SPDX-License-Identifier: Apache-2.0
 *
 * Which way up a flow is must not matter: the mirrored case gives the mirrored flow, the turned one
 * the turned flow, to 1e-10 of the greatest speed after 2000 steps in float64, for every operator:
 * density, velocity, and force and torque on each body.
 */
#include "collision.h"
#include "geometry.h"
#include "greatest.h"
#include "lattice.h"
#include "lattice_state.h"
#include "outflow.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 2000, N = 72, CELLS = N * N };
static const double allowed = 1e-10;

enum { BODIES = 2 };

/* After STEPS: START_FIELDS of every cell, and each body's load. */
struct flow {
    double v[START_FIELDS * CELLS];
    double loads[BODIES * LATTICE_LOADS];
    double speed;
};

/* The options with bodies `specs`, on N x N cells. */
static struct flow *run(struct lattice_options *o, const struct body_spec *specs, int64_t count)
{
    struct geometry *geometry = NULL;
    struct lattice *lattice = NULL;
    struct flow *flow = calloc(1, sizeof *flow);
    cr_assert_not_null(flow);
    cr_assert_eq(geometry_create(&geometry, specs, count), OK, "%s", error_message());
    o->geometry = geometry;
    o->nx = o->ny = N;
    o->number = ROW_DOUBLE;
    cr_assert_eq(lattice_create(&lattice, o), OK, "%s", error_message());
    geometry_destroy(geometry);
    cr_assert_eq(lattice_run(lattice, STEPS - 1, NULL), OK, "%s", error_message());
    lattice_state_watch(lattice, flow->v);
    cr_assert_eq(lattice_run_bodies(lattice, 1, NULL, flow->loads), OK, "%s", error_message());
    lattice_destroy(lattice);
    for (int64_t cell = 0; cell < CELLS; cell++)
        greatest_note(&flow->speed,
                      hypot(flow->v[START_UX * CELLS + cell], flow->v[START_UY * CELLS + cell]));
    return flow;
}

/* Greatest difference between flow b and flow a mapped onto it, over the greatest speed: vectors
 * (x, y) of a become (xx x + xy y, yx x + yy y), `spin` is the sign of its torques, and cell c of a
 * becomes to[c]. */
struct map {
    int xx, xy, yx, yy, spin;
    int64_t (*to)(int64_t x, int64_t y);
};

static double difference(const struct flow *a, const struct flow *b, const struct map *map)
{
    double worst = 0;
    const double *u = a->v + START_UX * CELLS, *v = a->v + START_UY * CELLS;
    for (int64_t cell = 0; cell < CELLS; cell++) {
        int64_t to = map->to(cell / N, cell % N);
        double x = map->xx * u[cell] + map->xy * v[cell];
        double y = map->yx * u[cell] + map->yy * v[cell];
        greatest_note(&worst, fabs(b->v[START_RHO * CELLS + to] - a->v[START_RHO * CELLS + cell]));
        greatest_note(&worst, fabs(b->v[START_UX * CELLS + to] - x));
        greatest_note(&worst, fabs(b->v[START_UY * CELLS + to] - y));
    }
    for (int k = 0; k < BODIES; k++) {
        const double *from = a->loads + LATTICE_LOADS * k, *load = b->loads + LATTICE_LOADS * k;
        greatest_note(&worst, fabs(load[0] - (map->xx * from[0] + map->xy * from[1])));
        greatest_note(&worst, fabs(load[1] - (map->yx * from[0] + map->yy * from[1])));
        greatest_note(&worst, fabs(load[2] - map->spin * from[2]));
    }
    return worst / a->speed;
}

static int64_t mirrored(int64_t x, int64_t y)
{
    return x * N + N - 1 - y;
}

/* A quarter turn about the middle, counter-clockwise: (x, y) becomes (N - y, x). */
static int64_t turned(int64_t x, int64_t y)
{
    return (N - 1 - y) * N + x;
}

static const struct map mirror = {1, 0, 0, -1, -1, mirrored};
static const struct map turn = {0, -1, 1, 0, 1, turned};

static struct lattice_options options_of(const char *collision)
{
    struct lattice_options o;
    lattice_defaults(&o);
    o.tau = 0.56;
    snprintf(o.collision, sizeof o.collision, "%s", collision);
    return o;
}

/* A stream past an ellipse and a circle that spins. */
static double mirror_error(const char *collision)
{
    const struct body_spec up[BODIES] = {
        {.family = "ellipse", .x = 24, .y = 31.4, .size = 13, .aspect = 0.6, .angle = 25},
        {.family = "circle", .x = 41.3, .y = 44.2, .size = 7}};
    const struct body_course courses[BODIES] = {{.spin = 0}, {.spin = 0.008}};
    const struct body_course back[BODIES] = {{.spin = 0}, {.spin = -0.008}};
    struct body_spec down[BODIES] = {up[0], up[1]};
    struct lattice_options o = options_of(collision);
    o.ends = LATTICE_ENDS_OPEN;
    o.bottom = o.top = BOUNDARY_EDGE_SLIP;
    o.inflow = (struct inflow){.speed = 0.1, .ramp_steps = 300, .kick = 0.005};
    o.outflow_rate = outflow_default_rate(N);
    o.sponge = 12;
    o.courses = courses;
    struct flow *a = run(&o, up, BODIES);
    for (int k = 0; k < BODIES; k++) {
        down[k].y = N - up[k].y;
        down[k].angle = -up[k].angle;
    }
    o.inflow.kick = -o.inflow.kick;
    o.courses = back;
    struct flow *b = run(&o, down, BODIES);
    double worst = difference(a, b, &mirror);
    cr_assert_gt(fabs(a->loads[1]), 1e-3);
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
        cr_assert_leq(error, allowed, "%s: %g", name, error);
    }
}

static struct body_spec turned_body(const struct body_spec *spec)
{
    struct body_spec body = *spec;
    body.x = N - spec->y;
    body.y = spec->x;
    body.angle = spec->angle + 90;
    return body;
}

static const struct body_spec two_bodies[BODIES] = {
    {.family = "ellipse", .x = 20.2, .y = 25.7, .size = 15, .aspect = 0.6, .angle = 25},
    {.family = "regular-polygon", .x = 50.1, .y = 43.6, .size = 16, .sides = 5, .angle = 10}};

static double turn_error(struct lattice_options *straight, struct lattice_options *quarter)
{
    struct body_spec bodies[BODIES] = {turned_body(&two_bodies[0]), turned_body(&two_bodies[1])};
    struct flow *a = run(straight, two_bodies, BODIES), *b = run(quarter, bodies, BODIES);
    double worst = difference(a, b, &turn);
    cr_assert_gt(a->speed, 0.005);
    free(a);
    free(b);
    return worst;
}

/* Between periodic sides, driven by a body force. */
static double turn_error_of_force(const char *collision, double smagorinsky)
{
    struct lattice_options o = options_of(collision), quarter;
    o.smagorinsky = smagorinsky;
    quarter = o;
    o.force_x = quarter.force_y = 2e-5;
    o.force_y = 7e-6;
    quarter.force_x = -7e-6;
    return turn_error(&o, &quarter);
}

/* In a box whose four walls move: ends and edges, which are written apart, do the same. */
static double turn_error_of_box(const char *collision)
{
    struct lattice_options o = options_of(collision), quarter;
    o.ends = LATTICE_ENDS_WALLS;
    o.bottom = o.top = BOUNDARY_EDGE_NO_SLIP;
    o.wall = LINK_HALFWAY;
    quarter = o;
    o.right_speed = 0.04;
    quarter.top_speed = -o.right_speed;
    o.left_speed = -0.03;
    quarter.bottom_speed = -o.left_speed;
    o.top_speed = quarter.left_speed = 0.02;
    o.bottom_speed = quarter.right_speed = 0.05;
    return turn_error(&o, &quarter);
}

Test(symmetry, turned_box_of_moving_walls_gives_the_turned_flow_in_float64)
{
    for (int kind = 0; kind < COLLISIONS; kind++) {
        const char *name = collision_name((enum collision_kind)kind);
        double error = turn_error_of_box(name);
        fprintf(stderr, "turned box, %s: %.2g\n", name, error);
        cr_assert_leq(error, allowed, "%s: %g", name, error);
    }
}

Test(symmetry, turned_case_gives_the_turned_flow_in_float64)
{
    for (int kind = 0; kind < COLLISIONS; kind++) {
        const char *name = collision_name((enum collision_kind)kind);
        double error = turn_error_of_force(name, 0);
        double with_eddies = turn_error_of_force(name, 0.15);
        fprintf(stderr, "turned, %s: %.2g; with eddies %.2g\n", name, error, with_eddies);
        cr_assert_leq(error, allowed, "%s: %g", name, error);
        cr_assert_leq(with_eddies, allowed, "%s with eddies: %g", name, with_eddies);
    }
}
