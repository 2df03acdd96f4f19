/* SPDX-License-Identifier: Apache-2.0 */
#include "histogram_picture.h"

#include "atomic_file.h"
#include "canvas.h"
#include "text.h"
#include "ticks.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double MARGIN = 20, PLOT_WIDTH = 280, PLOT_HEIGHT = 130;
static const double LEFT = 46, RIGHT = 22, ABOVE = 34, BELOW = 34; /* around a panel's plot */
static const double WORD_SHARE = 0.45; /* of a panel's width that words may take */
static const double BAR_HEIGHT = 13, TICK = 4;

enum { LINES = 9 }; /* words that fit into a panel */

static const struct canvas_colour ink = {0.10, 0.10, 0.10}, grid = {0.88, 0.88, 0.88};
static const struct canvas_font page_font = {15, CANVAS_BOLD, {0.10, 0.10, 0.10}};
static const struct canvas_font small_font = {12, CANVAS_REGULAR, {0.35, 0.35, 0.35}};
static const struct canvas_font panel_font = {12.5, CANVAS_BOLD, {0.10, 0.10, 0.10}};
static const struct canvas_font tick_font = {11, CANVAS_REGULAR, {0.20, 0.20, 0.20}};

/* From dark to light, so that they can be told apart in grey. */
static const struct canvas_colour colours[HISTOGRAM_PICTURE_GROUPS] = {{0.06, 0.17, 0.33},
                                                                       {0.20, 0.45, 0.66},
                                                                       {0.85, 0.47, 0.17},
                                                                       {0.60, 0.79, 0.87},
                                                                       {0.98, 0.90, 0.68}};

/* One panel while it is drawn; the plot's corner and size in page units. */
struct plot {
    struct canvas *canvas;
    const struct histogram *h;
    double left, top, width, height;
};

static void draw_text(struct canvas *canvas, double x, double y, const char *words, double align,
                      const struct canvas_font *font)
{
    char clean[TEXT_LABEL_SIZE];
    if (words != NULL)
        canvas_text(canvas, x, y, text_clean(clean, sizeof clean, words), align, 0, font);
}

static void draw_line(struct canvas *canvas, double x0, double y0, double x1, double y1,
                      struct canvas_colour colour)
{
    const double points[2][2] = {{x0, y0}, {x1, y1}};
    canvas_polyline(canvas, points, 2, colour, 0.8, 0);
}

static void draw_bar(struct canvas *canvas, double x, double y, double width, double height,
                     struct canvas_colour colour)
{
    const double points[5][2] = {
        {x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}, {x, y}};
    canvas_polygon(canvas, points, 4, colour);
    canvas_polyline(canvas, points, 5, ink, 0.6, 0);
}

static double largest(const struct histogram *h)
{
    int64_t most = 1;
    for (int64_t bin = 0; bin < h->bins; bin++) {
        int64_t total = histogram_total(h, bin);
        most = total > most ? total : most;
    }
    return (double)most;
}

/* Counts are whole: ticks between them are left out. */
static void choose_counts(struct ticks *out, double most)
{
    struct ticks all;
    ticks_choose(&all, 0, most, most < 5 ? (int)fmax(most, 2) : 5);
    *out = all;
    out->count = 0;
    for (int i = 0; i < all.count; i++) {
        if (fabs(all.values[i] - round(all.values[i])) > 1e-9)
            continue;
        out->values[out->count] = all.values[i];
        memcpy(out->labels[out->count++], all.labels[i], sizeof all.labels[i]);
    }
}

/* ---- numbers: upright bars ---- */

static void draw_counts(const struct plot *plot, double most)
{
    struct ticks ticks;
    choose_counts(&ticks, most);
    for (int i = 0; i < ticks.count; i++) {
        double y = plot->top + plot->height * (1 - ticks.values[i] / most);
        draw_line(plot->canvas, plot->left, y, plot->left + plot->width, y, grid);
        draw_text(plot->canvas, plot->left - TICK - 2, y, ticks.labels[i], 1, &tick_font);
    }
    draw_text(plot->canvas, plot->left, plot->top - 8, ticks.factor, 1, &tick_font);
}

