/* SPDX-License-Identifier: Apache-2.0 */
#include "picture.h"

#include "temporary_folder.h"
#include "wake_fixture.h"

#include "array.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

TestSuite(picture, .init = temporary_folder_create, .fini = temporary_folder_remove);

enum { MARGIN = 16, CELL = 4 }; /* of the page without any text around */

static float field[WAKE_CELLS], other[WAKE_CELLS], sdf[WAKE_CELLS];
static struct colormap_rgb table[COLORMAP_SIZE];

static void make_fields(void)
{
    static float frame[3 * WAKE_CELLS];
    wake_fixture_sdf(sdf);
    wake_fixture_frame(frame, 1);
    for (int c = 0; c < WAKE_CELLS; c++) {
        field[c] = 10 * hypotf(frame[WAKE_CELLS + c], frame[2 * WAKE_CELLS + c]);
        other[c] = frame[2 * WAKE_CELLS + c];
    }
}

static struct picture bare(const struct picture_panel *panel, const struct picture_scale *scale)
{
    return (struct picture){.nx = WAKE_NX,
                            .ny = WAKE_NY,
                            .rows = 1,
                            .columns = 1,
                            .panels = panel,
                            .scales = scale,
                            .scale_count = 1,
                            .axes = PICTURE_AXES_NONE,
                            .sampling = PICTURE_NEAREST,
                            .cell = CELL,
                            .zoom = 1};
}

struct page {
    int64_t width, height;
    unsigned char *rgb;
};

static struct page read_png(const char *path)
{
    cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
    cr_assert_eq(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS, "%s", path);
    struct page page = {cairo_image_surface_get_width(surface),
                        cairo_image_surface_get_height(surface), NULL};
    cr_assert_eq(ARRAY_NEW(page.rgb, 3 * page.width * page.height), OK);
    for (int64_t y = 0; y < page.height; y++) {
        const unsigned char *row =
            cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface);
        for (int64_t x = 0; x < page.width; x++) {
            uint32_t pixel;
            memcpy(&pixel, row + 4 * x, sizeof pixel);
            for (int c = 0; c < 3; c++)
                page.rgb[3 * (y * page.width + x) + c] = (unsigned char)(pixel >> (16 - 8 * c));
        }
    }
    cairo_surface_destroy(surface);
    return page;
}

static struct page render(const struct picture *picture)
{
    struct picture_series *series = NULL;
    struct page page;
    cr_assert_eq(picture_series_create(&series, picture, NULL), OK, "%s", error_message());
    picture_series_size(&page.width, &page.height, series);
    cr_assert_eq(ARRAY_NEW(page.rgb, 3 * page.width * page.height), OK);
    cr_assert_eq(picture_series_render(page.rgb, series, 0), OK, "%s", error_message());
    picture_series_destroy(series);
    return page;
}

/* Whether the outermost `rim` pixels are white: what was clipped would touch the edge. */
static int rim_is_white(const struct page *page, int64_t rim)
{
    for (int64_t y = 0; y < page->height; y++) {
        for (int64_t x = 0; x < page->width; x++) {
            int inside = x >= rim && y >= rim && x < page->width - rim && y < page->height - rim;
            const unsigned char *p = page->rgb + 3 * (y * page->width + x);
            if (!inside && (p[0] < 255 || p[1] < 255 || p[2] < 255))
                return 0;
        }
    }
    return 1;
}

Test(picture, png_decodes_to_the_colours_of_its_cells)
{
    make_fields();
    const struct picture_panel panel = {.values = field};
    const struct picture_scale scale = {
        .map = COLORMAP_SEQUENTIAL, .limits = PICTURE_FIXED, .low = 0, .high = 1.5};
    struct picture picture = bare(&panel, &scale);
    cr_assert_eq(picture_write_png(temporary_folder_path("p.png"), &picture), OK);
    struct page page = read_png(temporary_folder_path("p.png"));
    colormap_fill(table, COLORMAP_SEQUENTIAL);
    for (int i = 1; i < WAKE_NX - 1; i++) {
        for (int j = 1; j < WAKE_NY - 1; j++) {
            int64_t x = MARGIN + CELL * i + 2, y = MARGIN + CELL * (WAKE_NY - 1 - j) + 2;
            struct colormap_rgb wanted = colormap_at(table, field[i * WAKE_NY + j] / 1.5);
            const unsigned char *p = page.rgb + 3 * (y * page.width + x);
            cr_assert(p[0] == wanted.red && p[1] == wanted.green && p[2] == wanted.blue,
                      "cell %d %d: %d %d %d", i, j, p[0], p[1], p[2]);
        }
    }
    array_free(page.rgb);
}

