/* SPDX-License-Identifier: Apache-2.0
 *
 * The row functions of the CPU engine, in tables: one table per number type and instruction set,
 * in each one sweep per collision operator. Every table of a number type computes the same bits;
 * the best one that the processor has is chosen at run time. row_loop.h holds the code. */
#pragma once

#include "boundary_kinds.h"
#include "cell_terms.h"
#include "collision.h"
#include "error.h"
#include "link.h"
#include "row_isa.h"
#include "row_task.h"

enum row_number { ROW_FLOAT, ROW_DOUBLE, ROW_NUMBERS };

/* What a look at a row found. */
struct row_survey {
    double mass;  /* sum of rho - 1 over fluid cells; not a number if one is not */
    double worst; /* greatest u^2 */
};

typedef void row_sweep_fn(const struct row_task *task);

struct row_kernels {
    const char *name;                            /* of the instruction set */
    int64_t bytes;                               /* of a number */
    row_sweep_fn *sweep[COLLISIONS][CELL_TERMS]; /* pull and collide */
    void (*link)(const struct row_task *task, const struct link *links,
                 const struct link_wall_speed *speeds, int64_t count, double *forces);
    void (*edge)(const struct row_task *task, enum boundary_edge_kind kind, int cy, double speed,
                 double force[2]);
    void (*inflow)(const struct row_task *task, int cx, const void *terms, double speed,
                   double lift);
    void (*outflow_measure)(const struct row_task *task, void *velocity, double *mean_u,
                            double *mean_rho);
    void (*outflow)(const struct row_task *task, const void *velocity, double rho);
    /* Looks at task->rows[1]. */
    void (*survey)(struct row_survey *out, const struct row_task *task);
};

/* ERR_UNSUPPORTED when this processor or this build lacks the set. */
enum status row_kernel_find(const struct row_kernels **out, enum row_number number,
                            enum row_isa isa);
