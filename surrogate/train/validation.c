/* SPDX-License-Identifier: Apache-2.0 */
#include "validation.h"

#include "array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct validation {
    struct validation_options options;
    struct backend *backend;
    struct network *network; /* for forecasts; its parameters are copies */
    struct loss *loss;
    struct batch *windows; /* all of them */
    int64_t batch, batches;
    int64_t share;                      /* windows of a batch that this rank judges */
    double (*counts)[LOSS_TERMS];       /* of each batch; NULL: the share is all of it */
    struct buffer input, target, fluid; /* of one batch */
    float *prediction;                  /* one batch on the host */
};

/* Loss and terms, means over batches; sums of squares over fluid cells, in units of U (velocities)
 * and 3 U^2 (density). */
struct tally {
    double loss, terms[LOSS_TERMS];
    double error[FRAME_FIELDS], truth[FRAME_FIELDS], departure[FRAME_FIELDS];
};
enum { TALLY = 1 + LOSS_TERMS + 3 * FRAME_FIELDS }; /* numbers in it */
_Static_assert(sizeof(struct tally) == TALLY * sizeof(double), "a tally is numbers alone");

static enum status alloc_buffers(struct validation *self)
{
    struct backend *backend = self->backend;
    const struct batch *all = self->windows;
    int64_t of_target = batch_target_count(all) / all->windows * self->share;
    TRY(backend->ops->alloc(backend, &self->input,
                            batch_input_count(all) / all->windows * self->share));
    TRY(backend->ops->alloc(backend, &self->target, of_target));
    TRY(backend->ops->alloc(backend, &self->fluid,
                            batch_fluid_count(all) / all->windows * self->share));
    return ARRAY_NEW(self->prediction, of_target);
}

/* Batches of `count` windows, which the ranks can share. */
static enum status choose_batch(struct validation *self, int64_t count)
{
    int64_t ranks = crew_count(self->options.crew);
    self->batch = count < self->options.batch ? count : self->options.batch;
    self->batch -= self->batch % ranks;
    if (self->batch == 0)
        return FAIL(ERR_CONFIG, "%lld windows to validate on are too few for %lld ranks",
                    (long long)count, (long long)ranks);
    self->batches = count / self->batch;
    self->share = self->batch / ranks;
    return OK;
}

static enum status fill_windows(struct validation *self, struct case_pool *pool)
{
    enum status status = OK;
    struct loader *loader = NULL;
    const struct validation_options *options = &self->options;
    TRY_GOTO(loader_create(&loader, pool, &options->loader), cleanup);
    int64_t count = loader_windows(loader);
    if (count > options->windows)
        count = options->windows;
    TRY_GOTO(choose_batch(self, count), cleanup);
    const struct batch shape = {
        .windows = self->batches * self->batch,
        .window = options->loader.window,
        .channels = normalisation_channels(&options->loader.normalisation),
        .nx = options->nx,
        .ny = options->ny,
    };
    TRY_GOTO(batch_create(&self->windows, &shape), cleanup);
    TRY_GOTO(loader_fill_evenly(loader, self->windows), cleanup);
cleanup:
    loader_destroy(loader);
    return status;
}

static enum status upload_fluid(struct validation *self, int64_t first)
{
    const struct batch *all = self->windows;
    int64_t fluid = batch_fluid_count(all) / all->windows;
    return self->backend->ops->upload(self->backend, &self->fluid, all->fluid + first * fluid,
                                      self->share * fluid);
}

/* What the means of the loss run over in each batch, of which each rank sees a share. */
static enum status count_batches(struct validation *self)
{
    if (self->options.crew == NULL)
        return OK;
    TRY(ARRAY_NEW(self->counts, self->batches));
    for (int64_t first = 0; first < self->windows->windows; first += self->share) {
        TRY(upload_fluid(self, first));
        TRY(loss_count(self->loss, self->counts[first / self->batch], &self->fluid));
    }
    return OK;
}

enum status validation_create(struct validation **out, struct case_pool *pool,
                              const struct network_spec *spec, struct backend *backend,
                              const struct validation_options *options)
{
    enum status status = OK;
    if (options->windows < 1 || options->batch < 1)
        return FAIL(ERR_CONFIG, "validation on %lld windows in batches of %lld",
                    (long long)options->windows, (long long)options->batch);
    struct validation *self = calloc(1, sizeof *self);
    if (self == NULL)
        return FAIL(ERR_MEMORY, "no memory for the validation set");
    self->options = *options;
    self->backend = backend;
    TRY_GOTO(fill_windows(self, pool), cleanup);
    const int64_t dims[5] = {self->share, options->loader.window.out, options->nx, options->ny,
                             FRAME_FIELDS};
    TRY_GOTO(network_create(&self->network, spec, backend, self->share, options->nx, options->ny,
                            NETWORK_FORECAST),
             cleanup);
    TRY_GOTO(loss_create(&self->loss, &options->loss, backend, dims), cleanup);
    TRY_GOTO(alloc_buffers(self), cleanup);
    TRY_GOTO(count_batches(self), cleanup);
    *out = self;
    self = NULL;
cleanup:
    validation_destroy(self);
    return status;
}

