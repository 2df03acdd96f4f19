/* SPDX-License-Identifier: Apache-2.0
 *
 * Which window is sample number s, and its batch. Samples are counted from 0 through all epochs;
 * the window and the flip of a sample are functions of (seed, s) alone (sample_order.h and Philox),
 * the same whether the cases are loaded or streamed. So there is no state to save: a resumed
 * training goes on with the next number, and a thread that fills ahead needs nothing but numbers.
 */
#pragma once

#include "batch.h"
#include "case_pool.h"
#include "error.h"
#include "normalisation.h"

#include <stdint.h>

enum loader_flips { LOADER_PLAIN, LOADER_FLIPS };

/* Which samples of a batch are this rank's: of each of the parts that it goes through in, the
 * rank's run of it. All zero: the whole batch is. */
struct loader_share {
    int64_t rank, ranks, parts;
};

struct loader_options {
    struct window window;
    int64_t case_frames;   /* frames of every case */
    int64_t buffer_shards; /* shards whose windows are mixed; part of what the order is */
    uint64_t seed;
    enum loader_flips flips; /* LOADER_FLIPS mirrors every second sample in y, by chance */
    double noise; /* standard deviation of what loader_fill adds to the fields; 0: none */
    struct normalisation normalisation;
    struct loader_share share; /* loader_fill's */
};

struct loader;

/* `pool` is kept; must outlive. ERR_CONFIG when cases are shorter than a window. */
enum status loader_create(struct loader **out, struct case_pool *pool,
                          const struct loader_options *options);
void loader_destroy(struct loader *loader);

/* Windows of an epoch. */
int64_t loader_windows(const struct loader *loader);

/* This rank's share, all windows of `batch`, of a batch whose samples begin with `first`; without a
 * share samples first ... first + windows - 1. The pool reads the shards of the next group while
 * those of the present one are used: it holds 2 buffer_shards of them. */
enum status loader_fill(struct loader *loader, struct batch *batch, int64_t first);

/* Windows spread evenly over all there are, in the order of the files, unflipped: number `slot` of
 * `windows`. For a fixed validation set. */
enum status loader_fill_evenly(struct loader *loader, struct batch *batch);

/* The normalisation of all cases of a pool, summed in the order of the files. */
enum status loader_measure(struct normalisation *out, struct case_pool *pool);
