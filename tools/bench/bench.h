/* SPDX-License-Identifier: Apache-2.0
 *
 * What the benchmarks of bench_list.h have in common: contestants are run in turns, so that a
 * machine that changes its speed changes it for all; medians with their spread; ratios within a
 * turn; a table and JSON. What is measured is each benchmark's part. */
#pragma once

#include "error.h"
#include "json.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct session;
struct bench_report;

struct bench {
    const char *name;
    const char *summary; /* one line */
    /* required: measures, and fills the report */
    enum status (*run)(struct bench_report *report, struct session *session);
};

/* All of them, in the order of the list. find: ERR_USAGE with a suggestion. */
int64_t bench_count(void);
const struct bench *bench_at(int64_t index);
enum status bench_find(const struct bench **out, const char *name);

/* What a contestant may be held against: a share of 1 is all that the machine gives. */
enum bench_bound { BENCH_OF_MEMORY, BENCH_OF_VECTORS, BENCH_BOUNDS };

/* What one turn of a contestant took. */
struct bench_turn {
    double seconds;
    double amount; /* what was done in that time, in the contestant's unit */
    double work;   /* processor seconds that took, all threads and children together */
    double shares[BENCH_BOUNDS]; /* of the machine's bounds; 0: not known */
};

/* A stretch of time: begin, do, end fills `out`. */
struct bench_clock {
    double seconds, work;
};
struct bench_clock bench_clock_now(void);
void bench_clock_end(struct bench_turn *out, const struct bench_clock *began, double amount);

struct bench_contestant {
    const char *name;
    const char *unit; /* of the amount: "samples", "MB" */
    /* required. `context` is the one given to bench_measure. */
    enum status (*run)(struct bench_turn *out, void *context);
};

/* An empty report that asks for `turns` turns of every contestant. */
enum status bench_report_create(struct bench_report **out, const char *name, int64_t turns);
void bench_report_destroy(struct bench_report *report);
int64_t bench_report_turns(const struct bench_report *report);

/* A group of rows: all contestants, one after the other, in every turn, from the other end in every
 * second turn. The first is what the others are compared with. `title` is copied; names and units
 * are kept; must outlive. */
enum status bench_measure(struct bench_report *report, const char *title,
                          const struct bench_contestant *contestants, size_t count, void *context);

/* Where the time of something goes: lines of a table below the rows, each with its share of the
 * whole and, where operations are known, its rate and the share of `peak` operations a second (0:
 * not known). Everything is copied. */
enum { BENCH_PART_NAME = 64 };
struct bench_part {
    char name[BENCH_PART_NAME];
    double seconds;
    double operations; /* floating-point ones done in that time; 0: not counted */
};
enum status bench_report_break_down(struct bench_report *report, const char *title,
                                    const struct bench_part *parts, size_t count, double peak);

/* A number beside the rows: settings, sizes, shares. `name` and `unit` are kept. */
enum status bench_report_note(struct bench_report *report, const char *name, double value,
                              const char *unit);

void bench_report_print(FILE *stream, const struct bench_report *report);
/* NULL with ERR_MEMORY recorded. */
struct json *bench_report_describe(const struct bench_report *report);

/* Median, least and greatest of values[0 .. count), which are sorted in place. */
struct bench_spread {
    double median, low, high;
};
struct bench_spread bench_spread_of(double *values, size_t count);
