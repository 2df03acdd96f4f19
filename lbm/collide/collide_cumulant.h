/* SPDX-License-Identifier: Apache-2.0
 *
 * Cumulant collision, production mode. In the frame moving with u, k_ab = sum (c_x - u_x)^a
 * (c_y - u_y)^b f:
 *
 *     k_11*         = (1 - omega) k_11          k_20* - k_02* = (1 - omega) (k_20 - k_02)
 *     k_20* + k_02* = 2 rho / 3  (bulk rate 1)  k_21* = k_12* = 0
 *     k_22*         = (k_20* k_02* + 2 k_11*^2) / rho
 *
 * A body force F: u = (sum c f + F/2) / rho, and k_10 = -F_x/2, k_01 = -F_y/2 change sign.
 * References: Geier, Greiner, Korvink 2006 (central moments); Geier, Schoenherr, Pasquali, Krafczyk
 * 2015 (cumulants). Third and fourth moments are wiped each step, so only rho, u and the two shear
 * moments are read from f.
 *
 * M_ab = sum c_x^a c_y^b (f - w) are shifted raw moments. Sums are grouped so that mirrored input
 * gives exactly mirrored output. */
#pragma once

#include "cell.h"

/* f from the nine shifted raw moments. */
CELL_FN void collide_cumulant_populate(cell_real f[STENCIL_Q], cell_real m00, cell_real m10,
                                       cell_real m01, cell_real m20, cell_real m11, cell_real m02,
                                       cell_real m21, cell_real m12, cell_real m22)
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

CELL_FN void collide_cumulant(cell_real f[STENCIL_Q], const struct cell_rates *rates,
                              enum cell_forcing forcing)
{
    const cell_real one = CELL_NUMBER(1), two = CELL_NUMBER(2), half = CELL_NUMBER(0.5);
    const cell_real third = CELL_NUMBER(1.0 / 3);
    const cell_real fx = rates->force_x, fy = rates->force_y;

    /* Raw moments. */
    cell_real east2 = f[STENCIL_NE] + f[STENCIL_SE], east1 = f[STENCIL_NE] - f[STENCIL_SE];
    cell_real west2 = f[STENCIL_NW] + f[STENCIL_SW], west1 = f[STENCIL_NW] - f[STENCIL_SW];
    cell_real middle2 = f[STENCIL_N] + f[STENCIL_S], middle1 = f[STENCIL_N] - f[STENCIL_S];
    cell_real east = f[STENCIL_E] + east2, west = f[STENCIL_W] + west2;
    cell_real m00 = (f[STENCIL_REST] + middle2) + (east + west);
    cell_real m10 = east - west, m01 = middle1 + (east1 + west1);
    cell_real m11 = east1 - west1;
    cell_real m20_less_m02 = (f[STENCIL_E] + f[STENCIL_W]) - middle2;

    cell_real jx = m10, jy = m01; /* rho u */
    if (forcing == CELL_FORCED) {
        jx = cell_fma(half, fx, m10);
        jy = cell_fma(half, fy, m01);
    }
    cell_real inverse = one / (one + m00);
    cell_real u = jx * inverse, v = jy * inverse;

    /* Central shear moments before and after: k_11 and (k_20 - k_02) / 2. `flux` is what the motion
     * of the frame adds to the raw moments, `work` the force's share of it, whose sign changes. */
    cell_real flux_xx = jx * u, flux_yy = jy * v, flux_xy = jx * v;
    cell_real k11 = m11 - flux_xy, shear = m20_less_m02 - (flux_xx - flux_yy);
    if (forcing == CELL_FORCED) {
        cell_real work_xx = u * fx, work_yy = v * fy, work_xy = half * cell_fma(u, fy, v * fx);
        k11 = k11 + work_xy;
        shear = shear + (work_xx - work_yy);
        flux_xx = flux_xx + work_xx;
        flux_yy = flux_yy + work_yy;
        flux_xy = flux_xy + work_xy;
        m10 = m10 + fx;
        m01 = m01 + fy;
    }
    cell_real keep = one - rates->omega;
    k11 = keep * k11;
    shear = keep * (half * shear);

    /* Back to raw moments: k_20 and k_02 less 1/3, k_22 less 1/9. */
    cell_real pressure = third * m00;
    cell_real k20 = pressure + shear, k02 = pressure - shear;
    cell_real m20 = k20 + flux_xx, m02 = k02 + flux_yy, m11_after = k11 + flux_xy;
    cell_real k22 = cell_fma(inverse, cell_fma(two * k11, k11, -(shear * shear)), third * pressure);
    cell_real m20_full = third + m20, m02_full = third + m02, k02_full = third + k02;
    cell_real m21 = cell_fma(v, m20_full, two * (u * k11));
    cell_real m12 = cell_fma(u, m02_full, two * (v * k11));
    cell_real across = cell_fma(u, k02_full, (two + two) * (v * k11));
    if (forcing == CELL_FORCED) {
        m21 = cell_fma(half * fy, u * u, m21);
        m12 = cell_fma(half * fx, v * v, m12);
        across = cell_fma(v * fy, u, across);
    }
    cell_real m22 = cell_fma(v * v, m20_full, cell_fma(u, across, k22));
    collide_cumulant_populate(f, m00, m10, m01, m20, m11_after, m02, m21, m12, m22);
}
