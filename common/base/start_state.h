/* SPDX-License-Identifier: Apache-2.0
 *
 * What a solver needs to go on from an instant of another solver's run: density, velocity and
 * second moments on the whole lattice (entry and sponge included) and the outlet's state. Velocity
 * alone is no restart state. Units are those of the lattice that made it: nx, ny cells at
 * refinement `refine`. */
#pragma once

#include "error.h"

#include <stdint.h>

enum start_field { START_RHO, START_UX, START_UY, START_PXX, START_PXY, START_PYY, START_FIELDS };

struct start_state {
    int64_t case_index;
    int64_t frame; /* the frame that shows this instant: the third input frame of a rollout */
    int64_t refine;
    int64_t nx, ny;    /* lattice cells, entry and sponge included */
    int64_t entry;     /* lattice columns before the canvas */
    double outlet_rho; /* relaxed outlet density */
    float *values;     /* [START_FIELDS][nx][ny]; PXX etc. are sum_i c_a c_b f_i - delta_ab rho / 3
                          (pressure     subtracted); rho = 1, rest 0 in solid cells */
    unsigned char *solid; /* [nx][ny]: 1 in bodies */
};

enum status start_state_create(struct start_state **out, int64_t nx, int64_t ny);
enum status start_state_copy(struct start_state **out, const struct start_state *state);
void start_state_destroy(struct start_state *state);
