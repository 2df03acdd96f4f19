/* SPDX-License-Identifier: Apache-2.0
 *
 * What a family of bodies implements: one shape in its own frame, centre at the origin, not turned.
 * Place and angle are body.c's part. Internal to this room; its distances reach frames, so only
 * IEEE operations, sqrt, fmod, fmin and the like and exact_math may be used. */
#pragma once

#include "body.h"

#include <stdint.h>

struct shape;

enum { SHAPE_SIDES_MIN = 3, SHAPE_SIDES_MAX = 64 };

struct shape_ops {
    const char *name; /* as in configurations: "rounded-rectangle" */
    double accuracy;  /* largest error of `distance` for shapes up to 64 cells long */
    /* required: checks the parameters that are the family's own (`size` is > 0 and finite
     * already); ERR_CONFIG. */
    enum status (*create)(struct shape **out, const struct body_spec *spec);
    /* required; the pointer is not NULL */
    void (*destroy)(struct shape *shape);
    /* required: signed distance, negative inside */
    double (*distance)(const struct shape *shape, double x, double y);
    /* required: the largest n . p over the shape, |n| = 1 */
    double (*support)(const struct shape *shape, double nx, double ny);
    /* required: see body_outline; returns the number of points and writes them where `points` is
     * not NULL */
    int64_t (*outline)(double *points, const struct shape *shape, double tolerance);
    /* required: see body_example; family, place, size and angle are set already, aspect is 1 */
    void (*example)(struct body_spec *spec, const double choice[3]);
    /* may be NULL: the family's name will do. See body_label. */
    void (*label)(char out[BODY_NAME_SIZE], const struct body_spec *spec);
};

struct shape {
    const struct shape_ops *ops;
};

/* ERR_CONFIG unless low <= value <= high; `what` names the value. */
enum status shape_check_range(const char *what, double value, double low, double high);
enum status shape_check_aspect(const struct body_spec *spec);
enum status shape_check_sides(const struct body_spec *spec);

/* An aspect of 1/4..4 from one number in [0, 1). */
double shape_example_aspect(double choice);

/* `example` of the families with seed, sides and roughness. */
void shape_example_blob(struct body_spec *spec, const double choice[3]);

/* Chords that keep within `tolerance` of a whole ellipse of this longer half axis; at least 16, a
 * multiple of 4. */
int64_t shape_arc_chords(double radius, double tolerance);

/* count points of the ellipse with half axes (rx, ry) about (cx, cy), at the angles (first + i) /
 * chords of a whole turn. */
void shape_arc(double *points, int64_t count, double cx, double cy, double rx, double ry,
               int64_t first, int64_t chords);

#define X(name) extern const struct shape_ops shape_##name##_ops;
#include "shape_list.h"
#undef X
