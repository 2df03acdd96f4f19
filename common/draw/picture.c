/* SPDX-License-Identifier: Apache-2.0
 *
 * Three passes: the range of every scale (over all frames), the layout (measure every text, then
 * place every box), the drawing. Lengths are page units, y down.
 *
 *   margin | row labels | y axis | panels of column 0 | gap | column 1 ... | bars of rows | margin
 *
 * and from above: title and time, subtitle, column labels, (panel titles, panels) of every row, x
 * axis, bars of columns. A scale that a whole row uses has its bar to the right of the rows that
 * share it; failing that, a scale that a whole column uses has its bar below. */
#include "picture.h"

#include "array.h"
#include "atomic_file.h"
#include "canvas.h"
#include "contour.h"
#include "field_raster.h"
#include "text.h"
#include "ticks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

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
static const double BAR_THICK = 12, BAR_GAP = 16, BAR_POINT = 9, BAR_LONGEST = 460;
static const double PAGE_WIDTH = 1000, CELL_MAX = 8, CELL_MIN = 1;
static const double TRIM = 0.002;

enum { BARS_MAX = 64, ZOOM_MAX = 4 };

enum bar_side { BAR_RIGHT, BAR_BELOW };

struct bar {
    int64_t scale;
    int64_t first, last; /* rows or columns it stands beside */
    char label[TEXT_LABEL_SIZE + TICKS_LABEL_SIZE + 4];
    double label_width, ticks_width;
    struct ticks ticks;
};

struct scale {
    double low, high;
    int below, above; /* values lie beyond the ends */
    struct colormap_rgb table[COLORMAP_SIZE];
};

struct picture_series {
    const struct picture *picture;
    const struct picture_frames *frames; /* NULL: one frame, the picture's own values */
    struct scale *scales;
    enum bar_side side;
    struct bar *bars;
    int64_t bar_count;
    struct ticks ticks_x, ticks_y;
    double panel_width, panel_height, pitch_x, pitch_y; /* pitch: from one panel to the next */
    double left, top;                                   /* of panel (0, 0) */
    double width, height;                               /* page */
    double title_line, columns_y, title_height, first_title_height;
    int zoom;
    struct canvas *canvas;
    unsigned char *pixels; /* of one panel */
};

static int64_t frame_count(const struct picture_series *s)
{
    return s->frames != NULL ? s->frames->count : 1;
}

static const float *values_of(const struct picture_series *s, int64_t frame, int64_t panel)
{
    if (s->frames == NULL)
        return s->picture->panels[panel].values;
    return s->frames->values[frame * s->picture->rows * s->picture->columns + panel];
}

static const char *time_of(const struct picture_series *s, int64_t frame)
{
    if (s->frames == NULL || s->frames->times == NULL)
        return s->picture->time;
    return s->frames->times[frame];
}

/* ---- ranges ---- */

/* Fields and distances of all panels and frames that use a scale. */
static int64_t gather(const float **fields, const float **sdfs, const struct picture_series *s,
                      int64_t scale)
{
    const struct picture *p = s->picture;
    int64_t count = 0;
    for (int64_t frame = 0; frame < frame_count(s); frame++) {
        for (int64_t panel = 0; panel < p->rows * p->columns; panel++) {
            if (p->panels[panel].scale != scale)
                continue;
            fields[count] = values_of(s, frame, panel);
            sdfs[count++] = p->panels[panel].sdf;
        }
    }
    return count;
}

static void choose_range(struct scale *out, const struct picture_scale *wanted, double least,
                         double most, double low, double high)
{
    if (wanted->limits == PICTURE_FIXED) {
        low = wanted->low;
        high = wanted->high;
    } else if (wanted->map == COLORMAP_DIVERGING) {
        double reach = fmax(fabs(low - wanted->middle), fabs(high - wanted->middle));
        low = wanted->middle - reach;
        high = wanted->middle + reach;
    }
    double slack = 1e-6 * fmax(fabs(low), fabs(high)); /* float32 rounding is no range */
    if (!(high - low > slack)) {
        double middle = (low + high) / 2, reach = middle != 0 ? 0.1 * fabs(middle) : 1;
        low = middle - reach;
        high = middle + reach;
    }
    out->low = low;
    out->high = high;
    double beyond = 1e-6 * (high - low);
    out->below = least < low - beyond;
    out->above = most > high + beyond;
}

