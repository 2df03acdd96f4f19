/* SPDX-License-Identifier: Apache-2.0
 *
 * The cases of one split of a dataset, in memory as far as they may be: all of them, loaded once,
 * when the dataset fits a budget; else the shards last asked for. Only the shards of a split that
 * hold a case of it are counted here, under numbers of their own (0, 1, ...), in the order of the
 * files; within a shard cases keep their order. One thread at a time. */
#pragma once

#include "case_record.h"
#include "dataset.h"
#include "error.h"

#include <stdint.h>

struct case_pool;

/* `dataset` is kept; must outlive. budget: bytes (0: no limit); `resident`: shards in memory when
 * the dataset is larger. ERR_CONFIG when the split is empty or resident < 1. */
enum status case_pool_create(struct case_pool **out, const struct dataset *dataset,
                             enum split split, int64_t budget, int64_t resident);
void case_pool_destroy(struct case_pool *pool);

int64_t case_pool_shards(const struct case_pool *pool);
int64_t case_pool_cases(const struct case_pool *pool, int64_t shard);

/* Borrowed; valid until `resident` other shards have been asked for. */
enum status case_pool_get(const struct case_record **out, struct case_pool *pool, int64_t shard,
                          int64_t position);

/* Shards read so far, repeats included: what streaming costs. */
int64_t case_pool_reads(const struct case_pool *pool);
