/* SPDX-License-Identifier: Apache-2.0
 *
 * BGK: every population relaxes to its equilibrium with one rate, f_i* = f_i - omega (f_i - e_i) +
 * (1 - omega/2) S_i. That is the two-rate collision with both rates equal. Reference: Qian,
 * d'Humieres, Lallemand 1992. For comparison; it bears neither high Re nor coarse walls. */
#pragma once

#include "collide_trt.h"

CELL_FN void collide_bgk(cell_real f[STENCIL_Q], const struct cell_rates *rates,
                         enum cell_terms terms)
{
    struct cell_rates equal = *rates;
    equal.omega_odd = rates->omega;
    collide_trt(f, &equal, terms);
}
