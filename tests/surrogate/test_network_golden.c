/* SPDX-License-Identifier: Apache-2.0
 *
 * One forward and backward pass against PyTorch, through golden_network.safetensors, which
 * golden_network.py beside it wrote: every kind of layer, batch norm by batch statistics and by
 * running ones. Tensors of the file are PyTorch's: (n, c, t, x, y). */
#include "surrogate_test.h"

#include "network.h"

#include <jansson.h>

#include <stdio.h>
#include <string.h>

/* Floats of an answer kept to 6e-8, through five layers of float activations. */
static const double tolerance = 3e-6;

enum { BATCH = 2, FRAMES = 3, NX = 8, NY = 12, CELLS = FRAMES * NX * NY };

struct golden {
    unsigned char *bytes;
    size_t data; /* where the tensors begin */
    json_t *header;
};

static void golden_open(struct golden *golden)
{
    FILE *file = fopen(TEST_SOURCE_DIR "/golden_network.safetensors", "rb");
    cr_assert_not_null(file, "golden_network.safetensors is missing");
    enum { SIZE_MOST = 200000 };
    golden->bytes = malloc(SIZE_MOST);
    size_t size = fread(golden->bytes, 1, SIZE_MOST, file), length = 0;
    fclose(file);
    cr_assert(size > 8 && size < SIZE_MOST);
    for (int i = 7; i >= 0; i--)
        length = length << 8 | golden->bytes[i];
    cr_assert_lt(length, size - 8);
    golden->data = 8 + length;
    golden->header = json_loadb((const char *)golden->bytes + 8, length, 0, NULL);
    cr_assert_not_null(golden->header);
}

static void golden_close(struct golden *golden)
{
    json_decref(golden->header);
    free(golden->bytes);
}

/* The floats of a tensor, which must be `count`; the caller frees them. */
static float *golden_values(const struct golden *golden, const char *name, int64_t count)
{
    const json_t *tensor = json_object_get(golden->header, name);
    const json_t *offsets = json_object_get(tensor, "data_offsets");
    cr_assert_not_null(offsets, "no tensor %s", name);
    int64_t begin = json_integer_value(json_array_get(offsets, 0));
    int64_t end = json_integer_value(json_array_get(offsets, 1));
    cr_assert_eq(end - begin, count * (int64_t)sizeof(float), "%s has another size", name);
    float *values = malloc((size_t)(end - begin));
    memcpy(values, golden->bytes + golden->data + begin, (size_t)(end - begin));
    return values;
}

/* From (n, c, cells) to (n, cells, c). */
static float *channels_last(float *values, int64_t channels)
{
    float *out = malloc((size_t)(BATCH * channels * CELLS) * sizeof *out);
    for (int64_t n = 0; n < BATCH; n++)
        for (int64_t c = 0; c < channels; c++)
            for (int64_t cell = 0; cell < CELLS; cell++)
                out[(n * CELLS + cell) * channels + c] = values[(n * channels + c) * CELLS + cell];
    free(values);
    return out;
}

static float *golden_field(const struct golden *golden, const char *name, int64_t channels)
{
    return channels_last(golden_values(golden, name, BATCH * channels * CELLS), channels);
}

/* Puts the file's tensors, their names behind `prefix`, into parameters and statistics. */
static void load(struct network *network, struct backend *backend, const struct golden *golden,
                 const char *statistics_prefix)
{
    for (int64_t i = 0; i < network_tensor_count(network); i++) {
        const struct network_tensor *tensor = network_tensor_at(network, i);
        char name[128];
        snprintf(name, sizeof name, "%s%s", tensor->statistic ? statistics_prefix : "",
                 tensor->name);
        float *values = golden_values(golden, name, tensor->count);
        struct buffer *arena =
            tensor->statistic ? network_statistics(network) : network_parameters(network);
        struct buffer view = backend_view(arena, tensor->offset, tensor->count);
        MUST(backend->ops->upload(backend, &view, values, tensor->count));
        free(values);
    }
    MUST(network_refresh(network));
}

static void expect_close(struct backend *backend, const struct buffer *buffer,
                         const float *expected, int64_t count, const char *what)
{
    float *got = test_download(backend, buffer, count);
    double error = test_difference(got, expected, count);
    cr_expect_lt(error, tolerance, "%s on %s: %.2e", what, backend->ops->name, error);
    free(got);
}

/* Statistics after one update and all gradients. */
static void check_tensors(struct network *network, struct backend *backend,
                          const struct golden *golden)
{
    for (int64_t i = 0; i < network_tensor_count(network); i++) {
        const struct network_tensor *tensor = network_tensor_at(network, i);
        char name[128];
        snprintf(name, sizeof name, "%s%s", tensor->statistic ? "after." : "d.", tensor->name);
        float *expected = golden_values(golden, name, tensor->count);
        struct buffer *arena =
            tensor->statistic ? network_statistics(network) : network_gradients(network);
        struct buffer view = backend_view(arena, tensor->offset, tensor->count);
        expect_close(backend, &view, expected, tensor->count, name);
        free(expected);
    }
}

static void check_training(const struct golden *golden, struct backend *backend,
                           const struct network_spec *spec)
{
    struct network *network = NULL;
    struct buffer *output = NULL;
    float *x = golden_field(golden, "input", 4), *y = golden_field(golden, "output", 3);
    float *d_y = golden_field(golden, "d_output", 3);
    struct buffer input = test_upload(backend, x, BATCH * CELLS * 4);
    struct buffer gradient = test_upload(backend, d_y, BATCH * CELLS * 3);
    MUST(network_create(&network, spec, backend, BATCH, NX, NY, NETWORK_TRAIN));
    load(network, backend, golden, "");
    MUST(network_forward(network, &input, NETWORK_UPDATE_STATISTICS, &output));
    expect_close(backend, output, y, BATCH * CELLS * 3, "output");
    MUST(network_backward(network, &gradient));
    check_tensors(network, backend, golden);
    network_destroy(network);
    backend->ops->release(backend, &input);
    backend->ops->release(backend, &gradient);
    free(x);
    free(y);
    free(d_y);
}

static void check_forecast(const struct golden *golden, struct backend *backend,
                           const struct network_spec *spec)
{
    struct network *network = NULL;
    struct buffer *output = NULL;
    float *x = golden_field(golden, "input", 4);
    float *y = golden_field(golden, "output_by_running_statistics", 3);
    struct buffer input = test_upload(backend, x, BATCH * CELLS * 4);
    MUST(network_create(&network, spec, backend, BATCH, NX, NY, NETWORK_FORECAST));
    load(network, backend, golden, "after.");
    MUST(network_forward(network, &input, NETWORK_KEEP_STATISTICS, &output));
    expect_close(backend, output, y, BATCH * CELLS * 3, "output by running statistics");
    network_destroy(network);
    backend->ops->release(backend, &input);
    free(x);
    free(y);
}

Test(network_golden, one_pass_agrees_with_pytorch_on_every_backend)
{
    struct golden golden;
    struct network_spec spec;
    golden_open(&golden);
    MUST(network_spec_parse(&spec, "C 4 / 5 C 6 * 4 + C 3"));
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        struct backend *backend = NULL;
        MUST(backend_open(&backend, backend_name(i), 2));
        check_training(&golden, backend, &spec);
        check_forecast(&golden, backend, &spec);
        backend_close(backend);
    }
    golden_close(&golden);
}
