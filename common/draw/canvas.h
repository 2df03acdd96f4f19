/* SPDX-License-Identifier: Apache-2.0
 *
 * A page to draw on: lines, text that is measured before it is placed, images. The only file that
 * knows cairo. Coordinates are page units, y down; `zoom` pixels make one unit. Knows nothing of
 * fields or layout (picture.c). */
#pragma once

#include "text.h"

#include <stdint.h>

struct canvas;

struct canvas_colour {
    double red, green, blue; /* 0 to 1 */
};

enum canvas_weight { CANVAS_REGULAR, CANVAS_BOLD };

struct canvas_font {
    double size; /* page units */
    enum canvas_weight weight;
    struct canvas_colour colour;
};

/* A white page. ERR_CONFIG when a side is over 32767 pixels; ERR_MEMORY. */
enum status canvas_create(struct canvas **out, double width, double height, int zoom);
void canvas_destroy(struct canvas *canvas);

/* Width of one line in page units. `text` is well-formed (text_clean). */
double canvas_text_width(struct canvas *canvas, const char *text, const struct canvas_font *font);

/* One line; `align` 0, 0.5, 1: x is its left end, middle, right end; y is the middle of its capital
 * letters. `quarter_turns` 0 or 1: 1 reads upwards, and then align runs upwards along y. */
void canvas_text(struct canvas *canvas, double x, double y, const char *text, double align,
                 int quarter_turns, const struct canvas_font *font);

/* `count` points of x and y, joined; filled or stroked with a width, dashed where `dash` > 0. */
void canvas_polyline(struct canvas *canvas, const double (*points)[2], int64_t count,
                     struct canvas_colour colour, double width, double dash);
void canvas_polygon(struct canvas *canvas, const double (*points)[2], int64_t count,
                    struct canvas_colour colour);

/* A frame inside of which the next calls draw, until canvas_unclip. */
void canvas_clip(struct canvas *canvas, double x, double y, double width, double height);
void canvas_unclip(struct canvas *canvas);

/* rgb: [height][width][3] pixels, put 1:1 with the upper left corner at page point (x, y). */
void canvas_image(struct canvas *canvas, const unsigned char *rgb, int64_t width, int64_t height,
                  double x, double y);

/* Pixels of the page. */
void canvas_size(int64_t *width, int64_t *height, const struct canvas *canvas);

/* rgb: [height][width][3], the caller's. ERR_MEMORY or ERR_INTERNAL when drawing had failed. */
enum status canvas_read(unsigned char *rgb, struct canvas *canvas);

/* The page as a PNG file's bytes, appended to `out`. */
enum status canvas_png(struct text *out, struct canvas *canvas);
