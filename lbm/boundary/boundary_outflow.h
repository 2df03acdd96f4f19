/* SPDX-License-Identifier: Apache-2.0
 *
 * Characteristic-equilibrium outflow on the right: entering populations at the 4th-order product
 * equilibrium with the last column's velocity and one density rho_out for the whole column, without
 * non-equilibrium part. What rho_out is says outflow.h; here it is measured and applied. */
#pragma once

#include "cell.h"
#include "row_task.h"
#include "vec.h"

/* Velocity of each cell of the row into `velocity` ([2][ny] of cell_scalar), and the means over
 * the row of u_x and rho - 1: VEC_LANES partial sums in float64, in order of y. */
static inline void boundary_outflow_measure(const struct row_task *task, void *velocity,
                                            double *mean_u, double *mean_rho)
{
    cell_scalar *u = velocity, *v = u + task->ny;
    const cell_scalar *f[STENCIL_Q];
    double u_lanes[VEC_LANES] = {0}, rho_lanes[VEC_LANES] = {0};
    for (int i = 0; i < STENCIL_Q; i++)
        f[i] = ROW_LINE(task, 0, i);
    for (int64_t y = 0; y < task->ny; y++) {
        cell_scalar east = f[1][y] + (f[5][y] + f[8][y]), west = f[3][y] + (f[6][y] + f[7][y]);
        cell_scalar m00 = (f[0][y] + (f[2][y] + f[4][y])) + (east + west);
        cell_scalar rise = (f[5][y] - f[8][y]) + (f[6][y] - f[7][y]);
        u[y] = (east - west) / (1 + m00);
        v[y] = ((f[2][y] - f[4][y]) + rise) / (1 + m00);
        u_lanes[y % VEC_LANES] += (double)u[y];
        rho_lanes[y % VEC_LANES] += (double)m00;
    }
    *mean_u = vec_sum_lanes(u_lanes) / (double)task->ny;
    *mean_rho = vec_sum_lanes(rho_lanes) / (double)task->ny;
}

/* rho phi_x phi_y - w with phi = 1/3 + (the part that vanishes at rest): no digits are lost. */
static inline void boundary_outflow(const struct row_task *task, const void *velocity, double rho)
{
    const cell_scalar *u = velocity, *v = u + task->ny;
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
