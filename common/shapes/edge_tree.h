/* SPDX-License-Identifier: Apache-2.0
 *
 * Signed distance to closed rings of straight edges, in a time that hardly grows with their number:
 * the edges, in the order of the rings, stand in a binary tree of boxes. Whether the rings are
 * sound (simple, apart, solid on their left) is their maker's business. */
#pragma once

#include "error.h"

#include <stdint.h>

struct edge_tree;

/* Copies points [ends[rings - 1]][2]: ring r has those from ends[r - 1] (0 for the first) up to but
 * not with ends[r], its last edge leads back to its first point. No two points that follow each
 * other are the same. ERR_MEMORY. */
enum status edge_tree_create(struct edge_tree **out, const double *points, const int64_t *ends,
                             int64_t rings);
void edge_tree_destroy(struct edge_tree *tree);

/* Negative where the rings' winding number is not 0: inside counter-clockwise ones, less the
 * clockwise ones in them. */
double edge_tree_distance(const struct edge_tree *tree, double x, double y);

/* The largest n . p over all points. */
double edge_tree_support(const struct edge_tree *tree, double nx, double ny);

/* Number of points; writes them as given where `points` is not NULL. */
int64_t edge_tree_points(double *points, const struct edge_tree *tree);
