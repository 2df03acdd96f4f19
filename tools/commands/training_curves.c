/* SPDX-License-Identifier: Apache-2.0 */
#include "training_curves.h"

#include "array.h"
#include "chart.h"
#include "metrics_lines.h"
#include "path.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 16, CURVES = 3 };

/* What is drawn of each run, by kind of line and key. */
static const struct {
    const char *kind, *key, *name;
} curves[CURVES] = {{"training", "loss", "training"},
                    {"validation", "loss", "validation"},
                    {"validation", "velocity_relative_l2", ""}};

struct curve {
    double *x, *y;
    size_t x_capacity, y_capacity, count;
};

struct run_curves {
    struct curve curves[CURVES];
};

static enum status add_point(struct curve *curve, double x, double y)
{
    double *grown = array_grow(curve->x, &curve->x_capacity, curve->count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    curve->x = grown;
    grown = array_grow(curve->y, &curve->y_capacity, curve->count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    curve->y = grown;
    curve->x[curve->count] = x;
    curve->y[curve->count++] = y;
    return OK;
}

static enum status add_line(void *context, const struct json *line)
{
    struct run_curves *run = context;
    const char *kind;
    int64_t step;
    TRY(metrics_lines_kind(&kind, &step, line, ""));
    for (int i = 0; i < CURVES; i++) {
        double value;
        if (strcmp(kind, curves[i].kind) != 0 || json_find(line, curves[i].key) == NULL)
            continue;
        TRY(json_get_real_or_null(&value, line, curves[i].key));
        TRY(add_point(&run->curves[i], (double)step, value));
    }
    return OK;
}

static enum status read_run(struct run_curves *out, const char *folder)
{
    return metrics_lines_read(folder, add_line, out);
}

static void free_run(struct run_curves *run)
{
    for (int i = 0; i < CURVES; i++) {
        free(run->curves[i].x);
        free(run->curves[i].y);
    }
}

static struct chart_series make_series(const struct curve *curve, const char *name,
                                       enum chart_style style, int colour)
{
    return (struct chart_series){.name = name,
                                 .style = style,
                                 .colour = colour,
                                 .count = (int64_t)curve->count,
                                 .x = curve->x,
                                 .y = curve->y};
}

enum { NAME = 256 };

/* A folder's own name, without the slashes that a shell leaves at its end. */
static void write_base_name(char out[NAME], const char *folder)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s", folder);
    for (size_t length = strlen(path); length > 1 && path[length - 1] == '/'; length--)
        path[length - 1] = '\0';
    (void)snprintf(out, NAME, "%.*s", NAME - 1, path_base_name(path));
}

/* What tells a run from the others: its folder's name, all of the path where two are named alike;
 * "" where there is one run. */
static void write_run_name(char out[NAME], const char *const *folders, int64_t count, int64_t which)
{
    char other[NAME];
    out[0] = '\0';
    if (count < 2)
        return;
    write_base_name(out, folders[which]);
    for (int64_t i = 0; i < count; i++) {
        write_base_name(other, folders[i]);
        if (i != which && strcmp(out, other) == 0) {
            (void)snprintf(out, NAME, "%.*s", NAME - 1, folders[which]);
            return;
        }
    }
}

/* A run has a colour: thin for training, which is noisy, with marks for validation. */
static enum status draw(const char *stem, const struct run_curves *runs, const char *const *folders,
                        const char *const *run_names, int64_t count, enum training_curves_part part)
{
    struct chart_series losses[2 * RUNS], errors[RUNS];
    char bases[RUNS][NAME], names[2 * RUNS][NAME + 16], path[PATH_SIZE];
    for (int64_t i = 0; i < count; i++) {
        const char *base = bases[i];
        if (run_names != NULL)
            (void)snprintf(bases[i], NAME, "%.*s", NAME - 1, run_names[i]);
        else
            write_run_name(bases[i], folders, count, i);
        for (int k = 0; k < 2; k++)
            snprintf(names[2 * i + k], sizeof names[0], "%.*s%s%s", NAME - 1, base,
                     base[0] != '\0' ? ", " : "", curves[k].name);
        int colour = count > 1 ? (int)i + 1 : 0;
        enum chart_style style = count > 1 ? CHART_THIN : CHART_LINE;
        losses[2 * i] = make_series(&runs[i].curves[0], names[2 * i], style, colour);
        losses[2 * i + 1] = make_series(&runs[i].curves[1], names[2 * i + 1], CHART_LINE, colour);
        errors[i] = make_series(&runs[i].curves[2], base, CHART_LINE, colour);
    }
    const struct chart loss = {.title = "Loss",
                               .x_label = "optimiser step",
                               .y_label = "loss",
                               .y_axis = CHART_LOG,
                               .series = losses,
                               .series_count = 2 * count};
    const struct chart error = {.title = "Velocity error of one call on the validation cases",
                                .x_label = "optimiser step",
                                .y_label = "relative L2 error",
                                .y_axis = CHART_LOG,
                                .series = errors,
                                .series_count = count};
    if (part == TRAINING_CURVES_LOSS)
        return chart_write(stem, &loss);
    snprintf(path, sizeof path, "%s-loss", stem);
    TRY(chart_write(path, &loss));
    snprintf(path, sizeof path, "%s-error", stem);
    TRY(chart_write(path, &error));
    return OK;
}

enum status training_curves_write(const char *stem, const char *const *folders,
                                  const char *const *names, int64_t count,
                                  enum training_curves_part part)
{
    enum status status = OK;
    struct run_curves runs[RUNS];
    memset(runs, 0, sizeof runs);
    if (count > RUNS)
        return FAIL(ERR_USAGE, "%lld runs are more than the %d that fit one chart",
                    (long long)count, RUNS);
    for (int64_t i = 0; i < count; i++)
        TRY_GOTO(read_run(&runs[i], folders[i]), cleanup);
    TRY_GOTO(draw(stem, runs, folders, names, count, part), cleanup);
cleanup:
    for (int64_t i = 0; i < count; i++)
        free_run(&runs[i]);
    return status;
}

enum status training_curves_last_loss(double *out, const char *folder)
{
    struct run_curves run;
    const struct curve *loss = &run.curves[0];
    memset(&run, 0, sizeof run);
    enum status status = read_run(&run, folder);
    *out = status == OK && loss->count > 0 ? loss->y[loss->count - 1] : nan("");
    free_run(&run);
    return status;
}
