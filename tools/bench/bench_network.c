/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_network.h"

#include "array.h"
#include "backend_meter.h"
#include "batch.h"
#include "frames.h"
#include "loss.h"
#include "optimizer.h"
#include "philox.h"
#include "precision_setting.h"
#include "stop.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 64, RADIUS = 8, LINES = 3 * NETWORK_LAYERS };
static const double learning_rate = 1e-4;

struct bench_network {
    struct bench_network_options options;
    struct backend *inner, *backend; /* the backend, and the meter around it */
    struct batch shape;
    struct network *network;
    struct loss *loss; /* this and the optimizer: for training */
    struct optimizer *optimizer;
    float *input_values, *target_values, *fluid_values; /* on the host; target: output of a call */
    struct buffer input, target, fluid, gradient;
    double operations; /* of a step or call */
    int64_t done;      /* steps or calls since the last reset */
};

/* ---- samples ---- */

static void draw(float *values, int64_t count, uint64_t first)
{
    for (int64_t i = 0; i < count; i++)
        values[i] = (float)(2 * philox_uniform(1, PHILOX_STREAM_WEIGHTS, first + (uint64_t)i) - 1);
}

static void place_body(float *fluid, int64_t windows)
{
    for (int64_t i = 0; i < windows * SIDE * SIDE; i++) {
        int64_t x = i / SIDE % SIDE - SIDE / 2, y = i % SIDE - SIDE / 2;
        fluid[i] = x * x + y * y > RADIUS * RADIUS ? 1.0F : 0.0F;
    }
}

static enum status make_samples(struct bench_network *self)
{
    const struct batch *shape = &self->shape;
    int64_t inputs = batch_input_count(shape), targets = batch_target_count(shape);
    TRY(ARRAY_NEW(self->input_values, inputs));
    TRY(ARRAY_NEW(self->target_values, targets));
    TRY(ARRAY_NEW(self->fluid_values, batch_fluid_count(shape)));
    draw(self->input_values, inputs, 0);
    draw(self->target_values, targets, (uint64_t)inputs);
    place_body(self->fluid_values, shape->windows);
    const struct backend_ops *ops = self->backend->ops;
    TRY(ops->alloc(self->backend, &self->input, inputs));
    TRY(ops->alloc(self->backend, &self->target, targets));
    TRY(ops->alloc(self->backend, &self->gradient, targets));
    return ops->alloc(self->backend, &self->fluid, batch_fluid_count(shape));
}

/* ---- the network ---- */

static enum status make_training(struct bench_network *self)
{
    const struct batch *shape = &self->shape;
    const int64_t dims[5] = {shape->windows, shape->window.out, shape->nx, shape->ny, FRAME_FIELDS};
    const struct loss_spec losses = {{1, 1}};
    const struct optimizer_options options = {
        .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .decay = 0.01, .clip = 1};
    TRY(loss_create(&self->loss, &losses, self->backend, dims));
    return optimizer_create(&self->optimizer, self->network, self->backend, &options);
}

/* What was set up does not count, nor does the first step, which is the first to touch memory. */
static enum status warm_up(struct bench_network *self)
{
    double samples, operations;
    TRY(bench_network_run(&samples, &operations, self, 0));
    backend_meter_reset(self->backend);
    self->done = 0;
    return OK;
}

static enum status set_up(struct bench_network *self)
{
    const struct bench_network_options *options = &self->options;
    struct network_spec spec;
    double nominal;
    TRY(network_spec_parse(&spec, options->size));
    TRY(backend_open(&self->inner, "auto", options->threads));
    TRY(precision_setting_use(self->inner, options->config,
                              options->use == NETWORK_TRAIN ? "training.precision"
                                                            : "evaluate.precision"));
    TRY(backend_meter_open(&self->backend, self->inner));
    self->shape = (struct batch){.windows = options->batch,
                                 .window = {spec.frames_in, spec.frames_out, 1},
                                 .channels = spec.input_channels,
                                 .nx = SIDE,
                                 .ny = SIDE};
    TRY(network_create(&self->network, &spec, self->backend, options->batch, SIDE, SIDE,
                       options->use));
    TRY(network_initialise(self->network, 1));
    network_spec_flops(&nominal, &self->operations, &spec, SIDE, SIDE);
    TRY(make_samples(self));
    if (options->use == NETWORK_TRAIN)
        TRY(make_training(self));
    return warm_up(self);
}

enum status bench_network_create(struct bench_network **out,
                                 const struct bench_network_options *options)
{
    enum status status = OK;
    struct bench_network *self = calloc(1, sizeof *self);
    TRY_GOTO(self != NULL ? OK : FAIL(ERR_MEMORY, "out of memory"), cleanup);
    self->options = *options;
    TRY_GOTO(set_up(self), cleanup);
    *out = self;
    self = NULL;
cleanup:
    bench_network_destroy(self);
    return status;
}

void bench_network_destroy(struct bench_network *network)
{
    if (network == NULL)
        return;
    struct backend *backend = network->backend;
    optimizer_destroy(network->optimizer);
    loss_destroy(network->loss);
    network_destroy(network->network);
    struct buffer *const buffers[] = {&network->input, &network->target, &network->fluid,
                                      &network->gradient};
    for (size_t i = 0; i < 4 && backend != NULL; i++)
        backend->ops->release(backend, buffers[i]);
    array_free(network->input_values);
    array_free(network->target_values);
    array_free(network->fluid_values);
    backend_close(backend);
    backend_close(network->inner);
    free(network);
}

