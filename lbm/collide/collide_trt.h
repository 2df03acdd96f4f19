/* SPDX-License-Identifier: Apache-2.0
 *
 * Two-relaxation-time collision, verification mode. f^+- = (f_i +- f_ibar) / 2 relax apart:
 *
 *     f_i* = f_i - omega^+ (f_i^+ - e_i^+) - omega^- (f_i^- - e_i^-) + S_i
 *     e_i  = w_i rho (1 + 3 c.u + 9/2 (c.u)^2 - 3/2 u^2)
 *     S_i  = (1 - omega^+/2) w_i (9 c.u c.F - 3 u.F) + (1 - omega^-/2) 3 w_i c.F
 *
 * with rho u = sum c f + F/2 and (1/omega^+ - 1/2)(1/omega^- - 1/2) = Lambda, the magic parameter:
 * 3/16 puts half-way walls of a Poiseuille flow exactly half-way.
 *
 * Written for few operations: with s = f_i + f_ibar and d = f_i - f_ibar a pair loses
 * omega^+ (s / 2 - e^+) and plus or minus omega^- (d / 2 - e^-), and 9/2 rho (c.u)^2 of all four
 * pairs comes from the three products of 9/2 rho u u. Sums are grouped so that mirrored or turned
 * input gives exactly mirrored or turned output.
 *
 * References: Ginzburg, Verhaeghe, d'Humieres 2008; the force after Guo, Zheng, Shi 2002. */
#pragma once

#include "cell.h"

/* What is the same for the four pairs of opposite directions. */
struct collide_trt_state {
    cell_real base;           /* rho - 1 - 3/2 rho u^2 */
    cell_real half, half_odd; /* omega / 2 */
    cell_real omega, omega_odd_3;
    cell_real u, v, fx, fy, power; /* u, F, 3 u.F */
    cell_real gain, gain_odd_3;    /* 1 - omega / 2 */
};

/* One pair: f_i and f_ibar with c_i = (cx, cy), c.j = rho c.u, and the flux 9/2 rho (c.u)^2. */
CELL_FN void collide_trt_pair(cell_real *toward, cell_real *away, cell_real weight, int cx, int cy,
                              cell_real cj, cell_real flux, const struct collide_trt_state *s,
                              enum cell_terms terms)
{
    cell_real even = *toward + *away, odd = *toward - *away;
    even = cell_fma(-(s->omega * weight), s->base + flux, s->half * even);
    odd = cell_fma(-(s->omega_odd_3 * weight), cj, s->half_odd * odd);
    if (terms >= CELL_FORCED) {
        const cell_real x = CELL_NUMBER(cx), y = CELL_NUMBER(cy);
        cell_real cu = cell_fma(x, s->u, y * s->v), cf = cell_fma(x, s->fx, y * s->fy);
        cell_real work = cell_fma(CELL_NUMBER(9) * cu, cf, -s->power);
        even = cell_fma(-(s->gain * weight), work, even);
        odd = cell_fma(-(s->gain_odd_3 * weight), cf, odd);
    }
    *toward = (*toward - even) - odd;
    *away = (*away - even) + odd;
}

CELL_FN void collide_trt(cell_real f[STENCIL_Q], const struct cell_rates *rates,
                         enum cell_terms terms)
{
    const cell_real one = CELL_NUMBER(1), half = CELL_NUMBER(0.5), three = CELL_NUMBER(3);
    const cell_real rest = CELL_NUMBER(4.0 / 9), axis = CELL_NUMBER(1.0 / 9);
    const cell_real diagonal = CELL_NUMBER(1.0 / 36), third = CELL_NUMBER(1.0 / 3);
    struct collide_trt_state s;
    s.omega = rates->omega;
    s.omega_odd_3 = three * rates->omega_odd;
    s.half = half * rates->omega;
    s.half_odd = half * rates->omega_odd;

    cell_real x_sum = f[STENCIL_E] + f[STENCIL_W], jx = f[STENCIL_E] - f[STENCIL_W];
    cell_real y_sum = f[STENCIL_N] + f[STENCIL_S], jy = f[STENCIL_N] - f[STENCIL_S];
    cell_real up = f[STENCIL_NE] - f[STENCIL_SW], down = f[STENCIL_SE] - f[STENCIL_NW];
    cell_real up_sum = f[STENCIL_NE] + f[STENCIL_SW], down_sum = f[STENCIL_SE] + f[STENCIL_NW];
    cell_real m00 = (f[STENCIL_REST] + (x_sum + y_sum)) + (up_sum + down_sum); /* rho - 1 */
    jx = jx + (up + down);
    jy = jy + (up - down);
    if (terms >= CELL_FORCED) {
        jx = cell_fma(half, rates->force_x, jx);
        jy = cell_fma(half, rates->force_y, jy);
    }
    cell_real inverse = one / (one + m00), scale = CELL_NUMBER(4.5) * inverse;
    cell_real flux_x = (scale * jx) * jx, flux_y = (scale * jy) * jy; /* 9/2 rho u_x^2, ... */
    cell_real flux_xy = (scale * jx) * (jy + jy), flux = flux_x + flux_y;
    s.base = cell_fma(-third, flux, m00);
    if (terms >= CELL_FORCED) {
        s.u = jx * inverse;
        s.v = jy * inverse;
        s.fx = rates->force_x;
        s.fy = rates->force_y;
        s.power = three * cell_fma(s.u, s.fx, s.v * s.fy);
        s.gain = one - s.half;
        s.gain_odd_3 = three * (one - s.half_odd);
    }

    f[0] = cell_fma(s.omega, cell_fma(rest, s.base, -f[0]), f[0]);
    if (terms >= CELL_FORCED)
        f[0] = cell_fma(-(s.gain * rest), s.power, f[0]);
    collide_trt_pair(&f[STENCIL_E], &f[STENCIL_W], axis, 1, 0, jx, flux_x, &s, terms);
    collide_trt_pair(&f[STENCIL_N], &f[STENCIL_S], axis, 0, 1, jy, flux_y, &s, terms);
    collide_trt_pair(&f[STENCIL_NE], &f[STENCIL_SW], diagonal, 1, 1, jx + jy, flux + flux_xy, &s,
                     terms);
    collide_trt_pair(&f[STENCIL_SE], &f[STENCIL_NW], diagonal, 1, -1, jx - jy, flux - flux_xy, &s,
                     terms);
}
