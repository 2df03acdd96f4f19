/* SPDX-License-Identifier: Apache-2.0 */
#include "histogram_picture.h"

#include "temporary_folder.h"

#include <cairo.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(histogram_picture, .init = temporary_folder_create, .fini = temporary_folder_remove);

static const char *const names[] = {"train", "test", "more", "still more", "most"};

static struct histogram numbers, words, empty;

static void fill(int64_t groups)
{
    static const double values[] = {1, 2, 2.5, 4, 4.5, 9};
    static const char *const texts[] = {
        "circle",          "circle",   "ellipse+a very long family's name",
        "regular-polygon", "\xff\xfe", "circle"};
    int64_t group[6];
    for (int i = 0; i < 6; i++)
        group[i] = i % groups;
    histogram_of_numbers(&numbers, values, group, 6, groups, 8);
    cr_assert_eq(histogram_of_words(&words, texts, group, 6, groups), OK);
    histogram_of_numbers(&empty, values, group, 0, groups, 8);
}

static cairo_surface_t *draw(int64_t groups)
{
    const struct histogram_panel panels[] = {
        {"numbers", &numbers}, {"words", &words}, {"nothing", NULL}, {"empty", &empty}};
    const struct histogram_picture picture = {.title = "title",
                                              .subtitle = "below",
                                              .group_names = names,
                                              .groups = groups,
                                              .panels = panels,
                                              .panel_count = 4,
                                              .columns = 3};
    const char *path = temporary_folder_path("h.png");
    cr_assert_eq(histogram_picture_write_png(path, &picture), OK, "%s", error_message());
    cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
    cr_assert_eq(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    return surface;
}

/* Pixels that are near the colour of a group's bars. */
static int64_t count_like(cairo_surface_t *surface, int red, int green, int blue)
{
    int64_t found = 0;
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int row = 0; row < cairo_image_surface_get_height(surface); row++)
        for (int column = 0; column < cairo_image_surface_get_width(surface); column++) {
            uint32_t pixel;
            memcpy(&pixel, data + row * stride + 4 * column, sizeof pixel);
            int r = (int)(pixel >> 16 & 255), g = (int)(pixel >> 8 & 255), b = (int)(pixel & 255);
            found += abs(r - red) < 3 && abs(g - green) < 3 && abs(b - blue) < 3;
        }
    return found;
}

Test(histogram_picture, bars_have_areas_as_their_counts)
{
    fill(2);
    cairo_surface_t *surface = draw(2);
    int64_t first = count_like(surface, 15, 43, 84), second = count_like(surface, 51, 115, 168);
    cr_assert_gt(first, 10000);
    /* three of six values each, in both panels */
    cr_assert_float_eq((double)first / (double)second, 1, 0.06, "%d %d", (int)first, (int)second);
    cairo_surface_destroy(surface);
}

Test(histogram_picture, nothing_touches_the_edge_of_the_page)
{
    fill(5);
    cairo_surface_t *surface = draw(5);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    int height = cairo_image_surface_get_height(surface);
    int width = cairo_image_surface_get_width(surface);
    for (int row = 0; row < height; row++)
        for (int column = 0; column < width;
             column += row < 4 || row >= height - 4 ? 1 : width - 1) {
            uint32_t pixel;
            memcpy(&pixel, data + row * stride + 4 * column, sizeof pixel);
            cr_assert_eq(pixel & 0xffffff, 0xffffff, "row %d, column %d", row, column);
        }
    cairo_surface_destroy(surface);
}

Test(histogram_picture, a_folder_that_is_not_there_is_an_error_and_leaves_nothing)
{
    fill(1);
    const struct histogram_panel panel = {"numbers", &numbers};
    const struct histogram_picture picture = {
        .group_names = names, .groups = 1, .panels = &panel, .panel_count = 1, .columns = 1};
    cr_assert_eq(histogram_picture_write_png(temporary_folder_path("no/h.png"), &picture), ERR_IO);
    cr_assert_eq(access(temporary_folder_path("no"), F_OK), -1);
}
