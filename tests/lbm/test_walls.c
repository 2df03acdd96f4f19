/* SPDX-License-Identifier: Apache-2.0
 *
 * Edges and bodies in flows whose answer is known: what slips, drags, wraps and pushes. */
#include "geometry.h"
#include "lattice.h"
#include "lattice_state.h"
#include "outflow.h"
#include "philox.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { NX = 24, NY = 18, CELLS = NX * NY };

static void options_of(struct lattice_options *o, enum boundary_edge_kind edge)
{
    lattice_defaults(o);
    o->nx = NX;
    o->ny = NY;
    o->number = ROW_DOUBLE;
    o->bottom = o->top = edge;
}

static struct lattice *create(const struct lattice_options *o)
{
    struct lattice *lattice = NULL;
    cr_assert_eq(lattice_create(&lattice, o), OK, "%s", error_message());
    return lattice;
}

/* Momentum of the fluid after the last step. */
static void momentum_of(double out[2], const struct lattice *lattice,
                        const struct lattice_options *o)
{
    double rho[NY], ux[NY], uy[NY];
    out[0] = out[1] = 0;
    for (int64_t x = 0; x < NX; x++) {
        lattice_row(rho, ux, uy, lattice, x);
        for (int64_t y = 0; y < NY; y++) {
            if (lattice_solid(lattice)[x * NY + y])
                continue;
            out[0] += rho[y] * ux[y] + 0.5 * o->force_x;
            out[1] += rho[y] * uy[y] + 0.5 * o->force_y;
        }
    }
}

static void set_stream(struct lattice *lattice, double u)
{
    double *v = calloc(START_FIELDS * CELLS, sizeof *v);
    cr_assert_not_null(v);
    for (int64_t cell = 0; cell < CELLS; cell++) {
        v[cell] = 1;
        v[START_UX * CELLS + cell] = u;
        v[START_PXX * CELLS + cell] = u * u;
    }
    lattice_state_set(lattice, v, 0);
    free(v);
}

Test(walls, slip_does_not_drag)
{
    struct lattice_options o;
    double rho[NY], ux[NY], uy[NY];
    options_of(&o, BOUNDARY_EDGE_SLIP);
    struct lattice *lattice = create(&o);
    set_stream(lattice, 0.1);
    cr_assert_eq(lattice_run(lattice, 1000, NULL), OK);
    lattice_row(rho, ux, uy, lattice, 5);
    for (int64_t y = 0; y < NY; y++) {
        cr_assert_float_eq(ux[y], 0.1, 1e-13);
        cr_assert_float_eq(uy[y], 0, 1e-13);
        cr_assert_float_eq(rho[y], 1, 1e-13);
    }
    lattice_destroy(lattice);
}

/* A slip wall is a mirror: half a mirrored periodic flow. */
Test(walls, slip_is_a_mirror)
{
    struct lattice_options half, whole;
    options_of(&half, BOUNDARY_EDGE_SLIP);
    options_of(&whole, BOUNDARY_EDGE_PERIODIC);
    whole.ny = 2 * NY;
    struct lattice *a = create(&half), *b = create(&whole);
    double *v = calloc(START_FIELDS * CELLS, sizeof *v);
    double *w = calloc(2 * START_FIELDS * CELLS, sizeof *w);
    cr_assert(v != NULL && w != NULL);
    for (int k = 0; k < START_FIELDS; k++)
        for (int64_t cell = 0; cell < CELLS; cell++) {
            double random = philox_uniform(5, PHILOX_STREAM_TEST, (uint64_t)(k * CELLS + cell));
            double value = (k == START_RHO) + 0.05 * (random - 0.5);
            double sign = k == START_UY || k == START_PXY ? -1 : 1;
            int64_t x = cell / NY, y = cell % NY;
            v[k * CELLS + cell] = value;
            w[2 * k * CELLS + 2 * x * NY + y] = value;
            w[2 * k * CELLS + 2 * x * NY + 2 * NY - 1 - y] = sign * value;
        }
    lattice_state_set(a, v, 0);
    lattice_state_set(b, w, 0);
    lattice_state_watch(a, v);
    lattice_state_watch(b, w);
    cr_assert_eq(lattice_run(a, 200, NULL), OK);
    cr_assert_eq(lattice_run(b, 200, NULL), OK);
    for (int k = 0; k < START_FIELDS; k++)
        for (int64_t cell = 0; cell < CELLS; cell++)
            cr_assert_float_eq(v[k * CELLS + cell],
                               w[2 * k * CELLS + 2 * (cell / NY) * NY + cell % NY], 1e-14);
    lattice_destroy(a);
    lattice_destroy(b);
    free(v);
    free(w);
}

