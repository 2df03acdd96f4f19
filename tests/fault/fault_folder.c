/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_folder.h"

#include "array.h"
#include "atomic_file.h"
#include "dataset.h"
#include "path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIZE_LIMIT = 1 << 26 };

/* Visits the files of `folder` and of the folders in it; `name` is relative to the first. */
typedef enum status (*visit_fn)(const char *path, const char *name, void *context);

static enum status visit_entry(const char *root, const char *name, visit_fn visit, void *context);

static enum status walk(const char *root, const char *below, visit_fn visit, void *context)
{
    enum status status = OK;
    char path[PATH_SIZE], name[PATH_SIZE];
    const struct dirent *entry;
    TRY(path_join(path, sizeof path, root, below));
    DIR *stream = opendir(path);
    if (stream == NULL)
        return errno == ENOENT ? OK : FAIL(ERR_IO, "cannot list '%s': %s", path, strerror(errno));
    while (status == OK && (entry = readdir(stream)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(name, sizeof name, "%.1000s%s%.256s", below, below[0] != '\0' ? "/" : "",
                 entry->d_name);
        status = visit_entry(root, name, visit, context);
    }
    (void)closedir(stream);
    return status;
}

static enum status visit_entry(const char *root, const char *name, visit_fn visit, void *context)
{
    char path[PATH_SIZE];
    TRY(path_join(path, sizeof path, root, name));
    return path_is_folder(path) ? walk(root, name, visit, context) : visit(path, name, context);
}

/* ---- copying ---- */

static enum status write_bytes(const char *path, const unsigned char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return FAIL(ERR_IO, "cannot write '%s': %s", path, strerror(errno));
    size_t written = fwrite(bytes, 1, size, file);
    if (fclose(file) != 0 || written != size)
        return FAIL(ERR_IO, "cannot write '%s': %s", path, strerror(errno));
    return OK;
}

static enum status copy_file(const char *path, const char *name, void *context)
{
    const char *root = context;
    char target[PATH_SIZE], folder[PATH_SIZE];
    unsigned char *bytes = NULL;
    size_t size = 0;
    TRY(path_join(target, sizeof target, root, name));
    snprintf(folder, sizeof folder, "%.*s", (int)(path_base_name(target) - target - 1), target);
    TRY(path_make_folder(folder));
    TRY(atomic_file_read(&bytes, &size, path, SIZE_LIMIT));
    enum status status = write_bytes(target, bytes, size);
    array_free(bytes);
    return status;
}

enum status fault_folder_copy(const char *target, const char *source)
{
    char root[PATH_SIZE];
    TRY(path_remove(target));
    if (source == NULL)
        return OK;
    snprintf(root, sizeof root, "%s", target);
    return walk(source, "", copy_file, root);
}

/* ---- comparing ---- */

/* 1 when both are there with the same bytes. */
static int same_bytes(const char *one, const char *two)
{
    unsigned char *first = NULL, *second = NULL;
    size_t first_size = 0, second_size = 0;
    int same = atomic_file_read(&first, &first_size, one, SIZE_LIMIT) == OK &&
               atomic_file_read(&second, &second_size, two, SIZE_LIMIT) == OK &&
               first_size == second_size && memcmp(first, second, first_size) == 0;
    array_free(first);
    array_free(second);
    return same;
}

static int ends_with(const char *name, const char *tail)
{
    size_t length = strlen(name);
    return length >= strlen(tail) && strcmp(name + length - strlen(tail), tail) == 0;
}

static int is_rest(const char *name)
{
    return strstr(name, ".tmp.") != NULL || strcmp(name, "writer.lock") == 0;
}

/* What is the same whenever and wherever it is made; logs and times are not. */
static int is_content(const char *name)
{
    static const char *const names[] = {"manifest.json", "metrics.jsonl", "metrics.csv",
                                        "config.resolved.yaml"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return 1;
    return ends_with(name, ".h5") || ends_with(name, ".safetensors");
}

static enum status compare_file(const char *path, const char *name, void *context)
{
    const char *whole = context;
    char other[PATH_SIZE];
    if (is_rest(name))
        return OK;
    TRY(path_join(other, sizeof other, whole, name));
    if (!path_exists(other))
        return FAIL(ERR_DATA, "'%s' is not in '%s'", path, whole);
    if (is_content(name) && !same_bytes(path, other))
        return FAIL(ERR_DATA, "'%s' and '%s' differ", path, other);
    return OK;
}

enum status fault_folder_compare(const char *folder, const char *whole)
{
    char one[PATH_SIZE], two[PATH_SIZE];
    snprintf(one, sizeof one, "%s", folder);
    snprintf(two, sizeof two, "%s", whole);
    TRY(walk(folder, "", compare_file, two));
    return walk(whole, "", compare_file, one);
}

/* ---- judging ---- */

static enum status refuse_rests(const char *path, const char *name, void *context)
{
    (void)context;
    if (is_rest(name))
        return FAIL(ERR_DATA, "'%s' was left behind", path);
    return OK;
}

enum status fault_folder_check_tidy(const char *folder)
{
    return walk(folder, "", refuse_rests, NULL);
}

struct judgement {
    const struct dataset *dataset; /* NULL: no manifest */
    const char *whole, *before;
};

static int is_listed(const struct dataset *dataset, const char *name)
{
    const char *digits = name + strlen(name) - strlen("00000.h5");
    int64_t number = strtoll(digits, NULL, 10);
    if (dataset == NULL)
        return 0;
    const struct dataset_info *info = dataset_get_info(dataset);
    if (strncmp(name, "starts/", 7) == 0)
        return number < info->cases && dataset_get_case(dataset, number)->start_count > 0;
    return number < info->shards;
}

static enum status judge_file(const char *path, const char *name, void *context)
{
    const struct judgement *judgement = context;
    char whole[PATH_SIZE], before[PATH_SIZE];
    if (!ends_with(name, ".h5") || is_listed(judgement->dataset, name))
        return OK;
    TRY(path_join(whole, sizeof whole, judgement->whole, name));
    if (same_bytes(path, whole))
        return OK;
    if (judgement->before != NULL) {
        TRY(path_join(before, sizeof before, judgement->before, name));
        if (same_bytes(path, before))
            return OK;
    }
    return FAIL(ERR_DATA, "'%s' has its final name and is not whole", path);
}

enum status fault_folder_check(int64_t *cases, const char *folder, const char *whole,
                               const char *before)
{
    enum status status = OK;
    char manifest[PATH_SIZE];
    struct dataset *dataset = NULL;
    *cases = 0;
    TRY_GOTO(path_join(manifest, sizeof manifest, folder, "manifest.json"), cleanup);
    if (path_exists(manifest)) {
        TRY_GOTO(dataset_open(&dataset, folder), cleanup);
        TRY_GOTO(dataset_verify(dataset), cleanup);
        *cases = dataset_get_info(dataset)->cases;
    }
    struct judgement judgement = {dataset, whole, before};
    TRY_GOTO(walk(folder, "", judge_file, &judgement), cleanup);
cleanup:
    dataset_close(dataset);
    return status;
}
