/* SPDX-License-Identifier: Apache-2.0
 *
 * A command meets each fault (the actions of fault_layer.c) at each STRIDE-th of its file
 * operations, until a run ends untouched, in each of several ways to come there (a new folder, one
 * to go on in, one to replace); who knows the command judges what is left. For tests only. */
#pragma once

#include "fault_run.h"
#include "path.h"

enum { FAULT_SWEEP_WAYS = 3 };

struct fault_sweep;

struct fault_sweep_way {
    const char *name, *how; /* how: --resume, --force or NULL */
    char before[PATH_SIZE]; /* what stands there at the beginning; "" for nothing */
};

struct fault_sweep {
    struct fault_run run;
    char root[PATH_SIZE], folder[PATH_SIZE], output[PATH_SIZE];
    char whole[PATH_SIZE]; /* what the undisturbed run made */
    struct fault_sweep_way ways[FAULT_SWEEP_WAYS];
    int way_count;
    long stride;
    int wrong;
    /* Is what a run left as it should be, and can it be gone on with? ERR_DATA tells what is not.
     */
    enum status (*judge)(const struct fault_sweep *sweep, int way, const char *action,
                         const struct fault_outcome *outcome);
};

/* main of a program PROGRAM LAYER CONFIG STRIDE ACTION...: `set_up` makes what the ways begin with,
 * in sweep->root. The action `random` kills at 200 / STRIDE random times. The exit code: 1 when
 * something was wrong. */
int fault_sweep_main(struct fault_sweep *sweep, int argc, char **argv,
                     enum status (*set_up)(struct fault_sweep *sweep, const char *config));

/* What stands there at the beginning of a run. */
enum status fault_sweep_restore(const struct fault_sweep *sweep, int way);

/* A run in way 0 that must end with `code`; what it made is copied to `copy`. */
enum status fault_sweep_run_whole(struct fault_sweep *sweep, const char *copy, const char *action,
                                  long at, int code);

int fault_sweep_is_kill(const char *action);

/* Exit code and message are those of the fault; a run that goes well has the whole's bytes. */
enum status fault_sweep_check_end(const struct fault_sweep *sweep, const char *action,
                                  const struct fault_outcome *outcome);

/* May locks and temporary files be left? What a failing lock or removal leaves is no fault of the
 * program. */
int fault_sweep_may_leave(const char *action, const struct fault_outcome *outcome);

/* Takes the run up again with `how`; it must end with the bytes of the undisturbed one. */
enum status fault_sweep_go_on(const struct fault_sweep *sweep, const char *how);
