/* SPDX-License-Identifier: Apache-2.0
 *
 * Models that golden_models.py trained and saved in PyTorch: they load here and give PyTorch's
 * answers, for every switch. */
#include "model.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Floats of an answer kept to 6e-8, through four layers of float activations. */
static const double tolerance = 3e-6;

enum { BATCH = 2, CELLS = 3 * 8 * 12, IN = 4, OUT = 3 };

static const char *const switches[] = {"plain", "no_skips", "no_norm", "group", "sides"};

/* From (n, c, cells) to (n, cells, c). */
static void channels_last(float *to, const float *from, int64_t channels)
{
    for (int64_t n = 0; n < BATCH; n++)
        for (int64_t c = 0; c < channels; c++)
            for (int64_t i = 0; i < CELLS; i++)
                to[(n * CELLS + i) * channels + c] = from[(n * channels + c) * CELLS + i];
}

static void read_answer(float *out, const struct safetensors *answers, const char *name,
                        const char *what, int64_t channels)
{
    char key[64];
    snprintf(key, sizeof key, "%s.%s", name, what);
    const struct safetensors_tensor *tensor = safetensors_find(answers, key);
    cr_assert_not_null(tensor, "%s", key);
    cr_assert_eq(tensor->bytes, (size_t)(BATCH * channels * CELLS) * sizeof(float));
    channels_last(out, tensor->data, channels);
}

static void run(float *out, const struct model *model, struct backend *backend, const float *input)
{
    struct network *network = NULL;
    struct buffer there = {0}, *answer;
    cr_assert_eq(network_create(&network, &model->spec, backend, BATCH, 8, 12, NETWORK_FORECAST),
                 OK);
    cr_assert_eq(model_install(model, network, backend), OK, "%s", error_message());
    cr_assert_eq(backend->ops->alloc(backend, &there, BATCH * CELLS * IN), OK);
    cr_assert_eq(backend->ops->upload(backend, &there, input, BATCH * CELLS * IN), OK);
    cr_assert_eq(network_forward(network, &there, NETWORK_KEEP_STATISTICS, &answer), OK);
    cr_assert_eq(backend->ops->download(backend, out, answer, BATCH * CELLS * OUT), OK);
    backend->ops->release(backend, &there);
    network_destroy(network);
}

static void check_switch(const struct safetensors *answers, const char *name,
                         struct backend *backend)
{
    static float input[BATCH * CELLS * IN], expected[BATCH * CELLS * OUT], got[BATCH * CELLS * OUT];
    char path[512];
    struct model *model = NULL;
    double largest = 0, scale = 0;
    snprintf(path, sizeof path, "%s/golden_%s.safetensors", TEST_SOURCE_DIR, name);
    cr_assert_eq(model_load(&model, path), OK, "%s", error_message());
    cr_expect_eq(model->facts.frame_interval, 100);
    cr_expect_eq(model->facts.normalisation.scale[FRAME_UX], 0.25);
    read_answer(input, answers, name, "input", IN);
    read_answer(expected, answers, name, "output", OUT);
    run(got, model, backend, input);
    for (int i = 0; i < BATCH * CELLS * OUT; i++) {
        largest = fmax(largest, fabs((double)got[i] - expected[i]));
        scale = fmax(scale, fabs((double)expected[i]));
    }
    cr_expect_lt(largest, tolerance * scale, "%s on %s: %.2e", name, backend->ops->name,
                 largest / scale);
    model_destroy(model);
}

Test(pytorch_models, load_here_and_give_pytorchs_answers)
{
    struct safetensors *answers = NULL;
    cr_assert_eq(safetensors_open(&answers, TEST_SOURCE_DIR "/golden_answers.safetensors"), OK);
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        struct backend *backend = NULL;
        cr_assert_eq(backend_open(&backend, backend_name(i), 2), OK);
        for (size_t k = 0; k < sizeof switches / sizeof switches[0]; k++)
            check_switch(answers, switches[k], backend);
        backend_close(backend);
    }
    safetensors_close(answers);
}
