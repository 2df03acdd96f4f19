/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluation.h"

#include "array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What one forecaster did. */
struct score {
    char absence[512];
    double *values; /* [rollouts][horizon][METRICS_KINDS] */
    size_t value_capacity;
    struct evaluation_outcome *outcomes; /* [rollouts] */
    size_t outcome_capacity;
};

struct evaluation {
    struct evaluation_options options;
    struct score scores[EVALUATION_ENTRIES];
    struct evaluation_rollout *rollouts;
    int64_t rollout_count;
    size_t rollout_capacity;
    struct evaluation_picture *pictures;
    int64_t picture_count;
    size_t picture_capacity;
};

/* Work of one case: the frames of one forecast. */
struct rollout_work {
    const struct case_record *truth;
    int64_t probe;
    float *frames;  /* [horizon][FRAME_FIELDS][nx][ny] */
    double *series; /* [max(horizon, frames of the truth)] */
};

enum status evaluation_create(struct evaluation **out, const struct evaluation_options *options)
{
    if (options->count < 1 || options->count > EVALUATION_ENTRIES)
        return FAIL(ERR_CONFIG, "%lld forecasters; there must be 1 to %d",
                    (long long)options->count, EVALUATION_ENTRIES);
    if (options->call < 1 || options->horizon < options->call)
        return FAIL(ERR_CONFIG, "a rollout of %lld frames; one call alone has %lld",
                    (long long)options->horizon, (long long)options->call);
    if (!(options->truth_cost >= 0.0))
        return FAIL(ERR_CONFIG, "the truth's cost is %g s a frame; it cannot be negative",
                    options->truth_cost);
    struct evaluation *evaluation = calloc(1, sizeof *evaluation);
    if (evaluation == NULL)
        return FAIL(ERR_MEMORY, "no memory for an evaluation");
    evaluation->options = *options;
    *out = evaluation;
    return OK;
}

static void fini_picture(struct evaluation_picture *picture)
{
    array_free(picture->sdf);
    array_free(picture->mask);
    array_free(picture->truth);
    array_free(picture->forecasts);
}

void evaluation_destroy(struct evaluation *evaluation)
{
    if (evaluation == NULL)
        return;
    for (int64_t e = 0; e < EVALUATION_ENTRIES; e++) {
        free(evaluation->scores[e].values);
        free(evaluation->scores[e].outcomes);
    }
    for (int64_t p = 0; p < evaluation->picture_count; p++)
        fini_picture(&evaluation->pictures[p]);
    free(evaluation->pictures);
    free(evaluation->rollouts);
    free(evaluation);
}

/* Room for `count` rollouts in every array; on failure nothing has changed but capacities. */
static enum status reserve_rollouts(struct evaluation *self, int64_t count)
{
    size_t values = (size_t)(count * self->options.horizon * METRICS_KINDS);
    void *grown =
        array_grow(self->rollouts, &self->rollout_capacity, (size_t)count, sizeof *self->rollouts);
    if (grown == NULL)
        return ERR_MEMORY;
    self->rollouts = grown;
    for (int64_t e = 0; e < self->options.count; e++) {
        struct score *score = &self->scores[e];
        grown = array_grow(score->values, &score->value_capacity, values, sizeof *score->values);
        if (grown == NULL)
            return ERR_MEMORY;
        score->values = grown;
        grown = array_grow(score->outcomes, &score->outcome_capacity, (size_t)count,
                           sizeof *score->outcomes);
        if (grown == NULL)
            return ERR_MEMORY;
        score->outcomes = grown;
    }
    return OK;
}

/* uy at the probe over `count` frames [FRAME_FIELDS][nx][ny]. */
static void read_probe(double *series, const struct rollout_work *work, const float *frames,
                       int64_t count)
{
    int64_t cells = frames_cells(&work->truth->flow);
    for (int64_t t = 0; t < count; t++)
        series[t] = work->probe < 0 ? (double)NAN
                                    : frames[(t * FRAME_FIELDS + FRAME_UY) * cells + work->probe];
}

static void describe_rollout(struct evaluation_rollout *out, const struct rollout_work *work,
                             int64_t start, int64_t horizon)
{
    const struct case_record *truth = work->truth;
    out->flow = truth->flow;
    out->start = start;
    read_probe(work->series, work, truth->values, truth->frames);
    out->period = metrics_period(work->series, truth->frames, &truth->flow);
    out->strouhal = metrics_strouhal(work->series, truth->frames, &truth->flow);
    out->horizon_strouhal = metrics_strouhal(work->series + start + 1, horizon, &truth->flow);
}

static const struct start_state *find_state(const struct case_record *truth, int64_t frame)
{
    for (int64_t i = 0; i < truth->start_count; i++)
        if (truth->starts[i]->frame == frame)
            return truth->starts[i];
    return NULL;
}

