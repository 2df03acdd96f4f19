/* SPDX-License-Identifier: Apache-2.0
 *
 * The viscous sponge before the outlet: over the last `columns` columns of the lattice the
 * relaxation time rises as tau + (tau_end - tau) s^2, s from 0 to 1 at the last column, with
 * tau_end = 1/2 + r/2, that is viscosity 1/6 in canvas units at refinement r. */
#pragma once

#include <stdint.h>

/* Relaxation time of column x of nx. */
double sponge_tau(int64_t x, int64_t nx, int64_t columns, double tau, double refine);
