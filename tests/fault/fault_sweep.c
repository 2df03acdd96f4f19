/* SPDX-License-Identifier: Apache-2.0
 *
 * fault_sweep PROGRAM LAYER CONFIG STRIDE ACTION...
 *
 * A small `generate` meets each fault (the actions of fault_layer.c) at each STRIDE-th of its file
 * operations, until a run ends untouched; afterwards no file under its final name is bad, and
 * --resume ends with the bytes of the undisturbed run. Three ways to come there: into a new folder,
 * with --resume after a run that was asked to stop within a shard, with --force over another
 * dataset. The action `random` kills at 200 / STRIDE random times instead. Exit code 1 when
 * something was wrong. */
#include "dataset.h"
#include "fault_folder.h"
#include "fault_run.h"
#include "path.h"
#include "philox.h"
#include "stop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANDOM_KILLS = 200, WRONG_LIMIT = 200 };

enum way { FRESH, RESUMED, REPLACED, WAYS };

static const char *const way_names[] = {"new", "--resume", "--force"};

struct sweep {
    struct fault_run run;
    char root[PATH_SIZE], folder[PATH_SIZE], output[PATH_SIZE];
    char whole[PATH_SIZE];        /* what the undisturbed run made */
    char before[WAYS][PATH_SIZE]; /* what stands there at the beginning; "" for nothing */
    int64_t cases_before, cases_in_full_shards; /* of the begun dataset */
    long stride;
    int wrong;
};

/* ---- judging ---- */

