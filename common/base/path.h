/* SPDX-License-Identifier: Apache-2.0
 *
 * File names and folders. Strings are bounded: joining fails instead of cutting. */
#pragma once

#include "error.h"

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>

enum { PATH_SIZE = 4096 };

/* out = folder "/" name. ERR_IO when it does not fit. */
enum status path_join(char *out, size_t size, const char *folder, const char *name);

/* Creates a folder and its parents, for good (synced); an existing folder is fine. ERR_IO. */
enum status path_make_folder(const char *folder);

/* Same, but the parent must be there. */
enum status path_make_one(const char *folder);

/* Makes the name of a file or folder durable: fsync of the folder it stands in. ERR_IO. */
enum status path_sync_parent(const char *path);

/* 1 or 0; a path that cannot be looked at counts as missing. */
int path_exists(const char *path);
int path_is_folder(const char *path);
int path_is_empty_folder(const char *path);

/* 1 when `path` is the folder or stands in it at any depth, links followed; 0 also when one of them
 * is not there. */
int path_holds(const char *folder, const char *path);

/* What is there, a link standing for what it leads to. Unlike the questions above, ERR_IO when it
 * cannot be looked at: where "missing" is a wrong answer that does harm. */
enum path_kind { PATH_NOTHING, PATH_FOLDER, PATH_OTHER };
enum status path_find(enum path_kind *out, const char *path);

/* The next name in an open folder, without "." and ".."; NULL at the end, where errno is 0, and on
 * failure. Borrowed until the next call. */
const char *path_next_name(DIR *stream);

/* Removes a file or a folder with all it holds; a missing one is fine. ERR_IO. */
enum status path_remove(const char *path);

/* Removes a folder if nothing is in it. Never more than that, whoever writes there meanwhile. */
void path_remove_empty(const char *folder);

/* The part behind the last '/'. Borrowed. */
const char *path_base_name(const char *path);
