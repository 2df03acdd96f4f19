/* SPDX-License-Identifier: Apache-2.0
 *
 * A checkpoint is two files: `lattice` (lattice_checkpoint.h) and `series`, which is a line that
 * says what it is, the SHA-256 of all that follows as a line, a struct head, the two tables and the
 * record (case_record_bytes.h). `series` is written first: what it has beyond the lattice's frame,
 * when the run ended between the two, is left out when it is read. */
#include "simulate_run.h"

#include "array.h"
#include "atomic_file.h"
#include "case_record_bytes.h"
#include "log.h"
#include "path.h"
#include "sealed_file.h"

#include <stdio.h>
#include <string.h>

static const char title[] = "wakecast simulate 1\n";

static const size_t size_limit = (size_t)1 << 40;

struct head {
    int64_t load_rows, load_columns, probe_rows, probe_columns, probe_interval, record_bytes;
    double places[SIMULATION_PROBES][2];
};

static enum status name_file(char out[PATH_SIZE], const struct simulate_run *run, const char *name)
{
    char folder[PATH_SIZE];
    TRY(path_join(folder, sizeof folder, run->folder, "checkpoints"));
    TRY(path_join(out, PATH_SIZE, folder, name));
    return OK;
}

/* ---- saving ---- */

static void fill_head(struct head *out, const struct simulate_run *run)
{
    memset(out, 0, sizeof *out);
    out->load_rows = run->loads.rows;
    out->load_columns = run->loads.columns;
    out->probe_rows = run->probes.rows;
    out->probe_columns = run->probes.columns;
    out->probe_interval = run->options.probe_interval;
    memcpy(out->places, run->options.probes,
           (size_t)run->options.probe_count * sizeof out->places[0]);
}

static enum status save_series(const struct simulate_run *run, const char *path)
{
    enum status status = OK;
    struct head head;
    unsigned char *record = NULL;
    size_t bytes = 0;
    fill_head(&head, run);
    TRY_GOTO(case_record_bytes_write(&record, &bytes, run->record), cleanup);
    head.record_bytes = (int64_t)bytes;
    size_t loads = (size_t)(head.load_rows * head.load_columns) * sizeof(double);
    size_t probes = (size_t)(head.probe_rows * head.probe_columns) * sizeof(double);
    const struct sealed_part parts[] = {{&head, sizeof head},
                                        {run->loads.values, loads},
                                        {run->probes.values, probes},
                                        {record, bytes}};
    TRY_GOTO(sealed_file_write(path, title, parts, 4), cleanup);
cleanup:
    array_free(record);
    return status;
}

static enum status save(struct simulate_run *run)
{
    char path[PATH_SIZE];
    TRY(path_join(path, sizeof path, run->folder, "checkpoints"));
    TRY(path_make_folder(path));
    TRY(name_file(path, run, "series"));
    TRY(save_series(run, path));
    TRY(name_file(path, run, "lattice"));
    TRY(simulation_save(run->simulation, path));
    run->saved = run->record->frames;
    return OK;
}

/* ---- going on ---- */

static int same_places(const struct head *a, const struct head *b)
{
    for (size_t i = 0; i < SIMULATION_PROBES; i++)
        if (a->places[i][0] != b->places[i][0] || a->places[i][1] != b->places[i][1])
            return 0;
    return 1;
}

static enum status check_head(const struct head *head, const struct simulate_run *run,
                              const char *path, size_t left)
{
    struct head own;
    fill_head(&own, run);
    if (head->load_columns != own.load_columns || head->probe_columns != own.probe_columns ||
        (own.probe_columns > 0 && head->probe_interval != own.probe_interval) ||
        !same_places(head, &own))
        return FAIL(ERR_DATA,
                    "'%s' was begun with other bodies or probes: it cannot be resumed; choose "
                    "another folder or replace it with --force",
                    path);
    size_t tables =
        (size_t)(head->load_rows * head->load_columns + head->probe_rows * head->probe_columns) *
        sizeof(double);
    if (head->load_rows < 0 || head->probe_rows < 0 || head->record_bytes < 0 ||
        tables + (size_t)head->record_bytes != left)
        return FAIL(ERR_DATA, "'%s' holds %zu bytes of series instead of %zu", path, left,
                    tables + (size_t)head->record_bytes);
    return OK;
}

