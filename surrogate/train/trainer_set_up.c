/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "atomic_file.h"
#include "log.h"
#include "model_architecture.h"
#include "trainer_parts.h"
#include "training_record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODEL_LIMIT = 1 << 30 }; /* bytes of an initial model */

/* A share of something, 0 to 1. */
static enum status check_share(const char *what, double value)
{
    if (!(value >= 0.0 && value <= 1.0))
        return FAIL(ERR_CONFIG, "%s is %g; it must be within 0 and 1", what, value);
    return OK;
}

static enum status check_switches(const struct trainer_options *options)
{
    TRY(check_share("the decay of the weights' average", options->ema));
    TRY(check_share("the share of steps with frozen norms", options->freeze));
    if (!(options->noise >= 0.0) || !isfinite(options->noise))
        return FAIL(ERR_CONFIG, "noise of %g; it cannot be negative", options->noise);
    if (options->parts < 1)
        return FAIL(ERR_CONFIG, "a batch in %lld parts; there must be 1 at least",
                    (long long)options->parts);
    if (options->patience < 0 || (options->patience > 0 && options->validate_every == 0))
        return FAIL(ERR_CONFIG, "a patience of %lld validations, of one every %lld steps",
                    (long long)options->patience, (long long)options->validate_every);
    if (options->ema > 0.0 && options->recalibrate < 1)
        return FAIL(ERR_CONFIG, "statistics of an average from %lld batches; 1 is the least",
                    (long long)options->recalibrate);
    return OK;
}

static int64_t ranks_of(const struct trainer_options *options)
{
    return options->link != NULL ? options->link->count : 1;
}

/* Every part of every rank has as many windows. */
static enum status check_sharing(const struct trainer_options *options)
{
    int64_t ranks = ranks_of(options), unit = options->parts * ranks;
    int64_t low = options->batch - options->batch % unit;
    if (ranks == 1 || options->batch % unit == 0)
        return OK;
    return FAIL(ERR_CONFIG,
                "%lld ranks cannot share a batch of %lld windows evenly (in %lld parts each): a "
                "batch of %lld would do",
                (long long)ranks, (long long)options->batch, (long long)options->parts,
                (long long)(low > 0 ? low : unit));
}

static enum status check_options(const struct trainer_options *options)
{
    TRY(schedule_check(&options->schedule));
    TRY(curriculum_check(&options->curriculum));
    TRY(check_switches(options));
    if (options->batch < 0 || (options->batch == 0 && options->network_budget < 1))
        return FAIL(ERR_CONFIG, "a batch of %lld; there must be 1 window at least",
                    (long long)options->batch);
    TRY(check_sharing(options));
    if (options->log_every < 1)
        return FAIL(ERR_CONFIG, "a line of metrics every %lld steps; it must be 1 at least",
                    (long long)options->log_every);
    if (options->validate_every < 0 || options->checkpoint_every < 0 || options->stop_after < 0 ||
        options->memory_budget < 0)
        return FAIL(ERR_CONFIG, "an interval, a limit or a budget of the training is negative");
    return OK;
}

static enum status make_paths(struct trainer *self)
{
    char folder[PATH_SIZE];
    TRY(path_join(folder, sizeof folder, self->options.folder, "checkpoints"));
    TRY(path_make_folder(folder));
    TRY(atomic_file_sweep(folder));
    TRY(path_join(self->checkpoint_path, PATH_SIZE, folder, "last.safetensors"));
    TRY(path_join(self->best_path, PATH_SIZE, folder, "best.safetensors"));
    return path_join(self->model_path, PATH_SIZE, self->options.folder, "model.safetensors");
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
    const struct trainer_options *options = &self->options;
    TRY(make_paths(self));
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
    const struct trainer_options *options = &self->options;
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
        TRY(loader_measure(&self->facts.normalisation, self->pool));
    else
        self->facts.normalisation = self->begin->facts.normalisation;
    self->facts.normalisation.extras = model_architecture_extras(&options->network);
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
    const struct trainer_options *options = &self->options;
    struct loader_options loader = {
        .window = self->shape.window,
        .case_frames = dataset_get_info(options->dataset)->frames,
        .buffer_shards = options->buffer_shards,
        .seed = options->seed,
        .flips = flips,
        .noise = options->noise,
        .normalisation = self->facts.normalisation,
    };
    return loader;
}

static enum status create_loader(struct trainer *self)
{
    const struct trainer_options *options = &self->options;
    struct loader_options loader = loader_options_of(self, options->flips);
    loader.share =
        (struct loader_share){crew_rank(self->crew), crew_count(self->crew), options->parts};
    TRY(loader_create(&self->loader, self->pool, &loader));
    if (options->batch > loader_windows(self->loader))
        return FAIL(ERR_CONFIG,
                    "a batch of %lld is larger than the training split, which has %lld windows",
                    (long long)options->batch, (long long)loader_windows(self->loader));
    return OK;
}

static struct batch shape_of(const struct trainer_options *options, int64_t nx, int64_t ny)
{
    const struct network_spec *spec = &options->network;
    return (struct batch){
        .windows = options->batch / ranks_of(options),
        .window = {spec->frames_in, spec->frames_out, curriculum_most(&options->curriculum)},
        .channels = spec->input_channels,
        .nx = nx,
        .ny = ny};
}

