/* SPDX-License-Identifier: Apache-2.0
 *
 * The boundary of several bodies that overlap, taken together: those parts of each one's outline
 * that lie in none of the others. Inside, the least distance to any one body is but a bound; the
 * distance to this boundary is the depth. Outside there is no need of it. */
#pragma once

#include "body.h"
#include "error.h"

#include <stdint.h>

struct union_surface;

/* NULL in `out` when no two of the bodies overlap. The bodies are only looked at. ERR_MEMORY. */
enum status union_surface_create(struct union_surface **out, struct body *const *bodies,
                                 int64_t count);
void union_surface_destroy(struct union_surface *surface);

/* Distance to the boundary, > 0, to 1e-4 cell. */
double union_surface_distance(const struct union_surface *surface, double x, double y);
