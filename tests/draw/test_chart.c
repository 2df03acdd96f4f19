/* SPDX-License-Identifier: Apache-2.0 */
#include "chart.h"

#include "temporary_folder.h"

#include "array.h"
#include "atomic_file.h"

#include <cairo.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(chart, .init = temporary_folder_create, .fini = temporary_folder_remove);

enum { POINTS = 5 };

static const double x[POINTS] = {0, 1, 2, 3, 4}, y[POINTS] = {1, 0.5, NAN, 0.25, 0.2},
                    low[POINTS] = {0.9, 0.4, 0.3, 0.2, 0.1},
                    high[POINTS] = {1.1, 0.6, 0.5, 0.3, 0.3};

static const struct chart_series two[2] = {
    {.name = "network, both", .count = POINTS, .x = x, .y = y, .low = low, .high = high},
    {.name = "solver", .style = CHART_REFERENCE, .count = 2, .x = x, .y = low}};

static struct chart plain(void)
{
    return (struct chart){
        .x_label = "time t U / D", .y_label = "error", .series = two, .series_count = 2};
}

static unsigned char *bytes;

static const char *content(const char *name, size_t *size)
{
    array_free(bytes);
    bytes = temporary_folder_read(name, size);
    return (const char *)bytes;
}

Test(chart, csv_holds_every_point_once)
{
    size_t size;
    struct chart chart = plain();
    cr_assert_eq(chart_write(temporary_folder_path("c"), &chart), OK, "%s", error_message());
    cr_assert_str_eq(content("c.csv", &size), "series,time t U / D,error,low,high\n"
                                              "\"network, both\",0,1,0.9,1.1\n"
                                              "\"network, both\",1,0.5,0.4,0.6\n"
                                              "\"network, both\",2,,0.3,0.5\n"
                                              "\"network, both\",3,0.25,0.2,0.3\n"
                                              "\"network, both\",4,0.2,0.1,0.3\n"
                                              "solver,0,0.9,,\n"
                                              "solver,1,0.4,,\n");
}

Test(chart, svg_is_the_same_twice_and_png_has_twice_its_pixels)
{
    size_t first, second;
    struct chart chart = plain();
    chart.width = 500;
    chart.height = 300;
    cr_assert_eq(chart_write(temporary_folder_path("a"), &chart), OK);
    cr_assert_eq(chart_write(temporary_folder_path("b"), &chart), OK);
    char *copy = strdup(content("a.svg", &first));
    cr_assert_eq(strcmp(content("b.svg", &second), copy), 0);
    cr_assert(first == second && strstr(copy, "<svg") != NULL && strstr(copy, ">solver<") != NULL);
    free(copy);
    cairo_surface_t *png = cairo_image_surface_create_from_png(temporary_folder_path("a.png"));
    cr_assert_eq(cairo_image_surface_get_width(png), 1000);
    cr_assert_eq(cairo_image_surface_get_height(png), 600);
    cairo_surface_destroy(png);
}

/* How many of the picture's texts are exactly `words`. */
static int count_texts(const char *svg, const char *words)
{
    char element[512] = "<text>";
    size_t used = strlen(element);
    int count = 0;
    for (const char *s = words; *s != '\0'; s++)
        used += (size_t)snprintf(element + used, sizeof element - used, "%s",
                                 *s == '&'   ? "&amp;"
                                 : *s == '<' ? "&lt;"
                                             : (char[2]){*s, '\0'});
    snprintf(element + used, sizeof element - used, "</text>");
    for (const char *s = strstr(svg, element); s != NULL; s = strstr(s + 1, element))
        count++;
    return count;
}

Test(chart, texts_come_out_literally)
{
    static const char *const texts[] = {
        "a_b^{c}~d",         "say \"it's\"", "back\\slash \\n \\101",
        "`touch evil` $(x)", "@GPVAL",       "50 % <b> & more",
        "ω D / U, ρ²",       "{/Symbol a}",  "$x #y"};
    size_t size;
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        struct chart_series series[2] = {two[0], two[1]};
        series[0].name = texts[k];
        struct chart chart = {.title = texts[k],
                              .x_label = texts[k],
                              .y_label = texts[k],
                              .series = series,
                              .series_count = 2};
        cr_assert_eq(chart_write(temporary_folder_path("c"), &chart), OK, "%s", error_message());
        int found = count_texts(content("c.svg", &size), texts[k]);
        cr_assert_eq(found, 4, "'%s' stands %d times in the picture", texts[k], found);
    }
    cr_assert(!path_exists("evil"));
}

