/* SPDX-License-Identifier: Apache-2.0
 *
 * The numbers are those of onnx.proto. */
#include "onnx_graph.h"

#include "atomic_file.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { IR_VERSION = 8, OPSET = 15 };

enum model_field {
    MODEL_IR_VERSION = 1,
    MODEL_PRODUCER_NAME = 2,
    MODEL_PRODUCER_VERSION = 3,
    MODEL_GRAPH = 7,
    MODEL_OPSET_IMPORT = 8,
    MODEL_METADATA = 14
};
enum graph_field {
    GRAPH_NODE = 1,
    GRAPH_NAME = 2,
    GRAPH_INITIALIZER = 5,
    GRAPH_DESCRIPTION = 10,
    GRAPH_INPUT = 11,
    GRAPH_OUTPUT = 12
};
enum node_field {
    NODE_INPUT = 1,
    NODE_OUTPUT = 2,
    NODE_NAME = 3,
    NODE_OPERATION = 4,
    NODE_ATTRIBUTE = 5
};
enum attribute_field {
    ATTRIBUTE_NAME = 1,
    ATTRIBUTE_REAL = 2,
    ATTRIBUTE_INTEGER = 3,
    ATTRIBUTE_INTEGERS = 8,
    ATTRIBUTE_TYPE = 20
};
enum attribute_type { TYPE_REAL = 1, TYPE_INTEGER = 2, TYPE_INTEGERS = 7 };
enum tensor_field { TENSOR_DIMS = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_BYTES = 9 };
enum element_type { ELEMENT_FLOAT = ONNX_GRAPH_FLOAT, ELEMENT_INT64 = 7 };
enum value_field { VALUE_NAME = 1, VALUE_TYPE = 2, VALUE_DESCRIPTION = 3 };
enum type_field { TYPE_TENSOR = 1, TYPE_TENSOR_ELEMENT = 1, TYPE_TENSOR_SHAPE = 2, SHAPE_DIM = 1 };
enum dim_field { DIM_NUMBER = 1, DIM_NAME = 2 };
enum { OPSET_VERSION = 2, PAIR_KEY = 1, PAIR_VALUE = 2 };

void onnx_graph_begin(struct onnx_graph *graph, const char *name, const char *description,
                      const char *producer_version)
{
    *graph = (struct onnx_graph){0};
    struct protobuf *model = &graph->model;
    protobuf_integer(model, MODEL_IR_VERSION, IR_VERSION);
    protobuf_text(model, MODEL_PRODUCER_NAME, "wakecast");
    protobuf_text(model, MODEL_PRODUCER_VERSION, producer_version);
    graph->begun = protobuf_begin(model, MODEL_GRAPH);
    protobuf_text(model, GRAPH_NAME, name);
    protobuf_text(model, GRAPH_DESCRIPTION, description);
}

void onnx_graph_drop(struct onnx_graph *graph)
{
    protobuf_free(&graph->model);
}

static void put_dim(struct protobuf *model, const char *dim)
{
    char *end = NULL;
    long number = strtol(dim, &end, 10);
    size_t begun = protobuf_begin(model, SHAPE_DIM);
    if (*end == '\0')
        protobuf_integer(model, DIM_NUMBER, number);
    else
        protobuf_text(model, DIM_NAME, dim);
    protobuf_end(model, begun);
}

static void put_value(struct protobuf *model, enum graph_field field,
                      const struct onnx_value *value)
{
    size_t begun = protobuf_begin(model, field);
    protobuf_text(model, VALUE_NAME, value->name);
    size_t type = protobuf_begin(model, VALUE_TYPE);
    size_t tensor = protobuf_begin(model, TYPE_TENSOR);
    protobuf_integer(model, TYPE_TENSOR_ELEMENT, ELEMENT_FLOAT);
    size_t shape = protobuf_begin(model, TYPE_TENSOR_SHAPE);
    for (const char *const *dim = value->dims; *dim != NULL; dim++)
        put_dim(model, *dim);
    protobuf_end(model, shape);
    protobuf_end(model, tensor);
    protobuf_end(model, type);
    protobuf_text(model, VALUE_DESCRIPTION, value->description);
    protobuf_end(model, begun);
}

void onnx_graph_input(struct onnx_graph *graph, const struct onnx_value *value)
{
    put_value(&graph->model, GRAPH_INPUT, value);
}

void onnx_graph_output(struct onnx_graph *graph, const struct onnx_value *value)
{
    put_value(&graph->model, GRAPH_OUTPUT, value);
}

