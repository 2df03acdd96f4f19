/* SPDX-License-Identifier: Apache-2.0 */
#include "path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

static enum status make_one(const char *folder)
{
    if (mkdir(folder, 0777) == 0)
        return OK;
    int cause = errno;
    if (path_is_folder(folder))
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
            TRY(make_one(part));
    }
    return make_one(folder);
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

static int is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

int path_is_empty_folder(const char *path)
{
    DIR *stream = opendir(path);
    if (stream == NULL)
        return 0;
    int empty = 1;
    const struct dirent *entry;
    while (empty && (entry = readdir(stream)) != NULL)
        empty = is_dots(entry->d_name);
    (void)closedir(stream);
    return empty;
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
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
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
    const struct dirent *entry;
    while (failed == 0 && (entry = readdir(stream)) != NULL)
        if (!is_dots(entry->d_name))
            failed = remove_entry(descriptor, entry->d_name);
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
