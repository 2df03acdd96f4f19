/* SPDX-License-Identifier: Apache-2.0
 *
 * What a command of the program is. Commands wire rooms together and compute nothing themselves.
 * Options that mean the same in every command are groups in command_options.c; a command names the
 * groups it takes and adds its own. */
#pragma once

#include "arguments.h"
#include "error.h"

#include <stdint.h>

struct session;

/* Groups of common options; bits. */
enum command_group {
    COMMAND_CONFIG = 1 << 0,  /* --set --seed --print-config */
    COMMAND_OUTPUT = 1 << 1,  /* --output --force */
    COMMAND_RESUME = 1 << 2,  /* --resume */
    COMMAND_COMPUTE = 1 << 3, /* --threads --device --time-limit */
    COMMAND_DRY_RUN = 1 << 4, /* --dry-run */
    COMMAND_JSON = 1 << 5,    /* --json */
    COMMAND_BODY = 1 << 6,    /* --body --size ...: one body and its flow in words */
    COMMAND_RANKS = 1 << 7    /* no option: may be started by mpirun as several ranks */
};

struct command {
    const char *name;
    const char *summary;           /* one line */
    const char *usage;             /* what follows the name: "CONFIG --output DIR" */
    const char *description;       /* paragraphs for its help; what it writes, an example */
    int64_t words_low, words_high; /* positional words; high -1: any number */
    unsigned groups;
    const struct argument_option *options; /* its own; may be NULL: none */
    const char *const *keys; /* prefixes of the keys that it uses, ended by NULL; NULL: all */
    /* required */
    enum status (*run)(struct session *session);
};

/* All commands, in the order of command_list.h. */
int64_t command_count(void);
const struct command *command_at(int64_t index);

/* ERR_USAGE with a suggestion. */
enum status command_find(const struct command **out, const char *name);
