/* SPDX-License-Identifier: Apache-2.0
 *
 * gnuplot gets its script on its standard input, from an unlinked temporary file: a pipe would need
 * a thread or a guard against SIGPIPE. Data are read from the CSV that stays beside the figure, so
 * figure and CSV cannot disagree. Every text and file name is written as octal bytes inside double
 * quotes, where gnuplot knows no other escapes, no substitution and, with `noenhanced`, no markup.
 */
#include "chart.h"

#include "array.h"
#include "atomic_file.h"
#include "path.h"
#include "table.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum format { FORMAT_SVG, FORMAT_PNG };

enum { STYLES = 8, MARKS_UP_TO = 40, MARKS_SHOWN = 12 };

/* Logarithmic axes up to this ratio of their ends have labels between powers of ten. */
static const double LABELLED_SPAN = 1000;

/* Told apart by lightness, dash and mark as well as by hue. */
static const struct {
    const char *colour, *dash;
    int mark;
} styles[STYLES] = {
    {"#0b2e4f", "solid", 7},       {"#c4442f", "(9,4)", 5},      {"#2f8f83", "(3,3)", 9},
    {"#d99a1c", "(12,4,3,4)", 13}, {"#6b4a9b", "(16,5)", 11},    {"#6f6f6f", "(6,3,2,3,2,3)", 4},
    {"#8a5a2b", "(2,5)", 6},       {"#3f7fc1", "(20,4,2,4)", 8},
};

static void append_number(struct text *out, double value)
{
    if (isfinite(value))
        text_format(out, "%.9g", value);
}

static void append_csv(struct text *csv, const struct chart *chart)
{
    char clean[TEXT_LABEL_SIZE];
    const char *labels[2] = {chart->x_label, chart->y_label};
    text_append(csv, "series");
    for (int i = 0; i < 2; i++) {
        text_append(csv, ",");
        text_clean(clean, sizeof clean, labels[i]);
        table_csv_cell(csv, clean[0] != '\0' ? clean : i == 0 ? "x" : "y");
    }
    text_append(csv, ",low,high\n");
    for (int64_t k = 0; k < chart->series_count; k++) {
        const struct chart_series *s = &chart->series[k];
        text_clean(clean, sizeof clean, s->name);
        for (int64_t i = 0; i < s->count; i++) {
            table_csv_cell(csv, clean);
            const double *columns[4] = {s->x, s->y, s->low, s->high};
            for (int c = 0; c < 4; c++) {
                text_append(csv, ",");
                if (columns[c] != NULL)
                    append_number(csv, columns[c][i]);
            }
            text_append(csv, "\n");
        }
    }
}

/* "..." with every byte that is not a letter, digit or blank in octal. */
static void append_quoted(struct text *out, const char *words)
{
    text_append(out, "\"");
    for (const unsigned char *s = (const unsigned char *)words; *s != '\0'; s++) {
        int plain = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || *s == ' ';
        if (plain)
            text_append_bytes(out, s, 1);
        else
            text_format(out, "\\%03o", *s);
    }
    text_append(out, "\"");
}

static void append_label(struct text *out, const char *command, const char *words)
{
    char clean[TEXT_LABEL_SIZE];
    if (text_clean(clean, sizeof clean, words)[0] == '\0')
        return;
    text_append(out, command);
    append_quoted(out, clean);
    text_append(out, " noenhanced\n");
}

/* gnuplot reads a leading '<' or '|' as a command and '~' as a home: none can lead here. */
static void append_path(struct text *out, const char *path)
{
    struct text full = {0};
    text_append(&full, path[0] == '/' ? "" : "./");
    text_append(&full, path);
    if (full.status == OK)
        append_quoted(out, full.data);
    else
        out->status = full.status;
    text_fini(&full);
}

static int has_band(const struct chart_series *series)
{
    return series->low != NULL && series->high != NULL && series->count > 1;
}

static void append_data(struct text *out, const char *csv, int64_t first, int64_t count)
{
    append_path(out, csv);
    text_format(out, " skip 1 every ::%lld::%lld ", (long long)first,
                (long long)(first + count - 1));
}

static int64_t style_of(const struct chart_series *series, int64_t next)
{
    return (series->colour > 0 ? series->colour - 1 : next) % STYLES;
}

