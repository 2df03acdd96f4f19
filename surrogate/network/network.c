/* SPDX-License-Identifier: Apache-2.0
 *
 * Building the network, and what there is to know of it. */
#include "network.h"

#include "network_lifetime.h"
#include "network_parts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The views of a layer, in the order of network_tensor_list. */
static void set_views(struct network *network, struct network_layer_parts *layer, int64_t *next)
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
    int64_t norm = network->spec.norm == NETWORK_NORM_BATCH ? 4 : 2;
    int64_t count = step->has_norm ? 1 + norm : 1 + step->has_bias;
    layer->offset = network->tensors[*next].offset;
    for (int64_t i = 0; i < count; i++) {
        const struct network_tensor *tensor = &network->tensors[(*next)++];
        const struct buffer *arena =
            tensor->statistic ? &network->statistics : &network->parameters;
        *views[i][0] = backend_view(arena, tensor->offset, tensor->count);
        if (!tensor->statistic && network_parts_trains(network))
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
    if (network_parts_trains(network))
        TRY(ops->alloc(network->backend, &network->gradients, network->parameter_count));
    int64_t next = 0;
    for (int64_t i = 0; i < network->plan.count; i++)
        if (network->plan.steps[i].kind != NETWORK_CONCAT)
            set_views(network, &network->layers[i], &next);
    return OK;
}

static int64_t level_rows(const struct network *network, int64_t frames, int64_t level)
{
    return network->batch * frames * (network->nx >> level) * (network->ny >> level);
}

/* Of a layer's activation. */
static enum precision output_precision(const struct network *network, int64_t index)
{
    return index == network->plan.count - 1 ? PRECISION_F32 : network->precision;
}

static enum status create_plans(struct network *network, int64_t index)
{
    const struct backend_ops *ops = network->backend->ops;
    struct network_layer_parts *layer = &network->layers[index];
    struct conv_shape shape =
        network_plan_shape(&network->plan, &layer->step, network->batch, network->nx, network->ny);
    if (network_parts_trains(network))
        shape.need = index == 0 && network->use == NETWORK_TRAIN ? PLAN_WEIGHT_GRADIENTS
                                                                 : PLAN_ALL_GRADIENTS;
    shape.precision = network->precision;
    shape.output = output_precision(network, index);
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
        .kind = network->spec.norm == NETWORK_NORM_GROUP ? NORM_GROUP : NORM_BATCH,
        .samples = network->batch,
        .groups = layer->step.groups,
        .precision = network->precision,
    };
    return ops->norm_create(&layer->norm, network->backend, &norm);
}

struct halo_shape network_parts_halo(const struct network *network, int64_t index)
{
    static const enum halo_rule rules[] = {
        [NETWORK_PADDING_ZERO] = HALO_ZERO,
        [NETWORK_PADDING_REPLICATE] = HALO_REPLICATE,
        [NETWORK_PADDING_REFLECT] = HALO_REFLECT,
        [NETWORK_PADDING_PERIODIC] = HALO_PERIODIC,
    };
    const struct network_step *step = &network->plan.steps[index];
    struct halo_shape shape = {.dims = {network->batch, step->in_frames,
                                        network->nx >> step->in_level,
                                        network->ny >> step->in_level, step->in_channels}};
    for (int side = 0; side < NETWORK_SIDES; side++)
        shape.rules[side] = rules[network->spec.padding[side]];
    return shape;
}

struct window_shape network_parts_window(const struct network *network)
{
    const struct network_spec *spec = &network->spec;
    return (struct window_shape){.samples = network->batch,
                                 .in = spec->frames_in,
                                 .out = spec->frames_out,
                                 .cells = network->nx * network->ny,
                                 .channels = spec->input_channels,
                                 .fields = spec->output_channels};
}

/* A space of the arena; nothing where there is none. */
static struct buffer place(const struct network *network,
                           const struct network_lifetime_space *space)
{
    if (space->count == 0)
        return (struct buffer){0};
    return backend_place(&network->activations, space->offset, space->precision, space->count);
}

