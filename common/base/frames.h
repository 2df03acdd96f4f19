/* SPDX-License-Identifier: Apache-2.0
 *
 * The words in which a flow is handed from room to room: what a frame is and the facts of the case
 * it belongs to. Everything is in canvas lattice units (cell = 1, canvas step = 1). Arrays are
 * [x][y], y fastest; x points downstream, cell (i, j) has its centre at (i + 1/2, j + 1/2). */
#pragma once

#include "error.h"

#include <stdint.h>

enum frame_field { FRAME_RHO, FRAME_UX, FRAME_UY, FRAME_FIELDS };

enum { FLOW_NAME_SIZE = 64 };

/* The facts of one case. */
struct flow {
    char family[FLOW_NAME_SIZE]; /* of its bodies: "circle", "circle+ellipse" */
    int64_t index;               /* number in its dataset; 0 for a case alone */
    int64_t nx, ny;              /* canvas */
    int64_t refine;              /* r: the solver ran on r x canvas cells */
    int64_t frame_interval;      /* canvas steps between frames */
    int64_t first_step;          /* canvas step of frame 0, counted from rest */
    double reynolds;             /* U D / nu */
    double speed;                /* U, inflow speed */
    double length;               /* D, projected across the stream */
    double viscosity;            /* nu, canvas units */
    double tau;                  /* relaxation time on the solver's own lattice */
    double blockage;             /* projection of the union / height */
    double angle;                /* of the first body, degrees */
    double x, y;                 /* centre of the first body */
    double size;                 /* of the first body, as its family defines it */
};

/* One frame as a solver delivers it. All pointers are borrowed for the call. */
struct frame {
    int64_t index;        /* 0, 1, ... */
    const float *values;  /* [FRAME_FIELDS][nx][ny]: rho, ux, uy; rho = 1, u = 0 in bodies */
    double drag, lift;    /* Cd and Cl, means over the interval that ends with this frame (frame 0:
                             over the    interval before it) */
    const double *forces; /* [steps][2]: Cd and Cl of every solver step since the frame before */
    int64_t steps;        /* 0 for frame 0 */
};

/* Cells of one field. */
static inline int64_t frames_cells(const struct flow *flow)
{
    return flow->nx * flow->ny;
}

/* mask[i] = 1 where sdf < 0, else 0. sdf and mask: [nx][ny]. */
void frames_mask(unsigned char *mask, const float *sdf, int64_t cells);

/* Vorticity duy/dx - dux/dy by central differences, 0 on the canvas edge and where the cell or a
 * neighbour is in a body. frame: [FRAME_FIELDS][nx][ny], out: [nx][ny]. */
void frames_vorticity(float *out, const float *frame, const unsigned char *mask, int64_t nx,
                      int64_t ny);