static void append_line(struct text *out, const struct chart_series *series, int64_t number)
{
    const char *colour = styles[number % STYLES].colour;
    int mark = styles[number % STYLES].mark;
    if (series->style == CHART_REFERENCE) {
        text_append(out, "using 2:3 with lines lw 1.4 lc rgb \"#7a7a7a\" dt (4,4)");
    } else if (series->style == CHART_MARKS) {
        text_format(out, "using 2:3 with points pt %d ps 0.8 lc rgb \"%s\"", mark, colour);
    } else if (series->style == CHART_THIN) {
        text_format(out, "using 2:3 with lines lw 0.9 lc rgb \"%s\"", colour);
    } else {
        int64_t apart = series->count / MARKS_SHOWN + 1;
        if (series->count <= MARKS_UP_TO)
            apart = 1;
        text_format(out,
                    "using 2:3 with linespoints lw 1.8 lc rgb \"%s\" dt %s pt %d ps 0.7 "
                    "pointinterval %lld",
                    colour, styles[number % STYLES].dash, mark, (long long)apart);
    }
    char clean[TEXT_LABEL_SIZE];
    if (text_clean(clean, sizeof clean, series->name)[0] == '\0') {
        text_append(out, " notitle");
        return;
    }
    text_append(out, " title ");
    append_quoted(out, clean);
    text_append(out, " noenhanced");
}

static int is_drawable(double value, enum chart_axis axis)
{
    return isfinite(value) && (axis == CHART_LINEAR || value > 0);
}

/* The least and greatest value on an axis, bands included; low > high where there is none. */
static void find_extremes(double *low, double *high, const struct chart *chart, char name)
{
    enum chart_axis axis = name == 'x' ? chart->x_axis : chart->y_axis;
    *low = INFINITY;
    *high = -INFINITY;
    for (int64_t k = 0; k < chart->series_count; k++) {
        const struct chart_series *s = &chart->series[k];
        const double *const all[3] = {name == 'x' ? s->x : s->y, s->low, s->high};
        for (int64_t i = 0; i < s->count * (name == 'x' ? 1 : 3); i++) {
            const double *values = all[i / s->count];
            if (values == NULL || !is_drawable(values[i % s->count], axis))
                continue;
            *low = fmin(*low, values[i % s->count]);
            *high = fmax(*high, values[i % s->count]);
        }
    }
}

/* Powers of ten, and 2 and 5 times them where they are few: a curve that stays within a decade
 * could not be read otherwise. Plain numbers where those are short. */
static void append_log_ticks(struct text *out, char name, double low, double high)
{
    int few = low <= high && high <= LABELLED_SPAN * low, plain = few && low >= 0.01 && high <= 1e4;
    text_format(out, "set logscale %c 10\nset format %c \"%s\"\nset m%ctics 10\n", name, name,
                plain ? "%g" : "10^{%L}", name);
    if (!few)
        return;
    const char *separator = "";
    text_format(out, "set %ctics add (", name);
    for (int decade = (int)floor(log10(low)); decade <= (int)floor(log10(high)); decade++) {
        for (int factor = 2; factor <= 5; factor += 3) {
            double value = factor * pow(10, decade);
            if (plain)
                text_format(out, "%s\"%g\" %.9g", separator, value, value);
            else
                text_format(out, "%s\"%d×10^{%d}\" %.9g", separator, factor, decade, value);
            separator = ", ";
        }
    }
    text_append(out, ")\n");
}

/* The greatest of 1, 2, 5 times a power of ten that is not above `value`; with `above`, the least
 * that is not below. */
static double labelled_near(double value, int above)
{
    static const double factors[] = {1, 2, 5, 10};
    double decade = pow(10, floor(log10(value))), slack = 1e-9;
    int k = 0;
    if (above) {
        while (k < 3 && factors[k] * decade < value * (1 - slack))
            k++;
        return factors[k] * decade;
    }
    while (k < 3 && factors[k + 1] * decade <= value * (1 + slack))
        k++;
    return factors[k] * decade;
}

static void append_axis(struct text *out, const struct chart *chart, char name)
{
    enum chart_axis axis = name == 'x' ? chart->x_axis : chart->y_axis;
    double low = name == 'x' ? chart->x_low : chart->y_low;
    double high = name == 'x' ? chart->x_high : chart->y_high;
    double least = low, most = high;
    if (!(low < high))
        find_extremes(&least, &most, chart, name);
    if (axis == CHART_LOG)
        append_log_ticks(out, name, least, most);
    if (name == 'x')
        text_append(out, axis == CHART_LOG ? "set autoscale xfix\n" : "set autoscale xfixmax\n");
    /* whole decades around a curve that stays within one would leave it little room */
    if (!(low < high) && name == 'y' && axis == CHART_LOG && least < most &&
        most <= LABELLED_SPAN * least) {
        low = labelled_near(least, 0);
        high = labelled_near(most, 1);
    }
    if (low < high)
        text_format(out, "set %crange [%.9g:%.9g]\n", name, low, high);
}

