/* SPDX-License-Identifier: Apache-2.0
 *
 * One writer at a time in a folder: a dataset's, a run's. The lock is the kernel's (flock) on
 * `writer.lock`, so it ends with its holder whatever ends that. Some network file systems have no
 * such locks, or keep them to one machine; so the file also names its holder, and who finds it
 * asks whether that process still lives. */
#pragma once

#include "error.h"

#include <stdint.h>

#define FOLDER_LOCK_FILE "writer.lock"

struct folder_lock;

/* ERR_BUSY names the holder: process, machine, since when, command. A holder that has died on this
 * machine is no holder any more, nor is another process that got its number. One on another machine
 * may be alive, which nobody here can know: the message says how to force it. The folder must
 * exist. */
enum status folder_lock_take(struct folder_lock **out, const char *folder);

/* ERR_IO when the file of the lock is gone, with its folder or alone: then the folder may be
 * another writer's by now. */
enum status folder_lock_check(const struct folder_lock *lock);

/* Accepts NULL. Removes the file. */
void folder_lock_release(struct folder_lock *lock);

/* Who holds, as the file says it: five lines of text. */
struct folder_lock_holder {
    int64_t process;
    int64_t start; /* when the process began, in the kernel's ticks since boot; 0: unknown */
    char host[256];
    char since[32];    /* UTC */
    char command[192]; /* "" when it is unknown */
};

/* This process. */
void folder_lock_describe(struct folder_lock_holder *out);

/* Into and out of the file's text. A text that is not of this form gives process 0, nobody. */
enum { FOLDER_LOCK_TEXT = 640 };
void folder_lock_print(char out[FOLDER_LOCK_TEXT], const struct folder_lock_holder *holder);
void folder_lock_parse(struct folder_lock_holder *out, const char *text);
