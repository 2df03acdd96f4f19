/* SPDX-License-Identifier: Apache-2.0
 *
 * Bodies that move: what they feel in a stream that goes with them, what a spinning one feels, and
 * that drag is the same whether the body or the fluid moves. float64. */
#include "body_course.h"
#include "collision.h"
#include "geometry.h"
#include "lattice.h"
#include "lattice_motion.h"
#include "lattice_state.h"
#include "outflow.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct lattice *create(struct lattice_options *o, const struct body_spec *specs,
                              int64_t count)
{
    struct geometry *geometry = NULL;
    struct lattice *lattice = NULL;
    cr_assert_eq(geometry_create(&geometry, specs, count), OK, "%s", error_message());
    o->geometry = geometry;
    cr_assert_eq(lattice_create(&lattice, o), OK, "%s", error_message());
    geometry_destroy(geometry);
    return lattice;
}

static void set_stream(struct lattice *lattice, int64_t cells, double u, double v)
{
    double *values = calloc((size_t)(START_FIELDS * cells), sizeof *values);
    cr_assert_not_null(values);
    for (int64_t cell = 0; cell < cells; cell++) {
        values[START_RHO * cells + cell] = 1;
        values[START_UX * cells + cell] = u;
        values[START_UY * cells + cell] = v;
        values[START_PXX * cells + cell] = u * u;
        values[START_PXY * cells + cell] = u * v;
        values[START_PYY * cells + cell] = v * v;
    }
    lattice_state_set(lattice, values, 0);
    free(values);
}

/* Greatest load on bodies that go with a stream along x or y, over 65 steps (5 cells). */
static double load_in_company(const char *collision, enum link_wall wall, double u, double v)
{
    enum { N = 80, STEPS = 65, BODIES = 2 };
    static double series[STEPS * BODIES * LATTICE_LOADS], forces[2 * STEPS];
    const struct body_spec specs[BODIES] = {
        {.family = "ellipse", .x = 20.3, .y = 21.2, .size = 14, .aspect = 0.6, .angle = 30},
        {.family = "rectangle", .x = 44.7, .y = 40.1, .size = 9, .aspect = 1}};
    const struct body_course courses[BODIES] = {{.u = u, .v = v}, {.u = u, .v = v}};
    struct lattice_options o;
    double worst = 0;
    lattice_defaults(&o);
    o.nx = o.ny = N;
    o.number = ROW_DOUBLE;
    o.tau = 0.55;
    o.wall = wall;
    o.courses = courses;
    snprintf(o.collision, sizeof o.collision, "%s", collision);
    struct lattice *lattice = create(&o, specs, BODIES);
    set_stream(lattice, N * N, u, v);
    cr_assert_eq(lattice_bodies(lattice), BODIES);
    cr_assert_eq(lattice_motion_quiet(lattice, 9), 0);
    cr_assert_eq(lattice_run_bodies(lattice, STEPS, forces, series), OK, "%s", error_message());
    for (int k = 0; k < STEPS * BODIES * LATTICE_LOADS; k++)
        worst = fmax(worst, fabs(series[k]));
    lattice_destroy(lattice);
    return worst;
}

Test(motion, a_body_that_goes_with_the_stream_feels_nothing)
{
    for (int kind = 0; kind < COLLISIONS; kind++)
        for (int wall = 0; wall < 2; wall++)
            for (int across = 0; across < 2; across++) {
                const char *name = collision_name((enum collision_kind)kind);
                double load = load_in_company(name, wall == 0 ? LINK_BOUZIDI : LINK_HALFWAY,
                                              across ? 0 : 0.08, across ? 0.08 : 0);
                cr_assert_lt(load, 1e-12, "%s, wall %d, across %d: %g", name, wall, across, load);
            }
}

/* One link of a moving wall, by the letter: what it reflects, and (c_i - u_w) f*_i - (c_ibar - u_w)
 * f_ibar with its moment. */
