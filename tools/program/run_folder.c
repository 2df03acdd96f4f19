/* SPDX-License-Identifier: Apache-2.0 */
#include "run_folder.h"

#include "array.h"
#include "atomic_file.h"
#include "build_info.h"
#include "event_file.h"
#include "folder_lock.h"
#include "json.h"
#include "log.h"
#include "path.h"
#include "ranks.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Everything that commands write below a run folder: what --force may remove. A dataset's own files
 * are the store's part; environment.json, the mark by which a folder is known as ours, is written
 * anew and never missing. */
static const char *const own_names[] = {"config.resolved.yaml",
                                        "command.txt",
                                        "log.txt",
                                        "metrics.jsonl",
                                        "metrics.csv",
                                        "timing.jsonl",
                                        "checkpoints",
                                        "figures",
                                        "report.html",
                                        "model.safetensors",
                                        "best.safetensors",
                                        "evaluation.json",
                                        "evaluation.csv",
                                        "evaluation.txt",
                                        "simulation.json",
                                        "validation.json",
                                        "validation.md",
                                        "forecast.json",
                                        "forces.csv",
                                        "probes.csv",
                                        "frames",
                                        "truth",
                                        "variants",
                                        "ablation.json",
                                        "ablation.csv",
                                        "cases.csv",
                                        "vtkhdf",
                                        "pdebench",
                                        "csv",
                                        "onnx"};

enum { OWN_NAMES = (int)(sizeof own_names / sizeof own_names[0]) };

/* What stands in a folder that exists. */
enum contents {
    BARELY_BEGUN, /* at most what a run that died before its first file leaves: a lock, halves */
    OURS,         /* its environment.json says so */
    FOREIGN
};

static enum status find_mark(int *ours, const char *folder)
{
    char path[PATH_SIZE];
    struct json *environment = NULL;
    const char *program = NULL;
    TRY(path_join(path, sizeof path, folder, "environment.json"));
    enum status status = json_read_file(&environment, path);
    *ours = status == OK && json_get_text(&program, environment, "program") == OK &&
            strcmp(program, "wakecast") == 0;
    json_destroy(environment);
    if (status == ERR_IO || status == ERR_MEMORY)
        TRY(status);
    error_clear();
    return OK;
}

static enum status find_more_than_begun(int *more, const char *folder)
{
    const char *name;
    DIR *stream = opendir(folder);
    *more = 0;
    if (stream == NULL)
        return FAIL(ERR_IO, "cannot look into '%s': %s", folder, strerror(errno));
    while (!*more && (name = path_next_name(stream)) != NULL)
        *more = strcmp(name, FOLDER_LOCK_FILE) != 0 && !atomic_file_is_temporary(name);
    int cause = *more ? 0 : errno;
    (void)closedir(stream);
    return cause == 0 ? OK : FAIL(ERR_IO, "cannot look into '%s': %s", folder, strerror(cause));
}

static enum status find_contents(enum contents *out, const char *folder)
{
    int ours = 0, more = 0;
    TRY(find_mark(&ours, folder));
    TRY(find_more_than_begun(&more, folder));
    *out = ours ? OURS : more ? FOREIGN : BARELY_BEGUN;
    return OK;
}

/* ERR_BUSY while another process writes to the folder. */
static enum status check_holder(const char *folder)
{
    char path[PATH_SIZE];
    struct folder_lock *lock = NULL;
    TRY(path_join(path, sizeof path, folder, FOLDER_LOCK_FILE));
    if (path_exists(path))
        TRY(folder_lock_take(&lock, folder));
    folder_lock_release(lock);
    return OK;
}

static enum status refuse(const struct session *session, const char *folder)
{
    const char *other = session->command->groups & COMMAND_RESUME
                            ? "--resume to go on with it, --force to replace it"
                            : "--force to replace it";
    return FAIL(ERR_USAGE, "output '%s' exists; use %s, or another folder", folder, other);
}

