/* SPDX-License-Identifier: Apache-2.0
 *
 * The order in which training sees its samples, in two levels: the shards are permuted and taken in
 * groups of at most K, and all windows of a group are permuted together. A pure function of (seed,
 * epoch, sizes, K), so the same whether shards are streamed or all in memory; (epoch, position) is
 * all there is to save. Loads nothing. */
#pragma once

#include "error.h"

#include <stdint.h>

struct sample_order_options {
    uint64_t seed;
    int64_t windows;      /* per case, >= 1 */
    const int64_t *cases; /* [shards] cases to be used of each shard, 0 allowed; copied */
    int64_t shards;
    int64_t buffer; /* K: shards in memory at once, >= 1 */
};

struct sample_order_sample {
    int64_t shard;    /* number in `cases` */
    int64_t position; /* of the case among those to be used of its shard, 0 .. cases[shard] - 1 */
    int64_t window;   /* 0 .. windows - 1 */
};

struct sample_order;

/* Begins at epoch 0, position 0. ERR_CONFIG when there is no sample at all. */
enum status sample_order_create(struct sample_order **out,
                                const struct sample_order_options *options);
void sample_order_destroy(struct sample_order *order);

/* Samples of one epoch. */
int64_t sample_order_count(const struct sample_order *order);

/* The next sample; behind the last of an epoch comes the first of the next one. */
void sample_order_next(struct sample_order_sample *out, struct sample_order *order);

/* Where the next sample stands: 0 <= position < count. */
int64_t sample_order_epoch(const struct sample_order *order);
int64_t sample_order_position(const struct sample_order *order);
/* Goes there; a position of `count` is that of 0 in the next epoch. */
void sample_order_seek(struct sample_order *order, int64_t epoch, int64_t position);

/* The shards that the next sample's group needs, at most K; every other may be dropped. Borrowed
 * until next or seek. */
const int64_t *sample_order_resident(int64_t *count, struct sample_order *order);

/* Those of the group behind it, in the next epoch when it is the last: what to read ahead. Borrowed
 * likewise. */
const int64_t *sample_order_following(int64_t *count, struct sample_order *order);

/* The running number of the next sample's group through all epochs. */
int64_t sample_order_turn(struct sample_order *order);
