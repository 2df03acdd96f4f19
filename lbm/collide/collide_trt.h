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
 * References: Ginzburg, Verhaeghe, d'Humieres 2008; the force after Guo, Zheng, Shi 2002. */
#pragma once

#include "cell.h"

/* What is the same for the four pairs of opposite directions. */
struct collide_trt_state {
    cell_real omega, omega_odd;
    cell_real m00;            /* rho - 1 */
    cell_real jx, jy, u, v;   /* rho u, u */
    cell_real square;         /* 3/2 rho u^2 */
    cell_real fx, fy, power;  /* F, 3 u.F */
    cell_real gain, gain_odd; /* 1 - omega/2 */
};

/* One pair: f_i and f_ibar with c_i = (cx, cy). */
CELL_FN void collide_trt_pair(cell_real *toward, cell_real *away, cell_real weight, int cx, int cy,
                              const struct collide_trt_state *s, enum cell_terms terms)
{
    const cell_real half = CELL_NUMBER(0.5), three = CELL_NUMBER(3);
    const cell_real x = CELL_NUMBER(cx), y = CELL_NUMBER(cy);
    cell_real cj = cell_fma(x, s->jx, y * s->jy), cu = cell_fma(x, s->u, y * s->v);
    cell_real even = half * (*toward + *away), odd = half * (*toward - *away);
    cell_real even_rest = cell_fma(CELL_NUMBER(4.5) * cj, cu, s->m00 - s->square);
    even = cell_fma(s->omega, weight * even_rest - even, even);
    odd = cell_fma(s->omega_odd, three * (weight * cj) - odd, odd);
    if (terms >= CELL_FORCED) {
        cell_real cf = cell_fma(x, s->fx, y * s->fy);
        even = cell_fma(s->gain, weight * cell_fma(CELL_NUMBER(9) * cu, cf, -s->power), even);
        odd = cell_fma(s->gain_odd, three * (weight * cf), odd);
    }
    *toward = even + odd;
    *away = even - odd;
}

CELL_FN void collide_trt(cell_real f[STENCIL_Q], const struct cell_rates *rates,
                         enum cell_terms terms)
{
    const cell_real one = CELL_NUMBER(1), half = CELL_NUMBER(0.5);
    const cell_real rest = CELL_NUMBER(4.0 / 9), axis = CELL_NUMBER(1.0 / 9);
    const cell_real diagonal = CELL_NUMBER(1.0 / 36);
    struct collide_trt_state s;
    s.omega = rates->omega;
    s.omega_odd = rates->omega_odd;
    s.fx = rates->force_x;
    s.fy = rates->force_y;

    cell_real east2 = f[STENCIL_NE] + f[STENCIL_SE], west2 = f[STENCIL_NW] + f[STENCIL_SW];
    cell_real north_south = f[STENCIL_N] + f[STENCIL_S];
    cell_real east = f[STENCIL_E] + east2, west = f[STENCIL_W] + west2;
    s.m00 = (f[STENCIL_REST] + north_south) + (east + west);
    s.jx = east - west;
    s.jy = (f[STENCIL_N] - f[STENCIL_S]) +
           ((f[STENCIL_NE] - f[STENCIL_SE]) + (f[STENCIL_NW] - f[STENCIL_SW]));
    if (terms >= CELL_FORCED) {
        s.jx = cell_fma(half, s.fx, s.jx);
        s.jy = cell_fma(half, s.fy, s.jy);
    }
    cell_real inverse = one / (one + s.m00);
    s.u = s.jx * inverse;
    s.v = s.jy * inverse;
    s.square = CELL_NUMBER(1.5) * cell_fma(s.jx, s.u, s.jy * s.v);
    s.power = CELL_NUMBER(3) * cell_fma(s.u, s.fx, s.v * s.fy);
    s.gain = cell_fma(-half, s.omega, one);
    s.gain_odd = cell_fma(-half, s.omega_odd, one);

    f[0] = cell_fma(s.omega, rest * (s.m00 - s.square) - f[0], f[0]);
    if (terms >= CELL_FORCED)
        f[0] = cell_fma(s.gain, -(rest * s.power), f[0]);
    collide_trt_pair(&f[STENCIL_E], &f[STENCIL_W], axis, 1, 0, &s, terms);
    collide_trt_pair(&f[STENCIL_N], &f[STENCIL_S], axis, 0, 1, &s, terms);
    collide_trt_pair(&f[STENCIL_NE], &f[STENCIL_SW], diagonal, 1, 1, &s, terms);
    collide_trt_pair(&f[STENCIL_SE], &f[STENCIL_NW], diagonal, 1, -1, &s, terms);
}
