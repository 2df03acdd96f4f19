/* SPDX-License-Identifier: Apache-2.0 */
#include "error_bar_facts.h"

#include "array.h"
#include "chart.h"
#include "error_bar.h"
#include "manifest_error_bar.h"
#include "path.h"

#include <math.h>

enum { SHOWN_RUNS = 24 };

static const struct {
    enum error_bar_quantity quantity;
    const char *key;
} forces[] = {{ERROR_BAR_DRAG, "drag_mean_difference"},
              {ERROR_BAR_LIFT, "lift_rms_difference"},
              {ERROR_BAR_STROUHAL, "strouhal_difference"}};

enum { FORCES = sizeof forces / sizeof forces[0] };

/* ---- for people ---- */

/* "  12.3 %", "      -". */
static void print_share(FILE *stream, double value)
{
    if (isfinite(value))
        fprintf(stream, "  %5.*f %%", value < 0.1 ? 2 : 1, 100 * value);
    else
        fprintf(stream, "  %7s", "-");
}

static void print_number(FILE *stream, double value)
{
    if (isfinite(value))
        fprintf(stream, "  %+9.4f", value);
    else
        fprintf(stream, "  %9s", "-");
}

static void print_run(FILE *stream, const struct error_bar_run *run)
{
    fprintf(stream, "%6lld %4lld", (long long)run->case_index, (long long)run->refine);
    if (run->frames == 0) {
        fprintf(stream, "  no numbers: %s\n", run->reason);
        return;
    }
    int64_t passes = error_bar_passes(run);
    print_share(stream, run->velocity[0]);
    print_share(stream, run->velocity[run->frames / 2]);
    print_share(stream, run->velocity[run->frames - 1]);
    if (passes >= 0)
        fprintf(stream, "  %7lld", (long long)passes);
    else
        fprintf(stream, "  %7s", "never");
    print_share(stream, run->density[run->frames - 1]);
    print_number(stream, run->difference.drag);
    print_number(stream, run->difference.lift);
    print_number(stream, run->difference.strouhal);
    fputc('\n', stream);
}

static enum status print_median(FILE *stream, const struct error_bar *bar, int64_t refine,
                                int64_t frames)
{
    struct error_bar_spread spread;
    const int64_t at[] = {0, frames / 2, frames - 1};
    fprintf(stream, "median %4lld", (long long)refine);
    for (int i = 0; i < 3; i++) {
        TRY(error_bar_spread_of(&spread, bar, refine, ERROR_BAR_VELOCITY, at[i]));
        print_share(stream, spread.median);
    }
    fprintf(stream, "  %7s", "");
    TRY(error_bar_spread_of(&spread, bar, refine, ERROR_BAR_DENSITY, frames - 1));
    print_share(stream, spread.median);
    for (int i = 0; i < FORCES; i++) {
        TRY(error_bar_spread_of(&spread, bar, refine, forces[i].quantity, 0));
        print_number(stream, spread.median);
    }
    fprintf(stream, "  (sizes)\n");
    return OK;
}

enum status error_bar_facts_print(FILE *stream, const struct dataset *dataset)
{
    const struct error_bar *bar = dataset_get_error_bar(dataset);
    const struct dataset_info *info = dataset_get_info(dataset);
    int64_t refinements[8];
    if (bar == NULL)
        return OK;
    fprintf(stream,
            "\nerror bar: %lld cases again at other refinements, against the dataset's own frames "
            "(r = %lld)\n  case    r   velocity: first, middle, last  over 5 %%  density   d mean "
            "Cd   d rms Cl       d St\n",
            (long long)bar->cases, (long long)info->refine);
    for (size_t i = 0; i < bar->run_count && i < SHOWN_RUNS; i++)
        print_run(stream, &bar->runs[i]);
    if (bar->run_count > SHOWN_RUNS)
        fprintf(stream, "   and %zu more (--json has all)\n", bar->run_count - SHOWN_RUNS);
    int64_t count = error_bar_list_refinements(refinements, 8, bar);
    for (int64_t k = 0; k < count; k++)
        TRY(print_median(stream, bar, refinements[k], info->frames));
    fprintf(
        stream,
        "differences of phase are in the velocity errors and grow; the forces do not know them\n");
    return OK;
}

/* ---- JSON ---- */

static enum status set_spread(struct json *object, const char *key,
                              const struct error_bar_spread *spread)
{
    struct json *entry = json_make_object();
    TRY(json_set(object, key, entry)); /* owned by the object, or gone */
    TRY(json_set(entry, "count", json_make_integer(spread->count)));
    TRY(json_set(entry, "median", json_make_real(spread->median)));
    TRY(json_set(entry, "least", json_make_real(spread->least)));
    return json_set(entry, "most", json_make_real(spread->most));
}

