/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_lattice.h"

#include "array.h"
#include "geometry.h"
#include "lattice.h"
#include "outflow.h"
#include "stop.h"

#include <stdio.h>
#include <stdlib.h>

/* The rise is whole bouts, so that what is measured begins with one. A piece, which is what runs
 * between two looks at the clock, is some 5 ms on a core, or one bout. */
enum { RISE_STEPS = 20 * LATTICE_GUARD_STEPS, PIECE_UPDATES = 4000000, FRAME_STEPS = 100 };

struct bench_lattice {
    struct bench_lattice_options options;
    struct lattice **lattices; /* [count] */
    double **forces;           /* [count][steps][2] */
    float **frames;            /* [count][3][nx][ny] */
    int64_t steps;             /* of a piece */
};

/* Re = 60 at 64 x 64; nu is the same in all, Re grows with the size. */
static void fill(struct lattice_options *out, const struct bench_lattice_options *options,
                 const struct geometry *geometry)
{
    lattice_defaults(out);
    out->nx = options->nx;
    out->ny = options->ny;
    snprintf(out->collision, sizeof out->collision, "%s", options->collision);
    out->tau = 0.56;
    out->ends = LATTICE_ENDS_OPEN;
    out->bottom = out->top = BOUNDARY_EDGE_NO_SLIP;
    out->inflow = (struct inflow){
        .profile = INFLOW_PARABOLIC, .speed = 0.1, .ramp_steps = RISE_STEPS, .kick = 0.005};
    out->outflow_rate = outflow_default_rate((double)options->nx);
    out->sponge = options->nx / 10;
    if (options->recording == BENCH_LATTICE_UNRECORDED) { /* as viscous as a sponge everywhere */
        out->sponge = 0;
        out->tau = 1;
    }
    out->geometry = geometry;
    out->threads = options->threads;
}

/* One lattice as it is after the rise, made by the thread that will run it. */
static enum status start(struct bench_lattice *bench, int index)
{
    enum status status = OK;
    const struct bench_lattice_options *o = &bench->options;
    struct geometry *geometry = NULL;
    struct lattice_options options;
    const struct body_spec circle = {.family = "circle",
                                     .x = 0.25 * (double)o->nx,
                                     .y = 0.5 * (double)o->ny,
                                     .size = 0.19 * (double)o->ny,
                                     .aspect = 1};
    TRY_GOTO(geometry_create(&geometry, &circle, 1), cleanup);
    fill(&options, o, geometry);
    TRY_GOTO(lattice_create(&bench->lattices[index], &options), cleanup);
    TRY_GOTO(ARRAY_NEW(bench->forces[index], 2 * bench->steps), cleanup);
    TRY_GOTO(ARRAY_NEW(bench->frames[index], 3 * o->nx * o->ny), cleanup);
    for (int64_t left = RISE_STEPS; left > 0; left -= LATTICE_GUARD_STEPS) {
        TRY_GOTO(lattice_run(bench->lattices[index], LATTICE_GUARD_STEPS, NULL), cleanup);
        if (stop_requested(o->stop) != STOP_NONE)
            TRY_GOTO(FAIL(ERR_STOPPED, "stopped; nothing was measured"), cleanup);
    }
cleanup:
    geometry_destroy(geometry);
    return status;
}

/* What a frame takes out of a lattice. */
static enum status take_frame(float *out, const struct lattice *lattice, int64_t nx, int64_t ny)
{
    enum status status = OK;
    double *row = NULL;
    TRY_GOTO(ARRAY_NEW(row, 3 * ny), cleanup);
    for (int64_t x = 0; x < nx; x++) {
        lattice_row(row, row + ny, row + 2 * ny, lattice, x);
        for (int field = 0; field < 3; field++)
            for (int64_t y = 0; y < ny; y++)
                out[(field * nx + x) * ny + y] = (float)row[field * ny + y];
    }
cleanup:
    array_free(row);
    return status;
}