static int begins_with(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

static int is_kill(const char *action)
{
    return begins_with(action, "kill");
}

/* One message that names the path, and the bytes needed when a file of ours was being written. */
static enum status check_message(const struct sweep *sweep, const struct fault_outcome *outcome)
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
static int may_leave(const char *action, const struct fault_outcome *outcome)
{
    return is_kill(action) || strcmp(action, "gone") == 0 || strcmp(outcome->kind, "unlink") == 0 ||
           (strcmp(action, "eio") == 0 && strstr(outcome->path, "writer.lock") != NULL);
}

static enum status check_end(const struct sweep *sweep, const char *action,
                             const struct fault_outcome *outcome)
{
    int stopped = strcmp(action, "terminate") == 0   ? 128 + SIGTERM
                  : strcmp(action, "interrupt") == 0 ? 128 + SIGINT
                                                     : 0;
    if (is_kill(action) && outcome->signal == SIGKILL)
        return OK;
    if (is_kill(action) || outcome->signal != 0)
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

/* Nothing of what was there is lost: full shards never, and the begun one, whose cases can be made
 * again, only between the two manifests. A run that ends well has made none of them again. */
static enum status check_kept(const struct sweep *sweep, enum way way, int64_t cases,
                              const struct fault_outcome *outcome)
{
    char kept[64];
    if (way != RESUMED)
        return OK;
    if (cases < sweep->cases_in_full_shards)
        return FAIL(ERR_DATA, "%lld cases are left of %lld", (long long)cases,
                    (long long)sweep->cases_before);
    snprintf(kept, sizeof kept, "%lld of 5 cases are stored already",
             (long long)sweep->cases_before);
    if (outcome->code == 0 && strstr(outcome->message, kept) == NULL)
        return FAIL(ERR_DATA, "good cases were made again: %s", outcome->message);
    return OK;
}

/* The run is taken up again and ends with the bytes of the undisturbed one. */
static enum status recover(const struct sweep *sweep, enum way way)
{
    struct fault_outcome outcome;
    TRY(fault_run_generate(&outcome, &sweep->run, "--resume", NULL, 0));
    if (way == REPLACED && outcome.code == ERR_DATA) { /* the old dataset still stands */
        TRY(fault_folder_compare(sweep->output, sweep->before[way]));
        TRY(fault_run_generate(&outcome, &sweep->run, "--force", NULL, 0));
    }
    if (outcome.code != 0 || strstr(outcome.message, "wakecast: ") != NULL)
        return FAIL(ERR_DATA, "going on ended with exit code %d, signal %d: %s", outcome.code,
                    outcome.signal, outcome.message);
    TRY(fault_folder_check_tidy(sweep->output));
    return fault_folder_compare(sweep->output, sweep->whole);
}

static enum status judge(const struct sweep *sweep, enum way way, const char *action,
                         const struct fault_outcome *outcome)
{
    int64_t cases = 0;
    const char *before = sweep->before[way][0] != '\0' ? sweep->before[way] : NULL;
    TRY(check_end(sweep, action, outcome));
    TRY(fault_folder_check(&cases, sweep->output, sweep->whole, before));
    TRY(check_kept(sweep, way, cases, outcome));
    if (!may_leave(action, outcome))
        TRY(fault_folder_check_tidy(sweep->output));
    TRY(recover(sweep, way));
    return OK;
}

/* ---- sweeping ---- */

static void report(struct sweep *sweep, enum way way, const char *action,
                   const struct fault_outcome *outcome)
{
    printf("WRONG: %s, %s at operation %ld (%s %s): %s\n%s", way_names[way], action, outcome->at,
           outcome->kind, outcome->path, error_message(), error_trace_text());
    sweep->wrong++;
}

static const char *how_of(enum way way)
{
    return way == FRESH ? NULL : way_names[way];
}

static enum status restore(const struct sweep *sweep, enum way way)
{
    TRY(path_remove(sweep->folder));
    TRY(path_make_folder(sweep->folder));
    return fault_folder_copy(sweep->output,
                             sweep->before[way][0] != '\0' ? sweep->before[way] : NULL);
}

static enum status sweep_action(struct sweep *sweep, enum way way, const char *action, long first)
{
    double began = stop_clock();
    long runs = 0, last = 0;
    struct fault_outcome outcome = {.at = first - sweep->stride};
    do {
        long at = outcome.at + sweep->stride;
        TRY(restore(sweep, way));
        TRY(fault_run_generate(&outcome, &sweep->run, how_of(way), action, at));
        last = outcome.operations;
        if (outcome.at != 0) {
            runs++;
            if (getenv("FAULT_VERBOSE") != NULL)
                printf("%s %s %ld %s %s: %d %d %s", way_names[way], action, outcome.at,
                       outcome.kind, outcome.path, outcome.code, outcome.signal,
                       outcome.message[0] ? outcome.message : "\n");
            if (judge(sweep, way, action, &outcome) != OK)
                report(sweep, way, action, &outcome);
        }
    } while (outcome.at != 0 && sweep->wrong < WRONG_LIMIT);
    if (sweep->wrong < WRONG_LIMIT && outcome.code != 0)
        return FAIL(ERR_DATA, "the untouched run ended with exit code %d: %s", outcome.code,
                    outcome.message);
    printf("%-8s %-11s %4ld operations, %4ld runs, %5.1f s\n", way_names[way], action, last, runs,
           stop_clock() - began);
    return OK;
}

static enum status sweep_random(struct sweep *sweep, enum way way)
{
    double began = stop_clock();
    struct fault_outcome outcome;
    long killed = 0;
    TRY(restore(sweep, way));
    TRY(fault_run_generate(&outcome, &sweep->run, how_of(way), NULL, 0));
    double whole = stop_clock() - began;
    for (long i = 0; i < RANDOM_KILLS && sweep->wrong < WRONG_LIMIT; i += sweep->stride) {
        double share = philox_uniform(1, PHILOX_STREAM_TEST, (uint64_t)(i * WAYS + (long)way));
        TRY(restore(sweep, way));
        TRY(fault_run_kill(&outcome, &sweep->run, how_of(way), share * whole));
        killed += outcome.signal == SIGKILL;
        if (judge(sweep, way, outcome.signal == SIGKILL ? "kill" : "none", &outcome) != OK)
            report(sweep, way, "random kill", &outcome);
    }
    printf("%-8s %-11s %ld kills at random times within %.3f s, %5.1f s\n", way_names[way],
           "random", killed, whole, stop_clock() - began);
    return killed > 0 ? OK : FAIL(ERR_DATA, "no run was killed");
}

/* ---- setting up ---- */

static enum status run_whole(struct sweep *sweep, const char *copy, const char *action, long at,
                             int code)
{
    struct fault_outcome outcome;
    TRY(restore(sweep, FRESH));
    TRY(fault_run_generate(&outcome, &sweep->run, NULL, action, at));
    if (outcome.code != code)
        return FAIL(ERR_DATA, "exit code %d instead of %d: %s", outcome.code, code,
                    outcome.message);
    return fault_folder_copy(copy, sweep->output);
}

static enum status count_cases(struct sweep *sweep)
{
    struct dataset *dataset = NULL;
    TRY(dataset_open(&dataset, sweep->before[RESUMED]));
    const struct dataset_info *info = dataset_get_info(dataset);
    sweep->cases_before = info->cases;
    for (int64_t i = 0; i < info->cases; i++)
        sweep->cases_in_full_shards += dataset_get_case(dataset, i)->shard < info->shards - 1;
    dataset_close(dataset);
    if (sweep->cases_before != 3 || sweep->cases_in_full_shards != 2)
        return FAIL(ERR_DATA, "the begun dataset has %lld cases, %lld in full shards",
                    (long long)sweep->cases_before, (long long)sweep->cases_in_full_shards);
    return OK;
}

/* The undisturbed dataset, one that ends within a shard, and one of another seed. */
static enum status set_up(struct sweep *sweep)
{
    long at = 0;
    TRY(path_join(sweep->folder, PATH_SIZE, sweep->root, "watched"));
    TRY(path_join(sweep->output, PATH_SIZE, sweep->folder, "data"));
    TRY(path_join(sweep->whole, PATH_SIZE, sweep->root, "whole"));
    TRY(path_join(sweep->before[RESUMED], PATH_SIZE, sweep->root, "part"));
    TRY(path_join(sweep->before[REPLACED], PATH_SIZE, sweep->root, "other"));
    sweep->run.folder = sweep->folder;
    sweep->run.output = sweep->output;
    sweep->run.notes = sweep->root;
    TRY(run_whole(sweep, sweep->whole, NULL, 0, 0));
    TRY(fault_run_check_order(&sweep->run));
    TRY(fault_run_find(&at, &sweep->run, "write", "starts-00002.h5"));
    TRY(run_whole(sweep, sweep->before[RESUMED], "terminate", at, 128 + SIGTERM));
    TRY(count_cases(sweep));
    sweep->run.extra = "seed=2";
    TRY(run_whole(sweep, sweep->before[REPLACED], NULL, 0, 0));
    sweep->run.extra = NULL;
    return OK;
}

static enum status sweep_all(struct sweep *sweep, int count, char **actions)
{
    long first = 1;
    TRY(set_up(sweep));
    for (int i = 0; i < count; i++)
        for (int way = 0; way < WAYS && sweep->wrong < WRONG_LIMIT; way++) {
            if (strcmp(actions[i], "random") == 0)
                TRY(sweep_random(sweep, (enum way)way));
            else
                TRY(sweep_action(sweep, (enum way)way, actions[i], 1 + first++ % sweep->stride));
            (void)fflush(stdout);
        }
    return OK;
}

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

int main(int argc, char **argv)
{
    struct sweep sweep = {0};
    if (argc < 6 || (sweep.stride = strtol(argv[4], NULL, 10)) < 1) {
        fputs("fault_sweep PROGRAM LAYER CONFIG STRIDE ACTION...\n", stderr);
        return 2;
    }
    sweep.run.program = argv[1];
    sweep.run.layer = argv[2];
    sweep.run.config = argv[3];
    if (!make_root(sweep.root))
        return 1;
    enum status status = sweep_all(&sweep, argc - 5, argv + 5);
    if (status != OK)
        fprintf(stderr, "WRONG: %s\n%s", error_message(), error_trace_text());
    if (path_remove(sweep.root) != OK)
        fprintf(stderr, "WRONG: %s\n", error_message());
    return status != OK || sweep.wrong > 0;
}
