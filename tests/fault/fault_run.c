/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_run.h"

#include "array.h"
#include "atomic_file.h"
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_LIMIT = 1 << 22, WORDS = 24 };

static enum status note_path(char out[PATH_SIZE], const struct fault_run *run, const char *name)
{
    return path_join(out, PATH_SIZE, run->notes, name);
}

/* A whole text; the caller frees it with array_free. */
static enum status read_note(char **out, const struct fault_run *run, const char *name)
{
    char path[PATH_SIZE];
    unsigned char *bytes = NULL;
    size_t size = 0;
    TRY(note_path(path, run, name));
    TRY(atomic_file_read(&bytes, &size, path, TEXT_LIMIT));
    *out = (char *)bytes;
    return OK;
}

/* ---- starting ---- */

static void fill_words(const char *words[WORDS], const struct fault_run *run, const char *how)
{
    int count = 0;
    words[count++] = run->program;
    for (int i = 0; run->words[i] != NULL && count < WORDS - 8; i++)
        words[count++] = run->words[i];
    words[count++] = "--output";
    words[count++] = run->output;
    words[count++] = "--threads";
    words[count++] = "1";
    if (run->extra != NULL) {
        words[count++] = "--set";
        words[count++] = run->extra;
    }
    if (how != NULL)
        words[count++] = how;
    words[count] = NULL;
}

/* In the child; returns only when it fails. */
static void become(const struct fault_run *run, const char *how, const char *action, long at)
{
    char said[PATH_SIZE], trace[PATH_SIZE], number[32];
    const char *words[WORDS];
    fill_words(words, run, how);
    snprintf(number, sizeof number, "%ld", at);
    if (note_path(said, run, "stderr") != OK || note_path(trace, run, "trace") != OK ||
        setenv("OMP_WAIT_POLICY", "passive", 1) != 0 || setenv("LC_ALL", "C", 1) != 0 ||
        setenv("FAULT_FOLDER", run->folder, 1) != 0 || setenv("FAULT_TRACE", trace, 1) != 0 ||
        (action != NULL &&
         (setenv("FAULT_ACTION", action, 1) != 0 || setenv("FAULT_AT", number, 1) != 0)) ||
        setenv("LD_PRELOAD", run->layer, 1) != 0)
        return;
    int file = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    int nowhere = open("/dev/null", O_WRONLY);
    if (file < 0 || nowhere < 0 || dup2(file, 2) < 0 || dup2(nowhere, 1) < 0)
        return;
    execv(run->program, (char *const *)words);
}

static enum status start(pid_t *out, const struct fault_run *run, const char *how,
                         const char *action, long at)
{
    char trace[PATH_SIZE];
    TRY(note_path(trace, run, "trace"));
    TRY(path_remove(trace));
    pid_t child = fork();
    if (child < 0)
        return FAIL(ERR_IO, "cannot fork: %s", strerror(errno));
    if (child == 0) {
        become(run, how, action, at);
        _exit(72);
    }
    *out = child;
    return OK;
}

/* ---- what came of it ---- */

/* The next line "NUMBER MARK KIND PATH" of a trace; 0 at its end. */
struct line {
    long number;
    char mark, kind[16], path[512];
};

static int next_line(struct line *line, const char **text)
{
    int used = 0;
    if (sscanf(*text, "%ld %c %15s %511[^\n]\n%n", &line->number, &line->mark, line->kind,
               line->path, &used) != 4)
        return 0;
    *text += used;
    return 1;
}

static enum status read_trace(struct fault_outcome *out, const struct fault_run *run)
{
    char *text = NULL;
    struct line line;
    TRY(read_note(&text, run, "trace"));
    const char *rest = text;
    while (next_line(&line, &rest)) {
        out->operations = line.number;
        if (line.mark != '!' || out->at != 0)
            continue;
        out->at = line.number;
        memcpy(out->kind, line.kind, sizeof out->kind);
        memcpy(out->path, line.path, sizeof out->path);
    }
    array_free(text);
    return OK;
}

