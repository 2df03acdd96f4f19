/* SPDX-License-Identifier: Apache-2.0
 *
 * The code of a row_kernels table, for the number type that the including file names:
 * row_float_simd.c and row_double_simd.c say ROW_T (float or double), and are compiled once per
 * instruction set.
 *
 * A sweep takes 16 cells at a time: pulls their populations from the three neighbouring rows,
 * collides in registers, and writes them. Blocks without fluid are left alone (their slots hold
 * reflected populations and nothing else), blocks with some are masked. */
#pragma once

#include "vec.h"

#define ROW_JOIN_(a, b, c) a##b##c
#define ROW_JOIN(a, b, c) ROW_JOIN_(a, b, c)
#define ROW_VEC(op) ROW_JOIN(vec_, ROW_T, op)

#define cell_scalar ROW_T
#define cell_real ROW_VEC()
#define cell_set ROW_VEC(_set)
#define cell_fma ROW_VEC(_fma)
#define cell_sqrt ROW_VEC(_sqrt)
#define CELL_FN static inline __attribute__((always_inline))

#include "boundary_edge.h"
#include "boundary_inflow.h"
#include "boundary_link.h"
#include "boundary_outflow.h"
#include "collision_functions.h"
#include "eddies_smagorinsky.h"
#include "row_kernel.h"

#include <stddef.h>

enum { ROW_WIDTH = VEC_BYTES / sizeof(ROW_T) };

/* Where a row's populations come from and go to, at y = 0. Held apart from the task, which a store
 * might change for all that the compiler knows. */
struct row_lines {
    const cell_scalar *from[STENCIL_Q];
    cell_scalar *to;
    int64_t line;
};

CELL_FN struct row_lines row_lines_of(const struct row_task *task)
{
    struct row_lines lines;
    for (int i = 0; i < STENCIL_Q; i++)
        lines.from[i] = ROW_LINE(task, -stencil_cx[i], i) - stencil_cy[i];
    lines.to = task->to;
    lines.line = task->line;
    return lines;
}

/* The nine populations that arrive at ROW_WIDTH cells from y on. */
CELL_FN void row_pull(cell_real f[STENCIL_Q], const struct row_lines *lines, int64_t y)
{
    for (int i = 0; i < STENCIL_Q; i++)
        f[i] = ROW_VEC(_load)(lines->from[i] + y);
}

CELL_FN struct cell_rates row_rates(const struct row_task *task)
{
    struct cell_rates rates = {
        cell_set((cell_scalar)task->omega), cell_set((cell_scalar)task->omega_odd),
        cell_set((cell_scalar)task->omega_bulk), cell_set((cell_scalar)task->force_x),
        cell_set((cell_scalar)task->force_y)};
    return rates;
}

CELL_FN struct eddies row_eddies(const struct row_task *task)
{
    struct eddies eddies = {cell_set((cell_scalar)task->tau), cell_set((cell_scalar)task->magic),
                            cell_set((cell_scalar)task->eddies)};
    return eddies;
}

CELL_FN void row_store(const struct row_lines *lines, int64_t y, cell_real f[STENCIL_Q])
{
    for (int i = 0; i < STENCIL_Q; i++)
        ROW_VEC(_store)(lines->to + i * lines->line + y, f[i]);
}

/* +0 in what is not fluid. */
CELL_FN void row_mask(cell_real f[STENCIL_Q], const struct row_task *task, int64_t y)
{
    cell_real fluid = ROW_VEC(_load)((const cell_scalar *)task->fluid + y);
    for (int i = 0; i < STENCIL_Q; i++)
        f[i] = ROW_VEC(_keep)(f[i], fluid);
}

