/* SPDX-License-Identifier: Apache-2.0
 *
 * One solid body in the plane and its exact signed distance (float64, negative inside). Lengths and
 * positions are in canvas cells, angles in degrees, counter-clockwise from the stream direction x.
 * The families stand in shape_list.h; adding one is a new file and a line there. Several bodies
 * together are geometry.h's part, the rules for a flow flow_case.h's. */
#pragma once

#include "error.h"

#include <stdint.h>

enum { BODY_NAME_SIZE = 32, BODY_VERTICES = 4096 };

struct bitmap;

/* What describes a body. `size` is its length before rotation as the family defines it (circle:
 * diameter; ellipse, rectangle, rounded-rectangle: the x side; regular-polygon, star: diameter of
 * the circle through the corners or tips, one of which is downstream at angle 0; polygon: the
 * factor of its vertices; naca: the chord; fourier-blob, bezier-blob: twice the largest distance of
 * the outline from (x, y)). What a family does not use is not looked at. */
struct body_spec {
    char family[BODY_NAME_SIZE];
    double x, y;            /* centre; the middle of the chord: naca; where the vertices' origin
                               goes: polygon; from where the outline is drawn: blobs */
    double size;            /* > 0 */
    double aspect;          /* y side / x side, 1/32..32: ellipse, rectangle, rounded-rectangle */
    double rounding;        /* corner radius / half the shorter side, 0..1: rounded-rectangle */
    int64_t sides;          /* 3..64; corners: regular-polygon; tips: star; waves round the outline:
                               fourier-blob; arcs: bezier-blob */
    double inner;           /* distance of the notches / of the tips, 0.2..0.95: star */
    int64_t profile;        /* four digits MPTT, TT 1..40, M and P both 0 or neither: naca. The nose
                               is upstream; an angle of attack a is angle -a */
    double roughness;       /* 0..1, 0 is round: fourier-blob, bezier-blob */
    uint64_t seed;          /* of its outline: fourier-blob, bezier-blob */
    double angle;           /* degrees, about (x, y) */
    const double *vertices; /* polygon: [vertex_count][2], either orientation, not closed, times
                               `size` from (x, y). Borrowed: whoever keeps a spec keeps them */
    int64_t vertex_count;   /* 3..BODY_VERTICES: polygon */
    const struct bitmap *bitmap; /* bitmap.h: bitmap. Borrowed likewise */
};

struct body;

/* `spec` and its vertices are copied. ERR_CONFIG when the family is unknown (the message lists
 * those there are), a value is out of range or not finite, or a polygon repeats a vertex, has no
 * area or crosses itself (the message names the two edges, counted from 1). */
enum status body_create(struct body **out, const struct body_spec *spec);
void body_destroy(struct body *body);

/* As given, but that `vertices` are the body's own. Borrowed. */
const struct body_spec *body_get_spec(const struct body *body);

/* Puts it elsewhere, turned to `angle` degrees; as if it had been created there. The place is
 * finite.
 */
void body_place(struct body *body, double x, double y, double angle);

/* Signed distance at (x, y), exact to body_family_accuracy. */
double body_distance(const struct body *body, double x, double y);

/* Bounding box: box = {x min, x max, y min, y max}, exact to rounding. */
void body_bounds(double box[4], const struct body *body);

/* Length across the stream, y max - y min, the same to the bit wherever the body is. */
double body_projection(const struct body *body);

/* The boundary as a closed polyline, counter-clockwise, the first point not repeated: points
 * [count][2] lie on the boundary, which is at most `tolerance` (> 0, cells) from the lines between
 * them. For drawing and for tests; free with array_free. */
enum status body_outline(double **points, int64_t *count, const struct body *body,
                         double tolerance);

/* The families, in the order of shape_list.h: number, name, and the largest error of the distance
 * in cells for bodies up to 64 cells long. */
int64_t body_family_count(void);
const char *body_family_name(int64_t index);
double body_family_accuracy(int64_t index);

/* For people: the family's name or, where the parameters have one, a better name ("triangle"). */
void body_label(char out[BODY_NAME_SIZE], const struct body_spec *spec);

/* A valid spec of a family, size 1 at the origin, whose own parameters come from three numbers in
 * [0, 1): lets tests and galleries go over every family without knowing any. */
void body_example(struct body_spec *out, int64_t family, const double choice[3]);
