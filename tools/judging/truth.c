/* SPDX-License-Identifier: Apache-2.0 */
#include "truth.h"

#include "array.h"
#include "build_info.h"
#include "dataset_writer.h"
#include "ensemble.h"
#include "log.h"
#include "option_table.h"
#include "progress.h"
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>

struct recomputation {
    const struct truth *truth;
    const struct case_book *book;
    struct dataset_writer *writer;
    struct progress progress;
    enum split split;
};

static enum status draw(struct flow_case *out, const struct recomputation *work, int64_t index)
{
    TRY(case_draw(out, NULL, &work->book->plan, work->truth->numbers[index]));
    out->numerics.refine = work->truth->refine;
    return OK;
}

static enum status describe(void *context, struct flow_case *flow_case,
                            struct simulation_options *options, struct refusals *refused,
                            int64_t index)
{
    const struct recomputation *work = context;
    (void)refused;
    TRY(draw(flow_case, work, index));
    settings_starts(options, work->book->config);
    return OK;
}

/* The record under the number it has in the recomputed dataset; start states are borrowed. */
static enum status append_numbered(struct dataset_writer *writer, const struct case_record *record,
                                   int64_t index, enum split split)
{
    struct case_record numbered = *record;
    struct start_state states[SIMULATION_STARTS], *pointers[SIMULATION_STARTS];
    numbered.flow.index = index;
    numbered.starts = pointers;
    for (int64_t i = 0; i < record->start_count; i++) {
        states[i] = *record->starts[i];
        states[i].case_index = index;
        pointers[i] = &states[i];
    }
    TRY(dataset_writer_append(writer, &numbered, split, NULL));
    return OK;
}

static enum status accept(void *context, const struct case_record *record, int64_t index)
{
    struct recomputation *work = context;
    if (record->status != OK)
        log_warning("the truth failed: %s", record->reason);
    TRY(append_numbered(work->writer, record, index, work->split));
    return OK;
}

static void show_progress(void *context, double updates)
{
    struct recomputation *work = context;
    progress_update(&work->progress, work->progress.first + updates, NULL);
}

/* Lattice updates of cases first .. last - 1. */
static enum status count_updates(double *out, const struct recomputation *work, int64_t first,
                                 int64_t last)
{
    *out = 0;
    for (int64_t index = first; index < last; index++) {
        struct flow_case drawn;
        TRY(draw(&drawn, work, index));
        *out += (double)flow_case_lattice_cells(&drawn) * (double)drawn.numerics.refine *
                (double)flow_case_total_steps(&drawn);
    }
    return OK;
}

static enum status open_writer(struct recomputation *work, const struct session *session,
                               const char *folder)
{
    const struct flow_case *base = &work->book->plan.base;
    char *text = NULL, name[160];
    TRY(config_write(&text, work->book->config, option_table_dataset_keys()));
    snprintf(name, sizeof name, "%s-r%lld", config_text(work->book->config, "dataset.name"),
             (long long)work->truth->refine);
    const struct dataset_writer_options options = {
        .folder = folder,
        .name = name,
        .config = text,
        .version = build_info_version(),
        .seed = work->book->plan.seed,
        .cases = work->truth->count,
        .nx = base->nx,
        .ny = base->ny,
        .frames = base->numerics.frames,
        .frame_interval = base->numerics.frame_interval,
        .refine = work->truth->refine,
        .existing = session_existing(session) == SESSION_REPLACE ? DATASET_REPLACE : DATASET_RESUME,
        .edge = settings_edge_name(work->book->config)};
    enum status status = dataset_writer_create(&work->writer, &options);
    free(text);
    return status;
}

static enum status run_cases(struct recomputation *work, struct session *session)
{
    double done, total;
    int64_t first = dataset_writer_next(work->writer), count = work->truth->count;
    if (first >= count)
        return OK;
    TRY(count_updates(&done, work, 0, first));
    TRY(count_updates(&total, work, 0, count));
    log_info("computing the truth of %lld cases at r = %lld", (long long)(count - first),
             (long long)work->truth->refine);
    progress_begin(&work->progress, "truth", "MLUPS", 1e6, total, done);
    const struct ensemble_options options = {.threads = session->threads,
                                             .starts = CASE_RECORD_KEEP_STARTS,
                                             .stop = &session->stop,
                                             .context = work,
                                             .describe = describe,
                                             .accept = accept,
                                             .progress = show_progress};
    enum status status = ensemble_run(&options, first, count - first);
    progress_end(&work->progress);
    return status;
}

static enum status recompute(struct truth *truth, struct session *session,
                             const struct case_book *book, enum split split, const char *folder)
{
    enum status status = OK;
    double began = stop_clock();
    struct recomputation work = {.truth = truth, .book = book, .split = split};
    TRY_GOTO(open_writer(&work, session, folder), cleanup);
    status = run_cases(&work, session);
    if (status == ERR_STOPPED) {
        TRY_GOTO(dataset_writer_suspend(work.writer), cleanup);
        TRY_GOTO(FAIL(ERR_STOPPED,
                      "stopped after the truth of %lld of %lld cases; --resume goes on",
                      (long long)dataset_writer_next(work.writer), (long long)truth->count),
                 cleanup);
    }
    TRY_GOTO(status, cleanup);
    TRY_GOTO(dataset_writer_finish(work.writer, NULL), cleanup);
    TRY_GOTO(dataset_open(&truth->recomputed, folder), cleanup);
    truth->dataset = truth->recomputed;
    truth->seconds = stop_clock() - began;
cleanup:
    dataset_writer_destroy(work.writer);
    return status;
}

enum status truth_open(struct truth *out, struct session *session, const struct dataset *dataset,
                       const struct case_book *book, enum split split, int64_t refine,
                       const char *folder)
{
    enum status status = OK;
    int64_t own = dataset_get_info(dataset)->refine;
    *out = (struct truth){.dataset = dataset, .refine = refine == 0 ? own : refine};
    TRY_GOTO(case_book_list(&out->numbers, &out->count, dataset, split), cleanup);
    if (out->refine != own)
        TRY_GOTO(recompute(out, session, book, split, folder), cleanup);
cleanup:
    if (status != OK)
        truth_close(out);
    return status;
}

void truth_close(struct truth *truth)
{
    dataset_close(truth->recomputed);
    array_free(truth->numbers);
    truth->recomputed = NULL;
    truth->numbers = NULL;
}

enum status truth_read(struct case_record **out, const struct truth *truth, int64_t index)
{
    const struct dataset_info *info = dataset_get_info(truth->dataset);
    int64_t place = truth->recomputed != NULL ? index : truth->numbers[index] - info->part.first;
    TRY(dataset_read_case(out, truth->dataset, place, CASE_RECORD_KEEP_STARTS));
    (*out)->flow.index = truth->numbers[index];
    for (int64_t i = 0; i < (*out)->start_count; i++)
        (*out)->starts[i]->case_index = truth->numbers[index];
    return OK;
}
