/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of a lattice, for lattice*.c alone.
 *
 * The populations are one array of rows, [slot][9][line], with more slots than the lattice has rows
 * ("compressed grid", Pohl et al. 2003). A step reads row x from its slot and its neighbours' and
 * writes the row of the next step two slots behind, where nobody looks any more; so one sweep over
 * several steps moves the whole lattice towards the front of the array, and the next sweep, from
 * the last row to the first, moves it back. With three steps in a sweep, L:x being row x after
 * step L:
 *
 *     slot        0    1    2    3    4    5    6    7    8    9   10
 *     before      .    .    .    .    .    .   0:0  0:1  0:2  0:3  0:4
 *     under way  3:0  3:1   .   2:2  2:3   .   1:4   .    .    .    .
 *     after      3:0  3:1  3:2  3:3  3:4   .    .    .    .    .    .
 *
 * Slots of row -1 and row nx are ghosts. A line begins with 16 numbers of padding (its last is the
 * ghost at y = -1) and holds whole blocks of 16 cells. Rows hold the populations after
 * collision. */
#pragma once

#include "lattice.h"
#include "outflow.h"

enum {
    LATTICE_BLOCK = 16,  /* cells that a sweep treats together; padding of a line */
    LATTICE_SHIFT = 2,   /* slots from a row to the same row a step later */
    LATTICE_LEVELS = 16, /* steps of a sweep at most */
};

struct lattice {
    struct lattice_options options;
    enum collision_kind collision;
    const struct row_kernels *kernels;
    int64_t blocks, line, row; /* numbers from line to line, row to row */
    void *rows;                /* all slots */
    int64_t levels;            /* steps of a sweep */
    int threads;               /* that take part */
    int64_t base, slots;       /* slot of row -1 now; all there are */
    unsigned char *solid;      /* [nx][ny] */
    unsigned char *kinds;      /* [nx][blocks] */
    void *fluid;               /* [nx][16 blocks] */
    struct row_facts *facts;   /* [nx] */
    struct row_task task;      /* of row 0; all but from and to */
    struct edge_places edges;
    struct link_list *links;
    struct link_slots *link_slots; /* of the links */
    void *terms;                   /* [3][ny] of the inflow or of end walls */
    void *velocity;                /* [3][16 blocks], boundary_outflow_measure */
    struct outflow outflow;
    double mean_inflow; /* at unit speed */
    int64_t fluid_cells;
    int64_t step;
    struct pipeline *pipeline;
    int64_t chunk;     /* rows of an item of the pipeline */
    double *watch;     /* where the next instant goes; see lattice_state_watch */
    double *row_force; /* [LATTICE_GUARD_STEPS][nx][loads] */
    double *load;      /* [loads]: their sum in one step */
    int64_t loads;     /* 2 + 3 bodies: force on walls, force and torque on each body */
    int64_t bodies;
    struct lattice_motion *motion; /* NULL: all rest */
    struct row_survey *surveys;    /* [nx] */
    double mass, worst;            /* of the last survey */
    enum lattice_health { LATTICE_WELL, LATTICE_FAST, LATTICE_SICK } health;
    double fast_worst; /* u^2 that made it LATTICE_FAST, and when */
    int64_t fast_step;
    int warned;
    struct lattice_fault fault;
};

struct pipeline;

/* Address of direction 0, y = 0 of row x in -1 .. nx when row -1 is in slot `base`. */
static inline void *lattice_private_row(const struct lattice *lattice, int64_t base, int64_t x)
{
    int64_t number = (base + x + 1) * lattice->row + LATTICE_BLOCK;
    return (char *)lattice->rows + number * lattice->kernels->bytes;
}

/* The task of row x from and to a place of the lattice, under a body force along x. */
void lattice_private_task(struct row_task *out, const struct lattice *lattice, int64_t from,
                          int64_t to, int64_t x, double force_x);

/* Body force along x in step `step`: the option's, and the stream's rise. */
double lattice_private_force_x(const struct lattice *lattice, int64_t step);

/* One number of direction i of cell (x, y), where the lattice is now. */
static inline double lattice_private_get(const struct lattice *lattice, int64_t x, int64_t y, int i)
{
    const void *row = lattice_private_row(lattice, lattice->base, x);
    int64_t at = i * lattice->line + y;
    return lattice->options.number == ROW_FLOAT ? (double)((const float *)row)[at]
                                                : ((const double *)row)[at];
}

static inline void lattice_private_put(const struct lattice *lattice, int64_t x, int64_t y, int i,
                                       double value)
{
    void *row = lattice_private_row(lattice, lattice->base, x);
    int64_t at = i * lattice->line + y;
    if (lattice->options.number == ROW_FLOAT)
        ((float *)row)[at] = (float)value;
    else
        ((double *)row)[at] = value;
}

/* Makes kinds and fluid of row x from its mask; of all rows, and fluid_cells. */
void lattice_private_mark_row(struct lattice *lattice, int64_t x);
void lattice_private_mark(struct lattice *lattice);

/* Pull and collide. */
void lattice_private_sweep(const struct lattice *lattice, const struct row_group *group);

/* Which way a sweep of `levels` steps goes: -1 first row first, towards the front, else +1. */
static inline int64_t lattice_private_way(const struct lattice *lattice, int64_t levels)
{
    return lattice->base >= LATTICE_SHIFT * levels ? -1 : 1;
}

/* Periodic ends: the ghost rows become copies of those at the other end. */
void lattice_private_close_ring(struct lattice *lattice);
