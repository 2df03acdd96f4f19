/* SPDX-License-Identifier: Apache-2.0
 *
 * What benchmarks need of the system: a folder for files that nobody keeps, and this program run as
 * a user runs it. */
#pragma once

#include "error.h"
#include "session.h"

/* Makes a new folder below --folder, else TMPDIR, else /tmp; `out` of PATH_SIZE bytes. ERR_IO. */
enum status bench_scratch_create(char *out, const struct session *session);

/* Removes it with all it holds. `status`, or what went wrong here when that is OK. */
enum status bench_scratch_remove(const char *folder, enum status status);

/* Runs this program with `words` (ended by NULL) behind its name, its stdout thrown away. The code
 * it exits with when that is not 0; ERR_STOPPED when it was ended by a signal. */
enum status bench_scratch_run(const char *const *words);
