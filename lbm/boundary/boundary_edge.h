/* SPDX-License-Identifier: Apache-2.0
 *
 * Bottom (y = -1/2) and top (y = ny - 1/2) of a row: writes the ghost slots from which the row's
 * entering populations are pulled.
 *
 *     slip      f_i(x) = f*_mirror(x - c_x)              half-way specular reflection
 *     periodic  f_i from the other end of the row
 *     no-slip   f_i(x) = f*_ibar(x) + 6 w_i c_i.u_w      half-way bounce-back, wall speed u_w along
 * x
 *
 * The force on no-slip walls is summed as in boundary_link.h; the pressure of the fluid at rest is
 * left out of it (it pushes the two walls apart with 1/3 per cell). */
#pragma once

#include "boundary_kinds.h"
#include "cell.h"
#include "row_task.h"

/* No-slip: one population f_i that enters with c_i = (cx, cy) for the one that leaves. */
static inline cell_scalar boundary_edge_reflect(const struct row_task *task, int i, int64_t inner,
                                                double speed, double force[2])
{
    int cx = stencil_cx[i], cy = stencil_cy[i];
    cell_scalar here = ROW_LINE(task, 0, stencil_opposite[i])[inner];
    cell_scalar value = here + (cell_scalar)(6 * stencil_weight[i] * cx * speed);
    /* (c_ibar - u_w) f*_ibar - (c_i - u_w) f_i, the whole populations */
    double leaves = (double)here + stencil_weight[i], enters = (double)value + stencil_weight[i];
    force[0] += (-cx - speed) * leaves - (cx - speed) * enters;
    force[1] += -cy * ((double)here + (double)value);
    return value;
}

/* cy: +1 for the bottom (what enters goes up), -1 for the top. */
static inline void boundary_edge(const struct row_task *task, enum boundary_edge_kind kind, int cy,
                                 double speed, double force[2])
{
    static const int entering[2][3] = {{STENCIL_S, STENCIL_SW, STENCIL_SE},
                                       {STENCIL_N, STENCIL_NE, STENCIL_NW}};
    int64_t inner = cy > 0 ? 0 : task->ny - 1, across = cy > 0 ? task->ny - 1 : 0;
    for (int k = 0; k < 3; k++) {
        int i = entering[cy > 0][k], cx = stencil_cx[i];
        cell_scalar value;
        if (kind == BOUNDARY_EDGE_SLIP)
            value = ROW_LINE(task, -cx, stencil_mirror[i])[inner];
        else if (kind == BOUNDARY_EDGE_PERIODIC)
            value = ROW_LINE(task, -cx, i)[across];
        else
            value = boundary_edge_reflect(task, i, inner, speed, force);
        ROW_LINE(task, -cx, i)[inner - cy] = value;
    }
}
