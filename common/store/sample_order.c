/* SPDX-License-Identifier: Apache-2.0 */
#include "sample_order.h"

#include "array.h"
#include "philox.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct sample_order {
    uint64_t seed;
    int64_t windows;
    int64_t *cases; /* [shards] */
    int64_t shards;
    int64_t groups;
    int64_t count; /* samples of an epoch */
    int64_t epoch, position;
    /* Of the epoch and the group that are drawn; -1: none. */
    int64_t drawn_epoch, drawn_group;
    int64_t *used;     /* [used_count] shards with cases, ascending */
    int64_t *permuted; /* [used_count] the epoch's order of them, grouped */
    int64_t *next;     /* [used_count] that of the epoch behind it, when it was asked for */
    int64_t *ranks;    /* scratch, [used_count] */
    int64_t *samples;  /* [largest group] the group's order of its samples */
    int64_t used_count;
    int64_t group_first; /* place in the epoch of the group's first sample */
    int64_t group_count; /* samples of the group */
};

/* Groups differ by one shard at most: shards first .. next - 1 of the epoch's order. */
static int64_t group_begin(const struct sample_order *order, int64_t group)
{
    return order->used_count * group / order->groups;
}

static int64_t samples_of(const struct sample_order *order, int64_t shard)
{
    return order->cases[shard] * order->windows;
}

static enum status count_samples(struct sample_order *order, const int64_t *cases)
{
    for (int64_t i = 0; i < order->shards; i++) {
        assert(cases[i] >= 0);
        order->cases[i] = cases[i];
        if (cases[i] > 0)
            order->used[order->used_count++] = i;
        order->count += samples_of(order, i);
    }
    return order->count > 0 ? OK : FAIL(ERR_CONFIG, "there are no samples to train on");
}

static int compare_descending(const void *first, const void *second)
{
    const int64_t a = *(const int64_t *)first;
    const int64_t b = *(const int64_t *)second;
    return (a < b) - (a > b);
}

/* The largest number of samples that K shards can have. */
static int64_t largest_group(struct sample_order *order, int64_t buffer)
{
    int64_t total = 0;
    for (int64_t i = 0; i < order->used_count; i++)
        order->ranks[i] = samples_of(order, order->used[i]);
    qsort(order->ranks, (size_t)order->used_count, sizeof *order->ranks, compare_descending);
    for (int64_t i = 0; i < buffer && i < order->used_count; i++)
        total += order->ranks[i];
    return total;
}

