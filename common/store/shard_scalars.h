/* SPDX-License-Identifier: Apache-2.0
 *
 * The numbers of a shard's cases, one per case or per frame: kept while cases are appended, put
 * into the group /scalars at the end. */
#pragma once

#include "case_record.h"
#include "dataset_layout.h"
#include "error.h"
#include "h5file.h"

#include <stddef.h>
#include <stdint.h>

struct shard_scalars;

/* Room for `capacity` cases. `layout` is kept; must outlive. */
enum status shard_scalars_create(struct shard_scalars **out, const struct dataset_layout *layout,
                                 int64_t capacity);
void shard_scalars_destroy(struct shard_scalars *scalars);

/* Keeps the numbers of a case behind those of the last; `shape` is its family's place among the
 * families given to put. */
void shard_scalars_append(struct shard_scalars *scalars, const struct case_record *record,
                          int64_t shape);

/* Makes /scalars of all that was kept. */
enum status shard_scalars_put(struct h5file *file, const struct shard_scalars *scalars,
                              const char *const *families, size_t family_count);