/* The old record's frames before `next`, as if they came from the solver. */
static enum status replay(struct case_record *to, const struct case_record *old, int64_t next,
                          const char *path)
{
    const struct flow *flow = &old->flow;
    int64_t steps = flow->refine * flow->frame_interval, cells = frames_cells(&to->flow);
    if (flow->frame_interval != to->flow.frame_interval || flow->refine != to->flow.refine ||
        flow->first_step != to->flow.first_step || flow->nx != to->flow.nx ||
        flow->ny != to->flow.ny)
        return FAIL(ERR_DATA,
                    "'%s' was begun with frames every %lld steps from step %lld on, not every %lld "
                    "from %lld: it cannot be resumed; replace it with --force",
                    path, (long long)flow->frame_interval, (long long)flow->first_step,
                    (long long)to->flow.frame_interval, (long long)to->flow.first_step);
    if (memcmp(old->sdf, to->sdf, (size_t)cells * sizeof *to->sdf) != 0)
        return FAIL(ERR_DATA,
                    "'%s' was begun with bodies elsewhere: it cannot be resumed; replace it with "
                    "--force",
                    path);
    if (next > to->capacity)
        return FAIL(ERR_CONFIG, "'%s' holds %lld frames already; frames.count %lld would do", path,
                    (long long)next, (long long)next);
    if (old->frames < next || old->force_steps < (next - 1) * steps)
        return FAIL(ERR_DATA, "'%s' holds %lld frames of %lld", path, (long long)old->frames,
                    (long long)next);
    for (int64_t k = 0; k < next; k++) {
        const struct frame frame = {.index = k,
                                    .values = case_record_frame(old, k),
                                    .drag = old->drag[k],
                                    .lift = old->lift[k],
                                    .forces = k > 0 ? old->forces + 2 * steps * (k - 1) : NULL,
                                    .steps = k > 0 ? steps : 0};
        TRY(to->sink.ops->frame(&to->sink, &frame));
    }
    return OK;
}

static enum status take_tables(struct simulate_run *run, const struct head *head,
                               const unsigned char *at, const char *path)
{
    const struct flow *flow = &run->record->flow;
    int64_t intervals = run->first - 1, steps = intervals * flow->refine * flow->frame_interval;
    int64_t samples = run->options.probe_count > 0
                          ? intervals * flow->frame_interval / run->options.probe_interval
                          : 0;
    double *values = NULL;
    if (head->load_rows < (head->load_columns > 0 ? steps : 0) || head->probe_rows < samples)
        return FAIL(ERR_DATA, "'%s' holds the forces of %lld steps of %lld", path,
                    (long long)head->load_rows, (long long)steps);
    int64_t loads = head->load_rows * head->load_columns;
    int64_t probes = head->probe_rows * head->probe_columns;
    TRY(ARRAY_NEW(values, loads + probes));
    memcpy(values, at, (size_t)(loads + probes) * sizeof *values);
    enum status status = simulate_series_append(&run->loads, values, steps);
    if (status == OK)
        status = simulate_series_append(&run->probes, values + loads, samples);
    array_free(values);
    return status;
}

/* All that the frames before `first` left. */
static enum status take(struct simulate_run *run, const unsigned char *image, size_t size,
                        const char *path)
{
    struct head head;
    const unsigned char *parts;
    size_t left;
    struct case_record *old = NULL;
    TRY(sealed_file_open(&parts, &left, image, size, title, "saved simulation", path));
    if (left < sizeof head)
        return FAIL(ERR_DATA, "'%s' is no saved simulation", path);
    memcpy(&head, parts, sizeof head);
    TRY(check_head(&head, run, path, left - sizeof head));
    const unsigned char *record = image + size - head.record_bytes;
    TRY(case_record_bytes_read(&old, record, (size_t)head.record_bytes));
    enum status status = replay(run->record, old, run->first, path);
    if (status == OK)
        status = take_tables(run, &head, parts + sizeof head, path);
    case_record_destroy(old);
    return status;
}

