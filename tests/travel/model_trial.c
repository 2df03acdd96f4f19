/* SPDX-License-Identifier: Apache-2.0
 *
 * Models for other people's programs to agree with:
 *     model_trial make MODEL LAYERS SWITCHES       a model with drawn weights; SWITCHES as the JSON
 *                                                  of its architecture has them: {"skips":false}
 *     model_trial run MODEL INPUTS OUTPUTS         our forecasts
 *     model_trial pass MODEL INPUTS OUTPUTS        the bare network alone
 * INPUTS and OUTPUTS are safetensors. run: frames (n, t, field, x, y), 3 of them or more, sdf (n,
 * x, y), speed (n) and reynolds (n) as float64 to forecast, like frames but for their number. pass:
 * input to output, (n, c, t, x, y). */
#include "array.h"
#include "json.h"
#include "model.h"
#include "model_architecture.h"
#include "network_forecaster.h"
#include "philox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CANVAS = 32 };

static enum status save_tensor(const char *path, const char *name, const int64_t *dims,
                               int64_t rank, const float *values)
{
    enum status status = OK;
    struct safetensors_writer *writer = NULL;
    TRY_GOTO(safetensors_writer_create(&writer), cleanup);
    TRY_GOTO(safetensors_writer_add(writer, name, SAFETENSORS_F32, dims, rank, values), cleanup);
    TRY_GOTO(safetensors_writer_save(writer, path), cleanup);
cleanup:
    safetensors_writer_destroy(writer);
    return status;
}

/* ---- make ---- */

/* Biases, norms and statistics as a training leaves them: off their first values. */
static void shift_vectors(struct model_snapshot *snapshot, const struct network *network)
{
    for (int64_t i = 0; i < network_tensor_count(network); i++) {
        const struct network_tensor *tensor = network_tensor_at(network, i);
        float *values =
            (tensor->statistic ? snapshot->statistics : snapshot->parameters) + tensor->offset;
        for (int64_t k = 0; k < tensor->count && tensor->rank == 1; k++)
            values[k] +=
                (float)(philox_uniform(7, PHILOX_STREAM_WEIGHTS, (uint64_t)(i << 20 | k)) - 0.3);
    }
}

static enum status save_model(const char *path, struct network *network, struct backend *backend)
{
    enum status status = OK;
    struct safetensors_writer *writer = NULL;
    struct model_snapshot snapshot = {0};
    const struct model_facts facts = {.normalisation = {.scale = {0.4, 0.3, 0.2}},
                                      .version = "0.1.0",
                                      .training = "{}",
                                      .step = 7,
                                      .frame_interval = 100};
    TRY_GOTO(model_take_snapshot(&snapshot, network, backend, facts.step), cleanup);
    shift_vectors(&snapshot, network);
    TRY_GOTO(safetensors_writer_create(&writer), cleanup);
    TRY_GOTO(model_describe(writer, network, &snapshot, &facts), cleanup);
    TRY_GOTO(safetensors_writer_save(writer, path), cleanup);
cleanup:
    safetensors_writer_destroy(writer);
    model_free_snapshot(&snapshot);
    return status;
}

/* The spec of a list of layers with some switches set. */
static enum status make_spec(struct network_spec *spec, const char *layers, const char *switches)
{
    enum status status = OK;
    struct json *json = NULL, *changes = NULL;
    struct json_member member = {0};
    TRY_GOTO(network_spec_parse(spec, layers), cleanup);
    TRY_GOTO(model_architecture_write(&json, spec), cleanup);
    TRY_GOTO(json_read(&changes, switches, strlen(switches), "switches"), cleanup);
    while (json_next(&member, changes))
        TRY_GOTO(json_set(json, member.key, json_make_copy(member.value)), cleanup);
    TRY_GOTO(model_architecture_read(spec, json), cleanup);
cleanup:
    json_destroy(json);
    json_destroy(changes);
    return status;
}

