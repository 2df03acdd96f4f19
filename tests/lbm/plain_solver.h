/* SPDX-License-Identifier: Apache-2.0
 *
 * A plain, obviously right lattice-Boltzmann loop, against which every variant of the engine is
 * held: two arrays of whole populations in float64, for x, for y, for i; textbook formulas; nothing
 * of the engine's but its options. Not fast, and not to be made fast.
 *
 * Where a link leaves the lattice, its end rules before its bottom or top do: the corner belongs to
 * the end, and rests on end walls that move, unless bottom and top are periodic. */
#pragma once

#include "lattice.h"
#include "plain_bodies.h"
#include "start_state.h"

struct plain_solver {
    struct lattice_options options;
    enum collision_kind collision;
    struct plain_bodies bodies;
    double *now, *next;    /* [nx][ny][9] after collision */
    double *seen;          /* [nx][ny][START_FIELDS] before the last collision */
    double outlet_base;    /* relaxed density of the outlet */
    double outlet_density; /* rho_out of the step in progress */
    int64_t step;
    double *loads;  /* [bodies][LATTICE_LOADS] of the last step */
    double edge[2]; /* force on no-slip bottom and top of the last step; y less that at rest */
};

/* At rest. What the options point to is borrowed and must outlive the solver. */
enum status plain_solver_create(struct plain_solver **out, const struct lattice_options *options);
void plain_solver_destroy(struct plain_solver *solver);

enum status plain_solver_step(struct plain_solver *solver);
