/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign_reader.h"

#include "foreign_wire.h"
#include "foreign_worker.h"
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define MEGABYTE 1048576.0

enum { PAUSES = 1000, PAUSE_NANOSECONDS = 1000000 };

enum { CELLS_LIMIT = 1 << 16, FRAMES_LIMIT = 1 << 24, INTERVAL_LIMIT = 1 << 24, REFINE_LIMIT = 64 };

struct foreign_reader {
    struct foreign_facts facts;
    struct foreign_wire wire;
    double memory;
    int64_t next; /* trajectory */
    pid_t process;
    char path[PATH_SIZE];
};

/* ---- the process ---- */

static enum status start(struct foreign_reader *reader,
                         const struct foreign_reader_options *options, int output)
{
    char memory[32], seconds[32];
    char *const words[] = {
        (char *)options->program, (char *)FOREIGN_WORKER_WORD, memory, seconds, reader->path, NULL};
    posix_spawn_file_actions_t actions;
    snprintf(memory, sizeof memory, "%lld", (long long)options->memory);
    snprintf(seconds, sizeof seconds, "%lld", (long long)ceil(options->patience));
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0)
        return FAIL(ERR_MEMORY, "out of memory");
    error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&actions, output, 1);
    if (error == 0)
        error = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (error == 0)
        error = posix_spawn(&reader->process, options->program, &actions, NULL, words, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        reader->process = 0;
        return FAIL(ERR_INTERNAL, "the process that reads it cannot be started: %s",
                    strerror(error));
    }
    return OK;
}

/* Did the process end by itself, within a second? */
static int ended_by_itself(struct foreign_reader *reader, int *how)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NANOSECONDS};
    for (int i = 0; i < PAUSES; i++) {
        if (waitpid(reader->process, how, WNOHANG) == reader->process)
            return 1;
        (void)nanosleep(&pause, NULL);
    }
    return 0;
}

/* Ends the process; how it ended, 0 where that was our doing. */
static int finish(struct foreign_reader *reader, enum foreign_wire_outcome outcome)
{
    int how = 0;
    if (reader->process <= 0)
        return 0;
    if (outcome != FOREIGN_WIRE_ENDED || !ended_by_itself(reader, &how)) {
        (void)kill(reader->process, SIGKILL);
        while (waitpid(reader->process, &how, 0) < 0 && errno == EINTR)
            ;
        how = 0;
    }
    reader->process = 0;
    return how;
}

/* ---- failures ---- */

/* Nothing that a file says reaches a terminal as anything but plain words. */
static void make_plain(char *text, size_t size)
{
    text[size - 1] = '\0';
    for (size_t i = 0; text[i] != '\0'; i++)
        if (text[i] < 0x20 || text[i] > 0x7e)
            text[i] = '?';
}

static enum status refuse_nonsense(void)
{
    return FAIL(ERR_DATA, "the process that read it gave no sense");
}

/* The message that was due did not come. */
static enum status explain(struct foreign_reader *reader, enum foreign_wire_outcome outcome)
{
    int how = finish(reader, outcome);
    if (outcome == FOREIGN_WIRE_NONSENSE)
        return refuse_nonsense();
    /* a signal from the keyboard reaches both processes */
    if (outcome == FOREIGN_WIRE_STOPPED || stop_requested(reader->wire.stop) != STOP_NONE)
        return FAIL(ERR_STOPPED, "stopped while it was read");
    if (outcome == FOREIGN_WIRE_SILENT || (WIFSIGNALED(how) && WTERMSIG(how) == SIGXCPU))
        return FAIL(ERR_DATA,
                    "reading it took more than %g s and was ended: it is damaged, or "
                    "needs more with --patience",
                    reader->wire.patience);
    if (WIFSIGNALED(how))
        return FAIL(ERR_DATA,
                    "the process that read it crashed (signal %d): it is damaged or made "
                    "to do harm",
                    WTERMSIG(how));
    return FAIL(ERR_DATA, "the process that read it ended with code %d and without a word",
                WEXITSTATUS(how));
}

static enum status take_fault(struct foreign_reader *reader, const struct foreign_wire_head *head)
{
    struct foreign_wire_fault fault;
    if (head->size != sizeof fault)
        return refuse_nonsense();
    enum foreign_wire_outcome outcome = foreign_wire_get(&fault, sizeof fault, &reader->wire);
    if (outcome != FOREIGN_WIRE_GOT)
        return explain(reader, outcome);
    make_plain(fault.text, sizeof fault.text);
    if (fault.status != ERR_MEMORY)
        return FAIL(ERR_DATA, "%s", fault.text);
    return FAIL(ERR_MEMORY,
                "%s; the process that reads it may take %g MB beside the file: it is damaged, or "
                "needs more with --memory",
                fault.text, reader->memory / MEGABYTE);
}

