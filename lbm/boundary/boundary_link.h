/* SPDX-License-Identifier: Apache-2.0
 *
 * Bodies: writes the reflected populations of a row's links (link.h) into the solid slots they are
 * pulled from, and adds up force and torque on each body by momentum exchange in its
 * Galilean-invariant form (Wen, Zhang, Tu, Wang, Fang 2014):
 *
 *     F = sum over links of (c_i - u_w) f*_i - (c_ibar - u_w) f_ibar(t+1)
 *
 * in float64, links in their order. Populations are shifted: around a closed body the weights
 * cancel in the sum, so leaving them out is exact, and the better sum. */
#pragma once

#include "cell.h"
#include "link.h"
#include "row_task.h"

#include <stddef.h>

/* speeds: of the same links, or NULL at rest. forces: [bodies][3], F_x, F_y and the torque about
 * the body's centre, counter-clockwise. */
static inline void boundary_link(const struct row_task *task, const struct link *links,
                                 const struct link_wall_speed *speeds, int64_t count,
                                 double *forces)
{
    for (int64_t k = 0; k < count; k++) {
        const struct link *link = &links[k];
        int i = link->direction, back = stencil_opposite[i], cx = stencil_cx[i], cy = stencil_cy[i];
        cell_scalar here = ROW_LINE(task, 0, i)[link->y];
        cell_scalar other = link->other == LINK_BEHIND ? ROW_LINE(task, -cx, i)[link->y - cy]
                                                       : ROW_LINE(task, 0, back)[link->y];
        cell_scalar value = (cell_scalar)link->a * here + (cell_scalar)link->b * other;
        double *force = forces + 3 * link->body;
        if (speeds != NULL) {
            const struct link_wall_speed *wall = &speeds[k];
            value = value - (cell_scalar)wall->push;
            double less = (double)here - (double)value;
            force[0] -= wall->u * less;
            force[1] -= wall->v * less;
            force[2] -= wall->lever * less;
        }
        ROW_LINE(task, cx, back)[link->y + cy] = value;
        double sum = (double)here + (double)value;
        force[0] += cx * sum;
        force[1] += cy * sum;
        force[2] += link->lever * sum;
    }
}
