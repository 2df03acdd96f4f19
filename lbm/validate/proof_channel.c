/* SPDX-License-Identifier: Apache-2.0
 *
 * DFG benchmark 2D-2 (Schaefer and Turek 1996): a cylinder of diameter 0.1 at (0.2, 0.2) in a
 * channel 2.2 x 0.41, parabolic inflow of mean speed 1, Re 100; Bouzidi, float32, cumulant or TRT
 * 3/16. The error has a part of the cells, 1 / D^2, and one of compressibility, which goes with the
 * square of the peak lattice speed; both fall together where the peak speed is 2 / D (tau is then
 * 0.54 at every D). The fast run keeps the speed of production, 0.1; the slow one has 0.03, at
 * which TRT meets the aims of D = 40 (0.5 % of Cd and St, 1 % of Cl). The pressure difference
 * between (0.15, 0.2) and (0.25, 0.2) is taken half a period after a maximum of the lift.
 * Coefficients are with the mean speed. */
#include "array.h"
#include "geometry.h"
#include "lattice_probe.h"
#include "outflow.h"
#include "proof_stream.h"
#include "spectrum.h"

#include <math.h>
#include <stdio.h>

static const double ramp = 5, settle = 60, window = 10, most = 200, record = 20; /* D / U */

struct pressure {
    const struct proof_stream *stream;
    double *values; /* [points] of the record */
    int64_t count;
};

static enum status measure(void *context, int64_t point)
{
    struct pressure *pressure = context;
    const struct proof_stream *s = pressure->stream;
    struct lattice_probe front, back;
    (void)point;
    TRY(lattice_probe_at(&front, s->lattice, 1.5 * s->length, 2 * s->length));
    TRY(lattice_probe_at(&back, s->lattice, 2.5 * s->length, 2 * s->length));
    pressure->values[pressure->count++] = (front.rho - back.rho) / 3 / (s->speed * s->speed);
    return OK;
}

static enum status open_channel(struct proof_stream *s, const struct proof_case *which,
                                const char *collision, double peak)
{
    struct lattice_options o;
    struct geometry *geometry = NULL;
    double d = (double)which->cells;
    const struct body_spec circle = {.family = "circle", .x = 2 * d, .y = 2 * d, .size = d};
    s->speed = peak / 1.5;
    s->length = d;
    lattice_defaults(&o);
    o.nx = 22 * which->cells;
    o.ny = (int64_t)llround(4.1 * d);
    snprintf(o.collision, sizeof o.collision, "%s", collision);
    o.tau = 0.5 + 3 * s->speed * d / (double)which->reynolds;
    o.ends = LATTICE_ENDS_OPEN;
    o.bottom = o.top = BOUNDARY_EDGE_NO_SLIP;
    o.inflow = (struct inflow){
        .profile = INFLOW_PARABOLIC, .speed = s->speed, .ramp_steps = ramp * d / s->speed};
    o.outflow_rate = outflow_default_rate((double)o.nx);
    o.threads = s->proof->threads;
    s->cells = o.nx * o.ny;
    s->every = which->cells / 4;
    TRY(geometry_create(&geometry, &circle, 1));
    o.geometry = geometry;
    enum status status = lattice_create(&s->lattice, &o);
    geometry_destroy(geometry);
    return status;
}

/* Pressure difference half a period after the first maximum of the lift in the record. */
static double pressure_after(const struct pressure *pressure, double frequency)
{
    const struct proof_stream *s = pressure->stream;
    double period = 1 / frequency; /* steps */
    int64_t best = 0;
    for (int64_t k = 0; (double)k < period; k++)
        if (s->lift[k] > s->lift[best])
            best = k;
    /* value j of the pressure belongs to step (j + 1) every - 1 */
    double at = ((double)best + period / 2 + 1) / (double)s->every - 1;
    int64_t j = (int64_t)at;
    if (j < 0 || j + 1 >= pressure->count)
        return NAN;
    return pressure->values[j] + (at - (double)j) * (pressure->values[j + 1] - pressure->values[j]);
}

static enum status judge(struct proof_stream *s, const struct pressure *pressure)
{
    struct proof_swing swing;
    struct spectrum_frequency strouhal;
    proof_stream_swing(&swing, s->drag, s->lift, s->count);
    TRY(proof_stream_strouhal(&strouhal, s));
    TRY(proof_add(s->proof, "greatest Cd", swing.drag_most));
    TRY(proof_add(s->proof, "greatest Cl", swing.lift_most));
    TRY(proof_stream_add_strouhal(s, &strouhal));
    return proof_add(s->proof, "pressure difference",
                     pressure_after(pressure, strouhal.crossing * s->speed / s->length));
}

static enum status run(struct proof *proof, const struct proof_case *which, const char *collision,
                       double peak)
{
    enum status status = OK;
    struct proof_stream s = {.proof = proof};
    struct pressure pressure = {.stream = &s};
    struct proof_swing swing;
    TRY_GOTO(open_channel(&s, which, collision, peak), cleanup);
    TRY_GOTO(proof_stream_settle(&swing, &s, settle, window, most), cleanup);
    TRY_GOTO(ARRAY_NEW(pressure.values, (int64_t)(record * s.length / s.speed) / s.every + 2),
             cleanup);
    s.at_point = measure;
    s.context = &pressure;
    TRY_GOTO(proof_stream_record(&s, record), cleanup);
    TRY_GOTO(judge(&s, &pressure), cleanup);
cleanup:
    array_free(pressure.values);
    proof_stream_fini(&s);
    return status;
}

enum status proof_channel_run(struct proof *proof, const struct proof_case *which)
{
    return run(proof, which, "cumulant", 2 / (double)which->cells);
}

enum status proof_channel_fast_run(struct proof *proof, const struct proof_case *which)
{
    return run(proof, which, "cumulant", 0.1);
}

enum status proof_channel_brisk_run(struct proof *proof, const struct proof_case *which)
{
    return run(proof, which, "cumulant", 0.0875);
}

enum status proof_channel_trt_run(struct proof *proof, const struct proof_case *which)
{
    return run(proof, which, "trt", 2 / (double)which->cells);
}

enum status proof_channel_trt_slow_run(struct proof *proof, const struct proof_case *which)
{
    return run(proof, which, "trt", 0.03);
}
