/* SPDX-License-Identifier: Apache-2.0
 *
 * File names and folders. Strings are bounded: joining fails instead of cutting. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

enum { PATH_SIZE = 4096 };

/* out = folder "/" name. ERR_IO when it does not fit. */
enum status path_join(char *out, size_t size, const char *folder, const char *name);

/* Creates a folder and its parents; an existing folder is fine. ERR_IO. */
enum status path_make_folder(const char *folder);

/* 1 or 0; a path that cannot be looked at counts as missing. */
int path_exists(const char *path);
int path_is_folder(const char *path);
int path_is_empty_folder(const char *path);

/* Removes a file or a folder with all it holds; a missing one is fine. ERR_IO. */
enum status path_remove(const char *path);

/* The part behind the last '/'. Borrowed. */
const char *path_base_name(const char *path);