Test(motion, a_link_of_a_moving_wall_exerts_what_the_formula_says)
{
    enum { LINE = 48, AT = 5, I = 5 /* NE */, BACK = 7 };
    static double rows[3][9 * LINE];
    const struct row_kernels *kernels = NULL;
    struct link links[] = {{.y = AT,
                            .direction = I,
                            .other = LINK_REVERSED,
                            .body = 1,
                            .a = 0.7,
                            .b = 0.3,
                            .lever = 2}};
    struct link_wall_speed speeds[] = {{.u = 0.03, .v = -0.02, .push = 0.004, .lever = 0.11}};
    int64_t first[] = {0, 1};
    const struct link_list list = {links, speeds, first, .nx = 1, .begin = 0, .end = 1};
    const struct row_group group = {
        .first = {.from = rows[1] + 16, .row = 9 * LINE, .line = LINE}, .rows = 1, .way = 1};
    struct link_slots *slots = NULL;
    double loads[ROW_WALL_LOADS + 2 * LATTICE_LOADS], *forces = loads + ROW_WALL_LOADS;
    cr_assert_eq(row_kernel_find(&kernels, ROW_DOUBLE, ROW_ISA_AUTO), OK);
    cr_assert_eq(link_slots_renew(&slots, &list, sizeof(double), 9 * LINE, LINE), OK);
    rows[1][16 + I * LINE + AT] = 0.021;
    rows[1][16 + BACK * LINE + AT] = -0.013;
    kernels->links(&group, &list, slots, 0, loads, ROW_WALL_LOADS + 2 * LATTICE_LOADS);
    link_slots_destroy(slots);
    double here = 0.021, value = 0.7 * here + 0.3 * -0.013 - 0.004;
    cr_assert_float_eq(rows[2][16 + BACK * LINE + AT + 1], value, 1e-17);
    cr_assert_float_eq(forces[3], (here + value) - 0.03 * (here - value), 1e-17);
    cr_assert_float_eq(forces[4], (here + value) + 0.02 * (here - value), 1e-17);
    cr_assert_float_eq(forces[5], 2 * (here + value) - 0.11 * (here - value), 1e-17);
    cr_assert_eq(forces[0], 0);
}

/* Drag on a circle at Re 40: it moves, or the fluid does. */
static double drag_of(int moves, double *ripple)
{
    enum { NX = 300, NY = 64, STEPS = 3200, FROM = 2200 };
    static double forces[2 * STEPS];
    const double speed = 0.05, d = 10;
    const struct body_course course = {.u = -speed, .rise = 300};
    const struct body_spec spec = {.family = "circle", .x = moves ? 240 : 80, .y = 32, .size = d};
    struct lattice_options o;
    double mean = 0, squares = 0;
    lattice_defaults(&o);
    o.nx = NX;
    o.ny = NY;
    o.number = ROW_DOUBLE;
    o.tau = 0.5 + 3 * speed * d / 40;
    o.bottom = o.top = BOUNDARY_EDGE_SLIP;
    o.ends = moves ? LATTICE_ENDS_WALLS : LATTICE_ENDS_OPEN;
    o.inflow = (struct inflow){.speed = speed};
    o.outflow_rate = outflow_default_rate(NX);
    o.courses = moves ? &course : NULL;
    struct lattice *lattice = create(&o, &spec, 1);
    if (!moves)
        set_stream(lattice, NX * NY, speed, 0);
    cr_assert_eq(lattice_run(lattice, STEPS, forces), OK, "%s", error_message());
    for (int k = FROM; k < STEPS; k++)
        mean += forces[2 * k] / (STEPS - FROM);
    for (int k = FROM; k < STEPS; k++)
        squares += pow(forces[2 * k] - mean, 2) / (STEPS - FROM);
    *ripple = sqrt(squares) / fabs(mean);
    lattice_destroy(lattice);
    return 2 * mean / (speed * speed * d);
}

Test(motion, drag_is_the_same_whether_body_or_fluid_moves)
{
    double still_ripple, moving_ripple;
    double still = drag_of(0, &still_ripple), moving = drag_of(1, &moving_ripple);
    fprintf(stderr, "Cd %.4f at rest (ripple %.2g), %.4f moving (ripple %.2g)\n", still,
            still_ripple, moving, moving_ripple);
    cr_assert_gt(still, 1);
    cr_assert_float_eq(moving, still, 0.01 * still);
    cr_assert_lt(moving_ripple, 0.1);
}

/* A cylinder of radius a that spins in a fluid at rest far away feels the torque -4 pi mu Omega
 * a^2, in a concentric shell of radius R that times R^2 / (R^2 - a^2): 1 to 1.03 in this box. */
