/* SPDX-License-Identifier: Apache-2.0
 *
 * Datasets for benchmarks: one flow, computed once and stored as often as is asked for, so that any
 * size is made in seconds and deflates as real frames do. And reading them as if for the first
 * time. */
#pragma once

#include "case_record.h"
#include "config.h"
#include "error.h"
#include "storage.h"

#include <stdint.h>

/* The first case of the configuration's families (of its bodies when it has none), at r = 1: how
 * it was made does not matter here. The caller destroys it. */
enum status bench_dataset_flow(struct case_record **out, const struct config *config);

/* A dataset of `cases` training cases that are all this flow, `per_shard` of them in a shard. */
enum status bench_dataset_write(const char *folder, struct case_record *record, int64_t cases,
                                int64_t per_shard, enum storage storage);

/* Lets the system forget the pages of the folder's shards: the next read comes from the disk. */
void bench_dataset_forget(const char *folder);