Test(chart, newlines_and_broken_text_do_not_break_the_script)
{
    size_t size;
    struct chart chart = plain();
    chart.title = "one\nset output 'evil'\nplot x";
    chart.y_label = "\xff\xfe";
    cr_assert_eq(chart_write(temporary_folder_path("c"), &chart), OK, "%s", error_message());
    cr_assert_eq(count_texts(content("c.svg", &size), "one set output 'evil' plot x"), 1);
    cr_assert(!path_exists("evil"));
}

Test(chart, any_file_name_is_only_a_file_name)
{
    static const char *const names[] = {"it's \"q\"", "`touch evil`", "|cat", "< cat", "~x",
                                        "a\\b$c",     "ünï",          "-",    "100%d"};
    char file[128];
    struct chart chart = plain();
    cr_assert_eq(chdir(temporary_folder), 0);
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        cr_assert_eq(chart_write(names[k], &chart), OK, "'%s': %s", names[k], error_message());
        snprintf(file, sizeof file, "%s.svg", names[k]);
        cr_assert(path_exists(file), "'%s'", file);
    }
    cr_assert(!path_exists("evil"));
}

Test(chart, logarithmic_axes_leave_out_what_they_cannot_show)
{
    static const double bad[POINTS] = {0, -1, 1e-3, 1e-2, INFINITY};
    size_t size;
    const struct chart_series series = {.name = "s", .count = POINTS, .x = x, .y = bad};
    struct chart chart = {
        .x_label = "x", .y_label = "y", .y_axis = CHART_LOG, .series = &series, .series_count = 1};
    cr_assert_eq(chart_write(temporary_folder_path("c"), &chart), OK, "%s", error_message());
    cr_assert_not_null(strstr(content("c.svg", &size), "10<"), "ticks are powers of ten");
}

Test(chart, short_logarithmic_axes_have_labels_between_powers_of_ten)
{
    static const double some[POINTS] = {0.9, 0.6, 0.45, 0.3, 0.15};
    static const double small[POINTS] = {9e-5, 6e-5, 4e-5, 3e-5, 1.5e-5};
    static const double wide[POINTS] = {9, 1e-1, 1e-2, 1e-3, 1e-4};
    size_t size;
    struct chart_series series = {.name = "s", .count = POINTS, .x = x, .y = some};
    struct chart chart = {
        .x_label = "x", .y_label = "y", .y_axis = CHART_LOG, .series = &series, .series_count = 1};
    cr_assert_eq(chart_write(temporary_folder_path("c"), &chart), OK, "%s", error_message());
    const char *svg = content("c.svg", &size);
    cr_assert(strstr(svg, ">0.1<") != NULL && strstr(svg, ">0.2<") != NULL);
    cr_assert(strstr(svg, ">0.5<") != NULL && strstr(svg, ">20<") == NULL);
    series.y = small;
    cr_assert_eq(chart_write(temporary_folder_path("c"), &chart), OK, "%s", error_message());
    cr_assert_not_null(strstr(content("c.svg", &size), "2×10<"));
    series.y = wide;
    cr_assert_eq(chart_write(temporary_folder_path("c"), &chart), OK, "%s", error_message());
    cr_assert_null(strstr(content("c.svg", &size), "×10<"));
}

Test(chart, without_a_single_point_it_is_axes_alone)
{
    static const double none[2] = {NAN, NAN};
    const struct chart_series series = {.name = "s", .count = 2, .x = none, .y = none};
    struct chart chart = {.x_label = "x", .y_label = "y", .series = &series, .series_count = 1};
    cr_assert_eq(chart_write(temporary_folder_path("c"), &chart), OK, "%s", error_message());
    chart.series_count = 0;
    cr_assert_eq(chart_write(temporary_folder_path("d"), &chart), OK, "%s", error_message());
    cr_assert(path_exists(temporary_folder_path("d.svg")));
}

