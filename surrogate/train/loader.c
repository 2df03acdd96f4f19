/* SPDX-License-Identifier: Apache-2.0 */
#include "loader.h"

#include "array.h"
#include "philox.h"
#include "sample_order.h"

#include <stdlib.h>

struct loader {
    struct loader_options options;
    struct case_pool *pool;
    struct sample_order *order;
    int64_t per_case; /* windows of a case */
    int64_t turn;     /* of the order, for which the pool was told what to read; -1: none */
};

static enum status create_order(struct loader *self)
{
    enum status status = OK;
    int64_t *cases = NULL, shards = case_pool_shards(self->pool);
    TRY_GOTO(ARRAY_NEW(cases, shards), cleanup);
    for (int64_t s = 0; s < shards; s++)
        cases[s] = case_pool_cases(self->pool, s);
    struct sample_order_options order = {
        .seed = self->options.seed,
        .windows = self->per_case,
        .cases = cases,
        .shards = shards,
        .buffer = self->options.buffer_shards,
    };
    TRY_GOTO(sample_order_create(&self->order, &order), cleanup);
cleanup:
    array_free(cases);
    return status;
}

enum status loader_create(struct loader **out, struct case_pool *pool,
                          const struct loader_options *options)
{
    enum status status = OK;
    if (options->buffer_shards < 1)
        return FAIL(ERR_CONFIG, "windows of %lld shards are to be mixed; it must be 1 at least",
                    (long long)options->buffer_shards);
    const struct window *window = &options->window;
    if (options->case_frames < batch_window_frames(window))
        return FAIL(ERR_CONFIG, "cases of %lld frames hold no window of %lld + %lld x %lld",
                    (long long)options->case_frames, (long long)window->in,
                    (long long)window->calls, (long long)window->out);
    struct loader *self = calloc(1, sizeof *self);
    if (self == NULL)
        return FAIL(ERR_MEMORY, "no memory for a loader");
    self->options = *options;
    self->pool = pool;
    self->per_case = options->case_frames - batch_window_frames(window) + 1;
    self->turn = -1;
    TRY_GOTO(create_order(self), cleanup);
    *out = self;
    self = NULL;
cleanup:
    loader_destroy(self);
    return status;
}

void loader_destroy(struct loader *loader)
{
    if (loader == NULL)
        return;
    sample_order_destroy(loader->order);
    free(loader);
}

int64_t loader_windows(const struct loader *loader)
{
    return sample_order_count(loader->order);
}

static enum status fill_slot(struct loader *self, struct batch *batch, int64_t slot,
                             const struct sample_order_sample *sample, enum normalisation_side side)
{
    const struct case_record *record;
    TRY(case_pool_get(&record, self->pool, sample->shard, sample->position));
    if (record->frames < self->options.case_frames)
        return FAIL(ERR_DATA, "case %lld has %lld frames; its dataset says %lld",
                    (long long)record->flow.index, (long long)record->frames,
                    (long long)self->options.case_frames);
    return batch_fill(batch, slot, record, sample->window, &self->options.normalisation, side);
}

static enum normalisation_side side_of(const struct loader *self, int64_t sample)
{
    if (self->options.flips == LOADER_PLAIN)
        return NORMALISATION_PLAIN;
    uint64_t bits = philox_bits(self->options.seed, PHILOX_STREAM_AUGMENT, (uint64_t)sample);
    return (bits & 1) != 0 ? NORMALISATION_MIRRORED : NORMALISATION_PLAIN;
}

/* Whenever the next sample begins a new group of shards: these now, and those of the group that
 * follows while this one is used. */
static enum status plan_ahead(struct loader *self)
{
    int64_t turn = sample_order_turn(self->order), now_count, next_count;
    if (turn == self->turn)
        return OK;
    const int64_t *now = sample_order_resident(&now_count, self->order);
    const int64_t *next = sample_order_following(&next_count, self->order);
    TRY(case_pool_plan(self->pool, now, now_count, next, next_count));
    self->turn = turn;
    return OK;
}

/* Slots slot ... slot + count - 1 from samples first, first + 1, ... */
static enum status fill_run(struct loader *self, struct batch *batch, int64_t slot, int64_t count,
                            int64_t first)
{
    const struct loader_options *options = &self->options;
    int64_t windows = loader_windows(self);
    sample_order_seek(self->order, first / windows, first % windows);
    for (int64_t i = 0; i < count; i++) {
        struct sample_order_sample sample;
        TRY(plan_ahead(self));
        sample_order_next(&sample, self->order);
        TRY(fill_slot(self, batch, slot + i, &sample, side_of(self, first + i)));
        if (options->noise > 0.0)
            batch_add_noise(batch, slot + i, options->noise, options->seed, first + i);
    }
    return OK;
}

enum status loader_fill(struct loader *loader, struct batch *batch, int64_t first)
{
    const struct loader_share *share = &loader->options.share;
    int64_t parts = share->ranks > 1 ? share->parts : 1;
    int64_t run = batch->windows / parts, part = run * (share->ranks > 1 ? share->ranks : 1);
    for (int64_t i = 0; i < parts; i++)
        TRY(fill_run(loader, batch, i * run, run, first + i * part + share->rank * run));
    return OK;
}

/* Window number `window` in the order of the files. */
static struct sample_order_sample find_sample(const struct loader *self, int64_t window)
{
    int64_t shard = 0;
    for (;; shard++) {
        int64_t held = case_pool_cases(self->pool, shard) * self->per_case;
        if (window < held)
            return (struct sample_order_sample){shard, window / self->per_case,
                                                window % self->per_case};
        window -= held;
    }
}

enum status loader_fill_evenly(struct loader *loader, struct batch *batch)
{
    for (int64_t i = 0; i < batch->windows; i++) {
        struct sample_order_sample sample =
            find_sample(loader, i * loader_windows(loader) / batch->windows);
        TRY(fill_slot(loader, batch, i, &sample, NORMALISATION_PLAIN));
    }
    return OK;
}

enum status loader_measure(struct normalisation *out, struct case_pool *pool)
{
    struct normalisation_sum sum = {0};
    for (int64_t s = 0; s < case_pool_shards(pool); s++)
        for (int64_t c = 0; c < case_pool_cases(pool, s); c++) {
            const struct case_record *record;
            TRY(case_pool_get(&record, pool, s, c));
            normalisation_add(&sum, &record->flow, record->mask, record->values, record->frames);
        }
    return normalisation_finish(out, &sum);
}
