/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "command.h"
#include "json.h"
#include "log.h"
#include "path.h"
#include "proof.h"
#include "proof_table.h"
#include "run_folder.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>

static const struct argument_option options[] = {
    {"list", ARGUMENT_FLAG, NULL, 0, 0,
     "lists the cases, their references and roughly the seconds they take on one quiet core"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static enum status run_case(struct proof_outcome *out, const struct session *session,
                            const struct proof_case *which)
{
    double began = stop_clock();
    out->which = which;
    proof_init(&out->found, session->threads, &session->stop);
    log_info("%s: %s", which->name, which->summary);
    TRY(proof_run(&out->found, which));
    out->seconds = stop_clock() - began;
    return OK;
}

/* validation.md, validation.json, and a chart for each case with a series. */
static enum status write_folder(const char *folder, const struct proof_outcome *outcomes,
                                int64_t count)
{
    enum status status = OK;
    char figures[PATH_SIZE], *text = NULL;
    size_t size = 0;
    FILE *stream = NULL;
    struct json *root = NULL;
    TRY_GOTO(path_join(figures, sizeof figures, folder, "figures"), cleanup);
    TRY_GOTO(path_make_folder(figures), cleanup);
    for (int64_t k = 0; k < count; k++)
        TRY_GOTO(proof_table_chart(figures, &outcomes[k]), cleanup);
    stream = open_memstream(&text, &size);
    TRY_GOTO(stream != NULL ? OK : FAIL(ERR_MEMORY, "no memory for a table"), cleanup);
    proof_table_markdown(stream, outcomes, count);
    int failed = fclose(stream);
    TRY_GOTO(failed == 0 ? OK : FAIL(ERR_MEMORY, "no memory for a table"), cleanup);
    TRY_GOTO(run_folder_write(folder, "validation.md", text), cleanup);
    free(text);
    text = NULL;
    root = proof_table_describe(outcomes, count);
    TRY_GOTO(root != NULL ? OK : ERR_MEMORY, cleanup);
    TRY_GOTO(json_write(&text, root, JSON_FORM_INDENTED), cleanup);
    TRY_GOTO(run_folder_write(folder, "validation.json", text), cleanup);
cleanup:
    json_destroy(root);
    free(text);
    return status;
}

/* ERR_NUMERIC when a figure is outside its interval. */
static enum status judge(const struct proof_outcome *outcomes, int64_t count)
{
    int64_t failed = 0;
    for (int64_t k = 0; k < count; k++)
        failed += !proof_passes(&outcomes[k].found);
    if (failed > 0)
        return FAIL(ERR_NUMERIC,
                    "%lld of %lld validation cases have figures outside what is allowed",
                    (long long)failed, (long long)count);
    return OK;
}

static enum status run_cases(struct session *session, const struct proof_case *only)
{
    enum status status = OK;
    const char *folder = arguments_text(session->arguments, "output", NULL);
    int64_t count = only != NULL ? 1 : proof_count(), done = 0;
    struct proof_outcome *outcomes = NULL;
    TRY_GOTO(run_folder_check(session, folder), cleanup);
    TRY_GOTO(ARRAY_NEW(outcomes, count), cleanup);
    if (folder != NULL)
        TRY_GOTO(run_folder_open(session, folder, NULL), cleanup);
    for (; done < count; done++) {
        status = run_case(&outcomes[done], session, only != NULL ? only : proof_at(done));
        TRY_GOTO(status, cleanup);
        if (!session_flag(session, "json"))
            proof_table_print(stdout, &outcomes[done]);
        fflush(stdout);
    }
    if (session_flag(session, "json"))
        TRY_GOTO(session_print_json(proof_table_describe(outcomes, count)), cleanup);
    if (folder != NULL)
        TRY_GOTO(write_folder(folder, outcomes, count), cleanup);
    TRY_GOTO(judge(outcomes, count), cleanup);
cleanup:
    for (int64_t k = 0; outcomes != NULL && k < count; k++)
        proof_fini(&outcomes[k].found);
    array_free(outcomes);
    return status;
}

static enum status run(struct session *session)
{
    const char *name = arguments_at(session->arguments, 0);
    const struct proof_case *only = NULL;
    if (session_flag(session, "list")) {
        if (session_flag(session, "json"))
            return session_print_json(proof_table_describe_list());
        proof_table_print_list(stdout);
        return OK;
    }
    if (name != NULL)
        TRY(proof_find(&only, name));
    return run_cases(session, only);
}

const struct command command_validate = {
    .name = "validate",
    .summary = "Holds the solver against flows with published figures",
    .usage = "[NAME] [--list] [--output DIR]",
    .description =
        "Runs one case, or all, and prints each figure with its reference, what is allowed and\n"
        "whether it passes; a figure outside makes the exit code 5. With --output, writes the\n"
        "table (validation.md, validation.json) and a chart of each case.\n\n"
        "  wakecast validate --list\n"
        "  wakecast validate cavity-re100-64\n"
        "  wakecast validate --output validation",
    .words_low = 0,
    .words_high = 1,
    .groups = COMMAND_OUTPUT | COMMAND_COMPUTE | COMMAND_JSON,
    .options = options,
    .run = run};
