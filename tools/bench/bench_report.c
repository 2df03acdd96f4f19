/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "bench_private.h"

#include <stdlib.h>
#include <string.h>

static const char *const bounds[BENCH_BOUNDS] = {"memory", "vectors"};

/* ---- the report ---- */

enum status bench_report_create(struct bench_report **out, const char *name, int64_t turns)
{
    struct bench_report *report = calloc(1, sizeof *report);
    if (report == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    report->name = name;
    report->turns = turns;
    *out = report;
    return OK;
}

void bench_report_destroy(struct bench_report *report)
{
    if (report == NULL)
        return;
    for (size_t g = 0; g < report->group_count; g++)
        array_free(report->groups[g].rows);
    for (size_t i = 0; i < report->breakdown_count; i++)
        array_free(report->breakdowns[i].parts);
    free(report->groups);
    free(report->breakdowns);
    free(report->facts);
    free(report);
}

int64_t bench_report_turns(const struct bench_report *report)
{
    return report->turns;
}

enum status bench_report_note(struct bench_report *report, const char *name, double value,
                              const char *unit)
{
    struct bench_fact *grown =
        array_grow(report->facts, &report->fact_capacity, report->fact_count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    report->facts = grown;
    grown[report->fact_count++] = (struct bench_fact){name, unit, value};
    return OK;
}

enum status bench_report_add_group(struct bench_group **out, struct bench_report *report,
                                   const char *title, size_t rows)
{
    struct bench_group *grown =
        array_grow(report->groups, &report->group_capacity, report->group_count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    report->groups = grown;
    *out = &grown[report->group_count];
    **out = (struct bench_group){.count = rows};
    snprintf((*out)->title, BENCH_TITLE, "%s", title);
    TRY(ARRAY_NEW((*out)->rows, rows));
    report->group_count++;
    return OK;
}

enum status bench_report_break_down(struct bench_report *report, const char *title,
                                    const struct bench_part *parts, size_t count, double peak)
{
    struct bench_breakdown *grown = array_grow(report->breakdowns, &report->breakdown_capacity,
                                               report->breakdown_count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    report->breakdowns = grown;
    struct bench_breakdown *breakdown = &grown[report->breakdown_count];
    *breakdown = (struct bench_breakdown){.count = count, .peak = peak};
    snprintf(breakdown->title, sizeof breakdown->title, "%s", title);
    TRY(ARRAY_NEW(breakdown->parts, (int64_t)count));
    memcpy(breakdown->parts, parts, count * sizeof *parts);
    report->breakdown_count++;
    return OK;
}

static double seconds_of(const struct bench_breakdown *breakdown)
{
    double seconds = 0;
    for (size_t i = 0; i < breakdown->count; i++)
        seconds += breakdown->parts[i].seconds;
    return seconds;
}

/* ---- printing ---- */

static void print_breakdown(FILE *stream, const struct bench_breakdown *breakdown)
{
    double whole = seconds_of(breakdown);
    fprintf(stream, "\n%-40s %10s %8s %10s %8s\n", breakdown->title, "ms", "of time", "GFLOP/s",
            "of peak");
    for (size_t i = 0; i < breakdown->count; i++) {
        const struct bench_part *part = &breakdown->parts[i];
        fprintf(stream, "  %-38s %10.3f %8.3f", part->name, part->seconds * 1e3,
                part->seconds / whole);
        if (part->operations > 0)
            fprintf(stream, " %10.1f", part->operations / part->seconds * 1e-9);
        if (part->operations > 0 && breakdown->peak > 0)
            fprintf(stream, " %8.3f", part->operations / part->seconds / breakdown->peak);
        fputc('\n', stream);
    }
}

static void print_group(FILE *stream, const struct bench_group *group)
{
    fprintf(stream, "\n%-32s %8s  %-24s %-24s %s\n", group->title, "seconds", "time for the same",
            "processor time", "rate");
    for (size_t i = 0; i < group->count; i++) {
        const struct bench_row *row = &group->rows[i];
        fprintf(
            stream,
            "  %-30s %8.4g  %6.3f (%.3f .. %.3f)  %6.3f (%.3f .. %.3f)  %.4g (%.4g .. %.4g) %s/s",
            row->contestant->name, row->seconds.median, row->ratio.median, row->ratio.low,
            row->ratio.high, row->work.median, row->work.low, row->work.high, row->rate.median,
            row->rate.low, row->rate.high, row->contestant->unit);
        for (int bound = 0; bound < BENCH_BOUNDS; bound++)
            if (row->shares[bound].median > 0)
                fprintf(stream, ", %.2f of %s", row->shares[bound].median, bounds[bound]);
        fputc('\n', stream);
    }
}

void bench_report_print(FILE *stream, const struct bench_report *report)
{
    fprintf(stream, "bench %s: medians of %lld turns\n", report->name, (long long)report->turns);
    for (size_t g = 0; g < report->group_count; g++)
        print_group(stream, &report->groups[g]);
    for (size_t i = 0; i < report->breakdown_count; i++)
        print_breakdown(stream, &report->breakdowns[i]);
    if (report->fact_count > 0)
        fputc('\n', stream);
    for (size_t i = 0; i < report->fact_count; i++)
        fprintf(stream, "  %-40s %.6g %s\n", report->facts[i].name, report->facts[i].value,
                report->facts[i].unit);
}

static struct json *describe_spread(const struct bench_spread *spread)
{
    const double values[] = {spread->median, spread->low, spread->high};
    return json_make_reals(values, 3);
}

/* Those that are known; nothing where none is. */
static enum status describe_shares(struct json *json, const struct bench_row *row)
{
    for (int bound = 0; bound < BENCH_BOUNDS; bound++) {
        char key[32];
        snprintf(key, sizeof key, "share_of_%s", bounds[bound]);
        if (row->shares[bound].median > 0)
            TRY(json_set(json, key, describe_spread(&row->shares[bound])));
    }
    return OK;
}

static enum status describe_row(struct json *array, const struct bench_row *row)
{
    struct json *json = json_make_object();
    if (json == NULL)
        return ERR_MEMORY;
    TRY(json_append(array, json));
    TRY(json_set(json, "name", json_make_text(row->contestant->name)));
    TRY(json_set(json, "unit", json_make_text(row->contestant->unit)));
    TRY(json_set(json, "seconds", describe_spread(&row->seconds)));
    TRY(json_set(json, "per_second", describe_spread(&row->rate)));
    TRY(json_set(json, "ratio", describe_spread(&row->ratio)));
    TRY(json_set(json, "processor_ratio", describe_spread(&row->work)));
    return describe_shares(json, row);
}

static enum status describe_group(struct json *array, const struct bench_group *group)
{
    struct json *json = json_make_object(), *rows = json_make_array();
    if (json == NULL || rows == NULL) {
        json_destroy(json);
        json_destroy(rows);
        return ERR_MEMORY;
    }
    enum status status = json_append(array, json);
    if (status == OK)
        status = json_set(json, "title", json_make_text(group->title));
    if (status != OK) {
        json_destroy(rows);
        return status;
    }
    TRY(json_set(json, "rows", rows));
    for (size_t i = 0; i < group->count; i++)
        TRY(describe_row(rows, &group->rows[i]));
    return OK;
}

static enum status describe_part(struct json *array, const struct bench_part *part)
{
    struct json *json = json_make_object();
    TRY(json == NULL ? ERR_MEMORY : json_append(array, json));
    TRY(json_set(json, "name", json_make_text(part->name)));
    TRY(json_set(json, "seconds", json_make_real(part->seconds)));
    return json_set(json, "operations", json_make_real(part->operations));
}

static enum status describe_breakdown(struct json *array, const struct bench_breakdown *breakdown)
{
    struct json *json = json_make_object(), *parts;
    TRY(json == NULL ? ERR_MEMORY : json_append(array, json));
    TRY(json_set(json, "title", json_make_text(breakdown->title)));
    TRY(json_set(json, "peak", json_make_real(breakdown->peak)));
    parts = json_make_array();
    TRY(json_set(json, "parts", parts));
    for (size_t i = 0; i < breakdown->count; i++)
        TRY(describe_part(parts, &breakdown->parts[i]));
    return OK;
}

static enum status describe(struct json *root, const struct bench_report *report)
{
    struct json *groups = json_make_array(), *breakdowns, *notes;
    TRY(json_set(root, "bench", json_make_text(report->name)));
    TRY(json_set(root, "turns", json_make_integer(report->turns)));
    TRY(json_set(root, "spread", json_make_text("median, low, high")));
    TRY(json_set(root, "groups", groups));
    for (size_t g = 0; g < report->group_count; g++)
        TRY(describe_group(groups, &report->groups[g]));
    breakdowns = json_make_array();
    TRY(json_set(root, "breakdowns", breakdowns));
    for (size_t i = 0; i < report->breakdown_count; i++)
        TRY(describe_breakdown(breakdowns, &report->breakdowns[i]));
    notes = json_make_object();
    TRY(json_set(root, "notes", notes));
    for (size_t i = 0; i < report->fact_count; i++)
        TRY(json_set(notes, report->facts[i].name, json_make_real(report->facts[i].value)));
    return OK;
}

struct json *bench_report_describe(const struct bench_report *report)
{
    struct json *root = json_make_object();
    if (root != NULL && describe(root, report) != OK) {
        json_destroy(root);
        return NULL;
    }
    return root;
}
