/* SPDX-License-Identifier: Apache-2.0
 *
 * Shifted raw moments of a cell, M_ab = sum c_x^a c_y^b (f - w), there and back. Sums are grouped
 * so that mirrored input gives exactly mirrored output. */
#pragma once

#include "cell.h"

/* Those that collisions read. */
struct cell_moments {
    cell_real m00, m10, m01;
    cell_real m11, difference; /* m20 - m02 */
    cell_real sum;             /* m20 + m02 */
};

CELL_FN struct cell_moments cell_moments_take(const cell_real f[STENCIL_Q])
{
    cell_real east2 = f[STENCIL_NE] + f[STENCIL_SE], east1 = f[STENCIL_NE] - f[STENCIL_SE];
    cell_real west2 = f[STENCIL_NW] + f[STENCIL_SW], west1 = f[STENCIL_NW] - f[STENCIL_SW];
    cell_real middle2 = f[STENCIL_N] + f[STENCIL_S], middle1 = f[STENCIL_N] - f[STENCIL_S];
    cell_real east = f[STENCIL_E] + east2, west = f[STENCIL_W] + west2;
    cell_real level2 = f[STENCIL_E] + f[STENCIL_W], corners = east2 + west2;
    struct cell_moments m;
    m.m00 = (f[STENCIL_REST] + middle2) + (east + west);
    m.m10 = east - west;
    m.m01 = middle1 + (east1 + west1);
    m.m11 = east1 - west1;
    m.difference = level2 - middle2;
    m.sum = (level2 + middle2) + (corners + corners);
    return m;
}

/* f from the nine moments. */
CELL_FN void cell_moments_put(cell_real f[STENCIL_Q], cell_real m00, cell_real m10, cell_real m01,
                              cell_real m20, cell_real m11, cell_real m02, cell_real m21,
                              cell_real m12, cell_real m22)
{
    const cell_real half = CELL_NUMBER(0.5), quarter = CELL_NUMBER(0.25);
    cell_real even_x = m20 - m22, odd_x = m10 - m12;
    cell_real even_y = m02 - m22, odd_y = m01 - m21;
    cell_real even_e = m22 + m12, odd_e = m21 + m11;
    cell_real even_w = m22 - m12, odd_w = m21 - m11;
    f[STENCIL_REST] = (m00 - (m20 + m02)) + m22;
    f[STENCIL_E] = half * (even_x + odd_x);
    f[STENCIL_W] = half * (even_x - odd_x);
    f[STENCIL_N] = half * (even_y + odd_y);
    f[STENCIL_S] = half * (even_y - odd_y);
    f[STENCIL_NE] = quarter * (even_e + odd_e);
    f[STENCIL_SE] = quarter * (even_e - odd_e);
    f[STENCIL_NW] = quarter * (even_w + odd_w);
    f[STENCIL_SW] = quarter * (even_w - odd_w);
}
