/* SPDX-License-Identifier: Apache-2.0
 *
 * Draws what picture_layout.c has placed: a fresh page for every frame. */
#include "picture.h"

#include "array.h"
#include "atomic_file.h"
#include "contour.h"
#include "field_raster.h"
#include "picture_layout.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>

enum { ZOOM_MAX = 4 };

static void draw_text(struct canvas *canvas, double x, double y, const char *words, double align,
                      const struct canvas_font *font)
{
    char clean[TEXT_LABEL_SIZE];
    canvas_text(canvas, x, y, text_clean(clean, sizeof clean, words), align, 0, font);
}

static double panel_left(const struct picture_series *s, int64_t column)
{
    return s->left + (double)column * s->pitch_x;
}

static double panel_top(const struct picture_series *s, int64_t row)
{
    return s->top + (double)row * s->pitch_y;
}

static void draw_line(const struct picture_series *s, double x0, double y0, double x1, double y1)
{
    const double points[2][2] = {{x0, y0}, {x1, y1}};
    canvas_polyline(s->canvas, points, 2, ink, 0.8, 0);
}

static void draw_box(const struct picture_series *s, double x, double y, double w, double h)
{
    const double points[5][2] = {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}};
    canvas_polyline(s->canvas, points, 5, ink, 0.8, 0);
}

static enum status draw_iso_line(const struct picture_series *s, const float *field, double level,
                                 double x, double y, struct canvas_colour colour, double width,
                                 double dash)
{
    struct contour lines = {0};
    TRY(contour_trace(&lines, field, s->picture->nx, s->picture->ny, level));
    double scale_x = s->panel_width / (double)s->picture->nx;
    double scale_y = s->panel_height / (double)s->picture->ny;
    for (int64_t k = 0; k < lines.lines; k++) {
        for (int64_t i = lines.starts[k]; i < lines.starts[k + 1]; i++) {
            lines.points[i][0] = x + lines.points[i][0] * scale_x;
            lines.points[i][1] = y + s->panel_height - lines.points[i][1] * scale_y;
        }
        canvas_polyline(s->canvas, (const double(*)[2])(lines.points + lines.starts[k]),
                        lines.starts[k + 1] - lines.starts[k], colour, width, dash);
    }
    contour_fini(&lines);
    return OK;
}

/* In the fluid: values inside bodies are made unknown first, which ends the lines there. */
static enum status draw_contours(const struct picture_series *s, const struct picture_panel *panel,
                                 const float *values, double x, double y)
{
    enum status status = OK;
    const struct picture_scale *wanted = &s->picture->scales[panel->scale];
    const struct picture_layout_scale *scale = &s->scales[panel->scale];
    int64_t cells = s->picture->nx * s->picture->ny, steps = wanted->contours + 1;
    float *fluid = NULL;
    if (wanted->contours < 1)
        return OK;
    TRY_GOTO(ARRAY_NEW(fluid, cells), cleanup);
    for (int64_t c = 0; c < cells; c++)
        fluid[c] = panel->sdf != NULL && panel->sdf[c] < 0 ? NAN : values[c];
    for (int64_t k = 1; k < steps; k++) {
        double share = (double)k / (double)steps;
        int negative = wanted->map == COLORMAP_DIVERGING && 2 * k < steps;
        if (wanted->map == COLORMAP_DIVERGING && 2 * k == steps)
            continue;
        TRY_GOTO(draw_iso_line(s, fluid, scale->low + share * (scale->high - scale->low), x, y,
                               faint_ink, 0.5, negative ? 3 : 0),
                 cleanup);
    }
cleanup:
    array_free(fluid);
    return status;
}

static int knows_outlines(const struct picture_panel *panel)
{
    return panel->sdf != NULL && panel->outlines != NULL && panel->outlines->count > 0;
}

static enum status draw_outline(const struct picture_series *s,
                                const struct picture_outline *outline, double x, double y)
{
    double(*points)[2] = NULL;
    TRY(ARRAY_NEW(points, outline->count + 1)); /* closed by its first point */
    for (int64_t i = 0; i <= outline->count; i++) {
        const double *cells = outline->points + 2 * (i % outline->count);
        points[i][0] = x + cells[0] / (double)s->picture->nx * s->panel_width;
        points[i][1] = y + s->panel_height * (1 - cells[1] / (double)s->picture->ny);
    }
    double grey = FIELD_RASTER_BODY_GREY / 255.0;
    canvas_polygon(s->canvas, (const double(*)[2])points, outline->count,
                   (struct canvas_colour){grey, grey, grey});
    canvas_polyline(s->canvas, (const double(*)[2])points, outline->count + 1, ink, 1.2, 0);
    array_free(points);
    return OK;
}