/* A piece, recorded or not. */
static enum status run_piece(struct bench_lattice *bench, int index)
{
    const struct bench_lattice_options *o = &bench->options;
    struct lattice *lattice = bench->lattices[index];
    if (o->recording == BENCH_LATTICE_UNRECORDED)
        return lattice_run(lattice, bench->steps, NULL);
    for (int64_t done = 0, now; done < bench->steps; done += now) {
        now = bench->steps - done < FRAME_STEPS ? bench->steps - done : FRAME_STEPS;
        TRY(lattice_run(lattice, now, bench->forces[index] + 2 * done));
        if (now == FRAME_STEPS)
            TRY(take_frame(bench->frames[index], lattice, o->nx, o->ny));
    }
    return OK;
}

/* One lattice until `end`. */
static enum status advance(double *updates, struct bench_lattice *bench, int index, double end)
{
    const struct bench_lattice_options *o = &bench->options;
    do {
        TRY(run_piece(bench, index));
        *updates += (double)(o->nx * o->ny * bench->steps) * 1e-6;
        if (stop_requested(o->stop) != STOP_NONE)
            return FAIL(ERR_STOPPED, "stopped; nothing was measured");
    } while (stop_clock() < end);
    return OK;
}

/* Every lattice, an ensemble's at once: starts it, or where `end` is not 0 runs it. */
static enum status for_each(double *updates, struct bench_lattice *bench, double end)
{
    double sum = 0;
    enum status failed = OK;
    char message[ERROR_MESSAGE_SIZE] = "";
    int count = bench->options.count;
#pragma omp parallel for num_threads(count) schedule(static, 1) reduction(+ : sum) if (count > 1)
    for (int index = 0; index < count; index++) {
        enum status status = end > 0 ? advance(&sum, bench, index, end) : start(bench, index);
        if (status != OK) {
#pragma omp critical
            {
                snprintf(message, sizeof message, "%s", error_message());
                failed = status;
            }
        }
    }
    *updates = sum;
    return failed == OK ? OK : FAIL(failed, "%s", message);
}

enum status bench_lattice_create(struct bench_lattice **out,
                                 const struct bench_lattice_options *options)
{
    enum status status = OK;
    double updates, bout = (double)(options->nx * options->ny * LATTICE_GUARD_STEPS);
    struct bench_lattice *bench = calloc(1, sizeof *bench);
    TRY_GOTO(bench != NULL ? OK : FAIL(ERR_MEMORY, "out of memory"), cleanup);
    bench->options = *options;
    bench->steps = LATTICE_GUARD_STEPS * (1 + (int64_t)(PIECE_UPDATES / bout));
    TRY_GOTO(ARRAY_NEW(bench->lattices, options->count), cleanup);
    TRY_GOTO(ARRAY_NEW(bench->forces, options->count), cleanup);
    TRY_GOTO(ARRAY_NEW(bench->frames, options->count), cleanup);
    TRY_GOTO(for_each(&updates, bench, 0), cleanup);
    *out = bench;
    bench = NULL;
cleanup:
    bench_lattice_destroy(bench);
    return status;
}

void bench_lattice_destroy(struct bench_lattice *bench)
{
    if (bench == NULL)
        return;
    for (int k = 0; k < bench->options.count && bench->lattices != NULL; k++)
        lattice_destroy(bench->lattices[k]);
    for (int k = 0; k < bench->options.count && bench->forces != NULL; k++)
        array_free(bench->forces[k]);
    for (int k = 0; k < bench->options.count && bench->frames != NULL; k++)
        array_free(bench->frames[k]);
    array_free(bench->lattices);
    array_free(bench->forces);
    array_free(bench->frames);
    free(bench);
}

enum status bench_lattice_run(double *updates, struct bench_lattice *bench, double seconds)
{
    return for_each(updates, bench, stop_clock() + seconds);
}
