/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads take numbers from the supply and leave finished cases there. Everything shared is touched
 * inside one critical section; errors are kept there and raised after the parallel region. */
#include "ensemble.h"

#include "case_errand.h"
#include "case_queue.h"

#include <stdio.h>
#include <time.h>

struct ensemble {
    const struct ensemble_options *options;
    struct case_supply *supply;
    volatile sig_atomic_t halted; /* 1: cases in progress are given up */
    struct stop stop;             /* what simulations see: `halted` and the deadline */
    double updates;               /* of this rank */
    enum status status;           /* the first failure */
    char message[ERROR_MESSAGE_SIZE];
};

struct ensemble_progress {
    struct ensemble *ensemble;
    double cells; /* of the case's lattice, times r: updates per canvas step */
    int64_t done;
};

/* ---- inside the critical section ---- */

static void note(struct ensemble *e, enum status status)
{
    if (status == OK || e->status != OK)
        return;
    e->status = status;
    snprintf(e->message, sizeof e->message, "%s", error_message());
    e->halted = 1;
}

/* Hears the other ranks and the request to stop, and tells how far it is. */
static void listen(struct ensemble *e)
{
    const struct ensemble_options *options = e->options;
    if (e->status == OK)
        note(e, e->supply->ops->poll(e->supply, e->updates));
    if (e->status == OK && stop_requested(options->stop) != STOP_NONE)
        note(e, FAIL(ERR_STOPPED, "stopped"));
    if (e->supply->over)
        e->halted = 1;
    if (options->progress != NULL)
        options->progress(options->context, e->updates + e->supply->updates);
}

static int64_t take(struct ensemble *e)
{
    int64_t number = CASE_SUPPLY_NONE;
    if (e->status == OK)
        note(e, e->supply->ops->take(&number, e->supply));
    return e->status == OK ? number : CASE_SUPPLY_NONE;
}

/* Leaves the record with the supply, or keeps the failure. */
static void finish(struct ensemble *e, int64_t number, struct case_record *record,
                   enum status status)
{
    if (status == OK && e->status == OK)
        status = e->supply->ops->give(e->supply, number, record);
    else
        case_record_destroy(record);
    note(e, status);
}

/* ---- one case ---- */

static void on_progress(void *context, int64_t done, int64_t total)
{
    struct ensemble_progress *progress = context;
    (void)total;
#pragma omp critical
    {
        progress->ensemble->updates += progress->cells * (double)(done - progress->done);
        progress->done = done;
        listen(progress->ensemble);
    }
}

/* Into a record of its own; a case that diverged is a finished one. */
static enum status simulate(struct case_record **out, const struct ensemble *e,
                            const struct flow_case *flow_case,
                            const struct simulation_options *options)
{
    enum status status = OK;
    struct simulation *simulation = NULL;
    struct case_record *record = NULL;
    TRY_GOTO(simulation_create(&simulation, flow_case, options), cleanup);
    TRY_GOTO(case_record_create(&record, flow_case->nx, flow_case->ny, flow_case->numerics.frames,
                                e->options->starts),
             cleanup);
    status = simulation_run(simulation, &record->sink);
    if (status == ERR_NUMERIC) { /* the case failed, not the ensemble */
        record->flow = *simulation_flow(simulation);
        record->status = status;
        record->failure = simulation_failure(simulation);
        snprintf(record->reason, sizeof record->reason, "%s", error_message());
        status = OK;
    }
    TRY_GOTO(status, cleanup);
    *out = record;
    record = NULL;
cleanup:
    simulation_destroy(simulation);
    case_record_destroy(record);
    return status;
}

static enum status compute(struct case_record **out, struct ensemble *e, int64_t index)
{
    const struct ensemble_options *options = e->options;
    struct flow_case flow_case;
    struct simulation_options how = {.threads = 1};
    struct ensemble_progress progress = {e, 0, 0};
    struct refusals refused = {{0}};
    TRY(options->describe(options->context, &flow_case, &how, &refused, index));
    how.threads = 1;
    how.stop = &e->stop;
    how.progress = on_progress;
    how.progress_context = &progress;
    progress.cells =
        (double)flow_case_lattice_cells(&flow_case) * (double)flow_case.numerics.refine;
    TRY(simulate(out, e, &flow_case, &how));
    (*out)->refused = refused;
    return OK;
}

static void work(struct ensemble *e)
{
    int64_t number = CASE_SUPPLY_WAIT;
    while (number != CASE_SUPPLY_NONE) {
#pragma omp critical
        {
            listen(e);
            number = take(e);
        }
        if (number == CASE_SUPPLY_WAIT)
            nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        if (number < 0)
            continue;
        struct case_record *record = NULL;
        enum status status = compute(&record, e, number);
#pragma omp critical
        finish(e, number, record, status);
    }
}

enum status ensemble_run(const struct ensemble_options *options, int64_t first, int64_t count)
{
    struct ensemble_options own = *options;
    struct ensemble e = {.options = &own};
    own.threads = options->threads > 1 ? options->threads : 1;
    if (options->link != NULL && options->link->rank > 0)
        TRY(case_errand_create(&e.supply, &own));
    else
        TRY(case_queue_create(&e.supply, &own, first, count));
    e.stop.signal = &e.halted;
    e.stop.deadline = options->stop != NULL ? options->stop->deadline : 0;
#pragma omp parallel num_threads(own.threads) if (own.threads > 1)
    work(&e);
    int over = e.supply->over; /* what was given up then is no failure */
    e.supply->ops->destroy(e.supply);
    return e.status == OK || over ? OK : FAIL(e.status, "%s", e.message);
}
