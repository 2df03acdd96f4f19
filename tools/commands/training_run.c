/* SPDX-License-Identifier: Apache-2.0 */
#include "training_run.h"

#include "backend.h"
#include "build_info.h"
#include "log.h"
#include "metrics_table.h"
#include "path.h"
#include "precision_setting.h"
#include "progress.h"
#include "ranks.h"
#include "stop_signal.h"
#include "training_curves.h"
#include "training_events.h"
#include "training_flips.h"
#include "training_settings.h"

#include <math.h>
#include <stdio.h>

struct watch {
    struct progress progress;
    double batch, windows;          /* samples of a step and of an epoch */
    double validation;              /* the last loss; not a number before */
    struct training_events *events; /* NULL: none wanted, or they could not be written */
    int64_t first;                  /* the step this call began at */
    int begun;
};

/* A training does not end for want of its event file: what it computes is in metrics.jsonl. */
static void follow(struct watch *watch)
{
    if (watch->events == NULL || training_events_follow(watch->events, watch->first) == OK)
        return;
    log_warning("no more events for TensorBoard: %s", error_message());
    error_clear();
    training_events_close(watch->events);
    watch->events = NULL;
}

/* "loss 0.0123, validation 0.0151, step 1200 of 3000, epoch 3.2": what a narrow terminal has no
 * room for stands last. */
static void write_note(char *out, size_t size, const struct watch *watch,
                       const struct trainer_progress *now)
{
    char validation[48] = "";
    double epoch = watch->windows > 0 ? (double)now->step * watch->batch / watch->windows : 0;
    if (isfinite(watch->validation))
        snprintf(validation, sizeof validation, ", validation %.3g", watch->validation);
    snprintf(out, size, "loss %.3g%s, step %lld of %lld, epoch %.*f", now->loss, validation,
             (long long)now->step, (long long)now->steps, epoch < 100 ? 1 : 0, epoch);
}

/* The clock of the rate begins after the first step, which sets things up. */
static void observe(void *context, const struct trainer_progress *now)
{
    struct watch *watch = context;
    char note[160];
    watch->batch = (double)now->batch;
    double done = (double)now->step * watch->batch;
    if (!watch->begun) {
        progress_begin(&watch->progress, watch->progress.task, "samples/s", 1,
                       (double)now->steps * watch->batch, done);
        watch->first = now->step - 1;
        watch->begun = 1;
    }
    follow(watch);
    if (now->validation != NULL) {
        watch->validation = now->validation->loss;
        progress_end(&watch->progress);
        log_info(
            "step %lld of %lld: loss %.4g, validation %.4g, velocity error of one call %.2f %%",
            (long long)now->step, (long long)now->steps, now->loss, now->validation->loss,
            100 * now->validation->velocity);
    }
    write_note(note, sizeof note, watch, now);
    progress_update(&watch->progress, done, note);
}

int64_t training_run_windows(const struct dataset *dataset, const struct trainer_options *options)
{
    const struct window window = {options->network.frames_in, options->network.frames_out,
                                  curriculum_most(&options->curriculum)};
    const struct dataset_info *info = dataset_get_info(dataset);
    int64_t windows = info->frames - batch_window_frames(&window) + 1;
    return windows > 0 ? info->split_counts[SPLIT_TRAIN] * windows : 0;
}

enum status training_run_check(const struct training_run *run)
{
    struct trainer_options options = {.dataset = run->dataset, .folder = run->folder};
    if (run->begin != TRAINER_RESUME)
        return OK;
    TRY(training_settings_read(&options, run->config));
    TRY(training_flips_settle(&options, run->config, run->dataset));
    TRY(trainer_set_up_check_resume(&options));
    return OK;
}

/* Curves of this run; no gnuplot is no reason to fail. */
static enum status draw(const struct training_run *run)
{
    char stem[PATH_SIZE];
    TRY(path_join(stem, sizeof stem, run->folder, "figures"));
    TRY(path_make_folder(stem));
    TRY(path_join(stem, sizeof stem, run->folder, "figures/training"));
    enum status status = training_curves_write(stem, &run->folder, NULL, 1, TRAINING_CURVES_ALL);
    if (status == ERR_UNSUPPORTED)
        log_warning("no chart was drawn: %s", error_message());
    else
        TRY(status);
    return OK;
}

enum status training_run_do(struct trainer_result *out, const struct training_run *run)
{
    enum status status = OK;
    struct backend *backend = NULL;
    struct trainer_options options = {.dataset = run->dataset,
                                      .folder = run->folder,
                                      .version = build_info_version(),
                                      .init = run->init,
                                      .stop_after = run->stop_after,
                                      .begin = run->begin,
                                      .stop = &run->session->stop,
                                      .link = ranks_link(run->session->ranks),
                                      .observe = observe};
    TRY(training_settings_read(&options, run->config));
    TRY(training_flips_settle(&options, run->config, run->dataset));
    struct watch watch = {.windows = (double)training_run_windows(run->dataset, &options),
                          .validation = NAN,
                          .progress.task = run->task};
    int leads = ranks_own(run->session->ranks) == 0;
    options.context = &watch;
    if (run->events == TRAINING_RUN_EVENTS && leads)
        TRY_GOTO(training_events_open(&watch.events, run->folder), cleanup);
    TRY_GOTO(backend_open(&backend, run->backend, run->session->threads), cleanup);
    TRY_GOTO(precision_setting_use(backend, run->config, "training.precision"), cleanup);
    options.backend = backend;
    options.precision = backend->precision;
    status = trainer_run(out, &options);
    progress_end(&watch.progress);
    stop_signal_note(out->signal);
    if (status != ERR_STOPPED)
        TRY_GOTO(status, cleanup);
    watch.first = out->first;
    follow(&watch);
    if (leads)
        TRY_GOTO(metrics_table_write(run->folder), cleanup);
    if (status == ERR_STOPPED || !out->ended)
        TRY_GOTO(FAIL(ERR_STOPPED, "stopped after step %lld of %lld; --resume goes on",
                      (long long)out->step, (long long)out->steps),
                 cleanup);
    if (leads)
        TRY_GOTO(draw(run), cleanup);
cleanup:
    training_events_close(watch.events);
    backend_close(backend);
    return status;
}
