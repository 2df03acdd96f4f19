/* SPDX-License-Identifier: Apache-2.0 */
#include "atomic_file.h"

#include "array.h"
#include "path.h"
#include "plain_file.h"
#include "process.h"
#include "retry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char marker[] = ".tmp.";

/* Records why `path` was not written, and what it needs. */
static enum status refuse(const char *path, uintmax_t size, int cause)
{
    return FAIL(ERR_IO, "cannot write '%s' (%ju bytes): %s", path, size, strerror(cause));
}

static enum status name_temporary(char *temporary, size_t room, const char *path)
{
    int length = snprintf(temporary, room, "%s%s%ld", path, marker, (long)getpid());
    if (length < 0 || (size_t)length >= room)
        return FAIL(ERR_IO, "the path '%.60s...' is longer than %zu bytes", path, room);
    if (path_is_folder(path))
        return FAIL(ERR_IO, "cannot write '%s': it is a folder", path);
    return OK;
}

/* A new file that holds `size` bytes for good; 0 or -1 with errno. */
static int write_new(const char *temporary, const void *data, size_t size)
{
    int file = retry_open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
    if (file < 0)
        return -1;
    int failed = retry_write(file, data, size) != 0 || retry_sync(file) != 0 ? -1 : 0;
    int cause = errno;
    if (retry_close(file) != 0 && failed == 0) { /* network file systems report a full disk here */
        failed = -1;
        cause = errno;
    }
    errno = cause;
    return failed;
}

enum status atomic_file_stage(char *temporary, size_t room, const char *path, const void *data,
                              size_t size)
{
    TRY(name_temporary(temporary, room, path));
    if (write_new(temporary, data, size) == 0)
        return OK;
    int cause = errno;
    atomic_file_abandon(temporary);
    return refuse(path, size, cause);
}

enum status atomic_file_begin(char *temporary, size_t room, const char *path)
{
    return atomic_file_stage(temporary, room, path, NULL, 0);
}

/* Gives a synced file its name. */
static enum status publish(const char *temporary, const char *path, uintmax_t size)
{
    if (rename(temporary, path) != 0) {
        int cause = errno;
        atomic_file_abandon(temporary);
        return refuse(path, size, cause);
    }
    return path_sync_parent(path);
}

/* fsync of a file that others wrote, and its size; 0 or -1 with errno. */
static int sync_file(uintmax_t *size, const char *temporary)
{
    struct stat facts;
    int file = retry_open(temporary, O_RDONLY);
    if (file < 0)
        return -1;
    int failed = fstat(file, &facts);
    if (failed == 0) {
        *size = (uintmax_t)facts.st_size;
        failed = retry_sync(file);
    }
    int cause = errno;
    (void)retry_close(file);
    errno = cause;
    return failed;
}

enum status atomic_file_commit(const char *temporary, const char *path)
{
    uintmax_t size = 0;
    if (sync_file(&size, temporary) != 0) {
        int cause = errno;
        atomic_file_abandon(temporary);
        return refuse(path, size, cause);
    }
    return publish(temporary, path, size);
}

void atomic_file_abandon(const char *temporary)
{
    (void)unlink(temporary);
}

enum status atomic_file_write(const char *path, const void *data, size_t size)
{
    char temporary[PATH_SIZE];
    TRY(atomic_file_stage(temporary, sizeof temporary, path, data, size));
    TRY(publish(temporary, path, size));
    return OK;
}

enum status atomic_file_write_text(const char *path, const char *text)
{
    return atomic_file_write(path, text, strlen(text));
}

/* The process that left `name` behind, 0 when it is no temporary file of ours. */
static long owner_of(const char *name)
{
    const char *found = NULL;
    for (const char *at = strstr(name, marker); at != NULL; at = strstr(at + 1, marker))
        found = at;
    if (found == NULL || found == name)
        return 0;
    const char *digits = found + sizeof marker - 1;
    size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > 9 || digits[length] != '\0')
        return 0;
    return strtol(digits, NULL, 10);
}

int atomic_file_is_temporary(const char *name)
{
    return owner_of(name) != 0;
}

/* A process of our own number is not us: it ran in a container like ours, or before a restart. */
static int is_alive(long process)
{
    return process != (long)getpid() && process_is_alive(process);
}

static enum status sweep_one(DIR *stream, const char *folder, const char *name)
{
    struct stat facts;
    long owner = owner_of(name);
    if (owner <= 0 || is_alive(owner) ||
        fstatat(dirfd(stream), name, &facts, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(facts.st_mode))
        return OK;
    if (unlinkat(dirfd(stream), name, 0) != 0 && errno != ENOENT)
        return FAIL(ERR_IO, "cannot remove the leftover '%s/%s': %s", folder, name,
                    strerror(errno));
    return OK;
}

enum status atomic_file_sweep(const char *folder)
{
    DIR *stream = opendir(folder);
    if (stream == NULL && errno == ENOENT)
        return OK;
    if (stream == NULL)
        return FAIL(ERR_IO, "cannot look into '%s': %s", folder, strerror(errno));
    const char *name;
    enum status status = OK;
    while (status == OK && (name = path_next_name(stream)) != NULL)
        status = sweep_one(stream, folder, name);
    if (status == OK && errno != 0)
        status = FAIL(ERR_IO, "cannot look into '%s': %s", folder, strerror(errno));
    (void)closedir(stream);
    return status;
}

static enum status read_open(unsigned char **out, size_t *size, int file, const char *path)
{
    unsigned char *data = array_alloc(*size + 1, 1);
    if (data == NULL)
        return ERR_MEMORY;
    ssize_t got = retry_read(file, data, *size);
    if (got < 0) {
        int cause = errno;
        array_free(data);
        return FAIL(ERR_IO, "cannot read '%s': %s", path, strerror(cause));
    }
    data[got] = '\0';
    *out = data;
    *size = (size_t)got;
    return OK;
}

enum status atomic_file_read(unsigned char **out, size_t *size, const char *path, size_t limit)
{
    int file = -1;
    size_t held = 0;
    TRY(plain_file_open(&file, &held, path));
    enum status status =
        held > limit ? FAIL(ERR_MEMORY, "'%s' has %zu bytes, %zu are allowed", path, held, limit)
                     : read_open(out, &held, file, path);
    plain_file_close(file);
    if (status == OK)
        *size = held;
    return status;
}
