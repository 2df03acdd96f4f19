/* SPDX-License-Identifier: Apache-2.0
 *
 * The network's layers as nodes, between what model_onnx_frames.c adds before and behind. Inside,
 * tensors are PyTorch's (n, c, t, x, y), and values are named after the layers. */
#include "model_onnx.h"

#include "model_onnx_frames.h"
#include "network_plan.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

static const float epsilon = 1e-5F; /* of norms; backend.h */

enum { NAME = NETWORK_NAME + 16, GROUPS_MOST = 4096 };

/* ---- the network ---- */

static void add_tensors(struct onnx_graph *graph, const struct model *model)
{
    struct network_tensor tensors[NETWORK_TENSORS];
    int64_t count = network_tensor_list(tensors, &model->spec);
    for (int64_t i = 0; i < count; i++)
        onnx_graph_floats(graph, tensors[i].name, tensors[i].dims, tensors[i].rank,
                          safetensors_find(model->file, tensors[i].name)->data);
}

/* The name of a tensor or value of a layer. */
static const char *name_of(char out[NAME], int64_t layer, const char *what)
{
    snprintf(out, NAME, "layers.%" PRId64 "%s", layer, what);
    return out;
}

static void add_convolution(struct onnx_graph *graph, const struct network_step *step,
                            int64_t layer, const char *input, const char *output)
{
    char weights[NAME], bias[NAME];
    const int64_t *padding = step->padding;
    const int64_t pads[6] = {padding[0], padding[1], padding[2],
                             padding[0], padding[1], padding[2]}; /* begins, ends */
    onnx_graph_node(
        graph,
        &(struct onnx_node){
            .operation = step->kind == NETWORK_UP ? "ConvTranspose" : "Conv",
            .output = output,
            .inputs = {input, name_of(weights, layer, ".conv.weight"),
                       step->has_bias ? name_of(bias, layer, ".conv.bias") : NULL},
            .attributes = {
                {.name = "kernel_shape",
                 .kind = ONNX_INTEGERS,
                 .integers = step->kernel,
                 .count = 3},
                {.name = "pads", .kind = ONNX_INTEGERS, .integers = pads, .count = 6},
                {.name = "strides", .kind = ONNX_INTEGERS, .integers = step->stride, .count = 3}}});
}

static void add_batch_norm(struct onnx_graph *graph, int64_t layer, const char *input,
                           const char *output)
{
    char scale[NAME], shift[NAME], mean[NAME], variance[NAME];
    onnx_graph_node(graph,
                    &(struct onnx_node){
                        .operation = "BatchNormalization",
                        .output = output,
                        .inputs = {input, name_of(scale, layer, ".norm.weight"),
                                   name_of(shift, layer, ".norm.bias"),
                                   name_of(mean, layer, ".norm.running_mean"),
                                   name_of(variance, layer, ".norm.running_var")},
                        .attributes = {{.name = "epsilon", .kind = ONNX_REAL, .real = epsilon}}});
}

/* Opset 15 has no group norm: its groups are the instances of a tensor (n, groups, the rest), and
 * the scales of channels come behind. */
