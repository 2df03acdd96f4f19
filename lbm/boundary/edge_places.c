/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_places.h"

#include "stencil.h"

int edge_places_direction(int edge, int k)
{
    static const int entering[EDGE_SIDES][EDGE_Q] = {
        [EDGE_BOTTOM] = {STENCIL_N, STENCIL_NE, STENCIL_NW},
        [EDGE_TOP] = {STENCIL_S, STENCIL_SW, STENCIL_SE},
    };
    return entering[edge][k];
}

void edge_places_init(struct edge_places *out, const enum boundary_edge_kind kind[EDGE_SIDES],
                      const double speed[EDGE_SIDES], int64_t ny, int64_t row, int64_t line)
{
    for (int edge = 0; edge < EDGE_SIDES; edge++) {
        int64_t inner = edge == EDGE_BOTTOM ? 0 : ny - 1, across = ny - 1 - inner;
        out->kind[edge] = kind[edge];
        out->speed[edge] = speed[edge];
        for (int k = 0; k < EDGE_Q; k++) {
            int at = edge * EDGE_Q + k, i = edge_places_direction(edge, k), cx = stencil_cx[i];
            out->slot[at] = -cx * row + i * line + inner - stencil_cy[i];
            out->add[at] = -0.0; /* changes no number at all, +0 included */
            if (kind[edge] == BOUNDARY_EDGE_SLIP) {
                out->from[at] = -cx * row + stencil_mirror[i] * line + inner;
            } else if (kind[edge] == BOUNDARY_EDGE_PERIODIC) {
                out->from[at] = -cx * row + i * line + across;
            } else {
                out->from[at] = stencil_opposite[i] * line + inner;
                out->add[at] = 6 * stencil_weight[i] * cx * speed[edge];
            }
        }
    }
}
