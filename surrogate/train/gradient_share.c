/* SPDX-License-Identifier: Apache-2.0
 *
 * One list on its way: gradients, and behind them, so sent first, the running statistics. */
#include "gradient_share.h"

#include "array.h"
#include "crew_sum.h"

#include <stdlib.h>

struct gradient_share {
    struct crew *crew;
    struct network *network;
    struct backend *backend;
    enum gradient_share_norm norm;
    int64_t parameters, statistics; /* floats */
    struct crew_sum *list;          /* [parameters + statistics] */
    float *means;                   /* [statistics] */
    struct buffer *sum;             /* of the passes before; NULL: none */
    int watching;                   /* 1: the pass is the last */
    int64_t offered;                /* gradients from here on are on their way */
};

/* The network's: gradients from `from` on are final. */
static enum status take_gradients(void *context, int64_t from)
{
    struct gradient_share *self = context;
    struct backend *backend = self->backend;
    if (!self->watching)
        return OK;
    int64_t count = self->offered - from;
    struct buffer gradients = backend_view(network_gradients(self->network), from, count);
    if (self->sum != NULL) {
        struct buffer sum = backend_view(self->sum, from, count);
        TRY(backend->ops->axpy(backend, &sum, 1.0F, &gradients, count));
        gradients = sum;
    }
    TRY(backend->ops->download(backend, crew_sum_own(self->list) + from, &gradients, count));
    self->offered = from;
    return crew_sum_offer(self->list, from);
}

static enum status set_up(struct gradient_share *self)
{
    if (self->norm == GRADIENT_SHARE_SYNC_NORM)
        TRY(network_share_norms(self->network, crew_sums(self->crew)));
    network_watch_gradients(self->network, take_gradients, self);
    TRY(ARRAY_NEW(self->means, self->statistics));
    return crew_sum_create(&self->list, self->crew, self->parameters + self->statistics);
}

enum status gradient_share_create(struct gradient_share **out, struct crew *crew,
                                  struct network *network, struct backend *backend,
                                  enum gradient_share_norm norm)
{
    enum status status = OK;
    *out = NULL;
    if (crew == NULL)
        return OK;
    struct gradient_share *self = calloc(1, sizeof *self);
    if (self == NULL)
        return FAIL(ERR_MEMORY, "no memory to share gradients");
    *self = (struct gradient_share){.crew = crew,
                                    .network = network,
                                    .backend = backend,
                                    .norm = norm,
                                    .parameters = network_parameter_count(network),
                                    .statistics = network_statistic_count(network)};
    TRY_GOTO(set_up(self), cleanup);
    *out = self;
    self = NULL;
cleanup:
    gradient_share_destroy(self);
    return status;
}

void gradient_share_destroy(struct gradient_share *share)
{
    if (share == NULL)
        return;
    network_watch_gradients(share->network, NULL, NULL);
    crew_sum_destroy(share->list);
    array_free(share->means);
    free(share);
}

enum status gradient_share_begin(struct gradient_share *share, struct buffer *sum)
{
    struct backend *backend = share->backend;
    share->watching = 1;
    share->sum = sum;
    share->offered = share->parameters;
    if (share->statistics > 0)
        TRY(backend->ops->download(backend, crew_sum_own(share->list) + share->parameters,
                                   network_statistics(share->network), share->statistics));
    return crew_sum_offer(share->list, share->parameters);
}

/* The mean over ranks. */
static enum status take_statistics(struct gradient_share *self, const float *sums)
{
    struct backend *backend = self->backend;
    for (int64_t i = 0; i < self->statistics; i++)
        self->means[i] = (float)((double)sums[i] / crew_count(self->crew));
    return backend->ops->upload(backend, network_statistics(self->network), self->means,
                                self->statistics);
}

enum status gradient_share_finish(struct gradient_share *share, enum network_statistics statistics)
{
    struct backend *backend = share->backend;
    const float *sums;
    share->watching = 0;
    TRY(crew_sum_finish(share->list, &sums));
    TRY(backend->ops->upload(backend, network_gradients(share->network), sums, share->parameters));
    if (share->statistics == 0 || share->norm == GRADIENT_SHARE_SYNC_NORM ||
        statistics != NETWORK_UPDATE_STATISTICS)
        return OK;
    return take_statistics(share, sums + share->parameters);
}
