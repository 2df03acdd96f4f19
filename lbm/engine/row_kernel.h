/* SPDX-License-Identifier: Apache-2.0
 *
 * The row functions of the CPU engine, in tables: one table per number type and instruction set,
 * in each one sweep per collision operator. Every table of a number type computes the same bits;
 * the best one that the processor has is chosen at run time. row_loop.h holds the code. */
#pragma once

#include "cell_terms.h"
#include "collision.h"
#include "edge_places.h"
#include "error.h"
#include "link.h"
#include "link_slots.h"
#include "row_isa.h"
#include "row_task.h"

enum { ROW_WALL_LOADS = 2 }; /* F_x, F_y of bottom and top together */

enum row_number { ROW_FLOAT, ROW_DOUBLE, ROW_NUMBERS };

/* What a look at a row found. */
struct row_survey {
    double mass;  /* sum of rho - 1 over fluid cells; not a number if one is not */
    double worst; /* greatest u^2 */
};

typedef void row_sweep_fn(const struct row_group *group);

struct row_kernels {
    const char *name;                            /* of the instruction set */
    int64_t bytes;                               /* of a number */
    row_sweep_fn *sweep[COLLISIONS][CELL_TERMS]; /* pull and collide */
    /* The first row is row x of the list. forces: of the first row, `loads` from a row to the next:
     * ROW_WALL_LOADS of the edges, then those of bodies, [bodies][3], written here (NULL: not
     * asked for). Rows beyond those that have links are left out. */
    void (*links)(const struct row_group *group, const struct link_list *list,
                  const struct link_slots *slots, int64_t x, double *forces, int64_t loads);
    void (*edges)(const struct row_group *group, const struct edge_places *places);
    void (*inflow)(const struct row_task *task, int cx, const void *terms, double speed,
                   double lift);
    void (*outflow_measure)(const struct row_task *task, void *velocity, double *mean_u,
                            double *mean_rho);
    void (*outflow)(const struct row_task *task, const void *velocity, double rho);
    /* Looks at the rows that were written. out: of the first row. */
    void (*surveys)(struct row_survey *out, const struct row_group *group);
};

/* ERR_UNSUPPORTED when this processor or this build lacks the set. */
enum status row_kernel_find(const struct row_kernels **out, enum row_number number,
                            enum row_isa isa);
