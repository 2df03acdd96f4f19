/* SPDX-License-Identifier: Apache-2.0
 *
 * The program: finds the command, runs it, and is the one place that prints errors and decides the
 * exit code (enum status; 128 + n after a signal). Of several ranks, number 0 speaks for all: the
 * others print nothing and end with 0. */
#include "arguments.h"
#include "build_info.h"
#include "command.h"
#include "command_options.h"
#include "foreign_worker.h"
#include "h5file.h"
#include "help.h"
#include "launcher.h"
#include "log.h"
#include "ranks.h"
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
        return stop_signal_number() != 0 ? 128 + stop_signal_number() : 0;
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

static enum status run_command(const struct command *command, struct ranks *ranks, int argc,
                               const char *const *argv)
{
    enum status status = OK;
    struct arguments *arguments = NULL;
    struct session session = {.command = command};
    const struct argument_option *tables[ARGUMENTS_TABLES];
    if (ranks_count(ranks) > 1 && (command->groups & COMMAND_RANKS) == 0)
        return FAIL(ERR_USAGE, "'%s' runs as one process, not as %d ranks: start it without mpirun",
                    command->name, ranks_count(ranks));
    command_options_collect(tables, command);
    TRY_GOTO(arguments_create(&arguments, tables, command->words_low, command->words_high, argc - 2,
                              argv + 2),
             cleanup);
    if (!arguments_given(arguments, "help")) {
        TRY_GOTO(session_open(&session, command, arguments, ranks, argc, argv), cleanup);
        TRY_GOTO(command->run(&session), cleanup);
    } else if (ranks_own(ranks) == 0) {
        help_print_command(stdout, command);
    }
    TRY_GOTO(session_flush(), cleanup);
cleanup:
    session_close(&session);
    if (status != OK && status != ERR_STOPPED)
        undo(&session);
    arguments_destroy(arguments);
    return status;
}

/* The words of the program; *command is the one they name, NULL before that is known. */
static enum status run_words(const struct command **command, struct ranks *ranks, int argc,
                             const char *const *words)
{
    int speaks = ranks_own(ranks) == 0;
    if (argc < 2)
        return FAIL(ERR_USAGE, "a command is missing");
    if (strcmp(words[1], "--version") == 0) {
        if (speaks)
            build_info_print(stdout);
    } else if (strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0) {
        if (speaks)
            help_print_overview(stdout);
    } else {
        TRY(command_find(command, words[1]));
        TRY(run_command(*command, ranks, argc, words));
    }
    return session_flush();
}

int main(int argc, char **argv)
{
    const struct command *command = NULL;
    struct ranks *ranks = NULL;
    if (argc > 1 && strcmp(argv[1], FOREIGN_WORKER_WORD) == 0)
        return foreign_worker_run(argc - 2, (const char *const *)argv + 2);
    thread_wait_passively(argv);
    h5file_init();
    enum status status = stop_signal_install();
    if (status == OK)
        status = ranks_open(&ranks, launcher_detect());
    if (status == OK)
        status = run_words(&command, ranks, argc, (const char *const *)argv);
    int code = exit_code(status);
    int speaks = ranks_own(ranks) == 0;
    if (argc < 2 && speaks)
        help_print_overview(stderr);
    else if (status != OK && status != ERR_STOPPED && speaks)
        print_error(status, command);
    else if (status == ERR_STOPPED && log_level() >= LOG_INFO)
        fprintf(stderr, "wakecast: %s\n", error_message());
    ranks_close(ranks, status, code);
    return speaks ? code : 0;
}