static enum status find_ranges(struct picture_series *s)
{
    enum status status = OK;
    const struct picture *p = s->picture;
    int64_t cells = p->nx * p->ny, most = frame_count(s) * p->rows * p->columns;
    const float **fields = NULL, **sdfs = NULL;
    TRY_GOTO(ARRAY_NEW(s->scales, p->scale_count), cleanup);
    TRY_GOTO(ARRAY_NEW(fields, most), cleanup);
    TRY_GOTO(ARRAY_NEW(sdfs, most), cleanup);
    for (int64_t k = 0; k < p->scale_count; k++) {
        const struct picture_scale *wanted = &p->scales[k];
        int64_t count = gather(fields, sdfs, s, k);
        double least, greatest, low, high;
        double trim = wanted->limits == PICTURE_ROBUST ? TRIM : 0;
        field_raster_range(&least, &greatest, fields, sdfs, count, cells, 0);
        field_raster_range(&low, &high, fields, sdfs, count, cells, trim);
        choose_range(&s->scales[k], wanted, least, greatest, low, high);
        colormap_fill(s->scales[k].table, wanted->map);
    }
cleanup:
    array_free(fields);
    array_free(sdfs);
    return status;
}

/* ---- what stands where ---- */

static int64_t panel_scale(const struct picture *p, int64_t row, int64_t column)
{
    return p->panels[row * p->columns + column].scale;
}

static int same_along_rows(const struct picture *p)
{
    for (int64_t row = 0; row < p->rows; row++) {
        for (int64_t column = 1; column < p->columns; column++) {
            if (panel_scale(p, row, column) != panel_scale(p, row, 0))
                return 0;
        }
    }
    return 1;
}

static int same_along_columns(const struct picture *p)
{
    for (int64_t column = 0; column < p->columns; column++) {
        for (int64_t row = 1; row < p->rows; row++) {
            if (panel_scale(p, row, column) != panel_scale(p, 0, column))
                return 0;
        }
    }
    return 1;
}

static enum status check(const struct picture *p)
{
    if (p->nx < 2 || p->ny < 2 || p->rows < 1 || p->columns < 1 || p->scale_count < 1)
        return FAIL(ERR_INTERNAL,
                    "a picture needs 2 x 2 cells, one panel and one scale at least, not "
                    "%lld x %lld cells, %lld x %lld panels, %lld scales",
                    (long long)p->nx, (long long)p->ny, (long long)p->rows, (long long)p->columns,
                    (long long)p->scale_count);
    for (int64_t panel = 0; panel < p->rows * p->columns; panel++) {
        if (p->panels[panel].scale < 0 || p->panels[panel].scale >= p->scale_count)
            return FAIL(ERR_INTERNAL, "panel %lld of a picture has no scale %lld", (long long)panel,
                        (long long)p->panels[panel].scale);
    }
    for (int64_t k = 0; k < p->scale_count; k++) {
        const struct picture_scale *scale = &p->scales[k];
        if (scale->limits == PICTURE_FIXED &&
            !(isfinite(scale->low) && isfinite(scale->high) && scale->low < scale->high))
            return FAIL(ERR_INTERNAL, "a picture's scale runs from %g to %g", scale->low,
                        scale->high);
    }
    if (!same_along_rows(p) && !same_along_columns(p))
        return FAIL(ERR_INTERNAL, "a picture's rows or its columns must use one scale throughout");
    return OK;
}

/* One bar for every run of neighbouring rows (columns) with the same scale. */
static enum status place_bars(struct picture_series *s)
{
    const struct picture *p = s->picture;
    s->side = same_along_rows(p) ? BAR_RIGHT : BAR_BELOW;
    int64_t count = s->side == BAR_RIGHT ? p->rows : p->columns;
    TRY(ARRAY_NEW(s->bars, count));
    for (int64_t i = 0; i < count; i++) {
        int64_t scale = s->side == BAR_RIGHT ? panel_scale(p, i, 0) : panel_scale(p, 0, i);
        if (s->bar_count > 0 && s->bars[s->bar_count - 1].scale == scale)
            s->bars[s->bar_count - 1].last = i;
        else
            s->bars[s->bar_count++] = (struct bar){.scale = scale, .first = i, .last = i};
    }
    return OK;
}

