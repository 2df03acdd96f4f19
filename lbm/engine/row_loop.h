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
#define cell_load ROW_VEC(_load)
#define cell_store ROW_VEC(_store)
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

/* Row k of a group. */
CELL_FN struct row_task row_of(const struct row_group *group, int64_t k)
{
    struct row_task task = group->first;
    int64_t rows = k * group->way;
    task.from = (cell_scalar *)task.from + rows * task.row;
    task.to = (cell_scalar *)task.to + rows * task.row;
    task.facts += rows;
    task.kinds += rows * task.blocks;
    task.fluid = (const cell_scalar *)task.fluid + rows * task.blocks * VEC_LANES;
    return task;
}

/* Where cells' populations come from and go to: the same cells of rows x - 1, x, x + 1 and of the
 * row that is written, and the distances to the directions' lines in bytes, so few that registers
 * hold them all: the processor multiplies by 1, 2, 4 and 8 in an address. */
struct row_lines {
    const char *before, *here, *behind;
    char *to;
    int64_t line, line_3, line_5, line_7;
};

CELL_FN struct row_lines row_lines_of(const struct row_task *task)
{
    int64_t row = task->row * (int64_t)sizeof(ROW_T), line = task->line * (int64_t)sizeof(ROW_T);
    const char *here = task->from;
    struct row_lines lines = {here - row, here,     here + row, task->to,
                              line,       3 * line, 5 * line,   7 * line};
    return lines;
}

CELL_FN void row_lines_move(struct row_lines *lines, int64_t bytes)
{
    lines->before += bytes;
    lines->here += bytes;
    lines->behind += bytes;
    lines->to += bytes;
}

#define ROW_PULL(row, distance, cy) cell_load((const cell_scalar *)((row) + (distance)) - (cy))

/* The nine populations that arrive at ROW_WIDTH cells. */
CELL_FN void row_pull(cell_real f[STENCIL_Q], const struct row_lines *l)
{
    f[STENCIL_REST] = ROW_PULL(l->here, 0, 0);
    f[STENCIL_E] = ROW_PULL(l->before, l->line, 0);
    f[STENCIL_N] = ROW_PULL(l->here, 2 * l->line, 1);
    f[STENCIL_W] = ROW_PULL(l->behind, l->line_3, 0);
    f[STENCIL_S] = ROW_PULL(l->here, 4 * l->line, -1);
    f[STENCIL_NE] = ROW_PULL(l->before, l->line_5, 1);
    f[STENCIL_NW] = ROW_PULL(l->behind, 2 * l->line_3, 1);
    f[STENCIL_SW] = ROW_PULL(l->behind, l->line_7, -1);
    f[STENCIL_SE] = ROW_PULL(l->before, 8 * l->line, -1);
}

#define ROW_PUT(distance, f) cell_store((cell_scalar *)(l->to + (distance)), f)

CELL_FN void row_store(const struct row_lines *l, cell_real f[STENCIL_Q])
{
    ROW_PUT(0, f[STENCIL_REST]);
    ROW_PUT(l->line, f[STENCIL_E]);
    ROW_PUT(2 * l->line, f[STENCIL_N]);
    ROW_PUT(l->line_3, f[STENCIL_W]);
    ROW_PUT(4 * l->line, f[STENCIL_S]);
    ROW_PUT(l->line_5, f[STENCIL_NE]);
    ROW_PUT(2 * l->line_3, f[STENCIL_NW]);
    ROW_PUT(l->line_7, f[STENCIL_SW]);
    ROW_PUT(8 * l->line, f[STENCIL_SE]);
}

/* +0 in what is not fluid. */
CELL_FN void row_mask(cell_real f[STENCIL_Q], const cell_scalar *flags)
{
    cell_real fluid = cell_load(flags);
    for (int i = 0; i < STENCIL_Q; i++)
        f[i] = ROW_VEC(_keep)(f[i], fluid);
}

/* What a row's collisions are told. */
struct row_rates {
    struct cell_rates cell;
    struct eddies eddies;
};

CELL_FN struct row_rates row_rates_of(const struct row_task *task)
{
    const struct row_facts *facts = task->facts;
    const struct row_rates rates = {
        {cell_set((cell_scalar)facts->omega), cell_set((cell_scalar)facts->omega_odd),
         cell_set((cell_scalar)task->omega_bulk), cell_set((cell_scalar)task->force_x),
         cell_set((cell_scalar)task->force_y)},
        {cell_set((cell_scalar)facts->tau), cell_set((cell_scalar)task->magic),
         cell_set((cell_scalar)task->eddies)}};
    return rates;
}

