/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation_private.h"

#include "geometry.h"
#include "lattice_state.h"

#include <math.h>

/* Updates between two looks at the clock and the stop request: about a tenth of a second. */
static const double chunk_updates = 2e7;

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

enum status simulation_pace_lead(struct simulation *s, int64_t steps)
{
    return run_steps(s, steps, NULL, NULL, NULL);
}

enum status simulation_pace_follow(const struct simulation *s)
{
    struct flow_case now;
    double poses[FLOW_CASE_BODIES][GEOMETRY_POSE];
    if (s->motion != FLOW_CASE_MOTION_TRAVEL)
        return OK;
    flow_case_motion_place(&now, &s->flow_case, &s->flow,
                           (double)lattice_step(s->lattice) / (double)s->flow.refine);
    for (int64_t k = 0; k < now.body_count; k++) {
        poses[k][0] = now.bodies[k].x;
        poses[k][1] = now.bodies[k].y;
        poses[k][2] = now.bodies[k].angle;
    }
    TRY(geometry_place(s->geometry, &poses[0][0]));
    return OK;
}

/* One frame interval on, from sample to sample of the probes where there are details to tell. */
static enum status run_pieces(struct simulation *s, int details, double *state)
{
    const struct simulation_options *o = &s->options;
    int64_t steps = s->flow.refine * s->flow.frame_interval, piece = steps;
    int64_t width = SIMULATION_LOADS * lattice_bodies(s->lattice);
    const struct probe_set set = simulation_setup_probes(s);
    if (details && o->probe_count > 0)
        piece = s->flow.refine * o->probe_interval;
    for (int64_t done = 0; done < steps; done += piece) {
        double *sample = details && o->probe_count > 0
                             ? s->probed + done / piece * o->probe_count * SIMULATION_PROBED
                             : NULL;
        TRY(run_steps(s, piece, s->forces + 2 * done, details ? s->loads + width * done : NULL,
                      done + piece == steps ? state : NULL));
        if (sample != NULL) {
            TRY(simulation_pace_follow(s));
            TRY(probe_set_read(sample, &set));
        }
    }
    return OK;
}

/* One frame interval on, its forces as Cd and Cl: C = 2 F / (rho U^2 D), rho = 1. */
enum status simulation_pace_interval(struct simulation *s, enum simulation_pace_keeping keeping)
{
    int64_t steps = s->flow.refine * s->flow.frame_interval;
    double speed = s->flow.speed, length = s->flow.length * (double)s->flow.refine;
    double unit = 2 / (speed * speed * length), sum[2] = {0, 0};
    int details = s->options.details != NULL;
    int keep = keeping == SIMULATION_PACE_KEEP_STATE || s->options.states == SIMULATION_STATES_ALL;
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
