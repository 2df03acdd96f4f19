/* SPDX-License-Identifier: Apache-2.0
 *
 * Building and running the network. Forward keeps, for each layer, what its backward needs: the
 * convolution's output where a norm follows (else the tanh is taken in place) and the activation.
 * Backward carries one gradient down the list in two buffers used in turn; the gradient of a skip
 * waits in a buffer of its own until the walk reaches the encoder layer that fed it. */
#include "network.h"

#include "network_plan.h"
#include "philox.h"

#include "array.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct layer {
    struct network_step step;
    int64_t rows;       /* n t x y of the output */
    int64_t in_count;   /* floats of the input */
    struct buffer pre;  /* (rows, c): the convolution's output; no data of its own without a norm */
    struct buffer post; /* (rows, c): the activation */
    struct buffer d_skip; /* gradient through the skip, where the layer feeds one */
    struct conv_plan *conv;
    struct norm_plan *norm;
    /* views of the arenas; bytes 0 where there is none */
    struct buffer weights, bias, scale, shift, running_mean, running_variance;
    struct buffer d_weights, d_bias, d_scale, d_shift;
};

struct network {
    struct network_spec spec;
    struct network_plan plan;
    struct backend *backend;
    enum network_use use;
    int64_t batch, nx, ny;
    struct layer layers[NETWORK_LAYERS];
    struct network_tensor tensors[NETWORK_TENSORS];
    int64_t tensor_count, parameter_count, statistic_count;
    struct buffer parameters, gradients, statistics;
    struct buffer carried[2]; /* gradients on their way down */
    struct buffer input;      /* of the last forward; borrowed */
};

/* The views of a layer, in the order of network_tensor_list. */
static void set_views(struct network *network, struct layer *layer, int64_t *next)
{
    const struct network_step *step = &layer->step;
    struct buffer *const views[][2] = {
        {&layer->weights, &layer->d_weights},
        {step->has_bias ? &layer->bias : &layer->scale,
         step->has_bias ? &layer->d_bias : &layer->d_scale},
        {&layer->shift, &layer->d_shift},
        {&layer->running_mean, NULL},
        {&layer->running_variance, NULL},
    };
    int64_t count = step->has_norm ? 5 : 1 + step->has_bias;
    for (int64_t i = 0; i < count; i++) {
        const struct network_tensor *tensor = &network->tensors[(*next)++];
        const struct buffer *arena =
            tensor->statistic ? &network->statistics : &network->parameters;
        *views[i][0] = backend_view(arena, tensor->offset, tensor->count);
        if (!tensor->statistic && network->use == NETWORK_TRAIN)
            *views[i][1] = backend_view(&network->gradients, tensor->offset, tensor->count);
    }
}

static enum status create_arenas(struct network *network)
{
    const struct backend_ops *ops = network->backend->ops;
    network->tensor_count = network_tensor_list(network->tensors, &network->spec);
    for (int64_t i = 0; i < network->tensor_count; i++) {
        const struct network_tensor *tensor = &network->tensors[i];
        if (tensor->statistic)
            network->statistic_count += tensor->count;
        else
            network->parameter_count += tensor->count;
    }
    TRY(ops->alloc(network->backend, &network->parameters, network->parameter_count));
    TRY(ops->alloc(network->backend, &network->statistics, network->statistic_count));
    if (network->use == NETWORK_TRAIN)
        TRY(ops->alloc(network->backend, &network->gradients, network->parameter_count));
    int64_t next = 0;
    for (int64_t i = 0; i < network->plan.count; i++)
        if (network->plan.steps[i].kind != NETWORK_CONCAT)
            set_views(network, &network->layers[i], &next);
    return OK;
}

static int64_t level_rows(const struct network *network, int64_t level)
{
    return network->batch * network->spec.frames_in * (network->nx >> level) *
           (network->ny >> level);
}