/* The first step whose frame is not finite in the fluid, 0 if all are. */
static int64_t find_divergence(const struct rollout_work *work, int64_t horizon)
{
    int64_t cells = frames_cells(&work->truth->flow);
    for (int64_t t = 0; t < horizon; t++)
        for (int64_t i = 0; i < FRAME_FIELDS * cells; i++)
            if (!work->truth->mask[i % cells] &&
                !isfinite(work->frames[t * FRAME_FIELDS * cells + i]))
                return t + 1;
    return 0;
}

/* Lets one forecaster run; work->frames holds what came. A failure to start for want of a state,
 * and divergence, are results. */
static enum status run_forecaster(struct evaluation *self, int64_t entry, int64_t start,
                                  const struct rollout_work *work)
{
    struct forecaster *forecaster = self->options.entries[entry].forecaster;
    struct score *score = &self->scores[entry];
    struct forecaster_start begin = {
        .flow = &work->truth->flow,
        .sdf = work->truth->sdf,
        .mask = work->truth->mask,
        .frames = case_record_frame(work->truth, start - FORECASTER_INPUT_FRAMES + 1),
        .state = find_state(work->truth, start),
        .earlier = start - FORECASTER_INPUT_FRAMES + 1,
    };
    enum status status = forecaster->ops->start(forecaster, &begin);
    if (status == ERR_UNSUPPORTED) {
        (void)snprintf(score->absence, sizeof score->absence, "%.500s", error_message());
        error_clear();
        return OK;
    }
    TRY(status);
    status = forecaster->ops->advance(forecaster, work->frames, self->options.horizon);
    if (status != ERR_NUMERIC)
        TRY(status);
    error_clear();
    return OK;
}

static enum status score_forecaster(struct evaluation *self, int64_t entry, int64_t rollout,
                                    const struct rollout_work *work)
{
    const struct case_record *truth = work->truth;
    int64_t horizon = self->options.horizon, size = FRAME_FIELDS * frames_cells(&truth->flow);
    struct evaluation_outcome *outcome = &self->scores[entry].outcomes[rollout];
    const struct forecaster *forecaster = self->options.entries[entry].forecaster;
    double *values = self->scores[entry].values + rollout * horizon * METRICS_KINDS;
    outcome->diverged = find_divergence(work, horizon);
    outcome->cost = forecaster->ops->cost(forecaster) / (double)horizon;
    read_probe(work->series, work, work->frames, horizon);
    outcome->strouhal = metrics_strouhal(work->series, horizon, &truth->flow);
    for (int64_t t = 0; t < horizon; t++) {
        const float *frame = case_record_frame(truth, self->rollouts[rollout].start + 1 + t);
        TRY(metrics_compare(values + t * METRICS_KINDS, work->frames + t * size, frame, truth->mask,
                            &truth->flow));
    }
    return OK;
}

static enum status create_picture(struct evaluation_picture *out, const struct case_record *truth,
                                  int64_t start, int64_t horizon, int64_t entries)
{
    enum status status = OK;
    int64_t cells = frames_cells(&truth->flow), size = FRAME_FIELDS * cells;
    struct evaluation_picture picture = {.flow = truth->flow, .start = start};
    TRY_GOTO(ARRAY_NEW(picture.sdf, cells), cleanup);
    TRY_GOTO(ARRAY_NEW(picture.mask, cells), cleanup);
    TRY_GOTO(ARRAY_NEW(picture.truth, EVALUATION_INSTANTS * size), cleanup);
    TRY_GOTO(ARRAY_NEW(picture.forecasts, entries * EVALUATION_INSTANTS * size), cleanup);
    memcpy(picture.sdf, truth->sdf, (size_t)cells * sizeof *picture.sdf);
    memcpy(picture.mask, truth->mask, (size_t)cells * sizeof *picture.mask);
    for (int64_t i = 0; i < entries * EVALUATION_INSTANTS * size; i++)
        picture.forecasts[i] = NAN;
    for (int64_t i = 0; i < EVALUATION_INSTANTS; i++) {
        int64_t step = (i + 1) * horizon / EVALUATION_INSTANTS;
        picture.steps[i] = step < 1 ? 1 : step;
        memcpy(picture.truth + i * size, case_record_frame(truth, start + picture.steps[i]),
               (size_t)size * sizeof *picture.truth);
    }
    *out = picture;
    memset(&picture, 0, sizeof picture);
cleanup:
    fini_picture(&picture);
    return status;
}

static void fill_picture(struct evaluation_picture *picture, int64_t entry, const float *frames)
{
    int64_t size = FRAME_FIELDS * frames_cells(&picture->flow);
    for (int64_t i = 0; i < EVALUATION_INSTANTS; i++)
        memcpy(picture->forecasts + (entry * EVALUATION_INSTANTS + i) * size,
               frames + (picture->steps[i] - 1) * size, (size_t)size * sizeof *frames);
}

