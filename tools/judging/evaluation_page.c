/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluation_page.h"

#include "array.h"
#include "chart.h"
#include "evaluation_tables.h"
#include "log.h"
#include "path.h"
#include "scoreboard.h"
#include "table.h"
#include "verdict.h"

#include <math.h>
#include <stdio.h>

/* The charts of errors over rollout time. */
static const struct {
    const char *stem, *title, *label, *caption;
    enum metrics_kind metric;
} charts[] = {{"error", "Error over the rollout", "relative L2 error of velocity",
               "Mean over cases and start phases; the band is the standard deviation between them.",
               METRICS_VELOCITY},
              {"vorticity", "Vorticity over the rollout", "correlation with the truth",
               "1 is perfect; bands as above.", METRICS_VORTICITY},
              {"energy", "Energy of the wake over the rollout", "energy of u - U over the truth's",
               "1 is right; a wake that dies goes to 0, one that blows up grows.",
               METRICS_ENERGY_WAKE}};

enum { CHARTS = (int)(sizeof charts / sizeof charts[0]) };

static void fill_line(double *x, double *y, double *low, double *high,
                      const struct evaluation *evaluation, int64_t entry, enum metrics_kind metric)
{
    int64_t horizon = evaluation_get_options(evaluation)->horizon;
    for (int64_t k = 0; k < horizon; k++) {
        struct scoreboard_spread spread = scoreboard_at_step(evaluation, entry, k + 1, metric);
        x[k] = (double)(k + 1);
        y[k] = spread.mean;
        low[k] = spread.mean - spread.deviation;
        high[k] = spread.mean + spread.deviation;
    }
}

/* What a frame is in time, as far as it is the same in all rollouts. */
static void write_time_label(char *out, size_t size, const struct evaluation *evaluation)
{
    const struct flow *first = &evaluation_rollout_at(evaluation, 0)->flow;
    double way = (double)first->frame_interval * first->speed;
    int same_interval = 1, same_way = 1, same_length = 1;
    for (int64_t k = 1; k < evaluation_rollouts(evaluation); k++) {
        const struct flow *flow = &evaluation_rollout_at(evaluation, k)->flow;
        same_interval &= flow->frame_interval == first->frame_interval;
        same_way &= fabs((double)flow->frame_interval * flow->speed - way) < 1e-9 * way;
        same_length &= fabs(flow->length - first->length) < 1e-9 * first->length;
    }
    int used = snprintf(out, size, "frames after the start");
    if (same_interval)
        used += snprintf(out + used, size - (size_t)used, " (one frame = %lld steps",
                         (long long)first->frame_interval);
    if (same_interval && same_way && same_length)
        used += snprintf(out + used, size - (size_t)used, ", t U / D = %.4g", way / first->length);
    else if (same_interval && same_way)
        used += snprintf(out + used, size - (size_t)used, ", t U = %.4g cells", way);
    snprintf(out + used, size - (size_t)used, "%s", same_interval ? ")" : "");
}

static enum status write_chart(const struct evaluation_page *page, int which)
{
    enum { ROWS = 4 };
    enum status status = OK;
    char stem[PATH_SIZE], name[64], time_label[128];
    const struct evaluation_options *options = evaluation_get_options(page->evaluation);
    struct chart_series series[EVALUATION_ENTRIES];
    int64_t count = 0, horizon = options->horizon;
    double *points = NULL;
    TRY_GOTO(ARRAY_NEW(points, options->count * ROWS * horizon), cleanup);
    for (int64_t entry = 0; entry < options->count; entry++) {
        double *x = points + entry * ROWS * horizon;
        if (evaluation_absence(page->evaluation, entry)[0] != '\0')
            continue;
        fill_line(x, x + horizon, x + 2 * horizon, x + 3 * horizon, page->evaluation, entry,
                  charts[which].metric);
        series[count++] = (struct chart_series){.name = options->entries[entry].forecaster->name,
                                                .style = CHART_LINE,
                                                .count = horizon,
                                                .x = x,
                                                .y = x + horizon,
                                                .low = x + 2 * horizon,
                                                .high = x + 3 * horizon};
    }
    write_time_label(time_label, sizeof time_label, page->evaluation);
    const struct chart chart = {.title = charts[which].title,
                                .x_label = time_label,
                                .y_label = charts[which].label,
                                .series = series,
                                .series_count = count};
    snprintf(name, sizeof name, "figures/%s", charts[which].stem);
    TRY_GOTO(path_join(stem, sizeof stem, page->folder, name), cleanup);
    TRY_GOTO(chart_write(stem, &chart), cleanup);
cleanup:
    array_free(points);
    return status;
}

/* Draws and embeds the charts; without gnuplot the page says that they are missing. */
static enum status add_charts(struct report *report, const struct evaluation_page *page)
{
    for (int which = 0; which < CHARTS; which++) {
        char path[PATH_SIZE], name[64];
        enum status status = write_chart(page, which);
        if (status == ERR_UNSUPPORTED) {
            log_warning("no chart was drawn: %s", error_message());
            report_paragraph(report, "Charts are missing: gnuplot was not there to draw them.");
            return OK;
        }
        TRY(status);
        snprintf(name, sizeof name, "figures/%s.svg", charts[which].stem);
        TRY(path_join(path, sizeof path, page->folder, name));
        TRY(report_figure(report, path, charts[which].caption));
    }
    return OK;
}

