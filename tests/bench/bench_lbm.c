/* SPDX-License-Identifier: Apache-2.0
 *
 * Lattice updates per second of the solver: bench_lbm [nx ny steps [threads [best]]]. Not a test;
 * `best` leaves the other instruction sets and float64 out. */
#include "geometry.h"
#include "lattice.h"
#include "outflow.h"
#include "stop.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECES = 50 };

static enum status measure(enum row_isa isa, enum row_number number, const char *collision,
                           int64_t nx, int64_t ny, int64_t steps, int threads)
{
    enum status status = OK;
    struct lattice *lattice = NULL;
    struct geometry *geometry = NULL;
    double *forces = calloc((size_t)(2 * steps), sizeof *forces);
    struct body_spec circle = {
        .family = "circle", .x = 0.25 * (double)nx, .y = 0.5 * (double)ny, .aspect = 1};
    struct lattice_options o;
    TRY_GOTO(forces != NULL ? OK : FAIL(ERR_MEMORY, "no memory"), cleanup);
    circle.size = 0.19 * (double)ny;
    TRY_GOTO(geometry_create(&geometry, &circle, 1), cleanup);
    lattice_defaults(&o);
    o.nx = nx;
    o.ny = ny;
    o.number = number;
    snprintf(o.collision, sizeof o.collision, "%s", collision);
    o.tau = 0.56;
    o.ends = LATTICE_ENDS_OPEN;
    o.bottom = o.top = BOUNDARY_EDGE_SLIP;
    o.inflow = (struct inflow){.speed = 0.1, .ramp_steps = 600, .kick = 0.005};
    o.outflow_rate = outflow_default_rate((double)nx);
    o.sponge = nx / 10;
    o.refine = 2;
    o.geometry = geometry;
    o.isa = isa;
    o.threads = threads;
    TRY_GOTO(lattice_create(&lattice, &o), cleanup);
    TRY_GOTO(lattice_run(lattice, 64, NULL), cleanup);
    double total = 0, least = HUGE_VAL;
    for (int piece = 0; piece < PIECES; piece++) {
        double begin = stop_clock();
        TRY_GOTO(lattice_run(lattice, steps / PIECES, forces), cleanup);
        double seconds = stop_clock() - begin;
        total += seconds;
        least = seconds < least ? seconds : least;
    }
    double updates = (double)(nx * ny * (steps / PIECES)) * 1e-6;
    printf("%-9s %-9s %-7s %lld x %lld, %d thread(s): %.0f million updates/s, %.0f in the best of "
           "%d pieces\n",
           collision, lattice_isa(lattice), number == ROW_FLOAT ? "float" : "double", (long long)nx,
           (long long)ny, threads, PIECES * updates / total, updates / least, PIECES);
cleanup:
    lattice_destroy(lattice);
    geometry_destroy(geometry);
    free(forces);
    return status;
}

int main(int argc, char **argv)
{
    int64_t nx = argc > 2 ? strtoll(argv[1], NULL, 10) : 176;
    int64_t ny = argc > 2 ? strtoll(argv[2], NULL, 10) : 128;
    int64_t steps = argc > 3 ? strtoll(argv[3], NULL, 10) : 10000;
    int threads = argc > 4 ? (int)strtol(argv[4], NULL, 10) : 1;
    int best = argc > 5;
    for (int isa = best ? ROW_ISA_AUTO : ROW_ISAS - 1; isa >= !best; isa--)
        for (int number = 0; number < (best ? 1 : ROW_NUMBERS); number++)
            for (int kind = 0; kind < COLLISIONS; kind++)
                if (measure((enum row_isa)isa, (enum row_number)number,
                            collision_name((enum collision_kind)kind), nx, ny,
                            isa == ROW_ISA_BASELINE ? steps / 10 : steps, threads) != OK)
                    fprintf(stderr, "%s\n", error_message());
    return 0;
}
