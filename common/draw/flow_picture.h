/* SPDX-License-Identifier: Apache-2.0
 *
 * The usual pictures of flows, from frames as the solver and the forecasters hand them: the fields
 * of one instant, a moving field, a table of instants with errors, a contact sheet. Makes the
 * fields without dimensions and names them; how they look is picture.h's matter. */
#pragma once

#include "error.h"
#include "frames.h"
#include "picture.h"

#include <stddef.h>
#include <stdint.h>

enum flow_picture_field {
    FLOW_PICTURE_DENSITY,   /* (rho - 1) / (3 U^2), which is p / (rho U^2) away from a reference */
    FLOW_PICTURE_SPEED,     /* |u| / U */
    FLOW_PICTURE_STREAM,    /* ux / U */
    FLOW_PICTURE_CROSS,     /* uy / U */
    FLOW_PICTURE_VORTICITY, /* omega D / U, by central differences with u = 0 in bodies (one-sided
                               on the canvas edge): unlike frames_vorticity it has values beside
                               walls, good to look at and not to judge by */
    FLOW_PICTURE_FIELDS
};

/* "density", "speed", ... */
const char *flow_picture_name(enum flow_picture_field field);

/* How a field is coloured and contoured, with its name and unit as label; borrows static text. */
struct picture_scale flow_picture_scale(enum flow_picture_field field);

/* out: [nx][ny]; frame: [FRAME_FIELDS][nx][ny]. */
void flow_picture_derive(float *out, enum flow_picture_field field, const float *frame,
                         const struct flow *flow);

/* In all of these: sdf: [nx][ny]; outlines: the exact ones of the same bodies, as struct
 * picture_panel's; NULL or none: not known. */

/* PNG of one frame: density, speed and vorticity side by side, at canvas step `step` from rest.
 * `title` may be NULL: then it names the body. Fails as picture_write_png. */
enum status flow_picture_write_frame(const char *path, const struct flow *flow, const float *frame,
                                     const float *sdf, const struct picture_outlines *outlines,
                                     double step, const char *title);

/* GIF of `count` frames, [count][FRAME_FIELDS][nx][ny], the first at canvas step `step`, then every
 * flow->frame_interval: speed and vorticity side by side, ten frames a second. */
enum status flow_picture_write_animation(const char *path, const struct flow *flow,
                                         const float *frames, int64_t count, const float *sdf,
                                         const struct picture_outlines *outlines, double step,
                                         const char *title);

/* Instants side by side, one row for each way of getting there; row 0 is the truth. */
enum flow_picture_errors {
    FLOW_PICTURE_NO_ERRORS,
    FLOW_PICTURE_ERRORS /* one more row for each but
                           the first: its error */
};

struct flow_picture_grid {
    const char *title, *subtitle; /* NULL: the case's facts */
    const struct flow *flow;
    const float *sdf;
    const struct picture_outlines *outlines;
    enum flow_picture_field field;
    enum flow_picture_errors errors;
    int64_t rows, columns;
    const char *const *row_labels;    /* [rows] */
    const char *const *column_labels; /* [columns], for example from flow_picture_time */
    const float *const *frames;       /* [rows][columns]; NULL: nothing there */
    const char *const *notes;         /* [rows][columns], small above a panel; or NULL */
    int zoom;                         /* pixels a page unit, as struct picture's; 0: 2 */
};

enum status flow_picture_write_grid(const char *path, const struct flow_picture_grid *grid);

/* One frame of each of `count` cases (all of one canvas size; ERR_DATA otherwise) with number, body
 * and Reynolds number above it. outlines: [count], or NULL. */
enum status flow_picture_write_contact(const char *path, const char *title, int64_t count,
                                       const struct flow *const *flows, const float *const *frames,
                                       const float *const *sdfs,
                                       const struct picture_outlines *const *outlines,
                                       enum flow_picture_field field);

/* "t U / D = 12.5" after `step` canvas steps. Returns out. */
char *flow_picture_time(char *out, size_t size, const struct flow *flow, double step);
