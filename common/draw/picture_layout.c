/* SPDX-License-Identifier: Apache-2.0
 *
 * First the range of every scale, over all frames; then every text is measured and every box
 * placed:
 *
 *   margin | row labels | y axis | panels of column 0 | gap | column 1 ... | bars of rows | margin
 *
 * and from above: title and time, subtitle, column labels, (panel titles, panels) of every row, x
 * axis, bars of columns. A scale that a whole row uses has its bar to the right of the rows that
 * share it; failing that, a scale that a whole column uses has its bar below. */
#include "picture_layout.h"

#include "array.h"
#include "field_raster.h"
#include "text.h"

#include <math.h>
#include <stdio.h>

static const double PAGE_WIDTH = 1000, CELL_MAX = 8, CELL_MIN = 1, BAR_LONGEST = 460;
static const double TRIM = 0.002;

int64_t picture_layout_frames(const struct picture_series *s)
{
    return s->frames != NULL ? s->frames->count : 1;
}

const float *picture_layout_values(const struct picture_series *s, int64_t frame, int64_t panel)
{
    if (s->frames == NULL)
        return s->picture->panels[panel].values;
    return s->frames->values[frame * s->picture->rows * s->picture->columns + panel];
}

struct picture_panel picture_layout_panel(const struct picture_series *s, int64_t frame,
                                          int64_t panel)
{
    struct picture_panel shown = s->picture->panels[panel];
    if (s->frames != NULL && s->frames->bodies != NULL) {
        shown.sdf = s->frames->bodies[frame].sdf;
        shown.outlines = s->frames->bodies[frame].outlines;
    }
    return shown;
}

const char *picture_layout_time(const struct picture_series *s, int64_t frame)
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
    for (int64_t frame = 0; frame < picture_layout_frames(s); frame++) {
        for (int64_t panel = 0; panel < p->rows * p->columns; panel++) {
            if (p->panels[panel].scale != scale)
                continue;
            fields[count] = picture_layout_values(s, frame, panel);
            sdfs[count++] = picture_layout_panel(s, frame, panel).sdf;
        }
    }
    return count;
}

static void choose_range(struct picture_layout_scale *out, const struct picture_scale *wanted,
                         double least, double most, double low, double high)
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
    int64_t cells = p->nx * p->ny, most = picture_layout_frames(s) * p->rows * p->columns;
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
            s->bars[s->bar_count++] =
                (struct picture_layout_bar){.scale = scale, .first = i, .last = i};
    }
    return OK;
}

double picture_layout_text_width(struct canvas *canvas, const char *words,
                                 const struct canvas_font *font)
{
    char clean[TEXT_LABEL_SIZE];
    return canvas_text_width(canvas, text_clean(clean, sizeof clean, words), font);
}

double picture_layout_widest_tick(struct canvas *canvas, const struct ticks *ticks)
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
        double room = horizontal ? picture_layout_widest_tick(canvas, out) + 8 : tick_font.size + 4;
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

double picture_layout_axis_cells(const struct picture *p, double value, double origin)
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
double picture_layout_panel_texts(struct canvas *canvas, const struct picture_panel *panel)
{
    double title = picture_layout_text_width(canvas, panel->title, &panel_font);
    double note = picture_layout_text_width(canvas, panel->note, &note_font);
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
        double texts = picture_layout_panel_texts(s->canvas, q);
        widest = fmax(widest, texts);
        has_titles |= texts > 0;
        first_has |= texts > 0 && panel < p->columns;
    }
    for (int64_t i = 0; p->column_labels != NULL && i < p->columns; i++)
        widest =
            fmax(widest, picture_layout_text_width(s->canvas, p->column_labels[i], &heading_font));
    widest =
        fmax(widest, s->panel_width + picture_layout_widest_tick(s->canvas, &s->ticks_x) - GAP + 4);
    s->title_height = has_titles ? LINE : 0;
    s->first_title_height = first_has ? LINE : 0;
    s->pitch_x = ceil(widest + GAP);
    s->pitch_y = s->panel_height + s->title_height + GAP;
}

/* Where a bar begins and how long it is, along its row or column. */
void picture_layout_bar_extent(double *begin, double *length, const struct picture_series *s,
                               const struct picture_layout_bar *bar)
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
        struct picture_layout_bar *bar = &s->bars[k];
        const struct picture_layout_scale *scale = &s->scales[bar->scale];
        double begin, length;
        picture_layout_bar_extent(&begin, &length, s, bar);
        length -= BAR_POINT * (scale->below + scale->above);
        fit_ticks(&bar->ticks, s->canvas, scale->low, scale->high, length, s->side == BAR_BELOW);
        bar->ticks_width = picture_layout_widest_tick(s->canvas, &bar->ticks);
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