enum status run_folder_check_input(const struct session *session, const char *input)
{
    const char *folder = arguments_text(session->arguments, "output", NULL);
    if (folder != NULL && input != NULL && path_holds(folder, input))
        return FAIL(ERR_USAGE, "the output '%s' is or holds the input '%s': choose another folder",
                    folder, input);
    return OK;
}

enum status run_folder_check_dataset(const struct session *session, const char *folder)
{
    if (folder == NULL || !path_exists(folder))
        return OK;
    if (!path_is_folder(folder))
        return FAIL(ERR_USAGE, "output '%s' exists and is no folder", folder);
    enum contents contents;
    TRY(check_holder(folder));
    TRY(find_contents(&contents, folder));
    if (contents == BARELY_BEGUN)
        return OK;
    if (session_existing(session) == SESSION_REFUSE)
        return refuse(session, folder);
    if (contents == FOREIGN)
        return FAIL(ERR_USAGE,
                    "output '%s' holds files that wakecast did not write; choose another "
                    "folder",
                    folder);
    return OK;
}

enum status run_folder_check(const struct session *session, const char *folder)
{
    char path[PATH_SIZE];
    if (folder == NULL)
        return OK;
    TRY(path_join(path, sizeof path, folder, "manifest.json"));
    if (path_exists(path))
        return FAIL(ERR_USAGE, "output '%s' is a dataset; choose another folder", folder);
    return run_folder_check_dataset(session, folder);
}

static enum status remove_own(const char *folder)
{
    char path[PATH_SIZE];
    TRY(event_file_remove(folder));
    for (int i = 0; i < OWN_NAMES; i++) {
        TRY(path_join(path, sizeof path, folder, own_names[i]));
        TRY(path_remove(path));
    }
    return OK;
}

enum status run_folder_forget(const struct session *session, const char *folder)
{
    int ours = 0;
    if (session_existing(session) == SESSION_REPLACE)
        TRY(find_mark(&ours, folder));
    if (ours)
        TRY(remove_own(folder));
    return OK;
}

enum status run_folder_write(const char *folder, const char *name, const char *text)
{
    char path[PATH_SIZE];
    TRY(path_join(path, sizeof path, folder, name));
    TRY(atomic_file_write_text(path, text));
    return OK;
}

static enum status write_config(const struct session *session, const char *folder)
{
    char *text = NULL;
    if (session->config == NULL)
        return OK;
    TRY(config_write(&text, session->config, session->command->keys));
    enum status status = run_folder_write(folder, "config.resolved.yaml", text);
    free(text);
    TRY(status);
    return OK;
}

/* A word as a shell would need it. */
static void print_quoted(FILE *stream, const char *word)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "-_./=:,+@%";
    if (word[0] != '\0' && strspn(word, plain) == strlen(word)) {
        fputs(word, stream);
        return;
    }
    fputc('\'', stream);
    for (; *word != '\0'; word++)
        if (*word == '\'')
            fputs("'\\''", stream);
        else
            fputc(*word, stream);
    fputc('\'', stream);
}

/* One line per command that worked on this folder. */
static enum status write_command(const struct session *session, const char *folder)
{
    enum status status = OK;
    char path[PATH_SIZE];
    unsigned char *before = NULL;
    char *text = NULL;
    size_t before_size = 0, size = 0;
    TRY(path_join(path, sizeof path, folder, "command.txt"));
    if (path_exists(path))
        TRY(atomic_file_read(&before, &before_size, path, (size_t)1 << 24));
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    if (before != NULL)
        fwrite(before, 1, before_size, stream);
    fputs("wakecast", stream);
    for (int i = 1; i < session->argc; i++) {
        fputc(' ', stream);
        print_quoted(stream, session->argv[i]);
    }
    fputc('\n', stream);
    if (fclose(stream) != 0)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    TRY_GOTO(atomic_file_write(path, text, size), cleanup);
cleanup:
    free(text);
    array_free(before);
    return status;
}

