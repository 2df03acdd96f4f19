/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_folder.h"

#include "atomic_file.h"
#include "folder_lock.h"
#include "path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a run folder may hold besides (design: run folders). */
static const char *const run_files[] = {"config.resolved.yaml", "command.txt",
                                        "environment.json",     "log.txt",
                                        "timing.jsonl",         "metrics.jsonl"};

enum { RUN_FILES = sizeof run_files / sizeof run_files[0], DIGITS = 5 };

/* The number of `entry` = NAME INFIX DIGITS ".h5" (five digits or more), -1 when it is none. */
static int64_t number_of(const char *entry, const char *name, const char *infix)
{
    size_t length = name != NULL ? strlen(name) : 0;
    char *end = NULL;
    if (length == 0 || strncmp(entry, name, length) != 0 ||
        strncmp(entry + length, infix, strlen(infix)) != 0)
        return -1;
    const char *digits = entry + length + strlen(infix);
    size_t count = strspn(digits, "0123456789");
    if (count < DIGITS || count > 18)
        return -1;
    int64_t number = strtoll(digits, &end, 10);
    return strcmp(end, ".h5") == 0 ? number : -1;
}

static int is_temporary(const char *entry)
{
    const char *tail = strstr(entry, ".tmp.");
    return tail != NULL && tail[5] != '\0' && strspn(tail + 5, "0123456789") == strlen(tail + 5);
}

static int is_ours(const char *entry, const char *name, const char *old_name)
{
    for (int i = 0; i < RUN_FILES; i++)
        if (strcmp(entry, run_files[i]) == 0)
            return 1;
    return strcmp(entry, MANIFEST_FILE) == 0 || strcmp(entry, FOLDER_LOCK_FILE) == 0 ||
           is_temporary(entry) || number_of(entry, name, "-") >= 0 ||
           number_of(entry, old_name, "-") >= 0;
}

static int is_starts(const char *entry, const char *name, const char *old_name)
{
    return is_temporary(entry) || number_of(entry, name, "-starts-") >= 0 ||
           number_of(entry, old_name, "-starts-") >= 0;
}

/* Walks a folder's entries; a visitor returns OK to go on. */
typedef enum status (*visit_fn)(const char *folder, const char *entry, const void *context);

static enum status walk(const char *folder, visit_fn visit, const void *context)
{
    enum status status = OK;
    const char *entry = NULL;
    DIR *stream = opendir(folder);
    if (stream == NULL)
        return errno == ENOENT ? OK
                               : FAIL(ERR_IO, "cannot look into '%s': %s", folder, strerror(errno));
    while (status == OK && (entry = path_next_name(stream)) != NULL)
        status = visit(folder, entry, context);
    if (status == OK && errno != 0)
        status = FAIL(ERR_IO, "cannot look into '%s': %s", folder, strerror(errno));
    closedir(stream);
    return status;
}

static enum status refuse_any(const char *folder, const char *entry, const void *context)
{
    (void)context;
    if (strcmp(entry, FOLDER_LOCK_FILE) == 0)
        return OK;
    return FAIL(ERR_USAGE, "the output '%s' exists; use --resume to go on or --force to replace it",
                folder);
}

enum status dataset_folder_refuse_full(const char *folder)
{
    return walk(folder, refuse_any, NULL);
}

struct names {
    const char *name, *old_name;
};

static enum status refuse_foreign_starts(const char *folder, const char *entry, const void *context)
{
    const struct names *names = context;
    if (is_starts(entry, names->name, names->old_name))
        return OK;
    return FAIL(ERR_USAGE, "'%s' holds '%s', which is not ours: choose another folder", folder,
                entry);
}

static enum status refuse_foreign(const char *folder, const char *entry, const void *context)
{
    const struct names *names = context;
    char path[PATH_SIZE];
    if (strcmp(entry, MANIFEST_STARTS_FOLDER) == 0) {
        TRY(path_join(path, sizeof path, folder, entry));
        return walk(path, refuse_foreign_starts, context);
    }
    if (is_ours(entry, names->name, names->old_name))
        return OK;
    return FAIL(ERR_USAGE, "'%s' holds '%s', which is not ours: choose another folder", folder,
                entry);
}

enum status dataset_folder_check(const char *folder, const char *name, const char *old_name)
{
    const struct names names = {name, old_name};
    return walk(folder, refuse_foreign, &names);
}

struct cleaning {
    const struct manifest *kept;
    const char *old_name;
};

static enum status remove_entry(const char *folder, const char *entry)
{
    char path[PATH_SIZE];
    TRY(path_join(path, sizeof path, folder, entry));
    return path_remove(path);
}

/* The name that a temporary file would have got; 0 when it is none. Whoever made it has not ended
 * it: the folder is locked, so it is a leftover even if a process of that number lives. */
static int name_leftover(char out[MANIFEST_PATH], const char *entry)
{
    const char *tail = strstr(entry, ".tmp.");
    if (!is_temporary(entry) || (size_t)(tail - entry) >= MANIFEST_PATH)
        return 0;
    snprintf(out, MANIFEST_PATH, "%.*s", (int)(tail - entry), entry);
    return 1;
}

static enum status clean_shard(const char *folder, const char *entry, const void *context)
{
    const struct cleaning *cleaning = context;
    char stem[MANIFEST_PATH];
    if (name_leftover(stem, entry) && is_ours(stem, cleaning->kept->name, cleaning->old_name))
        return remove_entry(folder, entry);
    int64_t number = number_of(entry, cleaning->kept->name, "-");
    if (number >= 0 && number < (int64_t)cleaning->kept->shard_count)
        return OK;
    return number >= 0 || number_of(entry, cleaning->old_name, "-") >= 0
               ? remove_entry(folder, entry)
               : OK;
}

static enum status clean_starts(const char *folder, const char *entry, const void *context)
{
    const struct cleaning *cleaning = context;
    const struct manifest *kept = cleaning->kept;
    char stem[MANIFEST_PATH];
    if (name_leftover(stem, entry) && is_starts(stem, kept->name, cleaning->old_name))
        return remove_entry(folder, entry);
    int64_t number = number_of(entry, kept->name, "-starts-");
    int64_t place = number - kept->part.first;
    if (number >= 0 && place >= 0 && place < (int64_t)kept->case_count &&
        kept->cases[place].facts.start_count > 0)
        return OK;
    return number >= 0 || number_of(entry, cleaning->old_name, "-starts-") >= 0
               ? remove_entry(folder, entry)
               : OK;
}

enum status dataset_folder_clean(const char *folder, const struct manifest *kept,
                                 const char *old_name)
{
    const struct cleaning cleaning = {kept, old_name};
    char starts[PATH_SIZE];
    TRY(path_join(starts, sizeof starts, folder, MANIFEST_STARTS_FOLDER));
    TRY(atomic_file_sweep(folder));
    TRY(atomic_file_sweep(starts));
    TRY(walk(folder, clean_shard, &cleaning));
    TRY(walk(starts, clean_starts, &cleaning));
    path_remove_empty(starts);
    return OK;
}