void validation_destroy(struct validation *validation)
{
    if (validation == NULL)
        return;
    struct backend *backend = validation->backend;
    loss_destroy(validation->loss);
    network_destroy(validation->network);
    backend->ops->release(backend, &validation->input);
    backend->ops->release(backend, &validation->target);
    backend->ops->release(backend, &validation->fluid);
    array_free(validation->prediction);
    array_free(validation->counts);
    batch_destroy(validation->windows);
    free(validation);
}

int64_t validation_windows(const struct validation *validation)
{
    return validation->windows->windows;
}

static enum status copy_network(struct validation *self, struct network *network)
{
    struct backend *backend = self->backend;
    int64_t statistics = network_statistic_count(network);
    TRY(backend->ops->copy(backend, network_parameters(self->network), network_parameters(network),
                           network_parameter_count(network)));
    if (statistics > 0)
        TRY(backend->ops->copy(backend, network_statistics(self->network),
                               network_statistics(network), statistics));
    return network_refresh(self->network);
}

static void sum_errors(struct tally *sums, const struct validation *self, int64_t first)
{
    const struct batch *all = self->windows;
    const double *scale = self->options.loader.normalisation.scale;
    const double stream[FRAME_FIELDS] = {0.0, 1.0, 0.0}; /* in those units */
    int64_t cells = all->nx * all->ny, per_window = all->window.out * cells;
    const float *target = all->target + first * per_window * FRAME_FIELDS;
    const float *fluid = all->fluid + first * cells;
    for (int64_t i = 0; i < self->share * per_window; i++) {
        if (fluid[i / per_window * cells + i % cells] == 0.0F)
            continue;
        for (int c = 0; c < FRAME_FIELDS; c++) {
            double departure = scale[c] * target[i * FRAME_FIELDS + c];
            double error = scale[c] * self->prediction[i * FRAME_FIELDS + c] - departure;
            double truth = departure + stream[c];
            sums->error[c] += error * error;
            sums->truth[c] += truth * truth;
            sums->departure[c] += departure * departure;
        }
    }
}

/* This rank's share of batch `number`. */
static enum status judge_batch(struct validation *self, struct tally *tally, int64_t number)
{
    struct backend *backend = self->backend;
    const struct batch *all = self->windows;
    struct buffer *output;
    double total, terms[LOSS_TERMS] = {0.0};
    int64_t input = batch_input_count(all) / all->windows;
    int64_t target = batch_target_count(all) / all->windows;
    int64_t first = number * self->batch + crew_rank(self->options.crew) * self->share;
    TRY(backend->ops->upload(backend, &self->input, all->input + first * input,
                             self->share * input));
    TRY(backend->ops->upload(backend, &self->target, all->target + first * target,
                             self->share * target));
    TRY(upload_fluid(self, first));
    loss_set_counts(self->loss, self->counts != NULL ? self->counts[number] : NULL);
    TRY(network_forward(self->network, &self->input, NETWORK_KEEP_STATISTICS, &output));
    TRY(loss_evaluate(self->loss, output, &self->target, &self->fluid, &total, terms, NULL));
    TRY(backend->ops->download(backend, self->prediction, output, self->share * target));
    tally->loss += total / (double)self->batches;
    for (int i = 0; i < LOSS_TERMS; i++)
        tally->terms[i] += terms[i] / (double)self->batches;
    sum_errors(tally, self, first);
    return OK;
}

/* Not a number where there is nothing to compare with. */
static double relative(double error, double truth)
{
    return truth > 0.0 ? sqrt(error / truth) : (double)NAN;
}

/* Of all ranks. */
static enum status gather(struct tally *tally, struct crew *crew)
{
    double values[TALLY];
    memcpy(values, tally, sizeof values);
    TRY(crew_add(crew, values, TALLY));
    memcpy(tally, values, sizeof values);
    return OK;
}

static void finish_scores(struct validation_scores *scores, const struct tally *s)
{
    scores->loss = s->loss;
    memcpy(scores->terms, s->terms, sizeof scores->terms);
    double error = s->error[FRAME_UX] + s->error[FRAME_UY];
    scores->velocity = relative(error, s->truth[FRAME_UX] + s->truth[FRAME_UY]);
    scores->velocity_wake = relative(error, s->departure[FRAME_UX] + s->departure[FRAME_UY]);
    scores->density = relative(s->error[FRAME_RHO], s->departure[FRAME_RHO]);
    scores->ux = relative(s->error[FRAME_UX], s->truth[FRAME_UX]);
    scores->uy = relative(s->error[FRAME_UY], s->truth[FRAME_UY]);
}

enum status validation_judge(struct validation *validation, struct validation_scores *out,
                             struct network *network)
{
    const struct validation_options *options = &validation->options;
    struct validation_scores scores = {0};
    struct tally tally = {0};
    TRY(copy_network(validation, network));
    for (int64_t b = 0; b < validation->batches; b++) {
        TRY(crew_stop(options->crew, options->stop, "while validating"));
        TRY(judge_batch(validation, &tally, b));
    }
    TRY(gather(&tally, options->crew));
    finish_scores(&scores, &tally);
    *out = scores;
    return OK;
}
