/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "network_parts.h"
#include "philox.h"

#include <math.h>
#include <string.h>

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