static enum status create_plans(struct network *network, int64_t index)
{
    const struct backend_ops *ops = network->backend->ops;
    struct layer *layer = &network->layers[index];
    struct conv_shape shape =
        network_plan_shape(&layer->step, &network->spec, network->batch, network->nx, network->ny);
    if (network->use == NETWORK_TRAIN)
        shape.need = index == 0 ? PLAN_WEIGHT_GRADIENTS : PLAN_ALL_GRADIENTS;
    if (layer->step.kind == NETWORK_UP)
        TRY(ops->deconv3d_create(&layer->conv, network->backend, &shape));
    else
        TRY(ops->conv3d_create(&layer->conv, network->backend, &shape));
    if (!layer->step.has_norm)
        return OK;
    const struct norm_shape norm = {
        .rows = layer->rows,
        .channels = layer->step.out_channels,
        .activation = layer->step.has_tanh ? NORM_TANH : NORM_LINEAR,
        .need = shape.need,
    };
    return ops->norm_create(&layer->norm, network->backend, &norm);
}

static enum status create_layer(struct network *network, int64_t index)
{
    struct backend *backend = network->backend;
    struct layer *layer = &network->layers[index];
    int64_t count = layer->rows * layer->step.out_channels;
    TRY(backend->ops->alloc(backend, &layer->post, count));
    if (layer->step.has_norm && network->use == NETWORK_TRAIN)
        TRY(backend->ops->alloc(backend, &layer->pre, count));
    if (layer->step.feeds_skip && network->use == NETWORK_TRAIN)
        TRY(backend->ops->alloc(backend, &layer->d_skip, count));
    return layer->step.kind == NETWORK_CONCAT ? OK : create_plans(network, index);
}

static enum status create_layers(struct network *network)
{
    int64_t largest = 0;
    for (int64_t i = 0; i < network->plan.count; i++) {
        struct layer *layer = &network->layers[i];
        const struct network_step *step = &network->plan.steps[i];
        layer->step = *step;
        layer->rows = level_rows(network, step->out_level);
        layer->in_count = level_rows(network, step->in_level) * step->in_channels;
        if (largest < layer->rows * step->out_channels)
            largest = layer->rows * step->out_channels;
        TRY(create_layer(network, i));
    }
    for (int i = 0; i < 2 && network->use == NETWORK_TRAIN; i++)
        TRY(network->backend->ops->alloc(network->backend, &network->carried[i], largest));
    return OK;
}

static enum status check_canvas(const struct network_plan *plan, int64_t batch, int64_t nx,
                                int64_t ny)
{
    int64_t unit = (int64_t)1 << plan->levels;
    if (batch < 1 || nx < unit || ny < unit || nx % unit != 0 || ny % unit != 0)
        return FAIL(ERR_CONFIG,
                    "a batch of %" PRId64 " on a canvas of %" PRId64 " x %" PRId64
                    " does not fit the network: it halves the canvas %" PRId64
                    " times, so both sides must be multiples of %" PRId64,
                    batch, nx, ny, plan->levels, unit);
    return OK;
}

/* TODO(switches): those that this file does not carry out yet (issue 6). */
static enum status check_switches(const struct network_spec *spec)
{
    int plain = spec->norm != NETWORK_NORM_GROUP && spec->output == NETWORK_OUTPUT_LINEAR &&
                spec->target == NETWORK_TARGET_DIRECT && spec->frames_in == spec->frames_out;
    for (int side = 0; side < NETWORK_SIDES; side++)
        plain &= spec->padding[side] == NETWORK_PADDING_ZERO;
    return plain ? OK : FAIL(ERR_UNSUPPORTED, "one of the network's switches cannot be used yet");
}

