/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "atomic_file.h"
#include "build_info.h"
#include "case_record.h"
#include "case_source.h"
#include "command.h"
#include "dataset_writer.h"
#include "flow_figures.h"
#include "judged_model.h"
#include "log.h"
#include "metrics.h"
#include "option_table.h"
#include "path.h"
#include "rollout_record.h"
#include "run_folder.h"
#include "session.h"
#include "settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const struct argument_option options[] = {
    {"from", ARGUMENT_TEXT, "SHARD:CASE", 0, 0,
     "begin from a dataset's case: FOLDER:NUMBER or SHARD.h5:POSITION"},
    {"start", ARGUMENT_INTEGER, "FRAME", 2, 1e9,
     "number of the third input frame; default: 2 (--from), the last made (--body)"},
    {"config", ARGUMENT_TEXT, "CONFIG", 0, 0,
     "says canvas, flow and solver (--body) and evaluate.frames; options stand over it"},
    {"frames", ARGUMENT_INTEGER, "N", 1, 100000,
     "frames to forecast; the same as --set evaluate.frames=N"},
    {"refine", ARGUMENT_INTEGER, "R", 1, 8,
     "of the solver that makes the first frames (--body); as --set solver.refine=R"},
    {"backend", ARGUMENT_TEXT, "NAME", 0, 0, "auto, onednn or ref; default: auto"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

struct forecast {
    struct session *session;
    struct case_source source;
    struct judged_model judged;
    struct case_record *record;
    int64_t start, frames, compared; /* frames that a truth stands beside */
    double cost;                     /* seconds of network */
    double *errors;                  /* [compared] relative_l2 of velocity */
    double *persistence;             /* [compared] likewise */
};

/* Velocity errors of the forecast and of persistence where there is a truth. */
static enum status compare(struct forecast *forecast)
{
    const struct case_record *truth = forecast->source.record, *record = forecast->record;
    const float *last = case_record_frame(truth, forecast->start);
    forecast->compared = truth->frames - 1 - forecast->start;
    if (forecast->compared > record->frames - FORECASTER_INPUT_FRAMES)
        forecast->compared = record->frames - FORECASTER_INPUT_FRAMES;
    TRY(ARRAY_NEW(forecast->errors, forecast->compared));
    TRY(ARRAY_NEW(forecast->persistence, forecast->compared));
    for (int64_t t = 0; t < forecast->compared; t++) {
        double values[METRICS_KINDS];
        const float *then = case_record_frame(truth, forecast->start + 1 + t);
        TRY(metrics_compare(values, case_record_frame(record, FORECASTER_INPUT_FRAMES + t), then,
                            truth->mask, &truth->flow));
        forecast->errors[t] = values[METRICS_VELOCITY];
        TRY(metrics_compare(values, last, then, truth->mask, &truth->flow));
        forecast->persistence[t] = values[METRICS_VELOCITY];
    }
    return OK;
}

static enum status compute(struct forecast *forecast)
{
    struct forecaster_start start;
    struct forecaster *network = judged_model_network(&forecast->judged, 0);
    TRY(rollout_record_start(&start, forecast->source.record, forecast->start));
    TRY(rollout_record_make(&forecast->record, network, &start, forecast->frames));
    forecast->cost = network->ops->cost(network);
    if (forecast->record->status != OK)
        log_warning("the forecast ends early: %s", forecast->record->reason);
    TRY(compare(forecast));
    return OK;
}

/* The frames as a dataset of one case, readable like any other. */
static enum status write_frames(const struct forecast *forecast, const char *folder)
{
    enum status status = OK;
    char path[PATH_SIZE], *text = NULL;
    struct dataset_writer *writer = NULL;
    const struct flow *flow = &forecast->record->flow;
    TRY(path_join(path, sizeof path, folder, "frames"));
    TRY(config_write(&text, forecast->session->config, option_table_dataset_keys()));
    const struct dataset_writer_options how = {.folder = path,
                                               .name = "forecast",
                                               .config = text,
                                               .version = build_info_version(),
                                               .cases = 1,
                                               .nx = flow->nx,
                                               .ny = flow->ny,
                                               .frames = forecast->record->frames,
                                               .frame_interval = flow->frame_interval,
                                               .refine = flow->refine,
                                               .existing = DATASET_REFUSE,
                                               .edge =
                                                   settings_edge_name(forecast->session->config)};
    TRY_GOTO(dataset_writer_create(&writer, &how), cleanup);
    struct case_record numbered = *forecast->record; /* the only case of its dataset */
    numbered.flow.index = 0;
    TRY_GOTO(dataset_writer_append(writer, &numbered, SPLIT_TEST_BODY, NULL), cleanup);
    TRY_GOTO(dataset_writer_finish(writer, NULL), cleanup);
cleanup:
    dataset_writer_destroy(writer);
    free(text);
    return status;
}

static enum status write_figures(const struct forecast *forecast, const char *folder)
{
    char path[PATH_SIZE];
    int64_t first = forecast->start - FORECASTER_INPUT_FRAMES + 1;
    const struct flow_figures_movie movie = {
        .title = "Forecast",
        .count = forecast->compared > 0 ? 2 : 1,
        .records = {forecast->record, forecast->source.record},
        .outline = &forecast->source.outline,
        .first = {0, first},
        .names = {"network (first three frames given)", "truth"},
        .frames = forecast->record->frames};
    TRY(path_join(path, sizeof path, folder, "figures"));
    TRY(path_make_folder(path));
    TRY(path_join(path, sizeof path, folder, "figures/fields.png"));
    TRY(flow_figures_fields(path, forecast->record, &forecast->source.outline,
                            forecast->record->frames - 1,
                            "Forecast by the network, begun from three frames of the solver"));
    TRY(path_join(path, sizeof path, folder, "figures/flow.gif"));
    TRY(flow_figures_animation(path, &movie));
    return OK;
}

static double mean(const double *values, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += values[i];
    return count > 0 ? sum / (double)count : nan("");
}

static enum status describe(struct json *root, const struct forecast *forecast)
{
    const struct flow *flow = &forecast->record->flow;
    TRY(json_set(root, "family", json_make_text(flow->family)));
    TRY(json_set(root, "reynolds", json_make_real(flow->reynolds)));
    TRY(json_set(root, "start", json_make_integer(forecast->start)));
    TRY(json_set(root, "frames",
                 json_make_integer(forecast->record->frames - FORECASTER_INPUT_FRAMES)));
    TRY(json_set(root, "network_seconds", json_make_real(forecast->cost)));
    TRY(json_set(root, "solver_seconds",
                 forecast->source.computed ? json_make_real(forecast->source.seconds)
                                           : json_make_null()));
    TRY(json_set(root, "velocity_relative_l2",
                 json_make_reals(forecast->errors, (size_t)forecast->compared)));
    TRY(json_set(root, "persistence_velocity_relative_l2",
                 json_make_reals(forecast->persistence, (size_t)forecast->compared)));
    return OK;
}

static void print_text(const struct forecast *forecast, const char *folder)
{
    char words[128];
    int64_t frames = forecast->record->frames - FORECASTER_INPUT_FRAMES;
    int64_t call = forecast->compared < 3 ? forecast->compared : 3;
    flow_figures_describe(words, sizeof words, &forecast->record->flow);
    printf("flow       %s\nforecast   %lld frames in %.3f s, %.2f ms a frame\n", words,
           (long long)frames, forecast->cost, 1000 * forecast->cost / (double)frames);
    if (forecast->source.computed)
        printf("solver     %.2f s for the first %lld frames (start-up included)\n",
               forecast->source.seconds, (long long)forecast->source.record->frames);
    if (forecast->compared > 0)
        printf("error      %.2f %% over one call, %.2f %% over %lld frames (relative L2 of "
               "velocity)\npersist.   %.2f %% over one call, %.2f %% over %lld frames\n",
               100 * mean(forecast->errors, call), 100 * mean(forecast->errors, forecast->compared),
               (long long)forecast->compared, 100 * mean(forecast->persistence, call),
               100 * mean(forecast->persistence, forecast->compared),
               (long long)forecast->compared);
    if (folder != NULL)
        printf("output     %s\n", folder);
}

static enum status report(const struct forecast *forecast, const char *folder)
{
    enum status status = OK;
    char path[PATH_SIZE], *text = NULL;
    struct json *root = json_make_object();
    if (root == NULL)
        return ERR_MEMORY;
    TRY_GOTO(describe(root, forecast), cleanup);
    if (folder != NULL) {
        TRY_GOTO(json_write(&text, root, JSON_FORM_INDENTED), cleanup);
        TRY_GOTO(path_join(path, sizeof path, folder, "forecast.json"), cleanup);
        TRY_GOTO(atomic_file_write_text(path, text), cleanup);
    }
    if (session_flag(forecast->session, "json")) {
        status = session_print_json(root);
        root = NULL;
    } else {
        print_text(forecast, folder);
    }
cleanup:
    free(text);
    json_destroy(root);
    return status;
}

static enum status make(struct forecast *forecast)
{
    struct session *session = forecast->session;
    const char *folder = arguments_text(session->arguments, "output", NULL);
    TRY(run_folder_check_input(session, arguments_at(session->arguments, 0)));
    TRY(run_folder_check(session, folder));
    int threads = session_flag(session, "threads") ? session->threads : 1; /* one sample is small */
    TRY(judged_model_open(&forecast->judged, session, threads));
    TRY(judged_model_add_network(&forecast->judged, arguments_at(session->arguments, 0), NULL));
    TRY(case_source_open(&forecast->source, session, judged_model_input_frames(&forecast->judged)));
    forecast->frames = config_integer(session->config, "evaluate.frames");
    forecast->start =
        arguments_integer(session->arguments, "start", forecast->source.default_start);
    TRY(compute(forecast));
    if (folder != NULL) {
        TRY(run_folder_open(session, folder, NULL));
        TRY(write_frames(forecast, folder));
        TRY(write_figures(forecast, folder));
    }
    TRY(report(forecast, folder));
    return OK;
}

static const char *const keys[] = {"seed",    "canvas.", "flow.",           "solver.",
                                   "frames.", "bodies",  "evaluate.frames", NULL};

static enum status run(struct session *session)
{
    struct forecast forecast = {.session = session};
    TRY(session_read_config(session, arguments_text(session->arguments, "config", NULL)));
    if (session_flag(session, "print-config"))
        return session_print_config(session);
    enum status status = make(&forecast);
    case_source_close(&forecast.source);
    case_record_destroy(forecast.record);
    judged_model_close(&forecast.judged);
    array_free(forecast.errors);
    array_free(forecast.persistence);
    TRY(status);
    return OK;
}

const struct command command_forecast = {
    .name = "forecast",
    .summary = "Forecasts a flow with a trained network",
    .usage = "MODEL --from SHARD:CASE | --body SHAPE --size CELLS --reynolds RE [--output DIR]",
    .description =
        "Begins with three frames (or as many as the model takes): of a dataset's case, or of a "
        "body in words, for which the\n"
        "solver runs the start-up (its cost is printed apart). Writes the frames as a dataset of\n"
        "one case, a picture and an animation. Where the case goes on, truth stands beside.\n\n"
        "  wakecast forecast run/model.safetensors --body circle --size 11 --reynolds 120\n"
        "  wakecast forecast run/model.safetensors --from data:44 --output look",
    .words_low = 1,
    .words_high = 1,
    .groups = COMMAND_CONFIG | COMMAND_OUTPUT | COMMAND_COMPUTE | COMMAND_JSON | COMMAND_BODY,
    .options = options,
    .keys = keys,
    .run = run};
