/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "dataset.h"
#include "log.h"
#include "number_text.h"
#include "ranks.h"
#include "run_folder.h"
#include "session.h"
#include "settings.h"
#include "training_curves.h"
#include "training_flips.h"
#include "training_run.h"
#include "training_settings.h"

#include <math.h>
#include <stdio.h>

static const struct argument_option options[] = {
    {"data", ARGUMENT_TEXT, "DATASET", 0, 0, "the dataset to learn from"},
    {"init", ARGUMENT_TEXT, "MODEL", 0, 0, "begin with this model's weights and normalisation"},
    {"steps", ARGUMENT_INTEGER, "N", 1, 1e9, "the same as --set training.steps=N"},
    {"stop-after", ARGUMENT_INTEGER, "N", 1, 1e9,
     "save and end after step N; --resume goes on to the same result"},
    {"backend", ARGUMENT_TEXT, "NAME", 0, 0, "auto, onednn or ref; default: auto"},
    {"tensorboard", ARGUMENT_FLAG, NULL, 0, 0,
     "writes what metrics.jsonl gets to event files of TensorBoard too, as it comes"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

/* Refused before anything is written; a warning is training_run_do's. */
static enum status check_flips(const struct session *session, const struct dataset *dataset)
{
    struct trainer_options settings = {.flips = LOADER_FLIPS};
    if (!config_is_given(session->config, "training.flips") ||
        !config_switch(session->config, "training.flips"))
        return OK;
    TRY(training_flips_settle(&settings, session->config, dataset));
    return OK;
}

static enum status check(const struct session *session, const struct dataset *dataset)
{
    struct trainer_options settings = {.batch = 0};
    TRY(training_settings_read(&settings, session->config));
    TRY(check_flips(session, dataset));
    int64_t train = dataset_get_info(dataset)->split_counts[SPLIT_TRAIN];
    if (train == 0)
        return FAIL(ERR_CONFIG, "dataset '%s' has no case of the split 'train'",
                    dataset_get_folder(dataset));
    return OK;
}

static enum status dry_run(const struct session *session, const struct dataset *dataset)
{
    enum status status = OK;
    struct trainer_options settings = {.batch = 0};
    double nominal, on_data;
    TRY(training_settings_read(&settings, session->config));
    settings.link = ranks_link(session->ranks);
    const struct dataset_info *info = dataset_get_info(dataset);
    int64_t parameters = network_spec_parameters(&settings.network);
    int64_t windows = training_run_windows(dataset, &settings);
    if (settings.batch == 0)
        TRY(trainer_set_up_choose_batch(&settings.batch, &settings, info->nx, info->ny, windows));
    double memory = trainer_set_up_memory(&settings, info->nx, info->ny);
    double samples = (double)settings.schedule.steps * (double)settings.batch;
    network_spec_flops(&nominal, &on_data, &settings.network, info->nx, info->ny);
    if (!session_flag(session, "json")) {
        printf("network    %s, %lld parameters, %.3f GFLOP a forward pass (%.3f on data)\n",
               settings.network.size, (long long)parameters, nominal / 1e9, on_data / 1e9);
        printf("data       %lld windows in %lld cases\n", (long long)windows,
               (long long)info->split_counts[SPLIT_TRAIN]);
        if (settings.link != NULL)
            printf("ranks      %d, of %lld samples a step each\n", settings.link->count,
                   (long long)settings.batch / settings.link->count);
        printf("training   %lld steps of %lld samples, %.1f epochs, about %.3g GFLOP\n",
               (long long)settings.schedule.steps, (long long)settings.batch,
               windows > 0 ? samples / (double)windows : 0, 3 * samples * on_data / 1e9);
        printf("memory     %.0f MB for the network and its activations%s\n", memory / 1e6,
               settings.link != NULL ? ", on each rank" : "");
        return OK;
    }
    struct json *root = json_make_object();
    if (root == NULL)
        return ERR_MEMORY;
    TRY_GOTO(json_set(root, "parameters", json_make_integer(parameters)), cleanup);
    TRY_GOTO(json_set(root, "windows", json_make_integer(windows)), cleanup);
    TRY_GOTO(json_set(root, "steps", json_make_integer(settings.schedule.steps)), cleanup);
    TRY_GOTO(json_set(root, "batch", json_make_integer(settings.batch)), cleanup);
    TRY_GOTO(json_set(root, "ranks", json_make_integer(ranks_count(session->ranks))), cleanup);
    TRY_GOTO(json_set(root, "memory", json_make_real(memory)), cleanup);
    TRY_GOTO(json_set(root, "flop_per_sample", json_make_real(3 * on_data)), cleanup);
    status = session_print_json(root);
    root = NULL;
cleanup:
    json_destroy(root);
    return status;
}

static void print_words(const struct trainer_result *result, double loss, const char *folder)
{
    char time[32];
    number_text_write_time(time, sizeof time, result->seconds);
    printf("model      %s/model.safetensors\nsteps      %lld", folder, (long long)result->step);
    if (isfinite(loss))
        printf(", loss %.5g", loss);
    if (result->first < result->step || !result->ended)
        printf(", in %s\n", time);
    else
        printf(", complete: nothing was left to do\n");
}

static enum status print_json(const struct trainer_result *result, double loss, const char *folder)
{
    enum status status = OK;
    struct json *root = json_make_object();
    if (root == NULL)
        return ERR_MEMORY;
    TRY_GOTO(json_set(root, "folder", json_make_text(folder)), cleanup);
    TRY_GOTO(json_set(root, "step", json_make_integer(result->step)), cleanup);
    TRY_GOTO(json_set(root, "steps", json_make_integer(result->steps)), cleanup);
    TRY_GOTO(json_set(root, "first", json_make_integer(result->first)), cleanup);
    TRY_GOTO(json_set(root, "complete",
                      json_make_boolean(result->ended && result->first == result->step)),
             cleanup);
    TRY_GOTO(json_set(root, "stopped", json_make_boolean(!result->ended)), cleanup);
    TRY_GOTO(json_set(root, "loss", json_make_real(loss)), cleanup);
    TRY_GOTO(json_set(root, "best_step", json_make_integer(result->best_step)), cleanup);
    TRY_GOTO(json_set(root, "best_loss",
                      result->best_step > 0 ? json_make_real(result->best_loss) : json_make_null()),
             cleanup);
    TRY_GOTO(json_set(root, "seconds", json_make_real(result->seconds)), cleanup);
    status = session_print_json(root);
    root = NULL;
cleanup:
    json_destroy(root);
    return status;
}

/* The loss is the one that metrics.jsonl ends with, whether this call did the last steps or not. Of
 * a run that was stopped only programs are told: people have the message. */
static enum status print_result(const struct session *session, const struct trainer_result *result,
                                const char *folder)
{
    double loss;
    int json = session_flag(session, "json");
    if (ranks_own(session->ranks) > 0 || (!json && !result->ended))
        return OK;
    TRY(training_curves_last_loss(&loss, folder));
    if (json)
        return print_json(result, loss, folder);
    print_words(result, loss, folder);
    if (result->best_step > 0)
        printf("best       step %lld, validation loss %.5g\n", (long long)result->best_step,
               result->best_loss);
    return OK;
}

static enum status train(struct session *session, const struct dataset *dataset)
{
    const char *folder;
    struct trainer_result result = {.step = 0};
    int leads = ranks_own(session->ranks) == 0;
    TRY(check(session, dataset));
    if (session_flag(session, "dry-run"))
        return leads ? dry_run(session, dataset) : OK;
    TRY(session_output(&folder, session));
    if (leads)
        TRY(run_folder_claim(session, folder));
    const struct training_run run = {
        .session = session,
        .config = session->config,
        .dataset = dataset,
        .folder = folder,
        .init = arguments_text(session->arguments, "init", NULL),
        .stop_after = arguments_integer(session->arguments, "stop-after", 0),
        .backend = arguments_text(session->arguments, "backend", "auto"),
        .task = "train",
        .begin = session_existing(session) == SESSION_RESUME ? TRAINER_RESUME : TRAINER_FRESH,
        .events =
            session_flag(session, "tensorboard") ? TRAINING_RUN_EVENTS : TRAINING_RUN_NO_EVENTS};
    if (leads) {
        TRY(training_run_check(&run));
        TRY(run_folder_record(session, folder, dataset_get_info(dataset)->content_digest));
    }
    enum status status = training_run_do(&result, &run);
    if (status == OK || status == ERR_STOPPED)
        TRY(print_result(session, &result, folder));
    TRY(status);
    return OK;
}

static enum status run(struct session *session)
{
    struct dataset *dataset = NULL;
    const char *data;
    TRY(session_read_config(session, arguments_at(session->arguments, 0)));
    int leads = ranks_own(session->ranks) == 0;
    if (session_flag(session, "print-config"))
        return leads ? session_print_config(session) : OK;
    TRY(session_data(&data, session));
    TRY(run_folder_check_input(session, data));
    TRY(run_folder_check_input(session, arguments_text(session->arguments, "init", NULL)));
    if (leads)
        TRY(run_folder_check(session, arguments_text(session->arguments, "output", NULL)));
    else
        log_set_level(LOG_QUIET); /* the first one says it */
    TRY(dataset_open(&dataset, data));
    enum status status = train(session, dataset);
    dataset_close(dataset);
    return status;
}

const struct command command_train = {
    .name = "train",
    .summary = "Trains a network on a dataset",
    .usage = "CONFIG --data DATASET --output DIR",
    .description = "Writes DIR/model.safetensors, checkpoints, metrics.jsonl and metrics.csv (the "
                   "same bytes when\n"
                   "repeated), timing.jsonl and figures. Ended by a signal, a time limit or "
                   "--stop-after, a run is gone\n"
                   "on with by --resume, to the same bits for the same number of threads. Under "
                   "mpirun, all ranks\n"
                   "train one network together, each on its share of every batch; the first one "
                   "writes.\n\n"
                   "  wakecast train configs/quickstart.yaml --data data --output run\n"
                   "  mpirun -n 4 wakecast train configs/standard.yaml --data data --output run",
    .words_low = 1,
    .words_high = 1,
    .groups = COMMAND_CONFIG | COMMAND_OUTPUT | COMMAND_RESUME | COMMAND_COMPUTE | COMMAND_DRY_RUN |
              COMMAND_JSON | COMMAND_RANKS,
    .options = options,
    .run = run};
