/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes a shard in memory, case by case, in The Well's layout (docs/dataset.md). Knows nothing of
 * files, digests or the manifest. */
#pragma once

#include "case_record.h"
#include "dataset_layout.h"
#include "error.h"

#include <stddef.h>
#include <stdint.h>

struct shard_writer;

/* An empty shard with room for `capacity` cases. ERR_INTERNAL for an unknown edge. */
enum status shard_writer_create(struct shard_writer **out, const struct dataset_layout *layout,
                                int64_t capacity);
void shard_writer_destroy(struct shard_writer *shard);
int64_t shard_writer_count(const struct shard_writer *shard);

/* Adds a finished case; `shape` is its family's place in the list given to finish. ERR_INTERNAL
 * when its canvas or number of frames differ from the layout's. */
enum status shard_writer_append(struct shard_writer *shard, const struct case_record *record,
                                int64_t shape);

/* The shard's bytes (free with array_free); it can only be destroyed afterwards. `families`: names
 * of the shape ids so far. */
enum status shard_writer_finish(unsigned char **image, size_t *size, struct shard_writer *shard,
                                const char *const *families, size_t family_count);
