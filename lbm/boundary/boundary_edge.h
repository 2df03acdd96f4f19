/* SPDX-License-Identifier: Apache-2.0
 *
 * Bottom and top of a row, as edge_places.h has laid them out: writes the ghost slots. The force on
 * no-slip walls is summed as in boundary_link.h; the pressure of the fluid at rest is left out of
 * it (it pushes the two walls apart with 1/3 per cell). */
#pragma once

#include "cell.h"
#include "edge_places.h"

/* row: direction 0, y = 0. */
static inline void boundary_edge_enter(cell_scalar *row, const struct edge_places *edges)
{
    for (int k = 0; k < EDGE_SIDES * EDGE_Q; k++)
        row[edges->slot[k]] = row[edges->from[k]] + (cell_scalar)edges->add[k];
}

/* What no-slip walls feel of a row that has been prepared; added to `force`. */
static inline void boundary_edge_load(double force[2], const cell_scalar *row,
                                      const struct edge_places *edges)
{
    for (int k = 0; k < EDGE_SIDES * EDGE_Q; k++) {
        int edge = k / EDGE_Q, i = edge_places_direction(edge, k % EDGE_Q), cx = stencil_cx[i];
        double here = (double)row[edges->from[k]], value = (double)row[edges->slot[k]];
        double speed = edges->speed[edge];
        if (edges->kind[edge] != BOUNDARY_EDGE_NO_SLIP)
            continue;
        /* (c_ibar - u_w) f*_ibar - (c_i - u_w) f_i, the whole populations */
        double leaves = here + stencil_weight[i], enters = value + stencil_weight[i];
        force[0] += (-cx - speed) * leaves - (cx - speed) * enters;
        force[1] += -stencil_cy[i] * (here + value);
    }
}
