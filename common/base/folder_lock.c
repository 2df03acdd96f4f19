/* SPDX-License-Identifier: Apache-2.0 */
#include "folder_lock.h"

#include "path.h"

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

/* Is the open file still the one of that name? Its last holder may have removed it since. */
static int is_current(int file, const char *path)
{
    struct stat opened;
    struct stat named;
    return fstat(file, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

static enum status write_holder(int file, const char *path)
{
    char text[HOLDER_SIZE], host[HOST_SIZE] = "";
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    int length = snprintf(text, sizeof text, "process %ld on %s\n", (long)getpid(), host);
    if (ftruncate(file, 0) != 0 || pwrite(file, text, (size_t)length, 0) != length)
        return FAIL(ERR_IO, "cannot write '%s': %s", path, strerror(errno));
    return OK;
}

/* Opens and locks; *out is -1 when the file was removed meanwhile and another try is due. */
static enum status try_lock(int *out, const char *path)
{
    enum status status = OK;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    *out = -1;
    if (file < 0)
        return FAIL(ERR_IO, "cannot write '%s': %s", path, strerror(errno));
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            TRY_GOTO(refuse(file, path), cleanup);
        TRY_GOTO(FAIL(ERR_IO, "cannot lock '%s': %s", path, strerror(errno)), cleanup);
    }
    if (is_current(file, path)) {
        *out = file;
        file = -1;
    }
cleanup:
    if (file >= 0)
        close(file);
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

void folder_lock_release(struct folder_lock *lock)
{
    if (lock == NULL)
        return;
    if (lock->file >= 0) {
        unlink(lock->path); /* while still held: nobody else's file goes */
        close(lock->file);
    }
    free(lock);
}
