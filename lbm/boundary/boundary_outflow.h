/* SPDX-License-Identifier: Apache-2.0
 *
 * Characteristic-equilibrium outflow on the right: entering populations at the 4th-order product
 * equilibrium with the last column's velocity and one density rho_out for the whole column, without
 * non-equilibrium part. What rho_out is says outflow.h; here it is measured and applied. */
#pragma once

#include "cell.h"
#include "row_task.h"
#include "vec.h"

/* VEC_LANES partial sums in float64, in order of y, over the count. */
static inline double boundary_outflow_mean(const cell_scalar *values, int64_t count)
{
    double lanes[VEC_LANES] = {0};
    int64_t whole = count / VEC_LANES * VEC_LANES;
    for (int64_t y = 0; y < whole; y += VEC_LANES)
        for (int lane = 0; lane < VEC_LANES; lane++)
            lanes[lane] += (double)values[y + lane];
    for (int64_t y = whole; y < count; y++)
        lanes[y - whole] += (double)values[y];
    return vec_sum_lanes(lanes) / (double)count;
}

/* Numbers from u_x to u_y to rho - 1 in what is measured: whole blocks. */
static inline int64_t boundary_outflow_stride(const struct row_task *task)
{
    return task->blocks * VEC_LANES;
}

/* u_x, u_y and rho - 1 of each cell of the row into `velocity` ([3][16 blocks] of cell_scalar), and
 * the means over the row of u_x and rho - 1. */
static inline void boundary_outflow_measure(const struct row_task *task, void *velocity,
                                            double *mean_u, double *mean_rho)
{
    int64_t stride = boundary_outflow_stride(task);
    cell_scalar *u = velocity, *v = u + stride, *rho = v + stride;
    const cell_real one = CELL_NUMBER(1);
    for (int64_t y = 0; y < stride; y += (int64_t)(sizeof one / sizeof *u)) {
        cell_real f[STENCIL_Q];
        for (int i = 0; i < STENCIL_Q; i++)
            f[i] = cell_load(ROW_LINE(task, 0, i) + y);
        cell_real east = f[1] + (f[5] + f[8]), west = f[3] + (f[6] + f[7]);
        cell_real m00 = (f[0] + (f[2] + f[4])) + (east + west);
        cell_real rise = (f[5] - f[8]) + (f[6] - f[7]);
        cell_store(u + y, (east - west) / (one + m00));
        cell_store(v + y, ((f[2] - f[4]) + rise) / (one + m00));
        cell_store(rho + y, m00);
    }
    *mean_u = boundary_outflow_mean(u, task->ny);
    *mean_rho = boundary_outflow_mean(rho, task->ny);
}

/* rho phi_x phi_y - w with phi = 1/3 + (the part that vanishes at rest): no digits are lost. */
static inline void boundary_outflow(const struct row_task *task, const void *velocity, double rho)
{
    const cell_scalar *u = velocity, *v = u + boundary_outflow_stride(task);
    const cell_scalar extra = (cell_scalar)(rho - 1), density = (cell_scalar)rho;
    const cell_scalar half = (cell_scalar)0.5, sixth = (cell_scalar)(1.0 / 6);
    const cell_scalar axis = (cell_scalar)(1.0 / 9), diagonal = (cell_scalar)(1.0 / 36);
    cell_scalar *west = ROW_LINE(task, 1, STENCIL_W);
    cell_scalar *north = ROW_LINE(task, 1, STENCIL_NW) - 1;
    cell_scalar *south = ROW_LINE(task, 1, STENCIL_SW) + 1;
    for (int64_t y = 0; y < task->ny; y++) {
        cell_scalar square = v[y] * v[y], a = half * (u[y] * u[y] - u[y]);
        cell_scalar up = half * (square + v[y]), down = half * (square - v[y]);
        cell_scalar full = sixth + a;
        west[y] = extra * axis + density * ((4 * sixth) * a - square * full);
        north[y] = extra * diagonal + density * (sixth * a + up * full);
        south[y] = extra * diagonal + density * (sixth * a + down * full);
    }
}