enum status sample_order_create(struct sample_order **out,
                                const struct sample_order_options *options)
{
    enum status status = OK;
    assert(options->windows >= 1 && options->buffer >= 1 && options->shards >= 0);
    struct sample_order *order = calloc(1, sizeof *order);
    if (order == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    order->seed = options->seed;
    order->windows = options->windows;
    order->shards = options->shards;
    order->drawn_epoch = -1;
    order->drawn_group = -1;
    TRY_GOTO(ARRAY_NEW(order->cases, options->shards), cleanup);
    TRY_GOTO(ARRAY_NEW(order->used, options->shards), cleanup);
    TRY_GOTO(ARRAY_NEW(order->permuted, options->shards), cleanup);
    TRY_GOTO(ARRAY_NEW(order->next, options->shards), cleanup);
    TRY_GOTO(ARRAY_NEW(order->ranks, options->shards), cleanup);
    TRY_GOTO(count_samples(order, options->cases), cleanup);
    order->groups = (order->used_count + options->buffer - 1) / options->buffer;
    TRY_GOTO(ARRAY_NEW(order->samples, largest_group(order, options->buffer)), cleanup);
    *out = order;
    order = NULL;
cleanup:
    sample_order_destroy(order);
    return status;
}

void sample_order_destroy(struct sample_order *order)
{
    if (order == NULL)
        return;
    array_free(order->cases);
    array_free(order->used);
    array_free(order->permuted);
    array_free(order->next);
    array_free(order->ranks);
    array_free(order->samples);
    free(order);
}

int64_t sample_order_count(const struct sample_order *order)
{
    return order->count;
}

int64_t sample_order_epoch(const struct sample_order *order)
{
    return order->epoch;
}

int64_t sample_order_position(const struct sample_order *order)
{
    return order->position;
}

void sample_order_seek(struct sample_order *order, int64_t epoch, int64_t position)
{
    assert(epoch >= 0 && position >= 0 && position <= order->count);
    order->epoch = position == order->count ? epoch + 1 : epoch;
    order->position = position == order->count ? 0 : position;
}

/* Counters of the permutations: 0 of an epoch is that of the shards, 1 + g that of group g. */
static uint64_t counter_of(const struct sample_order *order, int64_t epoch, int64_t part)
{
    return (uint64_t)epoch * (uint64_t)(order->groups + 1) + (uint64_t)part;
}

/* The shards in the order of `epoch`. */
static void permute_shards(int64_t *out, struct sample_order *order, int64_t epoch)
{
    philox_permutation(order->ranks, order->used_count, order->seed, PHILOX_STREAM_ORDER,
                       counter_of(order, epoch, 0));
    for (int64_t i = 0; i < order->used_count; i++)
        out[i] = order->used[order->ranks[i]];
}

static void draw_epoch(struct sample_order *order)
{
    if (order->drawn_epoch == order->epoch)
        return;
    permute_shards(order->permuted, order, order->epoch);
    order->drawn_epoch = order->epoch;
    order->drawn_group = -1;
}

/* Finds and draws the group that the present position is in. */
static void draw_group(struct sample_order *order)
{
    int64_t first = 0;
    draw_epoch(order);
    for (int64_t group = 0; group < order->groups; group++) {
        int64_t count = 0;
        for (int64_t i = group_begin(order, group); i < group_begin(order, group + 1); i++)
            count += samples_of(order, order->permuted[i]);
        if (order->position < first + count) {
            if (order->drawn_group != group)
                philox_permutation(order->samples, count, order->seed, PHILOX_STREAM_ORDER,
                                   counter_of(order, order->epoch, 1 + group));
            order->drawn_group = group;
            order->group_first = first;
            order->group_count = count;
            return;
        }
        first += count;
    }
}

/* Makes the drawn group that of the present position. */
static void settle(struct sample_order *order)
{
    if (order->drawn_epoch != order->epoch || order->drawn_group < 0 ||
        order->position < order->group_first ||
        order->position >= order->group_first + order->group_count)
        draw_group(order);
}

void sample_order_next(struct sample_order_sample *out, struct sample_order *order)
{
    settle(order);
    int64_t sample = order->samples[order->position - order->group_first];
    int64_t i = group_begin(order, order->drawn_group);
    while (sample >= samples_of(order, order->permuted[i]))
        sample -= samples_of(order, order->permuted[i++]);
    *out = (struct sample_order_sample){order->permuted[i], sample / order->windows,
                                        sample % order->windows};
    sample_order_seek(order, order->epoch, order->position + 1);
}

const int64_t *sample_order_resident(int64_t *count, struct sample_order *order)
{
    settle(order);
    int64_t first = group_begin(order, order->drawn_group);
    *count = group_begin(order, order->drawn_group + 1) - first;
    return order->permuted + first;
}

const int64_t *sample_order_following(int64_t *count, struct sample_order *order)
{
    settle(order);
    int64_t group = order->drawn_group + 1;
    const int64_t *shards = order->permuted;
    if (group == order->groups) {
        group = 0;
        permute_shards(order->next, order, order->epoch + 1);
        shards = order->next;
    }
    *count = group_begin(order, group + 1) - group_begin(order, group);
    return shards + group_begin(order, group);
}

int64_t sample_order_turn(struct sample_order *order)
{
    settle(order);
    return order->epoch * order->groups + order->drawn_group;
}
