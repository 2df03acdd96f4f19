/* SPDX-License-Identifier: Apache-2.0
 *
 * System calls that a signal may interrupt or that may do a part of their work, repeated until all
 * is done. They report as the system does: -1 and errno. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* open, and openat, with mode 0666 and O_CLOEXEC. */
int retry_open(const char *path, int flags);
int retry_open_at(int folder, const char *name, int flags);

/* All bytes, or -1. */
int retry_write(int file, const void *data, size_t size);

/* Bytes read, fewer than `size` at the end of the file alone, or -1. */
ssize_t retry_read(int file, void *data, size_t size);

/* fsync; what cannot be synced (folders of some file systems) counts as done. */
int retry_sync(int file);

/* close; interrupted or not, the file is closed and nothing is repeated. */
int retry_close(int file);

int retry_truncate(int file, off_t size);
int retry_lock(int file, int operation); /* flock */
