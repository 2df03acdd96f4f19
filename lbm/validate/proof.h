/* SPDX-License-Identifier: Apache-2.0
 *
 * Flows that the solver must reproduce, each with its reference, the interval in which our value
 * counts as right, and our value. The cases stand in proof_list.h, one file for each kind of
 * flow; the short ones are tests too. What a case computes is the same bits on every machine and
 * from any number of threads. Printing and files are `wakecast validate`'s part. */
#pragma once

#include "error.h"
#include "stop.h"

#include <stdint.h>

enum { PROOF_ROWS = 16, PROOF_COLUMNS = 4 };

struct proof_row {
    const char *quantity;
    const char *reference; /* in words */
    double low, high;      /* what is allowed */
    double value;          /* ours */
};

/* What a run has to keep to and what it found. */
struct proof {
    int threads;
    const struct stop *stop; /* may be NULL */
    struct proof_row rows[PROOF_ROWS];
    int64_t count;
    double updates; /* of cells */
    /* A picture of the run: columns of numbers, the first is the abscissa. */
    const char *columns[PROOF_COLUMNS];
    int64_t column_count, points, room;
    double *series; /* [points][column_count] */
};

struct proof_case {
    const char *name;    /* "cavity-re100-64" */
    const char *summary; /* what flows */
    const char *source;  /* of the reference */
    double seconds;      /* that it takes on one quiet core, roughly */
    int64_t reynolds, cells;
    enum status (*run)(struct proof *proof, const struct proof_case *which);
};

int64_t proof_count(void);
const struct proof_case *proof_at(int64_t index);

/* ERR_USAGE with the names there are. */
enum status proof_find(const struct proof_case **out, const char *name);

void proof_init(struct proof *out, int threads, const struct stop *stop);
void proof_fini(struct proof *proof);

/* ERR_STOPPED when asked; ERR_NUMERIC when a flow diverges or does not come to the state that is to
 * be judged. */
enum status proof_run(struct proof *proof, const struct proof_case *which);

/* 1 when the value is in its interval; when all are. */
int proof_row_passes(const struct proof_row *row);
int proof_passes(const struct proof *proof);

/* For the cases. A row; the texts are kept. */
void proof_add(struct proof *proof, const char *quantity, const char *reference, double low,
               double high, double value);

/* The same, allowed being `tolerance` of the reference on each side. */
void proof_add_near(struct proof *proof, const char *quantity, const char *reference, double wanted,
                    double tolerance, double value);

/* The series' columns, ended by NULL; one point more. */
void proof_series(struct proof *proof, const char *const *columns);
enum status proof_point(struct proof *proof, const double *values);

/* ERR_STOPPED when asked to stop. */
enum status proof_go_on(const struct proof *proof);

/* The functions of the list. */
#define X(function, name, reynolds, cells, seconds, summary, source)                               \
    enum status function(struct proof *proof, const struct proof_case *which);
#include "proof_list.h"
#undef X
