/* SPDX-License-Identifier: Apache-2.0
 *
 * A growing file of JSON lines (metrics.jsonl, timing.jsonl), each with a "step". It can be cut
 * back to a step, so that a resumed run writes the same bytes as one that was never ended. */
#pragma once

#include "error.h"
#include "json.h"

#include <stdint.h>

struct run_log;

/* Which lines of a file that exists stay: those for which it returns 1. */
typedef int (*run_log_keep_fn)(const void *context, const struct json *line);

/* Opens `path` for appending after rewriting it with the lines that `keep` wants; keep = NULL:
 * none, the file begins empty. A torn last line goes. ERR_IO; ERR_DATA when an inner line is no
 * JSON. */
enum status run_log_open(struct run_log **out, const char *path, run_log_keep_fn keep,
                         const void *context);
/* Accepts NULL. */
void run_log_close(struct run_log *log);

/* Appends one line and flushes it; takes no ownership. ERR_IO. */
enum status run_log_append(struct run_log *log, const struct json *line);

/* All lines are on the disk when it returns. ERR_IO. */
enum status run_log_sync(struct run_log *log);