Test(chart, a_missing_gnuplot_is_said_and_leaves_the_csv)
{
    struct chart chart = plain();
    cr_assert_eq(setenv("PATH", temporary_folder, 1), 0);
    cr_assert_eq(chart_write(temporary_folder_path("c"), &chart), ERR_UNSUPPORTED);
    cr_assert_not_null(strstr(error_message(), "gnuplot"));
    cr_assert(path_exists(temporary_folder_path("c.csv")));
    cr_assert_eq(unlink(temporary_folder_path("c.csv")), 0);
    cr_assert(path_is_empty_folder(temporary_folder));
}

Test(chart, gnuplots_own_complaint_is_passed_on)
{
    struct chart chart = plain();
    chart.x_low = 1;
    chart.x_high = NAN; /* not a range: ignored */
    cr_assert_eq(chart_write(temporary_folder_path("c"), &chart), OK);
    FILE *file = fopen(temporary_folder_path("gnuplot"), "w");
    cr_assert_not_null(file);
    cr_assert_gt(fputs("#!/bin/sh\necho 'line 3: no such terminal' >&2\nexit 1\n", file), 0);
    cr_assert_eq(fclose(file), 0);
    cr_assert_eq(chmod(temporary_folder_path("gnuplot"), 0755), 0);
    cr_assert_eq(setenv("PATH", temporary_folder, 1), 0);
    cr_assert_eq(chart_write(temporary_folder_path("d"), &chart), ERR_INTERNAL);
    cr_assert_not_null(strstr(error_message(), "no such terminal"));
    cr_assert(!path_exists(temporary_folder_path("d.svg")));
}

Test(chart, into_a_missing_folder_is_an_io_error)
{
    struct chart chart = plain();
    cr_assert_eq(chart_write(temporary_folder_path("no/c"), &chart), ERR_IO);
    cr_assert(path_is_empty_folder(temporary_folder));
}

Test(chart, a_short_logarithmic_axis_ends_at_the_labels_around_its_values)
{
    static const double some[POINTS] = {1.3, 0.6, 0.45, 0.3, 0.037};
    size_t size;
    const struct chart_series series = {.name = "s", .count = POINTS, .x = x, .y = some};
    struct chart chart = {
        .x_label = "x", .y_label = "y", .y_axis = CHART_LOG, .series = &series, .series_count = 1};
    cr_assert_eq(chart_write(temporary_folder_path("c"), &chart), OK, "%s", error_message());
    const char *svg = content("c.svg", &size);
    cr_assert(strstr(svg, ">0.02<") != NULL && strstr(svg, ">2<") != NULL);
    cr_assert(strstr(svg, ">0.01<") == NULL && strstr(svg, ">5<") == NULL &&
              strstr(svg, ">10<") == NULL);
}

/* How often a colour is drawn with. */
static int count_colour(const char *svg, const char *colour)
{
    int count = 0;
    for (const char *at = svg; (at = strstr(at, colour)) != NULL; at++)
        count++;
    return count;
}

Test(chart, lines_that_belong_together_have_one_colour_and_the_others_the_next)
{
    size_t size;
    struct chart_series lines[3] = {
        {.name = "a", .style = CHART_THIN, .count = POINTS, .x = x, .y = low, .colour = 2},
        {.name = "b", .count = POINTS, .x = x, .y = high, .colour = 2},
        {.name = "c", .count = POINTS, .x = x, .y = y}};
    struct chart chart = {.series = lines, .series_count = 3, .x_label = "x", .y_label = "y"};
    cr_assert_eq(chart_write(temporary_folder_path("c"), &chart), OK, "%s", error_message());
    const char *svg = content("c.svg", &size);
    cr_assert_gt(count_colour(svg, "196,  68,  47"), 2, "the second colour");
    cr_assert_gt(count_colour(svg, " 11,  46,  79"), 0, "the first");
    cr_assert_eq(count_colour(svg, " 47, 143, 131"), 0, "the third");
}
