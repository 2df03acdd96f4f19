/* SPDX-License-Identifier: Apache-2.0
 *
 * The tensors of a network as a file names them: a function of its list of layers alone, so that a
 * file can be held against it before anything is built. */
#include "network.h"
#include "network_plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A list that grows; parameters and statistics count their own offsets. */
struct list {
    struct network_tensor *tensors;
    int64_t count, parameters, statistics;
};

static void add_tensor(struct list *list, int64_t layer, const char *name, int64_t rank,
                       const int64_t *dims)
{
    struct network_tensor *tensor = &list->tensors[list->count++];
    *tensor = (struct network_tensor){.rank = rank, .count = 1, .decays = rank > 1};
    snprintf(tensor->name, sizeof tensor->name, "layers.%" PRId64 ".%s", layer, name);
    for (int64_t i = 0; i < rank; i++) {
        tensor->dims[i] = dims[i];
        tensor->count *= dims[i];
    }
    tensor->statistic = strncmp(name, "norm.running", strlen("norm.running")) == 0;
    int64_t *used = tensor->statistic ? &list->statistics : &list->parameters;
    tensor->offset = *used;
    *used += tensor->count;
}

/* PyTorch's order of axes: Conv3d [O, I, ...], ConvTranspose3d [I, O, ...]. */
static void add_layer(struct list *list, int64_t layer, const struct network_step *step,
                      const struct network_spec *spec)
{
    int up = step->kind == NETWORK_UP;
    int64_t out = step->out_channels, in = step->in_channels;
    const int64_t dims[5] = {up ? in : out, up ? out : in, step->kernel[0], step->kernel[1],
                             step->kernel[2]};
    add_tensor(list, layer, "conv.weight", 5, dims);
    if (step->has_bias)
        add_tensor(list, layer, "conv.bias", 1, &out);
    if (!step->has_norm)
        return;
    add_tensor(list, layer, "norm.weight", 1, &out);
    add_tensor(list, layer, "norm.bias", 1, &out);
    if (spec->norm != NETWORK_NORM_BATCH)
        return;
    add_tensor(list, layer, "norm.running_mean", 1, &out);
    add_tensor(list, layer, "norm.running_var", 1, &out);
}

int64_t network_tensor_list(struct network_tensor out[NETWORK_TENSORS],
                            const struct network_spec *spec)
{
    struct network_plan plan;
    struct list list = {.tensors = out};
    int64_t layer = 0;
    if (network_plan_make(&plan, spec) != OK)
        return 0;
    for (int64_t i = 0; i < plan.count; i++)
        if (plan.steps[i].kind != NETWORK_CONCAT)
            add_layer(&list, layer++, &plan.steps[i], spec);
    return list.count;
}
