/* SPDX-License-Identifier: Apache-2.0
 *
 * Link-wise velocity inflow on the left (x = -1/2), and no-slip walls on the left or right:
 * half-way bounce-back with the momentum of the moving plane,
 *
 *     f_i(x) = f*_ibar(x) + 6 w_i rho_0 c_i.u_in,  rho_0 = 1,
 *
 * u_in taken where the link crosses the plane. The terms come ready made (inflow.h). */
#pragma once

#include "cell.h"
#include "row_task.h"

/* cx: +1 on the left, -1 on the right. terms: [3][ny] of cell_scalar, for c_y = 0, +1, -1 at unit
 * speed; `lift` is the plane's transverse velocity. */
static inline void boundary_inflow(const struct row_task *task, int cx, const void *terms,
                                   double speed, double lift)
{
    static const int left[3] = {STENCIL_E, STENCIL_NE, STENCIL_SE};
    static const int right[3] = {STENCIL_W, STENCIL_NW, STENCIL_SW};
    for (int k = 0; k < 3; k++) {
        int i = cx > 0 ? left[k] : right[k], cy = stencil_cy[i];
        const cell_scalar *term = (const cell_scalar *)terms + k * task->ny;
        const cell_scalar *leaving = ROW_LINE(task, 0, stencil_opposite[i]);
        cell_scalar *slot = ROW_LINE(task, -cx, i) - cy;
        cell_scalar scale = (cell_scalar)speed;
        cell_scalar across = (cell_scalar)(6 * stencil_weight[i] * cy * lift);
        for (int64_t y = 0; y < task->ny; y++)
            slot[y] = leaving[y] + (scale * term[y] + across);
    }
}