/* The small picture in the page leads to the full-size one beside it. */
static enum status add_picture(struct report *report, const struct evaluation_page *page, int64_t k)
{
    char path[PATH_SIZE], preview[PATH_SIZE], name[64], small[64];
    const struct evaluation_picture *picture = evaluation_picture_at(page->evaluation, k);
    snprintf(name, sizeof name, "figures/flow-%lld.png", (long long)k);
    snprintf(small, sizeof small, "figures/flow-%lld-small.png", (long long)k);
    TRY(path_join(path, sizeof path, page->folder, name));
    TRY(path_join(preview, sizeof preview, page->folder, small));
    struct flow_outline outline = {.shown = {.count = 0}};
    flow_outline_find(&outline, page->book, &picture->flow);
    enum status status = flow_figures_comparison(path, page->evaluation, picture, &outline,
                                                 page->rows, FLOW_FIGURES_FULL);
    if (status == OK)
        status = flow_figures_comparison(preview, page->evaluation, picture, &outline, page->rows,
                                         FLOW_FIGURES_PREVIEW);
    flow_outline_fini(&outline);
    TRY(status);
    TRY(report_preview(report, preview, name,
                       "Vorticity at six instants of one rollout; above each panel the relative "
                       "L2 error of its velocity."));
    return OK;
}

/* One animation moves in the page, the first; the others are files beside it. */
static enum status add_pictures(struct report *report, const struct evaluation_page *page)
{
    int64_t count = evaluation_pictures(page->evaluation);
    for (int64_t k = 0; k < count; k++) {
        TRY(add_picture(report, page, k));
        if (k >= page->animation_count)
            continue;
        char name[64];
        snprintf(name, sizeof name, "figures/%s", path_base_name(page->animations[k]));
        if (k == 0)
            TRY(report_figure(report, page->animations[k], "The same rollout as an animation."));
        else
            report_link(report, name, "The same rollout as an animation, a file beside this page");
    }
    return OK;
}

/* Its kind: beating the baseline is not enough, a cheaper rival as good makes it mixed. */
static void add_verdict(struct report *report, const struct evaluation *evaluation, int64_t entry,
                        enum scoreboard_window window)
{
    struct verdict verdict;
    char headline[128];
    verdict_reach(&verdict, evaluation, entry, window);
    int beats = verdict.error < verdict.baseline_error;
    int faster = verdict.equal_accuracy == VERDICT_NONE || verdict.speed_up > 1;
    snprintf(headline, sizeof headline, "%s, over %s",
             evaluation_get_options(evaluation)->entries[entry].forecaster->name,
             scoreboard_window_words(window));
    report_verdict(report,
                   beats && faster ? REPORT_BETTER
                   : beats         ? REPORT_MIXED
                                   : REPORT_WORSE,
                   headline, verdict.text);
}

/* Three windows of one candidate, or one of each of several. */
static void add_verdicts(struct report *report, const struct evaluation *evaluation)
{
    const struct evaluation_options *options = evaluation_get_options(evaluation);
    int candidates = 0;
    for (int64_t entry = 0; entry < options->count; entry++)
        candidates += options->entries[entry].role == EVALUATION_CANDIDATE;
    for (int64_t entry = 0; entry < options->count; entry++) {
        if (options->entries[entry].role != EVALUATION_CANDIDATE)
            continue;
        for (int window = candidates > 1 ? SCOREBOARD_ROLLOUT : SCOREBOARD_CALL;
             window < SCOREBOARD_WINDOWS; window++)
            add_verdict(report, evaluation, entry, (enum scoreboard_window)window);
    }
}

static void add_table(struct report *report, struct table *table, const char *caption)
{
    report_table(report, table, caption);
    table_destroy(table);
}

static enum status add_scores(struct report *report, const struct evaluation_page *page)
{
    struct table *table = NULL;
    report_heading(report, "Scores");
    report_paragraph(report, page->scope);
    TRY(evaluation_tables_scores(&table, page->evaluation));
    add_table(report, table,
              "Relative L2 error of velocity, mean and standard deviation over rollouts; one "
              "call, one shedding period and the whole rollout are different things. The "
              "solver runs are started from the truth's own state, so they are its fair "
              "rivals.");
    return OK;
}

static enum status add_details(struct report *report, const struct evaluation *evaluation)
{
    struct table *table = NULL;
    report_heading(report, "Every metric");
    for (int window = 0; window < SCOREBOARD_WINDOWS; window++) {
        report_subheading(report, scoreboard_window_words((enum scoreboard_window)window));
        TRY(evaluation_tables_metrics(&table, evaluation, (enum scoreboard_window)window));
        add_table(
            report, table,
            "Mean and standard deviation over rollouts. Errors are relative to the truth, those "
            "named wake to its departure from the free stream.");
    }
    report_heading(report, "Every rollout");
    TRY(evaluation_tables_rollouts(&table, evaluation));
    add_table(report, table, "Relative L2 error of velocity in percent.");
    return OK;
}

static enum status fill_page(struct report *report, const struct evaluation_page *page)
{
    add_verdicts(report, page->evaluation);
    TRY(add_scores(report, page));
    report_heading(report, "The flows");
    TRY(add_pictures(report, page));
    report_heading(report, "Over time");
    TRY(add_charts(report, page));
    TRY(add_details(report, page->evaluation));
    report_heading(report, "How this was made");
    report_facts(report, page->facts, page->fact_count);
    report_verbatim(report, page->config);
    return OK;
}

enum status evaluation_page_write(const struct evaluation_page *page)
{
    enum status status = OK;
    char path[PATH_SIZE];
    struct report *report = NULL;
    TRY_GOTO(path_join(path, sizeof path, page->folder, "figures"), cleanup);
    TRY_GOTO(path_make_folder(path), cleanup);
    TRY_GOTO(report_create(&report, page->title, page->subtitle), cleanup);
    TRY_GOTO(fill_page(report, page), cleanup);
    TRY_GOTO(path_join(path, sizeof path, page->folder, "report.html"), cleanup);
    TRY_GOTO(report_write(report, path), cleanup);
cleanup:
    report_destroy(report);
    return status;
}
