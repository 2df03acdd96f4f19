/* SPDX-License-Identifier: Apache-2.0
 *
 * Distance to many straight edges, in a time that hardly grows with their number: the edges, in the
 * order given, stand in a binary tree of boxes. Where they are closed rings the distance has a
 * sign; whether the rings are sound (simple, apart, solid on their left) is their maker's business.
 */
#pragma once

#include "error.h"

#include <stdint.h>

struct edge_tree;

/* Copies points [ends[rings - 1]][2]: ring r has those from ends[r - 1] (0 for the first) up to but
 * not with ends[r], its last edge leads back to its first point. No two points that follow each
 * other are the same. ERR_MEMORY. */
enum status edge_tree_create(struct edge_tree **out, const double *points, const int64_t *ends,
                             int64_t rings);

/* The same for edges from (x0, y0) to (x1, y1), none of no length, that need not make rings. At
 * least one. */
struct edge_tree_segment {
    double x0, y0, x1, y1;
};
enum status edge_tree_create_segments(struct edge_tree **out,
                                      const struct edge_tree_segment *segments, int64_t count);
void edge_tree_destroy(struct edge_tree *tree);

/* Distance to the nearest edge, >= 0. */
double edge_tree_nearest(const struct edge_tree *tree, double x, double y);

/* The same of rings, negative where the rings' winding number is not 0: inside counter-clockwise
 * ones, less the clockwise ones in them. */
double edge_tree_distance(const struct edge_tree *tree, double x, double y);

/* The largest n . p over all points. */
double edge_tree_support(const struct edge_tree *tree, double nx, double ny);

/* Number of points; writes them as given where `points` is not NULL. */
int64_t edge_tree_points(double *points, const struct edge_tree *tree);
