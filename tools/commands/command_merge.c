/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "command.h"
#include "dataset.h"
#include "dataset_facts.h"
#include "dataset_merge.h"
#include "log.h"
#include "progress.h"
#include "run_folder.h"
#include "session.h"

#include <stdio.h>

static void show_progress(void *context, int64_t done, int64_t total)
{
    struct progress *progress = context;
    char note[64];
    snprintf(note, sizeof note, "%lld of %lld cases", (long long)done, (long long)total);
    progress->total = (double)total;
    progress_update(progress, (double)done, note);
}

static enum status report(const struct session *session, const char *folder)
{
    enum status status = OK;
    struct dataset *dataset = NULL;
    TRY(dataset_open(&dataset, folder));
    if (session_flag(session, "json"))
        status = session_print_json(dataset_facts_describe(dataset));
    else
        dataset_facts_print(stdout, dataset);
    dataset_close(dataset);
    return status;
}

static enum status merge(struct session *session, const char *folder, const char *const *parts,
                         size_t count)
{
    static const enum dataset_existing existing[] = {[SESSION_REFUSE] = DATASET_REFUSE,
                                                     [SESSION_RESUME] = DATASET_RESUME,
                                                     [SESSION_REPLACE] = DATASET_REPLACE};
    struct progress progress;
    progress_begin(&progress, "merge", "cases/s", 1, 0, 0);
    const struct dataset_merge_options options = {.folder = folder,
                                                  .parts = parts,
                                                  .part_count = count,
                                                  .existing = existing[session_existing(session)],
                                                  .stop = &session->stop,
                                                  .progress = show_progress,
                                                  .context = &progress};
    enum status status = dataset_merge(&options);
    progress_end(&progress);
    TRY(status);
    TRY(run_folder_forget(session, folder));
    TRY(run_folder_record(session, folder, NULL));
    log_info("%zu parts merged", count);
    TRY(report(session, folder));
    return OK;
}

static enum status run(struct session *session)
{
    enum status status = OK;
    const char *folder, **parts = NULL;
    size_t count = (size_t)arguments_count(session->arguments);
    TRY(session_output(&folder, session));
    TRY(ARRAY_NEW(parts, count));
    for (size_t i = 0; i < count; i++)
        parts[i] = arguments_at(session->arguments, (int64_t)i);
    status = merge(session, folder, parts, count);
    array_free(parts);
    return status;
}

const struct command command_merge = {
    .name = "merge",
    .summary = "Puts the parts of a dataset together",
    .usage = "PART... --output DIR",
    .description =
        "Joins what 'generate --part 1/N' to 'N/N' wrote, in any order, after checking that the\n"
        "parts are whole, of one configuration and all there. DIR then holds what an undivided\n"
        "'generate' would have written, byte for byte. The parts stay.\n\n"
        "  wakecast merge part-1 part-2 part-3 --output data",
    .words_low = 1,
    .words_high = -1,
    .groups = COMMAND_OUTPUT | COMMAND_RESUME | COMMAND_JSON,
    .run = run};