static void add_group_norm(struct onnx_graph *graph, const struct network_step *step, int64_t layer,
                           const char *input, const char *output)
{
    char n[12][NAME];
    float ones[GROUPS_MOST], zeros[GROUPS_MOST] = {0};
    const int64_t grouped[] = {0, step->groups, -1}, channels[] = {1, 2, 3};
    for (int64_t i = 0; i < step->groups; i++)
        ones[i] = 1.0F;
    onnx_graph_integers(graph, name_of(n[0], layer, ".norm.grouped"), grouped, 3);
    onnx_graph_integers(graph, name_of(n[1], layer, ".norm.channels"), channels, 3);
    onnx_graph_floats(graph, name_of(n[2], layer, ".norm.ones"), &step->groups, 1, ones);
    onnx_graph_floats(graph, name_of(n[3], layer, ".norm.zeros"), &step->groups, 1, zeros);
    name_of(n[4], layer, ".norm.weight");
    name_of(n[5], layer, ".norm.bias");
    const struct onnx_node nodes[] = {
        {.operation = "Shape", .output = name_of(n[6], layer, ".norm.shape"), .inputs = {input}},
        {.operation = "Reshape",
         .output = name_of(n[7], layer, ".norm.groups"),
         .inputs = {input, n[0]}},
        {.operation = "InstanceNormalization",
         .output = name_of(n[8], layer, ".norm.normed"),
         .inputs = {n[7], n[2], n[3]},
         .attributes = {{.name = "epsilon", .kind = ONNX_REAL, .real = epsilon}}},
        {.operation = "Reshape",
         .output = name_of(n[9], layer, ".norm.restored"),
         .inputs = {n[8], n[6]}},
        {.operation = "Unsqueeze",
         .output = name_of(n[10], layer, ".norm.scale"),
         .inputs = {n[4], n[1]}},
        {.operation = "Unsqueeze",
         .output = name_of(n[11], layer, ".norm.shift"),
         .inputs = {n[5], n[1]}},
    };
    char scaled[NAME];
    onnx_graph_nodes(graph, nodes, sizeof nodes / sizeof nodes[0]);
    onnx_graph_node(graph, &(struct onnx_node){.operation = "Mul",
                                               .output = name_of(scaled, layer, ".norm.scaled"),
                                               .inputs = {n[9], n[10]}});
    onnx_graph_node(graph, &(struct onnx_node){
                               .operation = "Add", .output = output, .inputs = {scaled, n[11]}});
}

/* One cell more at one end of an axis: `first` .. `last` of it (numbers as in Slice) is copied, by
 * the rule of that side. */
static void add_end(struct onnx_graph *graph, const char *name, const char *input, int64_t axis,
                    int64_t at, enum network_padding rule)
{
    char starts[2 * NAME], ends[2 * NAME], axes[2 * NAME], cell[2 * NAME];
    const int64_t behind = at == -1 ? INT64_MAX : at + 1;
    snprintf(starts, sizeof starts, "%s.starts", name);
    snprintf(ends, sizeof ends, "%s.ends", name);
    snprintf(axes, sizeof axes, "%s.axes", name);
    snprintf(cell, sizeof cell, "%s.cell", name);
    onnx_graph_integers(graph, starts, &at, 1);
    onnx_graph_integers(graph, ends, &behind, 1);
    onnx_graph_integers(graph, axes, &axis, 1);
    onnx_graph_node(graph, &(struct onnx_node){.operation = "Slice",
                                               .output = rule == NETWORK_PADDING_ZERO ? cell : name,
                                               .inputs = {input, starts, ends, axes}});
    if (rule == NETWORK_PADDING_ZERO)
        onnx_graph_node(graph, &(struct onnx_node){
                                   .operation = "Mul", .output = name, .inputs = {cell, "zero"}});
}

/* A cell more on both sides of x and of y. */
static const char *add_halo(char out[NAME], struct onnx_graph *graph,
                            const struct network_spec *spec, int64_t layer, const char *input)
{
    static const int64_t low[] = {0, 0, 1, -1}, high[] = {-1, -1, -2, 0}; /* by rule */
    char names[2][3][NAME];
    for (int k = 0; k < 2; k++) {
        const enum network_padding *rules = &spec->padding[(ptrdiff_t)2 * k];
        name_of(names[k][0], layer, k == 0 ? ".inlet" : ".bottom");
        name_of(names[k][1], layer, k == 0 ? ".outlet" : ".top");
        name_of(names[k][2], layer, k == 0 ? ".padded_x" : ".padded");
        add_end(graph, names[k][0], input, 3 + k, low[rules[0]], rules[0]);
        add_end(graph, names[k][1], input, 3 + k, high[rules[1]], rules[1]);
        onnx_graph_node(
            graph, &(struct onnx_node){
                       .operation = "Concat",
                       .output = names[k][2],
                       .inputs = {names[k][0], input, names[k][1]},
                       .attributes = {{.name = "axis", .kind = ONNX_INTEGER, .integer = 3 + k}}});
        input = names[k][2];
    }
    snprintf(out, NAME, "%s", input);
    return out;
}

