/* SPDX-License-Identifier: Apache-2.0
 *
 * manifest.json: what a dataset holds, with the digest of every file. Reads it strictly (its own
 * digest, file names derived from the dataset's name, counts that agree) and writes it atomically.
 * Opens no shard. */
#pragma once

#include "dataset.h"
#include "dataset_layout.h"
#include "digest.h"
#include "error.h"
#include "error_bar.h"
#include "path.h"

#include <stddef.h>
#include <stdint.h>

#define MANIFEST_FILE "manifest.json"
#define MANIFEST_STARTS_FOLDER "starts"

enum {
    MANIFEST_NAME = DATASET_LAYOUT_NAME,
    MANIFEST_EDGE = DATASET_LAYOUT_EDGE,
    MANIFEST_PATH = 192
};

/* A file of the dataset. */
struct manifest_file {
    int64_t bytes;
    char sha256[DIGEST_SIZE];
    char content[DIGEST_SIZE]; /* content digest of what it holds */
};

struct manifest_shard {
    struct manifest_file file;
    int64_t cases;
};

struct manifest_case {
    struct dataset_case facts;
    struct refusals refused;     /* draws that were, before it */
    char content[DIGEST_SIZE];   /* "" when it failed */
    struct manifest_file starts; /* when facts.start_count > 0 */
};

struct manifest {
    char name[MANIFEST_NAME];
    char version[64]; /* of the program */
    char edge[MANIFEST_EDGE];
    char *config; /* owned */
    uint64_t seed;
    int complete;
    int64_t planned; /* cases of this folder in all */
    struct dataset_part part;
    int64_t nx, ny, frames, frame_interval, refine;
    int64_t shard_bytes;
    enum storage storage;
    char content[DIGEST_SIZE]; /* of all cases listed */
    struct manifest_shard *shards;
    size_t shard_count, shard_capacity;
    struct manifest_case *cases; /* case part.first + k at k */
    size_t case_count, case_capacity;
    struct error_bar *error_bar; /* owned; NULL: there is none */
};

enum status manifest_create(struct manifest **out);
void manifest_destroy(struct manifest *manifest);

enum status manifest_add_shard(struct manifest *manifest, const struct manifest_shard *shard);
enum status manifest_add_case(struct manifest *manifest, const struct manifest_case *entry);
/* Forgets shards from number `shards` on and cases from number `cases` on. */
void manifest_truncate(struct manifest *manifest, size_t shards, size_t cases);

/* Names of the families of the finished cases, in order of first appearance: the meaning of the
 * shape ids. Borrowed from the manifest; free only the list. */
enum status manifest_families(const char ***out, size_t *count, const struct manifest *manifest);

/* The place of a finished case's family in that list. */
enum status manifest_find_family(int64_t *out, const struct manifest *manifest, const char *family);

/* The sizes that all its shards have. */
void manifest_layout(struct dataset_layout *out, const struct manifest *manifest);

/* Sets the content digest from the cases' digests; that of a shard into `out`. */
enum status manifest_update_content(struct manifest *manifest);
enum status manifest_shard_content(char out[DIGEST_SIZE], const struct manifest *manifest,
                                   int64_t shard);

/* Names a file inside the dataset's folder: "NAME-00000.h5", "starts/NAME-starts-00000.h5". */
void manifest_shard_name(char out[MANIFEST_PATH], const char *name, int64_t shard);
void manifest_starts_name(char out[MANIFEST_PATH], const char *name, int64_t number);

/* Letters, digits, '_', '.', '-'; begins with a letter or digit; at most 100 bytes. */
int manifest_name_is_valid(const char *name);

enum status manifest_write(struct manifest *manifest, const char *folder);

/* ERR_DATA when it is missing, damaged or not ours. */
enum status manifest_read(struct manifest **out, const char *folder);

/* The bytes of a file of the dataset if they are what the manifest says (free with array_free).
 * ERR_DATA names the file, what was expected and what was found. */
enum status manifest_load_file(unsigned char **out, size_t *size, const char *folder,
                               const char *name, const struct manifest_file *expected);
