/* SPDX-License-Identifier: Apache-2.0
 *
 * One row of one step, as boundaries and sweeps see it. A row is a line of constant x; each of its
 * nine directions is a line of ny numbers, y contiguous, with room for a ghost cell at y = -1 and
 * y = ny. Rows hold post-collision populations. A step pulls f_i(x, y) from direction i of
 * (x - c_x, y - c_y); wherever that place is solid or outside, its slot belongs to this one link,
 * and a boundary has written the reflected population into it just before ("prepare"). So the
 * sweep itself knows no boundary, and a row can be advanced as soon as its neighbours are ready.
 *
 * Numbers are float or double as the lattice is; hence void. */
#pragma once

#include <stdint.h>

enum row_block { ROW_FLUID, ROW_MIXED, ROW_SOLID }; /* of 16 cells */

struct row_task {
    void *rows[3];              /* x - 1, x, x + 1: y = 0 of direction 0 */
    void *to;                   /* row x of the next step, same layout */
    int64_t line;               /* numbers from one direction to the next */
    int64_t ny;                 /* cells */
    int64_t blocks;             /* of 16 cells; the last may run over ny */
    const unsigned char *kinds; /* [blocks] enum row_block */
    const void *fluid;          /* [16 blocks]: 1 in fluid, 0 in bodies and beyond ny */
    double omega, omega_odd;    /* collision rates of this row */
    double force_x, force_y;    /* body force */
    double omega_bulk;          /* what follows is read by general sweeps alone (cell.h) */
    double tau, magic, eddies;  /* eddies_smagorinsky.h: tau_0, Lambda, 18 C_s^2 */
};

/* Line `i` of row x - 1, x or x + 1 (side -1, 0, 1) in a file that has said what cell_scalar is. */
#define ROW_LINE(task, side, i)                                                                    \
    ((cell_scalar *)(task)->rows[1 + (side)] + (int64_t)(i) * (task)->line)
