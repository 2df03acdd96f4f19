/* SPDX-License-Identifier: Apache-2.0
 *
 * A list of links laid out for a lattice: where in its memory each link reads and writes, and its
 * numbers as the lattice computes with them. What a link does says link.h; this is there because a
 * step has no time to work that out again.
 *
 *     x - c_i    x    x + c_i          f*_i(x)      here
 *        o ----> o --|-> #             the other    f*_i(x - c_i) or f*_ibar(x)
 *             <----                    slot         of f_ibar in the solid cell, whence x pulls it
 */
#pragma once

#include "link.h"

#include <stddef.h>
#include <stdint.h>

/* Numbers from direction 0 of cell (0, 0). */
struct link_slot {
    int64_t here, other, slot;
};

/* What a unit of momentum along c_i adds to F_x, F_y and the torque; one vector of numbers. */
struct link_share {
    _Alignas(32) double load[4]; /* the last is 0 */
};

struct link_slots {
    struct link_slot *slots;   /* [count] */
    struct link_share *shares; /* [count] */
    unsigned char *bodies;     /* [count] */
    void *a, *b, *push;        /* [count] float or double; push: NULL at rest */
    size_t room;               /* links that the arrays hold */
};

/* Those of a list that is new or has changed; the arrays are used again. *slots is NULL at first.
 * `number`: bytes of one, 4 or 8. row, line: numbers from a row to the next, from a direction to
 * the next. */
enum status link_slots_renew(struct link_slots **slots, const struct link_list *list, size_t number,
                             int64_t row, int64_t line);
void link_slots_destroy(struct link_slots *slots);
