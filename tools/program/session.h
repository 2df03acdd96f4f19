/* SPDX-License-Identifier: Apache-2.0
 *
 * One run of a command: its arguments, its configuration, when to stop, how many threads. What
 * means the same in every command is done here; the rest is the command's part. */
#pragma once

#include "command.h"
#include "config.h"
#include "error.h"
#include "json.h"
#include "stop.h"

#include <stdint.h>

struct folder_lock;
struct ranks;

struct session {
    const struct command *command;
    const struct arguments *arguments;
    struct ranks *ranks; /* those that work on this together; NULL: this process alone */
    int argc;            /* of the whole program, for command.txt */
    const char *const *argv;
    struct config *config; /* NULL before session_read_config */
    struct stop stop;
    int threads;
    double began;             /* stop_clock */
    struct folder_lock *lock; /* on the folder this run writes; NULL: none */
    const char *made;         /* the folder this run made; NULL: none */
};

/* What stands at an output when a command begins. */
enum session_existing { SESSION_REFUSE, SESSION_RESUME, SESSION_REPLACE };

/* Sets levels, threads and deadline from the arguments, which are kept; must outlive, as `ranks`
 * (may be NULL). All ranks call it together. ERR_USAGE; ERR_UNSUPPORTED for a device that is not
 * there. */
enum status session_open(struct session *session, const struct command *command,
                         const struct arguments *arguments, struct ranks *ranks, int argc,
                         const char *const *argv);
void session_close(struct session *session);

/* Reads `path` (NULL: defaults) with --set, and the options that stand for
 * a key (--seed, --steps ...), over it. ERR_CONFIG. */
enum status session_read_config(struct session *session, const char *path);

/* The same with further settings "key=value" over all others, into a configuration of its own,
 * which the caller destroys. */
enum { SESSION_EXTRA = 8 };
enum status session_read_variant(struct config **out, const struct session *session,
                                 const char *path, const char *const *extra, size_t extra_count);

/* Prints the resolved configuration to stdout: what --print-config asks for. */
enum status session_print_config(const struct session *session);

/* Shorthands for the common options. */
int session_flag(const struct session *session, const char *name);
enum session_existing session_existing(const struct session *session);
/* --output; ERR_USAGE when it is not given. Borrowed. */
enum status session_output(const char **out, const struct session *session);
/* --data, likewise. */
enum status session_data(const char **out, const struct session *session);

/* Results: JSON (destroyed in any case; NULL reports the recorded failure) to stdout. */
enum status session_print_json(struct json *root);

/* After everything was printed: ERR_IO when stdout did not take it. */
enum status session_flush(void);