static double text_width_of(struct canvas *canvas, const char *words,
                            const struct canvas_font *font)
{
    char clean[TEXT_LABEL_SIZE];
    return canvas_text_width(canvas, text_clean(clean, sizeof clean, words), font);
}

static void draw_text(struct canvas *canvas, double x, double y, const char *words, double align,
                      const struct canvas_font *font)
{
    char clean[TEXT_LABEL_SIZE];
    canvas_text(canvas, x, y, text_clean(clean, sizeof clean, words), align, 0, font);
}

static double widest_tick(struct canvas *canvas, const struct ticks *ticks)
{
    double width = 0;
    for (int i = 0; i < ticks->count; i++)
        width = fmax(width, canvas_text_width(canvas, ticks->labels[i], &tick_font));
    return width;
}

/* As many ticks as fit along `length`: upright labels side by side, or one above the other. */
static void fit_ticks(struct ticks *out, struct canvas *canvas, double low, double high,
                      double length, int horizontal)
{
    int wanted = (int)fmin(fmax(length / (horizontal ? 42 : 34), 2), 8);
    for (;; wanted--) {
        ticks_choose(out, low, high, wanted);
        double room = horizontal ? widest_tick(canvas, out) + 8 : tick_font.size + 4;
        double apart =
            out->count > 1 ? (out->values[1] - out->values[0]) / (high - low) * length : length;
        if (apart >= room || wanted <= 2)
            break;
    }
}

/* From page to axis: the value at a distance in cells from the canvas corner. */
static double axis_value(const struct picture *p, double cells, double origin)
{
    return p->axes == PICTURE_AXES_LENGTH ? (cells - origin) / p->length : cells;
}

static double axis_cells(const struct picture *p, double value, double origin)
{
    return p->axes == PICTURE_AXES_LENGTH ? value * p->length + origin : value;
}

static void choose_panel_size(struct picture_series *s)
{
    const struct picture *p = s->picture;
    double cell = p->cell;
    if (!(cell > 0)) {
        cell = PAGE_WIDTH / (double)(p->columns * p->nx);
        cell = fmin(cell, PAGE_WIDTH * 0.6 / (double)p->ny);
        cell = fmin(fmax(floor(2 * cell) / 2, CELL_MIN), CELL_MAX);
    }
    s->panel_width = fmax(round(cell * (double)p->nx), 1);
    s->panel_height = fmax(round(cell * (double)p->ny), 1);
}

static void measure_axes(struct picture_series *s)
{
    const struct picture *p = s->picture;
    if (p->axes == PICTURE_AXES_NONE)
        return;
    fit_ticks(&s->ticks_x, s->canvas, axis_value(p, 0, p->origin_x),
              axis_value(p, (double)p->nx, p->origin_x), s->panel_width, 1);
    fit_ticks(&s->ticks_y, s->canvas, axis_value(p, 0, p->origin_y),
              axis_value(p, (double)p->ny, p->origin_y), s->panel_height, 0);
}

/* Title and note, side by side above a panel. */
static double panel_texts_width(struct canvas *canvas, const struct picture_panel *panel)
{
    double title = text_width_of(canvas, panel->title, &panel_font);
    double note = text_width_of(canvas, panel->note, &note_font);
    return title + note + (title > 0 && note > 0 ? GAP : 0);
}

/* The gap between neighbouring panels, wide enough for titles, tick labels and bar labels. */
static void measure_pitch(struct picture_series *s)
{
    const struct picture *p = s->picture;
    double widest = s->panel_width;
    int has_titles = 0, first_has = 0;
    for (int64_t panel = 0; panel < p->rows * p->columns; panel++) {
        const struct picture_panel *q = &p->panels[panel];
        double texts = panel_texts_width(s->canvas, q);
        widest = fmax(widest, texts);
        has_titles |= texts > 0;
        first_has |= texts > 0 && panel < p->columns;
    }
    for (int64_t i = 0; p->column_labels != NULL && i < p->columns; i++)
        widest = fmax(widest, text_width_of(s->canvas, p->column_labels[i], &heading_font));
    widest = fmax(widest, s->panel_width + widest_tick(s->canvas, &s->ticks_x) - GAP + 4);
    s->title_height = has_titles ? LINE : 0;
    s->first_title_height = first_has ? LINE : 0;
    s->pitch_x = ceil(widest + GAP);
    s->pitch_y = s->panel_height + s->title_height + GAP;
}

