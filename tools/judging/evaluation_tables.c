/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluation_tables.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CELL = 96, COLUMNS = 2 + 2 * EVALUATION_ENTRIES };

/* A row being filled. */
struct row {
    char texts[COLUMNS][CELL];
    const char *cells[COLUMNS];
    int count;
};

static char *next_cell(struct row *row)
{
    row->cells[row->count] = row->texts[row->count];
    return row->texts[row->count++];
}

static void put_text(struct row *row, const char *text)
{
    snprintf(next_cell(row), CELL, "%s", text);
}

static void put_number(struct row *row, const char *format, double value)
{
    char *cell = next_cell(row);
    cell[0] = '\0';
    if (!isfinite(value))
        return;
    if (strcmp(format, "%") == 0)
        snprintf(cell, CELL, "%.2f", 100 * value);
    else if (strcmp(format, "ms") == 0)
        snprintf(cell, CELL, value < 0.001 ? "%.3f" : "%.2f", 1000 * value);
    else
        snprintf(cell, CELL, "%.3f", value);
}

/* "7.21 ± 1.30", in percent where the metric is an error. */
static void put_spread(struct row *row, const struct scoreboard_spread *spread, double factor)
{
    char *cell = next_cell(row);
    if (spread->diverged > 0)
        snprintf(cell, CELL, "diverged in %lld of %lld", (long long)spread->diverged,
                 (long long)spread->count);
    else if (spread->count == 0 || !isfinite(spread->mean))
        cell[0] = '\0';
    else
        snprintf(cell, CELL, factor == 1 ? "%.3f ± %.3f" : "%.2f ± %.2f", factor * spread->mean,
                 factor * spread->deviation);
}

static int is_error(enum metrics_kind metric)
{
    return metric != METRICS_VORTICITY && metric != METRICS_ENERGY && metric != METRICS_ENERGY_WAKE;
}

static void put_window(struct row *row, const struct evaluation *evaluation, int64_t entry,
                       enum scoreboard_window window, enum metrics_kind metric)
{
    struct scoreboard_spread spread = scoreboard_over_window(evaluation, entry, window, metric);
    put_spread(row, &spread, is_error(metric) ? 100 : 1);
}

static enum status add_row(struct table *table, const struct evaluation *evaluation, int64_t entry,
                           const struct row *row)
{
    TRY(table_add(table, row->cells));
    if (evaluation_get_options(evaluation)->entries[entry].role == EVALUATION_CANDIDATE)
        table_highlight(table);
    return OK;
}

/* The name; why it took no part stands in the second cell. */
static enum status add_absent(struct table *table, const struct evaluation *evaluation,
                              int64_t entry, int columns)
{
    struct row row = {.count = 0};
    char reason[CELL];
    put_text(&row, evaluation_get_options(evaluation)->entries[entry].forecaster->name);
    snprintf(reason, sizeof reason, "absent: %.80s", evaluation_absence(evaluation, entry));
    put_text(&row, reason);
    while (row.count < columns)
        put_text(&row, "");
    TRY(table_add(table, row.cells));
    return OK;
}

static enum status add_scores(struct table *table, const struct evaluation *evaluation,
                              int64_t entry)
{
    struct row row = {.count = 0};
    double forecast = nan(""), truth = nan("");
    int64_t count = 0;
    put_text(&row, evaluation_get_options(evaluation)->entries[entry].forecaster->name);
    for (int window = 0; window < SCOREBOARD_WINDOWS; window++)
        put_window(&row, evaluation, entry, (enum scoreboard_window)window, METRICS_VELOCITY);
    put_window(&row, evaluation, entry, SCOREBOARD_ROLLOUT, METRICS_VORTICITY);
    scoreboard_strouhal(&forecast, &truth, &count, evaluation, entry);
    put_number(&row, "", forecast);
    put_number(&row, "", truth);
    put_number(&row, "ms", scoreboard_cost(evaluation, entry));
    TRY(add_row(table, evaluation, entry, &row));
    return OK;
}

