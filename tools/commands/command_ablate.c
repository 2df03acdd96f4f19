/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "dataset.h"
#include "evaluation_run.h"
#include "log.h"
#include "path.h"
#include "run_folder.h"
#include "session.h"
#include "training_curves.h"
#include "training_run.h"

#include <stdio.h>

static const struct argument_option options[] = {
    {"data", ARGUMENT_TEXT, "DATASET", 0, 0, "the dataset to learn from and to judge on"},
    {"steps", ARGUMENT_INTEGER, "N", 1, 1e9, "of each variant; the same as --set training.steps=N"},
    {"split", ARGUMENT_TEXT, "SPLIT", 0, 0, "cases to judge on; default: test-body"},
    {"truth-refine", ARGUMENT_INTEGER, "R", 1, 8, "recompute the truth at this refinement"},
    {"backend", ARGUMENT_TEXT, "NAME", 0, 0, "auto, onednn or ref; default: auto"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

/* The four variants. Loss weight and architecture are the only differences. */
static const struct variant {
    const char *name, *folder;
    const char *settings[2]; /* over the configuration; NULL: as it is there */
} variants[] = {{"base", "variants/base", {"network.skips=false", "loss.gradient=0"}},
                {"+ skips", "variants/skips", {"network.skips=true", "loss.gradient=0"}},
                {"+ gradient loss", "variants/gradient", {"network.skips=false", NULL}},
                {"both", "variants/both", {"network.skips=true", NULL}}};

enum { VARIANTS = (int)(sizeof variants / sizeof variants[0]) };

struct ablation {
    struct session *session;
    const struct dataset *dataset;
    const char *folder;
    char folders[VARIANTS][PATH_SIZE], models[VARIANTS][PATH_SIZE];
};

static enum status read_variant(struct config **out, const struct session *session, int which)
{
    const struct variant *variant = &variants[which];
    size_t count = variant->settings[1] != NULL ? 2 : 1;
    TRY(session_read_variant(out, session, arguments_at(session->arguments, 0), variant->settings,
                             count));
    return OK;
}

static struct training_run run_of(const struct ablation *ablation, int which,
                                  const struct config *config)
{
    enum session_existing existing = session_existing(ablation->session);
    return (struct training_run){
        .session = ablation->session,
        .config = config,
        .dataset = ablation->dataset,
        .folder = ablation->folders[which],
        .backend = arguments_text(ablation->session->arguments, "backend", "auto"),
        .begin = existing == SESSION_RESUME ? TRAINER_RESUME : TRAINER_FRESH};
}

static enum status check_variant(const struct ablation *ablation, int which)
{
    struct config *config = NULL;
    TRY(read_variant(&config, ablation->session, which));
    const struct training_run run = run_of(ablation, which, config);
    enum status status = training_run_check(&run);
    config_destroy(config);
    TRY(status);
    return OK;
}

static enum status train_variant(const struct ablation *ablation, int which)
{
    struct config *config = NULL;
    struct trainer_result result = {.step = 0};
    char task[64];
    snprintf(task, sizeof task, "%d of %d, %s", which + 1, VARIANTS, variants[which].name);
    TRY(read_variant(&config, ablation->session, which));
    struct training_run run = run_of(ablation, which, config);
    run.task = task;
    log_info("variant %s", task);
    enum status status = path_make_folder(ablation->folders[which]);
    if (status == OK)
        status = training_run_do(&result, &run);
    config_destroy(config);
    TRY(status);
    return OK;
}

static enum status name_variants(struct ablation *ablation)
{
    for (int i = 0; i < VARIANTS; i++) {
        TRY(path_join(ablation->folders[i], PATH_SIZE, ablation->folder, variants[i].folder));
        TRY(path_join(ablation->models[i], PATH_SIZE, ablation->folders[i], "model.safetensors"));
    }
    return OK;
}

/* Curves of the four over each other; no gnuplot is no reason to fail. */
static enum status draw_curves(const struct ablation *ablation)
{
    const char *folders[VARIANTS], *names[VARIANTS];
    char stem[PATH_SIZE];
    for (int i = 0; i < VARIANTS; i++) {
        folders[i] = ablation->folders[i];
        names[i] = variants[i].name;
    }
    TRY(path_join(stem, sizeof stem, ablation->folder, "figures"));
    TRY(path_make_folder(stem));
    TRY(path_join(stem, sizeof stem, ablation->folder, "figures/training"));
    enum status status = training_curves_write(stem, folders, names, VARIANTS, TRAINING_CURVES_ALL);
    if (status == ERR_UNSUPPORTED)
        log_warning("no chart was drawn: %s", error_message());
    else
        TRY(status);
    return OK;
}

static enum status ablate(struct ablation *ablation)
{
    struct evaluation_run judge = {.session = ablation->session,
                                   .dataset = ablation->dataset,
                                   .model_count = VARIANTS,
                                   .folder = ablation->folder,
                                   .opened = 1,
                                   .title = "Skip connections and gradient loss",
                                   .rows = FLOW_FIGURES_CANDIDATES};
    TRY(name_variants(ablation));
    TRY(run_folder_claim(ablation->session, ablation->folder));
    for (int i = 0; i < VARIANTS; i++)
        TRY(check_variant(ablation, i));
    TRY(run_folder_record(ablation->session, ablation->folder,
                          dataset_get_info(ablation->dataset)->content_digest));
    for (int i = 0; i < VARIANTS; i++) {
        TRY(train_variant(ablation, i));
        judge.models[i] = ablation->models[i];
        judge.names[i] = variants[i].name;
    }
    TRY(draw_curves(ablation));
    TRY(evaluation_run_do(&judge));
    return OK;
}

static enum status run(struct session *session)
{
    struct dataset *dataset = NULL;
    struct ablation ablation = {.session = session};
    const char *data;
    TRY(session_read_config(session, arguments_at(session->arguments, 0)));
    if (session_flag(session, "print-config"))
        return session_print_config(session);
    TRY(session_data(&data, session));
    TRY(session_output(&ablation.folder, session));
    TRY(run_folder_check_input(session, data));
    TRY(run_folder_check(session, ablation.folder));
    TRY(dataset_open(&dataset, data));
    ablation.dataset = dataset;
    enum status status = ablate(&ablation);
    dataset_close(dataset);
    TRY(status);
    return OK;
}

const struct command command_ablate = {
    .name = "ablate",
    .summary = "Trains with and without skips and gradient loss, and compares",
    .usage = "CONFIG --data DATASET --output DIR",
    .description =
        "Trains four variants of one configuration into DIR/variants, judges them together and\n"
        "writes DIR/report.html: rows solver, base, + skips, + gradient loss, both; the error "
        "over\n"
        "the rollout with its spread; a table. --resume goes on variant by variant.\n\n"
        "  wakecast ablate configs/quickstart.yaml --data data --output ablation",
    .words_low = 1,
    .words_high = 1,
    .groups = COMMAND_CONFIG | COMMAND_OUTPUT | COMMAND_RESUME | COMMAND_COMPUTE | COMMAND_JSON,
    .options = options,
    .run = run};
