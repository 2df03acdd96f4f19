/* SPDX-License-Identifier: Apache-2.0
 *
 * The outlet's density at r = 2: time means over whole shedding periods of (rho - 1) / (3 U^2) over
 * the outlet column itself and over the last column of the canvas, and the change of the canvas
 * mean from one period to the next (docs/decisions/0002-outflow.md; r = 1 stands in
 * physics_cylinder.c). And at r = 1: that the density's way back to 1 moves neither forces nor St,
 * against the same outflow without it, and lets sound leave. */
#include "force_summary.h"
#include "frame_sink.h"
#include "geometry.h"
#include "lattice.h"
#include "lattice_state.h"
#include "outflow.h"
#include "physics_reference.h"
#include "simulation.h"
#include "spectrum.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CANVAS = 64, CELLS = CANVAS * CANVAS, INTERVAL = 20, FRAMES = 601 };

struct outlet {
    struct frame_sink sink;
    const struct simulation *simulation;
    double column[FRAMES], canvas_column[FRAMES], canvas[FRAMES]; /* (rho - 1) / (3 U^2) */
    double *forces;
    int64_t steps;
};

static double mean_density(const float *rho, int64_t count)
{
    double sum = 0;
    for (int64_t k = 0; k < count; k++)
        sum += ((double)rho[k] - 1) / 0.03;
    return sum / (double)count;
}

static enum status begin(struct frame_sink *sink, const struct flow *flow, const float *sdf)
{
    (void)sink;
    (void)flow;
    (void)sdf;
    return OK;
}

static enum status look(struct frame_sink *sink, const struct frame *frame)
{
    struct outlet *outlet = (struct outlet *)sink;
    struct start_state *state = NULL;
    const float *rho = frame->values + FRAME_RHO * CELLS;
    TRY(simulation_state(&state, outlet->simulation, frame->index));
    const float *last = state->values + START_RHO * state->nx * state->ny;
    outlet->column[frame->index] = mean_density(last + (state->nx - 1) * state->ny, state->ny);
    start_state_destroy(state);
    outlet->canvas_column[frame->index] = mean_density(rho + CELLS - CANVAS, CANVAS);
    outlet->canvas[frame->index] = mean_density(rho, CELLS);
    for (int64_t k = 0; k < 2 * frame->steps; k++)
        outlet->forces[2 * outlet->steps + k] = frame->forces[k];
    outlet->steps += frame->steps;
    return OK;
}

static double mean(const double *values, int64_t count)
{
    double sum = 0;
    for (int64_t k = 0; k < count; k++)
        sum += values[k] / (double)count;
    return sum;
}

static void check(const char *flow, const char *what, double value)
{
    char name[96];
    snprintf(name, sizeof name, "outlet-r2-%s-%s", flow, what);
    physics_reference_check(name, value);
}

static void judge(const char *name, const struct body_spec *body, double reynolds)
{
    static const struct frame_sink_ops ops = {.name = "outlet", .begin = begin, .frame = look};
    static struct outlet outlet;
    const struct simulation_options options = {.threads = 2, .states = SIMULATION_STATES_ALL};
    struct flow_case flow_case;
    struct simulation *simulation = NULL;
    struct force_summary summary;
    outlet = (struct outlet){.sink.ops = &ops};
    flow_case_defaults(&flow_case);
    flow_case.reynolds = reynolds;
    flow_case.numerics.refine = 2;
    flow_case.numerics.discard = 80;
    flow_case.numerics.frame_interval = INTERVAL;
    flow_case.numerics.frames = FRAMES;
    flow_case.bodies[0] = *body;
    flow_case.body_count = 1;
    outlet.forces = calloc((size_t)(2 * 2 * INTERVAL * FRAMES), sizeof *outlet.forces);
    cr_assert_not_null(outlet.forces);
    cr_assert_eq(simulation_create(&simulation, &flow_case, &options), OK, "%s", error_message());
    outlet.simulation = simulation;
    cr_assert_eq(simulation_run(simulation, &outlet.sink), OK, "%s", error_message());
    const struct flow *flow = simulation_flow(simulation);
    cr_assert_eq(force_summary_make(&summary, flow, outlet.forces, outlet.steps), OK);
    int64_t period = (int64_t)lround(flow->length / (flow->speed * summary.strouhal * INTERVAL));
    int64_t whole = (FRAMES - 1) / period * period;
    const double *last = outlet.canvas + whole - period;
    check(name, "drag", summary.drag_mean);
    check(name, "strouhal", summary.strouhal);
    check(name, "column", mean(outlet.column, whole));
    check(name, "canvas-column", mean(outlet.canvas_column, whole));
    check(name, "drift", mean(last, period) - mean(last - period, period));
    free(outlet.forces);
    simulation_destroy(simulation);
}

Test(outlet, density_stays_at_one_behind_a_circle_at_reynolds_100)
{
    judge("circle-re100",
          &(struct body_spec){.family = "circle", .x = 20, .y = 32, .size = 12, .aspect = 1}, 100);
}

Test(outlet, density_stays_at_one_behind_a_square_at_reynolds_200)
{
    judge("square-re200",
          &(struct body_spec){.family = "rectangle", .x = 20, .y = 32, .size = 12, .aspect = 1},
          200);
}

struct response {
    double drag, lift_rms, strouhal;
};

/* The canvas of 64 x 64 with its entry and sponge, D = 12, production mode; 100 D / U thrown away,
 * whole shedding periods out of 200. */
