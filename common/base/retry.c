/* SPDX-License-Identifier: Apache-2.0 */
#include "retry.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

int retry_open(const char *path, int flags)
{
    return retry_open_at(AT_FDCWD, path, flags);
}

int retry_open_at(int folder, const char *name, int flags)
{
    int file;
    do
        file = openat(folder, name, flags | O_CLOEXEC, 0666);
    while (file < 0 && errno == EINTR);
    return file;
}

int retry_write(int file, const void *data, size_t size)
{
    const unsigned char *rest = data;
    while (size > 0) {
        ssize_t written = write(file, rest, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            errno = written == 0 ? EIO : errno;
            return -1;
        }
        rest += written;
        size -= (size_t)written;
    }
    return 0;
}

ssize_t retry_read(int file, void *data, size_t size)
{
    unsigned char *bytes = data;
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(file, bytes + done, size - done);
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

int retry_sync(int file)
{
    int failed;
    do
        failed = fsync(file);
    while (failed != 0 && errno == EINTR);
    return failed != 0 && errno != EINVAL && errno != ENOTSUP ? -1 : 0;
}

int retry_close(int file)
{
    return close(file) != 0 && errno != EINTR ? -1 : 0;
}

int retry_truncate(int file, off_t size)
{
    int failed;
    do
        failed = ftruncate(file, size);
    while (failed != 0 && errno == EINTR);
    return failed;
}

int retry_lock(int file, int operation)
{
    int failed;
    do
        failed = flock(file, operation);
    while (failed != 0 && errno == EINTR);
    return failed;
}
