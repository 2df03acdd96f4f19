/* SPDX-License-Identifier: Apache-2.0
 *
 * One row of one step, as boundaries and sweeps see it. A row is a line of constant x; each of its
 * nine directions is a line of ny numbers, y contiguous, with room for a ghost cell at y = -1 and
 * y = ny. Rows hold post-collision populations. A step pulls f_i(x, y) from direction i of
 * (x - c_x, y - c_y); wherever that place is solid or outside, its slot belongs to this one link,
 * and a boundary has written the reflected population into it before ("prepare"). So the sweep
 * itself knows no boundary, and a row can be advanced as soon as its neighbours are ready.
 *
 * Numbers are float or double as the lattice is; hence void. */
#pragma once

#include <stdint.h>

enum row_block { ROW_FLUID, ROW_MIXED, ROW_SOLID }; /* of 16 cells */

/* What a row has of its own in every step. */
struct row_facts {
    double tau, omega, omega_odd; /* relaxation time and collision rates */
    int64_t clear;                /* blocks from y = 0 on that are all fluid */
};

struct row_task {
    void *from;        /* row x: y = 0 of direction 0 */
    void *to;          /* row x of the next step, same layout */
    int64_t row, line; /* numbers from a row to that of x + 1, from one direction to the next */
    int64_t ny;        /* cells */
    int64_t blocks;    /* of 16 cells; the last may run over ny */
    const struct row_facts *facts;
    const unsigned char *kinds; /* [blocks] enum row_block */
    const void *fluid;          /* [16 blocks]: 1 in fluid, 0 in bodies and beyond ny */
    double force_x, force_y;    /* body force */
    double omega_bulk;          /* what follows is read by general sweeps alone (cell.h) */
    double magic, eddies;       /* eddies_smagorinsky.h: Lambda, 18 C_s^2 */
};

/* Rows that take a step together, in this order: x of the first, x + way, ... */
struct row_group {
    struct row_task first;
    int64_t rows;
    int64_t way; /* 1 or -1 */
};

/* Line `i` of row x - 1, x or x + 1 (side -1, 0, 1) in a file that has said what cell_scalar is. */
#define ROW_LINE(task, side, i)                                                                    \
    ((cell_scalar *)(task)->from + (int64_t)(side) * (task)->row + (int64_t)(i) * (task)->line)