/* A message of `kind` with `size` bytes, and no other. */
static enum status take(void *out, size_t size, struct foreign_reader *reader,
                        enum foreign_wire_kind kind)
{
    struct foreign_wire_head head;
    enum foreign_wire_outcome outcome = foreign_wire_get_head(&head, &reader->wire);
    if (outcome == FOREIGN_WIRE_GOT && head.kind == FOREIGN_WIRE_FAULT)
        return take_fault(reader, &head);
    if (outcome == FOREIGN_WIRE_GOT && (head.kind != kind || head.size != size))
        return refuse_nonsense();
    if (outcome == FOREIGN_WIRE_GOT)
        outcome = foreign_wire_get(out, size, &reader->wire);
    return outcome == FOREIGN_WIRE_GOT ? OK : explain(reader, outcome);
}

/* ---- what came ---- */

static int within(int64_t value, int64_t low, int64_t high)
{
    return value >= low && value <= high;
}

static enum status check_facts(struct foreign_reader *reader)
{
    struct foreign_facts *facts = &reader->facts;
    int good = within(facts->nx, 1, CELLS_LIMIT) && within(facts->ny, 1, CELLS_LIMIT) &&
               within(facts->frames, 1, FRAMES_LIMIT) &&
               within(facts->trajectories, 1, INT32_MAX) &&
               within(facts->frame_interval, 0, INTERVAL_LIMIT) &&
               within(facts->refine, 0, REFINE_LIMIT) && within(facts->has, 0, 7) &&
               isfinite(facts->side) && facts->side > 0 && isfinite(facts->interval) &&
               facts->interval > 0 && isfinite(facts->x) && isfinite(facts->y);
    if (good)
        good = (double)facts->nx * (double)facts->ny * (double)facts->frames * FRAME_FIELDS * 4 <=
               reader->memory;
    make_plain(facts->edge, sizeof facts->edge);
    make_plain(facts->name, sizeof facts->name);
    if (strcmp(facts->edge, "periodic") != 0 && strcmp(facts->edge, "no-slip") != 0 &&
        strcmp(facts->edge, "slip") != 0)
        good = 0;
    return good ? OK : refuse_nonsense();
}

static enum status open_pipe(struct foreign_reader *reader,
                             const struct foreign_reader_options *options)
{
    int ends[2];
    if (pipe(ends) != 0)
        return FAIL(ERR_IO, "no pipe can be made: %s", strerror(errno));
    reader->wire.fd = ends[0];
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    enum status status = start(reader, options, ends[1]);
    close(ends[1]);
    return status;
}

enum status foreign_reader_open(struct foreign_reader **out,
                                const struct foreign_reader_options *options, const char *path)
{
    enum status status = OK;
    struct foreign_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    reader->wire = (struct foreign_wire){.fd = -1, options->patience, options->stop};
    reader->memory = (double)options->memory;
    TRY_GOTO(path_join(reader->path, sizeof reader->path, path, ""), cleanup);
    memcpy(reader->path, path, strlen(path) + 1);
    TRY_GOTO(open_pipe(reader, options), cleanup);
    TRY_GOTO(take(&reader->facts, sizeof reader->facts, reader, FOREIGN_WIRE_FACTS), cleanup);
    TRY_GOTO(check_facts(reader), cleanup);
    *out = reader;
    reader = NULL;
cleanup:
    foreign_reader_close(reader);
    return status == OK || status == ERR_STOPPED ? status : error_prefix(status, "'%s'", path);
}

void foreign_reader_close(struct foreign_reader *reader)
{
    if (reader == NULL)
        return;
    (void)finish(reader, FOREIGN_WIRE_GOT);
    if (reader->wire.fd >= 0)
        close(reader->wire.fd);
    free(reader);
}

const struct foreign_facts *foreign_reader_get_facts(const struct foreign_reader *reader)
{
    return &reader->facts;
}

/* A family goes into file names of pictures and tables: letters, digits and a few signs. */
static void make_name(char *text, size_t size)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_.";
    make_plain(text, size);
    for (size_t i = 0; text[i] != '\0'; i++)
        if (strchr(plain, text[i]) == NULL)
            text[i] = '_';
}

enum status foreign_reader_next(struct foreign_facts_case *out, void *fields,
                                struct foreign_reader *reader)
{
    enum status status = OK;
    TRY_GOTO(take(out, sizeof *out, reader, FOREIGN_WIRE_CASE), cleanup);
    TRY_GOTO(take(fields, (size_t)foreign_facts_bytes(&reader->facts), reader, FOREIGN_WIRE_FIELDS),
             cleanup);
    make_plain(out->reason, sizeof out->reason);
    make_name(out->family, sizeof out->family);
    if (out->first_step < -1)
        out->first_step = -1;
    reader->next++;
cleanup:
    return status == OK || status == ERR_STOPPED
               ? status
               : error_prefix(status, "'%s', trajectory %lld", reader->path,
                              (long long)reader->next);
}
