/* SPDX-License-Identifier: Apache-2.0 */
#include "folder_lock.h"

#include "path.h"
#include "retry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HOLDER_SIZE = 320, HOST_SIZE = 256 };

struct folder_lock {
    int file;
    char path[PATH_SIZE];
};

static enum status refuse(int file, const char *path)
{
    char holder[HOLDER_SIZE] = "";
    ssize_t length = pread(file, holder, sizeof holder - 1, 0);
    holder[length > 0 ? length : 0] = '\0';
    holder[strcspn(holder, "\n")] = '\0';
    return FAIL(ERR_BUSY, "'%s' is held by %s; wait until it has ended", path,
                holder[0] != '\0' ? holder : "another writer");
}

/* 1 when the open file is still the one of that name, 0 when that was removed or replaced, -1 with
 * errno. */
static int is_current(int file, const char *path)
{
    struct stat opened;
    struct stat named;
    if (fstat(file, &opened) != 0)
        return -1;
    if (stat(path, &named) != 0)
        return errno == ENOENT ? 0 : -1;
    return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

static enum status refuse_look(const char *path)
{
    return FAIL(ERR_IO, "cannot look at '%s': %s", path, strerror(errno));
}

static enum status write_holder(int file, const char *path)
{
    char text[HOLDER_SIZE], host[HOST_SIZE] = "";
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    int length = snprintf(text, sizeof text, "process %ld on %s\n", (long)getpid(), host);
    if (retry_truncate(file, 0) != 0 || retry_write(file, text, (size_t)length) != 0)
        return FAIL(ERR_IO, "cannot write '%s' (%d bytes): %s", path, length, strerror(errno));
    return OK;
}

/* Opens and locks; *out is -1 when the file was removed meanwhile and another try is due. */
static enum status try_lock(int *out, const char *path)
{
    enum status status = OK;
    int current = 0;
    int file = retry_open(path, O_RDWR | O_CREAT);
    *out = -1;
    if (file < 0)
        return FAIL(ERR_IO, "cannot write '%s': %s", path, strerror(errno));
    if (retry_lock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            TRY_GOTO(refuse(file, path), cleanup);
        TRY_GOTO(FAIL(ERR_IO, "cannot lock '%s': %s", path, strerror(errno)), cleanup);
    }
    current = is_current(file, path);
    if (current < 0)
        TRY_GOTO(refuse_look(path), cleanup);
    if (current) {
        *out = file;
        file = -1;
    }
cleanup:
    if (file >= 0)
        (void)retry_close(file);
    return status;
}

enum status folder_lock_take(struct folder_lock **out, const char *folder)
{
    enum status status = OK;
    struct folder_lock *lock = calloc(1, sizeof *lock);
    if (lock == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    lock->file = -1;
    TRY_GOTO(path_join(lock->path, sizeof lock->path, folder, FOLDER_LOCK_FILE), cleanup);
    while (lock->file < 0)
        TRY_GOTO(try_lock(&lock->file, lock->path), cleanup);
    TRY_GOTO(write_holder(lock->file, lock->path), cleanup);
    *out = lock;
    lock = NULL;
cleanup:
    folder_lock_release(lock);
    return status;
}

enum status folder_lock_check(const struct folder_lock *lock)
{
    int current = is_current(lock->file, lock->path);
    if (current != 0)
        return current > 0 ? OK : refuse_look(lock->path);
    return FAIL(ERR_IO,
                "'%s' was removed or replaced while this process held it: somebody else "
                "works on this folder",
                lock->path);
}

void folder_lock_release(struct folder_lock *lock)
{
    if (lock == NULL)
        return;
    if (lock->file >= 0) {
        if (is_current(lock->file, lock->path) == 1) /* while still held: nobody else's file goes */
            (void)unlink(lock->path);
        (void)retry_close(lock->file);
    }
    free(lock);
}
