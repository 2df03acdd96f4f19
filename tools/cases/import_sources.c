/* SPDX-License-Identifier: Apache-2.0 */
#include "import_sources.h"

#include "array.h"
#include "retry.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What The Well calls its folders. A test set there is drawn like the others; of our test splits
 * test-reynolds claims least. */
static const struct {
    const char *folder;
    enum split split;
} split_folders[] = {{"train", SPLIT_TRAIN},
                     {"valid", SPLIT_VALIDATION},
                     {"validation", SPLIT_VALIDATION},
                     {"test", SPLIT_TEST_REYNOLDS}};

enum { SPLIT_FOLDERS = (int)(sizeof split_folders / sizeof split_folders[0]) };

static int ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);
    return length > tail && strcmp(name + length - tail, ending) == 0;
}

static void find_split(struct import_source *source)
{
    char folder[PATH_SIZE];
    snprintf(folder, sizeof folder, "%s", source->path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        return;
    *slash = '\0';
    for (int i = 0; i < SPLIT_FOLDERS; i++)
        if (strcmp(path_base_name(folder), split_folders[i].folder) == 0) {
            source->split = split_folders[i].split;
            source->split_known = 1;
        }
}

static enum status add_file(struct import_sources *sources, const char *path)
{
    struct import_source *grown =
        array_grow(sources->items, &sources->capacity, sources->count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    sources->items = grown;
    struct import_source *source = &grown[sources->count++];
    memset(source, 0, sizeof *source);
    snprintf(source->path, sizeof source->path, "%s", path);
    find_split(source);
    return OK;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct import_source *)a)->path, ((const struct import_source *)b)->path);
}

/* The files of one folder, without those below it. */
static enum status add_folder(struct import_sources *sources, const char *folder)
{
    enum status status = OK;
    char path[PATH_SIZE];
    const size_t first = sources->count;
    DIR *listing = opendir(folder);
    if (listing == NULL)
        return FAIL(ERR_DATA, "'%s' cannot be read: %s", folder, strerror(errno));
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        if (!ends_with(entry->d_name, ".h5") && !ends_with(entry->d_name, ".hdf5"))
            continue;
        TRY_GOTO(path_join(path, sizeof path, folder, entry->d_name), cleanup);
        TRY_GOTO(add_file(sources, path), cleanup);
    }
    if (sources->count > first)
        qsort(sources->items + first, sources->count - first, sizeof *sources->items, compare);
cleanup:
    closedir(listing);
    return status;
}

static enum status check_not_ours(const char *folder)
{
    char path[PATH_SIZE];
    TRY(path_join(path, sizeof path, folder, "manifest.json"));
    if (path_exists(path))
        return FAIL(ERR_DATA, "'%s' has a manifest.json: it is a dataset already", folder);
    return OK;
}

enum status import_sources_add(struct import_sources *sources, const char *path)
{
    char below[PATH_SIZE];
    const size_t first = sources->count;
    if (!path_exists(path))
        return FAIL(ERR_DATA, "there is no file or folder '%s'", path);
    if (!path_is_folder(path))
        return add_file(sources, path);
    TRY(check_not_ours(path));
    TRY(add_folder(sources, path));
    for (int i = 0; i < SPLIT_FOLDERS; i++) {
        TRY(path_join(below, sizeof below, path, split_folders[i].folder));
        if (path_is_folder(below))
            TRY(add_folder(sources, below));
    }
    if (sources->count == first)
        return FAIL(ERR_DATA, "folder '%s' has no *.h5 or *.hdf5", path);
    return OK;
}

void import_sources_fini(struct import_sources *sources)
{
    free(sources->items);
    sources->items = NULL;
    sources->count = 0;
}

/* ---- the output ---- */

/* Cuts the last part off; 0 at the top. */
static int climb(char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        path[--length] = '\0';
    if (strcmp(path, "/") == 0 || strcmp(path, ".") == 0)
        return 0;
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        memcpy(path, ".", sizeof "."); /* joined: one character or more */
    else
        slash[slash == path] = '\0';
    return 1;
}

enum status import_sources_check_output(const char *path, const char *output)
{
    char existing[PATH_SIZE];
    struct stat facts;
    TRY(path_join(existing, sizeof existing, output, ""));
    while (stat(existing, &facts) != 0 && climb(existing))
        ;
    if (path_holds(path, existing))
        return FAIL(ERR_USAGE, "the output '%s' lies inside the source '%s': choose another folder",
                    output, path);
    return OK;
}

/* ---- digest ---- */

static enum status check_plain(const char *path, const struct stat *facts)
{
    if (S_ISREG(facts->st_mode))
        return OK;
    const char *kind = S_ISDIR(facts->st_mode)    ? "a folder"
                       : S_ISFIFO(facts->st_mode) ? "a pipe"
                       : S_ISSOCK(facts->st_mode) ? "a socket"
                                                  : "a device";
    return FAIL(ERR_DATA, "'%s' is %s and no plain file", path, kind);
}

/* Opens a plain file and nothing else: opening a pipe may wait, reading a device may never end. */
static enum status open_plain(int *out, const char *path)
{
    struct stat facts;
    int file = -1;
    if (stat(path, &facts) == 0) {
        TRY(check_plain(path, &facts));
        file = retry_open(path, O_RDONLY | O_NONBLOCK);
    }
    if (file < 0 || fstat(file, &facts) != 0) {
        int cause = errno;
        if (file >= 0)
            (void)retry_close(file);
        return FAIL(ERR_DATA, "'%s' cannot be opened: %s", path, strerror(cause));
    }
    enum status status = check_plain(path, &facts); /* it may have been replaced meanwhile */
    if (status == OK)
        *out = file;
    else
        (void)retry_close(file);
    return status;
}

static enum status digest_file(char sha256[DIGEST_SIZE], int file, const char *path,
                               const struct stop *stop)
{
    enum { PIECE = 1 << 20 };
    enum status status = OK;
    struct digest *digest = NULL;
    unsigned char *piece = NULL;
    ssize_t size;
    TRY_GOTO(ARRAY_NEW(piece, PIECE), cleanup);
    TRY_GOTO(digest_create(&digest), cleanup);
    while ((size = retry_read(file, piece, PIECE)) > 0) {
        TRY_GOTO(digest_update(digest, piece, (size_t)size), cleanup);
        if (stop_requested(stop) != STOP_NONE)
            TRY_GOTO(FAIL(ERR_STOPPED, "stopped while '%s' was read", path), cleanup);
    }
    if (size < 0)
        TRY_GOTO(FAIL(ERR_DATA, "'%s' cannot be read: %s", path, strerror(errno)), cleanup);
    TRY_GOTO(digest_finish(sha256, digest), cleanup);
cleanup:
    digest_destroy(digest);
    array_free(piece);
    return status;
}

enum status import_sources_digest(struct import_source *source, const struct stop *stop)
{
    int file;
    TRY(open_plain(&file, source->path));
    enum status status = digest_file(source->sha256, file, source->path, stop);
    (void)retry_close(file);
    return status;
}