static enum status load_series(struct simulate_run *run)
{
    char path[PATH_SIZE];
    unsigned char *image = NULL;
    size_t size = 0;
    struct frame_sink *record = &run->record->sink;
    TRY(record->ops->begin(record, simulation_flow(run->simulation),
                           simulation_sdf(run->simulation)));
    TRY(name_file(path, run, "series"));
    TRY(atomic_file_read(&image, &size, path, size_limit));
    enum status status = take(run, image, size, path);
    array_free(image);
    TRY(status);
    run->saved = run->first;
    return OK;
}

static enum status go_on(struct simulate_run *run)
{
    char path[PATH_SIZE];
    TRY(name_file(path, run, "lattice"));
    if (!path_exists(path)) {
        log_info("no checkpoint in '%s': the run begins at rest", run->folder);
        return OK;
    }
    enum status status = simulation_load(run->simulation, path);
    if (status != OK)
        return error_prefix(status, "it cannot be resumed (--force replaces it)");
    run->first = simulation_next_frame(run->simulation);
    if (run->first < 1)
        return FAIL(ERR_DATA,
                    "'%s' was begun with frames at other steps: it cannot be resumed; replace it "
                    "with --force",
                    path);
    TRY(load_series(run));
    log_info("going on after %lld frames", (long long)run->first);
    return OK;
}

/* ---- the sink ---- */

static struct simulate_run *run_of(struct frame_sink *sink)
{
    return (struct simulate_run *)sink; /* the sink is the first member */
}

static enum status begin(struct frame_sink *sink, const struct flow *flow, const float *sdf)
{
    struct simulate_run *run = run_of(sink);
    if (run->first == 0) /* else the record has frames already */
        TRY(run->record->sink.ops->begin(&run->record->sink, flow, sdf));
    return OK;
}

static enum status take_frame(struct frame_sink *sink, const struct frame *frame)
{
    struct simulate_run *run = run_of(sink);
    TRY(run->record->sink.ops->frame(&run->record->sink, frame));
    if (run->every > 0 &&
        (run->record->frames % run->every == 0 || run->record->frames == run->record->capacity))
        TRY(save(run));
    return OK;
}

static const struct frame_sink_ops keeping = {
    .name = "simulate", .begin = begin, .frame = take_frame};

static enum status take_details(void *context, const struct simulation_details *details)
{
    struct simulate_run *run = context;
    if (details->bodies > 0)
        TRY(simulate_series_append(&run->loads, details->loads, details->steps));
    TRY(simulate_series_append(&run->probes, details->probes, details->samples));
    return OK;
}

/* ---- the run ---- */

enum status simulate_run_open(struct simulate_run *out, const struct flow_case *flow_case,
                              const struct simulation_options *options, const char *folder,
                              int64_t every, enum simulate_run_start start)
{
    *out = (struct simulate_run){
        .sink.ops = &keeping, .options = *options, .folder = folder, .every = every};
    out->options.details = take_details;
    out->options.details_context = out;
    simulate_series_init(&out->loads, SIMULATION_LOADS * flow_case->body_count);
    simulate_series_init(&out->probes, SIMULATION_PROBED * options->probe_count);
    TRY(simulation_create(&out->simulation, flow_case, &out->options));
    TRY(case_record_create(&out->record, flow_case->nx, flow_case->ny, flow_case->numerics.frames,
                           CASE_RECORD_DROP_STARTS));
    if (start == SIMULATE_RUN_GO_ON)
        TRY(go_on(out));
    return OK;
}

void simulate_run_close(struct simulate_run *run)
{
    simulation_destroy(run->simulation);
    case_record_destroy(run->record);
    simulate_series_fini(&run->loads);
    simulate_series_fini(&run->probes);
    run->simulation = NULL;
    run->record = NULL;
}

enum status simulate_run_compute(struct simulate_run *run)
{
    enum status status = simulation_run(run->simulation, &run->sink);
    if (status != ERR_STOPPED)
        return status;
    if (run->saved > 0)
        return FAIL(ERR_STOPPED, "stopped after %lld of %lld frames; --resume goes on after %lld",
                    (long long)run->record->frames, (long long)run->record->capacity,
                    (long long)run->saved);
    return FAIL(ERR_STOPPED, "stopped after %lld of %lld frames, of which none is kept; %s",
                (long long)run->record->frames, (long long)run->record->capacity,
                run->every > 0 ? "the first checkpoint was not reached"
                               : "with --output and --checkpoint-every it could go on");
}