enum status evaluation_tables_scores(struct table **out, const struct evaluation *evaluation)
{
    static const char *const headers[] = {"forecaster",  "one call, %",           "one period, %",
                                          "rollout, %",  "vorticity correlation", "St",
                                          "St of truth", "ms a frame, one thread"};
    enum { HEADERS = (int)(sizeof headers / sizeof headers[0]) };
    enum status status = OK;
    struct table *table = NULL;
    TRY_GOTO(table_create(&table, HEADERS, headers), cleanup);
    for (int64_t entry = 0; entry < evaluation_get_options(evaluation)->count; entry++) {
        if (evaluation_absence(evaluation, entry)[0] != '\0')
            TRY_GOTO(add_absent(table, evaluation, entry, HEADERS), cleanup);
        else
            TRY_GOTO(add_scores(table, evaluation, entry), cleanup);
    }
    *out = table;
    table = NULL;
cleanup:
    table_destroy(table);
    return status;
}

/* The header of a table with a column for every forecaster that took part. */
static void put_names(struct row *headers, const struct evaluation *evaluation, const char *first)
{
    const struct evaluation_options *options = evaluation_get_options(evaluation);
    put_text(headers, first);
    for (int64_t entry = 0; entry < options->count; entry++)
        if (evaluation_absence(evaluation, entry)[0] == '\0')
            put_text(headers, options->entries[entry].forecaster->name);
}

static enum status add_metric(struct table *table, const struct evaluation *evaluation,
                              enum scoreboard_window window, enum metrics_kind metric)
{
    struct row row = {.count = 0};
    snprintf(next_cell(&row), CELL, "%s%s", metrics_name(metric), is_error(metric) ? ", %" : "");
    for (int64_t entry = 0; entry < evaluation_get_options(evaluation)->count; entry++)
        if (evaluation_absence(evaluation, entry)[0] == '\0')
            put_window(&row, evaluation, entry, window, metric);
    TRY(table_add(table, row.cells));
    return OK;
}

enum status evaluation_tables_metrics(struct table **out, const struct evaluation *evaluation,
                                      enum scoreboard_window window)
{
    enum status status = OK;
    struct table *table = NULL;
    struct row headers = {.count = 0};
    put_names(&headers, evaluation, "metric");
    TRY_GOTO(table_create(&table, headers.count, headers.cells), cleanup);
    for (int metric = 0; metric < METRICS_KINDS; metric++)
        TRY_GOTO(add_metric(table, evaluation, window, (enum metrics_kind)metric), cleanup);
    *out = table;
    table = NULL;
cleanup:
    table_destroy(table);
    return status;
}

static double mean_error(const struct evaluation *evaluation, int64_t entry, int64_t rollout,
                         int64_t steps)
{
    double sum = 0;
    for (int64_t step = 1; step <= steps; step++)
        sum += evaluation_value(evaluation, entry, rollout, step, METRICS_VELOCITY);
    return sum / (double)steps;
}

static enum status add_rollout(struct table *table, const struct evaluation *evaluation,
                               int64_t rollout)
{
    const struct evaluation_options *options = evaluation_get_options(evaluation);
    const struct evaluation_rollout *one = evaluation_rollout_at(evaluation, rollout);
    struct row row = {.count = 0};
    snprintf(next_cell(&row), CELL, "%lld: %s, Re %.0f", (long long)one->flow.index,
             one->flow.family, one->flow.reynolds);
    snprintf(next_cell(&row), CELL, "%lld", (long long)one->start);
    for (int64_t entry = 0; entry < options->count; entry++) {
        if (evaluation_absence(evaluation, entry)[0] != '\0')
            continue;
        put_number(&row, "%", mean_error(evaluation, entry, rollout, options->call));
        put_number(&row, "%", mean_error(evaluation, entry, rollout, options->horizon));
    }
    TRY(table_add(table, row.cells));
    return OK;
}

enum status evaluation_tables_rollouts(struct table **out, const struct evaluation *evaluation)
{
    enum status status = OK;
    const struct evaluation_options *options = evaluation_get_options(evaluation);
    struct table *table = NULL;
    struct row headers = {.count = 0};
    put_text(&headers, "case");
    put_text(&headers, "start frame");
    for (int64_t entry = 0; entry < options->count; entry++) {
        if (evaluation_absence(evaluation, entry)[0] != '\0')
            continue;
        const char *name = options->entries[entry].forecaster->name;
        snprintf(next_cell(&headers), CELL, "%s, one call", name);
        snprintf(next_cell(&headers), CELL, "%s, rollout", name);
    }
    TRY_GOTO(table_create(&table, headers.count, headers.cells), cleanup);
    for (int64_t rollout = 0; rollout < evaluation_rollouts(evaluation); rollout++)
        TRY_GOTO(add_rollout(table, evaluation, rollout), cleanup);
    *out = table;
    table = NULL;
cleanup:
    table_destroy(table);
    return status;
}
