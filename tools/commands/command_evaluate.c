/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "dataset.h"
#include "evaluation_run.h"
#include "run_folder.h"
#include "session.h"

#include <stdio.h>

static const struct argument_option options[] = {
    {"config", ARGUMENT_TEXT, "CONFIG", 0, 0,
     "its section 'evaluate' says how; the options below stand over it"},
    {"data", ARGUMENT_TEXT, "DATASET", 0, 0, "the dataset whose cases are judged on"},
    {"split", ARGUMENT_TEXT, "SPLIT", 0, 0,
     "the same as --set evaluate.split: train, validation, test-reynolds or test-body"},
    {"frames", ARGUMENT_INTEGER, "N", 3, 100000, "length of a rollout"},
    {"truth-refine", ARGUMENT_INTEGER, "R", 1, 8,
     "recompute the truth at this refinement (start states included)"},
    {"backend", ARGUMENT_TEXT, "NAME", 0, 0, "auto, onednn or ref; default: auto"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static const char *const keys[] = {"evaluate.", NULL};

static enum status run(struct session *session)
{
    struct dataset *dataset = NULL;
    const char *data, *folder;
    TRY(session_read_config(session, arguments_text(session->arguments, "config", NULL)));
    if (session_flag(session, "print-config"))
        return session_print_config(session);
    TRY(session_data(&data, session));
    TRY(session_output(&folder, session));
    TRY(run_folder_check_input(session, arguments_at(session->arguments, 0)));
    TRY(run_folder_check_input(session, data));
    TRY(run_folder_check(session, folder));
    TRY(dataset_open(&dataset, data));
    const struct evaluation_run run = {.session = session,
                                       .dataset = dataset,
                                       .models = {arguments_at(session->arguments, 0)},
                                       .model_count = 1,
                                       .folder = folder,
                                       .title = "Forecasts of flows past bodies, judged"};
    enum status status = evaluation_run_do(&run);
    dataset_close(dataset);
    TRY(status);
    return OK;
}

const struct command command_evaluate = {
    .name = "evaluate",
    .summary = "Judges a network on unseen flows beside persistence and the solver itself",
    .usage = "MODEL --data DATASET --output DIR",
    .description =
        "Rollouts begin at the start states of every case of the split. Writes evaluation.json,\n"
        "evaluation.csv, figures and report.html. The solver rivals are started from the truth's\n"
        "own state, restricted to their grid.\n\n"
        "  wakecast evaluate run/model.safetensors --data data --config configs/quickstart.yaml "
        "\\\n"
        "      --output judged",
    .words_low = 1,
    .words_high = 1,
    .groups = COMMAND_CONFIG | COMMAND_OUTPUT | COMMAND_RESUME | COMMAND_COMPUTE | COMMAND_JSON,
    .options = options,
    .keys = keys,
    .run = run};
