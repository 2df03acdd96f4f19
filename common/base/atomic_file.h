/* SPDX-License-Identifier: Apache-2.0
 *
 * The only way this program writes a file that matters: temporary file beside the target
 * (`NAME.tmp.PID`), write, fsync, rename, fsync of the folder. A reader sees the old file or the
 * whole new one, never a part. Handles short writes and EINTR; on any failure the temporary file is
 * removed. */
#pragma once

#include "error.h"

#include <stddef.h>

/* Replaces `path` with `size` bytes. ERR_IO with path, cause and bytes needed. */
enum status atomic_file_write(const char *path, const void *data, size_t size);

/* Same for a text. */
enum status atomic_file_write_text(const char *path, const char *text);

/* For writers that want a file name of their own (cairo, giflib, gnuplot): `begin` gives the
 * temporary path (at most `room` bytes with the terminator); the caller writes and closes that
 * file; `commit` makes it durable under `path`; `abandon` removes it. */
enum status atomic_file_begin(char *temporary, size_t room, const char *path);
enum status atomic_file_commit(const char *temporary, const char *path);
void atomic_file_abandon(const char *temporary);

/* All of atomic_file_write but the last step, which is commit or abandon: whatever needs room on
 * the disk has been done. */
enum status atomic_file_stage(char *temporary, size_t room, const char *path, const void *data,
                              size_t size);

/* Is `name`, without a folder, that of a file of ours in the making? */
int atomic_file_is_temporary(const char *name);

/* Removes leftovers `*.tmp.PID` of dead processes in `folder`, and those of our own number: nothing
 * may be begun there. A missing folder is fine. */
enum status atomic_file_sweep(const char *folder);

/* Reads a whole file (the caller frees `*out` with array_free; a zero byte stands behind the last).
 * ERR_DATA when it is missing or no plain file, ERR_IO when it cannot be read, ERR_MEMORY when
 * larger than `limit` bytes. */
enum status atomic_file_read(unsigned char **out, size_t *size, const char *path, size_t limit);
