/* SPDX-License-Identifier: Apache-2.0 */
#include "trainer.h"

#include "array.h"
#include "atomic_file.h"
#include "checkpoint.h"
#include "log.h"
#include "model.h"
#include "path.h"
#include "prefetch.h"
#include "run_log.h"
#include "training_record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODEL_LIMIT = 1 << 30 }; /* bytes of an initial model */

/* What metrics.jsonl averages: places in checkpoint_progress.sums. */
enum trainer_sum { SUM_LOSS, SUM_NORM, SUM_TERMS, SUM_END = SUM_TERMS + LOSS_TERMS };
_Static_assert((int)SUM_END <= (int)CHECKPOINT_SUMS, "a checkpoint holds all sums");

struct trainer {
    const struct trainer_options *options;
    struct backend *backend;
    struct case_pool *pool;
    struct loader *loader;
    struct batch shape;        /* sizes of a batch, without its arrays */
    struct prefetch *prefetch; /* NULL before the first step */
    struct network *network;
    struct loss *loss;
    struct optimizer *optimizer;
    struct validation *validation;      /* NULL: never */
    struct buffer input, target, fluid; /* the batch, on the device */
    struct buffer gradient;             /* of the output */
    struct model *begin;                /* checkpoint or initial model; NULL: neither */
    int resumed;                        /* `begin` is a checkpoint */
    struct model_facts facts;
    char *training; /* what facts.training points to */
    struct checkpoint_progress progress;
    int64_t saved; /* step of the last checkpoint; 0: none */
    int unsaved;   /* 1: something has happened since */
    struct run_log *metrics, *timing;
    char checkpoint_path[PATH_SIZE], best_path[PATH_SIZE], model_path[PATH_SIZE];
    double begun; /* on stop_clock */
    int64_t first;
};

static enum status check_options(const struct trainer_options *options)
{
    TRY(schedule_check(&options->schedule));
    if (options->batch < 1)
        return FAIL(ERR_CONFIG, "a batch of %lld; there must be 1 window at least",
                    (long long)options->batch);
    if (options->log_every < 1)
        return FAIL(ERR_CONFIG, "a line of metrics every %lld steps; it must be 1 at least",
                    (long long)options->log_every);
    if (options->validate_every < 0 || options->checkpoint_every < 0 || options->stop_after < 0 ||
        options->memory_budget < 0)
        return FAIL(ERR_CONFIG, "an interval, a limit or a budget of the training is negative");
    return OK;
}

/* ---- Setting up ---- */

static enum status make_paths(struct trainer *self)
{
    char folder[PATH_SIZE];
    TRY(path_join(folder, sizeof folder, self->options->folder, "checkpoints"));
    TRY(path_make_folder(folder));
    TRY(atomic_file_sweep(folder));
    TRY(path_join(self->checkpoint_path, PATH_SIZE, folder, "last.safetensors"));
    TRY(path_join(self->best_path, PATH_SIZE, folder, "best.safetensors"));
    return path_join(self->model_path, PATH_SIZE, self->options->folder, "model.safetensors");
}

static enum status digest_file(char out[DIGEST_SIZE], const char *path)
{
    enum status status = OK;
    unsigned char *bytes = NULL;
    size_t size;
    TRY_GOTO(atomic_file_read(&bytes, &size, path, MODEL_LIMIT), cleanup);
    TRY_GOTO(digest_bytes(out, bytes, size), cleanup);
cleanup:
    array_free(bytes);
    return status;
}

/* The checkpoint, else the initial model, else nothing. A fresh run's old files go first, lest a
 * later resume finds them. */
static enum status load_begin(struct trainer *self)
{
    const struct trainer_options *options = self->options;
    if (options->begin == TRAINER_FRESH) {
        TRY(path_remove(self->checkpoint_path));
        TRY(path_remove(self->best_path));
        TRY(path_remove(self->model_path));
    } else if (path_exists(self->checkpoint_path)) {
        self->resumed = 1;
        return model_load(&self->begin, self->checkpoint_path);
    } else {
        log_warning("no checkpoint in %s: the training begins anew", options->folder);
    }
    return options->init == NULL ? OK : model_load(&self->begin, options->init);
}

