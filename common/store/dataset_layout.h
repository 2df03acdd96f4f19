/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of a shard: which array stands where, in The Well's layout (docs/dataset.md). Makes a
 * shard in memory case by case and reads cases back. Knows nothing of files, digests or the
 * manifest. */
#pragma once

#include "case_record.h"
#include "error.h"
#include "h5file.h"

#include <stddef.h>
#include <stdint.h>

enum { DATASET_LAYOUT_NAME = 128, DATASET_LAYOUT_EDGE = 16 };

/* What all shards of a dataset have in common. */
struct dataset_layout {
    char name[DATASET_LAYOUT_NAME];
    int64_t nx, ny, frames, frame_interval, refine;
    char edge[DATASET_LAYOUT_EDGE]; /* top and bottom: "slip", "periodic", "no-slip" */
    enum h5file_filter filter;
};

/* Solver steps between the first and the last frame. */
int64_t dataset_layout_force_steps(const struct dataset_layout *layout);

/* Bytes of one case in memory (as a case_record without starts) and cases per shard of `bytes`
 * bytes (one at least), from the sizes alone. */
int64_t dataset_layout_record_bytes(const struct dataset_layout *layout);
int64_t dataset_layout_capacity(const struct dataset_layout *layout, int64_t bytes);

struct dataset_layout_shard;

/* An empty shard with room for `capacity` cases. ERR_INTERNAL for an unknown edge. */
enum status dataset_layout_begin(struct dataset_layout_shard **out,
                                 const struct dataset_layout *layout, int64_t capacity);
void dataset_layout_destroy(struct dataset_layout_shard *shard);
int64_t dataset_layout_count(const struct dataset_layout_shard *shard);

/* Adds a finished case; `shape` is its family's place in the list given to finish. ERR_INTERNAL
 * when its canvas or number of frames differ from the layout's. */
enum status dataset_layout_append(struct dataset_layout_shard *shard,
                                  const struct case_record *record, int64_t shape);

/* The shard's bytes (free with array_free). `families`: names of the shape ids so far. */
enum status dataset_layout_finish(unsigned char **image, size_t *size,
                                  struct dataset_layout_shard *shard, const char *const *families,
                                  size_t family_count);

/* The case at `position` of an open shard; its family stays "" (the manifest has it). ERR_DATA when
 * an array is missing or has another shape than the layout's. */
enum status dataset_layout_read(struct case_record **out, struct h5file *file,
                                const struct dataset_layout *layout, int64_t position);
