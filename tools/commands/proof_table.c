/* SPDX-License-Identifier: Apache-2.0 */
#include "proof_table.h"

#include "array.h"
#include "chart.h"
#include "json.h"
#include "log.h"
#include "path.h"

#include <string.h>

static const char *verdict_of(const struct proof_row *row)
{
    return proof_row_passes(row) ? "pass" : "FAIL";
}

void proof_table_print_list(FILE *stream)
{
    fprintf(stream, "%-18s %9s  %s\n", "name", "seconds", "flow; reference");
    for (int64_t k = 0; k < proof_count(); k++) {
        const struct proof_case *one = proof_at(k);
        fprintf(stream, "%-18s %9.0f  %s, Re %lld, %lld cells; %s\n", one->name, one->seconds,
                one->summary, (long long)one->reynolds, (long long)one->cells, one->source);
    }
}

struct json *proof_table_describe_list(void)
{
    struct json *root = json_make_array();
    for (int64_t k = 0; k < proof_count() && root != NULL; k++) {
        const struct proof_case *one = proof_at(k);
        struct json *entry = json_make_object();
        enum status status = entry != NULL ? OK : ERR_MEMORY;
        if (status == OK)
            status = json_set(entry, "name", json_make_text(one->name));
        if (status == OK)
            status = json_set(entry, "flow", json_make_text(one->summary));
        if (status == OK)
            status = json_set(entry, "source", json_make_text(one->source));
        if (status == OK)
            status = json_set(entry, "reynolds", json_make_integer(one->reynolds));
        if (status == OK)
            status = json_set(entry, "cells", json_make_integer(one->cells));
        if (status == OK)
            status = json_set(entry, "seconds", json_make_real(one->seconds));
        if (status == OK)
            status = json_append(root, entry);
        else
            json_destroy(entry);
        if (status != OK) {
            json_destroy(root);
            return NULL;
        }
    }
    return root;
}

void proof_table_print(FILE *stream, const struct proof_outcome *outcome)
{
    const struct proof *found = &outcome->found;
    fprintf(stream, "%s: %s, Re %lld, %lld cells (%s)\n", outcome->which->name,
            outcome->which->summary, (long long)outcome->which->reynolds,
            (long long)outcome->which->cells, outcome->which->source);
    for (int64_t k = 0; k < found->count; k++) {
        const struct proof_row *row = &found->rows[k];
        fprintf(stream, "  %-4s  %-40s %12.6g  reference %s, allowed %.6g to %.6g\n",
                verdict_of(row), row->quantity, row->value, row->reference, row->low, row->high);
    }
    fprintf(stream, "  %.1f s, %.0f million updates a second\n", outcome->seconds,
            found->updates / outcome->seconds * 1e-6);
}

static enum status describe_row(struct json *rows, const struct proof_row *row)
{
    struct json *entry = json_make_object();
    enum status status = entry != NULL ? OK : ERR_MEMORY;
    TRY_GOTO(status, cleanup);
    TRY_GOTO(json_set(entry, "quantity", json_make_text(row->quantity)), cleanup);
    TRY_GOTO(json_set(entry, "reference", json_make_text(row->reference)), cleanup);
    TRY_GOTO(json_set(entry, "low", json_make_real(row->low)), cleanup);
    TRY_GOTO(json_set(entry, "high", json_make_real(row->high)), cleanup);
    TRY_GOTO(json_set(entry, "value", json_make_real(row->value)), cleanup);
    TRY_GOTO(json_set(entry, "pass", json_make_boolean(proof_row_passes(row))), cleanup);
    status = json_append(rows, entry);
    entry = NULL;
cleanup:
    json_destroy(entry);
    return status;
}

static enum status describe_outcome(struct json *root, const struct proof_outcome *outcome)
{
    enum status status = OK;
    struct json *entry = json_make_object(), *rows = json_make_array();
    TRY_GOTO(entry != NULL && rows != NULL ? OK : ERR_MEMORY, cleanup);
    for (int64_t k = 0; k < outcome->found.count; k++)
        TRY_GOTO(describe_row(rows, &outcome->found.rows[k]), cleanup);
    TRY_GOTO(json_set(entry, "pass", json_make_boolean(proof_passes(&outcome->found))), cleanup);
    TRY_GOTO(json_set(entry, "seconds", json_make_real(outcome->seconds)), cleanup);
    TRY_GOTO(json_set(entry, "updates", json_make_real(outcome->found.updates)), cleanup);
    status = json_set(entry, "rows", rows);
    rows = NULL;
    TRY_GOTO(status, cleanup);
    status = json_set(root, outcome->which->name, entry);
    entry = NULL;
cleanup:
    json_destroy(rows);
    json_destroy(entry);
    return status;
}

struct json *proof_table_describe(const struct proof_outcome *outcomes, int64_t count)
{
    struct json *root = json_make_object();
    for (int64_t k = 0; k < count && root != NULL; k++)
        if (describe_outcome(root, &outcomes[k]) != OK) {
            json_destroy(root);
            return NULL;
        }
    return root;
}

void proof_table_markdown(FILE *stream, const struct proof_outcome *outcomes, int64_t count)
{
    fprintf(stream, "| case | quantity | reference | allowed | ours | | command |\n"
                    "| --- | --- | --- | --- | --- | --- | --- |\n");
    for (int64_t k = 0; k < count; k++) {
        const struct proof_case *which = outcomes[k].which;
        const struct proof *found = &outcomes[k].found;
        for (int64_t i = 0; i < found->count; i++) {
            const struct proof_row *row = &found->rows[i];
            if (i == 0)
                fprintf(stream, "| %s, Re %lld, %lld cells ", which->summary,
                        (long long)which->reynolds, (long long)which->cells);
            else
                fprintf(stream, "| ");
            fprintf(stream, "| %s | %s | %.5g to %.5g | %.5g | %s |", row->quantity, row->reference,
                    row->low, row->high, row->value, verdict_of(row));
            if (i == 0)
                fprintf(stream, " `wakecast validate %s` |\n", which->name);
            else
                fprintf(stream, " |\n");
        }
    }
}

enum status proof_table_chart(const char *folder, const struct proof_outcome *outcome)
{
    const struct proof *found = &outcome->found;
    struct chart_series series[PROOF_COLUMNS];
    double *columns = NULL;
    char stem[PATH_SIZE];
    enum status status = OK;
    if (found->points == 0)
        return OK;
    TRY_GOTO(path_join(stem, sizeof stem, folder, outcome->which->name), cleanup);
    TRY_GOTO(ARRAY_NEW(columns, found->column_count * found->points), cleanup);
    for (int64_t c = 0; c < found->column_count; c++)
        for (int64_t k = 0; k < found->points; k++)
            columns[c * found->points + k] = found->series[k * found->column_count + c];
    for (int64_t c = 1; c < found->column_count; c++)
        series[c - 1] = (struct chart_series){.name = found->columns[c],
                                              .count = found->points,
                                              .x = columns,
                                              .y = columns + c * found->points};
    const struct chart chart = {.title = outcome->which->name,
                                .x_label = found->columns[0],
                                .y_label = "",
                                .series = series,
                                .series_count = found->column_count - 1};
    status = chart_write(stem, &chart);
    if (status == ERR_UNSUPPORTED) {
        log_warning("%s; %s.csv holds the figures", error_message(), stem);
        error_clear();
        status = OK;
    }
cleanup:
    array_free(columns);
    return status;
}
