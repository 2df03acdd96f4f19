/* SPDX-License-Identifier: Apache-2.0 */
#include "network_parts.h"

#include <assert.h>

enum status network_forward_source(struct network *network, int64_t index,
                                   const struct buffer **out)
{
    struct backend *backend = network->backend;
    const struct buffer *input = network_parts_input(network, index);
    *out = network->plan.halo ? &network->halo[0] : input;
    if (!network->plan.halo)
        return OK;
    struct halo_shape shape = network_parts_halo(network, index);
    return backend->ops->halo(backend, &network->halo[0], input, &shape);
}

static enum status norm_forward(struct network *network, struct network_layer_parts *layer,
                                enum network_statistics statistics)
{
    struct norm_plan *norm = layer->norm;
    const struct buffer *src = network_parts_trains(network) ? &layer->pre : &layer->post;
    int update = statistics == NETWORK_UPDATE_STATISTICS;
    if (network->spec.norm == NETWORK_NORM_GROUP)
        return norm->ops->forward_batch(norm, &layer->post, src, &layer->scale, &layer->shift, NULL,
                                        NULL);
    if (!network_parts_trains(network) || statistics == NETWORK_RUNNING_STATISTICS)
        return norm->ops->forward_running(norm, &layer->post, src, &layer->scale, &layer->shift,
                                          &layer->running_mean, &layer->running_variance);
    return norm->ops->forward_batch(norm, &layer->post, src, &layer->scale, &layer->shift,
                                    update ? &layer->running_mean : NULL,
                                    update ? &layer->running_variance : NULL);
}

static enum status layer_forward(struct network *network, int64_t index,
                                 enum network_statistics statistics)
{
    struct backend *backend = network->backend;
    struct network_layer_parts *layer = &network->layers[index];
    const struct network_step *step = &layer->step;
    const struct buffer *src = network_parts_input(network, index);
    if (step->kind == NETWORK_CONCAT) {
        const struct network_layer_parts *skip = &network->layers[step->skip];
        return backend->ops->concat(backend, &layer->post, src, &skip->post, layer->rows,
                                    step->in_channels, skip->step.out_channels);
    }
    TRY(network_forward_source(network, index, &src));
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

/* The last layer's activation, or for a delta its sum with the last input frame. */
static enum status finish_output(struct network *network, struct buffer **output)
{
    struct backend *backend = network->backend;
    struct network_layer_parts *last = &network->layers[network->plan.count - 1];
    *output = &last->post;
    if (network->spec.target != NETWORK_TARGET_DELTA)
        return OK;
    struct window_shape window = network_parts_window(network);
    int64_t count = last->rows * last->step.out_channels;
    TRY(backend->ops->copy(backend, &network->sum, &last->post, count));
    *output = &network->sum;
    return backend->ops->window_add(backend, &network->sum, &network->input, &window);
}

enum status network_forward(struct network *network, const struct buffer *input,
                            enum network_statistics statistics, struct buffer **output)
{
    assert(input->bytes >= (size_t)network->layers[0].in_count * sizeof(float));
    struct backend *backend = network->backend;
    network->input = *input;
    if (network->rounded.data != NULL)
        TRY(backend->ops->copy(backend, &network->rounded, input, network->layers[0].in_count));
    for (int64_t i = 0; i < network->plan.count; i++)
        TRY(layer_forward(network, i, statistics));
    return finish_output(network, output);
}
