/* SPDX-License-Identifier: Apache-2.0 */
#include "folder_lock.h"

#include "path.h"
#include "process.h"
#include "retry.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct folder_lock {
    int file;
    char path[PATH_SIZE];
};

/* ---- holders ---- */

/* What stands in a line of the file is one line. */
static void flatten(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ')
            text[i] = ' ';
    while (length > 0 && text[length - 1] == ' ')
        text[--length] = '\0';
}

void folder_lock_describe(struct folder_lock_holder *out)
{
    struct tm parts;
    time_t now = time(NULL);
    *out = (struct folder_lock_holder){.process = (int64_t)getpid()};
    out->start = process_start(out->process);
    if (gethostname(out->host, sizeof out->host - 1) != 0)
        out->host[0] = '\0';
    if (gmtime_r(&now, &parts) != NULL)
        (void)strftime(out->since, sizeof out->since, "%Y-%m-%d %H:%M:%S UTC", &parts);
    flatten(out->command, process_read(out->command, sizeof out->command, out->process, "cmdline"));
}

void folder_lock_print(char out[FOLDER_LOCK_TEXT], const struct folder_lock_holder *holder)
{
    snprintf(out, FOLDER_LOCK_TEXT,
             "process %" PRId64 "\nhost %s\nsince %s\ncommand %s\nstart %" PRId64 "\n",
             holder->process, holder->host, holder->since, holder->command, holder->start);
}

/* What follows "key " at the beginning of a line; "" when there is no such line. */
static void copy_line(char *out, size_t size, const char *text, const char *key)
{
    size_t length = strlen(key);
    out[0] = '\0';
    for (const char *line = text; line != NULL && *line != '\0';) {
        const char *end = line + strcspn(line, "\n");
        if (strncmp(line, key, length) == 0 && line[length] == ' ') {
            size_t taken = (size_t)(end - line) - length - 1;
            snprintf(out, size, "%.*s", (int)taken, line + length + 1);
            return;
        }
        line = *end == '\n' ? end + 1 : NULL;
    }
}

void folder_lock_parse(struct folder_lock_holder *out, const char *text)
{
    char number[32];
    size_t length = strlen(text);
    const char *last = strstr(text, "\nstart ");
    *out = (struct folder_lock_holder){.process = 0};
    if (last == NULL || text[length - 1] != '\n')
        return; /* its writer did not come to the end */
    copy_line(number, sizeof number, text, "process");
    out->process = (int64_t)strtoll(number, NULL, 10);
    copy_line(number, sizeof number, text, "start");
    out->start = (int64_t)strtoll(number, NULL, 10);
    copy_line(out->host, sizeof out->host, text, "host");
    copy_line(out->since, sizeof out->since, text, "since");
    copy_line(out->command, sizeof out->command, text, "command");
    if (out->process < 0)
        out->process = 0;
}

static void read_holder(struct folder_lock_holder *out, int file)
{
    char text[FOLDER_LOCK_TEXT];
    ssize_t length = pread(file, text, sizeof text - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    folder_lock_parse(out, text);
}

/* Lives on this machine, and is not another process that got the same number? */
static int is_alive(const struct folder_lock_holder *holder)
{
    if (!process_is_alive(holder->process))
        return 0;
    int64_t start = process_start(holder->process);
    return start == 0 || holder->start == 0 || start == holder->start;
}

/* ---- the lock ---- */

static enum status refuse(const struct folder_lock_holder *holder, const char *path,
                          const char *advice)
{
    if (holder->process == 0)
        return FAIL(ERR_BUSY, "'%s' is held by another writer; wait until it has ended", path);
    return FAIL(ERR_BUSY, "'%s' is held by process %" PRId64 " on %s since %s (%s); %s", path,
                holder->process, holder->host, holder->since, holder->command, advice);
}

/* The kernel has no holder, or cannot say: does the file name one? */
static enum status check_named(int file, const char *path)
{
    struct folder_lock_holder own, holder;
    folder_lock_describe(&own);
    read_holder(&holder, file);
    if (holder.process == 0)
        return OK;
    if (strcmp(holder.host, own.host) != 0)
        return refuse(&holder, path,
                      "whether it still runs cannot be seen from here: if it does not, remove that "
                      "file to force it");
    if (holder.process == own.process && holder.start == own.start)
        return OK; /* left by this process itself */
    if (is_alive(&holder))
        return refuse(&holder, path, "wait until it has ended");
    return OK;
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
    struct folder_lock_holder own;
    char text[FOLDER_LOCK_TEXT];
    folder_lock_describe(&own);
    folder_lock_print(text, &own);
    if (retry_truncate(file, 0) != 0 || retry_write(file, text, strlen(text)) != 0)
        return FAIL(ERR_IO, "cannot write '%s' (%zu bytes): %s", path, strlen(text),
                    strerror(errno));
    return OK;
}

static int has_no_locks(int cause)
{
    return cause == ENOSYS || cause == EOPNOTSUPP || cause == ENOLCK;
}

/* The kernel's lock, as far as this file system has one. */
static enum status lock_file(int file, const char *path)
{
    struct folder_lock_holder holder;
    if (retry_lock(file, LOCK_EX | LOCK_NB) == 0 || has_no_locks(errno))
        return OK;
    if (errno != EWOULDBLOCK)
        return FAIL(ERR_IO, "cannot lock '%s': %s", path, strerror(errno));
    read_holder(&holder, file);
    return refuse(&holder, path, "wait until it has ended");
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
    TRY_GOTO(lock_file(file, path), cleanup);
    current = is_current(file, path);
    if (current < 0)
        TRY_GOTO(refuse_look(path), cleanup);
    if (current) {
        TRY_GOTO(check_named(file, path), cleanup);
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
