/* SPDX-License-Identifier: Apache-2.0 */
#include "average.h"

#include "array.h"

#include <stdlib.h>

/* The share of a batch's statistics that a running one takes (backend.h). */
#define MOMENTUM 0.1

struct average {
    struct network *network;
    struct backend *backend;
    double decay;
    int64_t parameters, statistics;              /* floats */
    struct buffer mean;                          /* [parameters] */
    struct buffer kept_weights, kept_statistics; /* of the network, while it has the average */
    struct buffer sum;                           /* [statistics] */
    struct batch *batches;                       /* all in one; NULL: none */
    int64_t size;                                /* windows of one */
    struct crew *crew;                           /* NULL: alone */
    struct buffer input;
};

enum status average_create(struct average **out, struct network *network, struct backend *backend,
                           double decay)
{
    enum status status = OK;
    if (!(decay > 0.0 && decay < 1.0))
        return FAIL(ERR_CONFIG,
                    "the decay of the weights' average is %g; it must be between 0 and 1", decay);
    struct average *self = calloc(1, sizeof *self);
    if (self == NULL)
        return FAIL(ERR_MEMORY, "no memory for an average");
    self->network = network;
    self->backend = backend;
    self->decay = decay;
    self->parameters = network_parameter_count(network);
    self->statistics = network_statistic_count(network);
    TRY_GOTO(backend->ops->alloc(backend, &self->mean, self->parameters), cleanup);
    TRY_GOTO(backend->ops->alloc(backend, &self->kept_weights, self->parameters), cleanup);
    TRY_GOTO(backend->ops->alloc(backend, &self->kept_statistics, self->statistics), cleanup);
    TRY_GOTO(backend->ops->alloc(backend, &self->sum, self->statistics), cleanup);
    *out = self;
    self = NULL;
cleanup:
    average_destroy(self);
    return status;
}

void average_destroy(struct average *average)
{
    if (average == NULL)
        return;
    struct backend *backend = average->backend;
    backend->ops->release(backend, &average->mean);
    backend->ops->release(backend, &average->kept_weights);
    backend->ops->release(backend, &average->kept_statistics);
    backend->ops->release(backend, &average->sum);
    backend->ops->release(backend, &average->input);
    batch_destroy(average->batches);
    free(average);
}

void average_give_batches(struct average *average, struct batch *batches, int64_t size,
                          struct crew *crew)
{
    average->batches = batches;
    average->size = size;
    average->crew = crew;
}

enum status average_begin(struct average *average)
{
    struct backend *backend = average->backend;
    return backend->ops->copy(backend, &average->mean, network_parameters(average->network),
                              average->parameters);
}

enum status average_update(struct average *average, int64_t step)
{
    struct backend *backend = average->backend;
    double early = (1.0 + (double)step) / (10.0 + (double)step);
    double decay = early < average->decay ? early : average->decay;
    TRY(backend->ops->scale(backend, &average->mean, (float)decay, average->parameters));
    return backend->ops->axpy(backend, &average->mean, (float)(1.0 - decay),
                              network_parameters(average->network), average->parameters);
}

/* From statistics of 0 one update leaves MOMENTUM times those of the batch. */
static enum status add_batch(struct average *self, int64_t first)
{
    struct backend *backend = self->backend;
    struct buffer *output, *statistics = network_statistics(self->network);
    int64_t window = batch_input_count(self->batches) / self->batches->windows;
    double share = (double)self->size / (double)self->batches->windows;
    int64_t own = self->size / crew_count(self->crew); /* windows */
    const float *input = self->batches->input + (first + crew_rank(self->crew) * own) * window;
    TRY(backend->ops->fill(backend, statistics, 0.0F, self->statistics));
    TRY(backend->ops->upload(backend, &self->input, input, own * window));
    TRY(network_forward(self->network, &self->input, NETWORK_UPDATE_STATISTICS, &output));
    return backend->ops->axpy(backend, &self->sum, (float)(share / MOMENTUM), statistics,
                              self->statistics);
}

/* The statistics become the sum, of several ranks the mean of theirs. */
static enum status install_sum(struct average *self)
{
    enum status status = OK;
    struct backend *backend = self->backend;
    float *means = NULL;
    if (self->crew == NULL)
        return backend->ops->copy(backend, network_statistics(self->network), &self->sum,
                                  self->statistics);
    TRY_GOTO(ARRAY_NEW(means, self->statistics), cleanup);
    TRY_GOTO(backend->ops->download(backend, means, &self->sum, self->statistics), cleanup);
    TRY_GOTO(crew_mean(self->crew, means, self->statistics), cleanup);
    TRY_GOTO(
        backend->ops->upload(backend, network_statistics(self->network), means, self->statistics),
        cleanup);
cleanup:
    array_free(means);
    return status;
}

static enum status recalibrate(struct average *self, const struct stop *stop)
{
    struct backend *backend = self->backend;
    int64_t window = batch_input_count(self->batches) / self->batches->windows;
    if (self->input.data == NULL)
        TRY(backend->ops->alloc(backend, &self->input,
                                self->size / crew_count(self->crew) * window));
    TRY(backend->ops->fill(backend, &self->sum, 0.0F, self->statistics));
    for (int64_t first = 0; first < self->batches->windows; first += self->size) {
        TRY(crew_stop(self->crew, stop, "while statistics were taken anew"));
        TRY(add_batch(self, first));
    }
    return install_sum(self);
}

enum status average_enter(struct average *average, const struct stop *stop)
{
    struct backend *backend = average->backend;
    struct buffer *weights = network_parameters(average->network);
    TRY(backend->ops->copy(backend, &average->kept_weights, weights, average->parameters));
    if (average->statistics > 0)
        TRY(backend->ops->copy(backend, &average->kept_statistics,
                               network_statistics(average->network), average->statistics));
    TRY(backend->ops->copy(backend, weights, &average->mean, average->parameters));
    TRY(network_refresh(average->network));
    return average->statistics > 0 && average->batches != NULL ? recalibrate(average, stop) : OK;
}

enum status average_leave(struct average *average)
{
    struct backend *backend = average->backend;
    TRY(backend->ops->copy(backend, network_parameters(average->network), &average->kept_weights,
                           average->parameters));
    if (average->statistics > 0)
        TRY(backend->ops->copy(backend, network_statistics(average->network),
                               &average->kept_statistics, average->statistics));
    return network_refresh(average->network);
}

enum status average_download(const struct average *average, float *values)
{
    struct backend *backend = average->backend;
    return backend->ops->download(backend, values, &average->mean, average->parameters);
}

enum status average_upload(struct average *average, const float *values)
{
    struct backend *backend = average->backend;
    return backend->ops->upload(backend, &average->mean, values, average->parameters);
}
