/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation.h"

#include "array.h"
#include "geometry.h"
#include "lattice_checkpoint.h"
#include "lattice_state.h"
#include "restriction.h"
#include "simulation_private.h"
#include "transfer.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum status simulation_create(struct simulation **out, const struct flow_case *flow_case,
                              const struct simulation_options *options)
{
    enum status status = OK;
    struct simulation *simulation = calloc(1, sizeof *simulation);
    TRY_GOTO(simulation != NULL ? OK : FAIL(ERR_MEMORY, "no memory for a simulation"), cleanup);
    simulation->flow_case = *flow_case;
    simulation->options = *options;
    TRY_GOTO(simulation_setup_make(simulation), cleanup);
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
    TRY(simulation_pace_follow(s));
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
        TRY(simulation_pace_lead(simulation, simulation->flow.refine * (lead > 0 ? lead : 0)));
    for (int64_t index = from; index < numerics->frames; index++) {
        int start = sink->ops->start != NULL && is_start(simulation, index);
        TRY(simulation_pace_interval(simulation, start ? SIMULATION_PACE_KEEP_STATE
                                                       : SIMULATION_PACE_FORGET_STATE));
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
    if (simulation->motion == FLOW_CASE_MOTION_TRAVEL)
        return FAIL(ERR_UNSUPPORTED, "a start state is for bodies that rest, and these move");
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
    TRY(simulation_pace_interval(simulation, SIMULATION_PACE_FORGET_STATE));
    TRY(simulation_pace_follow(simulation));
    simulation_frame(simulation, frame);
    if (drag != NULL)
        *drag = simulation->drag;
    if (lift != NULL)
        *lift = simulation->lift;
    return OK;
}

void simulation_frame(const struct simulation *simulation, float *frame)
{
    if (simulation->motion == FLOW_CASE_MOTION_TRAVEL) {
        const struct flow *flow = &simulation->flow;
        geometry_sample(simulation->sdf, simulation->geometry, flow->nx, flow->ny, 1, 0);
        frames_mask(simulation->mask, simulation->sdf, frames_cells(flow));
    }
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