static void draw_numbers_axis(const struct plot *plot)
{
    struct ticks ticks;
    const struct histogram *h = plot->h;
    double bottom = plot->top + plot->height, end = plot->left + plot->width;
    ticks_choose(&ticks, h->low, h->high, 5);
    draw_line(plot->canvas, plot->left, bottom, end, bottom, ink);
    for (int i = 0; i < ticks.count; i++) {
        double x = plot->left + plot->width * (ticks.values[i] - h->low) / (h->high - h->low);
        draw_line(plot->canvas, x, bottom, x, bottom + TICK, ink);
        draw_text(plot->canvas, x, bottom + TICK + 9, ticks.labels[i], 0.5, &tick_font);
    }
    if (ticks.factor[0] != '\0')
        draw_text(plot->canvas, end, bottom + TICK + 22, ticks.factor, 1, &tick_font);
}

/* All values are one: a bar that spans the axis would tell of a range. */
static void draw_value_axis(const struct plot *plot)
{
    char label[32];
    double middle = plot->left + plot->width / 2, bottom = plot->top + plot->height;
    draw_line(plot->canvas, plot->left, bottom, plot->left + plot->width, bottom, ink);
    snprintf(label, sizeof label, "%.4g", (plot->h->low + plot->h->high) / 2);
    draw_text(plot->canvas, middle, bottom + TICK + 9, label, 0.5, &tick_font);
}

static void draw_stack(const struct plot *plot, int64_t bin, double x, double width, double most)
{
    double y = plot->top + plot->height;
    for (int64_t g = 0; g < plot->h->groups; g++) {
        double height = plot->height * (double)plot->h->counts[g][bin] / most;
        if (plot->h->counts[g][bin] > 0)
            draw_bar(plot->canvas, x, y - height, width, height, colours[g]);
        y -= height;
    }
}

static void draw_numbers(const struct plot *plot)
{
    double most = largest(plot->h), width = plot->width / (double)plot->h->bins;
    draw_counts(plot, most);
    if (plot->h->bins == 1) {
        draw_stack(plot, 0, plot->left + 0.45 * plot->width, 0.1 * plot->width, most);
        draw_value_axis(plot);
        return;
    }
    for (int64_t bin = 0; bin < plot->h->bins; bin++)
        draw_stack(plot, bin, plot->left + (double)bin * width, width, most);
    draw_numbers_axis(plot);
}

/* ---- words: lying bars ---- */

/* A label cut to a width, with an ellipsis. Returns its width. */
static double fit(char *out, size_t size, struct canvas *canvas, const char *label, double width)
{
    text_clean(out, size, label);
    size_t length = strlen(out);
    while (length > 1 && canvas_text_width(canvas, out, &tick_font) > width) {
        length--;
        while (length > 1 && ((unsigned char)out[length] & 0xC0) == 0x80)
            length--; /* not inside a character */
        memcpy(out + length, "…", sizeof "…");
    }
    return canvas_text_width(canvas, out, &tick_font);
}

/* More words than the panel has lines: the last bar is that of all the others. */
static struct histogram shorten(const struct histogram *h)
{
    struct histogram out = *h;
    if (h->bins <= LINES)
        return out;
    out.bins = LINES;
    int64_t others = h->bins - LINES + 1;
    snprintf(out.labels[LINES - 1], HISTOGRAM_LABEL, "%lld others", (long long)others);
    for (int64_t g = 0; g < h->groups; g++)
        for (int64_t bin = LINES; bin < h->bins; bin++)
            out.counts[g][LINES - 1] += h->counts[g][bin];
    return out;
}

static double word_width(const struct plot *plot)
{
    char label[TEXT_LABEL_SIZE];
    double widest = 0;
    for (int64_t bin = 0; bin < plot->h->bins; bin++)
        widest = fmax(widest, fit(label, sizeof label, plot->canvas, plot->h->labels[bin],
                                  WORD_SHARE * plot->width));
    return widest;
}

static void draw_words(const struct plot *all)
{
    const struct histogram short_one = shorten(all->h), *h = &short_one;
    struct plot shown = *all, *plot = &shown;
    shown.h = h;
    char label[TEXT_LABEL_SIZE], count[32];
    double words = word_width(plot), left = plot->left - LEFT / 2 + words + 8;
    double room = plot->left + plot->width - 30 - left, most = largest(h);
    double pitch = fmin(plot->height / (double)h->bins, BAR_HEIGHT + 7);
    for (int64_t bin = 0; bin < h->bins; bin++) {
        double x = left, y = plot->top + ((double)bin + 0.5) * pitch;
        double height = fmin(BAR_HEIGHT, 0.8 * pitch);
        fit(label, sizeof label, plot->canvas, h->labels[bin], WORD_SHARE * plot->width);
        draw_text(plot->canvas, left - 6, y, label, 1, &tick_font);
        for (int64_t g = 0; g < h->groups; g++) {
            double width = room * (double)h->counts[g][bin] / most;
            if (h->counts[g][bin] > 0)
                draw_bar(plot->canvas, x, y - height / 2, width, height, colours[g]);
            x += width;
        }
        snprintf(count, sizeof count, "%lld", (long long)histogram_total(h, bin));
        draw_text(plot->canvas, x + 5, y, count, 0, &tick_font);
    }
}

