/* SPDX-License-Identifier: Apache-2.0 */
#include "atomic_file.h"
#include "case_record.h"
#include "command.h"
#include "flow_figures.h"
#include "force_summary.h"
#include "number_text.h"
#include "path.h"
#include "progress.h"
#include "run_folder.h"
#include "session.h"
#include "settings_case.h"
#include "settings_plan.h"
#include "simulate_results.h"
#include "simulate_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct argument_option options[] = {
    {"case", ARGUMENT_INTEGER, "N", 0, 1e9, "case N of the cases that CONFIG would generate"},
    {"checkpoint-every", ARGUMENT_INTEGER, "FRAMES", 1, 1e9,
     "keeps all that --resume needs, every so many frames; without it a stopped run keeps nothing"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

struct outcome {
    struct simulate_run run;
    const struct case_record *record; /* the run's */
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

/* The places of `probes`. */
static enum status read_probes(struct simulation_options *out, const struct config *config)
{
    char key[64];
    size_t count = config_count(config, "probes");
    if (count > SIMULATION_PROBES)
        return config_fault(config, "probes", "%zu probes; at most %d would do", count,
                            SIMULATION_PROBES);
    for (size_t i = 0; i < count; i++)
        for (int axis = 0; axis < 2; axis++) {
            snprintf(key, sizeof key, "probes[%zu].%c", i, "xy"[axis]);
            out->probes[i][axis] = config_real(config, key);
        }
    out->probe_count = (int64_t)count;
    out->probe_interval = config_integer(config, "simulate.probe_interval");
    return OK;
}

static int keeps_checkpoints(const struct session *session)
{
    return session_flag(session, "checkpoint-every") || session_flag(session, "resume");
}

static enum status compute(struct outcome *out, struct session *session, const char *folder,
                           const struct flow_case *flow_case)
{
    enum status status = OK;
    struct progress progress;
    double began = stop_clock();
    TRY(check_length(flow_case));
    progress_begin(&progress, "simulate", "MLUPS", 1e6, count_updates(flow_case), 0);
    struct simulation_options how = {.threads = settings_case_threads(flow_case, session->threads),
                                     .stop = &session->stop,
                                     .progress = show_progress,
                                     .progress_context = &progress};
    TRY_GOTO(read_probes(&how, session->config), cleanup);
    TRY_GOTO(simulate_run_open(&out->run, flow_case, &how, folder,
                               arguments_integer(session->arguments, "checkpoint-every", 0),
                               session_flag(session, "resume") ? SIMULATE_RUN_GO_ON
                                                               : SIMULATE_RUN_FROM_REST),
             cleanup);
    if (keeps_checkpoints(session)) /* what is refused leaves the folder as it was */
        TRY_GOTO(run_folder_open(session, folder, NULL), cleanup);
    TRY_GOTO(simulate_run_compute(&out->run), cleanup);
    out->record = out->run.record;
    TRY_GOTO(flow_outline_make(&out->outline, flow_case), cleanup);
    out->updates = simulation_updates(out->run.simulation);
    out->seconds = stop_clock() - began;
    TRY_GOTO(force_summary_make(&out->forces, &out->record->flow, out->record->forces,
                                out->record->force_steps),
             cleanup);
cleanup:
    progress_end(&progress);
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
                   {"drag_error", forces->drag_error},
                   {"drag_deviation", forces->drag_deviation},
                   {"lift_mean", forces->lift_mean},
                   {"lift_error", forces->lift_error},
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
    printf("drag       %.4f +- %.4f (deviation %.4f)\n", forces->drag_mean, forces->drag_error,
           forces->drag_deviation);
    printf("lift       %.4f +- %.4f (deviation %.4f, largest %.4f)\n", forces->lift_mean,
           forces->lift_error, forces->lift_deviation, forces->lift_most);
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

/* Those of the configuration would do. */
static enum status check_probes(const struct session *session, const struct flow_case *flow_case)
{
    struct simulation *simulation = NULL;
    struct simulation_options how = {.threads = 1};
    TRY(read_probes(&how, session->config));
    if (how.probe_count == 0)
        return OK;
    TRY(simulation_create(&simulation, flow_case, &how));
    simulation_destroy(simulation);
    return OK;
}

static enum status dry_run(const struct session *session, const struct flow_case *flow_case)
{
    struct flow flow;
    char words[128];
    TRY(check_probes(session, flow_case));
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
    if (keeps_checkpoints(session) && folder == NULL)
        return FAIL(ERR_USAGE, "option '--%s' needs --output DIR",
                    session_flag(session, "resume") ? "resume" : "checkpoint-every");
    TRY(run_folder_check(session, folder));
    TRY_GOTO(compute(&outcome, session, folder, flow_case), cleanup);
    if (folder != NULL) {
        if (!keeps_checkpoints(session))
            TRY_GOTO(run_folder_open(session, folder, NULL), cleanup);
        TRY_GOTO(simulate_results_write(folder, &outcome.run, flow_case, &outcome.outline),
                 cleanup);
    }
    TRY_GOTO(report(session, &outcome, folder), cleanup);
cleanup:
    simulate_run_close(&outcome.run);
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
        "Prints Strouhal number, drag and lift; with --output, writes pictures, an animation, the\n"
        "series of forces (of all bodies, then of each with its torque) and of the probes. With\n"
        "--checkpoint-every, a run that was stopped goes on by --resume to the same bits. Without\n"
        "CONFIG: a circle of 12 cells at Re 100.\n\n"
        "  wakecast simulate --body rectangle --size 10 --reynolds 150 --output look",
    .words_low = 0,
    .words_high = 1,
    .groups = COMMAND_CONFIG | COMMAND_OUTPUT | COMMAND_RESUME | COMMAND_COMPUTE | COMMAND_DRY_RUN |
              COMMAND_JSON | COMMAND_BODY,
    .options = options,
    .run = run};
