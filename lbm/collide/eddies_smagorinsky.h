/* SPDX-License-Identifier: Apache-2.0
 *
 * Eddy viscosity after Smagorinsky, before any collision operator: nu = nu_0 + (C_s Delta)^2 |S|
 * with Delta one cell and |S| = sqrt(2 S_ab S_ab), taken from the cell's own populations. Their
 * second moments hold n_ab = -2/3 rho tau S_ab beside the equilibrium, so tau = 1/2 + 3 nu obeys
 * tau^2 - tau_0 tau = 9/2 C_s^2 Q / rho with Q = sqrt(2 n_ab n_ab):
 *
 *     tau = (tau_0 + sqrt(tau_0^2 + 18 C_s^2 Q / rho)) / 2
 *
 * n_ab is taken without its trace, which is compression and relaxes at a rate of its own; a body
 * force adds (u_a F_b + u_b F_a) / 2 to it. Literature's C_s is 0.1 to 0.2; here it is an option,
 * 0 being no model. References: Smagorinsky 1963; Hou, Sterling, Chen, Doolen 1996. */
#pragma once

#include "cell_moments.h"

/* The flow's own relaxation time and the constants of the model. */
struct eddies {
    cell_real tau;
    cell_real magic; /* Lambda, kept: omega_odd follows omega */
    cell_real gain;  /* 18 C_s^2 */
};

/* `rates` of this cell. */
CELL_FN struct cell_rates eddies_smagorinsky(const cell_real f[STENCIL_Q],
                                             const struct cell_rates *rates,
                                             const struct eddies *eddies)
{
    const cell_real one = CELL_NUMBER(1), half = CELL_NUMBER(0.5), four = CELL_NUMBER(4);
    const cell_real fx = rates->force_x, fy = rates->force_y;
    struct cell_moments m = cell_moments_take(f);
    cell_real jx = cell_fma(half, fx, m.m10), jy = cell_fma(half, fy, m.m01);
    cell_real inverse = one / (one + m.m00);
    cell_real u = jx * inverse, v = jy * inverse;
    cell_real normal = (m.difference - (jx * u - jy * v)) + (u * fx - v * fy); /* n_xx - n_yy */
    cell_real shear = (m.m11 - jx * v) + half * cell_fma(u, fy, v * fx);
    cell_real size = cell_sqrt(cell_fma(normal, normal, four * (shear * shear))); /* Q */
    cell_real square = cell_fma(eddies->gain, size * inverse, eddies->tau * eddies->tau);
    cell_real tau = half * (eddies->tau + cell_sqrt(square));
    cell_real above = tau - half;
    struct cell_rates here = *rates;
    here.omega = one / tau;
    here.omega_odd = above / cell_fma(half, above, eddies->magic);
    return here;
}
