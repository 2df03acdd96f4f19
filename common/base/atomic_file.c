/* SPDX-License-Identifier: Apache-2.0 */
#include "atomic_file.h"

#include "array.h"
#include "path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char marker[] = ".tmp.";

enum status atomic_file_begin(char *temporary, size_t size, const char *path)
{
    int length = snprintf(temporary, size, "%s%s%ld", path, marker, (long)getpid());
    if (length < 0 || (size_t)length >= size)
        return FAIL(ERR_IO, "the path '%.60s...' is longer than %zu bytes", path, size);
    if (path_is_folder(path))
        return FAIL(ERR_IO, "cannot write '%s': it is a folder", path);
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file < 0)
        return FAIL(ERR_IO, "cannot write '%s': %s", path, strerror(errno));
    (void)close(file);
    return OK;
}

/* fsync of what `path` names; 0 or -1 with errno. Some file systems cannot sync a folder. */
static int sync_path(const char *path, int flags)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | flags);
    if (file < 0)
        return -1;
    int failed = fsync(file);
    int cause = errno;
    (void)close(file);
    errno = cause;
    return failed != 0 && cause != EINVAL && cause != ENOTSUP ? -1 : 0;
}

static int sync_folder_of(const char *path)
{
    char folder[PATH_SIZE];
    size_t length = (size_t)(path_base_name(path) - path);
    if (length == 0)
        return sync_path(".", O_DIRECTORY);
    if (length >= sizeof folder) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(folder, path, length);
    folder[length] = '\0';
    return sync_path(folder, O_DIRECTORY);
}

enum status atomic_file_commit(const char *temporary, const char *path)
{
    if (sync_path(temporary, 0) != 0 || rename(temporary, path) != 0) {
        int cause = errno;
        atomic_file_abandon(temporary);
        return FAIL(ERR_IO, "cannot write '%s': %s", path, strerror(cause));
    }
    if (sync_folder_of(path) != 0)
        return FAIL(ERR_IO, "cannot make '%s' durable: %s", path, strerror(errno));
    return OK;
}

void atomic_file_abandon(const char *temporary)
{
    (void)unlink(temporary);
}

/* All bytes, however many calls it takes; 0 or -1 with errno. */
static int write_all(int file, const unsigned char *data, size_t size)
{
    while (size > 0) {
        ssize_t written = write(file, data, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            errno = written == 0 ? EIO : errno;
            return -1;
        }
        data += written;
        size -= (size_t)written;
    }
    return 0;
}

static int write_file(const char *temporary, const void *data, size_t size)
{
    int file = open(temporary, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        return -1;
    int failed = write_all(file, data, size);
    int cause = errno;
    if (close(file) != 0 && failed == 0) { /* network file systems report a full disk here */
        failed = -1;
        cause = errno;
    }
    errno = cause;
    return failed;
}

enum status atomic_file_write(const char *path, const void *data, size_t size)
{
    char temporary[PATH_SIZE];
    TRY(atomic_file_begin(temporary, sizeof temporary, path));
    if (write_file(temporary, data, size) != 0) {
        int cause = errno;
        atomic_file_abandon(temporary);
        return FAIL(ERR_IO, "cannot write '%s' (%zu bytes): %s", path, size, strerror(cause));
    }
    TRY(atomic_file_commit(temporary, path));
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

static int is_alive(long process)
{
    return kill((pid_t)process, 0) == 0 || errno != ESRCH;
}

enum status atomic_file_sweep(const char *folder)
{
    DIR *stream = opendir(folder);
    if (stream == NULL && errno == ENOENT)
        return OK;
    if (stream == NULL)
        return FAIL(ERR_IO, "cannot look into '%s': %s", folder, strerror(errno));
    const struct dirent *entry;
    enum status status = OK;
    while (status == OK && (entry = readdir(stream)) != NULL) {
        struct stat facts;
        long owner = owner_of(entry->d_name);
        if (owner <= 0 || is_alive(owner) ||
            fstatat(dirfd(stream), entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(facts.st_mode))
            continue;
        if (unlinkat(dirfd(stream), entry->d_name, 0) != 0 && errno != ENOENT)
            status = FAIL(ERR_IO, "cannot remove the leftover '%s/%s': %s", folder, entry->d_name,
                          strerror(errno));
    }
    (void)closedir(stream);
    return status;
}

/* Bytes read into data[0..size), fewer at the end of the file, -1 with errno. */
static ssize_t read_all(int file, unsigned char *data, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(file, data + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

static enum status check_size(size_t *out, int file, const char *path, size_t limit)
{
    struct stat facts;
    if (fstat(file, &facts) != 0)
        return FAIL(ERR_IO, "cannot read '%s': %s", path, strerror(errno));
    if (S_ISDIR(facts.st_mode))
        return FAIL(ERR_DATA, "cannot read '%s': it is a folder", path);
    if (!S_ISREG(facts.st_mode))
        return FAIL(ERR_DATA, "cannot read '%s': it is not a plain file", path);
    if ((uintmax_t)facts.st_size > limit)
        return FAIL(ERR_MEMORY, "'%s' has %jd bytes, %zu are allowed", path,
                    (intmax_t)facts.st_size, limit);
    *out = (size_t)facts.st_size;
    return OK;
}

static enum status read_open(unsigned char **out, size_t *size, int file, const char *path,
                             size_t limit)
{
    size_t wanted = 0;
    TRY(check_size(&wanted, file, path, limit));
    unsigned char *data = array_alloc(wanted + 1, 1);
    if (data == NULL)
        return ERR_MEMORY;
    ssize_t got = read_all(file, data, wanted);
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
    /* without O_NONBLOCK, opening a named pipe would wait for a writer */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR))
        return FAIL(ERR_DATA, "'%s' does not exist", path);
    if (file < 0)
        return FAIL(ERR_IO, "cannot read '%s': %s", path, strerror(errno));
    enum status status = read_open(out, size, file, path, limit);
    (void)close(file);
    return status;
}
