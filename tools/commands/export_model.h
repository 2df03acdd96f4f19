/* SPDX-License-Identifier: Apache-2.0
 *
 * `export` of a model: which format, which file, what is told of it. */
#pragma once

#include "error.h"
#include "session.h"

/* `path` is a file; --format and --output are read here. ERR_USAGE for a format of datasets. */
enum status export_model_run(struct session *session, const char *path);
