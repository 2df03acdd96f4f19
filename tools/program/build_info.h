/* SPDX-License-Identifier: Apache-2.0
 *
 * What this program is: version, commit, compiler, the libraries it was built with; and the machine
 * it runs on. For --version and environment.json. */
#pragma once

#include "json.h"

#include <stdio.h>

const char *build_info_version(void);
const char *build_info_commit(void);

const char *build_info_compiler(void);

/* The libraries it was built with; all borrowed. */
int build_info_libraries(void);
void build_info_library(const char **name, const char **version, int index);

/* What --version prints. */
void build_info_print(FILE *stream);

/* {"version", "commit", "compiler", "libraries": {...}, "processor", "system"}; NULL with
 * ERR_MEMORY recorded. */
struct json *build_info_describe(void);
