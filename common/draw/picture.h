/* SPDX-License-Identifier: Apache-2.0
 *
 * Pictures of scalar fields: one panel or a grid of them, with titles, row and column labels, axes,
 * colour bars and the outline of bodies. Everything is measured before it is placed, so nothing is
 * clipped: the page grows. Computes nothing of a flow: flow_picture.h does the usual ones. Moving
 * pictures are in animation.h, charts of lines in chart.h. */
#pragma once

#include "colormap.h"
#include "error.h"

#include <stdint.h>

enum picture_limits {
    PICTURE_FULL,   /* from the least to the greatest value */
    PICTURE_ROBUST, /* the same without the outermost 0.2 % at each end */
    PICTURE_FIXED,  /* low and high as given */
};

enum picture_axes {
    PICTURE_AXES_CELLS,  /* cells from the canvas corner */
    PICTURE_AXES_LENGTH, /* (x - origin) / D */
    PICTURE_AXES_NONE,
};

enum picture_sampling { PICTURE_SMOOTH, PICTURE_NEAREST };

/* One colour scale, which has one colour bar and any number of panels. The range is found over all
 * its panels and all frames; a diverging one is made symmetric about `middle`. Values beyond the
 * ends are drawn in the end's colour and the bar then ends in a point. */
struct picture_scale {
    const char *label; /* with its unit: "ω D / U"; NULL: none */
    enum colormap map;
    enum picture_limits limits;
    double low, high; /* used by PICTURE_FIXED; low < high */
    double middle;    /* of a diverging scale */
    int64_t contours; /* iso-lines between the ends, at even values, the middle left out; below the
                         middle of a diverging scale they are dashed, so that signs can be told
                         apart in grey. 0: none */
};

/* Exact outlines of bodies: closed lines, the first point not repeated, points [count][2] in cells
 * from the canvas corner. None: the bodies' edge is drawn where the sdf is 0, which cuts corners.
 */
enum { PICTURE_OUTLINES = 8 };

struct picture_outline {
    int64_t count;
    const double *points;
};

struct picture_outlines {
    int64_t count; /* of lines, up to PICTURE_OUTLINES */
    struct picture_outline lines[PICTURE_OUTLINES];
};

struct picture_panel {
    const float *values; /* [nx][ny]; NULL: the place stays empty */
    const float *sdf;    /* [nx][ny], distance to the bodies; NULL: none drawn */
    const struct picture_outlines *outlines; /* of the same bodies; NULL: not known */
    const char *title;                       /* above its left end; NULL: none */
    const char *note; /* above its right end, lighter, for a figure such as an error; or NULL */
    int64_t scale;    /* index into scales */
};

/* All pointers are borrowed for the call. Text is UTF-8 and may hold anything; what is no text is
 * replaced. Fields left 0 have useful defaults. */
struct picture {
    const char *title;    /* NULL: none */
    const char *subtitle; /* facts of the case, below the title; NULL: none */
    const char *time;     /* "t U / D = 12.5", upper right corner; NULL: none */
    int64_t nx, ny;       /* of all panels */
    int64_t rows, columns;
    const struct picture_panel *panels; /* [rows][columns] */
    const struct picture_scale *scales;
    int64_t scale_count;              /* every row, or every column, uses one scale throughout */
    const char *const *row_labels;    /* [rows] or NULL */
    const char *const *column_labels; /* [columns] or NULL */
    enum picture_axes axes;
    double length;             /* D in cells, for PICTURE_AXES_LENGTH */
    double origin_x, origin_y; /* cells */
    enum picture_sampling sampling;
    double cell; /* page units per cell, 0: chosen for a page about 1000 wide */
    int zoom;    /* pixels per page unit, 1 to 4; 0: 2 */
};

/* The bodies of one frame, as in struct picture_panel. */
struct picture_bodies {
    const float *sdf;
    const struct picture_outlines *outlines;
};

/* Values and time labels of moving pictures: frame f's panels show values[f * rows * columns + p]
 * (NULL: empty) instead of their own, and times[f] (times may be NULL); where bodies move, those of
 * bodies[f] instead of the panels' (NULL: they rest). */
struct picture_frames {
    int64_t count;
    const float *const *values;
    const char *const *times;
    const struct picture_bodies *bodies;
};

/* Writes the picture as PNG, atomically. ERR_IO; ERR_CONFIG when it would be too large;
 * ERR_INTERNAL when its description contradicts itself (no scale, sizes of 0, scales mixed in rows
 * and columns); ERR_MEMORY. */
enum status picture_write_png(const char *path, const struct picture *picture);

/* The same picture again and again with other values: ranges and layout are those of all frames
 * together, so nothing jumps. `picture` and `frames` are kept; must outlive. frames NULL: the
 * picture alone, one frame. */
struct picture_series;
enum status picture_series_create(struct picture_series **out, const struct picture *picture,
                                  const struct picture_frames *frames);
void picture_series_destroy(struct picture_series *series);
void picture_series_size(int64_t *width, int64_t *height, const struct picture_series *series);

/* The range that scale `scale` was given. */
void picture_series_range(double *low, double *high, const struct picture_series *series,
                          int64_t scale);

/* rgb: [height][width][3], the caller's. */
enum status picture_series_render(unsigned char *rgb, struct picture_series *series, int64_t frame);
