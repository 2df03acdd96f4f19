/* SPDX-License-Identifier: Apache-2.0
 *
 * Force on no-slip bottom and top by momentum exchange, as on bodies (boundary_link.h): a link that
 * leaves with f*_ibar and enters with f_i pushes the wall by
 *
 *     (c_ibar - u_w) f*_ibar - (c_i - u_w) f_i,
 *
 * less the pressure of the fluid at rest, which pushes the two apart by 1/3 a cell. Two diagonals
 * cross the wall between each two cells, one from either side, and carry what it feels over the
 * length of a cell. At a corner there is one, for half a cell:
 *
 *      |  o   o   o           one diagonal (a) through the corner, two (b) through
 *      | / \ / \ /            every place between cells
 *      a----b---b----
 *
 * That one is reflected by the end, but what it carries over the last half cell is the wall's; only
 * the pressure that it exerts along x, for which its partner from beyond the end is missing, is the
 * end's. So a corner link counts as if the wall reflected it at rest, less that pressure:
 *
 *     F_x = 2 c_ibar,x (f*_ibar - w rho),  F_y = 2 c_ibar,y (f*_ibar - w).
 *
 * The force on the walls of a channel is then its drop of pressure times its height. */
#include "lattice_wall.h"

#include "lattice_private.h"
#include "stencil.h"

static double number_at(const struct lattice *l, const void *row, int64_t at)
{
    return l->options.number == ROW_FLOAT ? (double)((const float *)row)[at]
                                          : ((const double *)row)[at];
}

/* rho - 1 of a cell; row: its direction 0, y = 0. */
static double excess_at(const struct lattice *l, const void *row, int64_t y)
{
    double excess = 0;
    for (int i = 0; i < STENCIL_Q; i++)
        excess += number_at(l, row, i * l->line + y);
    return excess;
}

/* Population i enters cell (x, y) of the row through a corner of the lattice. */
static int is_corner(const struct lattice *l, int64_t x, int i)
{
    int64_t from = x - stencil_cx[i];
    return l->options.ends != LATTICE_ENDS_PERIODIC && (from < 0 || from >= l->options.nx);
}

static void add_link(double force[2], const struct lattice *l, const void *row, int64_t x, int k)
{
    const struct edge_places *edges = &l->edges;
    int edge = k / EDGE_Q, i = edge_places_direction(edge, k % EDGE_Q), cx = stencil_cx[i];
    double leaves = number_at(l, row, edges->from[k]), enters = number_at(l, row, edges->slot[k]);
    double speed = edges->speed[edge], at_rest = stencil_weight[i];
    int64_t y = edge == EDGE_BOTTOM ? 0 : l->options.ny - 1;
    if (l->solid[x * l->options.ny + y])
        return;
    if (is_corner(l, x, i)) {
        force[0] -= 2 * cx * (leaves - at_rest * excess_at(l, row, y));
        force[1] -= 2 * stencil_cy[i] * leaves;
        return;
    }
    force[0] += (-cx - speed) * (leaves + at_rest) - (cx - speed) * (enters + at_rest);
    force[1] -= stencil_cy[i] * (leaves + enters);
}

void lattice_wall_load(double *forces, const struct lattice *l, const struct row_group *group,
                       int64_t x)
{
    int64_t number = l->kernels->bytes;
    for (int64_t n = 0; n < group->rows; n++) {
        int64_t on = n * group->way;
        const void *row = (const char *)group->first.from + on * l->row * number;
        double *force = forces + on * l->loads;
        force[0] = force[1] = 0;
        for (int k = 0; k < EDGE_SIDES * EDGE_Q; k++)
            if (l->edges.kind[k / EDGE_Q] == BOUNDARY_EDGE_NO_SLIP)
                add_link(force, l, row, x + on, k);
    }
}
