/* SPDX-License-Identifier: Apache-2.0
 *
 * fault_train PROGRAM LAYER CONFIG STRIDE ACTION...
 *
 * Faults in a small `train` (fault_sweep.h); afterwards no model or checkpoint under its final name
 * is bad, what was trained before is not lost, and --resume ends with the bytes of the undisturbed
 * run. Three ways to come there: into a new folder, with --resume after some steps, with --force
 * over a training of another seed. The dataset is made first and stands elsewhere. */
#include "fault_folder.h"
#include "fault_sweep.h"
#include "model.h"

#include <stdio.h>
#include <string.h>

enum { FRESH, RESUMED, REPLACED };

static const char *const files[] = {"checkpoints/last.safetensors", "checkpoints/best.safetensors",
                                    "model.safetensors"};

/* Everything under its final name is whole; `step` is that of the last checkpoint, -1: none. */
static enum status check_models(int64_t *step, const char *folder)
{
    *step = -1;
    for (int i = 0; i < 3; i++) {
        char path[PATH_SIZE];
        struct model *model = NULL;
        TRY(path_join(path, sizeof path, folder, files[i]));
        if (!path_exists(path))
            continue;
        TRY(model_load(&model, path));
        if (i == 0)
            *step = model->facts.step;
        model_destroy(model);
    }
    return OK;
}

/* What --force has not yet removed is told from what was wanted, and --force goes on removing. */
static enum status recover(const struct fault_sweep *sweep, int way)
{
    struct fault_outcome outcome;
    if (way != REPLACED)
        return fault_sweep_go_on(sweep, "--resume");
    TRY(fault_run_once(&outcome, &sweep->run, "--resume", NULL, 0));
    if (outcome.code != ERR_CONFIG)
        return fault_sweep_go_on(sweep, "--resume");
    return fault_sweep_go_on(sweep, "--force");
}

static enum status judge(const struct fault_sweep *sweep, int way, const char *action,
                         const struct fault_outcome *outcome)
{
    int64_t before = -1, step = -1;
    TRY(fault_sweep_check_end(sweep, action, outcome));
    TRY(check_models(&step, sweep->output));
    if (way == RESUMED)
        TRY(check_models(&before, sweep->ways[way].before));
    if (step < before)
        return FAIL(ERR_DATA, "step %lld is left of %lld", (long long)step, (long long)before);
    if (!fault_sweep_may_leave(action, outcome))
        TRY(fault_folder_check_tidy(sweep->output));
    TRY(recover(sweep, way));
    return OK;
}

static enum status generate(struct fault_sweep *sweep, const char *config, const char *data)
{
    const char *const words[] = {"generate", config, NULL};
    sweep->run.words = words;
    TRY(fault_sweep_run_whole(sweep, data, NULL, 0, 0));
    return OK;
}

/* The undisturbed training, its beginning, and one of another seed. */
static enum status set_up(struct fault_sweep *sweep, const char *config)
{
    static char data[PATH_SIZE];
    static const char *words[] = {"train", NULL, "--data", data, "--quiet", NULL};
    static const char *part[] = {"train",   NULL,           "--data", data,
                                 "--quiet", "--stop-after", "3",      NULL};
    TRY(path_join(data, sizeof data, sweep->root, "data"));
    TRY(generate(sweep, config, data));
    TRY(path_join(sweep->ways[RESUMED].before, PATH_SIZE, sweep->root, "part"));
    TRY(path_join(sweep->ways[REPLACED].before, PATH_SIZE, sweep->root, "other"));
    words[1] = part[1] = config;
    sweep->run.words = part;
    TRY(fault_sweep_run_whole(sweep, sweep->ways[RESUMED].before, NULL, 0, 0));
    sweep->run.words = words;
    sweep->run.extra = "training.learning_rate=0.004";
    TRY(fault_sweep_run_whole(sweep, sweep->ways[REPLACED].before, NULL, 0, 0));
    sweep->run.extra = NULL;
    TRY(fault_sweep_run_whole(sweep, sweep->whole, NULL, 0, 0));
    return fault_run_check_order(&sweep->run);
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