Test(picture, png_holds_what_the_series_renders_at_every_zoom)
{
    make_fields();
    const struct picture_panel panel = {.values = field, .sdf = sdf, .title = "speed"};
    const struct picture_scale scale = {.label = "|u| / U", .map = COLORMAP_SEQUENTIAL};
    struct picture picture = bare(&panel, &scale);
    int64_t first = 0;
    for (int zoom = 1; zoom <= 3; zoom++) {
        picture.zoom = zoom;
        struct page rendered = render(&picture);
        cr_assert_eq(picture_write_png(temporary_folder_path("p.png"), &picture), OK);
        struct page read = read_png(temporary_folder_path("p.png"));
        cr_assert(read.width == rendered.width && read.height == rendered.height);
        cr_assert_eq(memcmp(read.rgb, rendered.rgb, (size_t)(3 * read.width * read.height)), 0);
        first = zoom == 1 ? read.width : first;
        cr_assert_eq(read.width, zoom * first);
        array_free(read.rgb);
        array_free(rendered.rgb);
    }
}

/* A wedge that points upstream, tip at (20, 32): its distance on the canvas is negative only where
 * the wedge is a cell high, so that without an outline the tip is lost. */
static void make_wedge(void)
{
    for (int i = 0; i < WAKE_NX; i++) {
        for (int j = 0; j < WAKE_NY; j++) {
            double x = i + 0.5, y = j + 0.5;
            double side = (3 * fabs(y - 32) - (x - 20)) / sqrt(10);
            sdf[i * WAKE_NY + j] = (float)fmax(side, x - 44);
            field[i * WAKE_NY + j] = 1;
        }
    }
}

/* Whether a point (in cells) is drawn in grey or darker: a body or its edge. */
static int is_body(const struct page *page, double x, double y)
{
    int64_t column = MARGIN + (int64_t)(CELL * x), row = MARGIN + (int64_t)(CELL * (WAKE_NY - y));
    const unsigned char *p = page->rgb + 3 * (row * page->width + column);
    return p[0] == p[1] && p[1] == p[2] && p[0] <= 150;
}

Test(picture, a_body_has_its_exact_outline_where_that_is_known)
{
    static const double wedge[3][2] = {{20, 32}, {44, 24}, {44, 40}};
    static const double half[3][2] = {{32, 32}, {44, 28}, {44, 36}};
    make_wedge();
    struct picture_outlines outlines = {.count = 0};
    struct picture_panel panel = {.values = field, .sdf = sdf, .outlines = &outlines};
    const struct picture_scale scale = {
        .map = COLORMAP_DIVERGING, .limits = PICTURE_FIXED, .low = 0, .high = 2};
    struct picture picture = bare(&panel, &scale);
    struct page page = render(&picture);
    cr_assert(!is_body(&page, 20.6, 32.1) && is_body(&page, 38, 32), "by the distance alone");
    array_free(page.rgb);
    outlines = (struct picture_outlines){.count = 1, .lines = {{3, &wedge[0][0]}}};
    page = render(&picture);
    cr_assert(is_body(&page, 20.6, 32.1) && is_body(&page, 38, 32), "the tip is there");
    cr_assert(!is_body(&page, 21, 34) && !is_body(&page, 46, 32));
    array_free(page.rgb);
    outlines.lines[0] = (struct picture_outline){3, &half[0][0]};
    page = render(&picture);
    cr_assert(!is_body(&page, 28, 32) && is_body(&page, 40, 32), "the filling follows the line");
    array_free(page.rgb);
    panel.sdf = NULL;
    page = render(&picture);
    cr_assert(!is_body(&page, 40, 32), "no body, no outline");
    array_free(page.rgb);
}

