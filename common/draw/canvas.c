/* SPDX-License-Identifier: Apache-2.0 */
#include "canvas.h"

#include "array.h"

#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct canvas {
    cairo_surface_t *surface;
    cairo_t *cairo;
    int zoom;
    int64_t width, height; /* pixels */
};

enum { SIDE_MAX = 32767 }; /* cairo's own limit */

static enum status cairo_failed(cairo_status_t code)
{
    return FAIL(code == CAIRO_STATUS_NO_MEMORY ? ERR_MEMORY : ERR_INTERNAL, "cairo: %s",
                cairo_status_to_string(code));
}

static enum status prepare(struct canvas *canvas)
{
    canvas->surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)canvas->width, (int)canvas->height);
    canvas->cairo = cairo_create(canvas->surface);
    if (cairo_status(canvas->cairo) != CAIRO_STATUS_SUCCESS)
        return cairo_failed(cairo_status(canvas->cairo));
    cairo_set_source_rgb(canvas->cairo, 1, 1, 1);
    cairo_paint(canvas->cairo);
    cairo_scale(canvas->cairo, canvas->zoom, canvas->zoom);
    cairo_set_line_join(canvas->cairo, CAIRO_LINE_JOIN_ROUND);
    /* grey smoothing and unhinted widths: the same page on every screen */
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_set_font_options(canvas->cairo, options);
    cairo_font_options_destroy(options);
    return OK;
}

