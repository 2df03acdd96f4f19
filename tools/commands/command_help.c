/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "config_reference.h"
#include "help.h"
#include "option_table.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct argument_option options[] = {
    {"markdown", ARGUMENT_FLAG, NULL, 0, 0, "configuration: as the page docs/configuration.md"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static enum status print_configuration(const struct session *session)
{
    char *text = NULL;
    if (session_flag(session, "markdown"))
        TRY(config_reference_markdown(&text, option_table()));
    else
        TRY(config_reference_help(&text, option_table(), NULL));
    fputs(text, stdout);
    free(text);
    return OK;
}

/* One word a line, for the completion of shells. */
static enum status print_completion(const char *topic)
{
    char *text = NULL;
    if (strcmp(topic, "keys") == 0) {
        TRY(config_reference_completion(&text, option_table()));
        fputs(text, stdout);
        free(text);
        return OK;
    }
    for (int64_t i = 0; i < command_count(); i++)
        puts(command_at(i)->name);
    return OK;
}

static enum status run(struct session *session)
{
    const char *topic = arguments_at(session->arguments, 0);
    const struct command *command;
    if (topic == NULL) {
        help_print_overview(stdout);
        return OK;
    }
    if (strcmp(topic, "configuration") == 0)
        return print_configuration(session);
    if (strcmp(topic, "keys") == 0 || strcmp(topic, "commands") == 0)
        return print_completion(topic);
    TRY(command_find(&command, topic));
    help_print_command(stdout, command);
    return OK;
}

const struct command command_help = {
    .name = "help",
    .summary = "Tells what the program, a command or a configuration file can do",
    .usage = "[COMMAND|configuration|commands|keys]",
    .description = "'commands' and 'keys' are word lists for the completion of shells.\n\n"
                   "  wakecast help train\n  wakecast help configuration",
    .words_low = 0,
    .words_high = 1,
    .options = options,
    .run = run};
