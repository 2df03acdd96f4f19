/* SPDX-License-Identifier: Apache-2.0
 *
 * A file of our own that only we read: a line that says what it is, the SHA-256 of all that follows
 * as a line, then its parts. Written atomically; what the parts mean is their owner's matter. */
#pragma once

#include "error.h"

#include <stddef.h>

enum { SEALED_FILE_HEAD = 256 }; /* bytes of title and digest, at most */

struct sealed_part {
    const void *data;
    size_t size; /* 0: nothing */
};

/* `title` ends with a line feed. ERR_IO as atomic_file_write. */
enum status sealed_file_write(const char *path, const char *title, const struct sealed_part *parts,
                              size_t count);

/* Where the parts begin in a file that was read, and their bytes. ERR_DATA when its title is
 * another
 * ("'path' is no `what`") or its bytes are not those of its SHA-256. */
enum status sealed_file_open(const unsigned char **parts, size_t *left, const unsigned char *image,
                             size_t size, const char *title, const char *what, const char *path);
