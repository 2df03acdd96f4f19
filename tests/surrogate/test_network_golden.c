/* SPDX-License-Identifier: Apache-2.0
 *
 * One forward and backward pass against PyTorch, through golden_network*.safetensors, which
 * golden_network.py beside it wrote: every kind of layer, batch norm by batch statistics and by
 * running ones, every switch. Tensors of the files are PyTorch's: (n, c, t, x, y). */
#include "surrogate_test.h"

#include "network.h"
#include "safetensors.h"

#include <stdio.h>
#include <string.h>

/* Floats of an answer kept to 6e-8, through five layers of float activations. */
static const double tolerance = 3e-6;

enum { BATCH = 2 };

/* A file and its network, as in golden_network.py. */
struct variant {
    const char *file;
    int64_t nx, ny;
    struct network_spec spec;
};
enum { VARIANTS = 4 };

static void describe(struct variant *out, int index)
{
    static const char *const files[VARIANTS] = {"", "_group", "_sides", "_frames"};
    static const int64_t canvas[VARIANTS][2] = {{8, 12}, {4, 6}, {6, 4}, {4, 6}};
    struct network_spec *spec = &out->spec;
    out->file = files[index];
    out->nx = canvas[index][0];
    out->ny = canvas[index][1];
    MUST(network_spec_parse(spec, "C 4 / 5 C 6 * 4 + C 3"));
    spec->groups = 2;
    if (index == 1) {
        spec->norm = NETWORK_NORM_GROUP;
        spec->reynolds = 1;
        spec->target = NETWORK_TARGET_DELTA;
    } else if (index == 2) {
        spec->frames_in = 4;
        spec->frames_out = 2;
        spec->output = NETWORK_OUTPUT_TANH;
        spec->padding[NETWORK_OUTLET] = NETWORK_PADDING_REPLICATE;
        spec->padding[NETWORK_BOTTOM] = spec->padding[NETWORK_TOP] = NETWORK_PADDING_REFLECT;
    } else if (index == 3) {
        spec->norm = NETWORK_NORM_NONE;
        spec->frames_in = 2;
        spec->frames_out = 5;
        spec->reynolds = spec->walls = 1;
        spec->output = NETWORK_OUTPUT_TANH;
        spec->target = NETWORK_TARGET_DELTA;
        spec->padding[NETWORK_INLET] = spec->padding[NETWORK_OUTLET] = NETWORK_PADDING_REPLICATE;
        spec->padding[NETWORK_BOTTOM] = spec->padding[NETWORK_TOP] = NETWORK_PADDING_PERIODIC;
    }
    spec->input_channels = network_spec_channels(spec);
}

static int64_t input_cells(const struct variant *it)
{
    return it->spec.frames_in * it->nx * it->ny;
}

static int64_t output_cells(const struct variant *it)
{
    return it->spec.frames_out * it->nx * it->ny;
}

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
static float *channels_last(float *values, int64_t channels, int64_t cells)
{
    float *out = malloc((size_t)(BATCH * channels * cells) * sizeof *out);
    for (int64_t n = 0; n < BATCH; n++)
        for (int64_t c = 0; c < channels; c++)
            for (int64_t cell = 0; cell < cells; cell++)
                out[(n * cells + cell) * channels + c] = values[(n * channels + c) * cells + cell];
    free(values);
    return out;
}

static float *golden_field(const struct safetensors *golden, const char *name, int64_t channels,
                           int64_t cells)
{
    return channels_last(golden_values(golden, name, BATCH * channels * cells), channels, cells);
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
                           const struct variant *it)
{
    struct network *network = NULL;
    struct buffer *output = NULL, d_input = {0};
    int64_t channels = it->spec.input_channels, in = input_cells(it), out = output_cells(it);
    float *x = golden_field(golden, "input", channels, in);
    float *d_x = golden_field(golden, "d_input", channels, in);
    float *y = golden_field(golden, "output", 3, out);
    float *d_y = golden_field(golden, "d_output", 3, out);
    struct buffer input = test_upload(backend, x, BATCH * in * channels);
    struct buffer gradient = test_upload(backend, d_y, BATCH * out * 3);
    MUST(backend->ops->alloc(backend, &d_input, BATCH * in * channels));
    MUST(
        network_create(&network, &it->spec, backend, BATCH, it->nx, it->ny, NETWORK_TRAIN_THROUGH));
    load(network, backend, golden, "");
    MUST(network_forward(network, &input, NETWORK_UPDATE_STATISTICS, &output));
    expect_close(backend, output, y, BATCH * out * 3, "output");
    MUST(network_backward_through(network, &gradient, &d_input));
    check_tensors(network, backend, golden);
    expect_close(backend, &d_input, d_x, BATCH * in * channels, "gradient of the input");
    network_destroy(network);
    backend->ops->release(backend, &input);
    backend->ops->release(backend, &gradient);
    backend->ops->release(backend, &d_input);
    free(x);
    free(d_x);
    free(y);
    free(d_y);
}

static void check_forecast(const struct safetensors *golden, struct backend *backend,
                           const struct variant *it)
{
    struct network *network = NULL;
    struct buffer *output = NULL;
    int64_t channels = it->spec.input_channels, in = input_cells(it), out = output_cells(it);
    float *x = golden_field(golden, "input", channels, in);
    float *y = golden_field(golden, "output_by_running_statistics", 3, out);
    struct buffer input = test_upload(backend, x, BATCH * in * channels);
    MUST(network_create(&network, &it->spec, backend, BATCH, it->nx, it->ny, NETWORK_FORECAST));
    load(network, backend, golden, "after.");
    MUST(network_forward(network, &input, NETWORK_KEEP_STATISTICS, &output));
    expect_close(backend, output, y, BATCH * out * 3, "output by running statistics");
    network_destroy(network);
    backend->ops->release(backend, &input);
    free(x);
    free(y);
}

static void check_variant(int index)
{
    struct safetensors *golden = NULL;
    struct variant variant;
    char path[1024];
    describe(&variant, index);
    snprintf(path, sizeof path, "%s/golden_network%s.safetensors", TEST_SOURCE_DIR, variant.file);
    MUST(safetensors_open(&golden, path));
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        struct backend *backend = NULL;
        MUST(backend_open(&backend, backend_name(i), 2));
        check_training(golden, backend, &variant);
        check_forecast(golden, backend, &variant);
        backend_close(backend);
    }
    safetensors_close(golden);
}

Test(network_golden, one_pass_agrees_with_pytorch_on_every_backend)
{
    check_variant(0);
}

Test(network_golden, group_norm_and_delta_agree_with_pytorch)
{
    check_variant(1);
}

Test(network_golden, padding_by_side_fewer_frames_and_tanh_agree_with_pytorch)
{
    check_variant(2);
}

Test(network_golden, more_frames_delta_of_a_tanh_and_no_norm_agree_with_pytorch)
{
    check_variant(3);
}