Test(motion, a_spinning_circle_feels_the_torque_of_the_fluid)
{
    enum { N = 96, STEPS = 20000 };
    const double a = 6, spin = 2e-3, nu = 1.0 / 6;
    const struct body_course course = {.spin = spin};
    const struct body_spec spec = {.family = "circle", .x = 48.3, .y = 47.8, .size = 2 * a};
    struct lattice_options o;
    double load[LATTICE_LOADS];
    lattice_defaults(&o);
    o.nx = o.ny = N;
    o.number = ROW_DOUBLE;
    snprintf(o.collision, sizeof o.collision, "trt");
    o.tau = 0.5 + 3 * nu;
    o.ends = LATTICE_ENDS_WALLS;
    o.bottom = o.top = BOUNDARY_EDGE_NO_SLIP;
    o.courses = &course;
    struct lattice *lattice = create(&o, &spec, 1);
    cr_assert_eq(lattice_motion_quiet(lattice, 9), 9, "a circle that spins stays where it is");
    cr_assert_eq(lattice_run(lattice, STEPS - 1, NULL), OK, "%s", error_message());
    cr_assert_eq(lattice_run_bodies(lattice, 1, NULL, load), OK);
    double ratio = load[2] / (-4 * acos(-1) * nu * spin * a * a);
    fprintf(stderr, "torque / (4 pi mu Omega a^2) = %.4f\n", ratio);
    cr_assert(ratio > 1 && ratio < 1.03, "%g", ratio);
    cr_assert_lt(fabs(load[0]) * a, 0.01 * fabs(load[2]));
    lattice_destroy(lattice);
}

/* A rectangle that spins sweeps the fluid with it, and is held back; links and mask follow it. */
Test(motion, a_spinning_bar_turns_its_mask_and_is_held_back)
{
    enum { N = 64, QUARTER = 1571 }; /* steps of a quarter turn */
    const struct body_course course = {.spin = acos(-1) / 2 / QUARTER};
    const struct body_spec spec = {
        .family = "rectangle", .x = 32, .y = 32, .size = 20, .aspect = 0.3};
    struct lattice_options o;
    double load[LATTICE_LOADS];
    lattice_defaults(&o);
    o.nx = o.ny = N;
    o.number = ROW_DOUBLE;
    o.tau = 0.6;
    o.ends = LATTICE_ENDS_WALLS;
    o.bottom = o.top = BOUNDARY_EDGE_NO_SLIP;
    o.courses = &course;
    struct lattice *lattice = create(&o, &spec, 1);
    cr_assert(lattice_solid(lattice)[40 * N + 32] && !lattice_solid(lattice)[32 * N + 40]);
    cr_assert_eq(lattice_run_bodies(lattice, QUARTER - 1, NULL, NULL), OK, "%s", error_message());
    cr_assert_eq(lattice_run_bodies(lattice, 1, NULL, load), OK, "%s", error_message());
    cr_assert(!lattice_solid(lattice)[40 * N + 32] && lattice_solid(lattice)[32 * N + 40]);
    cr_assert_lt(load[2], 0, "torque %g", load[2]);
    lattice_destroy(lattice);
}

Test(motion, a_body_that_reaches_the_edge_is_told)
{
    const struct body_course course = {.u = 0.09};
    const struct body_spec spec = {.family = "circle", .x = 50, .y = 32, .size = 12};
    struct lattice_options o;
    lattice_defaults(&o);
    o.courses = &course;
    struct lattice *lattice = create(&o, &spec, 1);
    cr_assert_eq(lattice_run(lattice, 200, NULL), ERR_CONFIG);
    cr_assert_not_null(strstr(error_message(), "edge"), "%s", error_message());
    lattice_destroy(lattice);

    const struct body_spec near = {.family = "circle", .x = 7.5, .y = 32, .size = 12};
    struct geometry *geometry = NULL;
    cr_assert_eq(geometry_create(&geometry, &near, 1), OK);
    o.geometry = geometry;
    lattice = NULL;
    cr_assert_eq(lattice_create(&lattice, &o), ERR_CONFIG, "from the beginning");
    cr_assert_null(lattice);
    geometry_destroy(geometry);
}

/* ---- what follows a body ---- */

