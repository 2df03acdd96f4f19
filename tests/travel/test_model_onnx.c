/* SPDX-License-Identifier: Apache-2.0
 *
 * What an ONNX file must be before a runtime sees it, read back here. That runtimes agree with us
 * is tested with them: peer_models.py. */
#include "model_onnx.h"

#include "array.h"
#include "atomic_file.h"
#include "digest.h"
#include "path.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>

#include <string.h>

static struct backend *backend;

static void set_up(void)
{
    temporary_folder_create();
    cr_assert_eq(backend_open(&backend, "ref", 1), OK);
}

static void tear_down(void)
{
    backend_close(backend);
    temporary_folder_remove();
}

TestSuite(model_onnx, .init = set_up, .fini = tear_down);

/* ---- reading protocol buffers ---- */

struct span {
    const unsigned char *at, *end;
};
struct field {
    int number;
    uint64_t value;    /* of a varint */
    struct span bytes; /* of a string or message */
};

static uint64_t read_varint(struct span *span)
{
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        cr_assert(span->at < span->end && shift < 64, "a varint does not end");
        value |= (uint64_t)(*span->at & 0x7f) << shift;
        if ((*span->at++ & 0x80) == 0)
            return value;
    }
}

static int next_field(struct field *out, struct span *span)
{
    if (span->at == span->end)
        return 0;
    uint64_t tag = read_varint(span), size = 4;
    *out = (struct field){.number = (int)(tag >> 3)};
    switch (tag & 7) {
    case 0:
        out->value = read_varint(span);
        return 1;
    case 2:
        size = read_varint(span);
        break;
    default:
        cr_assert_eq(tag & 7, 5, "a field of wire type %d", (int)(tag & 7));
    }
    cr_assert(size <= (uint64_t)(span->end - span->at), "a field leaves its message");
    out->bytes = (struct span){span->at, span->at + size};
    span->at += size;
    return 1;
}

static int is_text(struct span span, const char *text)
{
    return (size_t)(span.end - span.at) == strlen(text) && memcmp(span.at, text, strlen(text)) == 0;
}

static int same_span(struct span a, struct span b)
{
    return a.end - a.at == b.end - b.at && memcmp(a.at, b.at, (size_t)(a.end - a.at)) == 0;
}

/* The first field of that number. */
static struct field find_field(struct span span, int number)
{
    struct field field;
    while (next_field(&field, &span))
        if (field.number == number)
            return field;
    cr_assert(0, "there is no field %d", number);
    return field;
}

/* ---- models and their files ---- */

static struct model *save_and_load(const struct network_spec *spec)
{
    struct network *network = NULL;
    struct model *model = NULL;
    const struct model_facts facts = {.normalisation = {.scale = {0.1, 0.2, 1.0 / 3.0}},
                                      .version = "0.1.0",
                                      .training = "{\"batch\":4}",
                                      .frame_interval = 100};
    cr_assert_eq(network_create(&network, spec, backend, 1, 8, 8, NETWORK_FORECAST), OK);
    cr_assert_eq(network_initialise(network, 11), OK);
    cr_assert_eq(model_save(temporary_folder_path("m.safetensors"), network, backend, &facts), OK);
    network_destroy(network);
    cr_assert_eq(model_load(&model, temporary_folder_path("m.safetensors")), OK);
    return model;
}

static struct model *new_model(const char *layers)
{
    struct network_spec spec;
    cr_assert_eq(network_spec_parse(&spec, layers), OK);
    return save_and_load(&spec);
}

/* The whole file; the caller frees. */
static struct span exported(const struct model *model)
{
    size_t size;
    cr_assert_eq(model_onnx_save(temporary_folder_path("m.onnx"), model), OK, "%s",
                 error_message());
    const unsigned char *bytes = temporary_folder_read("m.onnx", &size);
    return (struct span){bytes, bytes + size};
}