static enum status create_activations(struct network *network)
{
    struct network_lifetime lifetime;
    const struct network_lifetime_use use = {.plan = &network->plan,
                                             .delta = network->spec.target == NETWORK_TARGET_DELTA,
                                             .batch = network->batch,
                                             .nx = network->nx,
                                             .ny = network->ny,
                                             .use = network->use,
                                             .precision = network->precision};
    network_lifetime_plan(&lifetime, &use);
    TRY(network->backend->ops->alloc(network->backend, &network->activations,
                                     (int64_t)(lifetime.bytes / sizeof(float))));
    for (int64_t i = 0; i < network->plan.count; i++) {
        struct network_layer_parts *layer = &network->layers[i];
        const struct network_lifetime_space *roles = lifetime.layers[i];
        layer->pre = place(network, &roles[NETWORK_LIFETIME_PRE]);
        layer->post = place(network, &roles[NETWORK_LIFETIME_POST]);
        layer->d_post = place(network, &roles[NETWORK_LIFETIME_D_POST]);
        layer->d_skip = place(network, &roles[NETWORK_LIFETIME_D_SKIP]);
    }
    network->halo[0] = place(network, &lifetime.extras[NETWORK_LIFETIME_HALO]);
    network->halo[1] = place(network, &lifetime.extras[NETWORK_LIFETIME_D_HALO]);
    network->rounded = place(network, &lifetime.extras[NETWORK_LIFETIME_ROUNDED]);
    network->d_input = place(network, &lifetime.extras[NETWORK_LIFETIME_D_INPUT]);
    network->sum = place(network, &lifetime.extras[NETWORK_LIFETIME_SUM]);
    return OK;
}

static enum status create_layers(struct network *network)
{
    for (int64_t i = 0; i < network->plan.count; i++) {
        struct network_layer_parts *layer = &network->layers[i];
        const struct network_step *step = &network->plan.steps[i];
        layer->step = *step;
        layer->rows = level_rows(network, step->out_frames, step->out_level);
        layer->in_count = level_rows(network, step->in_frames, step->in_level) * step->in_channels;
        if (step->kind != NETWORK_CONCAT)
            TRY(create_plans(network, i));
    }
    return create_activations(network);
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
    network->precision = backend->precision;
    network->use = use;
    network->batch = batch;
    network->nx = nx;
    network->ny = ny;
    TRY_GOTO(network_spec_check(spec), cleanup);
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
        struct network_layer_parts *layer = &network->layers[i];
        backend_conv_destroy(layer->conv);
        backend_norm_destroy(layer->norm);
    }
    backend->ops->release(backend, &network->activations);
    backend->ops->release(backend, &network->parameters);
    backend->ops->release(backend, &network->gradients);
    backend->ops->release(backend, &network->statistics);
    free(network);
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
    return network_parts_trains(network) ? &network->gradients : NULL;
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
    const struct network_layer_parts *layer = &network->layers[index];
    const struct network_step *step = &layer->step;
    snprintf(out, size,
             "%" PRId64 ": %s %" PRId64 "->%" PRId64 " to %" PRId64 "x%" PRId64 "x%" PRId64, index,
             kinds[step->kind], step->in_channels, step->out_channels, step->out_frames,
             network->nx >> step->out_level, network->ny >> step->out_level);
    return out;
}

void network_visit(const struct network *network,
                   void (*visit)(void *context, const char *layer, const char *implementation),
                   void *context)
{
    for (int64_t i = 0; i < network->plan.count; i++) {
        const struct network_layer_parts *layer = &network->layers[i];
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

void network_watch_gradients(struct network *network, network_watch_fn watch, void *context)
{
    network->watch = watch;
    network->watch_context = context;
}

enum status network_share_norms(struct network *network, struct shared_sums *sums)
{
    for (int64_t i = 0; i < network->plan.count && network->spec.norm == NETWORK_NORM_BATCH; i++) {
        struct norm_plan *norm = network->layers[i].norm;
        if (norm != NULL && norm->ops->share == NULL)
            return FAIL(ERR_UNSUPPORTED, "backend '%s' cannot share the statistics of norms",
                        network->backend->ops->name);
        if (norm != NULL)
            norm->ops->share(norm, sums);
    }
    return OK;
}

enum status network_refresh(struct network *network)
{
    for (int64_t i = 0; i < network->plan.count; i++) {
        struct network_layer_parts *layer = &network->layers[i];
        if (layer->conv != NULL)
            TRY(layer->conv->ops->refresh(layer->conv, &layer->weights));
    }
    return OK;
}
