/* SPDX-License-Identifier: Apache-2.0
 *
 * A start state of one lattice carried to another of the same flow at any refinement: every target
 * cell takes the overlap-weighted mean over the fluid source cells beneath it of rho, u and the
 * non-equilibrium moments P_ab - rho u_a u_b. Those are proportional to tau times the strain per
 * lattice step, so they scale by (tau_2 r_1) / (tau_1 r_2), tau being the local one (sponge). A
 * target cell with no fluid source cell beneath it takes the nearest one. */
#pragma once

#include "error.h"
#include "start_state.h"

#include <stdint.h>

struct transfer_target {
    int64_t nx, ny, refine, entry; /* lattice cells; entry: columns before the canvas */
    int64_t canvas;                /* canvas columns, of both lattices */
    double viscosity;              /* canvas units, of both */
    const unsigned char *solid;    /* [nx][ny] */
    const double *tau;             /* [nx] */
};

/* values: [START_FIELDS][nx][ny] of the target. ERR_DATA when the state has no fluid cell or its
 * sizes make no sense. */
enum status transfer_state(double *values, const struct start_state *state,
                           const struct transfer_target *target);