static enum status draw_bodies(const struct picture_series *s, const struct picture_panel *panel,
                               double x, double y)
{
    if (panel->sdf != NULL && !knows_outlines(panel))
        TRY(draw_iso_line(s, panel->sdf, 0, x, y, ink, 1.2, 0));
    for (int64_t k = 0; knows_outlines(panel) && k < panel->outlines->count; k++)
        TRY(draw_outline(s, &panel->outlines->lines[k], x, y));
    return OK;
}

static enum status draw_field(struct picture_series *s, const struct picture_panel *panel,
                              const float *values, double x, double y)
{
    enum status status = OK;
    const struct picture *p = s->picture;
    const struct picture_layout_scale *scale = &s->scales[panel->scale];
    struct field_raster raster = {
        .nx = p->nx,
        .ny = p->ny,
        .values = values,
        .sdf = panel->sdf,
        .low = scale->low,
        .high = scale->high,
        .table = scale->table,
        .sampling = p->sampling == PICTURE_SMOOTH ? FIELD_RASTER_SMOOTH : FIELD_RASTER_NEAREST,
        .bodies = knows_outlines(panel) ? FIELD_RASTER_UNSEEN : FIELD_RASTER_GREY,
    };
    int64_t width = llround(s->panel_width * s->zoom), height = llround(s->panel_height * s->zoom);
    TRY(field_raster_fill(s->pixels, width, height, &raster));
    canvas_image(s->canvas, s->pixels, width, height, x, y);
    canvas_clip(s->canvas, x, y, s->panel_width, s->panel_height);
    TRY_GOTO(draw_contours(s, panel, values, x, y), cleanup);
    TRY_GOTO(draw_bodies(s, panel, x, y), cleanup);
cleanup:
    canvas_unclip(s->canvas);
    return status;
}

static void draw_ticks_x(const struct picture_series *s, double x, double y, int labelled)
{
    for (int i = 0; i < s->ticks_x.count; i++) {
        double cells =
            picture_layout_axis_cells(s->picture, s->ticks_x.values[i], s->picture->origin_x);
        double at = x + cells / (double)s->picture->nx * s->panel_width;
        draw_line(s, at, y, at, y + TICK);
        if (labelled)
            canvas_text(s->canvas, at, y + TICK + 9, s->ticks_x.labels[i], 0.5, 0, &tick_font);
    }
    if (labelled)
        canvas_text(s->canvas, x + s->panel_width / 2, y + TICK + 4 + tick_font.size + LINE / 2 + 2,
                    s->picture->axes == PICTURE_AXES_LENGTH ? "x / D" : "x (cells)", 0.5, 0,
                    &label_font);
}

static void draw_ticks_y(const struct picture_series *s, double x, double y, int labelled)
{
    for (int i = 0; i < s->ticks_y.count; i++) {
        double cells =
            picture_layout_axis_cells(s->picture, s->ticks_y.values[i], s->picture->origin_y);
        double at = y + s->panel_height * (1 - cells / (double)s->picture->ny);
        draw_line(s, x - TICK, at, x, at);
        if (labelled)
            canvas_text(s->canvas, x - TICK - 4, at, s->ticks_y.labels[i], 1, 0, &tick_font);
    }
    if (labelled) {
        double ticks = picture_layout_widest_tick(s->canvas, &s->ticks_y);
        canvas_text(s->canvas, x - TICK - 4 - ticks - LINE / 2, y + s->panel_height / 2,
                    s->picture->axes == PICTURE_AXES_LENGTH ? "y / D" : "y (cells)", 0.5, 1,
                    &label_font);
    }
}

/* Nothing of ours stands below or to the left of this panel. */
static int is_lowest(const struct picture_series *s, int64_t row, int64_t column, int64_t frame)
{
    const struct picture *p = s->picture;
    return row + 1 == p->rows ||
           picture_layout_values(s, frame, (row + 1) * p->columns + column) == NULL;
}

static enum status draw_panel(struct picture_series *s, int64_t row, int64_t column, int64_t frame)
{
    const struct picture *p = s->picture;
    int64_t index = row * p->columns + column;
    const struct picture_panel shown = picture_layout_panel(s, frame, index), *panel = &shown;
    const float *values = picture_layout_values(s, frame, index);
    double x = panel_left(s, column), y = panel_top(s, row);
    if (values == NULL)
        return OK;
    TRY(draw_field(s, panel, values, x, y));
    draw_box(s, x, y, s->panel_width, s->panel_height);
    draw_text(s->canvas, x, y - LINE / 2, panel->title, 0, &panel_font);
    draw_text(s->canvas, x + fmax(s->panel_width, picture_layout_panel_texts(s->canvas, panel)),
              y - LINE / 2, panel->note, 1, &note_font);
    if (p->axes != PICTURE_AXES_NONE) {
        draw_ticks_x(s, x, y + s->panel_height, is_lowest(s, row, column, frame));
        draw_ticks_y(s, x, y, column == 0);
    }
    return OK;
}

