/* SPDX-License-Identifier: Apache-2.0 */
#include "proof_stream.h"

#include "array.h"
#include "geometry.h"
#include "lattice_probe.h"
#include "outflow.h"

#include <math.h>
#include <stdio.h>

static const double ahead = 10, behind = 20, height = 20, sponge = 2; /* D */
static const double settled = 1e-3;

enum status proof_stream_open_wide(struct proof_stream *s, const struct proof_case *which,
                                   const char *family)
{
    struct lattice_options o;
    struct geometry *geometry = NULL;
    double d = (double)which->cells;
    struct body_spec body = {.x = ahead * d, .y = height / 2 * d, .size = d, .aspect = 1};
    snprintf(body.family, sizeof body.family, "%s", family);
    s->speed = 0.1;
    s->length = d;
    lattice_defaults(&o);
    o.nx = (int64_t)((ahead + behind + sponge) * d);
    o.ny = (int64_t)(height * d);
    o.tau = 0.5 + 3 * s->speed * d / (double)which->reynolds;
    o.ends = LATTICE_ENDS_OPEN;
    o.bottom = o.top = BOUNDARY_EDGE_SLIP;
    o.inflow = (struct inflow){
        .speed = s->speed, .ramp_steps = 2 * sqrt(3) * (double)o.nx, .kick = s->speed / 20};
    o.outflow_rate = outflow_default_rate((double)o.nx);
    o.sponge = (int64_t)(sponge * d);
    o.threads = s->proof->threads;
    s->cells = o.nx * o.ny;
    s->every = which->cells / 2;
    TRY(geometry_create(&geometry, &body, 1));
    o.geometry = geometry;
    enum status status = lattice_create(&s->lattice, &o);
    geometry_destroy(geometry);
    return status;
}

enum status proof_stream_wake(double *out, const struct proof_stream *s)
{
    double axis = height / 2 * s->length, back = (ahead + 0.5) * s->length;
    double before = 0, end = (ahead + behind) * s->length;
    *out = 0;
    for (int64_t k = 1; back + (double)k < end; k++) {
        double x = back + (double)k;
        struct lattice_probe probe;
        TRY(lattice_probe_at(&probe, s->lattice, x, axis));
        if (before < 0 && probe.ux >= 0) {
            *out = (x - 1 + before / (before - probe.ux) - back) / s->length;
            return OK;
        }
        before = probe.ux;
    }
    return OK;
}

enum status proof_stream_settle(struct proof_swing *out, struct proof_stream *s, double least,
                                double window, double most)
{
    struct proof_swing before;
    TRY(proof_stream_pass(out, s, least, window));
    do {
        before = *out;
        if ((double)lattice_step(s->lattice) * s->speed / s->length > most)
            return FAIL(ERR_NUMERIC, "the forces still change after %g D / U", most);
        TRY(proof_stream_pass(out, s, window, window));
    } while (fabs(out->drag_mean - before.drag_mean) > settled * fabs(out->drag_mean) ||
             fabs(out->lift_most - before.lift_most) > settled * fmax(fabs(out->lift_most), 1));
    return OK;
}

static int64_t steps_of(const struct proof_stream *s, double diameters)
{
    return (int64_t)llround(diameters * s->length / s->speed);
}

/* `steps` on, the coefficients of each into drag and lift; a series point at every `every`. */
static enum status advance(struct proof_stream *s, double *drag, double *lift, int64_t steps)
{
    enum status status = OK;
    const double unit = 2 / (s->speed * s->speed * s->length);
    double *forces = NULL;
    TRY(ARRAY_NEW(forces, 2 * s->every));
    for (int64_t done = 0; done < steps;) {
        int64_t now = steps - done < s->every ? steps - done : s->every;
        TRY_GOTO(proof_go_on(s->proof), cleanup);
        TRY_GOTO(lattice_run(s->lattice, now, forces), cleanup);
        s->proof->updates += (double)(s->cells * now);
        for (int64_t k = 0; k < now; k++) {
            drag[done + k] = unit * forces[2 * k];
            lift[done + k] = unit * forces[2 * k + 1];
        }
        done += now;
        double time = (double)lattice_step(s->lattice) * s->speed / s->length;
        const double point[3] = {time, drag[done - 1], lift[done - 1]};
        TRY_GOTO(proof_point(s->proof, point), cleanup);
        if (s->at_point != NULL && drag == s->drag)
            TRY_GOTO(s->at_point(s->context, done - 1), cleanup);
    }
cleanup:
    array_free(forces);
    return status;
}

