/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"

#include "command_options.h"

#include <string.h>

void help_print_overview(FILE *stream)
{
    fputs("Usage: wakecast COMMAND [words and options]\n\n"
          "Makes two-dimensional flows past bodies, trains a network on them, forecasts the flow\n"
          "past bodies it has never seen, and judges that against the solver itself.\n\n",
          stream);
    for (int64_t i = 0; i < command_count(); i++)
        fprintf(stream, "  %-10s %s\n", command_at(i)->name, command_at(i)->summary);
    fputs("\n'wakecast COMMAND --help' tells what a command takes, 'wakecast help configuration'\n"
          "lists the keys of configuration files, 'wakecast --version' what this program is.\n\n"
          "Exit codes: 0 done, 1 fault of the program, 2 command line or output exists,\n"
          "3 configuration or geometry, 4 input data, 5 numerical failure, 6 input or output,\n"
          "7 memory, 8 device or feature missing, 9 busy, 128+n saved and ended by signal n.\n",
          stream);
}

static void print_option(FILE *stream, const struct argument_option *option)
{
    char left[64];
    snprintf(left, sizeof left, "--%s%s%s", option->name, option->value != NULL ? " " : "",
             option->value != NULL ? option->value : "");
    fprintf(stream, "  %-26s%s%s\n", left,
            strlen(left) > 25 ? "\n                            " : "", option->doc);
}

void help_print_command(FILE *stream, const struct command *command)
{
    const struct argument_option *tables[ARGUMENTS_TABLES];
    fprintf(stream, "Usage: wakecast %s %s [options]\n\n%s.\n\n%s\n\nOptions:\n", command->name,
            command->usage, command->summary, command->description);
    command_options_collect(tables, command);
    for (int t = 0; tables[t] != NULL; t++)
        for (const struct argument_option *option = tables[t]; option->name != NULL; option++)
            print_option(stream, option);
}