/* Where a bar begins and how long it is, along its row or column. */
static void bar_extent(double *begin, double *length, const struct picture_series *s,
                       const struct bar *bar)
{
    double pitch = s->side == BAR_RIGHT ? s->pitch_y : s->pitch_x;
    double side = s->side == BAR_RIGHT ? s->panel_height : s->panel_width;
    double start = s->side == BAR_RIGHT ? s->top : s->left;
    double whole = (double)(bar->last - bar->first) * pitch + side;
    *length = fmin(whole, BAR_LONGEST);
    *begin = start + (double)bar->first * pitch + (whole - *length) / 2;
}

/* Ticks and label of every bar; the pitch grows where a label is longer than its bar's place. */
static void measure_bars(struct picture_series *s)
{
    for (int64_t k = 0; k < s->bar_count; k++) {
        struct bar *bar = &s->bars[k];
        const struct scale *scale = &s->scales[bar->scale];
        double begin, length;
        bar_extent(&begin, &length, s, bar);
        length -= BAR_POINT * (scale->below + scale->above);
        fit_ticks(&bar->ticks, s->canvas, scale->low, scale->high, length, s->side == BAR_BELOW);
        bar->ticks_width = widest_tick(s->canvas, &bar->ticks);
        char clean[TEXT_LABEL_SIZE];
        text_clean(clean, sizeof clean, s->picture->scales[bar->scale].label);
        snprintf(bar->label, sizeof bar->label, "%s%s%s", clean,
                 clean[0] != '\0' && bar->ticks.factor[0] != '\0' ? "  " : "", bar->ticks.factor);
        bar->label_width = canvas_text_width(s->canvas, bar->label, &label_font);
        double *pitch = s->side == BAR_RIGHT ? &s->pitch_y : &s->pitch_x;
        double share = (bar->label_width + GAP) / (double)(bar->last - bar->first + 1);
        *pitch = fmax(*pitch, ceil(share));
    }
}

static double bar_ticks_width(const struct picture_series *s)
{
    double width = 0;
    for (int64_t k = 0; k < s->bar_count; k++)
        width = fmax(width, s->bars[k].ticks_width);
    return width;
}

static double bars_depth(const struct picture_series *s)
{
    double depth = 0;
    for (int64_t k = 0; k < s->bar_count; k++) {
        const struct bar *bar = &s->bars[k];
        double label = bar->label_width > 0 ? LINE : 0;
        double ticks = s->side == BAR_RIGHT ? bar_ticks_width(s) : tick_font.size;
        depth = fmax(depth, BAR_GAP + BAR_THICK + TICK + 3 + ticks + label);
    }
    return depth;
}

static double header_width(struct picture_series *s, double *height)
{
    const struct picture *p = s->picture;
    double time = 0;
    for (int64_t frame = 0; frame < frame_count(s); frame++)
        time = fmax(time, text_width_of(s->canvas, time_of(s, frame), &time_font));
    double title = text_width_of(s->canvas, p->title, &title_font);
    double subtitle = text_width_of(s->canvas, p->subtitle, &subtitle_font);
    s->title_line = title > 0 || time > 0 ? 26 : 0;
    *height = s->title_line + (subtitle > 0 ? 20 : 0);
    return fmax(title + time + (title > 0 && time > 0 ? 2 * GAP : 0), subtitle);
}

static double row_labels_width(struct picture_series *s)
{
    double width = 0;
    for (int64_t i = 0; s->picture->row_labels != NULL && i < s->picture->rows; i++)
        width =
            fmax(width, text_width_of(s->canvas, s->picture->row_labels[i], &heading_font) + GAP);
    return width;
}

