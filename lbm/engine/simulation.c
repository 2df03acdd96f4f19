/* SPDX-License-Identifier: Apache-2.0
 *
 * Canvas against lattice: lengths times r, the same velocity, r times the steps, viscosity times r,
 * so tau = 1/2 + 3 r nu. Columns, upstream first: entry, canvas, sponge. */
#include "simulation.h"

#include "array.h"
#include "geometry.h"
#include "lattice.h"
#include "lattice_checkpoint.h"
#include "lattice_state.h"
#include "outflow.h"
#include "philox.h"
#include "probe_set.h"
#include "restriction.h"
#include "transfer.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct simulation {
    struct flow_case flow_case;
    struct simulation_options options;
    struct flow flow;
    struct geometry *geometry;
    struct lattice *lattice;
    struct restriction *restriction;
    struct link_motion motions[FLOW_CASE_BODIES];
    int spins;             /* any of them */
    int64_t nx, ny, entry; /* of the lattice */
    float *sdf;            /* [flow.nx][flow.ny] */
    unsigned char *mask;
    float *frame;   /* [FRAME_FIELDS][flow.nx][flow.ny] */
    double *forces; /* [interval r][2]: Cd, Cl of the interval that ended last */
    double *loads;  /* NULL, or [interval r][bodies][SIMULATION_LOADS] of it */
    double *probed; /* NULL, or [samples][probes][SIMULATION_PROBED] of it */
    double drag, lift;
    double *tau;   /* [nx] of the lattice */
    double *state; /* [START_FIELDS][nx][ny] of the lattice, of the last frame that keeps one */
    double updates;
    int loaded; /* from a checkpoint, and not run since */
};

/* Updates between two looks at the clock and the stop request: about a tenth of a second. */
static const double chunk_updates = 2e7;

/* The transverse kick: sign and strength (half to whole) drawn from the seed, not the
 * index, which other counts of cases would move. */
static double draw_kick(const struct flow_case *c)
{
    double u = philox_uniform(c->seed, PHILOX_STREAM_KICK, 0);
    double strength = u < 0.5 ? -(1 - u) : u;
    return c->numerics.kick * c->speed * strength;
}

/* The bodies' turning in lattice units: omega / r, for a step is 1 / r of a canvas step. */
static void read_spins(struct simulation *s)
{
    const struct flow_case *c = &s->flow_case;
    double unit = 2 * c->speed / (s->flow.length * (double)s->flow.refine);
    for (int64_t k = 0; k < c->body_count; k++) {
        s->motions[k] = (struct link_motion){.spin = c->spins[k] * unit};
        s->spins = s->spins || c->spins[k] != 0;
    }
}

static void lattice_options_of(struct lattice_options *out, const struct simulation *s)
{
    static const enum boundary_edge_kind edges[] = {
        [FLOW_CASE_EDGE_SLIP] = BOUNDARY_EDGE_SLIP,
        [FLOW_CASE_EDGE_PERIODIC] = BOUNDARY_EDGE_PERIODIC,
        [FLOW_CASE_EDGE_NO_SLIP] = BOUNDARY_EDGE_NO_SLIP,
    };
    static const enum inflow_profile profiles[] = {
        [FLOW_CASE_PROFILE_UNIFORM] = INFLOW_UNIFORM,
        [FLOW_CASE_PROFILE_PARABOLIC] = INFLOW_PARABOLIC,
        [FLOW_CASE_PROFILE_TABLE] = INFLOW_TABLE,
    };
    const struct flow_case *c = &s->flow_case;
    double r = (double)s->flow.refine;
    int64_t columns = c->numerics.entry + c->nx + c->numerics.sponge;
    lattice_defaults(out);
    out->nx = s->nx;
    out->ny = s->ny;
    snprintf(out->collision, sizeof out->collision, "%s", c->numerics.collision);
    out->tau = s->flow.tau;
    out->magic = c->numerics.magic;
    out->bulk_rate = c->numerics.bulk_rate;
    out->smagorinsky = c->numerics.smagorinsky;
    out->ends = LATTICE_ENDS_OPEN;
    out->bottom = out->top = edges[c->numerics.edge];
    out->bottom_speed = c->speed * c->numerics.bottom_speed;
    out->top_speed = c->speed * c->numerics.top_speed;
    out->inflow = (struct inflow){.profile = profiles[c->numerics.profile],
                                  .speed = c->speed,
                                  .ramp_steps = r * (double)flow_case_ramp_steps(c),
                                  .kick = draw_kick(c),
                                  .table = c->numerics.table,
                                  .points = c->numerics.table_count};
    out->outflow_rate = outflow_default_rate((double)columns) / r;
    out->sponge = c->numerics.sponge * s->flow.refine;
    out->refine = r;
    out->geometry = s->geometry;
    out->scale = r;
    out->shift_x = (double)c->numerics.entry;
    out->motions = s->spins ? s->motions : NULL;
    out->wall = c->numerics.wall == FLOW_CASE_WALL_BOUZIDI ? LINK_BOUZIDI : LINK_HALFWAY;
    out->threads = s->options.threads;
    out->isa = s->options.isa;
}

