/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"
#include "command.h"
#include "session.h"

#include <stdio.h>

static const struct argument_option options[] = {
    {"turns", ARGUMENT_INTEGER, "N", 1, 1000, "turns of every contestant; default: 5"},
    {"folder", ARGUMENT_TEXT, "DIR", 0, 0,
     "where scratch files go, removed in the end; default: TMPDIR or /tmp"},
    {"sizes", ARGUMENT_TEXT, "LIST", 0, 0,
     "lbm: lattices as 64x64,1024x512, streamwise x across; default: six of them"},
    {"networks", ARGUMENT_TEXT, "LIST", 0, 0,
     "train, forecast: sizes of networks; default: tiny,small,base"},
    {"batch", ARGUMENT_INTEGER, "N", 1, 4096,
     "train: samples a step; default: 32 of tiny, 16 of others. forecast: also this many a call; "
     "default: 16"},
    {"seconds", ARGUMENT_REAL, "S", 0.001, 3600,
     "lbm, train, forecast: least time of a row over all its turns; default: 1"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static void print_list(FILE *stream)
{
    for (int64_t i = 0; i < bench_count(); i++)
        fprintf(stream, "%-10s %s\n", bench_at(i)->name, bench_at(i)->summary);
}

/* The JSON of the list: names and summaries. */
static struct json *describe_list(void)
{
    struct json *root = json_make_object();
    for (int64_t i = 0; i < bench_count() && root != NULL; i++)
        if (json_set(root, bench_at(i)->name, json_make_text(bench_at(i)->summary)) != OK) {
            json_destroy(root);
            return NULL;
        }
    return root;
}

static enum status measure(struct session *session, const struct bench *bench)
{
    enum status status = OK;
    struct bench_report *report = NULL;
    TRY(bench_report_create(&report, bench->name,
                            arguments_integer(session->arguments, "turns", 5)));
    TRY_GOTO(bench->run(report, session), cleanup);
    if (session_flag(session, "json"))
        TRY_GOTO(session_print_json(bench_report_describe(report)), cleanup);
    else
        bench_report_print(stdout, report);
cleanup:
    bench_report_destroy(report);
    return status;
}

static enum status run(struct session *session)
{
    const char *name = arguments_at(session->arguments, 0);
    const struct bench *bench;
    if (name == NULL && session_flag(session, "json"))
        return session_print_json(describe_list());
    if (name == NULL) {
        print_list(stdout);
        return OK;
    }
    TRY(bench_find(&bench, name));
    TRY(session_read_config(session, arguments_at(session->arguments, 1)));
    if (session_flag(session, "print-config"))
        return session_print_config(session);
    return measure(session, bench);
}

const struct command command_bench = {
    .name = "bench",
    .summary = "Measures how fast this machine does a part of the work",
    .usage = "[NAME [CONFIG]]",
    .description =
        "Without a name, lists the benchmarks. Contestants take turns; a row shows the median\n"
        "time of a turn and its spread, and the time for the same amount of work as a multiple\n"
        "of the first row's in the same turn. Rows of lbm end with the share of what memory (each\n"
        "cell read and written in every step) and vector units allow, measured in the same run;\n"
        "those of train and forecast with the share of the vector units' peak that convolutions\n"
        "reach on data, and a table of where the time goes.\n\n"
        "  wakecast bench generate configs/quickstart.yaml --set split.train=6\n"
        "  wakecast bench lbm --sizes 64x64,1024x512\n"
        "  wakecast bench train --networks tiny --threads 1\n"
        "  wakecast bench forecast --set evaluate.precision=bf16",
    .words_low = 0,
    .words_high = 2,
    .groups = COMMAND_CONFIG | COMMAND_COMPUTE | COMMAND_JSON,
    .options = options,
    .run = run};
