/* SPDX-License-Identifier: Apache-2.0
 *
 * With u the inflow speed, s the scales and per field
 *     stream = (1, u, 0),  unit = (3 u^2 s_rho, u s_ux, u s_uy),  rest = (1, 0, 0)
 * the graph computes
 *     input  = ((sdf < 0 ? rest : frames) - stream) / unit,  tanh(sdf / 8) - 1 behind it
 *     frames = sdf < 0 ? rest : network(input) * unit + stream.
 * Inside, tensors are PyTorch's (n, c, t, x, y), and values are named after the layers. */
#include "model_onnx.h"

#include "network_plan.h"
#include "onnx_graph.h"

#include <inttypes.h>
#include <stdio.h>

static const float epsilon = 1e-5F; /* of norms; backend.h */

enum { NAME = NETWORK_NAME + 16 };

/* Attributes of nodes: concat along the channels; to (n, c, t, x, y) and, its own inverse, back. */
static const int64_t swapped[] = {0, 2, 1, 3, 4};
#define JOIN                                                                                       \
    {                                                                                              \
        {                                                                                          \
            .name = "axis", .kind = ONNX_INTEGER, .integer = 1                                     \
        }                                                                                          \
    }
#define SWAP                                                                                       \
    {                                                                                              \
        {                                                                                          \
            .name = "perm", .kind = ONNX_INTEGERS, .integers = swapped, .count = 5                 \
        }                                                                                          \
    }

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

static void add_norm(struct onnx_graph *graph, int64_t layer, const char *input, const char *output)
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

/* Convolution, norm and tanh, as far as the layer has them; the last of them gives `output`. */
static void add_layer(struct onnx_graph *graph, const struct network_step *step, int64_t layer,
                      const char *input, const char *output)
{
    char conv[NAME], norm[NAME];
    const char *to = step->has_norm || step->has_tanh ? name_of(conv, layer, ".conv") : output;
    add_convolution(graph, step, layer, input, to);
    if (step->has_norm) {
        const char *from = to;
        to = step->has_tanh ? name_of(norm, layer, ".norm") : output;
        add_norm(graph, layer, from, to);
    }
    if (step->has_tanh)
        onnx_graph_node(graph,
                        &(struct onnx_node){.operation = "Tanh", .output = output, .inputs = {to}});
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
                                                       .attributes = JOIN});
        } else {
            if (i == plan.count - 1)
                snprintf(output, NAME, "network_output");
            else
                name_of(output, layer, "");
            add_layer(graph, step, layer++, input, output);
        }
        input = output;
    }
}

/* ---- frames in, frames out ---- */

static void add_signature(struct onnx_graph *graph, const struct network_spec *spec)
{
    char frames[24], fields[24];
    snprintf(frames, sizeof frames, "%" PRId64, spec->frames_in);
    snprintf(fields, sizeof fields, "%d", FRAME_FIELDS);
    onnx_graph_input(graph,
                     &(struct onnx_value){
                         "frames",
                         "the last frames, oldest first: density, ux, uy in canvas lattice units",
                         {"batch", frames, fields, "x", "y"}});
    onnx_graph_input(graph, &(struct onnx_value){"sdf",
                                                 "signed distance in cells, negative in bodies",
                                                 {"batch", "x", "y"}});
    onnx_graph_input(graph, &(struct onnx_value){"speed", "inflow speed U", {"batch"}});
    onnx_graph_output(graph, &(struct onnx_value){"forecast",
                                                  "the frames that follow, like the input's",
                                                  {"batch", frames, fields, "x", "y"}});
}

/* Constants; those of fields are (1, field, 1, 1, 1). */
static void add_constants(struct onnx_graph *graph, const struct model *model)
{
    const double *scale = model->facts.normalisation.scale;
    const float scales[] = {(float)(3.0 * scale[FRAME_RHO]), (float)scale[FRAME_UX],
                            (float)scale[FRAME_UY]};
    const float rest[] = {1.0F, 0.0F, 0.0F}, along[] = {0.0F, 1.0F, 0.0F};
    const float zero = 0.0F, one = 1.0F, reach = NORMALISATION_REACH;
    const int64_t of_field[] = {1, FRAME_FIELDS, 1, 1, 1};
    const int64_t in_time[] = {1, 1, model->spec.frames_in, 1, 1};
    const int64_t of_batch[] = {1, 2, 3, 4}, of_canvas[] = {1, 2};
    onnx_graph_floats(graph, "scales", of_field, 5, scales);
    onnx_graph_floats(graph, "rest", of_field, 5, rest);
    onnx_graph_floats(graph, "along", of_field, 5, along);
    onnx_graph_floats(graph, "zero", NULL, 0, &zero);
    onnx_graph_floats(graph, "one", NULL, 0, &one);
    onnx_graph_floats(graph, "reach", NULL, 0, &reach);
    onnx_graph_integers(graph, "in_time", in_time, 5);
    onnx_graph_integers(graph, "of_batch", of_batch, 4);
    onnx_graph_integers(graph, "of_canvas", of_canvas, 2);
}