static enum status set_series(struct json *object, const char *key, const struct error_bar *bar,
                              int64_t refine, enum error_bar_quantity quantity, int64_t frames)
{
    struct json *list = json_make_array();
    TRY(json_set(object, key, list));
    for (int64_t t = 0; t < frames; t++) {
        struct error_bar_spread spread;
        TRY(error_bar_spread_of(&spread, bar, refine, quantity, t));
        TRY(json_append(list, json_make_real(spread.median)));
    }
    return OK;
}

static enum status describe_refinement(struct json *list, const struct error_bar *bar,
                                       int64_t refine, int64_t frames)
{
    struct json *object = json_make_object();
    TRY(json_append(list, object));
    TRY(json_set(object, "refine", json_make_integer(refine)));
    TRY(set_series(object, "velocity_median", bar, refine, ERROR_BAR_VELOCITY, frames));
    TRY(set_series(object, "density_median", bar, refine, ERROR_BAR_DENSITY, frames));
    for (int i = 0; i < FORCES; i++) {
        struct error_bar_spread spread;
        TRY(error_bar_spread_of(&spread, bar, refine, forces[i].quantity, 0));
        TRY(set_spread(object, forces[i].key, &spread));
    }
    return OK;
}

enum status error_bar_facts_describe(struct json *root, const struct dataset *dataset)
{
    const struct error_bar *bar = dataset_get_error_bar(dataset);
    int64_t refinements[8];
    if (bar == NULL)
        return json_set(root, "error_bar", json_make_null());
    TRY(manifest_error_bar_encode(root, bar));
    struct json *list = json_make_array();
    TRY(json_set(root, "error_bar_spread", list));
    int64_t count = error_bar_list_refinements(refinements, 8, bar);
    for (int64_t k = 0; k < count; k++)
        TRY(describe_refinement(list, bar, refinements[k], dataset_get_info(dataset)->frames));
    return OK;
}

/* ---- chart ---- */

enum { LINES = 8, NAME = 48 };

/* Lines of the chart and what they point to: [LINES][3][frames] of median, least, most. */
struct lines {
    struct chart_series series[LINES];
    char names[LINES][NAME];
    double *values, *frame;
    int64_t count, frames;
};

static enum status add_line(struct lines *lines, const struct error_bar *bar, int64_t refine,
                            enum error_bar_quantity quantity, int band)
{
    double *median = lines->values + 3 * lines->count * lines->frames;
    double *least = median + lines->frames, *most = least + lines->frames;
    for (int64_t t = 0; t < lines->frames; t++) {
        struct error_bar_spread spread;
        TRY(error_bar_spread_of(&spread, bar, refine, quantity, t));
        median[t] = spread.median;
        least[t] = spread.least;
        most[t] = spread.most;
    }
    snprintf(lines->names[lines->count], NAME, "%s, r = %lld",
             quantity == ERROR_BAR_VELOCITY ? "velocity" : "density", (long long)refine);
    struct chart_series *series = &lines->series[lines->count];
    *series = (struct chart_series){
        .name = lines->names[lines->count], .count = lines->frames, .x = lines->frame, .y = median};
    if (band) { /* one for each would hide the others */
        series->low = least;
        series->high = most;
    }
    lines->count++;
    return OK;
}

static enum status fill_lines(struct lines *lines, const struct error_bar *bar)
{
    int64_t refinements[LINES / 2];
    TRY(ARRAY_NEW(lines->values, 3 * LINES * lines->frames));
    TRY(ARRAY_NEW(lines->frame, lines->frames));
    for (int64_t t = 0; t < lines->frames; t++)
        lines->frame[t] = (double)t;
    int64_t count = error_bar_list_refinements(refinements, LINES / 2, bar);
    for (int64_t k = 0; k < count; k++)
        TRY(add_line(lines, bar, refinements[k], ERROR_BAR_VELOCITY, k == count - 1));
    for (int64_t k = 0; k < count; k++)
        TRY(add_line(lines, bar, refinements[k], ERROR_BAR_DENSITY, 0));
    return OK;
}

enum status error_bar_facts_draw(const char *folder, const struct dataset *dataset)
{
    enum status status = OK;
    const struct error_bar *bar = dataset_get_error_bar(dataset);
    const struct dataset_info *info = dataset_get_info(dataset);
    struct lines lines = {.frames = info->frames};
    char stem[PATH_SIZE], title[160];
    if (bar == NULL || bar->run_count == 0)
        return OK;
    TRY_GOTO(path_join(stem, sizeof stem, folder, "error-bar"), cleanup);
    TRY_GOTO(fill_lines(&lines, bar), cleanup);
    snprintf(title, sizeof title,
             "%lld cases again, against r = %lld: medians, and the range of the finest velocity",
             (long long)bar->cases, (long long)info->refine);
    const struct chart chart = {.title = title,
                                .x_label = "frame",
                                .y_label = "relative L2 error",
                                .y_axis = CHART_LOG,
                                .series = lines.series,
                                .series_count = lines.count};
    TRY_GOTO(chart_write(stem, &chart), cleanup);
cleanup:
    array_free(lines.values);
    array_free(lines.frame);
    return status;
}