Test(walls, moving_top_makes_couette_flow)
{
    struct lattice_options o;
    double rho[NY], ux[NY], uy[NY], force[2];
    options_of(&o, BOUNDARY_EDGE_NO_SLIP);
    snprintf(o.collision, sizeof o.collision, "trt");
    o.top_speed = 0.05;
    struct lattice *lattice = create(&o);
    cr_assert_eq(lattice_run(lattice, 20000, NULL), OK);
    lattice_row(rho, ux, uy, lattice, 7);
    for (int y = 0; y < NY; y++)
        cr_assert_float_eq(ux[y], 0.05 * (y + 0.5) / NY, 1e-12);
    lattice_wall_force(force, lattice);
    cr_assert_float_eq(force[0], 0, 1e-11, "what the top gives the bottom takes: %g", force[0]);
    lattice_destroy(lattice);
}

/* The same, turned: the right end moves along y. Corner links rest, so away from the corners. */
Test(walls, moving_right_end_drives_a_cavity)
{
    struct lattice_options o;
    double rho[NY], ux[NY], uy[NY];
    options_of(&o, BOUNDARY_EDGE_NO_SLIP);
    o.ends = LATTICE_ENDS_WALLS;
    o.right_speed = 0.05;
    struct lattice *lattice = create(&o);
    cr_assert_eq(lattice_run(lattice, 4000, NULL), OK);
    lattice_row(rho, ux, uy, lattice, NX - 1);
    cr_assert_gt(uy[NY / 2], 0.03);
    lattice_row(rho, ux, uy, lattice, 0);
    cr_assert_lt(fabs(uy[NY / 2]), 0.005);
    lattice_destroy(lattice);
}

static void run_square(double load[2 * LATTICE_LOADS], double forces[2], double centre)
{
    /* Squares of 6 cells about (8, 7.3) and (18, 10.3), told from another centre. */
    const double corners[8] = {-3 - centre, -3, 3 - centre, -3, 3 - centre, 3, -3 - centre, 3};
    const struct body_spec specs[2] = {{.family = "polygon",
                                        .x = 6 + centre,
                                        .y = 7.3,
                                        .size = 1,
                                        .vertices = corners,
                                        .vertex_count = 4},
                                       {.family = "polygon",
                                        .x = 17 + centre,
                                        .y = 10.3,
                                        .size = 1,
                                        .vertices = corners,
                                        .vertex_count = 4}};
    struct geometry *geometry = NULL;
    struct lattice_options o;
    cr_assert_eq(geometry_create(&geometry, specs, 2), OK, "%s", error_message());
    options_of(&o, BOUNDARY_EDGE_PERIODIC);
    o.geometry = geometry;
    o.force_x = 2e-5;
    o.force_y = 1e-5;
    struct lattice *lattice = create(&o);
    cr_assert_eq(lattice_run(lattice, 300, NULL), OK);
    cr_assert_eq(lattice_run_bodies(lattice, 1, forces, load), OK);
    lattice_destroy(lattice);
    geometry_destroy(geometry);
}

/* Every body has its part of the force, and a torque that moves with the centre: T' = T - d x F. */
Test(walls, every_body_has_its_force_and_its_torque)
{
    double load[2 * LATTICE_LOADS], other[2 * LATTICE_LOADS], forces[2], same[2];
    run_square(load, forces, 0);
    run_square(other, same, 1.5);
    for (int k = 0; k < 2; k++) {
        const double *a = load + LATTICE_LOADS * k, *b = other + LATTICE_LOADS * k;
        cr_assert_gt(a[0], 1e-4);
        cr_assert_float_eq(b[0], a[0], 1e-12);
        cr_assert_float_eq(b[2], a[2] - 1.5 * a[1], 1e-12);
    }
    cr_assert_float_neq(load[0], load[LATTICE_LOADS], 1e-6);
    for (int axis = 0; axis < 2; axis++)
        cr_assert_eq(forces[axis], load[axis] + load[LATTICE_LOADS + axis]);
}

