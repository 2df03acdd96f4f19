/* SPDX-License-Identifier: Apache-2.0
 *
 * With u the inflow speed, s the scales and per field
 *     stream = (1, u, 0),  unit = (3 u^2 s_rho, u s_ux, u s_uy),  rest = (1, 0, 0)
 * the graph computes
 *     input  = ((sdf < 0 ? rest : frames) - stream) / unit,  tanh(sdf / 8) - 1 behind it,
 *              and what the model has besides: log10(Re / 100), tanh(distance / 8) - 1 of the walls
 *     frames = sdf < 0 ? rest : network(input) * unit + stream. */
#include "model_onnx_frames.h"

#include <inttypes.h>
#include <stdio.h>

/* To (n, c, t, x, y) and, its own inverse, back. */
static const int64_t swapped[] = {0, 2, 1, 3, 4};
#define SWAP                                                                                       \
    {                                                                                              \
        {                                                                                          \
            .name = "perm", .kind = ONNX_INTEGERS, .integers = swapped, .count = 5                 \
        }                                                                                          \
    }

void model_onnx_frames_signature(struct onnx_graph *graph, const struct network_spec *spec)
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
    if (spec->reynolds)
        onnx_graph_input(graph, &(struct onnx_value){"reynolds", "Reynolds number", {"batch"}});
    onnx_graph_output(graph, &(struct onnx_value){"forecast",
                                                  "the frames that follow, like the input's",
                                                  {"batch", ahead, fields, "x", "y"}});
}

/* Constants; those of fields are (1, field, 1, 1, 1). */
void model_onnx_frames_constants(struct onnx_graph *graph, const struct model *model)
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

/* A value of each sample, (n, 1, 1, 1, 1): log10(Re / 100). */
static void add_reynolds(struct onnx_graph *graph)
{
    const float hundred = 100.0F, of_e = 0.4342944819F; /* log10 of e */
    onnx_graph_floats(graph, "hundred", NULL, 0, &hundred);
    onnx_graph_floats(graph, "log10_of_e", NULL, 0, &of_e);
    const struct onnx_node nodes[] = {
        {.operation = "Div", .output = "reynolds_scaled", .inputs = {"reynolds", "hundred"}},
        {.operation = "Log", .output = "reynolds_log", .inputs = {"reynolds_scaled"}},
        {.operation = "Mul", .output = "reynolds_log10", .inputs = {"reynolds_log", "log10_of_e"}},
        {.operation = "Unsqueeze",
         .output = "reynolds_of_sample",
         .inputs = {"reynolds_log10", "of_batch"}},
        {.operation = "Expand",
         .output = "reynolds_in_time",
         .inputs = {"reynolds_of_sample", "places"}},
    };
    onnx_graph_nodes(graph, nodes, sizeof nodes / sizeof nodes[0]);
}

/* tanh(distance / reach) - 1 of values along y, everywhere; `name` begins their names. */
static void add_nearness(struct onnx_graph *graph, const char *distance, const char *name,
                         const char *output)
{
    char scaled[32], curved[32], near[32];
    snprintf(scaled, sizeof scaled, "%s_of_reach", name);
    snprintf(curved, sizeof curved, "%s_nearness", name);
    snprintf(near, sizeof near, "%s_from_far", name);
    const struct onnx_node nodes[] = {
        {.operation = "Div", .output = scaled, .inputs = {distance, "reach"}},
        {.operation = "Tanh", .output = curved, .inputs = {scaled}},
        {.operation = "Sub", .output = near, .inputs = {curved, "one"}},
        {.operation = "Expand", .output = output, .inputs = {near, "places"}},
    };
    onnx_graph_nodes(graph, nodes, sizeof nodes / sizeof nodes[0]);
}

/* Distances y + 1/2 and ny - y - 1/2 from the two walls: values along the last axis. */
static void add_walls(struct onnx_graph *graph)
{
    const float half = 0.5F;
    const int64_t last = 2;
    onnx_graph_floats(graph, "half", NULL, 0, &half);
    onnx_graph_integers(graph, "axis_y", &last, 1);
    const struct onnx_node nodes[] = {
        {.operation = "Shape", .output = "canvas", .inputs = {"sdf"}},
        {.operation = "Gather", .output = "height_counted", .inputs = {"canvas", "axis_y"}},
        {.operation = "Cast",
         .output = "height_listed",
         .inputs = {"height_counted"},
         .attributes = {{.name = "to", .kind = ONNX_INTEGER, .integer = ONNX_GRAPH_FLOAT}}},
        {.operation = "Squeeze", .output = "height", .inputs = {"height_listed"}},
        {.operation = "Range", .output = "row", .inputs = {"zero", "height", "one"}},
        {.operation = "Add", .output = "above_bottom", .inputs = {"row", "half"}},
        {.operation = "Sub", .output = "below_top", .inputs = {"height", "above_bottom"}},
    };
    onnx_graph_nodes(graph, nodes, sizeof nodes / sizeof nodes[0]);
    add_nearness(graph, "above_bottom", "bottom", "bottom_in_time");
    add_nearness(graph, "below_top", "top", "top_in_time");
}

/* The channels of the input behind one another. */
static void add_input(struct onnx_graph *graph, const struct network_spec *spec)
{
    struct onnx_node join = {.operation = "Concat",
                             .output = "network_input",
                             .inputs = {"normalised", "distance_in_time"},
                             .attributes = MODEL_ONNX_JOIN};
    int count = 2;
    if (spec->reynolds || spec->walls)
        onnx_graph_node(graph, &(struct onnx_node){.operation = "Shape",
                                                   .output = "places",
                                                   .inputs = {"distance_in_time"}});
    if (spec->reynolds) {
        add_reynolds(graph);
        join.inputs[count++] = "reynolds_in_time";
    }
    if (spec->walls) {
        add_walls(graph);
        join.inputs[count++] = "bottom_in_time";
        join.inputs[count] = "top_in_time";
    }
    onnx_graph_node(graph, &join);
}

void model_onnx_frames_entry(struct onnx_graph *graph, const struct network_spec *spec)
{
    const struct onnx_node nodes[] = {
        {.operation = "Unsqueeze", .output = "u", .inputs = {"speed", "of_batch"}},
        {.operation = "Mul", .output = "u_squared", .inputs = {"u", "u"}},
        {.operation = "Concat",
         .output = "u_of_field",
         .inputs = {"u_squared", "u", "u"},
         .attributes = MODEL_ONNX_JOIN},
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
    };
    onnx_graph_nodes(graph, nodes, sizeof nodes / sizeof nodes[0]);
    add_input(graph, spec);
}

void model_onnx_frames_exit(struct onnx_graph *graph)
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
    onnx_graph_nodes(graph, nodes, sizeof nodes / sizeof nodes[0]);
}
