/* SPDX-License-Identifier: Apache-2.0 */
#include "stop.h"
#include "trainer_parts.h"

#include <string.h>

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
    TRY(set_terms(json, &self->options.loss, progress->sums + SUM_TERMS, factor));
    TRY(json_set(json, "gradient_norm", json_make_real(progress->sums[SUM_NORM] * factor)));
    return json_set(json, "rate", json_make_real(rate));
}

static enum status fill_validation(struct json *json, const struct trainer *self,
                                   const struct validation_scores *scores)
{
    TRY(json_set(json, "kind", json_make_text("validation")));
    TRY(json_set(json, "step", json_make_integer(self->progress.step)));
    TRY(json_set(json, "loss", json_make_real(scores->loss)));
    TRY(set_terms(json, &self->options.loss, scores->terms, 1.0));
    TRY(json_set(json, "velocity_relative_l2", json_make_real(scores->velocity)));
    TRY(json_set(json, "velocity_relative_l2_wake", json_make_real(scores->velocity_wake)));
    TRY(json_set(json, "ux_relative_l2", json_make_real(scores->ux)));
    TRY(json_set(json, "uy_relative_l2", json_make_real(scores->uy)));
    return json_set(json, "density_relative_l2_wake", json_make_real(scores->density));
}

double trainer_log_seconds_waited(const struct trainer *self)
{
    return self->prefetch != NULL ? prefetch_waited(self->prefetch) : 0.0;
}

static double rate_of_samples(const struct trainer *self, double seconds)
{
    int64_t samples = (self->progress.step - self->first) * self->options.batch;
    return seconds > 0.0 ? (double)samples / seconds : 0.0;
}

static enum status fill_timing(struct json *json, const struct trainer *self)
{
    double seconds = stop_clock() - self->begun;
    TRY(json_set(json, "step", json_make_integer(self->progress.step)));
    TRY(json_set(json, "seconds", json_make_real(seconds)));
    TRY(json_set(json, "seconds_waited", json_make_real(trainer_log_seconds_waited(self))));
    return json_set(json, "samples_per_second", json_make_real(rate_of_samples(self, seconds)));
}

/* One line of each file, means over the steps since the last. */
enum status trainer_log_step(struct trainer *self, double rate)
{
    enum status status = OK;
    if (!trainer_leads(self))
        return OK;
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

enum status trainer_log_validation(struct trainer *self, const struct validation_scores *scores)
{
    enum status status = OK;
    if (!trainer_leads(self))
        return OK;
    struct json *json = json_make_object();
    TRY_GOTO(json == NULL ? ERR_MEMORY : OK, cleanup);
    TRY_GOTO(fill_validation(json, self, scores), cleanup);
    TRY_GOTO(run_log_append(self->metrics, json), cleanup);
cleanup:
    json_destroy(json);
    return status;
}

enum status trainer_log_end(struct trainer *self)
{
    enum status status = OK;
    if (!trainer_leads(self))
        return OK;
    struct json *json = json_make_object();
    TRY_GOTO(json == NULL ? ERR_MEMORY : OK, cleanup);
    TRY_GOTO(json_set(json, "kind", json_make_text("end")), cleanup);
    TRY_GOTO(json_set(json, "step", json_make_integer(self->progress.step)), cleanup);
    TRY_GOTO(json_set(json, "validations", json_make_integer(self->progress.stale)), cleanup);
    TRY_GOTO(json_set(json, "best_step", json_make_integer(self->progress.best_step)), cleanup);
    TRY_GOTO(run_log_append(self->metrics, json), cleanup);
cleanup:
    json_destroy(json);
    return status;
}

void trainer_log_observe(const struct trainer *self, double loss, double rate,
                         const struct validation_scores *validation)
{
    const struct trainer_options *options = &self->options;
    double speed = rate_of_samples(self, stop_clock() - self->begun);
    int64_t left = (options->schedule.steps - self->progress.step) * options->batch;
    struct trainer_progress progress = {
        .step = self->progress.step,
        .steps = options->schedule.steps,
        .batch = options->batch,
        .loss = loss,
        .rate = rate,
        .samples_per_second = speed,
        .seconds_left = speed > 0.0 ? (double)left / speed : 0.0,
        .validation = validation,
    };
    if (options->observe != NULL && trainer_leads(self))
        options->observe(options->context, &progress);
}
