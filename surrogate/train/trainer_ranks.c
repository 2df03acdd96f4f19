/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "digest.h"
#include "model_architecture.h"
#include "trainer_parts.h"
#include "training_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- would all ranks compute the same? ---- */

/* What decides it: of what is computed a digest; how it is computed in words. */
struct likeness {
    char task[DIGEST_SIZE], data[DIGEST_SIZE];
    char machine[160];
};

/* Program, options and network as one text. */
static enum status describe_task(char out[DIGEST_SIZE], const struct trainer_options *options)
{
    enum status status = OK;
    struct json *network = NULL;
    char *record = NULL, *layers = NULL, *text = NULL;
    size_t size = 0;
    FILE *stream = NULL;
    TRY_GOTO(training_record_write(&record, options, NULL), cleanup);
    TRY_GOTO(model_architecture_write(&network, &options->network), cleanup);
    TRY_GOTO(json_write(&layers, network, JSON_FORM_COMPACT), cleanup);
    stream = open_memstream(&text, &size);
    if (stream == NULL ||
        fprintf(stream, "%s\n%s\n%s\n%lld %lld", options->version, record, layers,
                (long long)options->stop_after, (long long)options->checkpoint_every) < 0)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    TRY_GOTO(fclose(stream) == 0 ? OK : FAIL(ERR_MEMORY, "out of memory"), cleanup);
    stream = NULL;
    TRY_GOTO(digest_bytes(out, text, size), cleanup);
cleanup:
    if (stream != NULL)
        (void)fclose(stream);
    free(text);
    free(layers);
    free(record);
    json_destroy(network);
    return status;
}

/* "onednn 3.1.1 (avx512_core_amx) and avx512, 2 threads" */
static void describe_machine(char *out, size_t size, const struct backend *backend)
{
    struct backend_facts facts = {0};
    backend->ops->describe(&facts);
    (void)snprintf(out, size, "%s %s (%s) and %s, threads: %d", backend->ops->name,
                   facts.library_version, facts.library_isa != NULL ? facts.library_isa : "-",
                   facts.own_isa != NULL ? facts.own_isa : "plain loops", backend->threads);
}

static enum status compare(const struct likeness *first, const struct likeness *other, int rank)
{
    if (strcmp(first->task, other->task) != 0)
        return FAIL(ERR_CONFIG,
                    "rank %d has another configuration or version of the program than rank 0: all "
                    "ranks must be started alike",
                    rank);
    if (strcmp(first->data, other->data) != 0)
        return FAIL(ERR_DATA, "rank %d has another dataset than rank 0", rank);
    if (strcmp(first->machine, other->machine) != 0)
        return FAIL(ERR_CONFIG,
                    "rank %d computes with %s, rank 0 with %s: they would not round alike; choose "
                    "like machines and the same --threads",
                    rank, other->machine, first->machine);
    return OK;
}

enum status trainer_ranks_compare(struct trainer *self)
{
    enum status status = OK;
    int ranks = crew_count(self->crew);
    struct likeness own = {.task = ""}, *all = NULL;
    if (self->crew == NULL)
        return OK;
    TRY(describe_task(own.task, &self->options));
    (void)snprintf(own.data, sizeof own.data, "%s",
                   dataset_get_info(self->options.dataset)->content_digest);
    describe_machine(own.machine, sizeof own.machine, self->backend);
    TRY_GOTO(ARRAY_NEW(all, ranks), cleanup);
    TRY_GOTO(crew_gather(self->crew, all, &own, sizeof own), cleanup);
    for (int rank = 1; rank < ranks; rank++)
        TRY_GOTO(compare(&all[0], &all[rank], rank), cleanup);
cleanup:
    array_free(all);
    return status;
}

/* ---- the beginning, from rank 0 to all ---- */

enum status trainer_ranks_share_facts(struct trainer *self)
{
    TRY(crew_share(self->crew, &self->resumed, sizeof self->resumed));
    return crew_share(self->crew, &self->facts.normalisation, sizeof self->facts.normalisation);
}

/* A list on the device, by way of `room` [count]. */
static enum status share_buffer(struct trainer *self, struct buffer *buffer, float *room,
                                int64_t count)
{
    struct backend *backend = self->backend;
    if (count == 0)
        return OK;
    if (trainer_leads(self))
        TRY(backend->ops->download(backend, room, buffer, count));
    TRY(crew_share(self->crew, room, (size_t)count * sizeof *room));
    return trainer_leads(self) ? OK : backend->ops->upload(backend, buffer, room, count);
}

/* Moments and average, by way of two lists of parameters. */
static enum status share_moments(struct trainer *self, float *first, float *second, int64_t count)
{
    struct optimizer *optimizer = learner_optimizer(self->learner);
    size_t bytes = (size_t)count * sizeof *first;
    TRY(optimizer_download(optimizer, first, second));
    TRY(crew_share(self->crew, first, bytes));
    TRY(crew_share(self->crew, second, bytes));
    TRY(optimizer_upload(optimizer, first, second));
    if (self->average == NULL)
        return OK;
    TRY(average_download(self->average, first));
    TRY(crew_share(self->crew, first, bytes));
    return average_upload(self->average, first);
}

enum status trainer_ranks_share_state(struct trainer *self)
{
    enum status status = OK;
    struct network *network = learner_network(self->learner);
    int64_t parameters = network_parameter_count(network);
    int64_t statistics = network_statistic_count(network);
    float *first = NULL, *second = NULL;
    if (self->crew == NULL)
        return OK;
    TRY_GOTO(ARRAY_NEW(first, parameters), cleanup);
    TRY_GOTO(ARRAY_NEW(second, parameters + statistics), cleanup);
    TRY_GOTO(crew_share(self->crew, &self->progress, sizeof self->progress), cleanup);
    TRY_GOTO(share_buffer(self, network_parameters(network), first, parameters), cleanup);
    TRY_GOTO(share_buffer(self, network_statistics(network), second, statistics), cleanup);
    TRY_GOTO(network_refresh(network), cleanup);
    TRY_GOTO(share_moments(self, first, second, parameters), cleanup);
    self->saved = self->resumed ? self->progress.step : 0;
cleanup:
    array_free(first);
    array_free(second);
    return status;
}
