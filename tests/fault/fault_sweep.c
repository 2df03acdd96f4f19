/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_sweep.h"

#include "fault_folder.h"
#include "philox.h"
#include "stop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANDOM_KILLS = 200, WRONG_LIMIT = 200 };

/* ---- judging ---- */

static int begins_with(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

int fault_sweep_is_kill(const char *action)
{
    return begins_with(action, "kill");
}

/* One message that names the path, and the bytes needed when a file of ours was being written. */
static enum status check_message(const struct fault_sweep *sweep,
                                 const struct fault_outcome *outcome)
{
    const char *message = strstr(outcome->message, "wakecast: ");
    const char *tail = strstr(outcome->path, ".tmp.");
    char target[sizeof outcome->path];
    if (message == NULL || strstr(message + 1, "wakecast: ") != NULL)
        return FAIL(ERR_DATA, "not one message: %s", outcome->message);
    if (strstr(message, sweep->run.folder) == NULL)
        return FAIL(ERR_DATA, "no path in: %s", message);
    if (tail == NULL && strcmp(outcome->kind, "rename") != 0)
        return OK;
    snprintf(target, sizeof target, "%.*s", tail != NULL ? (int)(tail - outcome->path) : 511,
             outcome->path);
    if (strstr(message, target) == NULL || strstr(message, " bytes): ") == NULL)
        return FAIL(ERR_DATA, "not '%s' and the bytes it needs in: %s", target, message);
    return OK;
}

/* May the program go on when this operation fails? Not when it is part of writing a file. */
static int may_fail(const struct fault_outcome *outcome)
{
    static const char *const writing[] = {"write",     "pwrite", "fsync", "rename",
                                          "ftruncate", "flock",  "fopen", "link"};
    for (size_t i = 0; i < sizeof writing / sizeof writing[0]; i++)
        if (strcmp(outcome->kind, writing[i]) == 0)
            return 0;
    return strcmp(outcome->kind, "open") != 0 || strstr(outcome->path, ".tmp.") == NULL;
}

/* What a failing lock or removal leaves is no fault of the program. */
int fault_sweep_may_leave(const char *action, const struct fault_outcome *outcome)
{
    return fault_sweep_is_kill(action) || strcmp(action, "gone") == 0 ||
           strcmp(outcome->kind, "unlink") == 0 ||
           (strcmp(action, "eio") == 0 && strstr(outcome->path, "writer.lock") != NULL);
}

enum status fault_sweep_check_end(const struct fault_sweep *sweep, const char *action,
                                  const struct fault_outcome *outcome)
{
    int stopped = strcmp(action, "terminate") == 0   ? 128 + SIGTERM
                  : strcmp(action, "interrupt") == 0 ? 128 + SIGINT
                                                     : 0;
    if (fault_sweep_is_kill(action) && outcome->signal == SIGKILL)
        return OK;
    if (fault_sweep_is_kill(action) || outcome->signal != 0)
        return FAIL(ERR_DATA, "ended with exit code %d, signal %d: %s", outcome->code,
                    outcome->signal, outcome->message);
    if (stopped != 0 && outcome->code == stopped)
        return OK;
    if (outcome->code == 0 && (stopped != 0 || strcmp(action, "short") == 0 ||
                               strcmp(action, "eintr") == 0 || may_fail(outcome)))
        return fault_folder_compare(sweep->output, sweep->whole);
    if (outcome->code == ERR_IO && strcmp(action, "short") != 0 && strcmp(action, "eintr") != 0)
        return check_message(sweep, outcome);
    return FAIL(ERR_DATA, "exit code %d: %s", outcome->code, outcome->message);
}

enum status fault_sweep_go_on(const struct fault_sweep *sweep, const char *how)
{
    struct fault_outcome outcome;
    TRY(fault_run_once(&outcome, &sweep->run, how, NULL, 0));
    if (outcome.code != 0 || strstr(outcome.message, "wakecast: ") != NULL)
        return FAIL(ERR_DATA, "going on ended with exit code %d, signal %d: %s", outcome.code,
                    outcome.signal, outcome.message);
    TRY(fault_folder_check_tidy(sweep->output));
    return fault_folder_compare(sweep->output, sweep->whole);
}

/* ---- sweeping ---- */

static void report(struct fault_sweep *sweep, int way, const char *action,
                   const struct fault_outcome *outcome)
{
    printf("WRONG: %s, %s at operation %ld (%s %s): %s\n%s", sweep->ways[way].name, action,
           outcome->at, outcome->kind, outcome->path, error_message(), error_trace_text());
    sweep->wrong++;
}

enum status fault_sweep_restore(const struct fault_sweep *sweep, int way)
{
    const char *before = sweep->ways[way].before;
    TRY(path_remove(sweep->folder));
    TRY(path_make_folder(sweep->folder));
    return fault_folder_copy(sweep->output, before[0] != '\0' ? before : NULL);
}

static enum status sweep_action(struct fault_sweep *sweep, int way, const char *action, long first)
{
    double began = stop_clock();
    long runs = 0, last = 0;
    struct fault_outcome outcome = {.at = first - sweep->stride};
    do {
        long at = outcome.at + sweep->stride;
        TRY(fault_sweep_restore(sweep, way));
        TRY(fault_run_once(&outcome, &sweep->run, sweep->ways[way].how, action, at));
        last = outcome.operations;
        if (outcome.at != 0) {
            runs++;
            if (getenv("FAULT_VERBOSE") != NULL)
                printf("%s %s %ld %s %s: %d %d %s", sweep->ways[way].name, action, outcome.at,
                       outcome.kind, outcome.path, outcome.code, outcome.signal,
                       outcome.message[0] ? outcome.message : "\n");
            if (sweep->judge(sweep, way, action, &outcome) != OK)
                report(sweep, way, action, &outcome);
        }
    } while (outcome.at != 0 && sweep->wrong < WRONG_LIMIT);
    if (sweep->wrong < WRONG_LIMIT && outcome.code != 0)
        return FAIL(ERR_DATA, "the untouched run ended with exit code %d: %s", outcome.code,
                    outcome.message);
    printf("%-8s %-11s %4ld operations, %4ld runs, %5.1f s\n", sweep->ways[way].name, action, last,
           runs, stop_clock() - began);
    return OK;
}

static enum status sweep_random(struct fault_sweep *sweep, int way)
{
    double began = stop_clock();
    struct fault_outcome outcome;
    long killed = 0;
    TRY(fault_sweep_restore(sweep, way));
    TRY(fault_run_once(&outcome, &sweep->run, sweep->ways[way].how, NULL, 0));
    double whole = stop_clock() - began;
    for (long i = 0; i < RANDOM_KILLS && sweep->wrong < WRONG_LIMIT; i += sweep->stride) {
        double share =
            philox_uniform(1, PHILOX_STREAM_TEST, (uint64_t)(i * FAULT_SWEEP_WAYS + (long)way));
        TRY(fault_sweep_restore(sweep, way));
        TRY(fault_run_kill(&outcome, &sweep->run, sweep->ways[way].how, share * whole));
        killed += outcome.signal == SIGKILL;
        if (sweep->judge(sweep, way, outcome.signal == SIGKILL ? "kill" : "none", &outcome) != OK)
            report(sweep, way, "random kill", &outcome);
    }
    printf("%-8s %-11s %ld kills at random times within %.3f s, %5.1f s\n", sweep->ways[way].name,
           "random", killed, whole, stop_clock() - began);
    return killed > 0 ? OK : FAIL(ERR_DATA, "no run was killed");
}

/* ---- the whole ---- */

/* In memory where that is to be had: thousands of syncs take long on a disk. */
static int make_root(char root[PATH_SIZE])
{
    const char *parents[] = {getenv("TMPDIR"), "/dev/shm", "/tmp"};
    for (int i = 0; i < 3; i++) {
        if (parents[i] == NULL)
            continue;
        snprintf(root, PATH_SIZE, "%.1000s/wakecast-fault-XXXXXX", parents[i]);
        if (mkdtemp(root) != NULL)
            return 1;
    }
    perror(root);
    return 0;
}

enum status fault_sweep_run_whole(struct fault_sweep *sweep, const char *copy, const char *action,
                                  long at, int code)
{
    struct fault_outcome outcome;
    TRY(fault_sweep_restore(sweep, 0));
    TRY(fault_run_once(&outcome, &sweep->run, sweep->ways[0].how, action, at));
    if (outcome.code != code)
        return FAIL(ERR_DATA, "exit code %d instead of %d: %s", outcome.code, code,
                    outcome.message);
    return fault_folder_copy(copy, sweep->output);
}

static enum status name_places(struct fault_sweep *sweep)
{
    TRY(path_join(sweep->folder, PATH_SIZE, sweep->root, "watched"));
    TRY(path_join(sweep->output, PATH_SIZE, sweep->folder, "output"));
    TRY(path_join(sweep->whole, PATH_SIZE, sweep->root, "whole"));
    sweep->run.folder = sweep->folder;
    sweep->run.output = sweep->output;
    sweep->run.notes = sweep->root;
    return OK;
}

static enum status sweep_all(struct fault_sweep *sweep, int count, char **actions)
{
    long first = 1;
    for (int i = 0; i < count; i++)
        for (int way = 0; way < sweep->way_count && sweep->wrong < WRONG_LIMIT; way++) {
            if (strcmp(actions[i], "random") == 0)
                TRY(sweep_random(sweep, way));
            else
                TRY(sweep_action(sweep, way, actions[i], 1 + first++ % sweep->stride));
            (void)fflush(stdout);
        }
    return OK;
}

int fault_sweep_main(struct fault_sweep *sweep, int argc, char **argv,
                     enum status (*set_up)(struct fault_sweep *sweep, const char *config))
{
    if (argc < 6 || (sweep->stride = strtol(argv[4], NULL, 10)) < 1) {
        fprintf(stderr, "%s PROGRAM LAYER CONFIG STRIDE ACTION...\n", argv[0]);
        return 2;
    }
    sweep->run.program = argv[1];
    sweep->run.layer = argv[2];
    if (!make_root(sweep->root))
        return 1;
    enum status status = name_places(sweep);
    if (status == OK)
        status = set_up(sweep, argv[3]);
    if (status == OK)
        status = sweep_all(sweep, argc - 5, argv + 5);
    if (status != OK)
        fprintf(stderr, "WRONG: %s\n%s", error_message(), error_trace_text());
    if (path_remove(sweep->root) != OK)
        fprintf(stderr, "WRONG: %s\n", error_message());
    return status != OK || sweep->wrong > 0;
}
