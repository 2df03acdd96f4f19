/* SPDX-License-Identifier: Apache-2.0 */
#include "trainer.h"

#include "stop.h"
#include "trainer_parts.h"

#include <math.h>

static enum status save_checkpoint(struct trainer *self)
{
    if (!self->unsaved)
        return OK;
    self->facts.step = self->progress.step;
    self->progress.threads = self->backend->threads;
    self->progress.ranks = crew_count(self->crew);
    const struct checkpoint_subject subject = trainer_set_up_subject(self);
    if (trainer_leads(self)) {
        TRY(run_log_sync(self->metrics));
        TRY(checkpoint_save(self->checkpoint_path, &subject, &self->facts, &self->progress));
    }
    self->saved = self->progress.step;
    self->unsaved = 0;
    return OK;
}

/* ---- The weights that are judged and kept: their average, or as they are ---- */

static enum status enter_average(struct trainer *self)
{
    return self->average != NULL ? average_enter(self->average, self->options.stop) : OK;
}

/* Must follow, whatever came of it; gives what came of it. */
static enum status leave_average(struct trainer *self, enum status status)
{
    enum status left = self->average != NULL ? average_leave(self->average) : OK;
    return status != OK ? status : left;
}

static enum status save_model(struct trainer *self, const char *path)
{
    self->facts.step = self->progress.step;
    if (!trainer_leads(self))
        return OK;
    return model_save(path, learner_network(self->learner), self->backend, &self->facts);
}

static enum status write_model(struct trainer *self)
{
    enum status status = enter_average(self);
    if (status == OK)
        status = save_model(self, self->model_path);
    return leave_average(self, status);
}

/* ---- The loop ---- */

/* Scores of the present step; keeps it when it is the best. */
static enum status judge(struct trainer *self, struct validation_scores *scores)
{
    struct checkpoint_progress *progress = &self->progress;
    TRY(validation_judge(self->validation, scores, learner_network(self->learner)));
    if (!isfinite(scores->loss))
        return FAIL(ERR_NUMERIC, "the validation loss is not finite at step %lld",
                    (long long)progress->step);
    TRY(trainer_log_validation(self, scores));
    progress->validated = progress->step;
    progress->stale++;
    self->unsaved = 1; /* a checkpoint of this step may not know it */
    if (progress->best_step != 0 && !(scores->loss < progress->best_loss))
        return OK;
    progress->best_step = progress->step;
    progress->best_loss = scores->loss;
    progress->stale = 0;
    return save_model(self, self->best_path);
}

/* Judges the present step if it is due and not yet judged; *judged says whether. */
static enum status validate_if_due(struct trainer *self, struct validation_scores *scores,
                                   int *judged)
{
    const struct checkpoint_progress *progress = &self->progress;
    const struct trainer_options *options = &self->options;
    *judged = 0;
    int due = self->validation != NULL && progress->step > 0 &&
              (progress->step % options->validate_every == 0 ||
               progress->step == options->schedule.steps);
    if (!due || progress->validated == progress->step)
        return OK;
    enum status status = enter_average(self);
    if (status == OK)
        status = judge(self, scores);
    *judged = status == OK;
    return leave_average(self, status);
}

static int out_of_patience(const struct trainer *self)
{
    return self->options.patience > 0 && self->progress.stale >= self->options.patience;
}

/* Norms take running statistics in the last steps. */
static enum network_statistics statistics_at(const struct trainer *self, int64_t step)
{
    int64_t steps = self->options.schedule.steps;
    int64_t frozen = (int64_t)floor(self->options.freeze * (double)steps);
    return step > steps - frozen ? NETWORK_RUNNING_STATISTICS : NETWORK_UPDATE_STATISTICS;
}

