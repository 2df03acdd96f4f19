/* SPDX-License-Identifier: Apache-2.0 */
#include "case_source.h"

#include "array.h"
#include "dataset.h"
#include "flow_case_motion.h"
#include "log.h"
#include "number_text.h"
#include "path.h"
#include "run_folder.h"
#include "settings_case.h"
#include "simulation.h"

#include <stdio.h>
#include <string.h>

/* "folder/name-00002.h5" becomes "folder" and 2; -1 for a folder. */
static enum status split_shard(char *folder, int64_t *shard, const char *path)
{
    size_t length = strlen(path);
    snprintf(folder, PATH_SIZE, "%s", path);
    *shard = -1;
    if (length < 3 || strcmp(path + length - 3, ".h5") != 0)
        return OK;
    char digits[16] = "";
    const char *dash = strrchr(path, '-');
    if (dash != NULL && path + length - 3 - dash - 1 < (long)sizeof digits)
        snprintf(digits, (size_t)(path + length - 3 - dash), "%s", dash + 1);
    if (!number_text_integer(shard, digits))
        return FAIL(ERR_USAGE, "'%s' is no shard NAME-00000.h5", path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        snprintf(folder, PATH_SIZE, ".");
    else
        *slash = '\0';
    return OK;
}

static enum status find_case(int64_t *out, const struct dataset *dataset, int64_t shard,
                             int64_t number)
{
    const struct dataset_info *info = dataset_get_info(dataset);
    for (int64_t i = 0; i < info->cases; i++) {
        const struct dataset_case *one = dataset_get_case(dataset, i);
        *out = i;
        if (shard < 0 ? one->index == number : one->shard == shard && one->position == number)
            return one->shard >= 0 ? OK
                                   : FAIL(ERR_DATA, "case %lld failed when it was made: %s",
                                          (long long)number, one->reason);
    }
    return FAIL(ERR_DATA, "dataset '%s' has no such case: %lld", dataset_get_folder(dataset),
                (long long)number);
}

static enum status read_from(struct case_source *out, const struct session *session,
                             const char *from)
{
    enum status status = OK;
    char path[PATH_SIZE], folder[PATH_SIZE];
    struct dataset *dataset = NULL;
    int64_t shard, number, index;
    const char *colon = strrchr(from, ':');
    if (colon == NULL || !number_text_integer(&number, colon + 1) ||
        (size_t)(colon - from) >= sizeof path)
        return FAIL(ERR_USAGE, "option '--from' is FOLDER:NUMBER or SHARD.h5:POSITION, not '%s'",
                    from);
    snprintf(path, (size_t)(colon - from) + 1, "%s", from);
    TRY(split_shard(folder, &shard, path));
    TRY(run_folder_check_input(session, folder));
    TRY_GOTO(dataset_open(&dataset, folder), cleanup);
    TRY_GOTO(find_case(&index, dataset, shard, number), cleanup);
    TRY_GOTO(dataset_read_case(&out->record, dataset, index, CASE_RECORD_KEEP_STARTS), cleanup);
    flow_outline_look_up(&out->outline, dataset, &out->record->flow);
cleanup:
    dataset_close(dataset);
    return status;
}

/* The start-up and the first frames. */
static enum status simulate(struct case_source *out, struct session *session,
                            struct flow_case *flow_case, int64_t frames)
{
    enum status status = OK;
    struct simulation *simulation = NULL;
    double began = stop_clock();
    flow_case->numerics.frames = frames;
    const struct simulation_options how = {
        .threads = settings_case_threads(flow_case, session->threads), .stop = &session->stop};
    log_info("the solver makes the first frames at r = %lld",
             (long long)flow_case->numerics.refine);
    TRY_GOTO(case_record_create(&out->record, flow_case->nx, flow_case->ny, frames,
                                CASE_RECORD_DROP_STARTS),
             cleanup);
    TRY_GOTO(simulation_create(&simulation, flow_case, &how), cleanup);
    TRY_GOTO(simulation_run(simulation, &out->record->sink), cleanup);
    TRY_GOTO(flow_outline_make(&out->outline, flow_case), cleanup);
    out->computed = 1;
    out->seconds = stop_clock() - began;
cleanup:
    simulation_destroy(simulation);
    return status;
}

enum status case_source_open(struct case_source *out, struct session *session, int64_t frames)
{
    struct flow_case flow_case;
    struct settings_outlines outlines = {.count = 0};
    const char *from = arguments_text(session->arguments, "from", NULL);
    const char *body = arguments_text(session->arguments, "body", NULL);
    if ((from == NULL) == (body == NULL))
        return FAIL(ERR_USAGE, "either --from SHARD:CASE or --body SHAPE says what to begin with");
    out->default_start = frames - 1;
    if (from != NULL) {
        TRY(read_from(out, session, from));
        return OK;
    }
    enum status status = settings_case(&flow_case, &outlines, session->config, session->arguments);
    if (status == OK && flow_case_motion_kind(&flow_case) != FLOW_CASE_MOTION_NONE)
        status = FAIL(ERR_USAGE, "networks know bodies that rest: --velocity-x, --velocity-y and "
                                 "--spin are for simulate");
    if (status == OK)
        status = simulate(out, session, &flow_case, frames);
    settings_outlines_fini(&outlines);
    TRY(status);
    return OK;
}

void case_source_close(struct case_source *source)
{
    case_record_destroy(source->record);
    source->record = NULL;
    flow_outline_fini(&source->outline);
}