/* Facts of the model to be, and whether they agree with a checkpoint's. */
static enum status establish_facts(struct trainer *self)
{
    const struct trainer_options *options = self->options;
    const struct dataset_info *info = dataset_get_info(options->dataset);
    char digest[DIGEST_SIZE] = "";
    if (self->begin != NULL && !self->resumed)
        TRY(digest_file(digest, options->init));
    TRY(training_record_write(&self->training, options, digest[0] == '\0' ? NULL : digest));
    self->facts.training = self->training;
    (void)snprintf(self->facts.version, sizeof self->facts.version, "%s", options->version);
    (void)snprintf(self->facts.dataset_digest, DIGEST_SIZE, "%s", info->content_digest);
    self->facts.frame_interval = info->frame_interval;
    if (self->begin == NULL)
        return loader_measure(&self->facts.normalisation, self->pool);
    self->facts.normalisation = self->begin->facts.normalisation;
    if (!self->resumed)
        return OK;
    TRY(training_record_compare(self->begin->facts.training, self->training));
    if (strcmp(self->begin->facts.dataset_digest, info->content_digest) != 0)
        return FAIL(ERR_DATA,
                    "the training began on a dataset with the digest %.16s...; this one "
                    "has %.16s...",
                    self->begin->facts.dataset_digest, info->content_digest);
    self->facts.training = self->begin->facts.training; /* it knows the initial model */
    return OK;
}

static struct loader_options loader_options_of(const struct trainer *self, enum loader_flips flips)
{
    const struct trainer_options *options = self->options;
    struct loader_options loader = {
        .frames = options->network.frames_in,
        .case_frames = dataset_get_info(options->dataset)->frames,
        .buffer_shards = options->buffer_shards,
        .seed = options->seed,
        .flips = flips,
        .normalisation = self->facts.normalisation,
    };
    return loader;
}

static enum status create_loader(struct trainer *self)
{
    const struct trainer_options *options = self->options;
    const struct dataset_info *info = dataset_get_info(options->dataset);
    struct loader_options loader = loader_options_of(self, options->flips);
    TRY(loader_create(&self->loader, self->pool, &loader));
    if (options->batch > loader_windows(self->loader))
        return FAIL(ERR_CONFIG,
                    "a batch of %lld is larger than the training split, which has %lld windows",
                    (long long)options->batch, (long long)loader_windows(self->loader));
    self->shape = (struct batch){.windows = options->batch,
                                 .frames = options->network.frames_in,
                                 .nx = info->nx,
                                 .ny = info->ny};
    return OK;
}

static enum status create_network(struct trainer *self)
{
    const struct trainer_options *options = self->options;
    struct backend *backend = self->backend;
    const struct batch *batch = &self->shape;
    const int64_t dims[5] = {batch->windows, batch->frames, batch->nx, batch->ny, FRAME_FIELDS};
    TRY(network_create(&self->network, &options->network, backend, batch->windows, batch->nx,
                       batch->ny, NETWORK_TRAIN));
    TRY(network_initialise(self->network, options->seed));
    TRY(loss_create(&self->loss, &options->loss, backend, dims));
    TRY(optimizer_create(&self->optimizer, self->network, backend, &options->optimizer));
    TRY(backend->ops->alloc(backend, &self->input, batch_input_count(batch)));
    TRY(backend->ops->alloc(backend, &self->target, batch_target_count(batch)));
    TRY(backend->ops->alloc(backend, &self->fluid, batch_fluid_count(batch)));
    return backend->ops->alloc(backend, &self->gradient, batch_target_count(batch));
}

