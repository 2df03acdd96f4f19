/* SPDX-License-Identifier: Apache-2.0
 *
 * The bodies of the plain loop: which cells they hold, how far along each link the wall stands, how
 * fast it goes there, and what a translating body leaves behind. Distances come from
 * geometry.h, which has tests of its own; everything else is computed here anew. */
#pragma once

#include "lattice.h"
#include "plain_stencil.h"

/* A link that meets a wall. */
struct plain_bodies_link {
    double q; /* where, in links from the fluid; 0 where there is no wall */
    int64_t body;
    double u, v;           /* the wall's velocity there */
    double half_x, half_y; /* from the body's centre to the middle of the link, in cells */
};

struct plain_bodies {
    const struct lattice_options *options; /* must outlive */
    int64_t count;
    struct geometry *geometry;       /* where the bodies are now; NULL without any */
    unsigned char *solid;            /* [nx][ny] */
    unsigned char *before;           /* [nx][ny], of the step before */
    struct plain_bodies_link *links; /* [nx][ny][9] */
    int64_t steps;                   /* that moving bodies have gone */
};

enum status plain_bodies_init(struct plain_bodies *out, const struct lattice_options *options);
void plain_bodies_fini(struct plain_bodies *bodies);

/* One step on; uncovered cells of the populations f, [nx][ny][9], are filled. */
enum status plain_bodies_move(struct plain_bodies *bodies, double *f);
