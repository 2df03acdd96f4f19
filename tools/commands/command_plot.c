/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "log.h"
#include "path.h"
#include "run_folder.h"
#include "session.h"
#include "training_curves.h"

#include <stdio.h>

enum { RUNS = 16 };

static enum status plot(struct session *session, const char *folder)
{
    const char *runs[RUNS];
    char stem[PATH_SIZE];
    int64_t count = arguments_count(session->arguments);
    if (count > RUNS)
        return FAIL(ERR_USAGE, "%lld runs are more than the %d that fit one chart",
                    (long long)count, RUNS);
    for (int64_t i = 0; i < count; i++) {
        runs[i] = arguments_at(session->arguments, i);
        TRY(path_join(stem, sizeof stem, runs[i], "metrics.jsonl"));
        if (!path_exists(stem))
            return FAIL(ERR_DATA, "'%s' is no training run: it has no metrics.jsonl", runs[i]);
    }
    TRY(run_folder_open(session, folder, NULL));
    TRY(path_join(stem, sizeof stem, folder, "figures"));
    TRY(path_make_folder(stem));
    TRY(path_join(stem, sizeof stem, folder, "figures/training"));
    TRY(training_curves_write(stem, runs, NULL, count));
    printf("%s-loss.svg\n%s-error.svg\n", stem, stem);
    return OK;
}

static enum status run(struct session *session)
{
    const char *folder;
    TRY(session_output(&folder, session));
    for (int64_t i = 0; i < arguments_count(session->arguments); i++)
        TRY(run_folder_check_input(session, arguments_at(session->arguments, i)));
    TRY(run_folder_check(session, folder));
    TRY(plot(session, folder));
    return OK;
}

const struct command command_plot = {
    .name = "plot",
    .summary = "Overlays the training curves of several runs",
    .usage = "RUN... --output DIR",
    .description = "Writes loss and validation error over the steps as SVG and PNG, each with its\n"
                   "figures beside it as CSV.\n\n"
                   "  wakecast plot run-a run-b --output curves",
    .words_low = 1,
    .words_high = -1,
    .groups = COMMAND_OUTPUT,
    .run = run};