/* Weights, and on resume everything else. */
static enum status install_begin(struct trainer *self)
{
    if (self->begin == NULL)
        return network_refresh(self->network);
    if (!self->resumed)
        return model_install(self->begin, self->network, self->backend);
    TRY(checkpoint_restore(&self->progress, self->begin, self->network, self->backend,
                           self->optimizer));
    if (self->progress.step > self->options->schedule.steps)
        return FAIL(ERR_DATA, "%s is of step %lld; the training has %lld", self->checkpoint_path,
                    (long long)self->progress.step, (long long)self->options->schedule.steps);
    if (self->progress.threads != self->backend->threads)
        log_warning("the checkpoint was made with %lld threads and goes on with %d: the results "
                    "will differ by rounding",
                    (long long)self->progress.threads, self->backend->threads);
    self->saved = self->progress.step;
    return OK;
}

static enum status create_validation(struct trainer *self)
{
    enum status status = OK;
    const struct trainer_options *options = self->options;
    const struct dataset_info *info = dataset_get_info(options->dataset);
    struct case_pool *pool = NULL;
    if (options->validate_every == 0)
        return OK;
    struct validation_options validation = {
        .windows = options->validation_windows,
        .batch = options->batch,
        .nx = info->nx,
        .ny = info->ny,
        .loss = options->loss,
        .loader = loader_options_of(self, LOADER_PLAIN),
        .stop = options->stop,
    };
    TRY_GOTO(case_pool_create(&pool, options->dataset, SPLIT_VALIDATION, 1, 1), cleanup);
    validation.loader.buffer_shards = 1;
    TRY_GOTO(
        validation_create(&self->validation, pool, &options->network, self->backend, &validation),
        cleanup);
cleanup:
    case_pool_destroy(pool);
    return status;
}

/* A line stays when the checkpoint knows of it. */
static int keep_line(const void *context, const struct json *line)
{
    const struct checkpoint_progress *progress = context;
    const char *kind = "";
    int64_t step = 0;
    if (json_get_integer(&step, line, "step") != OK)
        return 0;
    if (json_find(line, "kind") != NULL && json_get_text(&kind, line, "kind") != OK)
        return 0;
    return step <= (strcmp(kind, "validation") == 0 ? progress->validated : progress->step);
}

static enum status open_logs(struct trainer *self)
{
    char path[PATH_SIZE];
    run_log_keep_fn keep = self->resumed ? keep_line : NULL;
    TRY(path_join(path, sizeof path, self->options->folder, "metrics.jsonl"));
    TRY(run_log_open(&self->metrics, path, keep, &self->progress));
    TRY(path_join(path, sizeof path, self->options->folder, "timing.jsonl"));
    return run_log_open(&self->timing, path, keep, &self->progress);
}

/* The order of samples wants its shards in memory together, whatever the budget says. */
static void warn_of_budget(const struct trainer *self)
{
    const struct trainer_options *options = self->options;
    int64_t shards = dataset_get_info(options->dataset)->shards, most = 0;
    for (int64_t s = 0; s < shards; s++)
        if (dataset_shard_bytes(options->dataset, s) > most)
            most = dataset_shard_bytes(options->dataset, s);
    int64_t held = 2 * options->buffer_shards; /* in use, and read ahead */
    held = held < shards ? held : shards;
    if (options->memory_budget > 0 && held * most > options->memory_budget)
        log_warning("%lld shards of up to %.0f MB are held: more than the budget of %.0f MB",
                    (long long)held, (double)most / 1e6, (double)options->memory_budget / 1e6);
}

/* Whatever can be wrong with the options is found before the folder is touched. */
static enum status set_up(struct trainer *self)
{
    const struct trainer_options *options = self->options;
    TRY(check_options(options));
    TRY(case_pool_create(&self->pool, options->dataset, SPLIT_TRAIN, options->memory_budget,
                         options->buffer_shards));
    warn_of_budget(self);
    TRY(make_paths(self));
    TRY(load_begin(self));
    TRY(establish_facts(self));
    TRY(create_loader(self));
    TRY(create_network(self));
    TRY(install_begin(self));
    TRY(create_validation(self));
    return open_logs(self);
}