/* Forward, backward and update number `step`. */
static enum status train_step(struct trainer *self, double *loss, double rate, int64_t step)
{
    const struct batch *batch;
    struct learner_result result;
    TRY(prefetch_next(&batch, self->prefetch));
    TRY(learner_step(self->learner, &result, batch, rate, step, statistics_at(self, step)));
    if (self->average != NULL)
        TRY(average_update(self->average, step));
    *loss = result.loss;
    self->unsaved = 1;
    self->progress.step = step;
    self->progress.summed++;
    self->progress.sums[SUM_LOSS] += result.loss;
    self->progress.sums[SUM_NORM] += result.norm;
    for (int i = 0; i < LOSS_TERMS; i++)
        self->progress.sums[SUM_TERMS + i] += result.terms[i];
    return OK;
}

/* One step and what is due after it. */
static enum status advance(struct trainer *self, double *loss)
{
    const struct trainer_options *options = &self->options;
    struct validation_scores scores;
    int judged;
    int64_t step = self->progress.step + 1;
    double rate = schedule_rate(&options->schedule, step);
    TRY(train_step(self, loss, rate, step));
    if (step % options->log_every == 0 || step == options->schedule.steps)
        TRY(trainer_log_step(self, rate));
    TRY(validate_if_due(self, &scores, &judged));
    trainer_log_observe(self, *loss, rate, judged ? &scores : NULL);
    if (options->checkpoint_every > 0 && step % options->checkpoint_every == 0)
        TRY(save_checkpoint(self));
    return OK;
}

/* Batches are filled from here on. */
static enum status start_prefetch(struct trainer *self)
{
    const struct prefetch_options options = {.shape = self->shape,
                                             .first = self->progress.step * self->options.batch,
                                             .stride = self->options.batch,
                                             .curriculum = &self->options.curriculum};
    return prefetch_create(&self->prefetch, self->loader, &options);
}

/* Steps until the end, stop_after, or a request to stop. */
static enum status run_steps(struct trainer *self, double *loss)
{
    const struct trainer_options *options = &self->options;
    struct validation_scores scores;
    int judged;
    int64_t last = options->schedule.steps;
    if (options->stop_after > 0 && options->stop_after < last)
        last = options->stop_after;
    if (self->progress.step < last && !out_of_patience(self))
        TRY(start_prefetch(self));
    TRY(validate_if_due(self, &scores, &judged)); /* a resumed run may owe it */
    while (self->progress.step < last && !out_of_patience(self)) {
        TRY(crew_stop(self->crew, options->stop, "between two steps"));
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

/* All steps are done, or more would be of no use. */
static int has_ended(const struct trainer *self)
{
    return self->progress.step == self->options.schedule.steps || out_of_patience(self);
}

static enum status run(struct trainer *self, double *loss)
{
    TRY(trainer_set_up(self));
    self->first = self->progress.step;
    self->begun = stop_clock();
    enum status status = run_steps(self, loss);
    if (status != OK && status != ERR_STOPPED)
        return explain_breakdown(self, status);
    if (status == OK && out_of_patience(self))
        TRY(trainer_log_end(self));
    TRY(save_checkpoint(self));
    if (status == OK && has_ended(self))
        TRY(write_model(self));
    return status;
}

enum status trainer_run(struct trainer_result *out, const struct trainer_options *options)
{
    struct trainer trainer = {.options = *options, .backend = options->backend};
    double loss = (double)NAN;
    double begun = stop_clock();
    enum status status = run(&trainer, &loss);
    *out = (struct trainer_result){
        .step = trainer.progress.step,
        .steps = options->schedule.steps,
        .batch = trainer.options.batch,
        .ended = status == OK && has_ended(&trainer),
        .first = trainer.first,
        .loss = loss,
        .best_loss = trainer.progress.best_loss,
        .best_step = trainer.progress.best_step,
        .signal = crew_signal(trainer.crew),
        .seconds = stop_clock() - begun,
        .seconds_waited = trainer_log_seconds_waited(&trainer),
    };
    trainer_set_up_undo(&trainer);
    return status;
}
