/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "dataset.h"
#include "dataset_facts.h"
#include "dataset_survey.h"
#include "error_bar_facts.h"
#include "flow_figures.h"
#include "inspection_histograms.h"
#include "inspection_report.h"
#include "log.h"
#include "path.h"
#include "progress.h"
#include "run_folder.h"
#include "session.h"

#include <stdio.h>

static const struct argument_option options[] = {
    {"verify", ARGUMENT_FLAG, NULL, 0, 0,
     "checks the digests of all files and contents and nothing else"},
    {"strict", ARGUMENT_FLAG, NULL, 0, 0, "ends with exit code 4 when a data check finds a fault"},
    {"cases", ARGUMENT_FLAG, NULL, 0, 0, "lists every case"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static void print_cases(FILE *stream, const struct dataset *dataset)
{
    const struct dataset_info *info = dataset_get_info(dataset);
    fprintf(stream, "\n  case  split          shard  family                 Re  note\n");
    for (int64_t i = 0; i < info->cases; i++) {
        const struct dataset_case *one = dataset_get_case(dataset, i);
        char shard[24] = "-"; /* a case that failed is in none */
        if (one->shard >= 0)
            snprintf(shard, sizeof shard, "%lld", (long long)one->shard);
        fprintf(stream, "%6lld  %-13s %6s  %-18s %6.1f  %s\n", (long long)one->index,
                split_name(one->split), shard, one->family, one->reynolds, one->reason);
    }
}

/* The same as "list" of `root`. */
static enum status describe_cases(struct json *root, const struct dataset *dataset)
{
    struct json *list = json_make_array();
    TRY(json_set(root, "list", list)); /* owned by the root, or gone */
    for (int64_t i = 0; i < dataset_get_info(dataset)->cases; i++) {
        const struct dataset_case *one = dataset_get_case(dataset, i);
        struct json *entry = json_make_object();
        TRY(json_append(list, entry));
        TRY(json_set(entry, "case", json_make_integer(one->index)));
        TRY(json_set(entry, "split", json_make_text(split_name(one->split))));
        TRY(json_set(entry, "shard",
                     one->shard >= 0 ? json_make_integer(one->shard) : json_make_null()));
        TRY(json_set(entry, "family", json_make_text(one->family)));
        TRY(json_set(entry, "reynolds", json_make_real(one->reynolds)));
        TRY(json_set(entry, "starts", json_make_integer(one->start_count)));
    }
    return OK;
}

/* One way of looking at a dataset. */
struct inspection {
    struct session *session;
    const struct dataset *dataset;
    struct dataset_survey survey;
    struct inspection_histograms histograms;
    struct progress progress;
};

static void show_progress(void *context, int64_t done, int64_t shards)
{
    struct inspection *inspection = context;
    char note[64];
    snprintf(note, sizeof note, "%lld of %lld shards", (long long)done, (long long)shards);
    progress_update(&inspection->progress, (double)done, note);
}

static enum status survey(struct inspection *inspection, enum dataset_survey_depth depth)
{
    const struct dataset_survey_options how = {.depth = depth,
                                               .stop = &inspection->session->stop,
                                               .progress = show_progress,
                                               .context = inspection};
    progress_begin(&inspection->progress, "inspect", "shards/s", 1,
                   (double)dataset_get_info(inspection->dataset)->shards, 0);
    enum status status = dataset_survey_make(&inspection->survey, inspection->dataset, &how);
    progress_end(&inspection->progress);
    return status;
}

static enum status draw(const char *folder, const struct inspection *inspection)
{
    char path[PATH_SIZE];
    TRY(path_join(path, sizeof path, folder, "figures/distributions.png"));
    TRY(inspection_histograms_draw(path, inspection->dataset, &inspection->histograms));
    log_info("wrote %s", path);
    TRY(path_join(path, sizeof path, folder, "figures/cases.png"));
    TRY(flow_figures_cases(path, inspection->dataset));
    log_info("wrote %s", path);
    TRY(path_join(path, sizeof path, folder, "figures"));
    enum status status = error_bar_facts_draw(path, inspection->dataset);
    if (status == OK && dataset_get_error_bar(inspection->dataset) != NULL)
        log_info("wrote %s/error-bar.png", path);
    if (status != ERR_UNSUPPORTED)
        return status;
    log_warning("no chart of the error bar: %s", error_message());
    error_clear();
    return OK;
}

/* Pictures of a dataset that is whole and not empty. */
static enum status write_pictures(struct inspection *inspection)
{
    const char *folder = arguments_text(inspection->session->arguments, "output", NULL);
    char path[PATH_SIZE];
    if (folder == NULL || inspection->survey.damage_count > 0)
        return OK;
    if (inspection->survey.case_count == 0) {
        log_warning("there is no finished case to draw");
        return OK;
    }
    TRY(run_folder_open(inspection->session, folder,
                        dataset_get_info(inspection->dataset)->content_digest));
    TRY(path_join(path, sizeof path, folder, "figures"));
    TRY(path_make_folder(path));
    return draw(folder, inspection);
}

static enum status print_json(const struct inspection *inspection)
{
    enum status status = OK;
    struct json *root = dataset_facts_describe(inspection->dataset);
    if (root == NULL)
        return ERR_MEMORY;
    TRY_GOTO(error_bar_facts_describe(root, inspection->dataset), cleanup);
    TRY_GOTO(inspection_report_describe(root, inspection->dataset, &inspection->survey), cleanup);
    TRY_GOTO(inspection_histograms_describe(root, &inspection->histograms), cleanup);
    if (session_flag(inspection->session, "cases"))
        TRY_GOTO(describe_cases(root, inspection->dataset), cleanup);
    status = session_print_json(root);
    root = NULL;
cleanup:
    json_destroy(root);
    return status;
}

static enum status print(const struct inspection *inspection)
{
    if (session_flag(inspection->session, "json"))
        return print_json(inspection);
    dataset_facts_print(stdout, inspection->dataset);
    inspection_report_print(stdout, inspection->dataset, &inspection->survey);
    TRY(error_bar_facts_print(stdout, inspection->dataset));
    if (session_flag(inspection->session, "cases"))
        print_cases(stdout, inspection->dataset);
    return OK;
}

/* Bad digests are wrong data; what the checks find is for people to judge, unless --strict. */
static enum status judge(const struct inspection *inspection)
{
    const struct dataset_survey *survey = &inspection->survey;
    int64_t faults = data_checks_faults(&survey->findings);
    if (survey->damage_count > 1)
        return FAIL(ERR_DATA,
                    "%lld files or contents are not what the manifest says; the first: %s",
                    (long long)survey->damage_count, survey->damages[0].message);
    if (survey->damage_count > 0)
        return FAIL(ERR_DATA, "%s", survey->damages[0].message);
    if (faults == 0)
        return OK;
    if (session_flag(inspection->session, "strict"))
        return FAIL(ERR_DATA, "the data checks have %lld findings in '%s'", (long long)faults,
                    dataset_get_folder(inspection->dataset));
    log_warning("the data checks have %lld findings in '%s' (--strict makes that an error)",
                (long long)faults, dataset_get_folder(inspection->dataset));
    return OK;
}

static enum status inspect(struct session *session, const struct dataset *dataset)
{
    enum status status = OK;
    struct inspection inspection = {.session = session, .dataset = dataset};
    TRY_GOTO(survey(&inspection, DATASET_SURVEY_ALL), cleanup);
    TRY_GOTO(inspection_histograms_make(&inspection.histograms, dataset, &inspection.survey),
             cleanup);
    TRY_GOTO(print(&inspection), cleanup);
    TRY_GOTO(write_pictures(&inspection), cleanup);
    TRY_GOTO(judge(&inspection), cleanup);
cleanup:
    dataset_survey_fini(&inspection.survey);
    return status;
}

/* What the manifest says, and whether it is so. */
static enum status print_digests(const struct inspection *inspection)
{
    if (!session_flag(inspection->session, "json")) {
        dataset_facts_print(stdout, inspection->dataset);
        inspection_report_print_digests(stdout, inspection->dataset, &inspection->survey);
        if (session_flag(inspection->session, "cases"))
            print_cases(stdout, inspection->dataset);
        return OK;
    }
    struct json *root = dataset_facts_describe(inspection->dataset);
    if (root == NULL)
        return ERR_MEMORY;
    enum status status = inspection_report_describe_digests(root, &inspection->survey);
    if (status == OK && session_flag(inspection->session, "cases"))
        status = describe_cases(root, inspection->dataset);
    if (status == OK)
        return session_print_json(root);
    json_destroy(root);
    return status;
}

static enum status verify(struct session *session, const struct dataset *dataset)
{
    enum status status = OK;
    struct inspection inspection = {.session = session, .dataset = dataset};
    if (arguments_given(session->arguments, "output"))
        return FAIL(ERR_USAGE, "--verify looks at digests alone and draws nothing; leave out "
                               "--verify or --output");
    TRY_GOTO(survey(&inspection, DATASET_SURVEY_DIGESTS), cleanup);
    TRY_GOTO(print_digests(&inspection), cleanup);
    TRY_GOTO(judge(&inspection), cleanup);
cleanup:
    dataset_survey_fini(&inspection.survey);
    return status;
}

static enum status run(struct session *session)
{
    struct dataset *dataset = NULL;
    TRY(run_folder_check_input(session, arguments_at(session->arguments, 0)));
    TRY(run_folder_check(session, arguments_text(session->arguments, "output", NULL)));
    TRY(dataset_open(&dataset, arguments_at(session->arguments, 0)));
    enum status status =
        session_flag(session, "verify") ? verify(session, dataset) : inspect(session, dataset);
    dataset_close(dataset);
    return status;
}

const struct command command_inspect = {
    .name = "inspect",
    .summary = "Tells what a dataset holds, checks it and draws its cases",
    .usage = "DATASET [--output DIR]",
    .description = "Prints layout, splits, failed cases, the statistics of every field over fluid\n"
                   "cells and the error bar; verifies every digest (exit code 4 when one is bad)\n"
                   "and looks for values that are not finite, constant or repeated frames and\n"
                   "outliers, each with shard, case and frame. With --output, writes histograms,\n"
                   "a contact sheet of bodies and last frames, and the error bar over time.\n\n"
                   "  wakecast inspect data --output data-look",
    .words_low = 1,
    .words_high = 1,
    .groups = COMMAND_OUTPUT | COMMAND_JSON,
    .options = options,
    .run = run};