enum status network_create(struct network **out, const struct network_spec *spec,
                           struct backend *backend, int64_t batch, int64_t nx, int64_t ny,
                           enum network_use use)
{
    enum status status = OK;
    struct network *network = calloc(1, sizeof *network);
    if (network == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a network");
    network->spec = *spec;
    network->backend = backend;
    network->use = use;
    network->batch = batch;
    network->nx = nx;
    network->ny = ny;
    TRY_GOTO(network_spec_check(spec), cleanup);
    TRY_GOTO(check_switches(spec), cleanup);
    TRY_GOTO(network_plan_make(&network->plan, spec), cleanup);
    TRY_GOTO(check_canvas(&network->plan, batch, nx, ny), cleanup);
    TRY_GOTO(create_layers(network), cleanup);
    TRY_GOTO(create_arenas(network), cleanup);
    *out = network;
    network = NULL;
cleanup:
    network_destroy(network);
    return status;
}

void network_destroy(struct network *network)
{
    if (network == NULL)
        return;
    struct backend *backend = network->backend;
    for (int64_t i = 0; i < network->plan.count; i++) {
        struct layer *layer = &network->layers[i];
        backend_conv_destroy(layer->conv);
        backend_norm_destroy(layer->norm);
        backend->ops->release(backend, &layer->pre);
        backend->ops->release(backend, &layer->post);
        backend->ops->release(backend, &layer->d_skip);
    }
    for (int i = 0; i < 2; i++)
        backend->ops->release(backend, &network->carried[i]);
    backend->ops->release(backend, &network->parameters);
    backend->ops->release(backend, &network->gradients);
    backend->ops->release(backend, &network->statistics);
    free(network);
}

/* Inputs that reach one output: a transposed convolution of stride s spreads its taps over s^2
 * outputs. */
static double fan_in(const struct network_step *step)
{
    double fan = (double)network_plan_weights(step) / (double)step->out_channels;
    return step->kind == NETWORK_UP ? fan / 4 : fan;
}

static void draw_weights(float *values, const struct network_tensor *tensor,
                         const struct network_step *step, uint64_t seed)
{
    double gain = step->has_tanh ? 5.0 / 3.0 : 1.0, bound = gain * sqrt(3.0 / fan_in(step));
    for (int64_t i = 0; i < tensor->count; i++) {
        uint64_t index = (uint64_t)(tensor->offset + i);
        double uniform = philox_uniform(seed, PHILOX_STREAM_WEIGHTS, index);
        values[tensor->offset + i] = (float)(bound * (2.0 * uniform - 1.0));
    }
}

static void fill_ones(float *values, int64_t offset, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        values[offset + i] = 1.0f;
}

static void draw_tensors(const struct network *network, float *parameters, float *statistics,
                         uint64_t seed)
{
    int64_t layer = -1;
    for (int64_t i = 0; i < network->tensor_count; i++) {
        const struct network_tensor *tensor = &network->tensors[i];
        if (tensor->decays) {
            do
                layer++;
            while (network->layers[layer].step.kind == NETWORK_CONCAT);
            draw_weights(parameters, tensor, &network->layers[layer].step, seed);
        } else if (strstr(tensor->name, "norm.weight") != NULL) {
            fill_ones(parameters, tensor->offset, tensor->count);
        } else if (strstr(tensor->name, "norm.running_var") != NULL) {
            fill_ones(statistics, tensor->offset, tensor->count);
        }
    }
}

enum status network_initialise(struct network *network, uint64_t seed)
{
    enum status status = OK;
    struct backend *backend = network->backend;
    float *parameters = NULL, *statistics = NULL;
    TRY_GOTO(ARRAY_NEW(parameters, network->parameter_count), cleanup);
    TRY_GOTO(ARRAY_NEW(statistics, network->statistic_count), cleanup);
    draw_tensors(network, parameters, statistics, seed);
    TRY_GOTO(
        backend->ops->upload(backend, &network->parameters, parameters, network->parameter_count),
        cleanup);
    TRY_GOTO(
        backend->ops->upload(backend, &network->statistics, statistics, network->statistic_count),
        cleanup);
    TRY_GOTO(network_refresh(network), cleanup);
cleanup:
    array_free(parameters);
    array_free(statistics);
    return status;
}

const struct network_spec *network_get_spec(const struct network *network)
{
    return &network->spec;
}

int64_t network_tensor_count(const struct network *network)
{
    return network->tensor_count;
}

const struct network_tensor *network_tensor_at(const struct network *network, int64_t index)
{
    assert(index >= 0 && index < network->tensor_count);
    return &network->tensors[index];
}

struct buffer *network_parameters(struct network *network)
{
    return &network->parameters;
}

struct buffer *network_gradients(struct network *network)
{
    return network->use == NETWORK_TRAIN ? &network->gradients : NULL;
}

struct buffer *network_statistics(struct network *network)
{
    return &network->statistics;
}

int64_t network_parameter_count(const struct network *network)
{
    return network->parameter_count;
}

int64_t network_statistic_count(const struct network *network)
{
    return network->statistic_count;
}

static const char *visit_text(char *out, size_t size, const struct network *network, int64_t index)
{
    static const char *const kinds[] = {"conv", "down", "up", "concat"};
    const struct layer *layer = &network->layers[index];
    const struct network_step *step = &layer->step;
    snprintf(out, size,
             "%" PRId64 ": %s %" PRId64 "->%" PRId64 " to %" PRId64 "x%" PRId64 "x%" PRId64, index,
             kinds[step->kind], step->in_channels, step->out_channels, network->spec.frames_in,
             network->nx >> step->out_level, network->ny >> step->out_level);
    return out;
}

void network_visit(const struct network *network,
                   void (*visit)(void *context, const char *layer, const char *implementation),
                   void *context)
{
    for (int64_t i = 0; i < network->plan.count; i++) {
        const struct layer *layer = &network->layers[i];
        char text[128];
        visit_text(text, sizeof text, network, i);
        const char *name = NULL;
        for (int64_t k = 0; layer->conv != NULL; k++) {
            if ((name = layer->conv->ops->implementation(layer->conv, k)) == NULL)
                break;
            visit(context, text, name);
        }
        for (int64_t k = 0; layer->norm != NULL; k++) {
            if ((name = layer->norm->ops->implementation(layer->norm, k)) == NULL)
                break;
            visit(context, text, name);
        }
    }
}

enum status network_refresh(struct network *network)
{
    for (int64_t i = 0; i < network->plan.count; i++) {
        struct layer *layer = &network->layers[i];
        if (layer->conv != NULL)
            TRY(layer->conv->ops->refresh(layer->conv, &layer->weights));
    }
    return OK;
}

static const struct buffer *layer_input(const struct network *network, int64_t index)
{
    return index == 0 ? &network->input : &network->layers[index - 1].post;
}

static enum status norm_forward(struct network *network, struct layer *layer,
                                enum network_statistics statistics)
{
    struct norm_plan *norm = layer->norm;
    if (network->use == NETWORK_FORECAST)
        return norm->ops->forward_running(norm, &layer->post, &layer->post, &layer->scale,
                                          &layer->shift, &layer->running_mean,
                                          &layer->running_variance);
    int update = statistics == NETWORK_UPDATE_STATISTICS;
    return norm->ops->forward_batch(norm, &layer->post, &layer->pre, &layer->scale, &layer->shift,
                                    update ? &layer->running_mean : NULL,
                                    update ? &layer->running_variance : NULL);
}

static enum status layer_forward(struct network *network, int64_t index,
                                 enum network_statistics statistics)
{
    struct backend *backend = network->backend;
    struct layer *layer = &network->layers[index];
    const struct network_step *step = &layer->step;
    const struct buffer *src = layer_input(network, index);
    if (step->kind == NETWORK_CONCAT) {
        const struct layer *skip = &network->layers[step->skip];
        return backend->ops->concat(backend, &layer->post, src, &skip->post, layer->rows,
                                    step->in_channels, skip->step.out_channels);
    }
    int fused_bias = step->has_bias && step->kind != NETWORK_UP;
    struct buffer *dst = layer->pre.data != NULL ? &layer->pre : &layer->post;
    TRY(layer->conv->ops->forward(layer->conv, dst, src, fused_bias ? &layer->bias : NULL));
    if (step->has_norm)
        return norm_forward(network, layer, statistics);
    if (step->has_bias && !fused_bias)
        TRY(backend->ops->bias_add(backend, dst, &layer->bias, layer->rows, step->out_channels));
    if (step->has_tanh)
        TRY(backend->ops->tanh_forward(backend, dst, dst, layer->rows * step->out_channels));
    return OK;
}

enum status network_forward(struct network *network, const struct buffer *input,
                            enum network_statistics statistics, struct buffer **output)
{
    assert(input->bytes >= (size_t)network->layers[0].in_count * sizeof(float));
    network->input = *input;
    for (int64_t i = 0; i < network->plan.count; i++)
        TRY(layer_forward(network, i, statistics));
    *output = &network->layers[network->plan.count - 1].post;
    return OK;
}

/* From the gradient of the activation to that of the convolution's output, in place. */
static enum status activation_backward(struct network *network, struct layer *layer,
                                       struct buffer *gradient)
{
    struct backend *backend = network->backend;
    if (layer->step.has_norm)
        return layer->norm->ops->backward(layer->norm, gradient, &layer->d_scale, &layer->d_shift,
                                          gradient, &layer->post, &layer->pre, &layer->scale);
    return backend->ops->tanh_backward(backend, gradient, gradient, &layer->post,
                                       layer->rows * layer->step.out_channels);
}

static enum status weights_backward(struct network *network, int64_t index,
                                    const struct buffer *gradient)
{
    struct backend *backend = network->backend;
    struct layer *layer = &network->layers[index];
    const struct network_step *step = &layer->step;
    int fused_bias = step->has_bias && step->kind != NETWORK_UP;
    TRY(layer->conv->ops->backward_weights(layer->conv, &layer->d_weights,
                                           fused_bias ? &layer->d_bias : NULL,
                                           layer_input(network, index), gradient));
    if (step->has_bias && !fused_bias)
        TRY(backend->ops->bias_gradient(backend, &layer->d_bias, gradient, layer->rows,
                                        step->out_channels));
    return OK;
}

/* `to` gets the gradient of the layer's input. */
static enum status input_backward(struct network *network, int64_t index, struct buffer *to,
                                  const struct buffer *gradient)
{
    struct backend *backend = network->backend;
    struct layer *layer = &network->layers[index];
    const struct network_step *step = &layer->step;
    if (step->kind == NETWORK_CONCAT) {
        struct layer *skip = &network->layers[step->skip];
        return backend->ops->split(backend, to, &skip->d_skip, gradient, layer->rows,
                                   step->in_channels, skip->step.out_channels);
    }
    TRY(layer->conv->ops->backward_data(layer->conv, to, gradient));
    if (network->layers[index - 1].step.feeds_skip)
        TRY(backend->ops->axpy(backend, to, 1.0f, &network->layers[index - 1].d_skip,
                               layer->in_count));
    return OK;
}

enum status network_backward(struct network *network, const struct buffer *output_gradient)
{
    assert(network->use == NETWORK_TRAIN && network->input.data != NULL);
    const struct buffer *gradient = output_gradient;
    struct buffer carried = {0};
    for (int64_t i = network->plan.count - 1; i >= 0; i--) {
        struct layer *layer = &network->layers[i];
        if (layer->step.has_tanh)
            TRY(activation_backward(network, layer, &carried));
        if (layer->step.kind != NETWORK_CONCAT)
            TRY(weights_backward(network, i, gradient));
        if (i == 0)
            break;
        struct buffer to = backend_view(&network->carried[i % 2], 0, layer->in_count);
        TRY(input_backward(network, i, &to, gradient));
        carried = to;
        gradient = &carried;
    }
    return OK;
}
