/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "import_sources.h"

#include "array.h"
#include "retry.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

/* ---- apart from the output ---- */

/* Cuts the last part off; 0 at the top. */
static int climb(char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        path[--length] = '\0';
    char *slash = strrchr(path, '/');
    if (strcmp(path, "/") == 0 || strcmp(path, ".") == 0)
        return 0;
    if (slash == NULL)
        memcpy(path, ".", sizeof "."); /* path is one character or more, or "" */
    else
        slash[slash == path] = '\0';
    return 1;
}

/* Is `path`, links followed, `folder` or below it? What does not exist is below nothing. */
static enum status find_within(int *out, const char *path, const struct stat *folder)
{
    char real[PATH_MAX];
    struct stat facts;
    *out = 0;
    if (realpath(path, real) == NULL) {
        if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == EACCES)
            return OK;
        return FAIL(ERR_DATA, "'%s' cannot be looked at: %s", path, strerror(errno));
    }
    do
        *out = stat(real, &facts) == 0 && facts.st_ino == folder->st_ino &&
               facts.st_dev == folder->st_dev;
    while (!*out && climb(real));
    return OK;
}

/* A source that is a link is also where the link stands. */
static enum status find_source_within(int *out, const char *path, const struct stat *output)
{
    char parent[PATH_SIZE];
    TRY(find_within(out, path, output));
    if (*out)
        return OK;
    TRY(path_join(parent, sizeof parent, path, ""));
    (void)climb(parent);
    return find_within(out, parent, output);
}

/* What there is of a path: itself, or the nearest folder above it. */
static enum status find_existing(char *out, size_t size, const char *path)
{
    struct stat facts;
    TRY(path_join(out, size, path, ""));
    while (stat(out, &facts) != 0 && climb(out))
        ;
    return OK;
}

enum status import_sources_check_apart(const char *path, const char *output)
{
    char existing[PATH_SIZE];
    struct stat facts;
    int within = 0;
    if (stat(output, &facts) == 0)
        TRY(find_source_within(&within, path, &facts));
    if (within)
        return FAIL(ERR_USAGE,
                    "the output '%s' is or holds the source '%s', which replacing it would remove: "
                    "choose another folder",
                    output, path);
    TRY(find_existing(existing, sizeof existing, output));
    if (stat(path, &facts) == 0)
        TRY(find_within(&within, existing, &facts));
    if (within)
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
