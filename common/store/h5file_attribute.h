/* SPDX-License-Identifier: Apache-2.0
 *
 * Attributes of the groups and arrays of an HDF5 file. Texts are variable-length UTF-8, integers
 * int64, switches the bool of h5file.h. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

struct h5file;

/* Makes attribute `key` of the object at `path`; the plural forms make one-dimensional ones. */
enum status h5file_attribute_set_text(struct h5file *file, const char *path, const char *key,
                                      const char *text);
enum status h5file_attribute_set_texts(struct h5file *file, const char *path, const char *key,
                                       const char *const *texts, size_t count);
enum status h5file_attribute_set_integer(struct h5file *file, const char *path, const char *key,
                                         int64_t value);
enum status h5file_attribute_set_switch(struct h5file *file, const char *path, const char *key,
                                        int value);
enum status h5file_attribute_set_switches(struct h5file *file, const char *path, const char *key,
                                          const unsigned char *values, size_t count);

enum status h5file_attribute_set_integers(struct h5file *file, const char *path, const char *key,
                                          const int64_t *values, size_t count);
enum status h5file_attribute_set_real(struct h5file *file, const char *path, const char *key,
                                      double value);
enum status h5file_attribute_set_reals(struct h5file *file, const char *path, const char *key,
                                       const double *values, size_t count);
/* A text of fixed length, ASCII, without a terminator: what VTK wants. */
enum status h5file_attribute_set_ascii(struct h5file *file, const char *path, const char *key,
                                       const char *text);

/* Reading, also of files that nobody vouches for. ERR_DATA when the attribute is missing, of
 * another kind or of another number of values. Switches are integers too. */
enum status h5file_attribute_get_integers(int64_t *out, size_t count, struct h5file *file,
                                          const char *path, const char *key);
enum status h5file_attribute_get_integer(int64_t *out, struct h5file *file, const char *path,
                                         const char *key);

/* At most `capacity` texts of at most `size` - 1 bytes each: text i at out + i * size. ERR_DATA
 * when there are more or longer ones. */
enum status h5file_attribute_get_texts(char *out, size_t size, size_t *count, size_t capacity,
                                       struct h5file *file, const char *path, const char *key);

/* 0 also where there is no object at `path`. */
int h5file_attribute_exists(struct h5file *file, const char *path, const char *key);
