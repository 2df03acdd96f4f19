/* SPDX-License-Identifier: Apache-2.0
 *
 * The velocity set D2Q9 and its equilibrium in float64, for set-up and measurement; the sweeps have
 * their own vector forms.
 *
 *     6  2  5        y
 *      \ | /         |
 *     3- 0 -1        0-- x (downstream)
 *      / | \
 *     7  4  8        c_s^2 = 1/3 */
#pragma once

enum { STENCIL_Q = 9 };

enum stencil_direction {
    STENCIL_REST,
    STENCIL_E,
    STENCIL_N,
    STENCIL_W,
    STENCIL_S,
    STENCIL_NE,
    STENCIL_NW,
    STENCIL_SW,
    STENCIL_SE
};

static const int stencil_cx[STENCIL_Q] = {0, 1, 0, -1, 0, 1, -1, -1, 1};
static const int stencil_cy[STENCIL_Q] = {0, 0, 1, 0, -1, 1, 1, -1, -1};
static const int stencil_opposite[STENCIL_Q] = {0, 3, 4, 1, 2, 7, 8, 5, 6};
/* The direction with c_y reversed. */
static const int stencil_mirror[STENCIL_Q] = {0, 1, 4, 3, 2, 8, 7, 6, 5};
static const double stencil_weight[STENCIL_Q] = {4.0 / 9,  1.0 / 9,  1.0 / 9,  1.0 / 9, 1.0 / 9,
                                                 1.0 / 36, 1.0 / 36, 1.0 / 36, 1.0 / 36};

/* One factor of the product equilibrium: sum over c of it = 1, of c = u, of c^2 = 1/3 + u^2. */
static inline double stencil_factor(int c, double u)
{
    return c == 0 ? 2.0 / 3 - u * u : 0.5 * (1.0 / 3 + c * u + u * u);
}

/* f_i^eq = rho phi(c_x, u_x) phi(c_y, u_y): the 4th-order product equilibrium. */
static inline double stencil_equilibrium(int i, double rho, double ux, double uy)
{
    return rho * stencil_factor(stencil_cx[i], ux) * stencil_factor(stencil_cy[i], uy);
}

/* First-order non-equilibrium of second moments P_ab: w_i 9/2 (H_xx P_xx + 2 H_xy P_xy + H_yy
 * P_yy), H_ab = c_a c_b - delta_ab / 3. */
static inline double stencil_stress(int i, double pxx, double pxy, double pyy)
{
    double cx = stencil_cx[i], cy = stencil_cy[i];
    return stencil_weight[i] * 4.5 *
           ((cx * cx - 1.0 / 3) * pxx + 2 * cx * cy * pxy + (cy * cy - 1.0 / 3) * pyy);
}
