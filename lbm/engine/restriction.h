/* SPDX-License-Identifier: Apache-2.0
 *
 * From a lattice to the canvas: a canvas cell holds the mean of rho and the mean of u over its
 * fluid sub-cells; one that has none, or whose centre is in a body, holds rho = 1, u = 0. Entry and
 * sponge are left out. */
#pragma once

#include "error.h"
#include "lattice.h"

#include <stdint.h>

struct restriction;

/* A canvas of nx x ny cells of refine x refine lattice cells each, `entry` lattice columns in.
 * mask: [nx][ny], 1 in bodies; kept, must outlive. */
enum status restriction_create(struct restriction **out, int64_t nx, int64_t ny, int64_t refine,
                               int64_t entry, const unsigned char *mask);
void restriction_destroy(struct restriction *restriction);

/* frame: [FRAME_FIELDS][nx][ny]. */
void restriction_apply(float *frame, struct restriction *restriction,
                       const struct lattice *lattice);
