/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "log.h"
#include "path.h"
#include "run_folder.h"
#include "session.h"
#include "training_curves.h"

#include <stdio.h>
#include <string.h>

enum { RUNS = 16 };

static enum status find_runs(const char **runs, const struct session *session)
{
    char path[PATH_SIZE];
    int64_t count = arguments_count(session->arguments);
    if (count > RUNS)
        return FAIL(ERR_USAGE, "%lld runs are more than the %d that fit one chart",
                    (long long)count, RUNS);
    for (int64_t i = 0; i < count; i++) {
        runs[i] = arguments_at(session->arguments, i);
        TRY(path_join(path, sizeof path, runs[i], "metrics.jsonl"));
        if (!path_exists(path))
            return FAIL(ERR_DATA, "'%s' is no training run: it has no metrics.jsonl", runs[i]);
    }
    return OK;
}

/* The output without its ending, when it is the name of a picture: 1, else 0. */
static int find_stem(char *out, size_t size, const char *output)
{
    size_t length = strlen(output), end = strlen(".png");
    if (length <= end || length >= size ||
        (strcmp(output + length - end, ".png") != 0 && strcmp(output + length - end, ".svg") != 0))
        return 0;
    (void)snprintf(out, size, "%.*s", (int)(length - end), output);
    return 1;
}

/* STEM.png, STEM.svg and STEM.csv, each of which would be replaced. */
static enum status check_pictures(const struct session *session, const char *stem)
{
    static const char *const endings[] = {"png", "svg", "csv"};
    char path[PATH_SIZE + 8];
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        (void)snprintf(path, sizeof path, "%s.%s", stem, endings[i]);
        if (path_exists(path) && session_existing(session) != SESSION_REPLACE)
            return FAIL(ERR_USAGE, "output '%s' exists; use --force to replace it, or another name",
                        path);
        if (path_is_folder(path))
            return FAIL(ERR_USAGE, "output '%s' exists and is a folder", path);
    }
    return OK;
}

static enum status plot_picture(const struct session *session, const char *stem)
{
    const char *runs[RUNS];
    TRY(check_pictures(session, stem));
    TRY(find_runs(runs, session));
    TRY(training_curves_write(stem, runs, NULL, arguments_count(session->arguments),
                              TRAINING_CURVES_LOSS));
    printf("%s.png\n%s.svg\n%s.csv\n", stem, stem, stem);
    return OK;
}

static enum status plot_folder(struct session *session, const char *folder)
{
    const char *runs[RUNS];
    char stem[PATH_SIZE];
    TRY(find_runs(runs, session));
    TRY(run_folder_open(session, folder, NULL));
    TRY(path_join(stem, sizeof stem, folder, "figures"));
    TRY(path_make_folder(stem));
    TRY(path_join(stem, sizeof stem, folder, "figures/training"));
    TRY(training_curves_write(stem, runs, NULL, arguments_count(session->arguments),
                              TRAINING_CURVES_ALL));
    printf("%s-loss.svg\n%s-error.svg\n", stem, stem);
    return OK;
}

static enum status run(struct session *session)
{
    const char *output;
    char stem[PATH_SIZE];
    TRY(session_output(&output, session));
    if (find_stem(stem, sizeof stem, output))
        return plot_picture(session, stem);
    for (int64_t i = 0; i < arguments_count(session->arguments); i++)
        TRY(run_folder_check_input(session, arguments_at(session->arguments, i)));
    TRY(run_folder_check(session, output));
    TRY(plot_folder(session, output));
    return OK;
}

const struct command command_plot = {
    .name = "plot",
    .summary = "Overlays the training curves of several runs",
    .usage = "RUN... --output DIR|FILE.png",
    .description = "Writes loss and validation error over the steps as SVG and PNG, each with its\n"
                   "figures beside it as CSV. Of several runs each has a colour: a thin line for\n"
                   "training, marks for validation. An output that ends in .png or .svg gets the\n"
                   "losses alone, as FILE.png, FILE.svg and FILE.csv.\n\n"
                   "  wakecast plot run-a run-b --output curves\n"
                   "  wakecast plot run-a run-b --output overlay.png",
    .words_low = 1,
    .words_high = -1,
    .groups = COMMAND_OUTPUT,
    .run = run};
