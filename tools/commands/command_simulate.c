/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "atomic_file.h"
#include "case_record.h"
#include "chart.h"
#include "command.h"
#include "flow_figures.h"
#include "force_summary.h"
#include "log.h"
#include "number_text.h"
#include "path.h"
#include "progress.h"
#include "run_folder.h"
#include "session.h"
#include "settings_case.h"
#include "settings_plan.h"
#include "simulation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct argument_option options[] = {
    {"case", ARGUMENT_INTEGER, "N", 0, 1e9, "case N of the cases that CONFIG would generate"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

struct outcome {
    struct case_record *record;
    struct flow_outline outline;
    struct force_summary forces;
    double updates, seconds;
};

static void show_progress(void *context, int64_t done, int64_t total)
{
    struct progress *progress = context;
    progress_update(progress, (double)done * progress->total / (double)total, NULL);
}

static enum status read_case(struct flow_case *out, struct settings_outlines *outlines,
                             const struct session *session)
{
    struct case_draw_plan plan;
    if (!session_flag(session, "case"))
        return settings_case(out, outlines, session->config, session->arguments);
    int64_t index = arguments_integer(session->arguments, "case", 0);
    TRY(settings_plan(&plan, outlines, session->config));
    if (index >= case_draw_count(&plan))
        return FAIL(ERR_USAGE, "case %lld is beyond the last of %lld", (long long)index,
                    (long long)case_draw_count(&plan));
    TRY(case_draw(out, NULL, &plan, index));
    return OK;
}

static double count_updates(const struct flow_case *flow_case)
{
    return (double)flow_case_lattice_cells(flow_case) * (double)flow_case->numerics.refine *
           (double)flow_case_total_steps(flow_case);
}

/* Forces are recorded from frame 0 on, and a mean needs some. */
static enum status check_length(const struct flow_case *flow_case)
{
    const struct flow_case_numerics *n = &flow_case->numerics;
    int64_t steps = (n->frames - 1) * n->frame_interval * n->refine;
    if (steps < FORCE_SUMMARY_LEAST_STEPS)
        return FAIL(ERR_CONFIG,
                    "frames.count %lld gives %lld steps of forces, and a mean needs %d; "
                    "frames.count %lld would do",
                    (long long)n->frames, (long long)steps, (int)FORCE_SUMMARY_LEAST_STEPS,
                    (long long)(FORCE_SUMMARY_LEAST_STEPS / (n->frame_interval * n->refine) + 2));
    return OK;
}

static enum status compute(struct outcome *out, struct session *session,
                           const struct flow_case *flow_case)
{
    enum status status = OK;
    struct simulation *simulation = NULL;
    struct progress progress;
    double began = stop_clock();
    TRY(check_length(flow_case));
    progress_begin(&progress, "simulate", "MLUPS", 1e6, count_updates(flow_case), 0);
    const struct simulation_options how = {.threads =
                                               settings_case_threads(flow_case, session->threads),
                                           .stop = &session->stop,
                                           .progress = show_progress,
                                           .progress_context = &progress};
    TRY_GOTO(case_record_create(&out->record, flow_case->nx, flow_case->ny,
                                flow_case->numerics.frames, CASE_RECORD_DROP_STARTS),
             cleanup);
    TRY_GOTO(simulation_create(&simulation, flow_case, &how), cleanup);
    TRY_GOTO(simulation_run(simulation, &out->record->sink), cleanup);
    TRY_GOTO(flow_outline_make(&out->outline, flow_case), cleanup);
    out->updates = simulation_updates(simulation);
    out->seconds = stop_clock() - began;
    TRY_GOTO(force_summary_make(&out->forces, &out->record->flow, out->record->forces,
                                out->record->force_steps),
             cleanup);
cleanup:
    progress_end(&progress);
    simulation_destroy(simulation);
    return status;
}

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

static enum status write_force_series(const char *folder, const struct case_record *record)
{
    enum status status = OK;
    char path[PATH_SIZE], *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    fputs("step,drag,lift\n", stream);
    for (int64_t i = 0; i < record->force_steps; i++)
        fprintf(stream, "%lld,%.9g,%.9g\n", (long long)i, record->forces[2 * i],
                record->forces[2 * i + 1]);
    if (fclose(stream) != 0)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    TRY_GOTO(path_join(path, sizeof path, folder, "forces.csv"), cleanup);
    TRY_GOTO(atomic_file_write(path, text, size), cleanup);
cleanup:
    free(text);
    return status;
}

static enum status describe(struct json *root, const struct outcome *outcome)
{
    const struct flow *flow = &outcome->record->flow;
    const struct force_summary *forces = &outcome->forces;
    const struct {
        const char *key;
        double value;
    } numbers[] = {{"reynolds", flow->reynolds},
                   {"speed", flow->speed},
                   {"length", flow->length},
                   {"tau", flow->tau},
                   {"blockage", flow->blockage},
                   {"strouhal", forces->strouhal},
                   {"strouhal_deviation", forces->strouhal_deviation},
                   {"strouhal_error", forces->strouhal_error},
                   {"strouhal_spectral", forces->strouhal_spectral},
                   {"strouhal_spectral_error", forces->strouhal_spectral_error},
                   {"drag_mean", forces->drag_mean},
                   {"drag_deviation", forces->drag_deviation},
                   {"lift_mean", forces->lift_mean},
                   {"lift_deviation", forces->lift_deviation},
                   {"lift_most", forces->lift_most},
                   {"periods", forces->periods}};
    TRY(json_set(root, "family", json_make_text(flow->family)));
    TRY(json_set(root, "refine", json_make_integer(flow->refine)));
    TRY(json_set(root, "frames", json_make_integer(outcome->record->frames)));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        TRY(json_set(root, numbers[i].key, json_make_real(numbers[i].value)));
    return OK;
}

static void print_text(const struct outcome *outcome)
{
    char words[128], time[32];
    const struct force_summary *forces = &outcome->forces;
    flow_figures_describe(words, sizeof words, &outcome->record->flow);
    number_text_write_time(time, sizeof time, outcome->seconds);
    printf("case       %s\n", words);
    if (isfinite(forces->strouhal))
        printf("Strouhal   %.4f +- %.4f (%.1f periods); by the spectrum %.4f +- %.4f\n",
               forces->strouhal, forces->strouhal_error, forces->periods, forces->strouhal_spectral,
               forces->strouhal_spectral_error);
    else
        printf("Strouhal   none: the lift does not oscillate in the second half\n");
    printf("drag       %.4f (deviation %.4f)\nlift       %.4f (deviation %.4f, largest %.4f)\n",
           forces->drag_mean, forces->drag_deviation, forces->lift_mean, forces->lift_deviation,
           forces->lift_most);
    printf("computed   %lld frames in %s, %.0f MLUPS\n", (long long)outcome->record->frames, time,
           outcome->updates / 1e6 / outcome->seconds);
}

/* simulation.json in the folder (where there is one) and the result to stdout. */
static enum status report(const struct session *session, const struct outcome *outcome,
                          const char *folder)
{
    enum status status = OK;
    char path[PATH_SIZE], *text = NULL;
    struct json *root = json_make_object();
    if (root == NULL)
        return ERR_MEMORY;
    TRY_GOTO(describe(root, outcome), cleanup);
    if (folder != NULL) {
        TRY_GOTO(json_write(&text, root, JSON_FORM_INDENTED), cleanup);
        TRY_GOTO(path_join(path, sizeof path, folder, "simulation.json"), cleanup);
        TRY_GOTO(atomic_file_write_text(path, text), cleanup);
    }
    if (session_flag(session, "json")) {
        status = session_print_json(root);
        root = NULL;
    } else {
        print_text(outcome);
    }
cleanup:
    free(text);
    json_destroy(root);
    return status;
}

static enum status write_figures(const struct outcome *outcome, const char *folder)
{
    char path[PATH_SIZE];
    const struct case_record *record = outcome->record;
    const struct flow_figures_movie movie = {.title = "Flow past a body",
                                             .count = 1,
                                             .records = {record},
                                             .outline = &outcome->outline,
                                             .names = {"vorticity"},
                                             .frames = record->frames};
    TRY(path_join(path, sizeof path, folder, "figures"));
    TRY(path_make_folder(path));
    TRY(path_join(path, sizeof path, folder, "figures/fields.png"));
    TRY(flow_figures_fields(path, record, &outcome->outline, record->frames - 1, NULL));
    TRY(path_join(path, sizeof path, folder, "figures/flow.gif"));
    TRY(flow_figures_animation(path, &movie));
    TRY(write_forces(folder, record));
    TRY(write_force_series(folder, record));
    return OK;
}

static enum status dry_run(const struct session *session, const struct flow_case *flow_case)
{
    struct flow flow;
    char words[128];
    TRY(flow_case_describe(&flow, flow_case));
    flow_figures_describe(words, sizeof words, &flow);
    if (session_flag(session, "json")) {
        struct json *root = json_make_object();
        TRY(root == NULL ? ERR_MEMORY : OK);
        enum status status = json_set(root, "updates", json_make_real(count_updates(flow_case)));
        if (status == OK)
            status = json_set(root, "tau", json_make_real(flow.tau));
        if (status != OK) {
            json_destroy(root);
            return status;
        }
        return session_print_json(root);
    }
    int64_t steps = flow_case_total_steps(flow_case) * flow_case->numerics.refine;
    printf("case       %s\nlattice    %lld cells, %lld steps, tau %.4f, blockage %.3f\n", words,
           (long long)flow_case_lattice_cells(flow_case), (long long)steps, flow.tau,
           flow.blockage);
    return OK;
}

static enum status simulate(struct session *session, const struct flow_case *flow_case)
{
    enum status status = OK;
    struct outcome outcome = {.record = NULL};
    const char *folder = arguments_text(session->arguments, "output", NULL);
    if (session_flag(session, "dry-run"))
        return dry_run(session, flow_case);
    TRY(run_folder_check(session, folder));
    TRY_GOTO(compute(&outcome, session, flow_case), cleanup);
    if (folder != NULL) {
        TRY_GOTO(run_folder_open(session, folder, NULL), cleanup);
        TRY_GOTO(write_figures(&outcome, folder), cleanup);
    }
    TRY_GOTO(report(session, &outcome, folder), cleanup);
cleanup:
    case_record_destroy(outcome.record);
    flow_outline_fini(&outcome.outline);
    return status;
}

static enum status run(struct session *session)
{
    struct flow_case flow_case;
    struct settings_outlines outlines = {.count = 0};
    TRY(session_read_config(session, arguments_at(session->arguments, 0)));
    TRY(settings_outlines_embed(session->config, arguments_at(session->arguments, 0)));
    if (session_flag(session, "print-config"))
        return session_print_config(session);
    enum status status = read_case(&flow_case, &outlines, session);
    if (status == OK)
        status = simulate(session, &flow_case);
    settings_outlines_fini(&outlines);
    return status;
}

const struct command command_simulate = {
    .name = "simulate",
    .summary = "Computes one flow past bodies and shows it: fields, forces, animation",
    .usage = "[CONFIG] [--body SHAPE --size CELLS --reynolds RE] [--output DIR]",
    .description =
        "Prints Strouhal number, drag and lift; with --output, writes pictures, an animation and\n"
        "the force series. Without CONFIG: a circle of 12 cells at Re 100.\n\n"
        "  wakecast simulate --body rectangle --size 10 --reynolds 150 --output look",
    .words_low = 0,
    .words_high = 1,
    .groups = COMMAND_CONFIG | COMMAND_OUTPUT | COMMAND_COMPUTE | COMMAND_DRY_RUN | COMMAND_JSON |
              COMMAND_BODY,
    .options = options,
    .run = run};
