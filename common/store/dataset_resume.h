/* SPDX-License-Identifier: Apache-2.0
 *
 * What can be kept of a dataset that was begun before: reads and verifies, removes nothing. */
#pragma once

#include "error.h"
#include "manifest.h"
#include "shard_writer.h"

/* The manifest that stands in the folder, cut down to the shards that are good, from the first on,
 * with all start states of their cases. *out stays NULL when there is none. ERR_DATA when it was
 * begun for another dataset than `wanted`, ERR_USAGE when the folder holds what is not ours. */
enum status dataset_resume_read(struct manifest **out, const struct manifest *wanted,
                                const char *folder);

/* The last shard once more, to be filled up. Its file stays as it is until the fuller one takes its
 * place. *out stays NULL when it is full or no case is to come. */
enum status dataset_resume_reopen(struct shard_writer **out, const struct manifest *manifest,
                                  const char *folder);

/* The name of the dataset that stands in the folder, "" when it cannot be read. */
void dataset_resume_name(char out[MANIFEST_NAME], const char *folder);