Test(picture, nothing_is_clipped_whatever_the_texts)
{
    static const char longer[] = "a title that is much longer than any picture of this size is "
                                 "wide, ωρ{}_^ and more of it";
    static const char bad[] = "line\nbreak \xff\xfe bytes";
    make_fields();
    for (int k = 0; k < 96; k++) {
        const char *words = k % 3 == 0 ? longer : k % 3 == 1 ? bad : "x";
        int64_t rows = 1 + k / 3 % 2, columns = 1 + k / 6 % 2;
        const struct picture_scale scales[2] = {
            {.label = k % 5 ? "a label with a unit / U" : longer, .map = COLORMAP_SEQUENTIAL},
            {.label = words,
             .map = COLORMAP_DIVERGING,
             .limits = PICTURE_FIXED,
             .low = -1e-3,
             .high = 1e-3}};
        struct picture_panel panels[4];
        int below = k % 2;
        for (int p = 0; p < 4; p++)
            panels[p] = (struct picture_panel){.values = p % 2 ? other : field,
                                               .sdf = sdf,
                                               .title = k % 7 ? NULL : words,
                                               .note = k % 4 ? NULL : "99.9 %",
                                               .scale = below ? p % columns : p / columns % 2};
        const char *const labels[2] = {words, "second"};
        struct picture picture = bare(panels, scales);
        picture.scale_count = 2;
        picture.rows = rows;
        picture.columns = columns;
        picture.axes = (enum picture_axes)(k / 12 % 3);
        picture.length = 12;
        picture.origin_x = -3e4;
        picture.cell = k % 2 ? 1 : 3;
        picture.title = k / 24 % 2 ? words : NULL;
        picture.subtitle = k / 36 % 2 ? words : NULL;
        picture.time = k / 48 % 2 ? words : NULL;
        picture.row_labels = k % 8 < 4 ? labels : NULL;
        picture.column_labels = k % 16 < 8 ? labels : NULL;
        struct page page = render(&picture);
        cr_assert(rim_is_white(&page, 6), "picture %d", k);
        array_free(page.rgb);
    }
}

Test(picture, bodies_are_grey_with_a_dark_outline)
{
    make_fields();
    const struct picture_panel panel = {.values = field, .sdf = sdf};
    const struct picture_scale scale = {.map = COLORMAP_SEQUENTIAL};
    struct picture picture = bare(&panel, &scale);
    struct page page = render(&picture);
    const unsigned char *centre =
        page.rgb + 3 * ((MARGIN + CELL * (64 - 32)) * page.width + MARGIN + CELL * 16);
    cr_assert(centre[0] == 150 && centre[1] == 150 && centre[2] == 150);
    int darkest = 255; /* around the leading edge, 6 cells upstream of the centre */
    for (int x = MARGIN + CELL * 9; x < MARGIN + CELL * 11; x++) {
        const unsigned char *p = page.rgb + 3 * ((MARGIN + CELL * 32) * page.width + x);
        darkest = p[1] < darkest ? p[1] : darkest;
    }
    cr_assert_lt(darkest, 80);
    array_free(page.rgb);
}

static void expect_range(const struct picture_scale *scale, double low, double high)
{
    struct picture_series *series = NULL;
    double found_low, found_high;
    const struct picture_panel panel = {.values = field};
    struct picture picture = bare(&panel, scale);
    cr_assert_eq(picture_series_create(&series, &picture, NULL), OK);
    picture_series_range(&found_low, &found_high, series, 0);
    cr_assert_float_eq(found_low, low, 1e-6);
    cr_assert_float_eq(found_high, high, 1e-6);
    picture_series_destroy(series);
}

Test(picture, ranges_are_full_fixed_or_symmetric_and_never_empty)
{
    for (int c = 0; c < WAKE_CELLS; c++)
        field[c] = -1 + 4 * (float)c / (WAKE_CELLS - 1);
    expect_range(&(struct picture_scale){.map = COLORMAP_SEQUENTIAL}, -1, 3);
    expect_range(&(struct picture_scale){.map = COLORMAP_DIVERGING}, -3, 3);
    expect_range(&(struct picture_scale){.map = COLORMAP_DIVERGING, .middle = 2.5}, -1, 6);
    expect_range(&(struct picture_scale){.limits = PICTURE_FIXED, .low = 1, .high = 2}, 1, 2);
    for (int c = 0; c < WAKE_CELLS; c++)
        field[c] = 5;
    expect_range(&(struct picture_scale){.map = COLORMAP_SEQUENTIAL}, 4.5, 5.5);
    for (int c = 0; c < WAKE_CELLS; c++)
        field[c] = NAN;
    expect_range(&(struct picture_scale){.map = COLORMAP_SEQUENTIAL}, -1, 1);
}