static struct response respond(const char *family, double reynolds, double rate)
{
    enum { ENTRY = 8, SPONGE = 16, D = 12, START = 12000, STEPS = 24000 };
    const double speed = 0.1;
    struct body_spec body = {.x = ENTRY + 20, .y = 32, .size = D, .aspect = 1};
    struct lattice_options o;
    struct lattice *lattice = NULL;
    struct geometry *geometry = NULL;
    struct spectrum_frequency frequency;
    struct response found = {0, 0, 0};
    double *forces = calloc(2 * STEPS, sizeof *forces), *lift = calloc(STEPS, sizeof *lift);
    cr_assert(forces != NULL && lift != NULL);
    snprintf(body.family, sizeof body.family, "%s", family);
    cr_assert_eq(geometry_create(&geometry, &body, 1), OK, "%s", error_message());
    lattice_defaults(&o);
    o.nx = ENTRY + CANVAS + SPONGE;
    o.ny = CANVAS;
    o.tau = 0.5 + 3 * speed * D / reynolds;
    o.ends = LATTICE_ENDS_OPEN;
    o.bottom = o.top = BOUNDARY_EDGE_SLIP;
    o.inflow = (struct inflow){.speed = speed, .ramp_steps = 400, .kick = speed / 20};
    o.outflow_rate = rate * outflow_default_rate((double)o.nx);
    o.sponge = SPONGE;
    o.geometry = geometry;
    cr_assert_eq(lattice_create(&lattice, &o), OK, "%s", error_message());
    cr_assert_eq(lattice_run(lattice, START, NULL), OK, "%s", error_message());
    cr_assert_eq(lattice_run(lattice, STEPS, forces), OK, "%s", error_message());
    for (int64_t k = 0; k < STEPS; k++)
        lift[k] = forces[2 * k + 1];
    cr_assert_eq(spectrum_measure(&frequency, lift, STEPS), OK);
    double period = 1 / frequency.crossing;
    int64_t whole = (int64_t)(floor(STEPS / period) * period);
    for (int64_t k = 0; k < whole; k++) {
        found.drag += forces[2 * k] / (double)whole;
        found.lift_rms += lift[k] * lift[k] / (double)whole;
    }
    found.lift_rms = sqrt(found.lift_rms);
    found.strouhal = frequency.crossing;
    lattice_destroy(lattice);
    geometry_destroy(geometry);
    free(forces);
    free(lift);
    return found;
}

static void compare(const char *name, const char *family, double reynolds)
{
    struct response held = respond(family, reynolds, 1), loose = respond(family, reynolds, 0);
    char key[96];
    snprintf(key, sizeof key, "outlet-rate-%s-drag", name);
    physics_reference_check(key, held.drag / loose.drag - 1);
    snprintf(key, sizeof key, "outlet-rate-%s-lift", name);
    physics_reference_check(key, held.lift_rms / loose.lift_rms - 1);
    snprintf(key, sizeof key, "outlet-rate-%s-strouhal", name);
    physics_reference_check(key, held.strouhal / loose.strouhal - 1);
}

Test(outlet, the_way_back_of_the_density_moves_neither_forces_nor_strouhal_number)
{
    compare("circle-re100", "circle", 100);
    compare("square-re200", "rectangle", 200);
}

/* A pulse of sound on its way to the outlet, 15 cells wide, over a domain of rest: the greatest
 * density that comes back, over the pulse's height. */
static double echo(double rate)
{
    enum { NX = 600, NY = 16, CELLS_OF = NX * NY, AT = 400, STEPS = 550 };
    static double v[START_FIELDS * CELLS_OF];
    const double height = 1e-5, width = 15, sound = sqrt(1 / 3.0);
    double rho[NY], ux[NY], uy[NY], most = 0;
    struct lattice_options o;
    struct lattice *lattice = NULL;
    lattice_defaults(&o);
    o.nx = NX;
    o.ny = NY;
    o.number = ROW_DOUBLE;
    o.tau = 0.51;
    o.ends = LATTICE_ENDS_OPEN;
    o.bottom = o.top = BOUNDARY_EDGE_SLIP;
    o.outflow_rate = rate;
    cr_assert_eq(lattice_create(&lattice, &o), OK, "%s", error_message());
    for (int64_t cell = 0; cell < CELLS_OF; cell++) {
        double x = ((double)(cell / NY) - AT) / width, pulse = height * exp(-x * x / 2);
        v[START_RHO * CELLS_OF + cell] = 1 + pulse;
        v[START_UX * CELLS_OF + cell] = sound * pulse;
    }
    lattice_state_set(lattice, v, 1);
    cr_assert_eq(lattice_run(lattice, STEPS, NULL), OK, "%s", error_message());
    /* What came back is near 482 by now; what the start sent upstream is at 100. */
    for (int64_t x = 300; x < NX; x++) {
        lattice_row(rho, ux, uy, lattice, x);
        for (int64_t y = 0; y < NY; y++)
            most = fmax(most, fabs(rho[y] - 1));
    }
    lattice_destroy(lattice);
    return most / height;
}

Test(outlet, sound_leaves)
{
    const double columns = 88; /* of the default canvas with entry and sponge, r = 1 */
    physics_reference_check("outlet-echo-without-rate", echo(0));
    physics_reference_check("outlet-echo", echo(outflow_default_rate(columns)));
}
