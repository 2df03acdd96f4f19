/* SPDX-License-Identifier: Apache-2.0
 *
 * Help texts, made from the tables of commands and options. */
#pragma once

#include "command.h"

#include <stdio.h>

/* All commands, one line each. */
void help_print_overview(FILE *stream);

/* One command: usage, description, every option. */
void help_print_command(FILE *stream, const struct command *command);
