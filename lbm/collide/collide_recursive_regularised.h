/* SPDX-License-Identifier: Apache-2.0
 *
 * Recursive-regularised collision: only the second moments of what is not equilibrium relax; the
 * third and fourth are rebuilt from them, as they would be in a fluid. With Hermite moments a_n of
 * f (the product equilibrium has a_xx = rho u_x^2, a_xxy = rho u_x^2 u_y, a_xxyy = rho u_x^2
 * u_y^2), n for non-equilibrium:
 *
 *     a_ab*   = rho u_a u_b + (1 - omega) n_ab               n_ab = a_ab - rho u_a u_b
 *     a_xxy*  = rho u_x^2 u_y + (1 - omega) (u_y n_xx + 2 u_x n_xy), and x, y exchanged
 *     a_xxyy* = rho u_x^2 u_y^2 + (1 - omega) (u_y^2 n_xx + u_x^2 n_yy + 4 u_x u_y n_xy)
 *
 * A body force F: u = (sum c f + F/2) / rho, n_ab gains (u_a F_b + u_b F_a) / 2, and each a* half
 * of F's share in the change of the equilibrium, F.d/d(rho u).
 * References: Malaspinas 2015; Coreixas, Wissocq, Puigt, Boussuge, Sagaut 2017; the force after
 * Guo, Zheng, Shi 2002. */
#pragma once

#include "cell_moments.h"

CELL_FN void collide_recursive_regularised(cell_real f[STENCIL_Q], const struct cell_rates *rates,
                                           enum cell_terms terms)
{
    const cell_real one = CELL_NUMBER(1), two = CELL_NUMBER(2), half = CELL_NUMBER(0.5);
    const cell_real third = CELL_NUMBER(1.0 / 3), ninth = CELL_NUMBER(1.0 / 9);
    const cell_real fx = rates->force_x, fy = rates->force_y;
    struct cell_moments m = cell_moments_take(f);

    cell_real jx = m.m10, jy = m.m01; /* rho u */
    if (terms >= CELL_FORCED) {
        jx = cell_fma(half, fx, m.m10);
        jy = cell_fma(half, fy, m.m01);
    }
    cell_real inverse = one / (one + m.m00);
    cell_real u = jx * inverse, v = jy * inverse;
    cell_real flux_xx = jx * u, flux_yy = jy * v, flux_xy = jx * v;
    cell_real pressure = third * m.m00;

    /* What is not equilibrium, relaxed. */
    cell_real keep = one - rates->omega;
    cell_real n_xx = half * (m.sum + m.difference) - (pressure + flux_xx);
    cell_real n_yy = half * (m.sum - m.difference) - (pressure + flux_yy);
    cell_real n_xy = m.m11 - flux_xy;
    if (terms >= CELL_FORCED) {
        n_xx = cell_fma(u, fx, n_xx);
        n_yy = cell_fma(v, fy, n_yy);
        n_xy = n_xy + half * cell_fma(u, fy, v * fx);
    }
    n_xx = keep * n_xx;
    n_yy = keep * n_yy;
    n_xy = keep * n_xy;

    cell_real a_xx = flux_xx + n_xx, a_yy = flux_yy + n_yy, a_xy = flux_xy + n_xy;
    cell_real a_xxy = cell_fma(v, a_xx, two * (u * n_xy));
    cell_real a_xyy = cell_fma(u, a_yy, two * (v * n_xy));
    cell_real cross = cell_fma(u, a_yy, (two + two) * (v * n_xy));
    cell_real a_xxyy = cell_fma(v * v, n_xx, u * cross);
    if (terms >= CELL_FORCED) {
        cell_real work_xy = half * cell_fma(u, fy, v * fx);
        a_xx = cell_fma(u, fx, a_xx);
        a_yy = cell_fma(v, fy, a_yy);
        a_xy = a_xy + work_xy;
        a_xxy = a_xxy + u * cell_fma(half * u, fy, v * fx);
        a_xyy = a_xyy + v * cell_fma(half * v, fx, u * fy);
        a_xxyy = a_xxyy + two * (u * v) * work_xy;
        m.m10 = m.m10 + fx;
        m.m01 = m.m01 + fy;
    }

    /* From Hermite to raw moments, less those of the weights. */
    cell_real m20 = pressure + a_xx, m02 = pressure + a_yy;
    cell_real m21 = cell_fma(third, m.m01, a_xxy), m12 = cell_fma(third, m.m10, a_xyy);
    cell_real m22 = cell_fma(third, m20 + m02, a_xxyy - ninth * m.m00);
    cell_moments_put(f, m.m00, m.m10, m.m01, m20, a_xy, m02, m21, m12, m22);
}
