/* SPDX-License-Identifier: Apache-2.0
 *
 * A dataset on disk: a folder of HDF5 shards in The Well's layout, start states of test cases in
 * files of their own and manifest.json. This header is the reader; dataset_writer.h makes it.
 * Digest first: bytes that do not match the manifest never reach libhdf5. */
#pragma once

#include "case_record.h"
#include "dataset_part.h"
#include "digest.h"
#include "error.h"
#include "error_bar.h"
#include "frames.h"
#include "refusal.h"
#include "split.h"
#include "start_state.h"

#include <stddef.h>
#include <stdint.h>

struct dataset;

/* What the manifest says of one case. */
struct dataset_case {
    int64_t index; /* its number in the config */
    enum split split;
    int64_t shard, position; /* where it is; -1 when it failed */
    int64_t start_count;     /* start states kept of it */
    char family[FLOW_NAME_SIZE];
    double reynolds;
    char reason[256]; /* why it failed, else "" */
    struct case_failure failure;
};

struct dataset_info {
    char name[128];
    char content_digest[DIGEST_SIZE];
    int64_t nx, ny; /* canvas */
    int64_t frames; /* per case */
    int64_t frame_interval, refine;
    int64_t cases;   /* listed, failed ones included: part.first + k of the config is number k */
    int64_t planned; /* in this folder: more than `cases` when writing was interrupted */
    struct dataset_part part;
    int complete; /* 1: writing was finished */
    uint64_t seed;
    int64_t shards;
    int64_t split_counts[SPLIT_COUNT]; /* finished cases */
    int64_t failed;
    struct refusals refused; /* draws that were, before all cases listed */
};

/* Reads and checks manifest.json. ERR_DATA when it is missing or damaged. */
enum status dataset_open(struct dataset **out, const char *folder);
void dataset_close(struct dataset *dataset);

const struct dataset_info *dataset_get_info(const struct dataset *dataset);
const struct dataset_case *dataset_get_case(const struct dataset *dataset, int64_t number);
/* The resolved configuration it was generated with, YAML. Borrowed. */
const char *dataset_get_config(const struct dataset *dataset);
const char *dataset_get_folder(const struct dataset *dataset);
/* How far the same cases are at other refinements; NULL when that was not measured. Borrowed. */
const struct error_bar *dataset_get_error_bar(const struct dataset *dataset);

/* Bytes of a shard's fields when loaded, and of all shards: for memory budgets. */
int64_t dataset_shard_bytes(const struct dataset *dataset, int64_t shard);
int64_t dataset_bytes(const struct dataset *dataset);

/* A shard's cases in memory. */
struct dataset_shard {
    int64_t shard;
    int64_t count;                /* cases */
    struct case_record **records; /* [count], without starts; owned */
    int64_t *cases;               /* [count] numbers for dataset_get_case */
};

/* Loads one shard after verifying its digest; `budget` bytes at most (0: no limit). ERR_DATA when
 * missing, truncated or changed; ERR_MEMORY over budget. Thread safe for different shards (HDF5
 * calls are serialised). */
enum status dataset_read_shard(struct dataset_shard **out, const struct dataset *dataset,
                               int64_t shard, int64_t budget);
void dataset_shard_destroy(struct dataset_shard *shard);

/* One case, with its start states when it has some. */
enum status dataset_read_case(struct case_record **out, const struct dataset *dataset,
                              int64_t number, enum case_record_starts starts);

/* Adds the start states of case `number`, none when it has none, to its record. ERR_DATA likewise.
 */
enum status dataset_read_starts(struct case_record *record, const struct dataset *dataset,
                                int64_t number);

/* Checks the SHA-256 of every file and, from the fields, the content digest. ERR_DATA names the
 * first bad file. */
enum status dataset_verify(const struct dataset *dataset);

/* The same for the content of one case that was read, and for its start states, which the record
 * gets. */
enum status dataset_verify_case(struct case_record *record, const struct dataset *dataset,
                                int64_t number);
