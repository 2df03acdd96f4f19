/* SPDX-License-Identifier: Apache-2.0
 *
 * The lines of a training's metrics.jsonl, and of timing.jsonl, one after another: each a JSON
 * object with a "step", a "kind" (in metrics) and numbers. */
#pragma once

#include "error.h"
#include "json.h"

#include <stdint.h>

/* `line` is borrowed. A failure ends the reading and is handed on. */
typedef enum status (*metrics_lines_fn)(void *context, const struct json *line);

/* All lines of FOLDER/metrics.jsonl. ERR_DATA when it is missing or a line is no JSON. */
enum status metrics_lines_read(const char *folder, metrics_lines_fn each, void *context);

/* The numbers of a line but its step, in order: `index` counts from 0 and NULL is past the last.
 * What is null is not a number. Borrowed. */
const char *metrics_lines_number(double *value, const struct json *line, int index);

/* What kind of line it is ("training", "validation"; timing has `otherwise`), and its step.
 * ERR_DATA. */
enum status metrics_lines_kind(const char **kind, int64_t *step, const struct json *line,
                               const char *otherwise);
