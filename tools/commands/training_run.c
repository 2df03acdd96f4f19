/* SPDX-License-Identifier: Apache-2.0 */
#include "training_run.h"

#include "backend.h"
#include "build_info.h"
#include "log.h"
#include "path.h"
#include "progress.h"
#include "training_curves.h"
#include "training_settings.h"

#include <stdio.h>

struct watch {
    struct progress progress;
    int64_t batch;
    int begun;
};

static void observe(void *context, const struct trainer_progress *now)
{
    struct watch *watch = context;
    char note[96];
    double batch = (double)watch->batch;
    if (!watch->begun) {
        progress_begin(&watch->progress, watch->progress.task, "samples/s", 1,
                       (double)now->steps * batch, ((double)now->step - 1) * batch);
        watch->begun = 1;
    }
    if (now->validation != NULL) {
        progress_end(&watch->progress);
        log_info(
            "step %lld of %lld: loss %.4g, validation %.4g, velocity error of one call %.2f %%",
            (long long)now->step, (long long)now->steps, now->loss, now->validation->loss,
            100 * now->validation->velocity);
    }
    snprintf(note, sizeof note, "step %lld of %lld, loss %.4g", (long long)now->step,
             (long long)now->steps, now->loss);
    progress_update(&watch->progress, (double)now->step * batch, note);
}

/* Curves of this run; no gnuplot is no reason to fail. */
static enum status draw(const struct training_run *run)
{
    char stem[PATH_SIZE];
    TRY(path_join(stem, sizeof stem, run->folder, "figures"));
    TRY(path_make_folder(stem));
    TRY(path_join(stem, sizeof stem, run->folder, "figures/training"));
    enum status status = training_curves_write(stem, &run->folder, NULL, 1);
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
                                      .observe = observe};
    TRY(training_settings_read(&options, run->config));
    struct watch watch = {.batch = options.batch, .progress.task = run->task};
    options.context = &watch;
    TRY_GOTO(backend_open(&backend, run->backend, run->session->threads), cleanup);
    options.backend = backend;
    status = trainer_run(out, &options);
    progress_end(&watch.progress);
    if (status != ERR_STOPPED)
        TRY_GOTO(status, cleanup);
    if (status == ERR_STOPPED || out->step < out->steps)
        TRY_GOTO(FAIL(ERR_STOPPED, "stopped after step %lld of %lld; --resume goes on",
                      (long long)out->step, (long long)out->steps),
                 cleanup);
    TRY_GOTO(draw(run), cleanup);
cleanup:
    backend_close(backend);
    return status;
}
