/* SPDX-License-Identifier: Apache-2.0
 *
 * The collision operators as textbooks write them: whole populations (not less their weights),
 * float64, loops over directions and moments, no thought for speed. The library's are held against
 * them. An operator of collision_list.h without a function here does not link. */
#pragma once

#include "collision.h"
#include "plain_stencil.h"

struct plain_collide_rates {
    double tau;        /* of this cell: eddies included */
    double magic;      /* (1/omega^+ - 1/2) (1/omega^- - 1/2) */
    double omega_bulk; /* cumulant */
    double fx, fy;     /* body force */
};

/* What populations hold before collision: rho, and u with half the force. */
struct plain_collide_flow {
    double rho, u, v;
};
struct plain_collide_flow plain_collide_flow(const double f[PLAIN_STENCIL_Q], double fx, double fy);

/* The 2nd-order equilibrium and the 4th-order one of physics.md. */
double plain_collide_usual(int i, const struct plain_collide_flow *flow);
double plain_collide_product(int i, const struct plain_collide_flow *flow);

/* tau_0 with Smagorinsky's eddies on top, C_s = constant. */
double plain_collide_eddies(const double f[PLAIN_STENCIL_Q], double tau, double constant, double fx,
                            double fy);

void plain_collide(double f[PLAIN_STENCIL_Q], enum collision_kind kind,
                   const struct plain_collide_rates *rates);