static void add_nodes(struct onnx_graph *graph, const struct onnx_node *nodes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        onnx_graph_node(graph, &nodes[i]);
}

static void add_entry(struct onnx_graph *graph)
{
    const struct onnx_node nodes[] = {
        {"Unsqueeze", "u", {"speed", "of_batch"}, {{NULL}}},
        {"Mul", "u_squared", {"u", "u"}, {{NULL}}},
        {"Concat", "u_of_field", {"u_squared", "u", "u"}, JOIN},
        {"Mul", "unit", {"u_of_field", "scales"}, {{NULL}}},
        {"Mul", "u_along", {"u", "along"}, {{NULL}}},
        {"Add", "stream", {"u_along", "rest"}, {{NULL}}},
        {"Unsqueeze", "distance", {"sdf", "of_canvas"}, {{NULL}}},
        {"Less", "in_body", {"distance", "zero"}, {{NULL}}},
        {"Transpose", "fields", {"frames"}, SWAP},
        {"Where", "fields_of_fluid", {"in_body", "rest", "fields"}, {{NULL}}},
        {"Sub", "departure", {"fields_of_fluid", "stream"}, {{NULL}}},
        {"Div", "normalised", {"departure", "unit"}, {{NULL}}},
        {"Div", "distance_of_reach", {"distance", "reach"}, {{NULL}}},
        {"Tanh", "nearness", {"distance_of_reach"}, {{NULL}}},
        {"Sub", "nearness_from_far", {"nearness", "one"}, {{NULL}}},
        {"Expand", "distance_in_time", {"nearness_from_far", "in_time"}, {{NULL}}},
        {"Concat", "network_input", {"normalised", "distance_in_time"}, JOIN},
    };
    add_nodes(graph, nodes, sizeof nodes / sizeof nodes[0]);
}

static void add_exit(struct onnx_graph *graph)
{
    const struct onnx_node nodes[] = {
        {"Mul", "departure_ahead", {"network_output", "unit"}, {{NULL}}},
        {"Add", "fields_ahead", {"departure_ahead", "stream"}, {{NULL}}},
        {"Where", "fields_ahead_of_fluid", {"in_body", "rest", "fields_ahead"}, {{NULL}}},
        {"Transpose", "forecast", {"fields_ahead_of_fluid"}, SWAP},
    };
    add_nodes(graph, nodes, sizeof nodes / sizeof nodes[0]);
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
    int padded = 0;
    for (int side = 0; side < NETWORK_SIDES; side++)
        padded |= spec->padding[side] != NETWORK_PADDING_ZERO;
    const char *unwritten = spec->norm == NETWORK_NORM_GROUP        ? "a group norm"
                            : spec->output != NETWORK_OUTPUT_LINEAR ? "tanh of its output"
                            : spec->target != NETWORK_TARGET_DIRECT ? "differences as its output"
                            : spec->frames_in != spec->frames_out   ? "more frames on one side"
                            : spec->reynolds || spec->walls         ? "channels of its own"
                            : padded                                ? "another padding than zero"
                                                                    : NULL;
    if (unwritten != NULL)
        return FAIL(ERR_UNSUPPORTED, "%s has %s, which is not written as ONNX", model->path,
                    unwritten);
    if (spec->input_channels != NORMALISATION_CHANNELS || spec->output_channels != FRAME_FIELDS)
        return FAIL(ERR_UNSUPPORTED,
                    "%s maps %" PRId64 " channels to %" PRId64 "; frames have %d and %d",
                    model->path, spec->input_channels, spec->output_channels,
                    NORMALISATION_CHANNELS, FRAME_FIELDS);
    return OK;
}

enum status model_onnx_save(const char *path, const struct model *model)
{
    struct onnx_graph graph;
    const struct network_spec *spec = &model->spec;
    TRY(check_switches(model));
    onnx_graph_begin(&graph, "wakecast", "frames of a flow past bodies to the frames that follow",
                     model->facts.version);
    add_signature(&graph, spec);
    add_constants(&graph, model);
    add_tensors(&graph, model);
    add_entry(&graph);
    add_network(&graph, spec);
    add_exit(&graph);
    onnx_graph_end(&graph);
    add_metadata(&graph, model);
    enum status status = onnx_graph_save(&graph, path);
    onnx_graph_drop(&graph);
    TRY(status);
    return OK;
}
