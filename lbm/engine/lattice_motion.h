/* SPDX-License-Identifier: Apache-2.0
 *
 * Bodies that move on a lattice by a course of their own: at the beginning of a step they are put
 * where they are at its end, mask and links follow them, and what they uncover is filled
 * (lattice_refill.h). While a body moves, steps are taken one by one. Where bodies are follows from
 * the step (body_course.h): nothing of it is part of a lattice's state. */
#pragma once

#include "error.h"

#include <stdint.h>

struct lattice;
struct lattice_motion;

/* Takes courses and bodies from the options. ERR_CONFIG as lattice_motion_advance. */
enum status lattice_motion_begin(struct lattice *lattice);
void lattice_motion_destroy(struct lattice_motion *motion);

/* Steps that can be taken from now on, `most` at most, before a body has to be put elsewhere or to
 * another speed: all of them when none moves, 0 when the next one does it. */
int64_t lattice_motion_quiet(const struct lattice *lattice, int64_t most);

/* Puts the bodies where they are after the next step. ERR_CONFIG when a body comes within two cells
 * of the lattice's edge. */
enum status lattice_motion_advance(struct lattice *lattice);

/* Puts them where they are after `step` steps, whatever lies there; for a lattice whose populations
 * come from elsewhere. */
enum status lattice_motion_place(struct lattice *lattice, int64_t step);

/* What of motion the bits depend on, as text. */
const char *lattice_motion_facts(const struct lattice_motion *motion);

/* Where a body is now, canvas cells and degrees, and how it moves, lattice units. */
struct lattice_motion_pose {
    double x, y, angle;
    double u, v, spin;
};
struct lattice_motion_pose lattice_motion_pose(const struct lattice *lattice, int64_t body);
