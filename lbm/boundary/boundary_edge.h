/* SPDX-License-Identifier: Apache-2.0
 *
 * Bottom and top of a row, as edge_places.h has laid them out: writes the ghost slots. */
#pragma once

#include "cell.h"
#include "edge_places.h"

/* row: direction 0, y = 0. */
static inline void boundary_edge_enter(cell_scalar *row, const struct edge_places *edges)
{
    for (int k = 0; k < EDGE_SIDES * EDGE_Q; k++)
        row[edges->slot[k]] = row[edges->from[k]] + (cell_scalar)edges->add[k];
}
