/* SPDX-License-Identifier: Apache-2.0
 *
 * Lattices with all boundaries on, for tests that hold variants of the engine against each other or
 * against the plain loop. A case is made of one choice in each of ENGINE_CASE_FACTORS respects, so
 * that sets of cases can be drawn in which every pair of choices meets. Operators come from
 * collision_list.h. */
#pragma once

#include "geometry.h"
#include "lattice.h"

enum engine_case_factor {
    ENGINE_CASE_OPERATOR, /* the list, and the cumulant one with a bulk rate of its own */
    ENGINE_CASE_WALL,
    ENGINE_CASE_EDGES,
    ENGINE_CASE_ENDS, /* inflow profile and ramp included */
    ENGINE_CASE_FORCE,
    ENGINE_CASE_EDDIES,
    ENGINE_CASE_MOTION,
    ENGINE_CASE_SPONGE,
    ENGINE_CASE_MAGIC,
    ENGINE_CASE_PLACE, /* scale and shift of the canvas */
    ENGINE_CASE_FACTORS
};

/* Choices there are in a respect. */
int engine_case_levels(enum engine_case_factor factor);

struct engine_case_choices {
    int of[ENGINE_CASE_FACTORS];
};

/* Choice k of an endless set, each drawn apart; what would leave the fluid at rest is left out. */
struct engine_case_choices engine_case_draw(int k);

/* A set in which every two choices that can stand together do: at most `most` cases into `out`.
 * Returns how many; 0 if `most` are too few. */
int engine_case_cover(struct engine_case_choices *out, int most);

enum { ENGINE_CASE_NX = 40, ENGINE_CASE_NY = 33 /* where all its bodies have room */ };
enum { ENGINE_CASE_BODIES = 4, ENGINE_CASE_TABLE = 5 };

/* Keeps what its options point to: do not move it. */
struct engine_case {
    struct lattice_options options;
    struct geometry *geometry;
    struct body_course courses[ENGINE_CASE_BODIES];
    double table[ENGINE_CASE_TABLE];
    char name[160];
};

/* float64, one thread, the best instruction set. Four bodies on a lattice of at least the size
 * above, one where both sides have 15 cells, none on smaller ones. */
enum status engine_case_init(struct engine_case *out, const struct engine_case_choices *choices,
                             int64_t nx, int64_t ny);
void engine_case_fini(struct engine_case *engine_case);
