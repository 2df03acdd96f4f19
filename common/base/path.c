/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "path.h"

#include "retry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum status path_join(char *out, size_t size, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    const char *slash = length > 0 && folder[length - 1] == '/' ? "" : "/";
    int needed = snprintf(out, size, "%s%s%s", folder, slash, name);
    if (needed < 0 || (size_t)needed >= size)
        return FAIL(ERR_IO, "the path '%.60s.../%.60s' is longer than %zu bytes", folder, name,
                    size);
    return OK;
}

enum status path_sync_parent(const char *path)
{
    char folder[PATH_SIZE] = ".";
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    if (length >= sizeof folder)
        return FAIL(ERR_IO, "the path '%.60s...' is longer than %zu bytes", path, sizeof folder);
    if (length > 0) {
        memcpy(folder, path, length);
        folder[length] = '\0';
    }
    int file = retry_open(folder, O_RDONLY | O_DIRECTORY);
    if (file < 0 && errno == EACCES)
        return OK; /* may be written to and not read: nothing can be done */
    int failed = file < 0 ? -1 : retry_sync(file);
    int cause = errno;
    if (file >= 0)
        (void)retry_close(file);
    return failed == 0 ? OK : FAIL(ERR_IO, "cannot make '%s' durable: %s", path, strerror(cause));
}

enum status path_find(enum path_kind *out, const char *path)
{
    struct stat facts;
    *out = PATH_NOTHING;
    int failed = lstat(path, &facts);
    if (failed == 0) {
        *out = PATH_OTHER;
        if (S_ISLNK(facts.st_mode))
            failed = stat(path, &facts);
        if (failed == 0 && S_ISDIR(facts.st_mode))
            *out = PATH_FOLDER;
    }
    if (failed == 0 || errno == ENOENT || errno == ENOTDIR)
        return OK;
    return FAIL(ERR_IO, "cannot look at '%s': %s", path, strerror(errno));
}

enum status path_make_one(const char *folder)
{
    if (mkdir(folder, 0777) == 0)
        return path_sync_parent(folder);
    int cause = errno;
    enum path_kind found;
    TRY(path_find(&found, folder));
    if (found == PATH_FOLDER)
        return OK;
    return FAIL(ERR_IO, "cannot create the folder '%s': %s", folder,
                cause == EEXIST ? "a file of this name exists" : strerror(cause));
}

enum status path_make_folder(const char *folder)
{
    char part[PATH_SIZE];
    size_t length = strlen(folder);
    if (length == 0 || length >= sizeof part)
        return FAIL(ERR_IO, "'%.60s' is no name for a folder: %s", folder,
                    length == 0 ? "it is empty" : "it is too long");
    for (size_t i = 1; i < length; i++) {
        if (folder[i] != '/' || folder[i - 1] == '/')
            continue;
        memcpy(part, folder, i);
        part[i] = '\0';
        if (!path_is_folder(part))
            TRY(path_make_one(part));
    }
    return path_make_one(folder);
}

int path_exists(const char *path)
{
    struct stat facts;
    return lstat(path, &facts) == 0;
}

int path_is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

int path_holds(const char *folder, const char *path)
{
    char *outer = realpath(folder, NULL), *inner = realpath(path, NULL);
    size_t length = outer != NULL ? strlen(outer) : 0;
    while (length > 0 && outer[length - 1] == '/')
        length--; /* the root */
    int holds = outer != NULL && inner != NULL && strncmp(outer, inner, length) == 0 &&
                (inner[length] == '\0' || inner[length] == '/');
    free(outer);
    free(inner);
    return holds;
}

const char *path_next_name(DIR *stream)
{
    const struct dirent *entry;
    do {
        errno = 0;
        entry = readdir(stream);
    } while (entry != NULL &&
             (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    return entry != NULL ? entry->d_name : NULL;
}

int path_is_empty_folder(const char *path)
{
    DIR *stream = opendir(path);
    if (stream == NULL)
        return 0;
    int empty = path_next_name(stream) == NULL && errno == 0;
    (void)closedir(stream);
    return empty;
}

void path_remove_empty(const char *folder)
{
    (void)rmdir(folder);
}

/* Removes what stands in the open folder `descriptor`, which it closes; 0 or -1 with errno. Names
 * are looked up relative to open folders and links are not followed, so nothing outside the tree
 * can be reached. */
static int remove_contents(int descriptor);

static int remove_entry(int parent, const char *name)
{
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return -1;
    int folder = retry_open_at(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (folder < 0 || remove_contents(folder) != 0)
        return -1;
    return unlinkat(parent, name, AT_REMOVEDIR);
}

static int remove_contents(int descriptor)
{
    DIR *stream = fdopendir(descriptor);
    if (stream == NULL) {
        (void)close(descriptor);
        return -1;
    }
    int failed = 0;
    const char *name;
    while (failed == 0 && (name = path_next_name(stream)) != NULL)
        failed = remove_entry(descriptor, name);
    if (errno != 0)
        failed = -1;
    int cause = errno;
    (void)closedir(stream);
    errno = cause;
    return failed;
}

enum status path_remove(const char *path)
{
    if (remove_entry(AT_FDCWD, path) != 0)
        return FAIL(ERR_IO, "cannot remove '%s': %s", path, strerror(errno));
    return OK;
}

const char *path_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}
