/* SPDX-License-Identifier: Apache-2.0
 *
 * HDF5 behind one door (attributes: h5file_attribute.h, named axes: h5file_scale.h). Files are made
 * in memory and handed over as bytes; files are read from bytes that were verified before. libhdf5
 * never sees a path. Everything written is reproducible: no object times, creation order tracked,
 * format bounds of HDF5 1.8. Calls are serialised here, so threads may work on files of their own.
 * Knows nothing of datasets or flows. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

enum { H5FILE_RANK = 5 };

/* How values stand in the file (little-endian) and in memory. */
enum h5file_type {
    H5FILE_F32,
    H5FILE_F64,
    H5FILE_I64,
    H5FILE_BOOL /* int8 enum {FALSE = 0, TRUE = 1}; unsigned char in memory */
};

enum h5file_filter { H5FILE_PLAIN, H5FILE_GZIP /* shuffle, then deflate level 4 */ };

/* A block of an array, or the whole of one (first all 0). */
struct h5file_block {
    int rank;
    int64_t first[H5FILE_RANK], count[H5FILE_RANK];
};

/* A dataset to be made. Rank 0: one value. chunk[0] == 0: contiguous. */
struct h5file_array {
    enum h5file_type type;
    int rank;
    int64_t dims[H5FILE_RANK], chunk[H5FILE_RANK];
    enum h5file_filter filter;
    double fill; /* of what is never written */
};

struct h5file;

/* Switches libhdf5's exit handler off (it crashes on a full disk). `main` calls it before anything
 * else. */
void h5file_init(void);

/* A new file in memory. */
enum status h5file_create(struct h5file **out);

/* The finished file as bytes (free with array_free); the object can only be closed afterwards. */
enum status h5file_finish(unsigned char **image, size_t *size, struct h5file *file);

/* A file from bytes: borrowed, must outlive. ERR_DATA when they are no HDF5 file. */
enum status h5file_open(struct h5file **out, const unsigned char *image, size_t size);
void h5file_close(struct h5file *file);

/* Building. Paths are absolute ("/t0_fields/density"); the group must exist. */
enum status h5file_add_group(struct h5file *file, const char *path);
enum status h5file_add_array(struct h5file *file, const char *path,
                             const struct h5file_array *array);
enum status h5file_add_texts(struct h5file *file, const char *path, const char *const *texts,
                             size_t count);
/* A chunked array's first dimension cut down to `count`. */
enum status h5file_shrink(struct h5file *file, const char *path, int64_t count);
enum status h5file_write(struct h5file *file, const char *path, enum h5file_type type,
                         const struct h5file_block *block, const void *data);
/* The same object under a second name (hard link). */
enum status h5file_link(struct h5file *file, const char *path, const char *existing);

/* Reading. ERR_DATA when the object is missing or has another shape. */
enum status h5file_get_dims(int64_t dims[H5FILE_RANK], int *rank, struct h5file *file,
                            const char *path);
enum status h5file_read(void *out, struct h5file *file, const char *path, enum h5file_type type,
                        const struct h5file_block *block);