static enum status write_environment(const struct session *session, const char *folder,
                                     const char *dataset_digest)
{
    enum status status = OK;
    char *text = NULL;
    struct json *root = build_info_describe();
    if (root == NULL)
        return ERR_MEMORY;
    TRY_GOTO(json_set(root, "threads", json_make_integer(session->threads)), cleanup);
    TRY_GOTO(json_set(root, "ranks", json_make_integer(ranks_count(session->ranks))), cleanup);
    TRY_GOTO(json_set(root, "device", json_make_text("cpu")), cleanup);
    if (session->config != NULL)
        TRY_GOTO(json_set(root, "seed", json_make_integer(config_integer(session->config, "seed"))),
                 cleanup);
    if (dataset_digest != NULL)
        TRY_GOTO(json_set(root, "dataset_digest", json_make_text(dataset_digest)), cleanup);
    TRY_GOTO(json_write(&text, root, JSON_FORM_INDENTED), cleanup);
    TRY_GOTO(run_folder_write(folder, "environment.json", text), cleanup);
cleanup:
    free(text);
    json_destroy(root);
    return status;
}

enum status run_folder_record(const struct session *session, const char *folder,
                              const char *dataset_digest)
{
    char path[PATH_SIZE];
    TRY(write_environment(session, folder, dataset_digest));
    TRY(write_config(session, folder));
    TRY(write_command(session, folder));
    TRY(path_join(path, sizeof path, folder, "log.txt"));
    TRY(log_open_file(path));
    return OK;
}

/* What writers that died left half-written, here and in the folders of ours. */
static enum status sweep(const char *folder)
{
    char path[PATH_SIZE];
    TRY(atomic_file_sweep(folder));
    for (int i = 0; i < OWN_NAMES; i++) {
        TRY(path_join(path, sizeof path, folder, own_names[i]));
        if (path_is_folder(path))
            TRY(atomic_file_sweep(path));
    }
    return OK;
}

enum status run_folder_claim(struct session *session, const char *folder)
{
    TRY(run_folder_check(session, folder));
    enum contents contents = BARELY_BEGUN;
    int ours = 0;
    if (path_exists(folder))
        TRY(find_contents(&contents, folder));
    TRY(path_make_folder(folder));
    TRY(folder_lock_take(&session->lock, folder));
    if (session_existing(session) == SESSION_REFUSE)
        TRY(find_mark(&ours, folder));
    if (ours)
        return refuse(session, folder); /* another run was there between the check and the lock */
    if (contents == BARELY_BEGUN)
        session->made = folder;
    TRY(sweep(folder));
    if (session_existing(session) == SESSION_REPLACE)
        TRY(remove_own(folder));
    return OK;
}

enum status run_folder_open(struct session *session, const char *folder, const char *dataset_digest)
{
    TRY(run_folder_claim(session, folder));
    TRY(run_folder_record(session, folder, dataset_digest));
    return OK;
}

/* 1 for what is no result: the record, empty files, empty folders. */
static int is_no_result(const char *folder, const char *name)
{
    static const char *const record[] = {"config.resolved.yaml", "command.txt", "log.txt",
                                         "environment.json",     ".",           ".."};
    char path[PATH_SIZE];
    struct stat facts;
    for (size_t i = 0; i < sizeof record / sizeof record[0]; i++)
        if (strcmp(name, record[i]) == 0)
            return 1;
    if (path_join(path, sizeof path, folder, name) != OK || stat(path, &facts) != 0)
        return 0;
    return S_ISDIR(facts.st_mode) ? path_is_empty_folder(path) : facts.st_size == 0;
}

void run_folder_undo(const struct session *session)
{
    const char *folder = session->made;
    DIR *listing = folder != NULL ? opendir(folder) : NULL;
    if (listing == NULL)
        return;
    int empty = 1;
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing))
        empty = empty && is_no_result(folder, entry->d_name);
    closedir(listing);
    if (empty)
        (void)path_remove(folder);
}
