/* SPDX-License-Identifier: Apache-2.0
 *
 * fault_generate PROGRAM LAYER CONFIG STRIDE ACTION...
 *
 * Faults in a small `generate` (fault_sweep.h); afterwards no file under its final name is bad, and
 * --resume ends with the bytes of the undisturbed run. Three ways to come there: into a new folder,
 * with --resume after a run that was asked to stop within a shard, with --force over another
 * dataset. */
#include "dataset.h"
#include "fault_folder.h"
#include "fault_sweep.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { FRESH, RESUMED, REPLACED };

static int64_t cases_before, cases_in_full_shards; /* of the begun dataset */

/* Nothing of what was there is lost: full shards never, and the begun one, whose cases can be made
 * again, only between the two manifests. A run that ends well has made none of them again. */
static enum status check_kept(int way, int64_t cases, const struct fault_outcome *outcome)
{
    char kept[64];
    if (way != RESUMED)
        return OK;
    if (cases < cases_in_full_shards)
        return FAIL(ERR_DATA, "%lld cases are left of %lld", (long long)cases,
                    (long long)cases_before);
    snprintf(kept, sizeof kept, "%lld of 5 cases are stored already", (long long)cases_before);
    if (outcome->code == 0 && strstr(outcome->message, kept) == NULL)
        return FAIL(ERR_DATA, "good cases were made again: %s", outcome->message);
    return OK;
}

/* The run is taken up again and ends with the bytes of the undisturbed one. */
static enum status recover(const struct fault_sweep *sweep, int way)
{
    struct fault_outcome outcome;
    if (way != REPLACED)
        return fault_sweep_go_on(sweep, "--resume");
    TRY(fault_run_once(&outcome, &sweep->run, "--resume", NULL, 0));
    if (outcome.code != ERR_DATA)
        return fault_sweep_go_on(sweep, "--resume");
    TRY(fault_folder_compare(sweep->output, sweep->ways[way].before)); /* it still stands */
    return fault_sweep_go_on(sweep, "--force");
}

static enum status judge(const struct fault_sweep *sweep, int way, const char *action,
                         const struct fault_outcome *outcome)
{
    int64_t cases = 0;
    const char *before = sweep->ways[way].before[0] != '\0' ? sweep->ways[way].before : NULL;
    TRY(fault_sweep_check_end(sweep, action, outcome));
    TRY(fault_folder_check(&cases, sweep->output, sweep->whole, before));
    TRY(check_kept(way, cases, outcome));
    if (!fault_sweep_may_leave(action, outcome))
        TRY(fault_folder_check_tidy(sweep->output));
    TRY(recover(sweep, way));
    return OK;
}

static enum status count_cases(const char *begun)
{
    struct dataset *dataset = NULL;
    TRY(dataset_open(&dataset, begun));
    const struct dataset_info *info = dataset_get_info(dataset);
    cases_before = info->cases;
    for (int64_t i = 0; i < info->cases; i++)
        cases_in_full_shards += dataset_get_case(dataset, i)->shard < info->shards - 1;
    dataset_close(dataset);
    if (cases_before != 3 || cases_in_full_shards != 2)
        return FAIL(ERR_DATA, "the begun dataset has %lld cases, %lld in full shards",
                    (long long)cases_before, (long long)cases_in_full_shards);
    return OK;
}

/* The undisturbed dataset, one that ends within a shard, and one of another seed. */
static enum status set_up(struct fault_sweep *sweep, const char *config)
{
    static const char *words[] = {"generate", NULL, NULL};
    long at = 0;
    words[1] = config;
    sweep->run.words = words;
    TRY(path_join(sweep->ways[RESUMED].before, PATH_SIZE, sweep->root, "part"));
    TRY(path_join(sweep->ways[REPLACED].before, PATH_SIZE, sweep->root, "other"));
    TRY(fault_sweep_run_whole(sweep, sweep->whole, NULL, 0, 0));
    TRY(fault_run_check_order(&sweep->run));
    TRY(fault_run_find(&at, &sweep->run, "write", "starts-00002.h5"));
    TRY(fault_sweep_run_whole(sweep, sweep->ways[RESUMED].before, "terminate", at, 128 + SIGTERM));
    TRY(count_cases(sweep->ways[RESUMED].before));
    sweep->run.extra = "seed=2";
    TRY(fault_sweep_run_whole(sweep, sweep->ways[REPLACED].before, NULL, 0, 0));
    sweep->run.extra = NULL;
    return OK;
}

int main(int argc, char **argv)
{
    struct fault_sweep sweep = {.ways = {{.name = "new"},
                                         {.name = "--resume", .how = "--resume"},
                                         {.name = "--force", .how = "--force"}},
                                .way_count = 3,
                                .judge = judge};
    return fault_sweep_main(&sweep, argc, argv, set_up);
}
