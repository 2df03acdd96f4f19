/* SPDX-License-Identifier: Apache-2.0
 *
 * Many cases, one per thread, on one rank or several. Finished cases are handed over in order of
 * their number on rank 0, so the result depends neither on the number of threads nor of ranks. A
 * rank holds `2 * threads` cases at most: those its threads are at, and those that wait for an
 * earlier one. */
#pragma once

#include "case_record.h"
#include "error.h"
#include "flow_case.h"
#include "rank_link.h"
#include "refusal.h"
#include "simulation.h"
#include "stop.h"

#include <stdint.h>

struct ensemble_options {
    int threads; /* of this rank */
    enum case_record_starts starts;
    const struct stop *stop; /* may be NULL */
    void *context;           /* handed to the functions */
    /* required: fills case `index`, its simulation options (threads and stop are overwritten) and
     * the draws refused before it (none when it stays as it is). Thread safe. */
    enum status (*describe)(void *context, struct flow_case *flow_case,
                            struct simulation_options *options, struct refusals *refused,
                            int64_t index);
    /* required on rank 0: takes the finished record of case `index` in ascending order, one at a
     * time; a case that diverged has record->status = ERR_NUMERIC the reason and the place.
     * Borrowed. An error ends the ensemble. */
    enum status (*accept)(void *context, const struct case_record *record, int64_t index);
    /* may be NULL: lattice updates done so far over all cases, from any thread, serialised; on
     * rank 0 alone. */
    void (*progress)(void *context, double updates);
    /* the other ranks that compute cases of this ensemble; NULL: there are none. Kept. */
    struct rank_link *link;
    const char *identity; /* what all ranks must agree on; NULL: nothing */
};

/* Cases first .. first + count - 1 (rank 0's count; the others compute what they are given, and
 * return OK when rank 0 ends it). ERR_STOPPED when asked to stop: the cases accepted so far are
 * complete. What fails on another rank fails on rank 0, which names the rank. */
enum status ensemble_run(const struct ensemble_options *options, int64_t first, int64_t count);