/* Convolution, norm and tanh, as far as the layer has them; the last of them gives `output`. */
static void add_layer(struct onnx_graph *graph, const struct network_plan *plan,
                      const struct network_step *step, const struct network_spec *spec,
                      int64_t layer, const char *input, const char *output)
{
    char halo[NAME], conv[NAME], norm[NAME];
    const char *to = step->has_norm || step->has_tanh ? name_of(conv, layer, ".conv") : output;
    if (plan->halo)
        input = add_halo(halo, graph, spec, layer, input);
    add_convolution(graph, step, layer, input, to);
    if (step->has_norm) {
        const char *from = to;
        to = step->has_tanh ? name_of(norm, layer, ".norm") : output;
        if (spec->norm == NETWORK_NORM_GROUP)
            add_group_norm(graph, step, layer, from, to);
        else
            add_batch_norm(graph, layer, from, to);
    }
    if (step->has_tanh)
        onnx_graph_node(graph,
                        &(struct onnx_node){.operation = "Tanh", .output = output, .inputs = {to}});
}

/* What the network gives is added to the fields of the last frame. */
static void add_delta(struct onnx_graph *graph)
{
    const int64_t starts[] = {0, -1}, ends[] = {FRAME_FIELDS, INT64_MAX}, axes[] = {1, 2};
    onnx_graph_integers(graph, "last_starts", starts, 2);
    onnx_graph_integers(graph, "last_ends", ends, 2);
    onnx_graph_integers(graph, "last_axes", axes, 2);
    const struct onnx_node nodes[] = {
        {.operation = "Slice",
         .output = "last_fields",
         .inputs = {"network_input", "last_starts", "last_ends", "last_axes"}},
        {.operation = "Add", .output = "network_output", .inputs = {"delta", "last_fields"}},
    };
    onnx_graph_nodes(graph, nodes, sizeof nodes / sizeof nodes[0]);
}

/* From the value "network_input" to "network_output". */
static void add_network(struct onnx_graph *graph, const struct network_spec *spec)
{
    struct network_plan plan;
    char outputs[NETWORK_LAYERS][NAME];
    const char *input = "network_input";
    int64_t layer = 0;
    if (network_plan_make(&plan, spec) != OK)
        return; /* a loaded model's layers are a network */
    for (int64_t i = 0; i < plan.count; i++) {
        const struct network_step *step = &plan.steps[i];
        char *output = outputs[i];
        if (step->kind == NETWORK_CONCAT) {
            onnx_graph_node(graph, &(struct onnx_node){.operation = "Concat",
                                                       .output = name_of(output, layer, ".input"),
                                                       .inputs = {input, outputs[step->skip]},
                                                       .attributes = MODEL_ONNX_JOIN});
        } else {
            if (i == plan.count - 1)
                snprintf(output, NAME, "%s",
                         spec->target == NETWORK_TARGET_DELTA ? "delta" : "network_output");
            else
                name_of(output, layer, "");
            add_layer(graph, &plan, step, spec, layer++, input, output);
        }
        input = output;
    }
    if (spec->target == NETWORK_TARGET_DELTA)
        add_delta(graph);
}

/* ---- the file ---- */

static void add_metadata(struct onnx_graph *graph, const struct model *model)
{
    static const char *const keys[] = {"architecture", "normalisation", "origin", "training"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        onnx_graph_metadata(graph, keys[i], safetensors_metadata(model->file, keys[i]));
}

/* What the graph above has no nodes for. */
static enum status check_switches(const struct model *model)
{
    const struct network_spec *spec = &model->spec;
    int64_t channels = network_spec_channels(spec);
    if (spec->input_channels != channels || spec->output_channels != FRAME_FIELDS)
        return FAIL(ERR_UNSUPPORTED,
                    "%s maps %" PRId64 " channels to %" PRId64 "; frames have %" PRId64 " and %d",
                    model->path, spec->input_channels, spec->output_channels, channels,
                    FRAME_FIELDS);
    return OK;
}

enum status model_onnx_save(const char *path, const struct model *model)
{
    struct onnx_graph graph;
    const struct network_spec *spec = &model->spec;
    TRY(check_switches(model));
    onnx_graph_begin(&graph, "wakecast", "frames of a flow past bodies to the frames that follow",
                     model->facts.version);
    model_onnx_frames_signature(&graph, spec);
    model_onnx_frames_constants(&graph, model);
    add_tensors(&graph, model);
    model_onnx_frames_entry(&graph, spec);
    add_network(&graph, spec);
    model_onnx_frames_exit(&graph);
    onnx_graph_end(&graph);
    add_metadata(&graph, model);
    enum status status = onnx_graph_save(&graph, path);
    onnx_graph_drop(&graph);
    TRY(status);
    return OK;
}
