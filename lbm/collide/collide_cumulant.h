/* SPDX-License-Identifier: Apache-2.0
 *
 * Cumulant collision, production mode. In the frame moving with u, k_ab = sum (c_x - u_x)^a
 * (c_y - u_y)^b f:
 *
 *     k_11*         = (1 - omega) k_11          k_20* - k_02* = (1 - omega) (k_20 - k_02)
 *     k_20* + k_02* = (1 - omega_b) (k_20 + k_02) + omega_b 2 rho / 3      k_21* = k_12* = 0
 *     k_22*         = (k_20* k_02* + 2 k_11*^2) / rho
 *
 * Data is made with the bulk rate omega_b = 1, which damps sound most in one step; CELL_GENERAL
 * takes any.
 *
 * A body force F: u = (sum c f + F/2) / rho, and k_10 = -F_x/2, k_01 = -F_y/2 change sign.
 * References: Geier, Greiner, Korvink 2006 (central moments); Geier, Schoenherr, Pasquali, Krafczyk
 * 2015 (cumulants). Third and fourth moments are wiped each step, so only rho, u and the second
 * moments are read from f, at bulk rate 1 without their trace. */
#pragma once

#include "cell_moments.h"

CELL_FN void collide_cumulant(cell_real f[STENCIL_Q], const struct cell_rates *rates,
                              enum cell_terms terms)
{
    const cell_real one = CELL_NUMBER(1), two = CELL_NUMBER(2), half = CELL_NUMBER(0.5);
    const cell_real third = CELL_NUMBER(1.0 / 3);
    const cell_real fx = rates->force_x, fy = rates->force_y;
    struct cell_moments m = cell_moments_take(f);

    cell_real jx = m.m10, jy = m.m01; /* rho u */
    if (terms >= CELL_FORCED) {
        jx = cell_fma(half, fx, m.m10);
        jy = cell_fma(half, fy, m.m01);
    }
    cell_real inverse = one / (one + m.m00);
    cell_real u = jx * inverse, v = jy * inverse;

    /* Central second moments before and after: k_11, (k_20 - k_02) / 2 and (k_20 + k_02) / 2 less
     * rho / 3. `flux` is what the motion of the frame adds to the raw moments, `work` the force's
     * share of it, whose sign changes. */
    cell_real flux_xx = jx * u, flux_yy = jy * v, flux_xy = jx * v;
    cell_real k11 = m.m11 - flux_xy, shear = m.difference - (flux_xx - flux_yy);
    cell_real trace = m.sum - (flux_xx + flux_yy);
    if (terms >= CELL_FORCED) {
        cell_real work_xx = u * fx, work_yy = v * fy, work_xy = half * cell_fma(u, fy, v * fx);
        k11 = k11 + work_xy;
        shear = shear + (work_xx - work_yy);
        trace = trace + (work_xx + work_yy);
        flux_xx = flux_xx + work_xx;
        flux_yy = flux_yy + work_yy;
        flux_xy = flux_xy + work_xy;
        m.m10 = m.m10 + fx;
        m.m01 = m.m01 + fy;
    }
    cell_real keep = one - rates->omega;
    k11 = keep * k11;
    shear = keep * (half * shear);

    /* Back to raw moments: k_20 and k_02 less 1/3, k_22 less 1/9. */
    cell_real pressure = third * m.m00;
    cell_real k20 = pressure + shear, k02 = pressure - shear;
    cell_real k22 = cell_fma(inverse, cell_fma(two * k11, k11, -(shear * shear)), third * pressure);
    if (terms == CELL_GENERAL) {
        cell_real bulk = (one - rates->omega_bulk) * (half * trace - pressure);
        k20 = k20 + bulk;
        k02 = k02 + bulk;
        k22 = cell_fma(cell_fma(inverse, bulk, two * third), bulk, k22);
    }
    cell_real m20 = k20 + flux_xx, m02 = k02 + flux_yy, m11 = k11 + flux_xy;
    cell_real m20_full = third + m20, m02_full = third + m02, k02_full = third + k02;
    cell_real m21 = cell_fma(v, m20_full, two * (u * k11));
    cell_real m12 = cell_fma(u, m02_full, two * (v * k11));
    cell_real across = cell_fma(u, k02_full, (two + two) * (v * k11));
    if (terms >= CELL_FORCED) {
        m21 = cell_fma(half * fy, u * u, m21);
        m12 = cell_fma(half * fx, v * v, m12);
        across = cell_fma(v * fy, u, across);
    }
    cell_real m22 = cell_fma(v * v, m20_full, cell_fma(u, across, k22));
    cell_moments_put(f, m.m00, m.m10, m.m01, m20, m11, m02, m21, m12, m22);
}
