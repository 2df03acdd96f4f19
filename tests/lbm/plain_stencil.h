/* SPDX-License-Identifier: Apache-2.0
 *
 * D2Q9 once more, for the plain loop alone and in an order of its own, so that a slip in the
 * library's tables cannot hide: direction i is 3 (c_x + 1) + (c_y + 1), hence the opposite of i is
 * 8 - i, and the weights are products of 1/6, 2/3, 1/6. */
#pragma once

enum { PLAIN_STENCIL_Q = 9 };

static inline int plain_stencil_cx(int i)
{
    return i / 3 - 1;
}

static inline int plain_stencil_cy(int i)
{
    return i % 3 - 1;
}

static inline int plain_stencil_opposite(int i)
{
    return 8 - i;
}

/* c_y reversed. */
static inline int plain_stencil_mirror(int i)
{
    return 3 * (i / 3) + 2 - i % 3;
}

static inline double plain_stencil_weight(int i)
{
    double x = plain_stencil_cx(i) == 0 ? 2.0 / 3 : 1.0 / 6;
    double y = plain_stencil_cy(i) == 0 ? 2.0 / 3 : 1.0 / 6;
    return x * y;
}