/* One step: what the fluid loses, bodies and walls have gained. force: on bodies, wall: on bottom
 * and top. */
static void step_in_balance(double force[2], double wall[2], struct lattice *lattice,
                            const struct lattice_options *o)
{
    double before[2], after[2], cells = (double)lattice_fluid_cells(lattice);
    momentum_of(before, lattice, o);
    cr_assert_eq(lattice_run(lattice, 1, force), OK);
    momentum_of(after, lattice, o);
    lattice_wall_force(wall, lattice);
    cr_assert_float_eq(after[0] - before[0], o->force_x * cells - force[0] - wall[0], 1e-14);
    cr_assert_float_eq(after[1] - before[1], o->force_y * cells - force[1] - wall[1], 1e-14);
}

/* Whatever the flow: momentum exchange is exact, with interpolated walls too. */
Test(walls, body_gains_what_the_fluid_loses)
{
    for (int kind = 0; kind < COLLISIONS; kind++)
        for (int way = 0; way < 2; way++) {
            struct body_spec spec = {
                .family = "ellipse", .x = 11.3, .y = 8.2, .size = 8, .aspect = 0.6, .angle = 30};
            struct geometry *geometry = NULL;
            struct lattice_options o;
            double force[2], wall[2];
            cr_assert_eq(geometry_create(&geometry, &spec, 1), OK);
            options_of(&o, BOUNDARY_EDGE_PERIODIC);
            snprintf(o.collision, sizeof o.collision, "%s",
                     collision_name((enum collision_kind)kind));
            o.geometry = geometry;
            o.wall = way == 0 ? LINK_BOUZIDI : LINK_HALFWAY;
            o.force_x = 2e-5;
            o.force_y = 1e-5;
            struct lattice *lattice = create(&o);
            for (int k = 0; k < 5; k++) {
                cr_assert_eq(lattice_run(lattice, 50, NULL), OK);
                step_in_balance(force, wall, lattice, &o);
                cr_assert_gt(force[0], 1e-4);
                cr_assert(wall[0] == 0 && wall[1] == 0, "there is none");
            }
            lattice_destroy(lattice);
            geometry_destroy(geometry);
        }
}

/* Of a body that stands on the floor of a channel, too: what it covers of a floor that moves feels
 * nothing. */
Test(walls, floor_and_what_stands_on_it_gain_what_the_fluid_loses)
{
    struct body_spec spec = {
        .family = "ellipse", .x = 11.3, .y = 1, .size = 8, .aspect = 0.8, .angle = 30};
    struct geometry *geometry = NULL;
    struct lattice_options o;
    double force[2], wall[2];
    cr_assert_eq(geometry_create(&geometry, &spec, 1), OK);
    options_of(&o, BOUNDARY_EDGE_NO_SLIP);
    o.geometry = geometry;
    o.force_x = 2e-5;
    o.bottom_speed = -0.01;
    struct lattice *lattice = create(&o);
    for (int k = 0; k < 5; k++) {
        cr_assert_eq(lattice_run(lattice, 50, NULL), OK);
        step_in_balance(force, wall, lattice, &o);
        cr_assert_gt(fmin(fabs(force[0]), fabs(wall[0])), 1e-5);
    }
    lattice_destroy(lattice);
    geometry_destroy(geometry);
}

Test(walls, closed_cavity_keeps_its_mass_and_turns)
{
    struct lattice_options o;
    double mass, speed;
    options_of(&o, BOUNDARY_EDGE_NO_SLIP);
    o.ends = LATTICE_ENDS_WALLS;
    o.top_speed = 0.1;
    struct lattice *lattice = create(&o);
    cr_assert_eq(lattice_run(lattice, 2000, NULL), OK);
    lattice_survey(&mass, &speed, lattice);
    cr_assert_float_eq(mass, 0, 1e-11);
    cr_assert(speed > 0.02 && speed < 0.1, "%g", speed);
    lattice_destroy(lattice);
}

