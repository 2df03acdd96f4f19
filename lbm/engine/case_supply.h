/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the threads of an ensemble get the numbers of cases from and leave what they finished. Two
 * kinds: case_queue.h on the rank that hands out and keeps the order, case_errand.h on the others.
 * The ensemble serialises all calls. */
#pragma once

#include "case_record.h"
#include "error.h"

#include <stdint.h>

struct case_supply;

/* Instead of a number: nothing to do at the moment; nothing to do any more. */
enum { CASE_SUPPLY_WAIT = -1, CASE_SUPPLY_NONE = -2 };

/* What ranks tell each other (rank_link.h). */
enum {
    CASE_SUPPLY_HELLO = 16, /* to rank 0, first of all: what ranks must agree on, a text */
    CASE_SUPPLY_ASK,        /* to rank 0: a thread is idle */
    CASE_SUPPLY_NUMBER,     /* its answer, int64: a case, or CASE_SUPPLY_NONE */
    CASE_SUPPLY_FETCH,      /* from rank 0, int64: this case is due, send it when it is finished */
    CASE_SUPPLY_RECORD,     /* its answer: case_record_bytes */
    CASE_SUPPLY_UPDATES,    /* to rank 0, double: lattice updates done since the last of these */
    CASE_SUPPLY_HALT        /* from rank 0: the ensemble is over */
};

struct case_supply_ops {
    const char *name;
    /* required. The next case to begin. */
    enum status (*take)(int64_t *out, struct case_supply *supply);
    /* required. Takes the record over, whatever comes of it. */
    enum status (*give)(struct case_supply *supply, int64_t number, struct case_record *record);
    /* required. Reads what other ranks say; `updates`: lattice updates done here so far. */
    enum status (*poll)(struct case_supply *supply, double updates);
    /* required. Accepts NULL. */
    void (*destroy)(struct case_supply *supply);
};

struct case_supply {
    const struct case_supply_ops *ops;
    int over;       /* 1: rank 0 ended the ensemble; no failure of this rank */
    double updates; /* done by other ranks, as far as it is known */
};
