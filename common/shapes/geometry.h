/* SPDX-License-Identifier: Apache-2.0
 *
 * The bodies of a case together: one distance function that gives mask, sdf channel and link
 * fractions, so that they can never disagree, and the measures that rules and coefficients need.
 * Canvas units. Bodies are not to overlap (flow_case_check refuses it): the least distance to any
 * of them is then the distance to the union, exactly, everywhere. Where two do overlap that still
 * holds outside; inside it would be a bound only, and the distance is recomputed to 1e-4 cell. */
#pragma once

#include "body.h"
#include "error.h"

#include <stdint.h>

enum { GEOMETRY_FAR = 1000000 }; /* cells: the distance where there is nothing */

struct geometry;

/* `specs` are copied. No body at all is allowed (a free stream). ERR_CONFIG as body_create, the
 * message beginning "body 2: ". */
enum status geometry_create(struct geometry **out, const struct body_spec *specs, int64_t count);
void geometry_destroy(struct geometry *geometry);

/* Puts the bodies elsewhere: poses [count][GEOMETRY_POSE], x, y and angle (degrees) of each. The
 * rest of them is not made anew, but where two overlap. ERR_MEMORY. */
enum { GEOMETRY_POSE = 3 };
enum status geometry_place(struct geometry *geometry, const double *poses);

int64_t geometry_count(const struct geometry *geometry);
const struct body *geometry_body(const struct geometry *geometry, int64_t index);

/* Signed distance to the union; GEOMETRY_FAR without bodies. `nearest` (may be NULL) gets the index
 * of the body whose surface is nearest (inside overlapping bodies: of the one it is deepest in), -1
 * without bodies. */
double geometry_distance(int64_t *nearest, const struct geometry *geometry, double x, double y);

/* sdf[i * ny + j] at ((i + 1/2) / scale - shift_x, (j + 1/2) / scale): the cell centres of a
 * lattice `scale` times finer than the canvas that begins shift_x canvas cells before it. Values
 * stay in canvas cells. float64 in, rounded once. */
void geometry_sample(float *sdf, const struct geometry *geometry, int64_t nx, int64_t ny,
                     double scale, double shift_x);

/* Fraction q in (0, 1] of the segment (x0, y0) -> (x1, y1) at which the surface lies: (x0, y0)
 * outside, (x1, y1) inside. Safeguarded root search to 1e-9; the first crossing when there are
 * several is not promised. A first point on the surface, where q would be 0, gives 1e-9; a second
 * one that is not inside gives 1. */
double geometry_crossing(const struct geometry *geometry, double x0, double y0, double x1,
                         double y1);

/* The same, to the bit, where the distances at both ends are known. */
double geometry_crossing_between(const struct geometry *geometry, const double from[2],
                                 const double to[2], const double at_ends[2]);

/* D: the largest single body's projection across the stream, and the union's projection (for
 * blockage). 0 without bodies. */
double geometry_length(const struct geometry *geometry);
double geometry_projection(const struct geometry *geometry);

/* {x min, x max, y min, y max} of all bodies; zeros without bodies. */
void geometry_bounds(double box[4], const struct geometry *geometry);

/* Smallest gap between two bodies, to 1e-4, and in `pair` (may be NULL) which two; GEOMETRY_FAR
 * with fewer than two. Negative when they overlap. ERR_MEMORY. For pictures: body_outline gives
 * each body's boundary. */
enum status geometry_gap(double *out, int64_t pair[2], const struct geometry *geometry);
