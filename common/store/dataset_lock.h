/* SPDX-License-Identifier: Apache-2.0
 *
 * One writer at a time in a dataset's folder. The lock is the kernel's (flock) on `writer.lock`, so
 * it ends with its holder whatever ends that; the file names process and host for the message. */
#pragma once

#include "error.h"

#define DATASET_LOCK_FILE "writer.lock"

struct dataset_lock;

/* ERR_BUSY names the holder. The folder must exist. */
enum status dataset_lock_take(struct dataset_lock **out, const char *folder);

/* Accepts NULL. Removes the file. */
void dataset_lock_release(struct dataset_lock *lock);
