/* SPDX-License-Identifier: Apache-2.0
 *
 * What this program is: version, commit, compiler, the libraries it was built with; and the machine
 * it runs on. For --version and environment.json. */
#pragma once

#include "json.h"

#include <stdio.h>

const char *build_info_version(void);
const char *build_info_commit(void);

/* What --version prints. */
void build_info_print(FILE *stream);

/* {"version", "commit", "compiler", "libraries": {...}, "processor", "system"}; NULL with
 * ERR_MEMORY recorded. */
struct json *build_info_describe(void);
