/* SPDX-License-Identifier: Apache-2.0
 *
 * What a report of bench.h holds, for bench.c, which measures, and bench_report.c, which keeps and
 * shows. */
#pragma once

#include "bench.h"

enum { BENCH_TITLE = 96 };

/* One contestant over all turns. */
struct bench_row {
    const struct bench_contestant *contestant;
    struct bench_spread seconds, rate; /* of a turn; amount a second */
    struct bench_spread ratio;         /* time for the same amount / the first row's in that turn */
    struct bench_spread work;          /* the same of processor seconds */
    struct bench_spread shares[BENCH_BOUNDS];
};

struct bench_group {
    char title[BENCH_TITLE];
    struct bench_row *rows;
    size_t count;
};

struct bench_fact {
    const char *name, *unit;
    double value;
};

/* Where the time of something goes. */
struct bench_breakdown {
    char title[BENCH_TITLE];
    struct bench_part *parts;
    size_t count;
    double peak; /* operations a second; 0: not known */
};

struct bench_report {
    const char *name;
    int64_t turns;
    struct bench_group *groups;
    size_t group_count, group_capacity;
    struct bench_breakdown *breakdowns;
    size_t breakdown_count, breakdown_capacity;
    struct bench_fact *facts;
    size_t fact_count, fact_capacity;
};

/* A new group of `rows` rows, all zero, at the end of the report. */
enum status bench_report_add_group(struct bench_group **out, struct bench_report *report,
                                   const char *title, size_t rows);
