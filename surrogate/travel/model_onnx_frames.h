/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands around the network in an ONNX file: from frames to the value "network_input" and from
 * "network_output" to frames. To be called in this order, the network before the exit. */
#pragma once

#include "model.h"
#include "onnx_graph.h"

/* Attribute of a concat along the channels. */
#define MODEL_ONNX_JOIN                                                                            \
    {                                                                                              \
        {                                                                                          \
            .name = "axis", .kind = ONNX_INTEGER, .integer = 1                                     \
        }                                                                                          \
    }

void model_onnx_frames_signature(struct onnx_graph *graph, const struct network_spec *spec);
void model_onnx_frames_constants(struct onnx_graph *graph, const struct model *model);
void model_onnx_frames_entry(struct onnx_graph *graph, const struct network_spec *spec);
void model_onnx_frames_exit(struct onnx_graph *graph);
