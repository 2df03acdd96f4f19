/* SPDX-License-Identifier: Apache-2.0
 *
 * One run of a command of wakecast below a watched folder, with a fault at one of its file
 * operations (fault_layer.c) or none. For tests only. */
#pragma once

#include "error.h"

enum { FAULT_RUN_TEXT = 8192 };

struct fault_run {
    const char *program, *layer;
    const char *const *words; /* the command and its options but for the output; ends with NULL */
    const char *extra;        /* one more `--set KEY=VALUE`, NULL: none */
    const char *folder;       /* watched; absolute */
    const char *output;       /* below it */
    const char *notes;        /* a folder for what the run says: stderr, trace */
};

struct fault_outcome {
    int code;        /* exit code, -1 when a signal ended it */
    int signal;      /* which, 0: none */
    long operations; /* counted */
    long at;         /* the operation that met the fault, 0: none; its kind and path */
    char kind[16], path[512];
    char message[FAULT_RUN_TEXT]; /* all of stderr */
};

/* `how` is --resume, --force or NULL; the fault `action` befalls operation `at` or the next
 * that can suffer it; NULL, 0: none. */
enum status fault_run_once(struct fault_outcome *out, const struct fault_run *run, const char *how,
                           const char *action, long at);

/* The same, killed (SIGKILL) after that many seconds unless it has ended before. */
enum status fault_run_kill(struct fault_outcome *out, const struct fault_run *run, const char *how,
                           double seconds);

/* The first operation of that kind on a path that contains `part`, in the last run's trace; 0 when
 * there is none. */
enum status fault_run_find(long *out, const struct fault_run *run, const char *kind,
                           const char *part);

/* Of the last run: every file that got its final name was synced behind its last write, and its
 * folder afterwards, so that a loss of power keeps what a crash keeps. ERR_DATA tells which not. */
enum status fault_run_check_order(const struct fault_run *run);
