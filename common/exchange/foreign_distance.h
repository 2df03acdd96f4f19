/* SPDX-License-Identifier: Apache-2.0
 *
 * A signed distance for bodies that are known as a mask alone: from each cell's centre to the
 * nearest centre of the other kind, less half a cell. Exact up to the half cell that a mask leaves
 * open (Felzenszwalb and Huttenlocher 2012, "Distance transforms of sampled functions"). Bodies of
 * ours have their own, exact distance. */
#pragma once

#include "error.h"

#include <stdint.h>

enum { FOREIGN_DISTANCE_FAR = 1000000 }; /* cells: where there is no body */

/* sdf[nx][ny] in cells, negative where mask[nx][ny] is not 0. */
enum status foreign_distance_signed(float *sdf, const unsigned char *mask, int64_t nx, int64_t ny);
