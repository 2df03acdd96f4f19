/* SPDX-License-Identifier: Apache-2.0
 *
 * Bodies that change their place on a lattice: they are moved at the beginning of a step, masks and
 * links are made anew, and what they uncover is filled. A circle that only spins changes nothing
 * but the wall's velocity in its links. Steps are then taken one by one; for verification flows,
 * not for speed.
 *
 * An uncovered cell x takes the neighbour that lies most nearly along the body's outward normal n
 * and was fluid before, x + c:
 *
 *     f_i(x) = f_i^eq(rho', u_w) + f_i(x + c) - f_i^eq(rho(x + c), u(x + c))
 *
 * rho' the mean density of all neighbours that were fluid before, u_w the wall's velocity at x:
 * equilibrium and non-equilibrium refill, after Caiazzo 2008. Mass and momentum of covered and
 * uncovered cells are not balanced against the body; momentum exchange in its Galilean-invariant
 * form needs no term for them (Wen et al. 2014). */
#pragma once

#include "error.h"

struct lattice;

/* Takes motions and bodies from the options. ERR_CONFIG as lattice_motion_advance. */
enum status lattice_motion_begin(struct lattice *lattice);

/* 1 when the bodies' outlines move. */
int lattice_motion_changes(const struct lattice *lattice);

/* Where the bodies are: [bodies][LATTICE_MOTION_POSE], x, y and angle of their specs. Nothing when
 * none moves. */
enum { LATTICE_MOTION_POSE = 3 };
void lattice_motion_poses(double *out, const struct lattice *lattice);
enum status lattice_motion_set_poses(struct lattice *lattice, const double *poses);

/* One step on. ERR_CONFIG when a body comes within two cells of the lattice's edge. */
enum status lattice_motion_advance(struct lattice *lattice);