static const struct body_spec wanderers[] = {
    {.family = "naca", .x = 22.3, .y = 40, .size = 24, .profile = 2412, .angle = -10},
    {.family = "circle", .x = 60.1, .y = 20.7, .size = 11},
    {.family = "star", .x = 60, .y = 60, .size = 14, .sides = 5, .inner = 0.5}};

enum { WANDERERS = 3, SIDE = 88, COARSE = 2 };

static struct lattice *let_wander(const struct body_course *courses, int threads)
{
    struct lattice_options o;
    lattice_defaults(&o);
    o.nx = o.ny = COARSE * SIDE;
    o.scale = COARSE;
    o.tau = 0.55;
    o.ends = LATTICE_ENDS_OPEN;
    o.bottom = o.top = BOUNDARY_EDGE_SLIP;
    o.inflow = (struct inflow){.speed = 0.05, .ramp_steps = 100};
    o.outflow_rate = outflow_default_rate(COARSE * SIDE);
    o.threads = threads;
    o.courses = courses;
    return create(&o, wanderers, WANDERERS);
}

static const struct body_course wandering[WANDERERS] = {{.spin = -2e-3, .begin = 30, .rise = 50},
                                                        {.u = -0.04, .v = 0.02, .rise = 60},
                                                        {.spin = 4e-3, .u = 0.01}};

/* Every cell asked for its distance, against what was followed from step to step. */
static void check_mask(const struct lattice *lattice)
{
    enum { N = COARSE * SIDE };
    struct body_spec now[WANDERERS];
    struct geometry *geometry = NULL;
    int64_t fluid = 0;
    for (int k = 0; k < WANDERERS; k++) {
        const struct lattice_motion_pose pose = lattice_motion_pose(lattice, k);
        now[k] = wanderers[k];
        now[k].x = pose.x;
        now[k].y = pose.y;
        now[k].angle = pose.angle;
    }
    cr_assert_eq(geometry_create(&geometry, now, WANDERERS), OK);
    for (int64_t cell = 0; cell < N * N; cell++) {
        double x = ((double)(cell / N) + 0.5) / COARSE, y = ((double)(cell % N) + 0.5) / COARSE;
        int solid = geometry_distance(NULL, geometry, x, y) < 0;
        cr_assert_eq(lattice_solid(lattice)[cell], solid, "at (%g, %g)", x, y);
        fluid += !solid;
    }
    cr_assert_eq(lattice_fluid_cells(lattice), fluid);
    geometry_destroy(geometry);
}

Test(motion, the_mask_that_follows_is_the_mask_of_every_cell_asked)
{
    struct lattice *lattice = let_wander(wandering, 1);
    for (int k = 0; k < 12; k++) {
        cr_assert_eq(lattice_run(lattice, 57, NULL), OK, "%s", error_message());
        check_mask(lattice);
    }
    const struct lattice_motion_pose pose = lattice_motion_pose(lattice, 1);
    double way = body_course_way(&wandering[1], 12 * 57);
    cr_assert_float_eq(pose.x, wanderers[1].x - 0.04 * way / COARSE, 1e-12);
    cr_assert_float_eq(pose.v, 0.02, 1e-15);
    lattice_destroy(lattice);
}

Test(motion, no_bit_depends_on_threads_or_on_how_many_steps_are_asked_for)
{
    enum { STEPS = 180 };
    static double whole[STEPS * WANDERERS * LATTICE_LOADS],
        parts[STEPS * WANDERERS * LATTICE_LOADS];
    struct lattice *one = let_wander(wandering, 1), *other = let_wander(wandering, 3);
    cr_assert_eq(lattice_run_bodies(one, STEPS, NULL, whole), OK, "%s", error_message());
    for (int64_t done = 0; done < STEPS; done += 20)
        cr_assert_eq(lattice_run_bodies(other, 20, NULL, parts + done * WANDERERS * LATTICE_LOADS),
                     OK);
    cr_assert_eq(memcmp(whole, parts, sizeof whole), 0);
    cr_assert_neq(whole[STEPS * WANDERERS * LATTICE_LOADS - 1], 0);
    lattice_destroy(one);
    lattice_destroy(other);
}