static enum status make(char **words)
{
    enum status status = OK;
    struct network_spec spec;
    struct backend *backend = NULL;
    struct network *network = NULL;
    TRY(make_spec(&spec, words[1], words[2]));
    TRY_GOTO(backend_open(&backend, "ref", 1), cleanup);
    TRY_GOTO(network_create(&network, &spec, backend, 1, CANVAS, CANVAS, NETWORK_FORECAST),
             cleanup);
    TRY_GOTO(network_initialise(network, 3), cleanup);
    TRY_GOTO(save_model(words[0], network, backend), cleanup);
cleanup:
    network_destroy(network);
    backend_close(backend);
    return status;
}

/* ---- run ---- */

struct trial {
    const struct safetensors_tensor *frames, *sdf, *speed, *reynolds;
    int64_t ahead;       /* frames that are forecast */
    float *forecast;     /* (n, ahead, field, x, y) */
    unsigned char *mask; /* of one sample */
};

static enum status find_inputs(struct trial *trial, const struct safetensors *inputs)
{
    trial->frames = safetensors_find(inputs, "frames");
    trial->sdf = safetensors_find(inputs, "sdf");
    trial->speed = safetensors_find(inputs, "speed");
    trial->reynolds = safetensors_find(inputs, "reynolds");
    if (trial->frames == NULL || trial->sdf == NULL || trial->speed == NULL ||
        trial->reynolds == NULL || trial->frames->dims[1] < FORECASTER_INPUT_FRAMES)
        return FAIL(ERR_DATA, "frames, sdf, speed or reynolds is missing");
    int64_t cells = trial->frames->dims[3] * trial->frames->dims[4];
    TRY(ARRAY_NEW(trial->forecast, trial->frames->dims[0] * trial->ahead * FRAME_FIELDS * cells));
    return ARRAY_NEW(trial->mask, cells);
}

static enum status run_sample(struct trial *trial, struct forecaster *forecaster, int64_t n)
{
    struct flow flow = {.nx = trial->frames->dims[3],
                        .ny = trial->frames->dims[4],
                        .frame_interval = 100,
                        .speed = ((const double *)trial->speed->data)[n],
                        .reynolds = ((const double *)trial->reynolds->data)[n]};
    int64_t cells = frames_cells(&flow), size = FRAME_FIELDS * cells;
    int64_t given = trial->frames->dims[1], earlier = given - FORECASTER_INPUT_FRAMES;
    const float *sdf = (const float *)trial->sdf->data + n * cells;
    const float *frames = (const float *)trial->frames->data + (n * given + earlier) * size;
    const struct forecaster_start start = {&flow, sdf, trial->mask, frames, NULL, earlier};
    frames_mask(trial->mask, sdf, cells);
    TRY(forecaster->ops->start(forecaster, &start));
    return forecaster->ops->advance(forecaster, trial->forecast + n * trial->ahead * size,
                                    trial->ahead);
}

static enum status run(char **words)
{
    enum status status = OK;
    struct model *model = NULL;
    struct backend *backend = NULL;
    struct forecaster *forecaster = NULL;
    struct safetensors *inputs = NULL;
    struct trial trial = {0};
    TRY_GOTO(model_load(&model, words[0]), cleanup);
    TRY_GOTO(backend_open(&backend, "auto", 2), cleanup);
    TRY_GOTO(network_forecaster_create(&forecaster, model, backend), cleanup);
    TRY_GOTO(safetensors_open(&inputs, words[1]), cleanup);
    trial.ahead = model->spec.frames_out;
    TRY_GOTO(find_inputs(&trial, inputs), cleanup);
    const int64_t *dims = trial.frames->dims;
    const int64_t answer[5] = {dims[0], trial.ahead, FRAME_FIELDS, dims[3], dims[4]};
    for (int64_t n = 0; n < trial.frames->dims[0]; n++)
        TRY_GOTO(run_sample(&trial, forecaster, n), cleanup);
    TRY_GOTO(save_tensor(words[2], "forecast", answer, 5, trial.forecast), cleanup);
cleanup:
    array_free(trial.forecast);
    array_free(trial.mask);
    safetensors_close(inputs);
    forecaster_destroy(forecaster);
    backend_close(backend);
    model_destroy(model);
    return status;
}