enum { MODEL_GRAPH = 7, NODE = 1, INITIALIZER = 5, INPUT = 11, OUTPUT = 12, NAMES = 1000 };

/* Names that are known, and whether somebody asked for them. */
struct names {
    struct span name[NAMES];
    int used[NAMES];
    int count;
};

static void define(struct names *names, struct span name)
{
    for (int i = 0; i < names->count; i++)
        cr_assert_not(same_span(names->name[i], name), "'%.*s' is given twice",
                      (int)(name.end - name.at), (const char *)name.at);
    cr_assert_lt(names->count, NAMES);
    names->name[names->count++] = name;
}

static void use(struct names *names, struct span name)
{
    for (int i = 0; i < names->count; i++)
        if (same_span(names->name[i], name)) {
            names->used[i] = 1;
            return;
        }
    cr_assert(0, "'%.*s' is used before it is given", (int)(name.end - name.at),
              (const char *)name.at);
}

static void walk_node(struct names *names, struct span node)
{
    struct field field;
    struct span outputs = node;
    while (next_field(&field, &node))
        if (field.number == 1)
            use(names, field.bytes);
    while (next_field(&field, &outputs))
        if (field.number == 2)
            define(names, field.bytes);
}

/* What enters, what is constant and what is computed, in the order of the file. */
static void walk_graph(struct names *names, struct span graph)
{
    struct field field;
    struct span outputs = graph;
    while (next_field(&field, &graph)) {
        if (field.number == INPUT)
            define(names, find_field(field.bytes, 1).bytes);
        if (field.number == INITIALIZER)
            define(names, find_field(field.bytes, 8).bytes);
        if (field.number == NODE)
            walk_node(names, field.bytes);
    }
    while (next_field(&field, &outputs))
        if (field.number == OUTPUT)
            use(names, find_field(field.bytes, 1).bytes);
}

static const struct {
    const char *layers;
    int skips;
    enum network_norm norm;
    int reynolds, walls;
} networks[] = {
    {"tiny", 1, NETWORK_NORM_BATCH, 0, 0},
    {"tiny", 0, NETWORK_NORM_BATCH, 0, 0},
    {"tiny", 1, NETWORK_NORM_NONE, 0, 0},
    {"C 4 / 6 * 5 + C 3", 1, NETWORK_NORM_BATCH, 0, 0},
    {"C 4 / 6 * 5 + / 7 * 2 + C 3", 1, NETWORK_NORM_NONE, 0, 0},
    {"C 4 / 6 * 5 + C 3", 1, NETWORK_NORM_GROUP, 0, 0},
    {"C 1 C 3", 1, NETWORK_NORM_BATCH, 0, 0},
    {"C 4 / 6 * 5 + C 3", 1, NETWORK_NORM_BATCH, 1, 0},
    {"C 4 / 6 * 5 + C 3", 1, NETWORK_NORM_BATCH, 1, 1},
};
enum { NETWORKS = sizeof networks / sizeof networks[0] };

static struct model *new_model_at(int i)
{
    struct network_spec spec;
    cr_assert_eq(network_spec_parse(&spec, networks[i].layers), OK);
    spec.skips = networks[i].skips;
    spec.norm = networks[i].norm;
    spec.reynolds = networks[i].reynolds;
    spec.walls = networks[i].walls;
    spec.input_channels = network_spec_channels(&spec);
    return save_and_load(&spec);
}

Test(model_onnx, every_value_is_given_once_before_it_is_used_and_none_is_left_over)
{
    for (int i = 0; i < NETWORKS; i++) {
        struct names names = {.count = 0};
        struct model *model = new_model_at(i);
        struct span file = exported(model);
        walk_graph(&names, find_field(file, MODEL_GRAPH).bytes);
        for (int n = 0; n < names.count; n++)
            cr_expect(names.used[n], "%s: '%.*s' is not used", networks[i].layers,
                      (int)(names.name[n].end - names.name[n].at), (const char *)names.name[n].at);
        array_free((void *)file.at);
        model_destroy(model);
    }
}

