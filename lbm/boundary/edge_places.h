/* SPDX-License-Identifier: Apache-2.0
 *
 * Bottom (y = -1/2) and top (y = ny - 1/2) of the rows of a lattice: where the populations that
 * enter a row come from, and the ghost slots whence the row pulls them.
 *
 *     slip      f_i(x) = f*_mirror(x - c_x)              half-way specular reflection
 *     periodic  f_i from the other end of the row
 *     no-slip   f_i(x) = f*_ibar(x) + 6 w_i c_i.u_w      half-way bounce-back, wall speed u_w along
 * x
 *
 * All three are a number from some place of the row or its neighbour and a constant, the same for
 * every row, so they are worked out once; boundary_edge.h does them. */
#pragma once

#include "boundary_kinds.h"

#include <stdint.h>

enum { EDGE_BOTTOM, EDGE_TOP, EDGE_SIDES, EDGE_Q = 3 /* populations that enter at each */ };

struct edge_places {
    /* [EDGE_SIDES][EDGE_Q]: numbers from direction 0 of the row's cell y = 0 */
    int64_t from[EDGE_SIDES * EDGE_Q], slot[EDGE_SIDES * EDGE_Q];
    double add[EDGE_SIDES * EDGE_Q];
    enum boundary_edge_kind kind[EDGE_SIDES];
    double speed[EDGE_SIDES];
};

/* row, line: numbers from a row to the next, from a direction to the next. */
void edge_places_init(struct edge_places *out, const enum boundary_edge_kind kind[EDGE_SIDES],
                      const double speed[EDGE_SIDES], int64_t ny, int64_t row, int64_t line);

/* The direction of entering population k of an edge. */
int edge_places_direction(int edge, int k);
