/* SPDX-License-Identifier: Apache-2.0
 *
 * The cases of one split of a dataset, in memory as far as they may be: all of them, loaded once,
 * when the dataset fits a budget; else the shards last asked for, or those of a plan. Only the
 * shards of a split that hold a case of it are counted here, under numbers of their own (0, 1,
 * ...), in the order of the files; within a shard cases keep their order. One thread at a time;
 * what a plan wants is read by a thread of the pool's own meanwhile. */
#pragma once

#include "case_record.h"
#include "dataset.h"
#include "error.h"

#include <stdint.h>

struct case_pool;

/* `dataset` is kept; must outlive. budget: bytes (0: no limit); `resident`: shards in memory when
 * the dataset is larger and nothing is planned. ERR_CONFIG when the split is empty or resident < 1.
 */
enum status case_pool_create(struct case_pool **out, const struct dataset *dataset,
                             enum split split, int64_t budget, int64_t resident);
void case_pool_destroy(struct case_pool *pool);

int64_t case_pool_shards(const struct case_pool *pool);
int64_t case_pool_cases(const struct case_pool *pool, int64_t shard);

/* The shards that are asked for now, and those that will be: missing ones are read in this order,
 * in the background; those in neither are dropped, unless all may stay. A shard that cannot be read
 * is an error when it is asked for. ERR_MEMORY when there is no thread to be had. */
enum status case_pool_plan(struct case_pool *pool, const int64_t *now, int64_t now_count,
                           const int64_t *next, int64_t next_count);

/* Borrowed; valid until a plan without its shard or, without plans, until `resident` other shards
 * have been asked for. Waits for a shard that is being read. */
enum status case_pool_get(const struct case_record **out, struct case_pool *pool, int64_t shard,
                          int64_t position);

/* Shards read so far, repeats included: what streaming costs. */
int64_t case_pool_reads(struct case_pool *pool);