/* All forecasters from one start, as rollout number `rollout`; `picture` may be NULL. */
static enum status run_rollout(struct evaluation *self, int64_t rollout, int64_t start,
                               const struct rollout_work *work, struct evaluation_picture *picture)
{
    int64_t horizon = self->options.horizon;
    int64_t count = horizon * FRAME_FIELDS * frames_cells(&work->truth->flow);
    describe_rollout(&self->rollouts[rollout], work, start, horizon);
    for (int64_t e = 0; e < self->options.count; e++) {
        if (self->scores[e].absence[0] != '\0')
            continue;
        if (stop_requested(self->options.stop) != STOP_NONE)
            return FAIL(ERR_STOPPED, "asked to stop while judging");
        for (int64_t i = 0; i < count; i++)
            work->frames[i] = NAN;
        TRY(run_forecaster(self, e, start, work));
        if (self->scores[e].absence[0] != '\0')
            continue;
        TRY(score_forecaster(self, e, rollout, work));
        if (picture != NULL)
            fill_picture(picture, e, work->frames);
    }
    return OK;
}

static enum status check_case(const struct evaluation *self, const struct evaluation_case *one)
{
    for (int64_t s = 0; s < one->start_count; s++) {
        int64_t first = one->starts[s] - FORECASTER_INPUT_FRAMES + 1;
        int64_t last = one->starts[s] + self->options.horizon;
        if (first < 0 || last >= one->truth->frames)
            return FAIL(ERR_CONFIG,
                        "a rollout of %lld frames from frame %lld needs frames %lld to %lld; case "
                        "%lld has 0 to %lld",
                        (long long)self->options.horizon, (long long)one->starts[s],
                        (long long)first, (long long)last, (long long)one->truth->flow.index,
                        (long long)one->truth->frames - 1);
    }
    return OK;
}

static enum status create_work(struct rollout_work *work, const struct case_record *truth,
                               int64_t horizon)
{
    work->truth = truth;
    work->probe = metrics_probe(&truth->flow, truth->mask);
    TRY(ARRAY_NEW(work->frames, horizon * FRAME_FIELDS * frames_cells(&truth->flow)));
    TRY(ARRAY_NEW(work->series, truth->frames > horizon ? truth->frames : horizon));
    return OK;
}

/* Room for one more picture; it counts only when the case is in. */
static enum status reserve_picture(struct evaluation *self)
{
    void *grown = array_grow(self->pictures, &self->picture_capacity,
                             (size_t)self->picture_count + 1, sizeof *self->pictures);
    if (grown == NULL)
        return ERR_MEMORY;
    self->pictures = grown;
    return OK;
}

enum status evaluation_add(struct evaluation *evaluation, const struct evaluation_case *one)
{
    enum status status = OK;
    struct rollout_work work = {0};
    struct evaluation_picture picture = {0};
    int64_t horizon = evaluation->options.horizon, first = evaluation->rollout_count;
    TRY(check_case(evaluation, one));
    TRY(reserve_rollouts(evaluation, first + one->start_count));
    TRY(reserve_picture(evaluation));
    TRY_GOTO(create_work(&work, one->truth, horizon), cleanup);
    if (one->keep >= 0)
        TRY_GOTO(create_picture(&picture, one->truth, one->starts[one->keep], horizon,
                                evaluation->options.count),
                 cleanup);
    for (int64_t s = 0; s < one->start_count; s++)
        TRY_GOTO(run_rollout(evaluation, first + s, one->starts[s], &work,
                             s == one->keep ? &picture : NULL),
                 cleanup);
    evaluation->rollout_count += one->start_count;
    if (one->keep >= 0) {
        evaluation->pictures[evaluation->picture_count++] = picture;
        memset(&picture, 0, sizeof picture);
    }
cleanup:
    fini_picture(&picture);
    array_free(work.frames);
    array_free(work.series);
    return status;
}

const struct evaluation_options *evaluation_get_options(const struct evaluation *evaluation)
{
    return &evaluation->options;
}

int64_t evaluation_rollouts(const struct evaluation *evaluation)
{
    return evaluation->rollout_count;
}

const struct evaluation_rollout *evaluation_rollout_at(const struct evaluation *evaluation,
                                                       int64_t rollout)
{
    return &evaluation->rollouts[rollout];
}

const struct evaluation_outcome *evaluation_outcome_at(const struct evaluation *evaluation,
                                                       int64_t entry, int64_t rollout)
{
    return &evaluation->scores[entry].outcomes[rollout];
}

int64_t evaluation_pictures(const struct evaluation *evaluation)
{
    return evaluation->picture_count;
}

const struct evaluation_picture *evaluation_picture_at(const struct evaluation *evaluation,
                                                       int64_t picture)
{
    return &evaluation->pictures[picture];
}

const char *evaluation_absence(const struct evaluation *evaluation, int64_t entry)
{
    return evaluation->scores[entry].absence;
}

double evaluation_value(const struct evaluation *evaluation, int64_t entry, int64_t rollout,
                        int64_t step, enum metrics_kind metric)
{
    if (evaluation->scores[entry].absence[0] != '\0')
        return (double)NAN;
    int64_t row = rollout * evaluation->options.horizon + step - 1;
    return evaluation->scores[entry].values[row * METRICS_KINDS + (int64_t)metric];
}
