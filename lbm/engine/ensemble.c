/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads take cases in order of number, and put finished ones into a ring of 2 * threads places;
 * whoever fills the place that is due hands over all that are due. Everything shared is touched
 * inside one critical section; errors are kept there and raised after the parallel region. */
#include "ensemble.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct ensemble {
    const struct ensemble_options *options;
    int64_t first, count;
    int64_t begun, accepted; /* cases, counted from `first` */
    int64_t places;
    struct case_record **ring; /* [places]: finished, waiting for an earlier one */
    double updates;
    enum status status; /* the first failure */
    char message[ERROR_MESSAGE_SIZE];
};

struct ensemble_progress {
    struct ensemble *ensemble;
    double cells; /* of the case's lattice, times r: updates per canvas step */
    int64_t done;
};

enum { ENSEMBLE_NONE = -1, ENSEMBLE_WAIT = -2 };

/* The next case to compute; ENSEMBLE_WAIT while too many are held; ENSEMBLE_NONE at the end. */
static int64_t take(struct ensemble *e)
{
    int64_t taken = ENSEMBLE_NONE;
#pragma omp critical
    {
        if (e->status == OK && e->begun < e->count)
            taken = e->begun - e->accepted < e->places ? e->begun++ : ENSEMBLE_WAIT;
    }
    return taken;
}

static void on_progress(void *context, int64_t done, int64_t total)
{
    struct ensemble_progress *progress = context;
    (void)total;
#pragma omp critical
    {
        struct ensemble *e = progress->ensemble;
        e->updates += progress->cells * (double)(done - progress->done);
        progress->done = done;
        e->options->progress(e->options->context, e->updates);
    }
}

static enum status compute(struct case_record **out, struct ensemble *e, int64_t index)
{
    enum status status = OK;
    const struct ensemble_options *options = e->options;
    struct flow_case flow_case;
    struct simulation_options simulation_options = {.threads = 1};
    struct simulation *simulation = NULL;
    struct case_record *record = NULL;
    struct ensemble_progress progress = {e, 0, 0};
    TRY_GOTO(options->describe(options->context, &flow_case, &simulation_options, index), cleanup);
    simulation_options.threads = 1;
    simulation_options.stop = options->stop;
    simulation_options.progress = options->progress != NULL ? on_progress : NULL;
    simulation_options.progress_context = &progress;
    progress.cells =
        (double)flow_case_lattice_cells(&flow_case) * (double)flow_case.numerics.refine;
    TRY_GOTO(simulation_create(&simulation, &flow_case, &simulation_options), cleanup);
    TRY_GOTO(case_record_create(&record, flow_case.nx, flow_case.ny, flow_case.numerics.frames,
                                options->starts),
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

static void fail(struct ensemble *e, enum status status)
{
    if (e->status != OK)
        return;
    e->status = status;
    snprintf(e->message, sizeof e->message, "%s", error_message());
}

/* Puts a finished record in its place, or keeps the failure, and hands over what is due. */
static void finish(struct ensemble *e, int64_t number, struct case_record *record,
                   enum status status)
{
#pragma omp critical
    {
        if (status != OK)
            fail(e, status);
        else
            e->ring[number % e->places] = record;
        while (e->status == OK && e->ring[e->accepted % e->places] != NULL) {
            struct case_record *due = e->ring[e->accepted % e->places];
            e->ring[e->accepted % e->places] = NULL;
            status = e->options->accept(e->options->context, due, e->first + e->accepted);
            if (status != OK)
                fail(e, status);
            else
                e->accepted++;
            case_record_destroy(due);
        }
    }
}

static void work(struct ensemble *e)
{
    for (int64_t number = take(e); number != ENSEMBLE_NONE; number = take(e)) {
        if (number == ENSEMBLE_WAIT) {
            nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
            continue;
        }
        struct case_record *record = NULL;
        enum status status = compute(&record, e, e->first + number);
        finish(e, number, record, status);
    }
}

enum status ensemble_run(const struct ensemble_options *options, int64_t first, int64_t count)
{
    int threads = options->threads > 1 ? options->threads : 1;
    struct ensemble e = {
        .options = options, .first = first, .count = count, .places = 2 * (int64_t)threads};
    e.ring = calloc((size_t)e.places, sizeof(struct case_record *));
    TRY(e.ring != NULL ? OK : FAIL(ERR_MEMORY, "no memory for %d threads", threads));
#pragma omp parallel num_threads(threads) if (threads > 1)
    work(&e);
    for (int64_t place = 0; place < e.places; place++)
        case_record_destroy(e.ring[place]);
    free(e.ring);
    return e.status == OK ? OK : FAIL(e.status, "%s", e.message);
}
