/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "dataset.h"
#include "dataset_facts.h"
#include "dataset_statistics.h"
#include "flow_figures.h"
#include "log.h"
#include "path.h"
#include "run_folder.h"
#include "session.h"

#include <stdio.h>

static const struct argument_option options[] = {
    {"verify", ARGUMENT_FLAG, NULL, 0, 0,
     "checks the SHA-256 of every file and the content digest"},
    {"cases", ARGUMENT_FLAG, NULL, 0, 0, "lists every case"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static void print_cases(FILE *stream, const struct dataset *dataset)
{
    const struct dataset_info *info = dataset_get_info(dataset);
    fprintf(stream, "\n  case  split          shard  family                 Re  note\n");
    for (int64_t i = 0; i < info->cases; i++) {
        const struct dataset_case *one = dataset_get_case(dataset, i);
        fprintf(stream, "%6lld  %-13s %6lld  %-18s %6.1f  %s\n", (long long)one->index,
                split_name(one->split), (long long)one->shard, one->family, one->reynolds,
                one->reason);
    }
}

/* One panel per case, the first ones of the dataset. */
static enum status write_contact_sheet(struct session *session, const struct dataset *dataset)
{
    const char *folder = arguments_text(session->arguments, "output", NULL);
    char path[PATH_SIZE];
    if (folder == NULL)
        return OK;
    TRY(run_folder_open(session, folder, dataset_get_info(dataset)->content_digest));
    TRY(path_join(path, sizeof path, folder, "figures"));
    TRY(path_make_folder(path));
    TRY(path_join(path, sizeof path, folder, "figures/cases.png"));
    TRY(flow_figures_cases(path, dataset));
    log_info("wrote %s", path);
    return OK;
}

static enum status print_json(const struct dataset *dataset,
                              const struct dataset_statistics *statistics)
{
    enum status status = OK;
    struct json *root = dataset_facts_describe(dataset);
    if (root == NULL)
        return ERR_MEMORY;
    TRY_GOTO(dataset_statistics_describe(root, statistics), cleanup);
    status = session_print_json(root);
    root = NULL;
cleanup:
    json_destroy(root);
    return status;
}

static enum status inspect(struct session *session, const struct dataset *dataset)
{
    struct dataset_statistics statistics;
    if (session_flag(session, "verify")) {
        TRY(dataset_verify(dataset));
        log_info("every file has the digest that the manifest says");
    }
    TRY(dataset_statistics_gather(&statistics, dataset, &session->stop));
    if (session_flag(session, "json")) {
        TRY(print_json(dataset, &statistics));
    } else {
        dataset_facts_print(stdout, dataset);
        dataset_statistics_print(stdout, &statistics);
        if (session_flag(session, "cases"))
            print_cases(stdout, dataset);
    }
    TRY(write_contact_sheet(session, dataset));
    return OK;
}

static enum status run(struct session *session)
{
    struct dataset *dataset = NULL;
    TRY(run_folder_check(session, arguments_text(session->arguments, "output", NULL)));
    TRY(dataset_open(&dataset, arguments_at(session->arguments, 0)));
    enum status status = inspect(session, dataset);
    dataset_close(dataset);
    return status;
}

const struct command command_inspect = {
    .name = "inspect",
    .summary = "Tells what a dataset holds, checks it and draws its cases",
    .usage = "DATASET [--verify] [--output DIR]",
    .description = "Prints layout, splits and statistics of every field over fluid cells. With\n"
                   "--output, writes a contact sheet of the first cases.\n\n"
                   "  wakecast inspect data --verify --output data-look",
    .words_low = 1,
    .words_high = 1,
    .groups = COMMAND_OUTPUT | COMMAND_JSON,
    .options = options,
    .run = run};