static void tear_down(struct trainer *self)
{
    struct backend *backend = self->backend;
    run_log_close(self->metrics);
    run_log_close(self->timing);
    validation_destroy(self->validation);
    backend->ops->release(backend, &self->input);
    backend->ops->release(backend, &self->target);
    backend->ops->release(backend, &self->fluid);
    backend->ops->release(backend, &self->gradient);
    optimizer_destroy(self->optimizer);
    loss_destroy(self->loss);
    network_destroy(self->network);
    prefetch_destroy(self->prefetch);
    loader_destroy(self->loader);
    case_pool_destroy(self->pool);
    model_destroy(self->begin);
    free(self->training);
}

/* ---- Saving and logging ---- */

static enum status save_checkpoint(struct trainer *self)
{
    if (!self->unsaved)
        return OK;
    self->facts.step = self->progress.step;
    self->progress.threads = self->backend->threads;
    TRY(run_log_sync(self->metrics));
    TRY(checkpoint_save(self->checkpoint_path, self->network, self->backend, self->optimizer,
                        &self->facts, &self->progress));
    self->saved = self->progress.step;
    self->unsaved = 0;
    return OK;
}

static enum status set_terms(struct json *json, const struct loss_spec *spec, const double *terms,
                             double factor)
{
    for (int64_t i = 0; i < loss_term_count(); i++)
        if (spec->weights[i] != 0.0)
            TRY(json_set(json, loss_term_name(i), json_make_real(terms[i] * factor)));
    return OK;
}

static enum status fill_metrics(struct json *json, const struct trainer *self, double rate)
{
    const struct checkpoint_progress *progress = &self->progress;
    double factor = 1.0 / (double)progress->summed;
    TRY(json_set(json, "kind", json_make_text("training")));
    TRY(json_set(json, "step", json_make_integer(progress->step)));
    TRY(json_set(json, "loss", json_make_real(progress->sums[SUM_LOSS] * factor)));
    TRY(set_terms(json, &self->options->loss, progress->sums + SUM_TERMS, factor));
    TRY(json_set(json, "gradient_norm", json_make_real(progress->sums[SUM_NORM] * factor)));
    return json_set(json, "rate", json_make_real(rate));
}

static enum status fill_validation(struct json *json, const struct trainer *self,
                                   const struct validation_scores *scores)
{
    TRY(json_set(json, "kind", json_make_text("validation")));
    TRY(json_set(json, "step", json_make_integer(self->progress.step)));
    TRY(json_set(json, "loss", json_make_real(scores->loss)));
    TRY(set_terms(json, &self->options->loss, scores->terms, 1.0));
    TRY(json_set(json, "velocity_relative_l2", json_make_real(scores->velocity)));
    TRY(json_set(json, "velocity_relative_l2_wake", json_make_real(scores->velocity_wake)));
    TRY(json_set(json, "ux_relative_l2", json_make_real(scores->ux)));
    TRY(json_set(json, "uy_relative_l2", json_make_real(scores->uy)));
    return json_set(json, "density_relative_l2_wake", json_make_real(scores->density));
}

static double seconds_waited(const struct trainer *self)
{
    return self->prefetch != NULL ? prefetch_waited(self->prefetch) : 0.0;
}

static double rate_of_samples(const struct trainer *self, double seconds)
{
    int64_t samples = (self->progress.step - self->first) * self->options->batch;
    return seconds > 0.0 ? (double)samples / seconds : 0.0;
}

static enum status fill_timing(struct json *json, const struct trainer *self)
{
    double seconds = stop_clock() - self->begun;
    TRY(json_set(json, "step", json_make_integer(self->progress.step)));
    TRY(json_set(json, "seconds", json_make_real(seconds)));
    TRY(json_set(json, "seconds_waited", json_make_real(seconds_waited(self))));
    return json_set(json, "samples_per_second", json_make_real(rate_of_samples(self, seconds)));
}