/* Corner (along, across) of a bar to page coordinates; `along` grows with the value. */
static void bar_point(double *out, const struct picture_series *s, double begin, double length,
                      double depth, double along, double across)
{
    out[0] = s->side == BAR_RIGHT ? depth + across : begin + along;
    out[1] = s->side == BAR_RIGHT ? begin + length - along : depth + across;
}

/* The colours, one strip a pixel, between the points. */
static void draw_bar_colours(const struct picture_series *s,
                             const struct picture_layout_scale *scale, double begin, double length,
                             double depth, double first, double last)
{
    int64_t strips = llround((last - first) * s->zoom);
    for (int64_t k = 0; k < strips; k++) {
        struct colormap_rgb c = colormap_at(scale->table, ((double)k + 0.5) / (double)strips);
        double from = first + (last - first) * (double)k / (double)strips;
        /* each strip reaches under the next, so that no seam shows */
        double to = fmin(first + (last - first) * (double)(k + 2) / (double)strips, last);
        double corners[4][2];
        bar_point(corners[0], s, begin, length, depth, from, 0);
        bar_point(corners[1], s, begin, length, depth, to, 0);
        bar_point(corners[2], s, begin, length, depth, to, BAR_THICK);
        bar_point(corners[3], s, begin, length, depth, from, BAR_THICK);
        canvas_polygon(s->canvas, (const double(*)[2])corners, 4,
                       (struct canvas_colour){c.red / 255.0, c.green / 255.0, c.blue / 255.0});
    }
}

/* The outline with its points; fills the points with the end colours. */
static void draw_bar_ends(const struct picture_series *s, const struct picture_layout_scale *scale,
                          double begin, double length, double depth, double first, double last)
{
    double outline[7][2];
    const double along[7] = {
        first, last, scale->above ? length : last, last, first, scale->below ? 0 : first, first};
    const double across[7] = {0,         0,         scale->above ? BAR_THICK / 2 : 0,
                              BAR_THICK, BAR_THICK, scale->below ? BAR_THICK / 2 : BAR_THICK,
                              0};
    for (int i = 0; i < 7; i++)
        bar_point(outline[i], s, begin, length, depth, along[i], across[i]);
    for (int end = 0; end < 2; end++) {
        struct colormap_rgb c = colormap_at(scale->table, end);
        if (end == 0 ? scale->below : scale->above)
            canvas_polygon(s->canvas, (const double(*)[2])(outline + (end == 0 ? 4 : 1)), 3,
                           (struct canvas_colour){c.red / 255.0, c.green / 255.0, c.blue / 255.0});
    }
    canvas_polyline(s->canvas, (const double(*)[2])outline, 7, ink, 0.8, 0);
}

static void draw_bar(const struct picture_series *s, const struct picture_layout_bar *bar)
{
    const struct picture_layout_scale *scale = &s->scales[bar->scale];
    double begin, length;
    picture_layout_bar_extent(&begin, &length, s, bar);
    double first = scale->below * BAR_POINT, last = length - scale->above * BAR_POINT;
    double depth = s->side == BAR_RIGHT
                       ? panel_left(s, s->picture->columns - 1) + s->bars_x + BAR_GAP
                       : s->height - MARGIN - picture_layout_bars_depth(s) + BAR_GAP;
    draw_bar_colours(s, scale, begin, length, depth, first, last);
    draw_bar_ends(s, scale, begin, length, depth, first, last);
    for (int i = 0; i < bar->ticks.count; i++) {
        double share = (bar->ticks.values[i] - scale->low) / (scale->high - scale->low);
        double along = first + share * (last - first), from[2], to[2], label[2];
        double away = BAR_THICK + TICK + (s->side == BAR_RIGHT ? 3 : 3 + tick_font.size / 2);
        bar_point(from, s, begin, length, depth, along, BAR_THICK);
        bar_point(to, s, begin, length, depth, along, BAR_THICK + TICK);
        bar_point(label, s, begin, length, depth, along, away);
        draw_line(s, from[0], from[1], to[0], to[1]);
        canvas_text(s->canvas, label[0], label[1], bar->ticks.labels[i],
                    s->side == BAR_RIGHT ? 0 : 0.5, 0, &tick_font);
    }
    double away = BAR_THICK + TICK + 3 + LINE / 2 + 1 +
                  (s->side == BAR_RIGHT ? picture_layout_bar_ticks_width(s) : tick_font.size);
    double place[2];
    bar_point(place, s, begin, length, depth, length / 2, away);
    canvas_text(s->canvas, place[0], place[1], bar->label, 0.5, s->side == BAR_RIGHT, &label_font);
}