enum status canvas_create(struct canvas **out, double width, double height, int zoom)
{
    enum status status = OK;
    double w = ceil(width) * zoom, h = ceil(height) * zoom;
    if (!(w >= 1 && h >= 1 && w <= SIDE_MAX && h <= SIDE_MAX))
        return FAIL(
            ERR_CONFIG,
            "a picture of %.0f x %.0f pixels cannot be drawn (at most %d a side); use fewer "
            "panels, smaller cells or shorter titles",
            w, h, SIDE_MAX);
    struct canvas *canvas = calloc(1, sizeof *canvas);
    if (canvas == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a picture");
    canvas->zoom = zoom;
    canvas->width = (int64_t)w;
    canvas->height = (int64_t)h;
    TRY_GOTO(prepare(canvas), cleanup);
    *out = canvas;
    canvas = NULL;
cleanup:
    canvas_destroy(canvas);
    return status;
}

void canvas_destroy(struct canvas *canvas)
{
    if (canvas == NULL)
        return;
    cairo_destroy(canvas->cairo);
    cairo_surface_destroy(canvas->surface);
    free(canvas);
}

static void choose_font(struct canvas *canvas, const struct canvas_font *font)
{
    cairo_select_font_face(canvas->cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           font->weight == CANVAS_BOLD ? CAIRO_FONT_WEIGHT_BOLD
                                                       : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(canvas->cairo, font->size);
}

double canvas_text_width(struct canvas *canvas, const char *text, const struct canvas_font *font)
{
    cairo_text_extents_t extents;
    choose_font(canvas, font);
    cairo_text_extents(canvas->cairo, text, &extents);
    return fmax(extents.x_advance, extents.x_bearing + extents.width);
}

static void set_colour(struct canvas *canvas, struct canvas_colour colour)
{
    cairo_set_source_rgb(canvas->cairo, colour.red, colour.green, colour.blue);
}

void canvas_text(struct canvas *canvas, double x, double y, const char *text, double align,
                 int quarter_turns, const struct canvas_font *font)
{
    double width = canvas_text_width(canvas, text, font);
    double half_capital = 0.365 * font->size;
    cairo_save(canvas->cairo);
    cairo_translate(canvas->cairo, x, y);
    if (quarter_turns == 1)
        cairo_rotate(canvas->cairo, -asin(1));
    set_colour(canvas, font->colour);
    cairo_move_to(canvas->cairo, -align * width, half_capital);
    cairo_show_text(canvas->cairo, text);
    cairo_restore(canvas->cairo);
    cairo_new_path(canvas->cairo);
}

static void trace_points(struct canvas *canvas, const double (*points)[2], int64_t count)
{
    cairo_new_path(canvas->cairo);
    for (int64_t i = 0; i < count; i++)
        cairo_line_to(canvas->cairo, points[i][0], points[i][1]);
}

void canvas_polyline(struct canvas *canvas, const double (*points)[2], int64_t count,
                     struct canvas_colour colour, double width, double dash)
{
    trace_points(canvas, points, count);
    if (count > 2 && points[0][0] == points[count - 1][0] && points[0][1] == points[count - 1][1])
        cairo_close_path(canvas->cairo);
    set_colour(canvas, colour);
    cairo_set_line_width(canvas->cairo, width);
    cairo_set_dash(canvas->cairo, &dash, dash > 0, 0);
    cairo_stroke(canvas->cairo);
}

void canvas_polygon(struct canvas *canvas, const double (*points)[2], int64_t count,
                    struct canvas_colour colour)
{
    trace_points(canvas, points, count);
    set_colour(canvas, colour);
    cairo_fill(canvas->cairo);
}

void canvas_clip(struct canvas *canvas, double x, double y, double width, double height)
{
    cairo_save(canvas->cairo);
    cairo_rectangle(canvas->cairo, x, y, width, height);
    cairo_clip(canvas->cairo);
}

void canvas_unclip(struct canvas *canvas)
{
    cairo_restore(canvas->cairo);
}

static void put_row(unsigned char *row, const unsigned char *rgb, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        uint32_t pixel =
            (uint32_t)rgb[3 * i] << 16 | (uint32_t)rgb[3 * i + 1] << 8 | rgb[3 * i + 2];
        memcpy(row + 4 * i, &pixel, sizeof pixel);
    }
}

void canvas_image(struct canvas *canvas, const unsigned char *rgb, int64_t width, int64_t height,
                  double x, double y)
{
    cairo_surface_flush(canvas->surface);
    unsigned char *data = cairo_image_surface_get_data(canvas->surface);
    int64_t stride = cairo_image_surface_get_stride(canvas->surface);
    int64_t left = llround(x * canvas->zoom), top = llround(y * canvas->zoom);
    if (data == NULL || left < 0 || left + width > canvas->width)
        return;
    for (int64_t row = 0; row < height; row++) {
        if (top + row >= 0 && top + row < canvas->height)
            put_row(data + (top + row) * stride + 4 * left, rgb + 3 * row * width, width);
    }
    cairo_surface_mark_dirty(canvas->surface);
}

void canvas_size(int64_t *width, int64_t *height, const struct canvas *canvas)
{
    *width = canvas->width;
    *height = canvas->height;
}

enum status canvas_read(unsigned char *rgb, struct canvas *canvas)
{
    if (cairo_status(canvas->cairo) != CAIRO_STATUS_SUCCESS)
        return cairo_failed(cairo_status(canvas->cairo));
    cairo_surface_flush(canvas->surface);
    const unsigned char *data = cairo_image_surface_get_data(canvas->surface);
    int64_t stride = cairo_image_surface_get_stride(canvas->surface);
    for (int64_t row = 0; row < canvas->height; row++) {
        for (int64_t i = 0; i < canvas->width; i++) {
            uint32_t pixel;
            memcpy(&pixel, data + row * stride + 4 * i, sizeof pixel);
            unsigned char *to = rgb + 3 * (row * canvas->width + i);
            to[0] = (unsigned char)(pixel >> 16);
            to[1] = (unsigned char)(pixel >> 8);
            to[2] = (unsigned char)pixel;
        }
    }
    return OK;
}

static cairo_status_t append_bytes(void *closure, const unsigned char *data, unsigned int length)
{
    struct text *text = closure;
    text_append_bytes(text, data, length);
    return text->status == OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_NO_MEMORY;
}

enum status canvas_png(struct text *out, struct canvas *canvas)
{
    if (cairo_status(canvas->cairo) != CAIRO_STATUS_SUCCESS)
        return cairo_failed(cairo_status(canvas->cairo));
    cairo_status_t code = cairo_surface_write_to_png_stream(canvas->surface, append_bytes, out);
    return code == CAIRO_STATUS_SUCCESS ? OK : cairo_failed(code);
}