/* One sweep per operator and kind of terms. */
#define ROW_SWEEP(operator_name, terms)                                                            \
    static void sweep_##operator_name##_##terms(const struct row_task *task)                       \
    {                                                                                              \
        struct cell_rates rates = row_rates(task);                                                 \
        struct eddies eddies = row_eddies(task);                                                   \
        struct row_lines lines = row_lines_of(task);                                               \
        const unsigned char *kinds = task->kinds;                                                  \
        int64_t blocks = task->blocks;                                                             \
        for (int64_t block = 0; block < blocks; block++) {                                         \
            enum row_block kind = (enum row_block)kinds[block];                                    \
            if (kind == ROW_SOLID)                                                                 \
                continue;                                                                          \
            for (int64_t lane = 0; lane < VEC_LANES; lane += ROW_WIDTH) {                          \
                int64_t y = block * VEC_LANES + lane;                                              \
                cell_real f[STENCIL_Q];                                                            \
                row_pull(f, &lines, y);                                                            \
                struct cell_rates here = rates;                                                    \
                if (terms == CELL_GENERAL)                                                         \
                    here = eddies_smagorinsky(f, &rates, &eddies);                                 \
                collide_##operator_name(f, &here, terms);                                          \
                if (kind == ROW_MIXED)                                                             \
                    row_mask(f, task, y);                                                          \
                row_store(&lines, y, f);                                                           \
            }                                                                                      \
        }                                                                                          \
    }

#define X(name, words, tau_min, text)                                                              \
    ROW_SWEEP(name, CELL_PLAIN) ROW_SWEEP(name, CELL_FORCED) ROW_SWEEP(name, CELL_GENERAL)
#include "collision_list.h"
#undef X

static void row_look(struct row_survey *out, const struct row_task *task)
{
    double mass[VEC_LANES] = {0};
    cell_real worst = CELL_NUMBER(0);
    for (int64_t block = 0; block < task->blocks; block++) {
        if (task->kinds[block] == ROW_SOLID)
            continue;
        for (int64_t lane = 0; lane < VEC_LANES; lane += ROW_WIDTH) {
            int64_t y = block * VEC_LANES + lane;
            cell_real f[STENCIL_Q];
            for (int i = 0; i < STENCIL_Q; i++)
                f[i] = ROW_VEC(_load)(ROW_LINE(task, 0, i) + y);
            cell_real fluid = ROW_VEC(_load)((const cell_scalar *)task->fluid + y);
            cell_real east = f[1] + (f[5] + f[8]), west = f[3] + (f[6] + f[7]);
            cell_real m00 = (f[0] + (f[2] + f[4])) + (east + west);
            cell_real jx = east - west, jy = (f[2] - f[4]) + ((f[5] - f[8]) + (f[6] - f[7]));
            cell_real rho = CELL_NUMBER(1) + m00;
            cell_real square = cell_fma(jx, jx, jy * jy) / (rho * rho);
            worst = ROW_VEC(_select_greater)(ROW_VEC(_keep)(square, fluid), worst);
            m00 = ROW_VEC(_keep)(m00, fluid);
            for (int64_t k = 0; k < ROW_WIDTH; k++)
                mass[lane + k] += (double)m00[k];
        }
    }
    out->mass = vec_sum_lanes(mass);
    out->worst = 0;
    for (int64_t k = 0; k < ROW_WIDTH; k++)
        if ((double)worst[k] > out->worst)
            out->worst = (double)worst[k];
}

#define ROW_TABLE_NAME ROW_JOIN(ROW_JOIN(row_, ROW_T, _simd), _, VEC_SUFFIX)
#define ROW_TEXT_(x) #x
#define ROW_TEXT(x) ROW_TEXT_(x)

extern const struct row_kernels ROW_TABLE_NAME;

const struct row_kernels ROW_TABLE_NAME = {
    .name = ROW_TEXT(VEC_SUFFIX),
    .bytes = sizeof(ROW_T),
    .sweep =
        {
#define X(name, words, tau_min, text)                                                              \
    [COLLISION_##name] = {sweep_##name##_CELL_PLAIN, sweep_##name##_CELL_FORCED,                   \
                          sweep_##name##_CELL_GENERAL},
#include "collision_list.h"
#undef X
        },
    .link = boundary_link,
    .edge = boundary_edge,
    .inflow = boundary_inflow,
    .outflow_measure = boundary_outflow_measure,
    .outflow = boundary_outflow,
    .survey = row_look,
};
