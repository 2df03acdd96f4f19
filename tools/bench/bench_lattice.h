/* SPDX-License-Identifier: Apache-2.0
 *
 * Lattices at work, for bench_lbm.c: a flow past a circle in a channel with all that a case has
 * (body, walls, inflow, outflow, sponge, forces in every step), set up past its rise and then
 * advanced for a while. One lattice on all its threads, or an ensemble, one lattice a thread. */
#pragma once

#include "error.h"

#include <stdint.h>

struct stop;
struct bench_lattice;

struct bench_lattice_options {
    int64_t nx, ny;        /* streamwise, across */
    const char *collision; /* name in collision_list.h */
    int count;             /* lattices; those of an ensemble run at once, a thread each */
    int threads;           /* of one lattice; 1 in an ensemble */
    /* Forces of every step, a sponge, and every 100 steps a frame; or none of these. */
    enum { BENCH_LATTICE_RECORDED, BENCH_LATTICE_UNRECORDED } recording;
    const struct stop *stop; /* kept; must outlive */
};

/* After the stream has risen. ERR_CONFIG for a size that no lattice can have; ERR_STOPPED. */
enum status bench_lattice_create(struct bench_lattice **out,
                                 const struct bench_lattice_options *options);
void bench_lattice_destroy(struct bench_lattice *bench);

/* Whole bouts of the guard for at least `seconds`; `updates`: cells updated, in millions, all cells
 * of all lattices counted. ERR_NUMERIC, ERR_STOPPED. */
enum status bench_lattice_run(double *updates, struct bench_lattice *bench, double seconds);