static struct learner_options learner_options_of(const struct trainer_options *options, int64_t nx,
                                                 int64_t ny)
{
    return (struct learner_options){.network = options->network,
                                    .loss = options->loss,
                                    .optimizer = options->optimizer,
                                    .shape = shape_of(options, nx, ny),
                                    .parts = options->parts,
                                    .gradient = options->gradient,
                                    .norm = options->norm,

                                    .precision = options->precision};
}

double trainer_set_up_memory(const struct trainer_options *options, int64_t nx, int64_t ny)
{
    struct learner_options learner = learner_options_of(options, nx, ny);
    double average = options->ema > 0.0 ? 2.0 : 0.0;
    return learner_memory_estimate(&learner) +
           average * (double)network_spec_parameters(&options->network) * (double)sizeof(float);
}

enum status trainer_set_up_choose_batch(int64_t *out, const struct trainer_options *options,
                                        int64_t nx, int64_t ny, int64_t windows)
{
    struct trainer_options tried = *options;
    int64_t best = 0;
    double needed = 0;
    int64_t least = options->parts * ranks_of(options);
    int64_t most = least > TRAINER_BATCH_MOST ? least : TRAINER_BATCH_MOST;
    for (tried.batch = least; tried.batch <= most; tried.batch *= 2) {
        double bytes = trainer_set_up_memory(&tried, nx, ny);
        needed = needed == 0 ? bytes : needed;
        if (bytes > (double)options->network_budget || tried.batch > windows)
            break;
        best = tried.batch;
    }
    if (best == 0)
        return FAIL(
            ERR_CONFIG,
            "a batch of %lld needs %.0f MB for the network, of a budget of %.0f MB, and the "
            "training split has %lld windows",
            (long long)least, needed / 1e6, (double)options->network_budget / 1e6,
            (long long)windows);
    *out = best;
    return OK;
}

/* An automatic batch is as large as memory allows, and on resume what it was. */
static enum status settle_batch(struct trainer *self)
{
    struct trainer_options *options = &self->options;
    const struct dataset_info *info = dataset_get_info(options->dataset);
    self->shape = shape_of(options, info->nx, info->ny);
    int64_t per_case = info->frames - batch_window_frames(&self->shape.window) + 1;
    int64_t windows = per_case > 0 ? info->split_counts[SPLIT_TRAIN] * per_case : 0;
    if (options->batch == 0 && self->resumed)
        TRY(training_record_batch(&options->batch, self->begin->facts.training));
    if (options->batch == 0 && trainer_leads(self)) {
        TRY(trainer_set_up_choose_batch(&options->batch, options, info->nx, info->ny, windows));
        log_info("a batch of %lld windows: what %.0f MB have room for", (long long)options->batch,
                 (double)options->network_budget / 1e6);
    }
    TRY(crew_share(self->crew, &options->batch, sizeof options->batch));
    self->shape.windows = options->batch / crew_count(self->crew);
    return check_sharing(options);
}

static enum status create_learner(struct trainer *self)
{
    struct learner_options options =
        learner_options_of(&self->options, self->shape.nx, self->shape.ny);
    options.crew = self->crew;
    TRY(learner_create(&self->learner, self->backend, &options));
    return network_initialise(learner_network(self->learner), self->options.seed);
}

/* Batches for the average's statistics, spread evenly over the training split. */
static enum status fill_average(struct trainer *self)
{
    enum status status = OK;
    struct batch *batches = NULL, shape = self->shape;
    int64_t size = self->options.batch / self->options.parts;
    int64_t most = loader_windows(self->loader) / size;
    int64_t count = self->options.recalibrate < most ? self->options.recalibrate : most;
    shape.windows = count * size;
    shape.window.calls = 0;
    TRY_GOTO(batch_create(&batches, &shape), cleanup);
    TRY_GOTO(loader_fill_evenly(self->loader, batches), cleanup);
    average_give_batches(self->average, batches, size, self->crew);
    batches = NULL;
cleanup:
    batch_destroy(batches);
    return status;
}

static enum status create_average(struct trainer *self)
{
    struct network *network = learner_network(self->learner);
    if (self->options.ema == 0.0)
        return OK;
    TRY(average_create(&self->average, network, self->backend, self->options.ema));
    return network_statistic_count(network) > 0 ? fill_average(self) : OK;
}

struct checkpoint_subject trainer_set_up_subject(const struct trainer *self)
{
    return (struct checkpoint_subject){learner_network(self->learner), self->backend,
                                       learner_optimizer(self->learner), self->average};
}

/* What makes a resumed run another one than it was. */
static void warn_of_crew(const struct trainer *self)
{
    const struct checkpoint_progress *progress = &self->progress;
    int sees_own = self->options.network.norm == NETWORK_NORM_BATCH &&
                   self->options.norm == GRADIENT_SHARE_OWN_NORM;
    if (progress->threads != self->backend->threads)
        log_warning("the checkpoint was made with %lld threads and goes on with %d: the results "
                    "will differ by rounding",
                    (long long)progress->threads, self->backend->threads);
    if (progress->ranks != crew_count(self->crew))
        log_warning("the checkpoint was made by %lld ranks and goes on with %d: the results will "
                    "differ by %s",
                    (long long)progress->ranks, crew_count(self->crew),
                    sees_own ? "the samples that a batch norm sees" : "rounding");
}