/* The lid's links push a row of cells by u / 3 in its first step, two diagonals with u / 6 each. In
 * the corners one of the two belongs to the side wall and rests. */
Test(walls, corners_of_a_cavity_rest)
{
    struct lattice_options o;
    double rho[NY], ux[NY], uy[NY];
    options_of(&o, BOUNDARY_EDGE_NO_SLIP);
    o.ends = LATTICE_ENDS_WALLS;
    o.top_speed = 0.1;
    struct lattice *lattice = create(&o);
    cr_assert_eq(lattice_run(lattice, 1, NULL), OK);
    for (int64_t x = 0; x < NX; x++) {
        double push = x == 0 || x == NX - 1 ? 0.1 / 6 : 0.1 / 3;
        lattice_row(rho, ux, uy, lattice, x);
        cr_assert_float_eq(rho[NY - 1] * ux[NY - 1], push, 1e-14, "column %d", (int)x);
    }
    lattice_destroy(lattice);
}

/* rho / 3 + rho u^2 of the plane half a cell before row x (`side` 1) or behind it (-1), from the
 * three rows next to it, summed over the height: what pushes a channel's fluid on. */
static double thrust_at(const struct lattice *lattice, int64_t x, int side)
{
    static const double weights[3] = {1.875, -1.25, 0.375};
    double rho[NY], ux[NY], uy[NY], sum = 0;
    for (int k = 0; k < 3; k++) {
        lattice_row(rho, ux, uy, lattice, x + k * side);
        for (int64_t y = 0; y < NY; y++)
            sum += weights[k] * (rho[y] / 3 + rho[y] * ux[y] * ux[y]);
    }
    return sum;
}

/* Steady flow in at a parabola's speeds: what the walls feel, and what the fluid loses. */
static void flow_through(double *force, double *lost, int64_t nx)
{
    struct lattice_options o;
    double forces[2];
    options_of(&o, BOUNDARY_EDGE_NO_SLIP);
    snprintf(o.collision, sizeof o.collision, "trt");
    o.nx = nx;
    o.ends = LATTICE_ENDS_OPEN;
    o.inflow = (struct inflow){.profile = INFLOW_PARABOLIC, .speed = 0.01};
    o.outflow_rate = outflow_default_rate((double)nx);
    struct lattice *lattice = create(&o);
    cr_assert_eq(lattice_run(lattice, 20000, NULL), OK, "%s", error_message());
    lattice_wall_force(forces, lattice);
    cr_assert_float_eq(forces[1], 0, 1e-12);
    *force = forces[0];
    *lost = thrust_at(lattice, 0, 1) - thrust_at(lattice, nx - 1, -1);
    lattice_destroy(lattice);
}

/* Force on the walls = drop of pressure x height. The outlet has a layer of its own, so to the
 * digit in what a longer channel has more. */
Test(walls, of_a_channel_feel_its_drop_of_pressure)
{
    double force, lost, more, more_lost;
    flow_through(&force, &lost, 2 * NX);
    flow_through(&more, &more_lost, 4 * NX);
    fprintf(stderr, "walls feel %.8g, the fluid loses %.8g (%+.2f %%); what is more %+.2g\n", more,
            more_lost, 100 * (more / more_lost - 1), (more - force) / (more_lost - lost) - 1);
    cr_assert_float_eq(more, more_lost, 0.01 * more_lost);
    cr_assert_float_eq(more - force, more_lost - lost, 1e-6 * more_lost);
}

/* A fluid at rest that is pushed along a closed box leans on its ends, not on bottom and top. */
Test(walls, do_not_feel_the_pressure_on_the_ends)
{
    struct lattice_options o;
    double force[2];
    options_of(&o, BOUNDARY_EDGE_NO_SLIP);
    snprintf(o.collision, sizeof o.collision, "trt");
    o.ends = LATTICE_ENDS_WALLS;
    o.force_x = 1e-5;
    struct lattice *lattice = create(&o);
    cr_assert_eq(lattice_run(lattice, 20000, NULL), OK, "%s", error_message());
    lattice_wall_force(force, lattice);
    cr_assert_float_eq(force[0], 0, 1e-3 * o.force_x * CELLS, "%g of the whole",
                       force[0] / (o.force_x * CELLS));
    lattice_destroy(lattice);
}
