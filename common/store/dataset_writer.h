/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes a dataset case by case. A shard is built in memory and lands whole or not at all; after
 * every shard the manifest is written anew, so an interrupted dataset is a valid one with fewer
 * cases. Which case goes into which shard depends on the sizes alone. */
#pragma once

#include "case_record.h"
#include "dataset.h"
#include "error.h"
#include "json.h"
#include "storage.h"

#include <stdint.h>

/* What stands at the output when writing begins. */
enum dataset_existing {
    DATASET_REFUSE, /* ERR_USAGE when the folder holds anything */
    DATASET_RESUME, /* keep verified shards of the same config, go on behind them; ERR_DATA when the
                       config differs */
    DATASET_REPLACE /* remove what we wrote there before; ERR_USAGE when the folder holds anything
                       else */
};

struct dataset_writer_options {
    const char *folder;
    const char *name;    /* prefix of the shards */
    const char *config;  /* resolved configuration, YAML: the part that decides the content */
    const char *version; /* of the program */
    uint64_t seed;
    int64_t cases;            /* in all, of the whole when this is a part */
    struct dataset_part part; /* count 0: the whole */
    int64_t nx, ny, frames, frame_interval, refine;
    int64_t shard_bytes; /* at most; 0: 64 MiB */
    enum storage storage;
    enum dataset_existing existing;
    const char
        *edge; /* top and bottom: "slip", "periodic", "no-slip" (boundary conditions group) */
};

/* After a call that failed it can only be destroyed. */
struct dataset_writer;

enum status dataset_writer_create(struct dataset_writer **out,
                                  const struct dataset_writer_options *options);

/* The first case that is not stored yet (the first of all but for DATASET_RESUME). Append from
 * there, in ascending order. */
int64_t dataset_writer_next(const struct dataset_writer *writer);

/* Takes case `dataset_writer_next`; a failed record is noted in the manifest. `refused`: draws
 * that each rule refused before it (NULL: none). */
enum status dataset_writer_append(struct dataset_writer *writer, const struct case_record *record,
                                  enum split split, const struct refusals *refused);

/* Writes the last shard and the complete manifest. `content_digest` may be NULL. */
enum status dataset_writer_finish(struct dataset_writer *writer, char content_digest[DIGEST_SIZE]);

/* The error bar, of these cases at these refinements: what the manifest holds of it is kept, runs
 * of others are forgotten. Once the dataset is finished. */
enum status dataset_writer_begin_error_bar(struct dataset_writer *writer, const int64_t *cases,
                                           int64_t case_count, const int64_t *refinements,
                                           int64_t refinement_count);

/* What there is of it; NULL before the first begin. Borrowed. */
const struct error_bar *dataset_writer_get_error_bar(const struct dataset_writer *writer);

/* Takes one more run of it, with all that it owns, and writes the manifest. */
enum status dataset_writer_add_error_bar(struct dataset_writer *writer, struct error_bar_run *run);

/* Ends early: what was appended since the last whole shard is written as a shorter one, so nothing
 * is lost. Resuming fills it up, and the finished dataset has the same bytes as one that was never
 * interrupted. Destroy the writer next. */
enum status dataset_writer_suspend(struct dataset_writer *writer);

/* Without finish or suspend before it: what was appended since the last whole shard is lost,
 * everything else is good. */
void dataset_writer_destroy(struct dataset_writer *writer);