/* ---- pass ---- */

/* From (n, c, cells) to (n, cells, c), or back with the two numbers changed over. */
static void turn(float *to, const float *from, int64_t batch, int64_t channels, int64_t cells)
{
    for (int64_t n = 0; n < batch; n++)
        for (int64_t c = 0; c < channels; c++)
            for (int64_t i = 0; i < cells; i++)
                to[(n * cells + i) * channels + c] = from[(n * channels + c) * cells + i];
}

static enum status pass_through(float *turned, float *out, struct network *network,
                                struct backend *backend, const struct safetensors_tensor *input)
{
    enum status status = OK;
    struct buffer there = {0}, *answer;
    const int64_t *dims = input->dims;
    const struct network_spec *spec = network_get_spec(network);
    int64_t plane = dims[3] * dims[4], cells = dims[2] * plane, count = dims[0] * dims[1] * cells;
    int64_t channels = spec->output_channels, ahead = spec->frames_out * plane;
    turn(turned, input->data, dims[0], dims[1], cells);
    TRY_GOTO(backend->ops->alloc(backend, &there, count), cleanup);
    TRY_GOTO(backend->ops->upload(backend, &there, turned, count), cleanup);
    TRY_GOTO(network_forward(network, &there, NETWORK_KEEP_STATISTICS, &answer), cleanup);
    TRY_GOTO(backend->ops->download(backend, turned, answer, dims[0] * channels * ahead), cleanup);
    turn(out, turned, dims[0], ahead, channels);
cleanup:
    backend->ops->release(backend, &there);
    return status;
}

static enum status pass(char **words)
{
    enum status status = OK;
    struct model *model = NULL;
    struct backend *backend = NULL;
    struct network *network = NULL;
    struct safetensors *inputs = NULL;
    float *turned = NULL, *out = NULL;
    TRY_GOTO(model_load(&model, words[0]), cleanup);
    TRY_GOTO(backend_open(&backend, "auto", 2), cleanup);
    TRY_GOTO(safetensors_open(&inputs, words[1]), cleanup);
    const struct safetensors_tensor *input = safetensors_find(inputs, "input");
    if (input == NULL || input->rank != 5)
        TRY_GOTO(FAIL(ERR_DATA, "input is missing"), cleanup);
    int64_t dims[5] = {input->dims[0], model->spec.output_channels, model->spec.frames_out,
                       input->dims[3], input->dims[4]};
    TRY_GOTO(network_create(&network, &model->spec, backend, dims[0], dims[3], dims[4],
                            NETWORK_FORECAST),
             cleanup);
    TRY_GOTO(model_install(model, network, backend), cleanup);
    TRY_GOTO(ARRAY_NEW(turned, NETWORK_FRAMES_MOST * input->bytes / sizeof *turned), cleanup);
    TRY_GOTO(ARRAY_NEW(out, NETWORK_FRAMES_MOST * input->bytes / sizeof *out), cleanup);
    TRY_GOTO(pass_through(turned, out, network, backend, input), cleanup);
    TRY_GOTO(save_tensor(words[2], "output", dims, 5, out), cleanup);
cleanup:
    array_free(turned);
    array_free(out);
    safetensors_close(inputs);
    network_destroy(network);
    backend_close(backend);
    model_destroy(model);
    return status;
}

int main(int count, char **arguments)
{
    enum status status = ERR_USAGE;
    if (count == 5 && strcmp(arguments[1], "make") == 0)
        status = make(arguments + 2);
    else if (count == 5 && strcmp(arguments[1], "run") == 0)
        status = run(arguments + 2);
    else if (count == 5 && strcmp(arguments[1], "pass") == 0)
        status = pass(arguments + 2);
    else
        fprintf(stderr, "usage: model_trial make MODEL LAYERS SWITCHES | run|pass MODEL IN OUT\n");
    if (status != OK)
        fprintf(stderr, "%s\n%s", error_message(), error_trace_text());
    return (int)status;
}
