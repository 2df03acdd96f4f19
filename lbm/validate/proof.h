/* SPDX-License-Identifier: Apache-2.0
 *
 * Flows that the solver must reproduce. The cases stand in proof_list.h, one file for each kind of
 * flow; the figures they must show in proof_figure_list.h, each with its reference, the interval in
 * which a value counts as right, and ours. What a case computes is the same bits on every machine
 * and from any number of threads, so a run is held against our committed figures too. Printing and
 * files are `wakecast validate`'s part. */
#pragma once

#include "error.h"
#include "stop.h"

#include <stdint.h>

enum { PROOF_ROWS = 16, PROOF_COLUMNS = 4 };

/* What a case must show. */
struct proof_figure {
    const char *name;      /* of the case */
    const char *quantity;  /* in words, once in a case */
    const char *reference; /* in words */
    double wanted;         /* the reference where it is one number, else NAN */
    double low, high;      /* what is allowed */
    double ours;           /* as committed */
};

struct proof_row {
    const struct proof_figure *figure;
    double value; /* of this run */
};

struct proof_case;

/* What a run has to keep to and what it found. */
struct proof {
    int threads;
    const struct stop *stop; /* may be NULL */
    /* Told of the updates of cells so far, several times a second; may be NULL. */
    void (*progress)(void *context, double updates);
    void *context;
    const struct proof_case *which;
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
    double updates;      /* of cells that it takes, 10^9 */
    int64_t reynolds, cells;
    enum status (*run)(struct proof *proof, const struct proof_case *which);
};

int64_t proof_count(void);
const struct proof_case *proof_at(int64_t index);

/* ERR_USAGE with the names there are. */
enum status proof_find(const struct proof_case **out, const char *name);

/* Those of a case stand together, in the order of its rows. */
int64_t proof_figure_count(void);
const struct proof_figure *proof_figure_at(int64_t index);

void proof_init(struct proof *out, int threads, const struct stop *stop);
void proof_fini(struct proof *proof);

/* ERR_STOPPED when asked; ERR_NUMERIC when a flow diverges or does not come to the state that is to
 * be judged. */
enum status proof_run(struct proof *proof, const struct proof_case *which);

/* The rows that were committed, without a run. */
void proof_recall(struct proof *proof, const struct proof_case *which);

/* 1 when the value is in its interval; when all are, and there are any. */
int proof_row_passes(const struct proof_row *row);
int proof_passes(const struct proof *proof);

/* 1 when the value is not the committed one to five digits (or a 10^4th of its interval). */
int proof_row_moved(const struct proof_row *row);

/* For the cases. A row; ERR_INTERNAL when proof_figure_list.h has no such quantity of the case. */
enum status proof_add(struct proof *proof, const char *quantity, double value);

/* The series' columns, ended by NULL; one point more. */
void proof_series(struct proof *proof, const char *const *columns);
enum status proof_point(struct proof *proof, const double *values);

/* Tells of the progress; ERR_STOPPED when asked to stop. */
enum status proof_go_on(const struct proof *proof);

/* The functions of the list. */
#define X(function, name, reynolds, cells, updates, summary, source)                               \
    enum status function(struct proof *proof, const struct proof_case *which);
#include "proof_list.h"
#undef X