static struct probe_set probes_of(const struct simulation *s)
{
    return (struct probe_set){.places = s->options.probes,
                              .count = s->options.probe_count,
                              .flow = &s->flow,
                              .geometry = s->geometry,
                              .lattice = s->lattice,
                              .entry = s->flow_case.numerics.entry};
}

static enum status check_probes(const struct simulation *s)
{
    const struct simulation_options *o = &s->options;
    int64_t interval = s->flow.frame_interval, would = o->probe_interval;
    if (o->probe_count < 0 || o->probe_count > SIMULATION_PROBES)
        return FAIL(ERR_CONFIG, "%lld probes are too many; %d would do", (long long)o->probe_count,
                    SIMULATION_PROBES);
    if (o->probe_count > 0 && (would < 1 || interval % would != 0)) {
        would = would < 1 ? 1 : would > interval ? interval : would;
        while (interval % would != 0)
            would--;
        return FAIL(ERR_CONFIG,
                    "a probe interval of %lld steps does not divide the frame interval of %lld; "
                    "%lld would do",
                    (long long)o->probe_interval, (long long)interval, (long long)would);
    }
    const struct probe_set set = probes_of(s);
    TRY(probe_set_check(&set));
    return OK;
}

static enum status prepare_details(struct simulation *s)
{
    const struct simulation_options *o = &s->options;
    int64_t steps = s->flow.refine * s->flow.frame_interval;
    TRY(check_probes(s));
    if (o->details == NULL)
        return OK;
    TRY(ARRAY_NEW(s->loads, steps * lattice_bodies(s->lattice) * SIMULATION_LOADS));
    if (o->probe_count > 0)
        TRY(ARRAY_NEW(s->probed, s->flow.frame_interval / o->probe_interval * o->probe_count *
                                     SIMULATION_PROBED));
    return OK;
}

static enum status build(struct simulation *s)
{
    const struct flow_case *c = &s->flow_case;
    struct lattice_options options;
    int64_t r = c->numerics.refine, cells = c->nx * c->ny;
    TRY(flow_case_check(c));
    TRY(flow_case_describe(&s->flow, c));
    TRY(flow_case_geometry(&s->geometry, c));
    s->nx = r * (c->numerics.entry + c->nx + c->numerics.sponge);
    s->ny = r * c->ny;
    s->entry = r * c->numerics.entry;
    read_spins(s);
    lattice_options_of(&options, s);
    TRY(lattice_create(&s->lattice, &options));
    TRY(ARRAY_NEW(s->sdf, cells));
    TRY(ARRAY_NEW(s->mask, cells));
    TRY(ARRAY_NEW(s->frame, FRAME_FIELDS * cells));
    TRY(ARRAY_NEW(s->forces, 2 * r * c->numerics.frame_interval));
    TRY(ARRAY_NEW(s->tau, s->nx));
    if (s->options.start_count > 0 || s->options.states == SIMULATION_STATES_ALL)
        TRY(ARRAY_NEW(s->state, START_FIELDS * s->nx * s->ny));
    TRY(prepare_details(s));
    for (int64_t x = 0; x < s->nx; x++)
        s->tau[x] = lattice_tau(s->lattice, x);
    geometry_sample(s->sdf, s->geometry, c->nx, c->ny, 1, 0);
    frames_mask(s->mask, s->sdf, cells);
    return restriction_create(&s->restriction, c->nx, c->ny, r, s->entry, s->mask);
}

