/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include "array.h"
#include "bench_list.h"
#include "config.h"
#include "stop.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define DECLARE(name) extern const struct bench bench_##name;
BENCH_LIST(DECLARE)

#define ADDRESS(name) &bench_##name,
static const struct bench *const benches[] = {BENCH_LIST(ADDRESS)};

static const char *const bounds[BENCH_BOUNDS] = {"memory", "vectors"};

enum { BENCHES = (int)(sizeof benches / sizeof benches[0]), TITLE_SIZE = 96 };

/* One contestant over all turns. */
struct bench_row {
    const struct bench_contestant *contestant;
    struct bench_spread seconds, rate; /* of a turn; amount a second */
    struct bench_spread ratio;         /* time for the same amount / the first row's in that turn */
    struct bench_spread work;          /* the same of processor seconds */
    struct bench_spread shares[BENCH_BOUNDS];
};

struct bench_group {
    char title[TITLE_SIZE];
    struct bench_row *rows;
    size_t count;
};

struct bench_fact {
    const char *name, *unit;
    double value;
};

struct bench_report {
    const char *name;
    int64_t turns;
    struct bench_group *groups;
    size_t group_count, group_capacity;
    struct bench_fact *facts;
    size_t fact_count, fact_capacity;
};

/* ---- the list ---- */

int64_t bench_count(void)
{
    return BENCHES;
}

const struct bench *bench_at(int64_t index)
{
    return benches[index];
}

enum status bench_find(const struct bench **out, const char *name)
{
    const char *names[BENCHES];
    for (int i = 0; i < BENCHES; i++) {
        names[i] = benches[i]->name;
        if (strcmp(name, names[i]) == 0) {
            *out = benches[i];
            return OK;
        }
    }
    const char *near = config_suggest(name, names, BENCHES);
    if (near != NULL)
        return FAIL(ERR_USAGE, "benchmark '%s' is unknown; did you mean '%s'?", name, near);
    return FAIL(ERR_USAGE, "benchmark '%s' is unknown; 'wakecast bench' lists those there are",
                name);
}

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
    free(report->groups);
    free(report->facts);
    free(report);
}

int64_t bench_report_turns(const struct bench_report *report)
{
    return report->turns;
}

enum status bench_note(struct bench_report *report, const char *name, double value,
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

/* ---- measuring ---- */

static double processor_seconds(int who)
{
    struct rusage usage;
    if (getrusage(who, &usage) != 0)
        return 0;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

struct bench_clock bench_clock_now(void)
{
    return (struct bench_clock){stop_clock(), processor_seconds(RUSAGE_SELF) +
                                                  processor_seconds(RUSAGE_CHILDREN)};
}

void bench_clock_end(struct bench_turn *out, const struct bench_clock *began, double amount)
{
    struct bench_clock now = bench_clock_now();
    *out = (struct bench_turn){
        .seconds = now.seconds - began->seconds, .amount = amount, .work = now.work - began->work};
}

static int compare(const void *first, const void *second)
{
    const double a = *(const double *)first, b = *(const double *)second;
    return (a > b) - (a < b);
}

struct bench_spread bench_spread_of(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    size_t half = count / 2;
    double median = count % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
    return (struct bench_spread){median, values[0], values[count - 1]};
}

/* Turn `turn` of all contestants into turns[contestant][turn]. */
static enum status take_turn(struct bench_turn *turns, int64_t turn, int64_t all,
                             const struct bench_contestant *contestants, size_t count,
                             void *context)
{
    for (size_t k = 0; k < count; k++) {
        size_t i = turn % 2 == 0 ? k : count - 1 - k;
        struct bench_turn *out = &turns[(int64_t)i * all + turn];
        *out = (struct bench_turn){.amount = 1};
        TRY(contestants[i].run(out, context));
    }
    return OK;
}

/* Sums one contestant's turns up; `first`: those of the first. */
static void fill_row(struct bench_row *row, double *scratch, const struct bench_turn *turns,
                     const struct bench_turn *first, int64_t count)
{
    for (int64_t t = 0; t < count; t++)
        scratch[t] = turns[t].seconds;
    row->seconds = bench_spread_of(scratch, (size_t)count);
    for (int64_t t = 0; t < count; t++)
        scratch[t] = turns[t].amount / turns[t].seconds;
    row->rate = bench_spread_of(scratch, (size_t)count);
    for (int64_t t = 0; t < count; t++)
        scratch[t] = turns[t].seconds / turns[t].amount * first[t].amount / first[t].seconds;
    row->ratio = bench_spread_of(scratch, (size_t)count);
    for (int64_t t = 0; t < count; t++)
        scratch[t] = turns[t].work / turns[t].amount * first[t].amount / first[t].work;
    row->work = bench_spread_of(scratch, (size_t)count);
    for (int bound = 0; bound < BENCH_BOUNDS; bound++) {
        for (int64_t t = 0; t < count; t++)
            scratch[t] = turns[t].shares[bound];
        row->shares[bound] = bench_spread_of(scratch, (size_t)count);
    }
}

static enum status add_group(struct bench_group **out, struct bench_report *report,
                             const char *title, size_t rows)
{
    struct bench_group *grown =
        array_grow(report->groups, &report->group_capacity, report->group_count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    report->groups = grown;
    *out = &grown[report->group_count];
    **out = (struct bench_group){.count = rows};
    snprintf((*out)->title, TITLE_SIZE, "%s", title);
    TRY(ARRAY_NEW((*out)->rows, rows));
    report->group_count++;
    return OK;
}

enum status bench_measure(struct bench_report *report, const char *title,
                          const struct bench_contestant *contestants, size_t count, void *context)
{
    enum status status = OK;
    struct bench_turn *turns = NULL;
    double *scratch = NULL;
    struct bench_group *group = NULL;
    int64_t all = report->turns;
    TRY_GOTO(ARRAY_NEW(turns, (int64_t)count * all), cleanup);
    TRY_GOTO(ARRAY_NEW(scratch, all), cleanup);
    for (int64_t turn = 0; turn < all; turn++)
        TRY_GOTO(take_turn(turns, turn, all, contestants, count, context), cleanup);
    TRY_GOTO(add_group(&group, report, title, count), cleanup);
    for (size_t i = 0; i < count; i++) {
        group->rows[i].contestant = &contestants[i];
        fill_row(&group->rows[i], scratch, turns + (int64_t)i * all, turns, all);
    }
cleanup:
    array_free(turns);
    array_free(scratch);
    return status;
}

/* ---- printing ---- */

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

static enum status describe(struct json *root, const struct bench_report *report)
{
    struct json *groups = json_make_array(), *notes;
    TRY(json_set(root, "bench", json_make_text(report->name)));
    TRY(json_set(root, "turns", json_make_integer(report->turns)));
    TRY(json_set(root, "spread", json_make_text("median, low, high")));
    TRY(json_set(root, "groups", groups));
    for (size_t g = 0; g < report->group_count; g++)
        TRY(describe_group(groups, &report->groups[g]));
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
