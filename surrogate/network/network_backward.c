/* SPDX-License-Identifier: Apache-2.0 */
#include "network_parts.h"

#include <assert.h>

/* From the gradient of the activation to that of the convolution's output; `to` may be `from`. In
 * bf16 the last layer's is rounded on the way. */
static enum status activation_backward(struct network *network, int64_t index, struct buffer *to,
                                       const struct buffer *from)
{
    struct backend *backend = network->backend;
    struct network_layer_parts *layer = &network->layers[index];
    int64_t count = layer->rows * layer->step.out_channels;
    if (layer->step.has_norm)
        return layer->norm->ops->backward(layer->norm, to, &layer->d_scale, &layer->d_shift, from,
                                          &layer->post, &layer->pre, &layer->scale);
    if (layer->step.has_tanh)
        return backend->ops->tanh_backward(backend, to, from, &layer->post, count);
    return backend->ops->copy(backend, to, from, count);
}

static enum status weights_backward(struct network *network, int64_t index,
                                    const struct buffer *gradient)
{
    struct backend *backend = network->backend;
    struct network_layer_parts *layer = &network->layers[index];
    const struct network_step *step = &layer->step;
    int fused_bias = step->has_bias && step->kind != NETWORK_UP;
    const struct buffer *src;
    TRY(network_forward_source(network, index, &src));
    TRY(layer->conv->ops->backward_weights(layer->conv, &layer->d_weights,
                                           fused_bias ? &layer->d_bias : NULL, src, gradient));
    if (step->has_bias && !fused_bias)
        TRY(backend->ops->bias_gradient(backend, &layer->d_bias, gradient, layer->rows,
                                        step->out_channels));
    return OK;
}

static enum status conv_backward(struct network *network, int64_t index, struct buffer *to,
                                 const struct buffer *gradient)
{
    struct backend *backend = network->backend;
    struct conv_plan *conv = network->layers[index].conv;
    if (!network->plan.halo)
        return conv->ops->backward_data(conv, to, gradient);
    struct halo_shape shape = network_parts_halo(network, index);
    TRY(conv->ops->backward_data(conv, &network->halo[1], gradient));
    return backend->ops->halo_adjoint(backend, to, &network->halo[1], &shape);
}

/* `to` gets the gradient of the input of a layer that is not the first. */
static enum status input_backward(struct network *network, int64_t index, struct buffer *to,
                                  const struct buffer *gradient)
{
    struct backend *backend = network->backend;
    struct network_layer_parts *layer = &network->layers[index];
    const struct network_step *step = &layer->step;
    if (step->kind == NETWORK_CONCAT) {
        struct network_layer_parts *skip = &network->layers[step->skip];
        return backend->ops->split(backend, to, &skip->d_skip, gradient, layer->rows,
                                   step->in_channels, skip->step.out_channels);
    }
    TRY(conv_backward(network, index, to, gradient));
    if (network->layers[index - 1].step.feeds_skip)
        TRY(backend->ops->axpy(backend, to, 1.0f, &network->layers[index - 1].d_skip,
                               layer->in_count));
    return OK;
}

/* The gradient of the network's own input, which a delta also reaches past all layers. */
static enum status finish_input(struct network *network, struct buffer *to,
                                const struct buffer *gradient, const struct buffer *output_gradient)
{
    struct backend *backend = network->backend;
    struct window_shape window = network_parts_window(network);
    struct buffer own = *to;
    if (network->precision != to->precision)
        own = network->d_input;
    TRY(conv_backward(network, 0, &own, gradient));
    if (own.data != to->data)
        TRY(backend->ops->copy(backend, to, &own, network->layers[0].in_count));
    if (network->spec.target != NETWORK_TARGET_DELTA)
        return OK;
    return backend->ops->window_add_adjoint(backend, to, output_gradient, &window);
}

/* `input_gradient`: NULL where it is not asked for. */
static enum status backward(struct network *network, const struct buffer *output_gradient,
                            struct buffer *input_gradient)
{
    const struct buffer *gradient = output_gradient;
    for (int64_t i = network->plan.count - 1;; i--) {
        struct network_layer_parts *layer = &network->layers[i];
        if (layer->step.has_tanh || gradient->precision != network->precision) {
            TRY(activation_backward(network, i, &layer->d_post, gradient));
            gradient = &layer->d_post;
        }
        if (layer->step.kind != NETWORK_CONCAT)
            TRY(weights_backward(network, i, gradient));
        if (layer->step.kind != NETWORK_CONCAT && network->watch != NULL)
            TRY(network->watch(network->watch_context, layer->offset));
        if (i == 0)
            break;
        struct buffer *to = &network->layers[i - 1].d_post;
        TRY(input_backward(network, i, to, gradient));
        gradient = to;
    }
    return input_gradient == NULL
               ? OK
               : finish_input(network, input_gradient, gradient, output_gradient);
}

enum status network_backward(struct network *network, const struct buffer *output_gradient)
{
    assert(network_parts_trains(network) && network->input.data != NULL);
    return backward(network, output_gradient, NULL);
}

enum status network_backward_through(struct network *network, const struct buffer *output_gradient,
                                     struct buffer *input_gradient)
{
    assert(network->use == NETWORK_TRAIN_THROUGH && network->input.data != NULL);
    return backward(network, output_gradient, input_gradient);
}
