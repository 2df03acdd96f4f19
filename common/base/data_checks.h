/* SPDX-License-Identifier: Apache-2.0
 *
 * Does a case look like a flow? The data checks of The Well (not a number, constant frames,
 * repeated frames, outliers) and what our own format promises, each finding with its frame, field
 * and cell. Looks at one case at a time, changes nothing, knows no file. The rules are exact
 * statements (data_checks_rule), so that a finding can be checked by hand. */
#pragma once

#include "case_record.h"
#include "error.h"

#include <stddef.h>
#include <stdint.h>

enum data_check {
    DATA_CHECK_NOT_FINITE,
    DATA_CHECK_BODY,     /* values in bodies are not those of rest */
    DATA_CHECK_CONSTANT, /* a field that is the same everywhere */
    DATA_CHECK_REPEATED, /* a frame that is the one before it */
    DATA_CHECK_JUMP,     /* a frame far from all others of its case */
    DATA_CHECK_SPIKE,    /* a cell far from its neighbours */
    DATA_CHECK_STEADY,   /* the wake no longer changes: no fault, but good to know */
    DATA_CHECK_KINDS
};

/* The limits of the rules. */
#define DATA_CHECKS_JUMP 3.0   /* times the range of the other frames' means */
#define DATA_CHECKS_SPIKE 10.0 /* times the mean departure of the frame's cells from their mean */
#define DATA_CHECKS_FLOOR                                                                          \
    1e-3                        /* of U (density: of 3 U^2): a range or departure below counts so  \
                                 */
#define DATA_CHECKS_STEADY 1e-3 /* change of a frame over the wake's departure from the stream */
enum { DATA_CHECKS_JUMP_FRAMES = 5, DATA_CHECKS_STEADY_FRAMES = 4 }; /* fewer are not judged */

struct data_finding {
    enum data_check check;
    int64_t case_index;
    int64_t frame;     /* -1: of no frame */
    const char *field; /* "density", "ux", "uy", "velocity", "sdf", "Cd", "Cl"; static */
    int64_t x, y;      /* the first cell, -1: none */
    int64_t cells;     /* that are so; 0: all, or none in particular */
    double value;      /* found there; not a number where there is none to tell */
};

/* Findings of any number of cases: all are counted, the first of each kind are kept. {0} is empty.
 */
enum { DATA_CHECKS_KEPT = 200 };
struct data_findings {
    struct data_finding *kept; /* in the order they were found */
    size_t kept_count, kept_capacity;
    int64_t counts[DATA_CHECK_KINDS];
};

void data_checks_fini(struct data_findings *findings);

/* "not-finite", "constant", ... */
const char *data_checks_name(enum data_check check);
/* The rule in one line. */
const char *data_checks_rule(enum data_check check);
/* 1: a fault; 0: worth knowing, nothing is wrong. */
int data_checks_is_fault(enum data_check check);
/* Faults in all. */
int64_t data_checks_faults(const struct data_findings *findings);

/* Adds the findings of one case. ERR_MEMORY. */
enum status data_checks_run(struct data_findings *out, const struct case_record *record);
