/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of a lattice, for lattice*.c alone.
 *
 * Two copies of the populations, [row][9][line] each; row -1 and row nx are ghosts, a line begins
 * with 16 numbers of padding (its last is the ghost at y = -1) and holds whole blocks of 16 cells.
 * After a step `now` holds the populations after collision, and `before`, with the slots that the
 * boundaries prepared, still gives by a pull those before it. */
#pragma once

#include "lattice.h"
#include "outflow.h"

enum { LATTICE_BLOCK = 16 }; /* cells that a sweep treats together; padding of a line */

struct lattice {
    struct lattice_options options;
    enum collision_kind collision;
    const struct row_kernels *kernels;
    int64_t blocks, line, row; /* numbers from line to line, row to row */
    void *now, *before;
    unsigned char *solid; /* [nx][ny] */
    unsigned char *kinds; /* [nx][blocks] */
    void *fluid;          /* [nx][16 blocks] */
    double *tau;          /* [nx] */
    struct link_list *links;
    void *terms;    /* [3][ny] of the inflow, or zeros */
    void *velocity; /* [2][ny] of the last column */
    struct outflow outflow;
    double mean_inflow; /* at unit speed */
    int64_t fluid_cells;
    int64_t step;
    struct march *march;
    int64_t block_rows; /* of a block of the march */
    int64_t bout;       /* steps of the run of the march in progress or just over */
    double *row_force;  /* [LATTICE_GUARD_STEPS][nx][loads] */
    double *load;       /* [loads]: their sum in one step */
    int64_t loads;      /* 2 + 3 bodies: force on walls, force and torque on each body */
    int64_t bodies;
    struct geometry *geometry;   /* the bodies where they are now; NULL unless some move */
    struct link_motion *motions; /* [bodies]; NULL: all rest */
    struct row_survey *surveys;  /* [nx] */
    double mass, worst;          /* of the last survey */
    enum lattice_health { LATTICE_WELL, LATTICE_FAST, LATTICE_SICK } health;
    double fast_worst; /* u^2 that made it LATTICE_FAST, and when */
    int64_t fast_step;
    int warned;
    struct lattice_fault fault;
};

struct march;

/* Address of direction 0, y = 0 of row x in -1 .. nx of one copy; wraps when periodic. */
static inline void *lattice_private_row(const struct lattice *lattice, void *copy, int64_t x)
{
    int64_t nx = lattice->options.nx;
    if (lattice->options.ends == LATTICE_ENDS_PERIODIC)
        x = x < 0 ? x + nx : x >= nx ? x - nx : x;
    int64_t number = (x + 1) * lattice->row + LATTICE_BLOCK;
    return (char *)copy + number * lattice->kernels->bytes;
}

/* The task of row x from one copy to the other, in step `step` since rest. */
void lattice_private_task(struct row_task *out, const struct lattice *lattice, void *from, void *to,
                          int64_t x, int64_t step);

/* Body force along x in step `step`: the option's, and the stream's rise. */
double lattice_private_force_x(const struct lattice *lattice, int64_t step);

/* One number of direction i of cell (x, y), where a copy holds it. */
static inline double lattice_private_get(const struct lattice *lattice, void *copy, int64_t x,
                                         int64_t y, int i)
{
    const void *row = lattice_private_row(lattice, copy, x);
    int64_t at = i * lattice->line + y;
    return lattice->options.number == ROW_FLOAT ? (double)((const float *)row)[at]
                                                : ((const double *)row)[at];
}

static inline void lattice_private_put(const struct lattice *lattice, void *copy, int64_t x,
                                       int64_t y, int i, double value)
{
    void *row = lattice_private_row(lattice, copy, x);
    int64_t at = i * lattice->line + y;
    if (lattice->options.number == ROW_FLOAT)
        ((float *)row)[at] = (float)value;
    else
        ((double *)row)[at] = value;
}

/* Makes masks and links from where the bodies are: solid, kinds, fluid, fluid_cells, links. */
enum status lattice_private_place_bodies(struct lattice *lattice, const struct geometry *geometry);

/* Pull and collide row x. */
void lattice_private_sweep(const struct lattice *lattice, const struct row_task *task);