static enum status finish(struct fault_outcome *out, const struct fault_run *run, pid_t child)
{
    int result = 0;
    char *said = NULL;
    *out = (struct fault_outcome){.code = -1};
    while (waitpid(child, &result, 0) < 0)
        if (errno != EINTR)
            return FAIL(ERR_IO, "cannot wait: %s", strerror(errno));
    if (WIFSIGNALED(result))
        out->signal = WTERMSIG(result);
    else
        out->code = WEXITSTATUS(result);
    TRY(read_note(&said, run, "stderr"));
    snprintf(out->message, sizeof out->message, "%s", said);
    array_free(said);
    return OK;
}

enum status fault_run_once(struct fault_outcome *out, const struct fault_run *run, const char *how,
                           const char *action, long at)
{
    pid_t child = 0;
    TRY(start(&child, run, how, action, at));
    TRY(finish(out, run, child));
    return read_trace(out, run);
}

enum status fault_run_kill(struct fault_outcome *out, const struct fault_run *run, const char *how,
                           double seconds)
{
    pid_t child = 0;
    const struct timespec pause = {(time_t)seconds,
                                   (long)((seconds - (double)(time_t)seconds) * 1e9)};
    TRY(start(&child, run, how, NULL, 0));
    (void)nanosleep(&pause, NULL);
    (void)kill(child, SIGKILL);
    return finish(out, run, child);
}

enum status fault_run_find(long *out, const struct fault_run *run, const char *kind,
                           const char *part)
{
    char *text = NULL;
    struct line line;
    *out = 0;
    TRY(read_note(&text, run, "trace"));
    const char *rest = text;
    while (*out == 0 && next_line(&line, &rest))
        if (strcmp(line.kind, kind) == 0 && strstr(line.path, part) != NULL)
            *out = line.number;
    array_free(text);
    return OK;
}

/* ---- the order of syncs ---- */

/* Is there an operation of `kind` on `path` in the lines up to `end` (NULL: all)? */
static int has_line(const char *text, const char *end, const char *kind, const char *path)
{
    struct line line;
    while ((end == NULL || text < end) && next_line(&line, &text))
        if (strcmp(line.kind, kind) == 0 && strcmp(line.path, path) == 0)
            return 1;
    return 0;
}

/* `at` stands behind the line of the rename to `path`: the last operation on the temporary file
 * that changed or synced it was a sync, and a sync of the folder follows. */
static enum status check_rename(const char *text, const char *at, const char *path)
{
    struct line line;
    char folder[sizeof line.path], last[sizeof line.kind] = "nothing";
    const size_t length = strlen(path);
    snprintf(folder, sizeof folder, "%.*s", (int)(path_base_name(path) - path), path);
    while (text < at && next_line(&line, &text))
        if (strncmp(line.path, path, length) == 0 && strncmp(line.path + length, ".tmp.", 5) == 0 &&
            (strcmp(line.kind, "write") == 0 || strcmp(line.kind, "fsync") == 0))
            memcpy(last, line.kind, sizeof last);
    if (strcmp(last, "fsync") != 0)
        return FAIL(ERR_DATA, "'%s' got its name after a %s instead of a sync", path, last);
    if (!has_line(at, NULL, "fsync", folder))
        return FAIL(ERR_DATA, "the folder of '%s' was not synced behind it", path);
    return OK;
}

enum status fault_run_check_order(const struct fault_run *run)
{
    enum status status = OK;
    char *text = NULL;
    struct line line;
    int seen = 0;
    TRY_GOTO(read_note(&text, run, "trace"), cleanup);
    for (const char *rest = text; next_line(&line, &rest);) {
        if (strcmp(line.kind, "rename") != 0)
            continue;
        seen++;
        TRY_GOTO(check_rename(text, rest, line.path), cleanup);
    }
    if (seen == 0)
        TRY_GOTO(FAIL(ERR_DATA, "no file got its final name"), cleanup);
cleanup:
    array_free(text);
    return status;
}
