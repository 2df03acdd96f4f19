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
 * Some links go together: their numbers are fetched one by one from all over the rows, computed
 * side by side, and written one by one (link_slots.h says where). */
#pragma once

#include "cell.h"
#include "link.h"
#include "link_slots.h"
#include "vec.h"

#include <stddef.h>

enum { LINKS_TOGETHER = 64 };

struct boundary_links {
    cell_scalar here[LINKS_TOGETHER], other[LINKS_TOGETHER], value[LINKS_TOGETHER];
    double sum[LINKS_TOGETHER], less[LINKS_TOGETHER]; /* f*_i + f_ibar, f*_i - f_ibar */
};

/* VEC_LANES links: f_ibar and what the loads are made of. push: may be NULL. */
static inline void boundary_link_compute(struct boundary_links *links, int64_t at,
                                         const cell_scalar *a, const cell_scalar *b,
                                         const cell_scalar *push)
{
    cell_scalar *here = links->here + at, *value = links->value + at;
    const cell_scalar *other = links->other + at;
    for (int64_t k = 0; k < VEC_LANES; k++)
        value[k] = a[k] * here[k] + b[k] * other[k];
    for (int64_t k = 0; k < VEC_LANES && push != NULL; k++)
        value[k] = value[k] - push[k];
    for (int64_t k = 0; k < VEC_LANES && push != NULL; k++)
        links->less[at + k] = (double)here[k] - (double)value[k];
    for (int64_t k = 0; k < VEC_LANES; k++)
        links->sum[at + k] = (double)here[k] + (double)value[k];
}

/* Links first .. first + count - 1. base: direction 0 of cell (0, 0). */
static inline void boundary_link_reflect(struct boundary_links *links, cell_scalar *base,
                                         const struct link_slots *slots, int64_t first,
                                         int64_t count)
{
    const struct link_slot *slot = slots->slots + first;
    const cell_scalar *a = slots->a, *b = slots->b, *push = slots->push;
    for (int64_t k = 0; k < count; k++) {
        links->here[k] = base[slot[k].here];
        links->other[k] = base[slot[k].other];
    }
    for (int64_t k = count; k % VEC_LANES != 0; k++)
        links->here[k] = links->other[k] = 0;
    for (int64_t k = 0; k < count; k += VEC_LANES)
        boundary_link_compute(links, k, a + first + k, b + first + k,
                              push != NULL ? push + first + k : NULL);
    for (int64_t k = 0; k < count; k++)
        base[slot[k].slot] = links->value[k];
}

/* The loads of links of one row, which are `from` .. `end` - 1 of those together. forces:
 * [bodies][3], F_x, F_y and the torque about the body's centre, counter-clockwise. */
static inline void boundary_link_load(const struct boundary_links *links,
                                      const struct link_share *shares,
                                      const struct link_wall_speed *speeds, int64_t from,
                                      int64_t end, double *forces)
{
    for (int64_t k = from; k < end;) {
        double *force = forces + 3 * shares[k].body, sum[3] = {force[0], force[1], force[2]};
        int64_t body = shares[k].body;
        for (; k < end && shares[k].body == body; k++) {
            if (speeds != NULL) {
                const struct link_wall_speed *wall = &speeds[k];
                sum[0] -= wall->u * links->less[k];
                sum[1] -= wall->v * links->less[k];
                sum[2] -= wall->lever * links->less[k];
            }
            for (int axis = 0; axis < 3; axis++)
                sum[axis] += shares[k].load[axis] * links->sum[k];
        }
        for (int axis = 0; axis < 3; axis++)
            force[axis] = sum[axis];
    }
}