/* ---- the page ---- */

static void draw_panel(const struct plot *plot, const char *title)
{
    char note[64];
    draw_text(plot->canvas, plot->left - LEFT / 2, plot->top - 20, title, 0, &panel_font);
    if (plot->h->not_finite > 0) {
        snprintf(note, sizeof note, "%lld without", (long long)plot->h->not_finite);
        draw_text(plot->canvas, plot->left + plot->width, plot->top - 20, note, 1, &tick_font);
    }
    if (plot->h->bins == 0)
        draw_text(plot->canvas, plot->left + plot->width / 2, plot->top + plot->height / 2,
                  "no value", 0.5, &small_font);
    else if (plot->h->labels[0][0] != '\0')
        draw_words(plot);
    else
        draw_numbers(plot);
}

static int is_used(const struct histogram_picture *picture, int64_t group)
{
    for (int64_t i = 0; i < picture->panel_count; i++)
        for (int64_t bin = 0; picture->panels[i].h != NULL && bin < HISTOGRAM_BINS; bin++)
            if (picture->panels[i].h->counts[group][bin] > 0)
                return 1;
    return 0;
}

/* Squares and names; returns how far down it goes. */
static double draw_head(struct canvas *canvas, const struct histogram_picture *picture)
{
    char clean[TEXT_LABEL_SIZE];
    double x = MARGIN, y = MARGIN + 6;
    draw_text(canvas, x, y, picture->title, 0, &page_font);
    y += 20;
    draw_text(canvas, x, y, picture->subtitle, 0, &small_font);
    y += 20;
    for (int64_t g = 0; g < picture->groups; g++) {
        if (!is_used(picture, g))
            continue;
        text_clean(clean, sizeof clean, picture->group_names[g]);
        draw_bar(canvas, x, y - 5, 10, 10, colours[g]);
        draw_text(canvas, x + 15, y, clean, 0, &tick_font);
        x += 15 + canvas_text_width(canvas, clean, &tick_font) + 18;
    }
    return y + 8;
}

static void draw_page(struct canvas *canvas, const struct histogram_picture *picture)
{
    double top = draw_head(canvas, picture);
    for (int64_t i = 0; i < picture->panel_count; i++) {
        int64_t line = i / picture->columns;
        double column = (double)(i % picture->columns), row = (double)line;
        const struct plot plot = {
            .canvas = canvas,
            .h = picture->panels[i].h,
            .left = MARGIN + column * (LEFT + PLOT_WIDTH + RIGHT) + LEFT,
            .top = top + row * (ABOVE + PLOT_HEIGHT + BELOW) + ABOVE,
            .width = PLOT_WIDTH,
            .height = PLOT_HEIGHT,
        };
        if (plot.h != NULL)
            draw_panel(&plot, picture->panels[i].title);
    }
}

enum status histogram_picture_write_png(const char *path, const struct histogram_picture *picture)
{
    enum status status = OK;
    struct canvas *canvas = NULL;
    struct text png = {0};
    int64_t rows = (picture->panel_count + picture->columns - 1) / picture->columns;
    assert(picture->columns > 0 && picture->groups <= HISTOGRAM_PICTURE_GROUPS);
    double width = 2 * MARGIN + (double)picture->columns * (LEFT + PLOT_WIDTH + RIGHT);
    double height = MARGIN + 60 + (double)rows * (ABOVE + PLOT_HEIGHT + BELOW) + MARGIN / 2;
    TRY_GOTO(canvas_create(&canvas, width, height, picture->zoom > 0 ? picture->zoom : 2), cleanup);
    draw_page(canvas, picture);
    TRY_GOTO(canvas_png(&png, canvas), cleanup);
    TRY_GOTO(png.status, cleanup);
    TRY_GOTO(atomic_file_write(path, png.data, png.length), cleanup);
cleanup:
    text_fini(&png);
    canvas_destroy(canvas);
    return status;
}