static int has_points(const struct chart *chart)
{
    for (int64_t k = 0; k < chart->series_count; k++) {
        const struct chart_series *s = &chart->series[k];
        for (int64_t i = 0; i < s->count; i++) {
            if (is_drawable(s->x[i], chart->x_axis) && is_drawable(s->y[i], chart->y_axis))
                return 1;
        }
    }
    return 0;
}

/* Bands first, so that no line is hidden. References take no place in the list of styles. */
static void append_plot(struct text *out, const struct chart *chart, const char *csv)
{
    const char *separator = "plot ";
    for (int bands = 1; bands >= 0; bands--) {
        int64_t first = 0, number = 0;
        for (int64_t k = 0; k < chart->series_count; k++) {
            const struct chart_series *s = &chart->series[k];
            if (s->count > 0 && (bands == 0 || has_band(s))) {
                text_append(out, separator);
                separator = ", ";
                append_data(out, csv, first, s->count);
                if (bands)
                    text_format(out,
                                "using 2:4:5 with filledcurves fc rgb \"%s\" fs transparent solid "
                                "0.14 noborder notitle",
                                styles[style_of(s, number)].colour);
                else
                    append_line(out, s, style_of(s, number));
            }
            first += s->count;
            number += s->style != CHART_REFERENCE && s->colour == 0;
        }
    }
}

/* 0 when no key is drawn: one line needs no name beside it. */
static size_t longest_name(const struct chart *chart)
{
    size_t longest = 0, named = 0;
    for (int64_t k = 0; k < chart->series_count; k++) {
        char clean[TEXT_LABEL_SIZE];
        size_t width = text_width(text_clean(clean, sizeof clean, chart->series[k].name));
        longest = width > longest ? width : longest;
        named += width > 0;
    }
    return named > 1 ? longest : 0;
}

/* The plot keeps its size; the page grows by the key's width. */
static void append_page(struct text *out, const struct chart *chart, enum format format,
                        const char *picture)
{
    size_t name = longest_name(chart);
    double height = chart->height > 0 ? chart->height : 420;
    double width = chart->width;
    if (!(width > 0))
        width = 660 + (name > 0 ? 60 + 7.6 * (double)name : 0);
    if (format == FORMAT_SVG)
        text_format(out,
                    "set terminal svg size %.0f,%.0f dynamic background \"#ffffff\" font "
                    "\"sans-serif,13\"\n",
                    width, height);
    else
        text_format(out,
                    "set terminal pngcairo size %.0f,%.0f font \"sans-serif,10\" fontscale 2 "
                    "linewidth 2 pointscale 2\n",
                    2 * width, 2 * height);
    text_append(out, "set output ");
    append_path(out, picture);
    text_append(out, name > 0 ? "\nset key outside right center vertical Left reverse samplen 3 "
                                "spacing 1.3\n"
                              : "\nunset key\nset rmargin 3\n");
}

static void append_script(struct text *out, const struct chart *chart, const char *csv,
                          enum format format, const char *picture)
{
    text_append(out, "reset\nset encoding utf8\nset decimalsign \".\"\nset minussign\n"
                     "set datafile separator comma\n");
    append_page(out, chart, format, picture);
    text_append(out, "set border 3 lw 1 lc rgb \"#333333\"\nset tics nomirror out scale 0.6\n"
                     "set grid lc rgb \"#dddddd\" lw 0.8 dt solid\nset bmargin 3.8\n");
    append_label(out, "set title ", chart->title);
    append_label(out, "set xlabel ", chart->x_label);
    append_label(out, "set ylabel ", chart->y_label);
    append_axis(out, chart, 'x');
    append_axis(out, chart, 'y');
    if (!has_points(chart)) /* axes alone */
        text_append(out, "set xrange [0.1:1]\nset yrange [0.1:1]\nplot NaN notitle");
    else
        append_plot(out, chart, csv);
    text_append(out, "\nunset output\n");
}

