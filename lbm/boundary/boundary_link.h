/* SPDX-License-Identifier: Apache-2.0
 *
 * Bodies: writes the reflected populations of links (link.h) into the solid slots they are pulled
 * from,
 *
 *     f_ibar(t+1) = a f*_i(x) + b (the other) - push,
 *
 * and adds up force and torque on each body by momentum exchange in its Galilean-invariant form
 * (Wen, Zhang, Tu, Wang, Fang 2014):
 *
 *     F = sum over links of (c_i - u_w) f*_i - (c_ibar - u_w) f_ibar(t+1)
 *
 * in float64, row by row and there the links in their order. Populations are shifted: around a
 * closed body the weights cancel in the sum, so leaving them out is exact, and the better sum.
 *
 * Link by link, in registers: numbers that are gathered by small stores wait for each other when a
 * wide load fetches them. link_slots.h says where a link reads and writes. */
#pragma once

#include "cell.h"
#include "link.h"
#include "link_slots.h"
#include "vec.h"

#include <stddef.h>

/* What a link's loads are made of. */
struct boundary_link_flow {
    double sum, less; /* f*_i + f_ibar, f*_i - f_ibar */
};

/* Link k. base: direction 0 of cell (0, 0). */
CELL_FN struct boundary_link_flow boundary_link_reflect(cell_scalar *base,
                                                        const struct link_slots *slots, int64_t k)
{
    const struct link_slot *slot = &slots->slots[k];
    const cell_scalar *a = slots->a, *b = slots->b, *push = slots->push;
    cell_scalar here = base[slot->here], value = a[k] * here + b[k] * base[slot->other];
    if (push != NULL)
        value = value - push[k];
    base[slot->slot] = value;
    return (struct boundary_link_flow){(double)here + (double)value, (double)here - (double)value};
}

/* Links first .. end - 1 of one row and one body, and what they add to `force`: F_x, F_y and the
 * torque about the body's centre, counter-clockwise. speeds: NULL where all bodies rest. */
CELL_FN void boundary_link_load(cell_scalar *base, const struct link_slots *slots,
                                const struct link_wall_speed *speeds, int64_t first, int64_t end,
                                double *force)
{
    vec_quad share, loads = {force[0], force[1], force[2]};
    for (int64_t k = first; k < end; k++) {
        const struct boundary_link_flow flow = boundary_link_reflect(base, slots, k);
        if (speeds != NULL)
            loads -= (vec_quad){speeds[k].u, speeds[k].v, speeds[k].lever} * flow.less;
        __builtin_memcpy(&share, slots->shares[k].load, sizeof share);
        loads += share * flow.sum;
    }
    for (int axis = 0; axis < 3; axis++)
        force[axis] = loads[axis];
}