enum precision bench_network_precision(const struct bench_network *network)
{
    return network->backend->precision;
}

/* ---- at work ---- */

static enum status train(struct bench_network *self)
{
    const struct batch *shape = &self->shape;
    struct backend *backend = self->backend;
    const struct backend_ops *ops = backend->ops;
    struct buffer *output;
    double loss, terms[LOSS_TERMS], norm;
    TRY(ops->upload(backend, &self->input, self->input_values, batch_input_count(shape)));
    TRY(ops->upload(backend, &self->target, self->target_values, batch_target_count(shape)));
    TRY(ops->upload(backend, &self->fluid, self->fluid_values, batch_fluid_count(shape)));
    TRY(network_forward(self->network, &self->input, NETWORK_UPDATE_STATISTICS, &output));
    TRY(loss_evaluate(self->loss, output, &self->target, &self->fluid, &loss, terms,
                      &self->gradient));
    TRY(network_backward(self->network, &self->gradient));
    return optimizer_update(self->optimizer, &norm, learning_rate, ++self->done);
}

static enum status call(struct bench_network *self)
{
    const struct batch *shape = &self->shape;
    struct backend *backend = self->backend;
    struct buffer *output;
    self->done++;
    TRY(backend->ops->upload(backend, &self->input, self->input_values, batch_input_count(shape)));
    TRY(network_forward(self->network, &self->input, NETWORK_KEEP_STATISTICS, &output));
    return backend->ops->download(backend, self->target_values, output, batch_target_count(shape));
}

/* The first layer needs no gradient of its input: its share of the third pass is not done. */
static double operations_of(const struct bench_network *self)
{
    double sum = 0;
    for (int work = METER_CONV_FORWARD; work <= METER_CONV_BACKWARD_WEIGHTS; work++)
        sum += backend_meter_operations(self->backend, -1, (enum meter_work)work);
    return sum;
}

enum status bench_network_run(double *samples, double *operations, struct bench_network *network,
                              double seconds)
{
    int64_t first = network->done;
    double end = stop_clock() + seconds, before = operations_of(network);
    do {
        if (stop_requested(network->options.stop) != STOP_NONE)
            return FAIL(ERR_STOPPED, "stopped; nothing was measured");
        TRY(network->options.use == NETWORK_TRAIN ? train(network) : call(network));
    } while (stop_clock() < end);
    *samples = (double)((network->done - first) * network->options.batch);
    *operations = operations_of(network) - before;
    return OK;
}

/* ---- where the time goes ---- */

struct lines {
    struct bench_part parts[LINES];
    size_t count;
};

static void add_line(struct lines *lines, const struct bench_network *self, int64_t layer,
                     enum meter_work work, const char *name)
{
    double steps = (double)self->done, seconds = backend_meter_seconds(self->backend, layer, work);
    if (seconds <= 0 || lines->count == LINES)
        return;
    struct bench_part *part = &lines->parts[lines->count++];
    *part = (struct bench_part){.seconds = seconds / steps,
                                .operations =
                                    backend_meter_operations(self->backend, layer, work) / steps};
    snprintf(part->name, sizeof part->name, "%s", name);
}

struct layer_names {
    struct lines *lines;
    const struct bench_network *network;
    char last[BENCH_PART_NAME];
    int64_t layer;
};

/* Called for every implementation of every layer: the first of a layer counts. */
static void add_layer(void *context, const char *layer, const char *implementation)
{
    static const char *const passes[] = {"forward", "data", "weights"};
    struct layer_names *names = context;
    (void)implementation;
    if (strcmp(names->last, layer) == 0)
        return;
    snprintf(names->last, sizeof names->last, "%s", layer);
    for (int work = METER_CONV_FORWARD; work <= METER_CONV_BACKWARD_WEIGHTS; work++) {
        char name[BENCH_PART_NAME];
        snprintf(name, sizeof name, "%.40s, %s", layer, passes[work]);
        add_line(names->lines, names->network, names->layer, (enum meter_work)work, name);
    }
    names->layer++;
}

enum status bench_network_break_down(struct bench_report *report, const char *title,
                                     const struct bench_network *network, double peak)
{
    enum status status = OK;
    struct lines *lines = calloc(2, sizeof *lines);
    TRY_GOTO(lines != NULL ? OK : FAIL(ERR_MEMORY, "out of memory"), cleanup);
    for (int work = 0; work < METER_WORKS; work++)
        add_line(&lines[0], network, -1, (enum meter_work)work,
                 backend_meter_word((enum meter_work)work));
    struct layer_names names = {.lines = &lines[1], .network = network};
    network_visit(network->network, add_layer, &names);
    char text[BENCH_PART_NAME];
    snprintf(text, sizeof text, "%s, by kind", title);
    TRY_GOTO(bench_report_break_down(report, text, lines[0].parts, lines[0].count, peak), cleanup);
    snprintf(text, sizeof text, "%s, by layer", title);
    TRY_GOTO(bench_report_break_down(report, text, lines[1].parts, lines[1].count, peak), cleanup);
cleanup:
    free(lines);
    return status;
}
