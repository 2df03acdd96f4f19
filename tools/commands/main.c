/* SPDX-License-Identifier: Apache-2.0
 *
 * The program: finds the command, runs it, and is the one place that prints errors and decides the
 * exit code (enum status; 128 + n after a signal). */
#include "arguments.h"
#include "build_info.h"
#include "command.h"
#include "command_options.h"
#include "h5file.h"
#include "help.h"
#include "log.h"
#include "run_folder.h"
#include "session.h"
#include "stop_signal.h"
#include "thread_wait.h"

#include <stdio.h>
#include <string.h>

static void print_error(enum status status, const struct command *command)
{
    fprintf(stderr, "wakecast: %s\n", error_message());
    if (status == ERR_USAGE && command != NULL)
        fprintf(stderr, "See 'wakecast %s --help'.\n", command->name);
    else if (status == ERR_USAGE)
        fputs("See 'wakecast help'.\n", stderr);
    if (log_level() >= LOG_DEBUG || status == ERR_INTERNAL)
        fputs(error_trace_text(), stderr);
}

/* Everything was saved: a signal shows in the exit code, a time limit or a count reached does not.
 */
static int exit_code(enum status status)
{
    if (status == ERR_STOPPED)
        return *stop_signal_flag() != 0 ? 128 + *stop_signal_flag() : 0;
    return (int)status;
}

/* Undoing must not lose the message of what went wrong. */
static void undo(const struct session *session)
{
    char message[ERROR_MESSAGE_SIZE];
    snprintf(message, sizeof message, "%s", error_message());
    run_folder_undo(session);
    if (strcmp(message, error_message()) != 0)
        (void)FAIL(ERR_INTERNAL, "%s", message);
}

static enum status run_command(const struct command *command, int argc, const char *const *argv)
{
    enum status status = OK;
    struct arguments *arguments = NULL;
    struct session session = {.command = command};
    const struct argument_option *tables[ARGUMENTS_TABLES];
    command_options_collect(tables, command);
    TRY_GOTO(arguments_create(&arguments, tables, command->words_low, command->words_high, argc - 2,
                              argv + 2),
             cleanup);
    if (arguments_given(arguments, "help")) {
        help_print_command(stdout, command);
    } else {
        TRY_GOTO(session_open(&session, command, arguments, argc, argv), cleanup);
        TRY_GOTO(command->run(&session), cleanup);
    }
    TRY_GOTO(session_flush(), cleanup);
cleanup:
    session_close(&session);
    if (status != OK && status != ERR_STOPPED)
        undo(&session);
    arguments_destroy(arguments);
    return status;
}

int main(int argc, char **argv)
{
    const struct command *command = NULL;
    const char *const *words = (const char *const *)argv;
    thread_wait_passively(argv);
    h5file_init();
    enum status status = stop_signal_install();
    if (status == OK && argc < 2) {
        help_print_overview(stderr);
        return ERR_USAGE;
    }
    if (status == OK && strcmp(words[1], "--version") == 0) {
        build_info_print(stdout);
        return exit_code(session_flush());
    }
    if (status == OK && (strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0)) {
        help_print_overview(stdout);
        return exit_code(session_flush());
    }
    if (status == OK)
        status = command_find(&command, words[1]);
    if (status == OK)
        status = run_command(command, argc, words);
    if (status != OK && status != ERR_STOPPED)
        print_error(status, command);
    else if (status == ERR_STOPPED && log_level() >= LOG_INFO)
        fprintf(stderr, "wakecast: %s\n", error_message());
    return exit_code(status);
}
