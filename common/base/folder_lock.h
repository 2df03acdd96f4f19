/* SPDX-License-Identifier: Apache-2.0
 *
 * One writer at a time in a folder: a dataset's, a run's. The lock is the kernel's (flock) on
 * `writer.lock`, so it ends with its holder whatever ends that; the file names process and host for
 * the message. */
#pragma once

#include "error.h"

#define FOLDER_LOCK_FILE "writer.lock"

struct folder_lock;

/* ERR_BUSY names the holder. The folder must exist. */
enum status folder_lock_take(struct folder_lock **out, const char *folder);

/* ERR_IO when the file of the lock is gone, with its folder or alone: then the folder may be
 * another writer's by now. */
enum status folder_lock_check(const struct folder_lock *lock);

/* Accepts NULL. Removes the file. */
void folder_lock_release(struct folder_lock *lock);