static void draw_header(const struct picture_series *s, int64_t frame)
{
    const struct picture *p = s->picture;
    draw_text(s->canvas, MARGIN, MARGIN + 8, p->title, 0, &title_font);
    draw_text(s->canvas, s->width - MARGIN, MARGIN + 8, picture_layout_time(s, frame), 1,
              &time_font);
    draw_text(s->canvas, MARGIN, MARGIN + s->title_line + 6, p->subtitle, 0, &subtitle_font);
}

static void draw_labels(const struct picture_series *s)
{
    const struct picture *p = s->picture;
    double y_axis = p->axes != PICTURE_AXES_NONE
                        ? TICK + 4 + picture_layout_widest_tick(s->canvas, &s->ticks_y) + LINE
                        : 0;
    for (int64_t i = 0; p->column_labels != NULL && i < p->columns; i++) {
        /* centred, or from the left end where it is wider than its panel */
        double wide = picture_layout_text_width(s->canvas, p->column_labels[i], &heading_font);
        double align = wide > s->panel_width ? 0 : 0.5;
        draw_text(s->canvas, panel_left(s, i) + align * s->panel_width, s->columns_y + LINE / 2,
                  p->column_labels[i], align, &heading_font);
    }
    for (int64_t i = 0; p->row_labels != NULL && i < p->rows; i++)
        draw_text(s->canvas, s->left - y_axis - GAP, panel_top(s, i) + s->panel_height / 2,
                  p->row_labels[i], 1, &heading_font);
}

/* A fresh page every time: pages do not depend on those before. */
static enum status draw_page(struct picture_series *s, int64_t frame)
{
    canvas_destroy(s->canvas);
    s->canvas = NULL;
    TRY(canvas_create(&s->canvas, s->width, s->height, s->zoom));
    draw_header(s, frame);
    draw_labels(s);
    for (int64_t row = 0; row < s->picture->rows; row++) {
        for (int64_t column = 0; column < s->picture->columns; column++)
            TRY(draw_panel(s, row, column, frame));
    }
    for (int64_t k = 0; k < s->bar_count; k++)
        draw_bar(s, &s->bars[k]);
    return OK;
}

enum status picture_series_create(struct picture_series **out, const struct picture *picture,
                                  const struct picture_frames *frames)
{
    enum status status = OK;
    struct picture_series *s = NULL;
    s = calloc(1, sizeof *s);
    if (s == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a picture");
    s->picture = picture;
    s->frames = frames;
    s->zoom = picture->zoom < 1 ? 2 : picture->zoom > ZOOM_MAX ? ZOOM_MAX : picture->zoom;
    TRY_GOTO(picture_layout_make(s), cleanup);
    TRY_GOTO(canvas_create(&s->canvas, s->width, s->height, s->zoom), cleanup);
    size_t pixels = (size_t)(s->panel_width * s->panel_height) * (size_t)(s->zoom * s->zoom);
    TRY_GOTO(ARRAY_NEW(s->pixels, 3 * pixels), cleanup);
    *out = s;
    s = NULL;
cleanup:
    picture_series_destroy(s);
    return status;
}

void picture_series_destroy(struct picture_series *series)
{
    if (series == NULL)
        return;
    canvas_destroy(series->canvas);
    array_free(series->scales);
    array_free(series->bars);
    array_free(series->pixels);
    free(series);
}

void picture_series_size(int64_t *width, int64_t *height, const struct picture_series *series)
{
    *width = (int64_t)ceil(series->width) * series->zoom;
    *height = (int64_t)ceil(series->height) * series->zoom;
}

void picture_series_range(double *low, double *high, const struct picture_series *series,
                          int64_t scale)
{
    *low = series->scales[scale].low;
    *high = series->scales[scale].high;
}

enum status picture_series_render(unsigned char *rgb, struct picture_series *series, int64_t frame)
{
    TRY(draw_page(series, frame));
    TRY(canvas_read(rgb, series->canvas));
    return OK;
}

enum status picture_write_png(const char *path, const struct picture *picture)
{
    enum status status = OK;
    struct picture_series *series = NULL;
    struct text png = {0};
    TRY_GOTO(picture_series_create(&series, picture, NULL), cleanup);
    TRY_GOTO(draw_page(series, 0), cleanup);
    TRY_GOTO(canvas_png(&png, series->canvas), cleanup);
    TRY_GOTO(atomic_file_write(path, png.data, png.length), cleanup);
cleanup:
    picture_series_destroy(series);
    text_fini(&png);
    return status;
}
