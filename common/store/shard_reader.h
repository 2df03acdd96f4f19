/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads a case out of an open shard. Knows nothing of files, digests or the manifest. */
#pragma once

#include "case_record.h"
#include "dataset_layout.h"
#include "error.h"
#include "h5file.h"

#include <stdint.h>

/* The case at `position`, and no other; its family stays "" (the manifest has it). ERR_DATA when an
 * array is missing or has another shape than the layout's. */
enum status shard_reader_read(struct case_record **out, struct h5file *file,
                              const struct dataset_layout *layout, int64_t position);
