/* SPDX-License-Identifier: Apache-2.0 */
#include "checkup.h"
#include "command.h"
#include "ranks.h"
#include "session.h"

#include <stdio.h>

static const struct argument_option options[] = {
    {"strict", ARGUMENT_FLAG, NULL, 0, 0, "findings end the command with exit code 8"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static enum status print(const struct session *session, struct checkup *checkup)
{
    if (session_flag(session, "json"))
        return session_print_json(checkup_take_json(checkup));
    checkup_print(stdout, checkup);
    return OK;
}

/* Several ranks look all, since what they share they find together; the first one speaks. */
static enum status run(struct session *session)
{
    enum status status = OK;
    struct checkup *checkup = NULL;
    const char *folder = arguments_at(session->arguments, 0);
    struct checkup_subject subject = {
        .session = session, .folder = folder != NULL ? folder : ".", .machine_ranks = 1};
    TRY(ranks_like(&subject.machine_ranks, session->ranks, ""));
    TRY(checkup_create(&checkup));
    TRY_GOTO(checkup_run(checkup, &subject), cleanup);
    if (ranks_own(session->ranks) == 0)
        TRY_GOTO(print(session, checkup), cleanup);
    if (session_flag(session, "strict") && checkup_findings(checkup) > 0)
        TRY_GOTO(FAIL(ERR_UNSUPPORTED, "%lld findings", (long long)checkup_findings(checkup)),
                 cleanup);
cleanup:
    checkup_destroy(checkup);
    return status;
}

const struct command command_doctor = {
    .name = "doctor",
    .summary = "Looks at the machine: what the program finds, picks and misses here",
    .usage = "[FOLDER]",
    .description =
        "Prints what decides how fast and how safely it works here: instruction sets, threads by\n"
        "default and why, memory, libraries, GPU, MPI and the disk of FOLDER (default: this one),\n"
        "which is tried with one file of 64 MB at most. What is not as it might be stands at the\n"
        "end, each with what to do. Findings are no failure, unless --strict is given.\n\n"
        "  wakecast doctor\n"
        "  mpirun -n 4 wakecast doctor /scratch",
    .words_low = 0,
    .words_high = 1,
    .groups = COMMAND_JSON | COMMAND_RANKS,
    .options = options,
    .run = run};