/* Weights, and on resume everything else. */
static enum status install_begin(struct trainer *self)
{
    struct network *network = learner_network(self->learner);
    struct checkpoint_subject subject = trainer_set_up_subject(self);
    if (self->begin != NULL && !self->resumed)
        TRY(model_install(self->begin, network, self->backend));
    else if (self->begin == NULL)
        TRY(network_refresh(network));
    if (!self->resumed)
        return self->average != NULL ? average_begin(self->average) : OK;
    TRY(checkpoint_restore(&self->progress, self->begin, &subject));
    if (self->progress.step > self->options.schedule.steps)
        return FAIL(ERR_DATA, "%s is of step %lld; the training has %lld", self->checkpoint_path,
                    (long long)self->progress.step, (long long)self->options.schedule.steps);
    warn_of_crew(self);
    self->saved = self->progress.step;
    return OK;
}

static enum status create_validation(struct trainer *self)
{
    enum status status = OK;
    const struct trainer_options *options = &self->options;
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
        .crew = self->crew,
    };
    TRY_GOTO(case_pool_create(&pool, options->dataset, SPLIT_VALIDATION, 1, 1), cleanup);
    validation.loader.buffer_shards = 1;
    validation.loader.window.calls = 1;
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
    if (strcmp(kind, "end") == 0)
        return 0; /* told again */
    return step <= (strcmp(kind, "validation") == 0 ? progress->validated : progress->step);
}

static enum status open_logs(struct trainer *self)
{
    char path[PATH_SIZE];
    run_log_keep_fn keep = self->resumed ? keep_line : NULL;
    TRY(path_join(path, sizeof path, self->options.folder, "metrics.jsonl"));
    TRY(run_log_open(&self->metrics, path, keep, &self->progress));
    TRY(path_join(path, sizeof path, self->options.folder, "timing.jsonl"));
    return run_log_open(&self->timing, path, keep, &self->progress);
}

/* The order of samples wants its shards in memory together, whatever the budget says. */
static void warn_of_budget(const struct trainer *self)
{
    const struct trainer_options *options = &self->options;
    int64_t shards = dataset_get_info(options->dataset)->shards, most = 0;
    for (int64_t s = 0; s < shards; s++)
        if (dataset_shard_bytes(options->dataset, s) > most)
            most = dataset_shard_bytes(options->dataset, s);
    int64_t held = 2 * options->buffer_shards; /* in use, and read ahead */
    held = held < shards ? held : shards;
    if (options->memory_budget > 0 && held * most > options->memory_budget && trainer_leads(self))
        log_warning("%lld shards of up to %.0f MB are held: more than the budget of %.0f MB",
                    (long long)held, (double)most / 1e6, (double)options->memory_budget / 1e6);
}

enum status trainer_set_up(struct trainer *self)
{
    const struct trainer_options *options = &self->options;
    TRY(check_options(options));
    TRY(crew_create(&self->crew, options->link));
    TRY(trainer_ranks_compare(self));
    TRY(case_pool_create(&self->pool, options->dataset, SPLIT_TRAIN, options->memory_budget,
                         options->buffer_shards));
    warn_of_budget(self);
    if (trainer_leads(self))
        TRY(load_begin(self));
    TRY(settle_batch(self));
    if (trainer_leads(self))
        TRY(establish_facts(self));
    TRY(trainer_ranks_share_facts(self));
    TRY(create_loader(self));
    TRY(create_learner(self));
    TRY(create_average(self));
    if (trainer_leads(self))
        TRY(install_begin(self));
    TRY(trainer_ranks_share_state(self));
    TRY(create_validation(self));
    return trainer_leads(self) ? open_logs(self) : OK;
}

enum status trainer_set_up_check_resume(const struct trainer_options *options)
{
    enum status status = OK;
    struct trainer probe = {.options = *options, .resumed = 1};
    TRY(path_join(probe.checkpoint_path, PATH_SIZE, options->folder,
                  "checkpoints/last.safetensors"));
    if (!path_exists(probe.checkpoint_path))
        return OK;
    TRY_GOTO(model_load(&probe.begin, probe.checkpoint_path), cleanup);
    TRY_GOTO(settle_batch(&probe), cleanup);
    TRY_GOTO(establish_facts(&probe), cleanup);
cleanup:
    trainer_set_up_undo(&probe);
    return status;
}

void trainer_set_up_undo(struct trainer *self)
{
    run_log_close(self->metrics);
    run_log_close(self->timing);
    validation_destroy(self->validation);
    average_destroy(self->average);
    learner_destroy(self->learner);
    prefetch_destroy(self->prefetch);
    loader_destroy(self->loader);
    case_pool_destroy(self->pool);
    model_destroy(self->begin);
    free(self->training);
    crew_destroy(self->crew);
}