enum status simulation_create(struct simulation **out, const struct flow_case *flow_case,
                              const struct simulation_options *options)
{
    enum status status = OK;
    struct simulation *simulation = calloc(1, sizeof *simulation);
    TRY_GOTO(simulation != NULL ? OK : FAIL(ERR_MEMORY, "no memory for a simulation"), cleanup);
    simulation->flow_case = *flow_case;
    simulation->options = *options;
    TRY_GOTO(build(simulation), cleanup);
    *out = simulation;
    simulation = NULL;
cleanup:
    simulation_destroy(simulation);
    return status;
}

void simulation_destroy(struct simulation *simulation)
{
    if (simulation == NULL)
        return;
    restriction_destroy(simulation->restriction);
    lattice_destroy(simulation->lattice);
    geometry_destroy(simulation->geometry);
    array_free(simulation->sdf);
    array_free(simulation->mask);
    array_free(simulation->frame);
    array_free(simulation->forces);
    array_free(simulation->loads);
    array_free(simulation->probed);
    array_free(simulation->tau);
    array_free(simulation->state);
    free(simulation);
}

static void report_progress(const struct simulation *s)
{
    if (s->options.progress != NULL)
        s->options.progress(s->options.progress_context, lattice_step(s->lattice) / s->flow.refine,
                            flow_case_total_steps(&s->flow_case));
}

/* `steps` lattice steps on; forces: [steps][2] and loads: [steps][bodies][3] in lattice units, and
 * the state at their end; each may be NULL. */
static enum status run_steps(struct simulation *s, int64_t steps, double *forces, double *loads,
                             double *state)
{
    double cells = (double)(s->nx * s->ny);
    int64_t chunk = (int64_t)ceil(chunk_updates / cells);
    int64_t width = LATTICE_LOADS * lattice_bodies(s->lattice);
    for (int64_t done = 0; done < steps;) {
        int64_t now = steps - done < chunk ? steps - done : chunk;
        if (stop_requested(s->options.stop) != STOP_NONE)
            return FAIL(ERR_STOPPED, "stopped at canvas step %lld of case %lld",
                        (long long)(lattice_step(s->lattice) / s->flow.refine),
                        (long long)s->flow.index);
        if (done + now == steps)
            lattice_state_watch(s->lattice, state);
        enum status status =
            lattice_run_bodies(s->lattice, now, forces != NULL ? forces + 2 * done : NULL,
                               loads != NULL ? loads + width * done : NULL);
        if (status != OK)
            return error_prefix(status, "case %lld (%s, Re %g)", (long long)s->flow.index,
                                s->flow.family, s->flow.reynolds);
        done += now;
        s->updates += cells * (double)now;
        report_progress(s);
    }
    return OK;
}

enum keeping { FORGET_STATE, KEEP_STATE };

/* One frame interval on, from sample to sample of the probes where there are details to tell. */
static enum status run_pieces(struct simulation *s, int details, double *state)
{
    const struct simulation_options *o = &s->options;
    int64_t steps = s->flow.refine * s->flow.frame_interval, piece = steps;
    int64_t width = SIMULATION_LOADS * lattice_bodies(s->lattice);
    const struct probe_set set = probes_of(s);
    if (details && o->probe_count > 0)
        piece = s->flow.refine * o->probe_interval;
    for (int64_t done = 0; done < steps; done += piece) {
        double *sample = details && o->probe_count > 0
                             ? s->probed + done / piece * o->probe_count * SIMULATION_PROBED
                             : NULL;
        TRY(run_steps(s, piece, s->forces + 2 * done, details ? s->loads + width * done : NULL,
                      done + piece == steps ? state : NULL));
        if (sample != NULL)
            TRY(probe_set_read(sample, &set));
    }
    return OK;
}

