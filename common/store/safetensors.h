/* SPDX-License-Identifier: Apache-2.0
 *
 * The safetensors format: u64 little-endian header length, JSON header, then the bytes without
 * holes. The reader is strict: header limit (1 MiB), sizes, overlaps, holes, duplicate keys and
 * unknown types are refused with ERR_DATA. Files of ours carry a digest of all they hold in their
 * metadata (safetensors_digest.h), so that a single changed bit is found. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

enum safetensors_type { SAFETENSORS_F32, SAFETENSORS_F64, SAFETENSORS_I64, SAFETENSORS_U8 };
enum { SAFETENSORS_RANK = 8, SAFETENSORS_NAME = 128 };

/* Writing: collects borrowed tensors (must outlive the write), then writes one file atomically.
 * Metadata values are texts (JSON by convention). */
struct safetensors_writer;
enum status safetensors_writer_create(struct safetensors_writer **out);
enum status safetensors_writer_add(struct safetensors_writer *writer, const char *name,
                                   enum safetensors_type type, const int64_t *dims, int64_t rank,
                                   const void *data);
enum status safetensors_writer_add_metadata(struct safetensors_writer *writer, const char *key,
                                            const char *text);
enum status safetensors_writer_save(struct safetensors_writer *writer, const char *path);
void safetensors_writer_destroy(struct safetensors_writer *writer);

/* Reading: the whole file is in memory; tensors and texts are borrowed from it. A survey reads the
 * header alone, whatever the size of the file, so that a caller can refuse what it did not expect:
 * tensors then have no data until safetensors_load, which also checks the digest where there is
 * one. safetensors_open is both. */
struct safetensors;
struct safetensors_tensor {
    char name[SAFETENSORS_NAME];
    enum safetensors_type type;
    int64_t rank;
    int64_t dims[SAFETENSORS_RANK];
    const void *data; /* aligned for its type; NULL after a survey */
    size_t bytes;
};
enum status safetensors_survey(struct safetensors **out, const char *path);
enum status safetensors_load(struct safetensors *file);
enum status safetensors_open(struct safetensors **out, const char *path);
void safetensors_close(struct safetensors *file);
int64_t safetensors_count(const struct safetensors *file);
const struct safetensors_tensor *safetensors_at(const struct safetensors *file, int64_t index);
/* NULL when there is none of that name. */
const struct safetensors_tensor *safetensors_find(const struct safetensors *file, const char *name);
/* NULL when there is none. */
const char *safetensors_metadata(const struct safetensors *file, const char *key);
