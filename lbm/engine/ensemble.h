/* SPDX-License-Identifier: Apache-2.0
 *
 * Many cases, one per thread. Finished cases are handed over in order of their number, so the
 * result does not depend on the number of threads; no more cases are in memory than threads, plus
 * those that wait for an earlier one (a thread does not begin a new case while `2 * threads` are
 * held). */
#pragma once

#include "case_record.h"
#include "error.h"
#include "flow_case.h"
#include "simulation.h"
#include "stop.h"

#include <stdint.h>

struct ensemble_options {
    int threads;
    enum case_record_starts starts;
    const struct stop *stop; /* may be NULL */
    void *context;           /* handed to the functions */
    /* required: fills case `index` and its simulation options (threads and stop are overwritten).
     * Thread safe. */
    enum status (*describe)(void *context, struct flow_case *flow_case,
                            struct simulation_options *options, int64_t index);
    /* required: takes the finished record of case `index` in ascending order, one at a time; a case
     * that diverged has record->status = ERR_NUMERIC, the reason and the place. Borrowed. An error
     * ends the ensemble. */
    enum status (*accept)(void *context, const struct case_record *record, int64_t index);
    /* may be NULL: lattice updates done so far over all cases, from any thread, serialised. */
    void (*progress)(void *context, double updates);
};

/* Cases first .. first + count - 1. ERR_STOPPED when asked to stop: the cases accepted so far are
 * complete. */
enum status ensemble_run(const struct ensemble_options *options, int64_t first, int64_t count);