/* Rows of a group that one loop takes: they have the same rates, so that what follows from those is
 * computed once, and are either all fluid or all to be looked at. */
struct row_run {
    struct row_task first;
    int64_t rows, way;
    int clear;
};

CELL_FN int row_clear(const struct row_group *group, int64_t k)
{
    return group->first.facts[k * group->way].clear == group->first.blocks;
}

/* The run that begins at row k. */
CELL_FN struct row_run row_run_of(const struct row_group *group, int64_t k)
{
    const struct row_facts *facts = group->first.facts;
    struct row_run run = {row_of(group, k), 1, group->way, row_clear(group, k)};
    double tau = facts[k * group->way].tau;
    while (k + run.rows < group->rows && facts[(k + run.rows) * group->way].tau == tau &&
           row_clear(group, k + run.rows) == run.clear)
        run.rows++;
    return run;
}

enum { ROW_BLOCK_BYTES = VEC_LANES * sizeof(ROW_T) };

/* From the end of a row to the beginning of the next one. */
CELL_FN int64_t row_jump(const struct row_run *run)
{
    return run->way * run->first.row * (int64_t)sizeof(ROW_T) - run->first.blocks * ROW_BLOCK_BYTES;
}

/* One sweep per operator and kind of terms. */
#define ROW_SWEEP(operator_name, terms)                                                            \
    /* The populations of a block after collision, or where it is mixed, of its fluid cells. */    \
    CELL_FN void block_##operator_name##_##terms(                                                  \
        struct row_lines *lines, const cell_scalar *fluid, const struct row_rates *rates)          \
    {                                                                                              \
        for (int64_t lane = 0; lane < VEC_LANES; lane += ROW_WIDTH) {                              \
            cell_real f[STENCIL_Q];                                                                \
            struct cell_rates here = rates->cell;                                                  \
            row_pull(f, lines);                                                                    \
            if (terms == CELL_GENERAL)                                                             \
                here = eddies_smagorinsky(f, &rates->cell, &rates->eddies);                        \
            collide_##operator_name(f, &here, terms);                                              \
            if (fluid != NULL)                                                                     \
                row_mask(f, fluid + lane);                                                         \
            row_store(lines, f);                                                                   \
            row_lines_move(lines, VEC_BYTES);                                                      \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    CELL_FN void clear_##operator_name##_##terms(const struct row_run *run,                        \
                                                 const struct row_rates *rates)                    \
    {                                                                                              \
        const int64_t jump = row_jump(run), blocks = run->first.blocks;                            \
        struct row_lines lines = row_lines_of(&run->first);                                        \
        for (int64_t row = 0; row < run->rows; row++) {                                            \
            for (int64_t block = 0; block < blocks; block++)                                       \
                block_##operator_name##_##terms(&lines, NULL, rates);                              \
            row_lines_move(&lines, jump);                                                          \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    CELL_FN void mixed_##operator_name##_##terms(const struct row_run *run,                        \
                                                 const struct row_rates *rates)                    \
    {                                                                                              \
        const int64_t jump = row_jump(run), blocks = run->first.blocks;                            \
        const unsigned char *kinds = run->first.kinds;                                             \
        const cell_scalar *fluid = run->first.fluid;                                               \
        struct row_lines lines = row_lines_of(&run->first);                                        \
        for (int64_t row = 0; row < run->rows; row++) {                                            \
            for (int64_t block = 0; block < blocks; block++) {                                     \
                if (kinds[block] == ROW_FLUID)                                                     \
                    block_##operator_name##_##terms(&lines, NULL, rates);                          \
                else if (kinds[block] == ROW_MIXED)                                                \
                    block_##operator_name##_##terms(&lines, fluid + block * VEC_LANES, rates);     \
                else                                                                               \
                    row_lines_move(&lines, ROW_BLOCK_BYTES);                                       \
            }                                                                                      \
            row_lines_move(&lines, jump);                                                          \
            kinds += run->way * blocks;                                                            \
            fluid += run->way * blocks * VEC_LANES;                                                \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    static void sweep_##operator_name##_##terms(const struct row_group *group)                     \
    {                                                                                              \
        struct row_run run;                                                                        \
        for (int64_t k = 0; k < group->rows; k += run.rows) {                                      \
            run = row_run_of(group, k);                                                            \
            const struct row_rates rates = row_rates_of(&run.first);                               \
            if (run.clear)                                                                         \
                clear_##operator_name##_##terms(&run, &rates);                                     \
            else                                                                                   \
                mixed_##operator_name##_##terms(&run, &rates);                                     \
        }                                                                                          \
    }

#define X(name, words, tau_min, text)                                                              \
    ROW_SWEEP(name, CELL_PLAIN) ROW_SWEEP(name, CELL_FORCED) ROW_SWEEP(name, CELL_GENERAL)
#include "collision_list.h"
#undef X

/* Direction 0, y = 0 of row k of a group. */
CELL_FN cell_scalar *row_from(const struct row_group *group, int64_t k)
{
    return (cell_scalar *)group->first.from + k * group->way * group->first.row;
}

static void row_edges(const struct row_group *group, const struct edge_places *places)
{
    const struct edge_places edges = *places;
    for (int64_t k = 0; k < group->rows; k++)
        boundary_edge_enter(row_from(group, k), &edges);
}

static int64_t row_least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The links of rows `x` .. `end` - 1, in the order of the list whichever way the group goes.
 * forces: may be NULL. */
static void row_reflect(cell_scalar *base, const struct link_list *list,
                        const struct link_slots *slots, int64_t x, int64_t end, double *forces,
                        int64_t loads)
{
    const int64_t *first = list->first;
    if (forces == NULL) {
        for (int64_t k = first[x]; k < first[end]; k++)
            boundary_link_reflect(base, slots, k);
        return;
    }
    for (; x < end; x++, forces += loads)
        for (int64_t k = first[x], until; k < first[x + 1]; k = until) {
            double *force = forces + 3 * slots->bodies[k];
            for (until = k + 1; until < first[x + 1] && slots->bodies[until] == slots->bodies[k];)
                until++;
            if (list->speeds != NULL)
                boundary_link_load(base, slots, list->speeds, k, until, force);
            else
                boundary_link_load(base, slots, NULL, k, until, force);
        }
}

static void row_links(const struct row_group *group, const struct link_list *list,
                      const struct link_slots *slots, int64_t x, double *forces, int64_t loads)
{
    int64_t low = group->way > 0 ? x : x - group->rows + 1, high = low + group->rows;
    cell_scalar *base = row_from(group, 0) - x * group->first.row;
    low = low > list->begin ? low : list->begin;
    high = row_least(high, list->end);
    if (low >= high)
        return;
    if (forces != NULL)
        forces += (low - x) * loads + ROW_WALL_LOADS;
    for (int64_t row = 0; row < high - low && forces != NULL; row++)
        for (int64_t load = 0; load < loads - ROW_WALL_LOADS; load++)
            forces[row * loads + load] = 0;
    row_reflect(base, list, slots, low, high, forces, loads);
}

static void row_look(struct row_survey *out, const struct row_task *task)
{
    double mass[VEC_LANES] = {0};
    cell_scalar density[ROW_WIDTH];
    cell_real worst = CELL_NUMBER(0);
    for (int64_t block = 0; block < task->blocks; block++) {
        if (task->kinds[block] == ROW_SOLID)
            continue;
        for (int64_t lane = 0; lane < VEC_LANES; lane += ROW_WIDTH) {
            int64_t y = block * VEC_LANES + lane;
            cell_real f[STENCIL_Q];
            for (int i = 0; i < STENCIL_Q; i++)
                f[i] = cell_load((const cell_scalar *)task->to + i * task->line + y);
            cell_real fluid = cell_load((const cell_scalar *)task->fluid + y);
            cell_real east = f[1] + (f[5] + f[8]), west = f[3] + (f[6] + f[7]);
            cell_real m00 = (f[0] + (f[2] + f[4])) + (east + west);
            cell_real jx = east - west, jy = (f[2] - f[4]) + ((f[5] - f[8]) + (f[6] - f[7]));
            cell_real rho = CELL_NUMBER(1) + m00;
            cell_real square = cell_fma(jx, jx, jy * jy) / (rho * rho);
            worst = ROW_VEC(_select_greater)(ROW_VEC(_keep)(square, fluid), worst);
            m00 = ROW_VEC(_keep)(m00, fluid);
            cell_store(density, m00);
            for (int64_t k = 0; k < ROW_WIDTH; k++)
                mass[lane + k] += (double)density[k];
        }
    }
    out->mass = vec_sum_lanes(mass);
    out->worst = 0;
    for (int64_t k = 0; k < ROW_WIDTH; k++)
        if ((double)worst[k] > out->worst)
            out->worst = (double)worst[k];
}

static void row_surveys(struct row_survey *out, const struct row_group *group)
{
    for (int64_t k = 0; k < group->rows; k++) {
        const struct row_task task = row_of(group, k);
        row_look(&out[k * group->way], &task);
    }
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
    .links = row_links,
    .edges = row_edges,
    .inflow = boundary_inflow,
    .outflow_measure = boundary_outflow_measure,
    .outflow = boundary_outflow,
    .surveys = row_surveys,
};
