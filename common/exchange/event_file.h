/* SPDX-License-Identifier: Apache-2.0
 *
 * Scalars over steps in the files that TensorBoard reads: records (TFRecord: length and bytes, each
 * with a check sum) of protocol-buffer messages (Event). One file for one stretch of a run; the
 * next stretch has the next number. What the scalars are is the caller's part. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

/* How the names of all such files begin; a number of five digits follows. */
#define EVENT_FILE_PREFIX "events.out.tfevents."

struct event_file;

struct event_file_scalar {
    const char *name; /* "training/loss": TensorBoard groups by what stands before the '/' */
    double value;     /* kept as a float */
};

/* Whether `folder` has any. ERR_IO when it cannot be read; a missing folder has none. */
enum status event_file_find(int *out, const char *folder);

/* Begins the next file of `folder`. `time`: seconds since 1970, here and below. When `first` > 0,
 * events of that step and later ones in the files before are void: a resumed run does them again.
 * ERR_IO. */
enum status event_file_create(struct event_file **out, const char *folder, double time,
                              int64_t first);

/* Scalars of one step, at once there for readers. ERR_IO, ERR_MEMORY. */
enum status event_file_append(struct event_file *file, double time, int64_t step,
                              const struct event_file_scalar *scalars, size_t count);

/* Accepts NULL. */
void event_file_close(struct event_file *file);

/* Removes all of a folder. ERR_IO. */
enum status event_file_remove(const char *folder);
