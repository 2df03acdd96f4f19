/* SPDX-License-Identifier: Apache-2.0 */
#include "simulate_results.h"

#include "array.h"
#include "atomic_file.h"
#include "chart.h"
#include "flow_figures.h"
#include "flow_picture.h"
#include "log.h"
#include "path.h"
#include "simulate_places.h"

#include <stdio.h>
#include <stdlib.h>

/* The force series thinned to what a chart can show; the CSV holds every step. */
static enum status write_forces(const char *folder, const struct case_record *record)
{
    enum { POINTS = 2000 };
    enum status status = OK;
    char stem[PATH_SIZE];
    double *x = NULL, *drag = NULL, *lift = NULL;
    const struct flow *flow = &record->flow;
    int64_t stride = record->force_steps / POINTS + 1, count = record->force_steps / stride;
    double step = flow->speed / (flow->length * (double)flow->refine);
    TRY_GOTO(ARRAY_NEW(x, count), cleanup);
    TRY_GOTO(ARRAY_NEW(drag, count), cleanup);
    TRY_GOTO(ARRAY_NEW(lift, count), cleanup);
    for (int64_t i = 0; i < count; i++) {
        x[i] = (double)(i * stride) * step;
        drag[i] = record->forces[2 * i * stride];
        lift[i] = record->forces[2 * i * stride + 1];
    }
    const struct chart_series series[] = {{.name = "drag Cd", .count = count, .x = x, .y = drag},
                                          {.name = "lift Cl", .count = count, .x = x, .y = lift}};
    const struct chart chart = {.title = "Forces on the body",
                                .x_label = "time t U / D",
                                .y_label = "coefficient",
                                .series = series,
                                .series_count = 2};
    TRY_GOTO(path_join(stem, sizeof stem, folder, "figures/forces"), cleanup);
    status = chart_write(stem, &chart);
    if (status == ERR_UNSUPPORTED) {
        log_warning("no chart was drawn: %s", error_message());
        status = OK;
    }
cleanup:
    array_free(x);
    array_free(drag);
    array_free(lift);
    return status;
}

/* Closes the stream; what went into it becomes the file. */
static enum status write_stream(const char *folder, const char *name, FILE *stream, char **text,
                                const size_t *size)
{
    char path[PATH_SIZE];
    if (fclose(stream) != 0)
        return FAIL(ERR_MEMORY, "out of memory");
    TRY(path_join(path, sizeof path, folder, name));
    TRY(atomic_file_write(path, *text, *size));
    return OK;
}

/* Of all bodies together, then of each. */
static enum status write_force_series(const char *folder, const struct simulate_run *run)
{
    static const char *const names[SIMULATION_LOADS] = {"drag", "lift", "torque"};
    const struct case_record *record = run->record;
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    fputs("step,drag,lift", stream);
    simulate_series_print_names(stream, &run->loads, names, SIMULATION_LOADS);
    fputc('\n', stream);
    for (int64_t i = 0; i < record->force_steps; i++) {
        fprintf(stream, "%lld,%.9g,%.9g", (long long)i, record->forces[2 * i],
                record->forces[2 * i + 1]);
        simulate_series_print_row(stream, &run->loads, i);
        fputc('\n', stream);
    }
    enum status status = write_stream(folder, "forces.csv", stream, &text, &size);
    free(text);
    TRY(status);
    return OK;
}

/* By canvas step from frame 0 on. */
static enum status write_probe_series(const char *folder, const struct simulate_run *run)
{
    static const char *const names[SIMULATION_PROBED] = {"pressure", "u", "v"};
    char *text = NULL;
    size_t size;
    if (run->options.probe_count == 0)
        return OK;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    fputs("step", stream);
    simulate_series_print_names(stream, &run->probes, names, SIMULATION_PROBED);
    fputc('\n', stream);
    for (int64_t i = 0; i < run->probes.rows; i++) {
        int64_t step = (i + 1) * run->options.probe_interval;
        fprintf(stream, "%lld", (long long)step);
        simulate_series_print_row(stream, &run->probes, i);
        fputc('\n', stream);
    }
    enum status status = write_stream(folder, "probes.csv", stream, &text, &size);
    free(text);
    TRY(status);
    return OK;
}

/* The last frame's fields, and all frames in motion. */
static enum status draw(const char *folder, const struct case_record *record,
                        const struct flow_outline *outline, const struct simulate_places *places)
{
    char path[PATH_SIZE];
    const struct flow *flow = &record->flow;
    int64_t last = record->frames - 1;
    struct picture_bodies bodies = {record->sdf, &outline->shown};
    const struct flow_figures_movie movie = {.title = "Flow past a body",
                                             .count = 1,
                                             .records = {record},
                                             .outline = outline,
                                             .names = {"vorticity"},
                                             .frames = record->frames,
                                             .bodies = places->bodies};
    if (places->frames > 0)
        bodies = places->bodies[last];
    TRY(path_join(path, sizeof path, folder, "figures/fields.png"));
    TRY(flow_picture_write_frame(path, flow, case_record_frame(record, last), bodies.sdf,
                                 bodies.outlines,
                                 (double)(flow->first_step + last * flow->frame_interval), NULL));
    TRY(path_join(path, sizeof path, folder, "figures/flow.gif"));
    TRY(flow_figures_animation(path, &movie));
    return OK;
}

enum status simulate_results_write(const char *folder, const struct simulate_run *run,
                                   const struct flow_case *flow_case,
                                   const struct flow_outline *outline)
{
    enum status status = OK;
    char path[PATH_SIZE];
    const struct case_record *record = run->record;
    struct simulate_places places = {.frames = 0};
    TRY_GOTO(path_join(path, sizeof path, folder, "figures"), cleanup);
    TRY_GOTO(path_make_folder(path), cleanup);
    TRY_GOTO(simulate_places_make(&places, flow_case, &record->flow, record->frames), cleanup);
    TRY_GOTO(draw(folder, record, outline, &places), cleanup);
    TRY_GOTO(write_forces(folder, record), cleanup);
    TRY_GOTO(write_force_series(folder, run), cleanup);
    TRY_GOTO(write_probe_series(folder, run), cleanup);
    TRY_GOTO(simulate_places_write(folder, &places, flow_case, &record->flow), cleanup);
cleanup:
    simulate_places_fini(&places);
    return status;
}
