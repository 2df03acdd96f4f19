/* SPDX-License-Identifier: Apache-2.0
 *
 * From a case to its lattice: lengths times r, the same velocity, r times the steps, viscosity
 * times r, so tau = 1/2 + 3 r nu. Columns, upstream first: entry, canvas, sponge. */
#include "simulation_private.h"

#include "array.h"
#include "geometry.h"
#include "outflow.h"
#include "philox.h"
#include "restriction.h"

#include <stdio.h>

/* The transverse kick: sign and strength (half to whole) drawn from the seed, not the
 * index, which other counts of cases would move. */
static double draw_kick(const struct flow_case *c)
{
    double u = philox_uniform(c->seed, PHILOX_STREAM_KICK, 0);
    double strength = u < 0.5 ? -(1 - u) : u;
    return c->numerics.kick * c->speed * strength;
}

/* The bodies' courses in lattice units: a step is 1 / r of a canvas step. */
static void lattice_courses_of(struct body_course out[FLOW_CASE_BODIES], const struct simulation *s)
{
    double r = (double)s->flow.refine;
    flow_case_motion_courses(out, &s->flow_case, &s->flow);
    for (int64_t k = 0; k < s->flow_case.body_count; k++) {
        out[k].spin /= r;
        out[k].begin *= r;
        out[k].rise *= r;
    }
}

static void lattice_options_of(struct lattice_options *out, const struct body_course *courses,
                               const struct simulation *s)
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
    double force = c->speed * c->speed / (r * s->flow.length); /* U^2 / D of the lattice */
    out->force_x = c->numerics.force_x * force;
    out->force_y = c->numerics.force_y * force;
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
    out->courses = s->motion != FLOW_CASE_MOTION_NONE ? courses : NULL;
    out->wall = c->numerics.wall == FLOW_CASE_WALL_BOUZIDI ? LINK_BOUZIDI : LINK_HALFWAY;
    out->threads = s->options.threads;
    out->isa = s->options.isa;
}

struct probe_set simulation_setup_probes(const struct simulation *s)
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
    const struct probe_set set = simulation_setup_probes(s);
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

enum status simulation_setup_make(struct simulation *s)
{
    const struct flow_case *c = &s->flow_case;
    struct lattice_options options;
    struct body_course courses[FLOW_CASE_BODIES];
    int64_t r = c->numerics.refine, cells = c->nx * c->ny;
    TRY(flow_case_check(c));
    TRY(flow_case_describe(&s->flow, c));
    TRY(flow_case_geometry(&s->geometry, c));
    s->nx = r * (c->numerics.entry + c->nx + c->numerics.sponge);
    s->ny = r * c->ny;
    s->entry = r * c->numerics.entry;
    s->motion = flow_case_motion_kind(c);
    lattice_courses_of(courses, s);
    lattice_options_of(&options, courses, s);
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
    TRY(restriction_create(&s->restriction, c->nx, c->ny, r, s->entry, s->mask));
    return OK;
}
