/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "case_book.h"
#include "command.h"
#include "dataset.h"
#include "export_format.h"
#include "export_job.h"
#include "export_model.h"
#include "number_text.h"
#include "path.h"
#include "run_folder.h"
#include "session.h"

#include <stdio.h>
#include <string.h>

static const struct argument_option options[] = {
    {"format", ARGUMENT_TEXT, "NAME", 0, 0,
     "of a dataset: vtkhdf (ParaView), pdebench (arrays) or csv (forces); of a model: onnx"},
    {"cases", ARGUMENT_TEXT, "LIST", 0, 0, "these cases: 0,3,7-9; default: all"},
    {"split", ARGUMENT_TEXT, "NAME", 0, 0, "the cases of this split: train, test-body ..."},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

/* ---- which cases ---- */

enum { WORD_SIZE = 64 };

static enum status want_range(unsigned char *wanted, const struct dataset *dataset,
                              const char *word)
{
    char text[WORD_SIZE];
    int64_t first, last;
    snprintf(text, sizeof text, "%s", word);
    char *dash = text[0] != '\0' ? strchr(text + 1, '-') : NULL;
    if (dash != NULL)
        *dash = '\0';
    int good = number_text_integer(&first, text);
    last = first;
    if (good && dash != NULL)
        good = number_text_integer(&last, dash + 1);
    if (!good || first < 0 || last < first)
        return FAIL(ERR_USAGE, "option '--cases' is a list such as 0,3,7-9; '%s' is no part of one",
                    word);
    const struct dataset_info *info = dataset_get_info(dataset);
    const int64_t low = info->part.first, high = low + info->cases - 1;
    if (first < low || last > high)
        return FAIL(ERR_DATA, "dataset '%s' has no case %lld; it has %lld .. %lld",
                    dataset_get_folder(dataset), (long long)(first < low ? first : last),
                    (long long)low, (long long)high);
    memset(wanted + first - low, 1, (size_t)(last - first + 1));
    return OK;
}

static enum status want_list(unsigned char *wanted, const struct dataset *dataset, const char *list)
{
    char word[WORD_SIZE];
    for (const char *at = list; at != NULL;) {
        size_t length = strcspn(at, ",");
        snprintf(word, sizeof word, "%.*s", length < sizeof word ? (int)length : WORD_SIZE - 1, at);
        TRY(want_range(wanted, dataset, word));
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return OK;
}

static enum status want_split(unsigned char *wanted, const struct dataset *dataset,
                              const char *name)
{
    enum split split;
    int64_t *numbers = NULL, count = 0;
    if (split_find(&split, name) != OK)
        return error_prefix(ERR_USAGE, "option '--split'");
    TRY(case_book_list(&numbers, &count, dataset, split));
    for (int64_t i = 0; i < count; i++)
        wanted[numbers[i] - dataset_get_info(dataset)->part.first] = 1;
    array_free(numbers);
    return OK;
}

/* *out stays NULL when all are wanted. */
static enum status choose_cases(unsigned char **out, const struct session *session,
                                const struct dataset *dataset)
{
    const char *list = arguments_text(session->arguments, "cases", NULL);
    const char *split = arguments_text(session->arguments, "split", NULL);
    if (list == NULL && split == NULL)
        return OK;
    if (list != NULL && split != NULL)
        return FAIL(ERR_USAGE, "--cases and --split exclude each other");
    TRY(ARRAY_NEW(*out, dataset_get_info(dataset)->cases + 1));
    return list != NULL ? want_list(*out, dataset, list) : want_split(*out, dataset, split);
}

/* ---- result ---- */

static enum status print_json(const struct export_options *job, const struct export_totals *totals,
                              int64_t failed)
{
    enum status status = OK;
    struct json *root = json_make_object();
    const struct {
        const char *key;
        int64_t value;
    } numbers[] = {{"cases", totals->cases},
                   {"failed", failed},
                   {"files", totals->files},
                   {"bytes", totals->bytes}};
    if (root == NULL)
        return ERR_MEMORY;
    TRY_GOTO(json_set(root, "format", json_make_text(job->format->name)), cleanup);
    TRY_GOTO(json_set(root, "folder", json_make_text(job->folder)), cleanup);
    TRY_GOTO(json_set(root, "content_digest",
                      json_make_text(dataset_get_info(job->dataset)->content_digest)),
             cleanup);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        TRY_GOTO(json_set(root, numbers[i].key, json_make_integer(numbers[i].value)), cleanup);
    status = session_print_json(root);
    root = NULL;
cleanup:
    json_destroy(root);
    return status;
}

static enum status report(const struct session *session, const struct export_options *job,
                          const struct export_totals *totals)
{
    char bytes[32], cases[32], files[32];
    int64_t failed = job->wanted == NULL ? dataset_get_info(job->dataset)->failed : 0;
    if (session_flag(session, "json"))
        return print_json(job, totals, failed);
    number_text_write_bytes(bytes, sizeof bytes, (double)totals->bytes);
    number_text_write_count(cases, sizeof cases, totals->cases, "case");
    number_text_write_count(files, sizeof files, totals->files, "file");
    printf("wrote %s as %s (%s) to %s/%s\n", cases, files, bytes, job->folder, job->format->name);
    number_text_write_count(cases, sizeof cases, failed, "case");
    if (failed > 0)
        printf("left out: %s that failed when the dataset was made\n", cases);
    return OK;
}

/* ---- the command ---- */

static enum status export_dataset(struct session *session, struct export_options *job)
{
    enum status status = OK;
    unsigned char *wanted = NULL;
    struct export_totals totals;
    TRY_GOTO(choose_cases(&wanted, session, job->dataset), cleanup);
    TRY_GOTO(run_folder_open(session, job->folder, dataset_get_info(job->dataset)->content_digest),
             cleanup);
    job->wanted = wanted;
    TRY_GOTO(export_job_run(&totals, job), cleanup);
    TRY_GOTO(report(session, job, &totals), cleanup);
cleanup:
    array_free(wanted);
    return status;
}

/* A model is a file, a dataset a folder. */
static int is_model(const char *path)
{
    return path_exists(path) && !path_is_folder(path);
}

static enum status run(struct session *session)
{
    struct export_options job = {.stop = &session->stop};
    struct dataset *dataset = NULL;
    const char *name = arguments_text(session->arguments, "format", NULL);
    const char *input = arguments_at(session->arguments, 0);
    if (is_model(input))
        return export_model_run(session, input);
    TRY(session_output(&job.folder, session));
    if (name == NULL)
        return FAIL(ERR_USAGE, "option '--format' is missing: vtkhdf, pdebench or csv");
    if (strcmp(name, "onnx") == 0 && path_exists(input))
        return FAIL(ERR_USAGE, "onnx is for models; '%s' is no file", input);
    TRY(export_format_find(&job.format, name));
    TRY(run_folder_check_input(session, input));
    TRY(run_folder_check(session, job.folder));
    TRY(dataset_open(&dataset, input));
    job.dataset = dataset;
    enum status status = export_dataset(session, &job);
    dataset_close(dataset);
    return status;
}

const struct command command_export = {
    .name = "export",
    .summary = "Writes a dataset or a model in other people's formats",
    .usage = "DATASET|MODEL --format vtkhdf|pdebench|csv|onnx --output DIR",
    .description =
        "vtkhdf: density, velocity, vorticity and sdf of one case a file, for ParaView and VTK.\n"
        "pdebench: arrays of density, pressure and velocity, one file a shard. csv: the forces of\n"
        "every solver step. Beside the files stands cases.csv with the facts of every case.\n"
        "(The dataset itself is HDF5 that h5py, xarray and The Well's reader open as it is.)\n\n"
        "onnx: a model that takes frames, signed distance and inflow speed and gives the frames\n"
        "that follow, in DIR/onnx.\n\n"
        "  wakecast export data --format vtkhdf --cases 0,4 --output data-vtk\n"
        "  wakecast export run/model.safetensors --format onnx --output run-onnx",
    .words_low = 1,
    .words_high = 1,
    .groups = COMMAND_OUTPUT | COMMAND_JSON,
    .options = options,
    .run = run};