double picture_layout_bar_ticks_width(const struct picture_series *s)
{
    double width = 0;
    for (int64_t k = 0; k < s->bar_count; k++)
        width = fmax(width, s->bars[k].ticks_width);
    return width;
}

double picture_layout_bars_depth(const struct picture_series *s)
{
    double depth = 0;
    for (int64_t k = 0; k < s->bar_count; k++) {
        const struct picture_layout_bar *bar = &s->bars[k];
        double label = bar->label_width > 0 ? LINE : 0;
        double ticks = s->side == BAR_RIGHT ? picture_layout_bar_ticks_width(s) : tick_font.size;
        depth = fmax(depth, BAR_GAP + BAR_THICK + TICK + 3 + ticks + label);
    }
    return depth;
}

static double header_width(struct picture_series *s, double *height)
{
    const struct picture *p = s->picture;
    double time = 0;
    for (int64_t frame = 0; frame < picture_layout_frames(s); frame++)
        time = fmax(
            time, picture_layout_text_width(s->canvas, picture_layout_time(s, frame), &time_font));
    double title = picture_layout_text_width(s->canvas, p->title, &title_font);
    double subtitle = picture_layout_text_width(s->canvas, p->subtitle, &subtitle_font);
    s->title_line = title > 0 || time > 0 ? 26 : 0;
    *height = s->title_line + (subtitle > 0 ? 20 : 0);
    return fmax(title + time + (title > 0 && time > 0 ? 2 * GAP : 0), subtitle);
}

static double row_labels_width(struct picture_series *s)
{
    double width = 0;
    for (int64_t i = 0; s->picture->row_labels != NULL && i < s->picture->rows; i++)
        width = fmax(
            width,
            picture_layout_text_width(s->canvas, s->picture->row_labels[i], &heading_font) + GAP);
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
        picture_layout_bar_extent(&begin, &length, s, &s->bars[k]);
        before = fmax(before, ceil(first - (begin + length / 2 - half)));
        after = fmax(after, ceil(begin + length / 2 + half - last));
    }
    s->columns_y += right ? before : 0;
    s->top += right ? before : 0;
    s->height += right ? before + after : 0;
    s->left += right ? 0 : before;
    s->width += right ? 0 : before + after;
}

/* How wide the last column is where bars stand beside it: texts above panels of a bar's later rows
 * may be wider than the panels. Those above its first row stand above the bar too. */
static double measure_last_column(const struct picture_series *s)
{
    const struct picture *p = s->picture;
    double width = s->panel_width;
    for (int64_t k = 0; s->side == BAR_RIGHT && k < s->bar_count; k++)
        for (int64_t row = s->bars[k].first + 1; row <= s->bars[k].last; row++)
            width = fmax(width, picture_layout_panel_texts(s->canvas,
                                                           &p->panels[(row + 1) * p->columns - 1]));
    return width;
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
    double y_axis = axes * (TICK + 4 + picture_layout_widest_tick(s->canvas, &s->ticks_y) + LINE);
    double x_axis = axes * (TICK + 4 + tick_font.size + LINE);
    double overhang = picture_layout_widest_tick(s->canvas, &s->ticks_x) / 2;
    double beside = row_labels_width(s) + y_axis;
    s->bars_x = measure_last_column(s);
    double last_wide = fmax(s->pitch_x - GAP, s->panel_width + overhang);
    double grid = (double)(p->columns - 1) * s->pitch_x + last_wide;
    double right =
        s->side == BAR_RIGHT ? picture_layout_bars_depth(s) - (last_wide - s->bars_x) : 0;
    double content = beside + grid + fmax(right, 0);
    double centred = fmax((header_wide - content) / 2, 0);
    s->left = ceil(MARGIN + beside + centred);
    s->width = ceil(2 * MARGIN + fmax(content, header_wide));
    s->columns_y = MARGIN + header;
    s->top = ceil(s->columns_y + (p->column_labels != NULL ? LINE + 2 : 0) + s->first_title_height);
    double below = s->side == BAR_BELOW ? picture_layout_bars_depth(s) : 0;
    s->height = ceil(s->top + (double)(p->rows - 1) * s->pitch_y + s->panel_height + x_axis +
                     below + MARGIN);
    make_room_for_labels(s);
}

enum status picture_layout_make(struct picture_series *s)
{
    TRY(check(s->picture));
    TRY(find_ranges(s));
    TRY(place_bars(s));
    TRY(canvas_create(&s->canvas, 1, 1, 1)); /* to measure with */
    lay_out(s);
    canvas_destroy(s->canvas);
    s->canvas = NULL;
    return OK;
}
