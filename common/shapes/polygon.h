/* SPDX-License-Identifier: Apache-2.0
 *
 * A simple polygon (one closed line that does not touch itself): distance to its edges, sign by
 * winding, and the checks by which others are refused. Families of bodies with corners, and curves
 * flattened finely enough, stand on it. Knows nothing of place, angle and size. */
#pragma once

#include "error.h"

#include <stdint.h>

struct polygon;

/* Copies points [count][2], either orientation, not closed. ERR_CONFIG when fewer than 3, not
 * finite or beyond 1e9, repeated, all on one line, or when two edges cross, touch or lie on each
 * other; the message names them, counted from 1 (edge k goes from vertex k to the next). */
enum status polygon_create(struct polygon **out, const double *points, int64_t count);
void polygon_destroy(struct polygon *polygon);

/* Signed, negative inside. */
double polygon_distance(const struct polygon *polygon, double x, double y);

/* The largest n . p over the polygon. */
double polygon_support(const struct polygon *polygon, double nx, double ny);

/* Number of vertices; writes them counter-clockwise where `points` is not NULL. */
int64_t polygon_outline(double *points, const struct polygon *polygon);
