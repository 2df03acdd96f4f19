/* SPDX-License-Identifier: Apache-2.0
 *
 * What the sources h5file*.c share, and the only place that includes the headers of HDF5. Not for
 * anybody else: h5file.h is the door. */
#pragma once

#include "h5file.h"

#include <hdf5.h>

struct h5file_tie;

struct h5file {
    hid_t id;
    enum status code; /* what a failure means: ERR_INTERNAL when writing, ERR_DATA when reading */
    struct h5file_tie *ties; /* of arrays to scales, for h5file_scale_finish */
    size_t tie_count, tie_capacity;
    void *image;    /* writing: the library's buffer, ours once the file is closed */
    void *borrowed; /* reading: the caller's bytes */
};

/* Every public call holds the lock of the library from its first to its last line. */
void h5file_library_enter(void);
void h5file_library_leave(void);

/* `result` negative is a failure of `code`: says what libhdf5 says of its cause. ERR_MEMORY where
 * memory was lacking for reading. */
enum status h5file_library_check(int64_t result, enum status code, const char *path);

/* For functions with `file`, `path`, `status` and the label `cleanup`. */
#define TRY_H5(call) TRY_GOTO(h5file_library_check((int64_t)(call), file->code, path), cleanup)

/* Nothing for an id that was never made. */
void h5file_library_release(hid_t id);

/* Types and spaces, to be released; negative when that failed. */
hid_t h5file_library_text(void);
hid_t h5file_library_bool(void);
hid_t h5file_library_file_type(enum h5file_type type);
hid_t h5file_library_memory_type(enum h5file_type type);
hid_t h5file_library_space(int rank, const int64_t *dims);

/* How the core driver gets its memory: a list for H5Fcreate, whose buffer becomes file->image when
 * the file is closed, and one for H5Fopen on file->borrowed. They point to the file: release them
 * before it. Negative when that failed. */
hid_t h5file_image_writing(struct h5file *file);
hid_t h5file_image_reading(struct h5file *file, size_t size);

/* The bytes of a closed file as its superblock has them; the buffer is longer. */
size_t h5file_image_size(const unsigned char *image);

/* An attribute of the object at `path`; `rank` 0 or 1. The lock is held. */
enum status h5file_attribute_put(struct h5file *file, const char *path, const char *key, hid_t type,
                                 hid_t memory_type, int rank, size_t count, const void *data);

/* Tells every scale which arrays are tied to it. The lock is held. */
enum status h5file_scale_finish(struct h5file *file);
