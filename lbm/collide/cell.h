/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of per-cell functions. Whoever includes a collide_*.h or boundary_*.h says first what a
 * number is: cell_real (one value, or a SIMD vector of them), cell_scalar (its element),
 * cell_set(x) = x in every lane, cell_fma(a, b, c) = a b + c with one rounding, and cell_sqrt(x),
 * rounded correctly. The CPU sweeps say a vector, the GPU kernels a float, tests a double. Nothing
 * here knows a lattice.
 *
 * Populations are shifted, f_i - w_i, so that the fluid at rest is all zeros and float32 keeps its
 * digits for the flow. */
#pragma once

#include "cell_terms.h"
#include "stencil.h"

#ifndef cell_real
#error "define cell_real, cell_scalar, cell_set, cell_fma and cell_sqrt before per-cell functions"
#endif

#ifndef CELL_FN
#define CELL_FN static inline
#endif

/* A constant of the right type in every lane. */
#define CELL_NUMBER(x) cell_set((cell_scalar)(x))

/* What a collision needs to know. */
struct cell_rates {
    cell_real omega;      /* 1 / tau, of the shear stress */
    cell_real omega_odd;  /* of the odd moments, from the magic parameter: two-rate operators */
    cell_real omega_bulk; /* of the trace of the second moments: cumulant; 1 unless CELL_GENERAL */
    cell_real force_x, force_y;
};