/* One line of each file, means over the steps since the last. */
static enum status log_step(struct trainer *self, double rate)
{
    enum status status = OK;
    struct json *metrics = json_make_object(), *timing = json_make_object();
    TRY_GOTO(metrics == NULL || timing == NULL ? ERR_MEMORY : OK, cleanup);
    TRY_GOTO(fill_metrics(metrics, self, rate), cleanup);
    TRY_GOTO(run_log_append(self->metrics, metrics), cleanup);
    TRY_GOTO(fill_timing(timing, self), cleanup);
    TRY_GOTO(run_log_append(self->timing, timing), cleanup);
    memset(self->progress.sums, 0, sizeof self->progress.sums);
    self->progress.summed = 0;
cleanup:
    json_destroy(metrics);
    json_destroy(timing);
    return status;
}

static enum status log_validation(struct trainer *self, const struct validation_scores *scores)
{
    enum status status = OK;
    struct json *json = json_make_object();
    TRY_GOTO(json == NULL ? ERR_MEMORY : OK, cleanup);
    TRY_GOTO(fill_validation(json, self, scores), cleanup);
    TRY_GOTO(run_log_append(self->metrics, json), cleanup);
cleanup:
    json_destroy(json);
    return status;
}

static void observe(const struct trainer *self, double loss, double rate,
                    const struct validation_scores *validation)
{
    const struct trainer_options *options = self->options;
    double speed = rate_of_samples(self, stop_clock() - self->begun);
    int64_t left = (options->schedule.steps - self->progress.step) * options->batch;
    struct trainer_progress progress = {
        .step = self->progress.step,
        .steps = options->schedule.steps,
        .loss = loss,
        .rate = rate,
        .samples_per_second = speed,
        .seconds_left = speed > 0.0 ? (double)left / speed : 0.0,
        .validation = validation,
    };
    if (options->observe != NULL)
        options->observe(options->context, &progress);
}

/* ---- The loop ---- */

/* Judges the present step if it is due and not yet judged; *judged says whether. */
static enum status validate_if_due(struct trainer *self, struct validation_scores *scores,
                                   int *judged)
{
    struct checkpoint_progress *progress = &self->progress;
    const struct trainer_options *options = self->options;
    *judged = 0;
    int due = self->validation != NULL && progress->step > 0 &&
              (progress->step % options->validate_every == 0 ||
               progress->step == options->schedule.steps);
    if (!due || progress->validated == progress->step)
        return OK;
    TRY(validation_judge(self->validation, scores, self->network));
    if (!isfinite(scores->loss))
        return FAIL(ERR_NUMERIC, "the validation loss is not finite at step %lld",
                    (long long)progress->step);
    TRY(log_validation(self, scores));
    progress->validated = progress->step;
    self->unsaved = 1; /* a checkpoint of this step may not know it */
    *judged = 1;
    if (progress->best_step != 0 && !(scores->loss < progress->best_loss))
        return OK;
    progress->best_step = progress->step;
    progress->best_loss = scores->loss;
    self->facts.step = progress->step;
    return model_save(self->best_path, self->network, self->backend, &self->facts);
}

/* Forward, backward and update number `step`. */
static enum status train_step(struct trainer *self, double *loss, double rate, int64_t step)
{
    struct backend *backend = self->backend;
    const struct batch *batch;
    struct buffer *output;
    double terms[LOSS_TERMS] = {0.0}, norm;
    TRY(prefetch_next(&batch, self->prefetch));
    TRY(backend->ops->upload(backend, &self->input, batch->input, batch_input_count(batch)));
    TRY(backend->ops->upload(backend, &self->target, batch->target, batch_target_count(batch)));
    TRY(backend->ops->upload(backend, &self->fluid, batch->fluid, batch_fluid_count(batch)));
    TRY(network_forward(self->network, &self->input, NETWORK_UPDATE_STATISTICS, &output));
    TRY(loss_evaluate(self->loss, output, &self->target, &self->fluid, loss, terms,
                      &self->gradient));
    if (!isfinite(*loss))
        return FAIL(ERR_NUMERIC, "the loss is not finite at step %lld", (long long)step);
    TRY(network_backward(self->network, &self->gradient));
    TRY(optimizer_update(self->optimizer, &norm, rate, step));
    self->unsaved = 1;
    self->progress.step = step;
    self->progress.summed++;
    self->progress.sums[SUM_LOSS] += *loss;
    self->progress.sums[SUM_NORM] += norm;
    for (int i = 0; i < LOSS_TERMS; i++)
        self->progress.sums[SUM_TERMS + i] += terms[i];
    return OK;
}