/* A bar's label may be longer than all it stands beside: the page grows at both ends. */
static void make_room_for_labels(struct picture_series *s)
{
    int right = s->side == BAR_RIGHT;
    double first = right ? s->columns_y : MARGIN;
    double last = (right ? s->height : s->width) - MARGIN;
    double before = 0, after = 0;
    for (int64_t k = 0; k < s->bar_count; k++) {
        double begin, length, half = s->bars[k].label_width / 2;
        bar_extent(&begin, &length, s, &s->bars[k]);
        before = fmax(before, ceil(first - (begin + length / 2 - half)));
        after = fmax(after, ceil(begin + length / 2 + half - last));
    }
    s->columns_y += right ? before : 0;
    s->top += right ? before : 0;
    s->height += right ? before + after : 0;
    s->left += right ? 0 : before;
    s->width += right ? 0 : before + after;
}

static void lay_out(struct picture_series *s)
{
    const struct picture *p = s->picture;
    choose_panel_size(s);
    measure_axes(s);
    measure_pitch(s);
    measure_bars(s);
    double header, header_wide = header_width(s, &header);
    double axes = p->axes != PICTURE_AXES_NONE;
    double y_axis = axes * (TICK + 4 + widest_tick(s->canvas, &s->ticks_y) + LINE);
    double x_axis = axes * (TICK + 4 + tick_font.size + LINE);
    double overhang = widest_tick(s->canvas, &s->ticks_x) / 2;
    double beside = row_labels_width(s) + y_axis;
    double last_wide = fmax(s->pitch_x - GAP, s->panel_width + overhang);
    double grid = (double)(p->columns - 1) * s->pitch_x + last_wide;
    double right = s->side == BAR_RIGHT ? bars_depth(s) - (last_wide - s->panel_width) : 0;
    double content = beside + grid + fmax(right, 0);
    double centred = fmax((header_wide - content) / 2, 0);
    s->left = ceil(MARGIN + beside + centred);
    s->width = ceil(2 * MARGIN + fmax(content, header_wide));
    s->columns_y = MARGIN + header;
    s->top = ceil(s->columns_y + (p->column_labels != NULL ? LINE + 2 : 0) + s->first_title_height);
    double below = s->side == BAR_BELOW ? bars_depth(s) : 0;
    s->height = ceil(s->top + (double)(p->rows - 1) * s->pitch_y + s->panel_height + x_axis +
                     below + MARGIN);
    make_room_for_labels(s);
}

/* ---- drawing ---- */

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
    const struct scale *scale = &s->scales[panel->scale];
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

static enum status draw_field(struct picture_series *s, const struct picture_panel *panel,
                              const float *values, double x, double y)
{
    enum status status = OK;
    const struct picture *p = s->picture;
    const struct scale *scale = &s->scales[panel->scale];
    struct field_raster raster = {
        .nx = p->nx,
        .ny = p->ny,
        .values = values,
        .sdf = panel->sdf,
        .low = scale->low,
        .high = scale->high,
        .table = scale->table,
        .sampling = p->sampling == PICTURE_SMOOTH ? FIELD_RASTER_SMOOTH : FIELD_RASTER_NEAREST,
    };
    int64_t width = llround(s->panel_width * s->zoom), height = llround(s->panel_height * s->zoom);
    TRY(field_raster_fill(s->pixels, width, height, &raster));
    canvas_image(s->canvas, s->pixels, width, height, x, y);
    canvas_clip(s->canvas, x, y, s->panel_width, s->panel_height);
    TRY_GOTO(draw_contours(s, panel, values, x, y), cleanup);
    if (panel->sdf != NULL)
        TRY_GOTO(draw_iso_line(s, panel->sdf, 0, x, y, ink, 1.2, 0), cleanup);
cleanup:
    canvas_unclip(s->canvas);
    return status;
}

static void draw_ticks_x(const struct picture_series *s, double x, double y, int labelled)
{
    for (int i = 0; i < s->ticks_x.count; i++) {
        double cells = axis_cells(s->picture, s->ticks_x.values[i], s->picture->origin_x);
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
        double cells = axis_cells(s->picture, s->ticks_y.values[i], s->picture->origin_y);
        double at = y + s->panel_height * (1 - cells / (double)s->picture->ny);
        draw_line(s, x - TICK, at, x, at);
        if (labelled)
            canvas_text(s->canvas, x - TICK - 4, at, s->ticks_y.labels[i], 1, 0, &tick_font);
    }
    if (labelled) {
        double ticks = widest_tick(s->canvas, &s->ticks_y);
        canvas_text(s->canvas, x - TICK - 4 - ticks - LINE / 2, y + s->panel_height / 2,
                    s->picture->axes == PICTURE_AXES_LENGTH ? "y / D" : "y (cells)", 0.5, 1,
                    &label_font);
    }
}