Test(picture, frames_share_one_range_and_one_size)
{
    struct picture_series *series = NULL;
    double low, high;
    make_fields();
    for (int c = 0; c < WAKE_CELLS; c++) {
        field[c] = (float)c / (WAKE_CELLS - 1);
        other[c] = 10 * field[c];
    }
    const struct picture_panel panel = {.values = NULL};
    const struct picture_scale scale = {.map = COLORMAP_SEQUENTIAL};
    const float *const values[3] = {field, other, NULL};
    const char *const times[3] = {"t = 1", "t = 1000000 and a long word more", NULL};
    const struct picture_frames frames = {.count = 3, .values = values, .times = times};
    struct picture picture = bare(&panel, &scale);
    cr_assert_eq(picture_series_create(&series, &picture, &frames), OK);
    picture_series_range(&low, &high, series, 0);
    cr_assert(low == 0 && high == 10);
    struct page page;
    picture_series_size(&page.width, &page.height, series);
    cr_assert_eq(ARRAY_NEW(page.rgb, 3 * page.width * page.height), OK);
    for (int64_t frame = 0; frame < 3; frame++) {
        cr_assert_eq(picture_series_render(page.rgb, series, frame), OK);
        cr_assert(rim_is_white(&page, 8), "frame %d", (int)frame);
    }
    array_free(page.rgb);
    picture_series_destroy(series);
}

Test(picture, descriptions_that_contradict_themselves_are_refused)
{
    make_fields();
    struct picture_panel panels[4] = {{.values = field},
                                      {.values = field, .scale = 1},
                                      {.values = field, .scale = 1},
                                      {.values = field}};
    struct picture_scale scales[2] = {{.label = "a"}, {.label = "b"}};
    struct picture picture = bare(panels, scales);
    const char *path = temporary_folder_path("p.png");
    picture.rows = picture.columns = 2;
    picture.scale_count = 2;
    cr_assert_eq(picture_write_png(path, &picture), ERR_INTERNAL);
    picture.scale_count = 1;
    cr_assert_eq(picture_write_png(path, &picture), ERR_INTERNAL);
    picture = bare(panels, scales);
    picture.nx = 1;
    cr_assert_eq(picture_write_png(path, &picture), ERR_INTERNAL);
    picture = bare(panels, scales);
    scales[0] = (struct picture_scale){.limits = PICTURE_FIXED, .low = 1, .high = 1};
    cr_assert_eq(picture_write_png(path, &picture), ERR_INTERNAL);
    cr_assert(path_is_empty_folder(temporary_folder));
}

Test(picture, a_page_too_large_is_refused_before_it_is_drawn)
{
    make_fields();
    const struct picture_panel panel = {.values = field};
    const struct picture_scale scale = {.label = "a"};
    struct picture picture = bare(&panel, &scale);
    picture.cell = 1000;
    cr_assert_eq(picture_write_png(temporary_folder_path("p.png"), &picture), ERR_CONFIG);
    cr_assert_not_null(strstr(error_message(), "32767"));
}

Test(picture, into_a_missing_folder_is_an_io_error)
{
    make_fields();
    const struct picture_panel panel = {.values = field};
    const struct picture_scale scale = {.label = "a"};
    struct picture picture = bare(&panel, &scale);
    cr_assert_eq(picture_write_png(temporary_folder_path("no/p.png"), &picture), ERR_IO);
    cr_assert(path_is_empty_folder(temporary_folder));
}

/* One bar beside two rows: the lower row's title is wider than its panel. */
Test(picture, a_bar_begins_behind_the_widest_title_beside_it)
{
    make_fields();
    const struct picture_scale scale = {.label = "u / U", .map = COLORMAP_SEQUENTIAL};
    struct picture_panel panels[2] = {{.values = field}, {.values = field}};
    struct picture picture = bare(panels, &scale);
    picture.rows = 2;
    picture.cell = 1;
    panels[0].title = panels[1].title = "x";
    struct page narrow = render(&picture);
    panels[0].title = "a title that is much wider than any panel of this size";
    struct page above = render(&picture);
    panels[0].title = "x";
    panels[1].title = "a title that is much wider than any panel of this size";
    struct page beside = render(&picture);
    cr_assert_gt(above.width, narrow.width);
    /* above the bar there is room for the title; beside it the bar moves away */
    cr_assert_gt(beside.width, above.width);
    array_free(narrow.rgb);
    array_free(above.rgb);
    array_free(beside.rgb);
}
