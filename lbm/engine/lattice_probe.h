/* SPDX-License-Identifier: Apache-2.0
 *
 * Density and velocity at a place of a lattice, on walls and bodies' surfaces too: the value of the
 * quadratic that fits the fluid cells within LATTICE_PROBE_RADIUS best in the sense of least
 * squares, each with the weight 1. Exact for quadratic fields, so of third order in the cell's
 * size. Not for every step: it reads cells one by one. */
#pragma once

#include "error.h"

struct lattice;

#define LATTICE_PROBE_RADIUS 2.6 /* cells: 21 around a place in the open, about 10 at a wall */

struct lattice_probe {
    double rho, ux, uy;
};

/* x, y in cells: cell (i, j) has its centre at (i + 1/2, j + 1/2). Pressure is rho / 3. ERR_CONFIG
 * where too few fluid cells are near to carry a quadratic. */
enum status lattice_probe_at(struct lattice_probe *out, const struct lattice *lattice, double x,
                             double y);

/* The same on the lattice, where a body may have come: no numbers then. ERR_MEMORY. */
enum status lattice_probe_look(struct lattice_probe *out, const struct lattice *lattice, double x,
                               double y);
