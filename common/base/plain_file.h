/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading a plain file piece by piece: opened once, so that all pieces are of the same file
 * whatever happens to its name. For whole files there is atomic_file_read. */
#pragma once

#include "error.h"

#include <stddef.h>

/* An open file, to be closed with plain_file_close, and its bytes. ERR_DATA when it is missing or
 * no plain file (a folder, a pipe, a device), ERR_IO when it cannot be read. */
enum status plain_file_open(int *out, size_t *size, const char *path);

/* The next `size` bytes. ERR_DATA when there are fewer, ERR_IO; `path` is for the message. */
enum status plain_file_read(void *data, size_t size, int file, const char *path);

/* Accepts a negative number. */
void plain_file_close(int file);