/* The initializer of that name. */
static struct span find_constant(struct span graph, const char *name)
{
    struct field field;
    while (next_field(&field, &graph))
        if (field.number == INITIALIZER && is_text(find_field(field.bytes, 8).bytes, name))
            return field.bytes;
    cr_assert(0, "no constant '%s'", name);
    return graph;
}

static void expect_tensor(struct span graph, const struct network_tensor *tensor, const void *data)
{
    struct field field;
    struct span constant = find_constant(graph, tensor->name);
    struct span bytes = find_field(constant, 9).bytes;
    int64_t rank = 0;
    cr_assert_eq(bytes.end - bytes.at, tensor->count * (int64_t)sizeof(float));
    cr_expect_arr_eq(bytes.at, data, (size_t)(bytes.end - bytes.at), "%s", tensor->name);
    while (next_field(&field, &constant))
        if (field.number == 1)
            cr_expect_eq((int64_t)field.value, tensor->dims[rank++]);
    cr_expect_eq(rank, tensor->rank);
}

Test(model_onnx, the_weights_are_the_models)
{
    struct network_tensor tensors[NETWORK_TENSORS];
    for (int i = 0; i < NETWORKS; i++) {
        struct model *model = new_model_at(i);
        struct span file = exported(model), graph = find_field(file, MODEL_GRAPH).bytes;
        int64_t count = network_tensor_list(tensors, &model->spec);
        cr_assert_gt(count, 0);
        for (int64_t n = 0; n < count; n++)
            expect_tensor(graph, &tensors[n], safetensors_find(model->file, tensors[n].name)->data);
        array_free((void *)file.at);
        model_destroy(model);
    }
}

Test(model_onnx, says_which_version_it_is_and_where_it_comes_from)
{
    struct model *model = new_model("tiny");
    struct span file = exported(model), rest = file;
    struct field field;
    int pairs = 0;
    cr_expect_eq(find_field(file, 1).value, 8);
    cr_expect_eq(find_field(find_field(file, 8).bytes, 2).value, 15);
    while (next_field(&field, &rest)) {
        if (field.number != 14)
            continue;
        char key[32];
        struct span name = find_field(field.bytes, 1).bytes;
        snprintf(key, sizeof key, "%.*s", (int)(name.end - name.at), (const char *)name.at);
        cr_expect(is_text(find_field(field.bytes, 2).bytes, safetensors_metadata(model->file, key)),
                  "%s", key);
        pairs++;
    }
    cr_expect_eq(pairs, 4);
    array_free((void *)file.at);
    model_destroy(model);
}

/* Of the graph of a file that the ONNX checker, ONNX Runtime and OpenVINO were asked about
 * (peer_models.py). When the graph changes, ask them again before it is made anew. */
static const char agreed[] = "ad966236b0811f5b562aa1bb9d5e837b03e177ffa99172e0167ad6a39f0f6da4";

Test(model_onnx, the_graph_is_one_that_runtimes_agreed_with)
{
    char digest[DIGEST_SIZE];
    struct model *model = new_model("C 4 / 6 * 5 + C 3");
    struct span file = exported(model), graph = find_field(file, MODEL_GRAPH).bytes;
    cr_assert_eq(digest_bytes(digest, graph.at, (size_t)(graph.end - graph.at)), OK);
    cr_expect_str_eq(digest, agreed, "%s", digest);
    array_free((void *)file.at);
    model_destroy(model);
}

Test(model_onnx, a_network_that_takes_no_frames_is_refused)
{
    struct model *model = new_model("C 1 C 3");
    model->spec.input_channels = 7;
    cr_expect_eq(model_onnx_save(temporary_folder_path("m.onnx"), model), ERR_UNSUPPORTED);
    cr_expect_not_null(strstr(error_message(), "7 channels"));
    cr_expect_not(path_exists(temporary_folder_path("m.onnx")));
    model_destroy(model);
}
