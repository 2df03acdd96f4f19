/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables of the options that mean the same in every command that has them. */
#pragma once

#include "arguments.h"

struct command;

/* The tables that `command` takes, its own first, ended by NULL. */
void command_options_collect(const struct argument_option *out[ARGUMENTS_TABLES],
                             const struct command *command);