/* Runs gnuplot with the script as standard input and everything it says going to `said`. */
static enum status spawn_gnuplot(int *exit_status, FILE *script, FILE *said)
{
    enum status status = OK;
    char program[] = "gnuplot", defaults[] = "-d";
    char *const arguments[] = {program, defaults, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return FAIL(ERR_MEMORY, "out of memory for starting gnuplot");
    int code = posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
    if (code == 0)
        code = posix_spawn_file_actions_adddup2(&actions, fileno(said), STDOUT_FILENO);
    if (code == 0)
        code = posix_spawn_file_actions_adddup2(&actions, fileno(said), STDERR_FILENO);
    if (code == 0)
        code = posix_spawnp(&child, program, &actions, NULL, arguments, environ);
    if (code == ENOENT || code == EACCES || code == ENOTDIR)
        TRY_GOTO(FAIL(ERR_UNSUPPORTED,
                      "charts need gnuplot, which is not installed (package "
                      "gnuplot-nox); the figures of the chart are in its CSV file"),
                 cleanup);
    if (code != 0)
        TRY_GOTO(FAIL(ERR_INTERNAL, "gnuplot cannot be started: %s", strerror(code)), cleanup);
    while (waitpid(child, exit_status, 0) < 0) {
        if (errno != EINTR)
            TRY_GOTO(FAIL(ERR_INTERNAL, "gnuplot was lost: %s", strerror(errno)), cleanup);
    }
cleanup:
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

static enum status run_script(const struct text *script)
{
    enum status status = OK;
    int exit_status = 0;
    char words[512] = "";
    FILE *in = tmpfile(), *said = tmpfile();
    if (in == NULL || said == NULL)
        TRY_GOTO(FAIL(ERR_IO, "no temporary file for gnuplot: %s", strerror(errno)), cleanup);
    if (fwrite(script->data, 1, script->length, in) != script->length || fflush(in) != 0)
        TRY_GOTO(FAIL(ERR_IO, "gnuplot's script cannot be written: %s", strerror(errno)), cleanup);
    rewind(in);
    TRY_GOTO(spawn_gnuplot(&exit_status, in, said), cleanup);
    if (!WIFEXITED(exit_status) || WEXITSTATUS(exit_status) != 0) {
        char raw[sizeof words];
        rewind(said);
        raw[fread(raw, 1, sizeof raw - 1, said)] = '\0';
        TRY_GOTO(FAIL(ERR_INTERNAL, "gnuplot failed: %s", text_clean(words, sizeof words, raw)),
                 cleanup);
    }
cleanup:
    if (in != NULL)
        fclose(in);
    if (said != NULL)
        fclose(said);
    return status;
}

static enum status draw(const char *path, const struct chart *chart, const char *csv,
                        enum format format)
{
    enum status status = OK;
    char temporary[PATH_SIZE] = "";
    struct text script = {0};
    TRY_GOTO(atomic_file_begin(temporary, sizeof temporary, path), cleanup);
    append_script(&script, chart, csv, format, temporary);
    TRY_GOTO(script.status, cleanup);
    TRY_GOTO(run_script(&script), cleanup);
    TRY_GOTO(atomic_file_commit(temporary, path), cleanup);
    temporary[0] = '\0';
cleanup:
    if (temporary[0] != '\0')
        atomic_file_abandon(temporary);
    text_fini(&script);
    return status;
}

static enum status with_ending(char *out, const char *stem, const char *ending)
{
    int length = snprintf(out, PATH_SIZE, "%s%s", stem, ending);
    if (length < 0 || length >= PATH_SIZE)
        return FAIL(ERR_IO, "the path %s is too long", stem);
    return OK;
}

enum status chart_write(const char *stem, const struct chart *chart)
{
    enum status status = OK;
    char csv[PATH_SIZE], svg[PATH_SIZE], png[PATH_SIZE];
    struct text data = {0};
    TRY(with_ending(csv, stem, ".csv"));
    TRY(with_ending(svg, stem, ".svg"));
    TRY(with_ending(png, stem, ".png"));
    append_csv(&data, chart);
    TRY_GOTO(data.status, cleanup);
    TRY_GOTO(atomic_file_write(csv, data.data, data.length), cleanup);
    TRY_GOTO(draw(svg, chart, csv, FORMAT_SVG), cleanup);
    TRY_GOTO(draw(png, chart, csv, FORMAT_PNG), cleanup);
cleanup:
    text_fini(&data);
    return status;
}
