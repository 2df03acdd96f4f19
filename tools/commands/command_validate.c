/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "command.h"
#include "json.h"
#include "log.h"
#include "path.h"
#include "progress.h"
#include "proof.h"
#include "proof_record.h"
#include "proof_table.h"
#include "run_folder.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>

static const struct argument_option options[] = {
    {"list", ARGUMENT_FLAG, NULL, 0, 0,
     "lists the cases, each with its references, what is allowed and the committed figures"},
    {"markdown", ARGUMENT_FLAG, NULL, 0, 0, "prints the tables of docs/validation.md"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

struct validation {
    struct session *session;
    struct proof_outcome *outcomes; /* [count], one for each case of proof_list.h */
    int64_t count;
    int64_t asked, asked_before; /* cases; those up to the current one */
    const struct proof_outcome *current;
    const char *folder; /* NULL: none */
    struct progress progress;
    double before; /* updates of the cases run before the current one */
};

static double updates_of(const struct proof_outcome *outcome)
{
    return outcome->which->updates * 1e9;
}

static void show_progress(void *context, double updates)
{
    struct validation *v = context;
    char note[96];
    double most = updates_of(v->current);
    snprintf(note, sizeof note, "%s, %lld of %lld", v->current->which->name,
             (long long)v->asked_before, (long long)v->asked);
    progress_update(&v->progress, v->before + (updates < most ? updates : most), note);
}

/* The cases named, or all. */
static enum status choose_cases(struct validation *v)
{
    const struct arguments *arguments = v->session->arguments;
    int64_t names = arguments_count(arguments);
    v->count = proof_count();
    TRY(ARRAY_NEW(v->outcomes, v->count));
    for (int64_t k = 0; k < v->count; k++) {
        v->outcomes[k].which = proof_at(k);
        v->outcomes[k].asked = names == 0;
    }
    for (int64_t i = 0; i < names; i++) {
        const struct proof_case *which = NULL;
        TRY(proof_find(&which, arguments_at(arguments, i)));
        for (int64_t k = 0; k < v->count; k++)
            v->outcomes[k].asked |= v->outcomes[k].which == which;
    }
    for (int64_t k = 0; k < v->count; k++)
        v->asked += v->outcomes[k].asked;
    return OK;
}

static enum status write_markdown(const struct validation *v)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return FAIL(ERR_MEMORY, "no memory for a table");
    proof_table_markdown(stream, v->outcomes, v->count);
    enum status status = fclose(stream) == 0 ? OK : FAIL(ERR_MEMORY, "no memory for a table");
    if (status == OK)
        status = run_folder_write(v->folder, "validation.md", text);
    free(text);
    TRY(status);
    return OK;
}

/* What there is by now: validation.md, validation.json, and the chart of the case just run. */
static enum status write_folder(const struct validation *v, const struct proof_outcome *fresh)
{
    enum status status = OK;
    char figures[PATH_SIZE], *text = NULL;
    struct json *root = NULL;
    if (v->folder == NULL)
        return OK;
    TRY_GOTO(path_join(figures, sizeof figures, v->folder, "figures"), cleanup);
    TRY_GOTO(path_make_folder(figures), cleanup);
    TRY_GOTO(proof_table_chart(figures, fresh), cleanup);
    TRY_GOTO(write_markdown(v), cleanup);
    root = proof_record_describe(v->outcomes, v->count);
    TRY_GOTO(root != NULL ? OK : ERR_MEMORY, cleanup);
    TRY_GOTO(json_write(&text, root, JSON_FORM_INDENTED), cleanup);
    TRY_GOTO(run_folder_write(v->folder, "validation.json", text), cleanup);
cleanup:
    json_destroy(root);
    free(text);
    return status;
}

/* A flow that diverges is a case that fails, not the end of the others. */
static enum status run_case(struct validation *v, struct proof_outcome *outcome)
{
    const struct session *session = v->session;
    double began = stop_clock();
    proof_init(&outcome->found, session->threads, &session->stop);
    outcome->found.progress = show_progress;
    outcome->found.context = v;
    log_info("%s: %s", outcome->which->name, outcome->which->summary);
    enum status status = proof_run(&outcome->found, outcome->which);
    progress_end(&v->progress);
    if (status != OK)
        outcome->found.count = 0;
    if (status == ERR_NUMERIC) {
        snprintf(outcome->fault, sizeof outcome->fault, "%s", error_message());
        error_clear();
        status = OK;
    }
    TRY(status);
    outcome->seconds = stop_clock() - began;
    return write_folder(v, outcome);
}

static enum status run_cases(struct validation *v)
{
    const int json = session_flag(v->session, "json");
    double total = 0;
    for (int64_t k = 0; k < v->count; k++)
        if (v->outcomes[k].asked && v->outcomes[k].found.count == 0)
            total += updates_of(&v->outcomes[k]);
    progress_begin(&v->progress, "validate", "MLUPS", 1e6, total, 0);
    for (int64_t k = 0; k < v->count; k++) {
        struct proof_outcome *outcome = &v->outcomes[k];
        if (!outcome->asked)
            continue;
        v->current = outcome;
        v->asked_before++;
        if (outcome->found.count == 0) {
            TRY(run_case(v, outcome));
            v->before += updates_of(outcome);
        }
        if (!json)
            proof_table_print(stdout, outcome);
        fflush(stdout);
    }
    return OK;
}

/* ERR_NUMERIC when a figure or an order is outside its interval. */
static enum status judge(const struct validation *v, int64_t orders)
{
    int64_t failed = 0;
    for (int64_t k = 0; k < v->count; k++)
        failed += v->outcomes[k].asked && !proof_passes(&v->outcomes[k].found);
    if (failed > 0)
        return FAIL(ERR_NUMERIC,
                    "%lld of %lld validation cases have figures outside what is allowed",
                    (long long)failed, (long long)v->asked);
    if (orders > 0)
        return FAIL(ERR_NUMERIC, "%lld orders of convergence are outside what is allowed",
                    (long long)orders);
    return OK;
}

static enum status validate(struct validation *v)
{
    struct session *session = v->session;
    const int json = session_flag(session, "json");
    TRY(run_folder_check(session, v->folder));
    if (v->folder != NULL)
        TRY(run_folder_open(session, v->folder, NULL));
    if (v->folder != NULL && session_existing(session) == SESSION_RESUME)
        TRY(proof_record_read(v->outcomes, v->count, v->folder));
    enum status status = run_cases(v);
    if (json && (status == OK || v->asked_before > 1)) {
        enum status told = session_print_json(proof_record_describe(v->outcomes, v->count));
        status = status == OK ? told : status;
    }
    TRY(status);
    FILE *stream = json ? NULL : stdout;
    return judge(v, proof_table_print_orders(stream, v->outcomes, v->count));
}

static enum status list(struct validation *v)
{
    for (int64_t k = 0; k < v->count; k++)
        if (v->outcomes[k].asked)
            proof_recall(&v->outcomes[k].found, v->outcomes[k].which);
    if (session_flag(v->session, "json"))
        return session_print_json(proof_record_describe(v->outcomes, v->count));
    if (session_flag(v->session, "markdown")) {
        proof_table_markdown(stdout, v->outcomes, v->count);
        return OK;
    }
    for (int64_t k = 0; k < v->count; k++)
        if (v->outcomes[k].asked)
            proof_table_print(stdout, &v->outcomes[k]);
    proof_table_print_orders(stdout, v->outcomes, v->count);
    return OK;
}

static enum status run(struct session *session)
{
    enum status status = OK;
    struct validation v = {.session = session,
                           .folder = arguments_text(session->arguments, "output", NULL)};
    int listing = session_flag(session, "list");
    if (session_flag(session, "markdown") && !listing)
        return FAIL(ERR_USAGE, "--markdown belongs to --list; a run writes validation.md with "
                               "--output");
    TRY_GOTO(choose_cases(&v), cleanup);
    TRY_GOTO(listing ? list(&v) : validate(&v), cleanup);
cleanup:
    for (int64_t k = 0; v.outcomes != NULL && k < v.count; k++)
        proof_fini(&v.outcomes[k].found);
    array_free(v.outcomes);
    return status;
}

const struct command command_validate = {
    .name = "validate",
    .summary = "Holds the solver against flows with published figures",
    .usage = "[NAME...] [--list] [--output DIR]",
    .description =
        "Runs the cases named, or all, and prints each figure with its reference, what is "
        "allowed,\n"
        "whether it passes, and what was committed where the figure moved; between cases of one\n"
        "flow that differ in their cells the order of convergence. A figure outside makes the "
        "exit\n"
        "code 5. With --output, writes the table (validation.md, validation.json) and a chart "
        "after\n"
        "each case; a run that was stopped goes on with --resume.\n\n"
        "  wakecast validate --list\n"
        "  wakecast validate cavity-re100-64\n"
        "  wakecast validate dfg-2d2-trt-d20 dfg-2d2-trt-d40\n"
        "  wakecast validate --output validation",
    .words_low = 0,
    .words_high = -1,
    .groups = COMMAND_OUTPUT | COMMAND_RESUME | COMMAND_COMPUTE | COMMAND_JSON,
    .options = options,
    .run = run};
