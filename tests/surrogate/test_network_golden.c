/* SPDX-License-Identifier: Apache-2.0
 *
 * One forward and backward pass against PyTorch, through golden_network.safetensors, which
 * golden_network.py beside it wrote: every kind of layer, batch norm by batch statistics and by
 * running ones. Tensors of the file are PyTorch's: (n, c, t, x, y). */
#include "surrogate_test.h"

#include "network.h"
#include "safetensors.h"

#include <stdio.h>
#include <string.h>

/* Floats of an answer kept to 6e-8, through five layers of float activations. */
static const double tolerance = 3e-6;

enum { BATCH = 2, FRAMES = 3, NX = 8, NY = 12, CELLS = FRAMES * NX * NY };

/* The floats of a tensor, which must be `count`; the caller frees them. */
static float *golden_values(const struct safetensors *golden, const char *name, int64_t count)
{
    const struct safetensors_tensor *tensor = safetensors_find(golden, name);
    cr_assert_not_null(tensor, "no tensor %s", name);
    cr_assert_eq(tensor->type, SAFETENSORS_F32);
    cr_assert_eq(tensor->bytes, (size_t)count * sizeof(float), "%s has another size", name);
    float *values = malloc(tensor->bytes);
    memcpy(values, tensor->data, tensor->bytes);
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

static float *golden_field(const struct safetensors *golden, const char *name, int64_t channels)
{
    return channels_last(golden_values(golden, name, BATCH * channels * CELLS), channels);
}

/* Puts the file's tensors, their names behind `prefix`, into parameters and statistics. */
static void load(struct network *network, struct backend *backend, const struct safetensors *golden,
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
                          const struct safetensors *golden)
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

static void check_training(const struct safetensors *golden, struct backend *backend,
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

static void check_forecast(const struct safetensors *golden, struct backend *backend,
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
    struct safetensors *golden = NULL;
    struct network_spec spec;
    MUST(safetensors_open(&golden, TEST_SOURCE_DIR "/golden_network.safetensors"));
    MUST(network_spec_parse(&spec, "C 4 / 5 C 6 * 4 + C 3"));
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        struct backend *backend = NULL;
        MUST(backend_open(&backend, backend_name(i), 2));
        check_training(golden, backend, &spec);
        check_forecast(golden, backend, &spec);
        backend_close(backend);
    }
    safetensors_close(golden);
}
