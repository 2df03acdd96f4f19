/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing ONNX models: inputs, constants, nodes and outputs, in the order in which they are
 * computed. Knows the schema's part that it needs (IR 8, opset 15) and nothing of networks. As with
 * protobuf.h, the first failure is kept and reported by onnx_graph_save. */
#pragma once

#include "error.h"
#include "protobuf.h"

#include <stddef.h>
#include <stdint.h>

enum { ONNX_GRAPH_INPUTS = 8, ONNX_GRAPH_ATTRIBUTES = 4, ONNX_GRAPH_RANK = 8 };
enum { ONNX_GRAPH_FLOAT = 1 }; /* the type of elements, as Cast wants it */

/* A graph in the making; begin with onnx_graph_begin, end with onnx_graph_save or _drop. */
struct onnx_graph {
    struct protobuf model;
    size_t begun; /* of the graph inside the model */
};

void onnx_graph_begin(struct onnx_graph *graph, const char *name, const char *description,
                      const char *producer_version);
void onnx_graph_drop(struct onnx_graph *graph);

/* A float tensor that enters or leaves. A dimension is a number or a name: {"batch", "3", "x"}. */
struct onnx_value {
    const char *name, *description;
    const char *dims[ONNX_GRAPH_RANK]; /* ended by NULL */
};
void onnx_graph_input(struct onnx_graph *graph, const struct onnx_value *value);
void onnx_graph_output(struct onnx_graph *graph, const struct onnx_value *value);

/* Constants. */
void onnx_graph_floats(struct onnx_graph *graph, const char *name, const int64_t *dims,
                       int64_t rank, const float *values);
void onnx_graph_integers(struct onnx_graph *graph, const char *name, const int64_t *values,
                         int64_t count);

/* One operation; its name is that of its output. */
enum onnx_attribute_kind { ONNX_INTEGER, ONNX_REAL, ONNX_INTEGERS };
struct onnx_attribute {
    const char *name;
    enum onnx_attribute_kind kind;
    int64_t integer;
    float real;
    const int64_t *integers; /* [count] */
    int64_t count;
};
struct onnx_node {
    const char *operation, *output;
    const char *inputs[ONNX_GRAPH_INPUTS];                   /* ended by NULL */
    struct onnx_attribute attributes[ONNX_GRAPH_ATTRIBUTES]; /* ended by a name that is NULL */
};
void onnx_graph_node(struct onnx_graph *graph, const struct onnx_node *node);
void onnx_graph_nodes(struct onnx_graph *graph, const struct onnx_node *nodes, size_t count);

/* Ends the graph; what follows it in a model: pairs of texts. */
void onnx_graph_end(struct onnx_graph *graph);
void onnx_graph_metadata(struct onnx_graph *graph, const char *key, const char *text);

/* After onnx_graph_end: the file, whole or not at all. ERR_MEMORY, ERR_IO; ERR_UNSUPPORTED beyond
 * 2 GiB, where protocol buffers end. */
enum status onnx_graph_save(const struct onnx_graph *graph, const char *path);