static void name_series(struct proof *proof)
{
    static const char *const columns[] = {"time t U / D", "Cd", "Cl", NULL};
    if (proof->points == 0)
        proof_series(proof, columns);
}

enum status proof_stream_pass(struct proof_swing *out, struct proof_stream *stream,
                              double diameters, double look)
{
    enum status status = OK;
    int64_t steps = steps_of(stream, diameters), last = steps_of(stream, look);
    double *drag = NULL, *lift = NULL;
    TRY_GOTO(ARRAY_NEW(drag, steps), cleanup);
    TRY_GOTO(ARRAY_NEW(lift, steps), cleanup);
    name_series(stream->proof);
    TRY_GOTO(advance(stream, drag, lift, steps), cleanup);
    last = last < steps ? last : steps;
    proof_stream_swing(out, drag + steps - last, lift + steps - last, last);
cleanup:
    array_free(drag);
    array_free(lift);
    return status;
}

enum status proof_stream_record(struct proof_stream *stream, double diameters)
{
    int64_t steps = steps_of(stream, diameters);
    TRY(ARRAY_NEW(stream->drag, steps));
    TRY(ARRAY_NEW(stream->lift, steps));
    stream->count = steps;
    name_series(stream->proof);
    return advance(stream, stream->drag, stream->lift, steps);
}

void proof_stream_swing(struct proof_swing *out, const double *drag, const double *lift,
                        int64_t count)
{
    struct proof_swing s = {0, -INFINITY, INFINITY, 0, -INFINITY, INFINITY, 0};
    for (int64_t k = 0; k < count; k++) {
        s.drag_mean += drag[k] / (double)count;
        s.lift_mean += lift[k] / (double)count;
        s.drag_most = fmax(s.drag_most, drag[k]);
        s.drag_least = fmin(s.drag_least, drag[k]);
        s.lift_most = fmax(s.lift_most, lift[k]);
        s.lift_least = fmin(s.lift_least, lift[k]);
    }
    for (int64_t k = 0; k < count; k++)
        s.lift_deviation += (lift[k] - s.lift_mean) * (lift[k] - s.lift_mean) / (double)count;
    s.lift_deviation = sqrt(s.lift_deviation);
    *out = s;
}

enum status proof_stream_strouhal(struct spectrum_frequency *out, const struct proof_stream *stream)
{
    const double unit = stream->length / stream->speed;
    TRY(spectrum_measure(out, stream->lift, (size_t)stream->count));
    out->crossing *= unit;
    out->crossing_error *= unit;
    out->peak *= unit;
    out->peak_error *= unit;
    return OK;
}

enum status proof_stream_add_strouhal(const struct proof_stream *stream,
                                      const struct spectrum_frequency *strouhal)
{
    TRY(proof_add(stream->proof, "St", strouhal->crossing));
    TRY(proof_add(stream->proof, "St, standard error", strouhal->crossing_error));
    TRY(proof_add(stream->proof, "St by the spectrum less St",
                  strouhal->peak - strouhal->crossing));
    return OK;
}

void proof_stream_fini(struct proof_stream *stream)
{
    lattice_destroy(stream->lattice);
    array_free(stream->drag);
    array_free(stream->lift);
    stream->lattice = NULL;
    stream->drag = stream->lift = NULL;
}
