/* SPDX-License-Identifier: Apache-2.0
 *
 * One solid body in the plane and its exact signed distance (float64, negative inside). Lengths and
 * positions are in canvas cells, angles in degrees, counter-clockwise from the stream direction x.
 * The families stand in shape_list.h; adding one is a new file and a line there. */
#pragma once

#include "error.h"

#include <stdint.h>

/* What describes a body. `size` is its length before rotation as the family defines it (circle:
 * diameter; ellipse, rectangle, rounded rectangle: the x side; regular polygon: circumscribed
 * diameter). */
struct body_spec {
    char family[32];
    double x, y;     /* centre */
    double size;     /* > 0 */
    double aspect;   /* y side / x side: ellipse, rectangle, rounded rectangle; 1 where unused */
    double rounding; /* corner radius / half the shorter side, 0..1: rounded rectangle */
    int64_t sides;   /* regular polygon, 3..64 */
    double angle;    /* degrees */
};

struct body;

/* ERR_CONFIG when the family is unknown (the message lists those there are) or a value is out of
 * range. */
enum status body_create(struct body **out, const struct body_spec *spec);
void body_destroy(struct body *body);

const struct body_spec *body_get_spec(const struct body *body);

/* Signed distance at (x, y). */
double body_distance(const struct body *body, double x, double y);

/* Bounding box: box = {x min, x max, y min, y max}, exact to 1e-9 for smooth and polygonal
 * families. */
void body_bounds(double box[4], const struct body *body);

/* Number of families and their names, in the order of shape_list.h. */
int64_t body_family_count(void);
const char *body_family_name(int64_t index);
