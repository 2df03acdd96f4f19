/* SPDX-License-Identifier: Apache-2.0 */
#include "run_log.h"

#include "array.h"
#include "atomic_file.h"
#include "path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOG_LIMIT = 1 << 30 }; /* bytes of a file that is cut */

struct run_log {
    FILE *file;
    char path[PATH_SIZE];
};

/* Moves the lines that stay to the front of `text`; *kept is their length. */
static enum status keep_lines(size_t *kept, char *text, size_t size, const char *path,
                              run_log_keep_fn keep, const void *context)
{
    *kept = 0;
    for (char *line = text, *end; (end = memchr(line, '\n', size - (size_t)(line - text))) != NULL;
         line = end + 1) {
        struct json *json = NULL;
        size_t length = (size_t)(end - line);
        TRY(json_read(&json, line, length, path));
        if (keep(context, json)) {
            memmove(text + *kept, line, length + 1);
            *kept += length + 1;
        }
        json_destroy(json);
    }
    return OK;
}

/* Cuts the file that is there, or begins an empty one. */
static enum status rewrite(const char *path, run_log_keep_fn keep, const void *context)
{
    enum status status = OK;
    unsigned char *text = NULL;
    size_t size = 0, kept = 0;
    if (keep != NULL && path_exists(path)) {
        TRY_GOTO(atomic_file_read(&text, &size, path, LOG_LIMIT), cleanup);
        TRY_GOTO(keep_lines(&kept, (char *)text, size, path, keep, context), cleanup);
    }
    TRY_GOTO(atomic_file_write(path, text == NULL ? (const unsigned char *)"" : text, kept),
             cleanup);
cleanup:
    array_free(text);
    return status;
}

enum status run_log_open(struct run_log **out, const char *path, run_log_keep_fn keep,
                         const void *context)
{
    enum status status = OK;
    TRY(rewrite(path, keep, context));
    struct run_log *log = calloc(1, sizeof *log);
    if (log == NULL)
        return FAIL(ERR_MEMORY, "no memory for the log %s", path);
    (void)snprintf(log->path, sizeof log->path, "%s", path);
    log->file = fopen(path, "a");
    if (log->file == NULL)
        TRY_GOTO(FAIL(ERR_IO, "%s cannot be opened for appending: %s", path, strerror(errno)),
                 cleanup);
    *out = log;
    log = NULL;
cleanup:
    run_log_close(log);
    return status;
}

void run_log_close(struct run_log *log)
{
    if (log == NULL)
        return;
    if (log->file != NULL)
        (void)fclose(log->file); /* every line was flushed when it was written */
    free(log);
}

enum status run_log_append(struct run_log *log, const struct json *line)
{
    enum status status = OK;
    char *text = NULL;
    TRY_GOTO(json_write(&text, line, JSON_FORM_COMPACT), cleanup);
    if (fputs(text, log->file) < 0 || fputc('\n', log->file) == EOF || fflush(log->file) != 0)
        TRY_GOTO(FAIL(ERR_IO, "%s cannot be written: %s", log->path, strerror(errno)), cleanup);
cleanup:
    free(text);
    return status;
}

enum status run_log_sync(struct run_log *log)
{
    if (fflush(log->file) != 0 || fsync(fileno(log->file)) != 0)
        return FAIL(ERR_IO, "%s cannot be brought to the disk: %s", log->path, strerror(errno));
    return OK;
}
