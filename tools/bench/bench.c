/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include "array.h"
#include "bench_list.h"
#include "bench_private.h"
#include "config.h"
#include "stop.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define DECLARE(name) extern const struct bench bench_##name;
BENCH_LIST(DECLARE)

#define ADDRESS(name) &bench_##name,
static const struct bench *const benches[] = {BENCH_LIST(ADDRESS)};

enum { BENCHES = (int)(sizeof benches / sizeof benches[0]) };

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
    TRY_GOTO(bench_report_add_group(&group, report, title, count), cleanup);
    for (size_t i = 0; i < count; i++) {
        group->rows[i].contestant = &contestants[i];
        fill_row(&group->rows[i], scratch, turns + (int64_t)i * all, turns, all);
    }
cleanup:
    array_free(turns);
    array_free(scratch);
    return status;
}
