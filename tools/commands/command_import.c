/* SPDX-License-Identifier: Apache-2.0 */
#include "build_info.h"
#include "command.h"
#include "dataset.h"
#include "dataset_facts.h"
#include "import_run.h"
#include "log.h"
#include "run_folder.h"
#include "session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MEGABYTE 1048576.0

static const struct argument_option options[] = {
    {"name", ARGUMENT_TEXT, "NAME", 0, 0, "prefix of the shards; default: the first file's name"},
    {"split", ARGUMENT_TEXT, "NAME", 0, 0,
     "of all cases; default: by folders train, valid, test, else every fifth is validation"},
    {"reynolds", ARGUMENT_REAL, "RE", 1e-6, 1e12, "where the file says neither Re nor nu"},
    {"speed", ARGUMENT_REAL, "U", 1e-12, 1e12,
     "inflow speed in the file's units; default: the file's, else the mean of the first column"},
    {"length", ARGUMENT_REAL, "D", 1e-12, 1e12,
     "in the file's units; default: the file's, else what the bodies project across the stream"},
    {"density", ARGUMENT_REAL, "RHO", 1e-12, 1e12, "the density that stands for 1; default: 1"},
    {"interval", ARGUMENT_INTEGER, "STEPS", 1, 1 << 24,
     "canvas steps a frame; default: the file's, else so that U is at most 0.1"},
    {"memory", ARGUMENT_REAL, "MB", 1, 1e9,
     "what reading a file may take beside the file itself; default: 2048"},
    {"patience", ARGUMENT_TIME, "TIME", 1, 1e6,
     "how long a trajectory may take to read; default: 60"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static enum status read_options(struct import_run *run, enum split *split,
                                const struct session *session)
{
    const struct arguments *given = session->arguments;
    const char *name = arguments_text(given, "split", NULL);
    run->reader.program = "/proc/self/exe";
    run->reader.memory = (int64_t)(arguments_real(given, "memory", 2048) * MEGABYTE);
    run->reader.patience = arguments_real(given, "patience", 60);
    run->reader.stop = &session->stop;
    run->convert.speed = arguments_real(given, "speed", NAN);
    run->convert.length = arguments_real(given, "length", NAN);
    run->convert.reynolds = arguments_real(given, "reynolds", NAN);
    run->convert.density = arguments_real(given, "density", 1);
    run->convert.interval = arguments_integer(given, "interval", 0);
    run->name = arguments_text(given, "name", NULL);
    if (name == NULL)
        return OK;
    if (split_find(split, name) != OK)
        return error_prefix(ERR_USAGE, "option '--split'");
    run->split = split;
    return OK;
}

static enum status open_writer(struct dataset_writer **out, const struct import_run *run,
                               const char *folder, const struct session *session)
{
    char name[256], *config = NULL;
    import_run_name(name, sizeof name, run);
    TRY(import_run_describe(&config, run));
    const struct dataset_writer_options writer = {
        .folder = folder,
        .name = name,
        .config = config,
        .version = build_info_version(),
        .cases = run->cases,
        .nx = run->facts.nx,
        .ny = run->facts.ny,
        .frames = run->facts.frames,
        .frame_interval = run->convert.interval,
        .refine = run->facts.refine > 0 ? run->facts.refine : 1,
        .existing = session_existing(session) == SESSION_REPLACE ? DATASET_REPLACE : DATASET_REFUSE,
        .edge = run->facts.edge};
    enum status status = dataset_writer_create(out, &writer);
    free(config);
    return status;
}

/* ---- result ---- */

static struct json *describe_source(const struct import_source *source)
{
    struct json *object = json_make_object();
    if (object == NULL)
        return NULL;
    if (json_set(object, "source", json_make_text(source->path)) == OK &&
        json_set(object, "sha256", json_make_text(source->sha256)) == OK &&
        json_set(object, "trajectories", json_make_integer(source->trajectories)) == OK &&
        (source->reason[0] == '\0' ||
         json_set(object, "refused", json_make_text(source->reason)) == OK))
        return object;
    json_destroy(object);
    return NULL;
}

static enum status print_json(const struct dataset *dataset, const struct import_run *run)
{
    enum status status = OK;
    struct json *root = dataset_facts_describe(dataset), *list = json_make_array();
    if (root == NULL || list == NULL)
        TRY_GOTO(ERR_MEMORY, cleanup);
    for (size_t i = 0; i < run->sources.count; i++)
        TRY_GOTO(json_append(list, describe_source(&run->sources.items[i])), cleanup);
    status = json_set(root, "sources", list);
    list = NULL;
    TRY_GOTO(status, cleanup);
    status = session_print_json(root);
    root = NULL;
cleanup:
    json_destroy(root);
    json_destroy(list);
    return status;
}

/* ERR_DATA where not everything could be imported. */
static enum status report(const struct import_run *run, const char *folder,
                          const struct session *session)
{
    enum status status = OK;
    struct dataset *dataset = NULL;
    TRY(dataset_open(&dataset, folder));
    const struct dataset_info *info = dataset_get_info(dataset);
    if (session_flag(session, "json"))
        TRY_GOTO(print_json(dataset, run), cleanup);
    else
        dataset_facts_print(stdout, dataset);
    if (run->refused > 0 || info->failed > 0)
        TRY_GOTO(FAIL(ERR_DATA,
                      "%lld of %zu files were refused and %lld of %lld cases failed (named above); "
                      "the others are imported",
                      (long long)run->refused, run->sources.count, (long long)info->failed,
                      (long long)info->cases),
                 cleanup);
cleanup:
    dataset_close(dataset);
    return status;
}

/* ---- the command ---- */

static enum status write_dataset(struct import_run *run, const char *folder,
                                 const struct session *session)
{
    enum status status = OK;
    struct dataset_writer *writer = NULL;
    TRY_GOTO(open_writer(&writer, run, folder, session), cleanup);
    TRY_GOTO(run_folder_forget(session, folder), cleanup);
    TRY_GOTO(run_folder_record(session, folder, NULL), cleanup);
    status = import_run_write(run, writer);
    if (status == ERR_STOPPED)
        TRY_GOTO(
            FAIL(ERR_STOPPED, "stopped; '%s' is incomplete: import again with --force", folder),
            cleanup);
    TRY_GOTO(status, cleanup);
    TRY_GOTO(dataset_writer_finish(writer, NULL), cleanup);
cleanup:
    dataset_writer_destroy(writer);
    return status;
}

/* The files to read; where they are links, none may lead to what --force would remove. */
static enum status find_sources(struct import_sources *sources, const char *folder,
                                const struct session *session)
{
    for (int64_t i = 0; i < arguments_count(session->arguments); i++) {
        const char *path = arguments_at(session->arguments, i);
        TRY(import_sources_add(sources, path));
        TRY(import_sources_check_output(path, folder));
    }
    for (size_t i = 0; i < sources->count; i++)
        TRY(run_folder_check_input(session, sources->items[i].path));
    return OK;
}

static enum status import_files(struct import_run *run, const char *folder,
                                const struct session *session)
{
    TRY(find_sources(&run->sources, folder, session));
    TRY(import_run_look(run));
    log_info("%lld trajectories of %lld frames of %lld x %lld cells, %lld canvas steps a frame",
             (long long)run->cases, (long long)run->facts.frames, (long long)run->facts.nx,
             (long long)run->facts.ny, (long long)run->convert.interval);
    TRY(write_dataset(run, folder, session));
    return report(run, folder, session);
}

static enum status run(struct session *session)
{
    struct import_run import = {.name = NULL};
    enum split split;
    const char *folder;
    TRY(session_output(&folder, session));
    TRY(read_options(&import, &split, session));
    for (int64_t i = 0; i < arguments_count(session->arguments); i++)
        TRY(run_folder_check_input(session, arguments_at(session->arguments, i)));
    TRY(run_folder_check_dataset(session, folder));
    enum status status = import_files(&import, folder, session);
    import_sources_fini(&import.sources);
    return status;
}

const struct command command_import = {
    .name = "import",
    .summary = "Makes a dataset of other people's files in The Well's layout",
    .usage = "FILE_OR_FOLDER... --output DIR",
    .description =
        "Reads HDF5 files in The Well's layout (two Cartesian dimensions, density and velocity;\n"
        "sdf or mask where there are bodies) that this program did not write, and writes their\n"
        "trajectories as a dataset in canvas lattice units. Each file is checked first and read\n"
        "in a process of its own with limited memory and time, so that a damaged one does no\n"
        "harm. A refused file is told, the others are imported, and the exit code is 4.\n\n"
        "  wakecast import their-data/ --reynolds 100 --output data",
    .words_low = 1,
    .words_high = -1,
    .groups = COMMAND_OUTPUT | COMMAND_JSON,
    .options = options,
    .run = run};