static enum status tell_details(const struct simulation *s, int64_t index)
{
    const struct simulation_options *o = &s->options;
    const struct simulation_details details = {
        .frame = index,
        .loads = s->loads,
        .steps = s->flow.refine * s->flow.frame_interval,
        .bodies = lattice_bodies(s->lattice),
        .probes = s->probed,
        .samples = o->probe_count > 0 ? s->flow.frame_interval / o->probe_interval : 0};
    TRY(o->details(o->details_context, &details));
    return OK;
}

/* One frame interval on, its forces as Cd and Cl: C = 2 F / (rho U^2 D), rho = 1. */
static enum status run_interval(struct simulation *s, enum keeping keeping)
{
    int64_t steps = s->flow.refine * s->flow.frame_interval;
    double speed = s->flow.speed, length = s->flow.length * (double)s->flow.refine;
    double unit = 2 / (speed * speed * length), sum[2] = {0, 0};
    int details = s->options.details != NULL;
    int keep = keeping == KEEP_STATE || s->options.states == SIMULATION_STATES_ALL;
    TRY(run_pieces(s, details, keep ? s->state : NULL));
    for (int64_t k = 0; k < 2 * steps; k++) {
        s->forces[k] *= unit;
        sum[k % 2] += s->forces[k];
    }
    for (int64_t k = 0; details && k < SIMULATION_LOADS * lattice_bodies(s->lattice) * steps; k++)
        s->loads[k] *= k % SIMULATION_LOADS == 2 ? unit / length : unit;
    s->drag = sum[0] / (double)steps;
    s->lift = sum[1] / (double)steps;
    return OK;
}

static int is_start(const struct simulation *s, int64_t index)
{
    for (int64_t k = 0; k < s->options.start_count; k++)
        if (s->options.start_frames[k] == index)
            return 1;
    return 0;
}

static enum status hand_over(struct simulation *s, struct frame_sink *sink, int64_t index)
{
    enum status status = OK;
    struct start_state *state = NULL;
    simulation_frame(s, s->frame);
    struct frame frame = {
        .index = index,
        .values = s->frame,
        .drag = s->drag,
        .lift = s->lift,
        .forces = s->forces,
        .steps = index > 0 ? s->flow.refine * s->flow.frame_interval : 0,
    };
    TRY_GOTO(sink->ops->frame(sink, &frame), cleanup);
    if (sink->ops->start != NULL && is_start(s, index)) {
        TRY_GOTO(simulation_state(&state, s, index), cleanup);
        TRY_GOTO(sink->ops->start(sink, state), cleanup);
    }
cleanup:
    start_state_destroy(state);
    return status;
}

int64_t simulation_next_frame(const struct simulation *s)
{
    int64_t interval = s->flow_case.numerics.frame_interval, step = lattice_step(s->lattice);
    int64_t first = s->flow.first_step > interval ? s->flow.first_step : interval;
    if (step == 0)
        return 0;
    int64_t since = step - first * s->flow.refine;
    return since >= 0 && since % (interval * s->flow.refine) == 0
               ? since / (interval * s->flow.refine) + 1
               : -1;
}

enum status simulation_run(struct simulation *simulation, struct frame_sink *sink)
{
    const struct flow_case_numerics *numerics = &simulation->flow_case.numerics;
    int64_t from = simulation_next_frame(simulation);
    if (from < 0 || (from > 0 && !simulation->loaded))
        return FAIL(ERR_INTERNAL, "a simulation is run from rest or from a checkpoint, once");
    simulation->loaded = 0;
    TRY(sink->ops->begin(sink, &simulation->flow, simulation->sdf));
    int64_t lead = simulation->flow.first_step - numerics->frame_interval;
    if (from == 0)
        TRY(run_steps(simulation, simulation->flow.refine * (lead > 0 ? lead : 0), NULL, NULL,
                      NULL));
    for (int64_t index = from; index < numerics->frames; index++) {
        int start = sink->ops->start != NULL && is_start(simulation, index);
        TRY(run_interval(simulation, start ? KEEP_STATE : FORGET_STATE));
        if (simulation->options.details != NULL && index > 0)
            TRY(tell_details(simulation, index));
        TRY(hand_over(simulation, sink, index));
    }
    if (sink->ops->end != NULL)
        TRY(sink->ops->end(sink));
    return OK;
}