/* Nothing of ours stands below or to the left of this panel. */
static int is_lowest(const struct picture_series *s, int64_t row, int64_t column, int64_t frame)
{
    const struct picture *p = s->picture;
    return row + 1 == p->rows || values_of(s, frame, (row + 1) * p->columns + column) == NULL;
}

static enum status draw_panel(struct picture_series *s, int64_t row, int64_t column, int64_t frame)
{
    const struct picture *p = s->picture;
    int64_t index = row * p->columns + column;
    const struct picture_panel *panel = &p->panels[index];
    const float *values = values_of(s, frame, index);
    double x = panel_left(s, column), y = panel_top(s, row);
    if (values == NULL)
        return OK;
    TRY(draw_field(s, panel, values, x, y));
    draw_box(s, x, y, s->panel_width, s->panel_height);
    draw_text(s->canvas, x, y - LINE / 2, panel->title, 0, &panel_font);
    draw_text(s->canvas, x + fmax(s->panel_width, panel_texts_width(s->canvas, panel)),
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
static void draw_bar_colours(const struct picture_series *s, const struct scale *scale,
                             double begin, double length, double depth, double first, double last)
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
static void draw_bar_ends(const struct picture_series *s, const struct scale *scale, double begin,
                          double length, double depth, double first, double last)
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

static void draw_bar(const struct picture_series *s, const struct bar *bar)
{
    const struct scale *scale = &s->scales[bar->scale];
    double begin, length;
    bar_extent(&begin, &length, s, bar);
    double first = scale->below * BAR_POINT, last = length - scale->above * BAR_POINT;
    double depth = s->side == BAR_RIGHT
                       ? panel_left(s, s->picture->columns - 1) + s->panel_width + BAR_GAP
                       : s->height - MARGIN - bars_depth(s) + BAR_GAP;
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
                  (s->side == BAR_RIGHT ? bar_ticks_width(s) : tick_font.size);
    double place[2];
    bar_point(place, s, begin, length, depth, length / 2, away);
    canvas_text(s->canvas, place[0], place[1], bar->label, 0.5, s->side == BAR_RIGHT, &label_font);
}

static void draw_header(const struct picture_series *s, int64_t frame)
{
    const struct picture *p = s->picture;
    draw_text(s->canvas, MARGIN, MARGIN + 8, p->title, 0, &title_font);
    draw_text(s->canvas, s->width - MARGIN, MARGIN + 8, time_of(s, frame), 1, &time_font);
    draw_text(s->canvas, MARGIN, MARGIN + s->title_line + 6, p->subtitle, 0, &subtitle_font);
}

static void draw_labels(const struct picture_series *s)
{
    const struct picture *p = s->picture;
    double y_axis =
        p->axes != PICTURE_AXES_NONE ? TICK + 4 + widest_tick(s->canvas, &s->ticks_y) + LINE : 0;
    for (int64_t i = 0; p->column_labels != NULL && i < p->columns; i++) {
        /* centred, or from the left end where it is wider than its panel */
        double wide = text_width_of(s->canvas, p->column_labels[i], &heading_font);
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

/* ---- the module's functions ---- */

enum status picture_series_create(struct picture_series **out, const struct picture *picture,
                                  const struct picture_frames *frames)
{
    enum status status = OK;
    struct picture_series *s = NULL;
    TRY(check(picture));
    s = calloc(1, sizeof *s);
    if (s == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a picture");
    s->picture = picture;
    s->frames = frames;
    s->zoom = picture->zoom < 1 ? 2 : picture->zoom > ZOOM_MAX ? ZOOM_MAX : picture->zoom;
    TRY_GOTO(find_ranges(s), cleanup);
    TRY_GOTO(place_bars(s), cleanup);
    TRY_GOTO(canvas_create(&s->canvas, 1, 1, 1), cleanup);
    lay_out(s);
    canvas_destroy(s->canvas);
    s->canvas = NULL;
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
