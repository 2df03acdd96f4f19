/* SPDX-License-Identifier: Apache-2.0
 *
 * Where everything on a picture's page stands and what its scales span. For picture.c, which draws
 * it: nobody else needs this. Lengths are page units, y down. */
#pragma once

#include "canvas.h"
#include "colormap.h"
#include "picture.h"
#include "ticks.h"

#include <stdint.h>

/* The look of all pages. */
static const struct canvas_colour ink = {0.10, 0.10, 0.10};
static const struct canvas_colour faint_ink = {0.30, 0.30, 0.30};
static const struct canvas_font title_font = {15, CANVAS_BOLD, {0.10, 0.10, 0.10}};
static const struct canvas_font time_font = {13, CANVAS_REGULAR, {0.10, 0.10, 0.10}};
static const struct canvas_font subtitle_font = {12, CANVAS_REGULAR, {0.35, 0.35, 0.35}};
static const struct canvas_font heading_font = {12.5, CANVAS_BOLD, {0.10, 0.10, 0.10}};
static const struct canvas_font panel_font = {12, CANVAS_REGULAR, {0.10, 0.10, 0.10}};
static const struct canvas_font note_font = {11, CANVAS_REGULAR, {0.38, 0.38, 0.38}};
static const struct canvas_font label_font = {12, CANVAS_REGULAR, {0.10, 0.10, 0.10}};
static const struct canvas_font tick_font = {11, CANVAS_REGULAR, {0.20, 0.20, 0.20}};

static const double MARGIN = 16, GAP = 12, TICK = 4, LINE = 18;
static const double BAR_THICK = 12, BAR_GAP = 16, BAR_POINT = 9;

enum picture_layout_side { BAR_RIGHT, BAR_BELOW };

struct picture_layout_bar {
    int64_t scale;
    int64_t first, last; /* rows or columns it stands beside */
    char label[TEXT_LABEL_SIZE + TICKS_LABEL_SIZE + 4];
    double label_width, ticks_width;
    struct ticks ticks;
};

struct picture_layout_scale {
    double low, high;
    int below, above; /* values lie beyond the ends */
    struct colormap_rgb table[COLORMAP_SIZE];
};

struct picture_series {
    const struct picture *picture;
    const struct picture_frames *frames; /* NULL: one frame, the picture's own values */
    struct picture_layout_scale *scales;
    enum picture_layout_side side;
    struct picture_layout_bar *bars;
    int64_t bar_count;
    struct ticks ticks_x, ticks_y;
    double panel_width, panel_height, pitch_x, pitch_y; /* pitch: from one panel to the next */
    double left, top;                                   /* of panel (0, 0) */
    double bars_x; /* from the left of the last column to where bars on the right may begin */
    double width, height; /* page */
    double title_line, columns_y, title_height, first_title_height;
    int zoom;
    struct canvas *canvas;
    unsigned char *pixels; /* of one panel */
};

/* Ranges of all scales and places of everything, for a series whose picture, frames and zoom are
 * set. Fails as picture_write_png. */
enum status picture_layout_make(struct picture_series *s);

/* What a frame shows: NULL values are an empty place. */
int64_t picture_layout_frames(const struct picture_series *s);
const float *picture_layout_values(const struct picture_series *s, int64_t frame, int64_t panel);
struct picture_panel picture_layout_panel(const struct picture_series *s, int64_t frame,
                                          int64_t panel);
const char *picture_layout_time(const struct picture_series *s, int64_t frame);

/* Widths of a text from outside, and of the widest tick label. */
double picture_layout_text_width(struct canvas *canvas, const char *words,
                                 const struct canvas_font *font);
double picture_layout_widest_tick(struct canvas *canvas, const struct ticks *ticks);

/* Title and note of a panel, side by side. */
double picture_layout_panel_texts(struct canvas *canvas, const struct picture_panel *panel);

/* Distance in cells from the canvas corner of a value on an axis. */
double picture_layout_axis_cells(const struct picture *p, double value, double origin);

/* Where a bar begins and how long it is, along its rows or columns; how far bars reach across, and
 * their tick labels. */
void picture_layout_bar_extent(double *begin, double *length, const struct picture_series *s,
                               const struct picture_layout_bar *bar);
double picture_layout_bars_depth(const struct picture_series *s);
double picture_layout_bar_ticks_width(const struct picture_series *s);
