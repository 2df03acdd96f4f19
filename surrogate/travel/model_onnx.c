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
#include <stddef.h>
#include <stdio.h>

static const float epsilon = 1e-5F; /* of norms; backend.h */

enum { NAME = NETWORK_NAME + 16, GROUPS_MOST = 4096 };

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

static void add_nodes(struct onnx_graph *graph, const struct onnx_node *nodes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        onnx_graph_node(graph, &nodes[i]);
}

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
    add_nodes(graph, nodes, sizeof nodes / sizeof nodes[0]);
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
    add_nodes(graph, nodes, sizeof nodes / sizeof nodes[0]);
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

/* ---- frames in, frames out ---- */

static void add_signature(struct onnx_graph *graph, const struct network_spec *spec)
{
    char frames[24], ahead[24], fields[24];
    snprintf(frames, sizeof frames, "%" PRId64, spec->frames_in);
    snprintf(ahead, sizeof ahead, "%" PRId64, spec->frames_out);
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
                                                  {"batch", ahead, fields, "x", "y"}});
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

static void add_entry(struct onnx_graph *graph)
{
    const struct onnx_node nodes[] = {
        {.operation = "Unsqueeze", .output = "u", .inputs = {"speed", "of_batch"}},
        {.operation = "Mul", .output = "u_squared", .inputs = {"u", "u"}},
        {.operation = "Concat",
         .output = "u_of_field",
         .inputs = {"u_squared", "u", "u"},
         .attributes = JOIN},
        {.operation = "Mul", .output = "unit", .inputs = {"u_of_field", "scales"}},
        {.operation = "Mul", .output = "u_along", .inputs = {"u", "along"}},
        {.operation = "Add", .output = "stream", .inputs = {"u_along", "rest"}},
        {.operation = "Unsqueeze", .output = "distance", .inputs = {"sdf", "of_canvas"}},
        {.operation = "Less", .output = "in_body", .inputs = {"distance", "zero"}},
        {.operation = "Transpose", .output = "fields", .inputs = {"frames"}, .attributes = SWAP},
        {.operation = "Where",
         .output = "fields_of_fluid",
         .inputs = {"in_body", "rest", "fields"}},
        {.operation = "Sub", .output = "departure", .inputs = {"fields_of_fluid", "stream"}},
        {.operation = "Div", .output = "normalised", .inputs = {"departure", "unit"}},
        {.operation = "Div", .output = "distance_of_reach", .inputs = {"distance", "reach"}},
        {.operation = "Tanh", .output = "nearness", .inputs = {"distance_of_reach"}},
        {.operation = "Sub", .output = "nearness_from_far", .inputs = {"nearness", "one"}},
        {.operation = "Expand",
         .output = "distance_in_time",
         .inputs = {"nearness_from_far", "in_time"}},
        {.operation = "Concat",
         .output = "network_input",
         .inputs = {"normalised", "distance_in_time"},
         .attributes = JOIN},
    };
    add_nodes(graph, nodes, sizeof nodes / sizeof nodes[0]);
}

static void add_exit(struct onnx_graph *graph)
{
    const struct onnx_node nodes[] = {
        {.operation = "Mul", .output = "departure_ahead", .inputs = {"network_output", "unit"}},
        {.operation = "Add", .output = "fields_ahead", .inputs = {"departure_ahead", "stream"}},
        {.operation = "Where",
         .output = "fields_ahead_of_fluid",
         .inputs = {"in_body", "rest", "fields_ahead"}},
        {.operation = "Transpose",
         .output = "forecast",
         .inputs = {"fields_ahead_of_fluid"},
         .attributes = SWAP},
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
    if (spec->reynolds || spec->walls)
        return FAIL(ERR_UNSUPPORTED, "%s has channels of its own, which are not written as ONNX",
                    model->path);
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