/* Up to its beginning a body that will move is one that rests. */
Test(motion, nothing_happens_before_the_beginning)
{
    enum { STEPS = 60 };
    const struct body_course courses[WANDERERS] = {{.spin = 1e-3, .begin = STEPS},
                                                   {.u = 0.03, .begin = STEPS + 0.5},
                                                   {.v = 0.03, .begin = STEPS, .rise = 9}};
    const struct body_course none[WANDERERS] = {{.u = 0}};
    static double moving[2 * (STEPS + 2)], still[2 * (STEPS + 2)];
    struct lattice *one = let_wander(courses, 1), *other = let_wander(none, 1);
    cr_assert_eq(lattice_motion_quiet(one, 1000), STEPS);
    cr_assert_eq(lattice_motion_quiet(other, 1000), 1000);
    cr_assert_eq(lattice_run(one, STEPS + 2, moving), OK);
    cr_assert_eq(lattice_run(other, STEPS + 2, still), OK);
    cr_assert_eq(memcmp(moving, still, 2 * STEPS * sizeof *moving), 0);
    cr_assert_neq(moving[2 * STEPS], still[2 * STEPS]);
    lattice_destroy(one);
    lattice_destroy(other);
}

/* A circle of 10 cells that comes to speed without a jump and then moves by 60 cells through a
 * closed box: its drag from step to step, and the mass that covering and uncovering costs. */
Test(motion, what_is_uncovered_neither_spikes_nor_drains)
{
    enum { NX = 160, NY = 48, RISE = 300, STEPS = 1500 };
    static double forces[2 * STEPS];
    const struct body_course course = {.u = -0.05, .rise = RISE};
    const struct body_spec spec = {.family = "circle", .x = 130.4, .y = 24.2, .size = 10};
    struct lattice_options o;
    double mass, speed, mean = 0, largest = 0, jump = 0;
    lattice_defaults(&o);
    o.nx = NX;
    o.ny = NY;
    o.number = ROW_DOUBLE;
    o.tau = 0.5 + 3 * 0.05 * 10 / 40;
    o.bottom = o.top = BOUNDARY_EDGE_SLIP;
    o.ends = LATTICE_ENDS_WALLS;
    o.courses = &course;
    struct lattice *lattice = create(&o, &spec, 1);
    cr_assert_eq(lattice_run(lattice, STEPS, forces), OK, "%s", error_message());
    lattice_survey(&mass, &speed, lattice);
    for (int k = 2 * RISE; k < STEPS; k++)
        mean += forces[2 * k] / (STEPS - 2 * RISE);
    for (int k = 2 * RISE; k < STEPS; k++)
        largest = fmax(largest, fabs(forces[2 * k] - mean));
    for (int k = 2 * RISE; k < STEPS; k++)
        jump = fmax(jump, fabs(forces[2 * k] - forces[2 * k - 2]));
    fprintf(stderr,
            "largest departure of the drag %.3f of its mean, from step to step %.3f; mass %.2g of "
            "that of the box\n",
            largest / mean, jump / mean, mass / (NX * NY));
    cr_assert_gt(mean, 0);
    cr_assert_lt(largest, 0.4 * mean);
    cr_assert_lt(jump, 0.2 * mean);
    cr_assert_lt(fabs(mass), 1e-3 * NX * NY);
    cr_assert_lt(speed, 0.12);
    lattice_destroy(lattice);
}

/* The guard looks as seldom as while all rest, though bodies that move are taken step by step. */
Test(motion, the_guard_looks_every_so_many_steps)
{
    const struct body_course course = {.u = 0.7, .begin = 5};
    const struct body_spec spec = {.family = "circle", .x = 20, .y = 32, .size = 12};
    struct lattice_options o;
    lattice_defaults(&o);
    o.nx = 128;
    o.courses = &course;
    struct lattice *lattice = create(&o, &spec, 1);
    cr_assert_eq(lattice_run(lattice, LATTICE_GUARD_STEPS / 2, NULL), ERR_NUMERIC);
    cr_assert_eq(lattice_get_fault(lattice).step, LATTICE_GUARD_STEPS / 2, "at the end of a call");
    lattice_destroy(lattice);
    lattice = create(&o, &spec, 1);
    cr_assert_eq(lattice_run(lattice, 3 * LATTICE_GUARD_STEPS, NULL), ERR_NUMERIC);
    cr_assert_eq(lattice_get_fault(lattice).step, LATTICE_GUARD_STEPS);
    lattice_destroy(lattice);
}