/* One step and what is due after it. */
static enum status advance(struct trainer *self, double *loss)
{
    const struct trainer_options *options = self->options;
    struct validation_scores scores;
    int judged;
    int64_t step = self->progress.step + 1;
    double rate = schedule_rate(&options->schedule, step);
    TRY(train_step(self, loss, rate, step));
    if (step % options->log_every == 0 || step == options->schedule.steps)
        TRY(log_step(self, rate));
    TRY(validate_if_due(self, &scores, &judged));
    observe(self, *loss, rate, judged ? &scores : NULL);
    if (options->checkpoint_every > 0 && step % options->checkpoint_every == 0)
        TRY(save_checkpoint(self));
    return OK;
}

/* Batches are filled from here on. */
static enum status start_prefetch(struct trainer *self)
{
    const struct batch *shape = &self->shape;
    const struct prefetch_options options = {.windows = shape->windows,
                                             .frames = shape->frames,
                                             .nx = shape->nx,
                                             .ny = shape->ny,
                                             .first = self->progress.step * shape->windows};
    return prefetch_create(&self->prefetch, self->loader, &options);
}

/* Steps until the end, stop_after, or a request to stop. */
static enum status run_steps(struct trainer *self, double *loss)
{
    const struct trainer_options *options = self->options;
    struct validation_scores scores;
    int judged;
    int64_t last = options->schedule.steps;
    if (options->stop_after > 0 && options->stop_after < last)
        last = options->stop_after;
    if (self->progress.step < last)
        TRY(start_prefetch(self));
    TRY(validate_if_due(self, &scores, &judged)); /* a resumed run may owe it */
    while (self->progress.step < last) {
        if (stop_requested(options->stop) != STOP_NONE)
            return FAIL(ERR_STOPPED, "asked to stop at step %lld", (long long)self->progress.step);
        TRY(advance(self, loss));
    }
    return OK;
}

/* Says where a run that broke can go on from. */
static enum status explain_breakdown(const struct trainer *self, enum status status)
{
    if (status != ERR_NUMERIC)
        return status;
    if (self->saved > 0)
        return error_prefix(status, "training broke down (the checkpoint of step %lld stays good)",
                            (long long)self->saved);
    return error_prefix(status, "training broke down (before the first checkpoint)");
}

static enum status run(struct trainer *self, double *loss)
{
    TRY(set_up(self));
    self->first = self->progress.step;
    self->begun = stop_clock();
    enum status status = run_steps(self, loss);
    if (status != OK && status != ERR_STOPPED)
        return explain_breakdown(self, status);
    TRY(save_checkpoint(self));
    self->facts.step = self->progress.step;
    if (self->progress.step == self->options->schedule.steps && status == OK)
        TRY(model_save(self->model_path, self->network, self->backend, &self->facts));
    return status;
}

enum status trainer_run(struct trainer_result *out, const struct trainer_options *options)
{
    struct trainer trainer = {.options = options, .backend = options->backend};
    double loss = (double)NAN;
    double begun = stop_clock();
    enum status status = run(&trainer, &loss);
    *out = (struct trainer_result){
        .step = trainer.progress.step,
        .steps = options->schedule.steps,
        .first = trainer.first,
        .loss = loss,
        .best_loss = trainer.progress.best_loss,
        .best_step = trainer.progress.best_step,
        .seconds = stop_clock() - begun,
        .seconds_waited = seconds_waited(&trainer),
    };
    tear_down(&trainer);
    return status;
}
