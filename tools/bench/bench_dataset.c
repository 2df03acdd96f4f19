/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_dataset.h"

#include "build_info.h"
#include "case_draw.h"
#include "dataset_writer.h"
#include "path.h"
#include "settings_case.h"
#include "settings_plan.h"
#include "simulation.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum status compute(struct case_record **out, struct flow_case *flow_case)
{
    enum status status = OK;
    struct simulation *simulation = NULL;
    struct case_record *record = NULL;
    const struct simulation_options options = {.threads = 1};
    flow_case->numerics.refine = 1;
    TRY_GOTO(simulation_create(&simulation, flow_case, &options), cleanup);
    TRY_GOTO(case_record_create(&record, flow_case->nx, flow_case->ny, flow_case->numerics.frames,
                                CASE_RECORD_DROP_STARTS),
             cleanup);
    TRY_GOTO(simulation_run(simulation, &record->sink), cleanup);
    *out = record;
    record = NULL;
cleanup:
    simulation_destroy(simulation);
    case_record_destroy(record);
    return status;
}

static enum status compute_drawn(struct case_record **out, const struct config *config)
{
    enum status status = OK;
    struct flow_case first;
    struct settings_outlines outlines = {0};
    struct case_draw_plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    TRY_GOTO(settings_plan(plan, &outlines, config), cleanup);
    TRY_GOTO(case_draw(&first, NULL, plan, 0), cleanup);
    TRY_GOTO(compute(out, &first), cleanup);
cleanup:
    settings_outlines_fini(&outlines);
    free(plan);
    return status;
}

enum status bench_dataset_flow(struct case_record **out, const struct config *config)
{
    struct flow_case flow_case;
    struct settings_outlines outlines = {0};
    if (config_count(config, "families") > 0)
        return compute_drawn(out, config);
    enum status status = settings_case(&flow_case, &outlines, config, NULL);
    if (status == OK)
        status = compute(out, &flow_case);
    settings_outlines_fini(&outlines);
    return status;
}

enum status bench_dataset_write(const char *folder, struct case_record *record, int64_t cases,
                                int64_t per_shard, enum storage storage)
{
    enum { HEADROOM = 200000 }; /* bytes of a shard's structure, and less than a case */
    enum status status = OK;
    struct dataset_writer *writer = NULL;
    const struct flow *flow = &record->flow;
    int64_t cells = flow->nx * flow->ny;
    int64_t bytes = (record->frames + 2) * (cells * FRAME_FIELDS * 4 + flow->frame_interval * 16);
    const struct dataset_writer_options options = {.folder = folder,
                                                   .name = "bench",
                                                   .config = "",
                                                   .version = build_info_version(),
                                                   .cases = cases,
                                                   .nx = flow->nx,
                                                   .ny = flow->ny,
                                                   .frames = record->frames,
                                                   .frame_interval = flow->frame_interval,
                                                   .refine = flow->refine,
                                                   .shard_bytes = per_shard * bytes + HEADROOM,
                                                   .storage = storage,
                                                   .edge = "slip"};
    TRY(dataset_writer_create(&writer, &options));
    for (int64_t i = 0; i < cases; i++) {
        record->flow.index = i;
        TRY_GOTO(dataset_writer_append(writer, record, SPLIT_TRAIN, NULL), cleanup);
    }
    TRY_GOTO(dataset_writer_finish(writer, NULL), cleanup);
cleanup:
    dataset_writer_destroy(writer);
    return status;
}

void bench_dataset_forget(const char *folder)
{
    char path[PATH_SIZE];
    DIR *stream = opendir(folder);
    const struct dirent *entry;
    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        if (strstr(entry->d_name, ".h5") == NULL ||
            path_join(path, sizeof path, folder, entry->d_name) != OK)
            continue;
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0)
            continue;
        (void)posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        (void)close(file);
    }
    if (stream != NULL)
        (void)closedir(stream);
}