struct case_failure simulation_failure(const struct simulation *simulation)
{
    const struct lattice_fault fault = lattice_get_fault(simulation->lattice);
    double r = (double)simulation->flow.refine;
    if (fault.x < 0)
        return (struct case_failure){NAN, NAN, NAN};
    return (struct case_failure){.step = (double)fault.step / r,
                                 .x = ((double)(fault.x - simulation->entry) + 0.5) / r,
                                 .y = ((double)fault.y + 0.5) / r};
}

enum status simulation_restart(struct simulation *simulation, const struct start_state *state)
{
    const struct flow *flow = &simulation->flow;
    double *values = NULL;
    struct transfer_target target = {
        .nx = simulation->nx,
        .ny = simulation->ny,
        .refine = flow->refine,
        .entry = simulation->entry,
        .canvas = flow->nx,
        .viscosity = flow->viscosity,
        .solid = lattice_solid(simulation->lattice),
        .tau = simulation->tau,
    };
    TRY(ARRAY_NEW(values, START_FIELDS * simulation->nx * simulation->ny));
    enum status status = transfer_state(values, state, &target);
    if (status == OK) {
        int64_t step = flow->first_step + state->frame * flow->frame_interval;
        lattice_state_set(simulation->lattice, values, step * flow->refine);
        lattice_state_set_outlet(simulation->lattice, state->outlet_rho);
    }
    array_free(values);
    TRY(status);
    return OK;
}

enum status simulation_save(const struct simulation *simulation, const char *path)
{
    TRY(lattice_checkpoint_save(simulation->lattice, path));
    return OK;
}

enum status simulation_load(struct simulation *simulation, const char *path)
{
    TRY(lattice_checkpoint_load(simulation->lattice, path));
    simulation->loaded = 1;
    return OK;
}

enum status simulation_advance(struct simulation *simulation, float *frame, double *drag,
                               double *lift)
{
    TRY(run_interval(simulation, FORGET_STATE));
    simulation_frame(simulation, frame);
    if (drag != NULL)
        *drag = simulation->drag;
    if (lift != NULL)
        *lift = simulation->lift;
    return OK;
}

void simulation_frame(const struct simulation *simulation, float *frame)
{
    restriction_apply(frame, simulation->restriction, simulation->lattice);
}

enum status simulation_state(struct start_state **out, const struct simulation *simulation,
                             int64_t frame_index)
{
    enum status status = OK;
    struct start_state *state = NULL;
    int64_t cells = simulation->nx * simulation->ny;
    assert(simulation->state != NULL);
    TRY_GOTO(start_state_create(&state, simulation->nx, simulation->ny), cleanup);
    state->case_index = simulation->flow.index;
    state->frame = frame_index;
    state->refine = simulation->flow.refine;
    state->entry = simulation->entry;
    state->outlet_rho = lattice_state_outlet(simulation->lattice);
    for (int64_t k = 0; k < START_FIELDS * cells; k++)
        state->values[k] = (float)simulation->state[k];
    memcpy(state->solid, lattice_solid(simulation->lattice), (size_t)cells);
    *out = state;
    state = NULL;
cleanup:
    start_state_destroy(state);
    return status;
}

const struct flow *simulation_flow(const struct simulation *simulation)
{
    return &simulation->flow;
}

const float *simulation_sdf(const struct simulation *simulation)
{
    return simulation->sdf;
}

double simulation_updates(const struct simulation *simulation)
{
    return simulation->updates;
}
