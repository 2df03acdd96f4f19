/* SPDX-License-Identifier: Apache-2.0
 *
 * The pieces a shard is put together from, with the attributes that The Well's readers look for.
 * For the sources shard_*.c alone. */
#pragma once

#include "error.h"
#include "h5file.h"

#include <stddef.h>
#include <stdint.h>

/* What an array depends on. */
enum { SHARD_CONSTANT = 0, SHARD_VARIES_BY_SAMPLE = 1, SHARD_VARIES_BY_TIME = 2 };

/* The axes of frames (sample, time, x, y, component), of planes (sample, x, y), and of whatever
 * begins like these. */
extern const char *const shard_parts_frame_scales[5];
extern const char *const shard_parts_plane_scales[3];

/* A group that lists the names of its arrays in an attribute. */
enum status shard_parts_add_group(struct h5file *file, const char *path, const char *list_key,
                                  const char *const *names, size_t count);

enum status shard_parts_describe(struct h5file *file, const char *path, const char *unit,
                                 const char *meaning);
enum status shard_parts_set_varying(struct h5file *file, const char *path, unsigned varying);

/* A small array, made and written whole, with its axes' scales (NULL: none). */
enum status shard_parts_put_array(struct h5file *file, const char *path, enum h5file_type type,
                                  int rank, const int64_t *dims, const char *const *scales,
                                  const void *data);
