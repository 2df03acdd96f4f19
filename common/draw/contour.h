/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines of constant value of a field on the canvas, by marching squares between cell centres: the
 * outline of bodies (distance 0) and iso-lines. Draws nothing. */
#pragma once

#include "error.h"

#include <stdint.h>

/* Polylines; line k is points[starts[k]] .. points[starts[k + 1] - 1], x then y in cells, where
 * cell (i, j) has its centre at (i + 1/2, j + 1/2). A closed line repeats its first point at its
 * end. */
struct contour {
    int64_t lines;
    int64_t *starts; /* lines + 1 */
    double (*points)[2];
};

/* field: [nx][ny]. Saddles are decided by the mean of the four corners. Cells that are not finite
 * have no line through them. Starts from {0}; ERR_MEMORY. */
enum status contour_trace(struct contour *out, const float *field, int64_t nx, int64_t ny,
                          double level);
void contour_fini(struct contour *contour);