static void put_constant(struct protobuf *model, const char *name, enum element_type type,
                         const int64_t *dims, int64_t rank, const void *values, size_t width)
{
    size_t bytes = width;
    size_t begun = protobuf_begin(model, GRAPH_INITIALIZER);
    for (int64_t i = 0; i < rank; i++) {
        protobuf_integer(model, TENSOR_DIMS, dims[i]);
        bytes *= (size_t)dims[i];
    }
    protobuf_integer(model, TENSOR_TYPE, type);
    protobuf_text(model, TENSOR_NAME, name);
    protobuf_bytes(model, TENSOR_BYTES, values, bytes); /* little endian, as we are */
    protobuf_end(model, begun);
}

void onnx_graph_floats(struct onnx_graph *graph, const char *name, const int64_t *dims,
                       int64_t rank, const float *values)
{
    put_constant(&graph->model, name, ELEMENT_FLOAT, dims, rank, values, sizeof *values);
}

void onnx_graph_integers(struct onnx_graph *graph, const char *name, const int64_t *values,
                         int64_t count)
{
    put_constant(&graph->model, name, ELEMENT_INT64, &count, 1, values, sizeof *values);
}

static void put_attribute(struct protobuf *model, const struct onnx_attribute *attribute)
{
    static const enum attribute_type types[] = {
        [ONNX_INTEGER] = TYPE_INTEGER, [ONNX_REAL] = TYPE_REAL, [ONNX_INTEGERS] = TYPE_INTEGERS};
    size_t begun = protobuf_begin(model, NODE_ATTRIBUTE);
    protobuf_text(model, ATTRIBUTE_NAME, attribute->name);
    if (attribute->kind == ONNX_INTEGER)
        protobuf_integer(model, ATTRIBUTE_INTEGER, attribute->integer);
    if (attribute->kind == ONNX_REAL)
        protobuf_float(model, ATTRIBUTE_REAL, attribute->real);
    if (attribute->kind == ONNX_INTEGERS)
        for (int64_t i = 0; i < attribute->count; i++)
            protobuf_integer(model, ATTRIBUTE_INTEGERS, attribute->integers[i]);
    protobuf_integer(model, ATTRIBUTE_TYPE, types[attribute->kind]);
    protobuf_end(model, begun);
}

void onnx_graph_node(struct onnx_graph *graph, const struct onnx_node *node)
{
    struct protobuf *model = &graph->model;
    size_t begun = protobuf_begin(model, GRAPH_NODE);
    for (int i = 0; i < ONNX_GRAPH_INPUTS && node->inputs[i] != NULL; i++)
        protobuf_text(model, NODE_INPUT, node->inputs[i]);
    protobuf_text(model, NODE_OUTPUT, node->output);
    protobuf_text(model, NODE_NAME, node->output);
    protobuf_text(model, NODE_OPERATION, node->operation);
    for (int i = 0; i < ONNX_GRAPH_ATTRIBUTES && node->attributes[i].name != NULL; i++)
        put_attribute(model, &node->attributes[i]);
    protobuf_end(model, begun);
}

void onnx_graph_nodes(struct onnx_graph *graph, const struct onnx_node *nodes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        onnx_graph_node(graph, &nodes[i]);
}

void onnx_graph_end(struct onnx_graph *graph)
{
    struct protobuf *model = &graph->model;
    protobuf_end(model, graph->begun);
    size_t begun = protobuf_begin(model, MODEL_OPSET_IMPORT);
    protobuf_integer(model, OPSET_VERSION, OPSET);
    protobuf_end(model, begun);
}

void onnx_graph_metadata(struct onnx_graph *graph, const char *key, const char *text)
{
    size_t begun = protobuf_begin(&graph->model, MODEL_METADATA);
    protobuf_text(&graph->model, PAIR_KEY, key);
    protobuf_text(&graph->model, PAIR_VALUE, text);
    protobuf_end(&graph->model, begun);
}

enum status onnx_graph_save(const struct onnx_graph *graph, const char *path)
{
    const struct protobuf *model = &graph->model;
    TRY(model->status);
    if (model->size > INT32_MAX)
        return FAIL(ERR_UNSUPPORTED,
                    "the model has %zu bytes; an ONNX file with its weights ends at 2 GiB",
                    model->size);
    TRY(atomic_file_write(path, model->bytes, model->size));
    return OK;
}
