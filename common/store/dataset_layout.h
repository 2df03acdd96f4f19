/* SPDX-License-Identifier: Apache-2.0
 *
 * What all shards of a dataset have in common: sizes, and the facts of a case that stand in them by
 * name (docs/dataset.md). Reads and writes nothing: shard_writer.h and shard_reader.h do. */
#pragma once

#include "frames.h"
#include "storage.h"

#include <stddef.h>
#include <stdint.h>

enum {
    DATASET_LAYOUT_NAME = 128,
    DATASET_LAYOUT_EDGE = 16,
    DATASET_LAYOUT_FACTS = 10,
    DATASET_LAYOUT_SCALARS = DATASET_LAYOUT_FACTS + 6 /* names in /scalars */
};

struct dataset_layout {
    char name[DATASET_LAYOUT_NAME];
    int64_t nx, ny, frames, frame_interval, refine;
    char edge[DATASET_LAYOUT_EDGE]; /* top and bottom: "slip", "periodic", "no-slip" */
    enum storage storage;
};

/* A number of `struct flow` that stands in /scalars under a name, one float64 per case. */
struct dataset_layout_fact {
    const char *name, *unit, *meaning;
    size_t offset; /* in struct flow */
};

extern const struct dataset_layout_fact dataset_layout_facts[DATASET_LAYOUT_FACTS];

/* Cells of the canvas. */
int64_t dataset_layout_cells(const struct dataset_layout *layout);

/* Solver steps between the first and the last frame. */
int64_t dataset_layout_force_steps(const struct dataset_layout *layout);

/* Frames of a chunk: as near a window as leaves little of the last chunk empty. */
int64_t dataset_layout_chunk_frames(int64_t frames);

/* Bytes of one case in memory (as a case_record without starts) and cases per shard of `bytes`
 * bytes (one at least), from the sizes alone. */
int64_t dataset_layout_record_bytes(const struct dataset_layout *layout);
int64_t dataset_layout_capacity(const struct dataset_layout *layout, int64_t bytes);
