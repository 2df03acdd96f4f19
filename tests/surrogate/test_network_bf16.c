/* SPDX-License-Identifier: Apache-2.0
 *
 * A network in bf16 beside the same in float32, with each switch. Every activation and gradient on
 * the way is rounded, each by 2^-9 of itself at most or so, independently of the others: N
 * roundings in a row move a result by 2^-9 sqrt(N) of it where none of them is enlarged. */
#include "network_fixture.h"

/* |a - b| / |b|, over all together. */
static double relative(const float *a, const float *b, int64_t count)
{
    double difference = 0, scale = 0;
    for (int64_t i = 0; i < count; i++) {
        difference += pow((double)a[i] - b[i], 2);
        scale += pow((double)b[i], 2);
    }
    return isfinite(difference) ? sqrt(difference / scale) : INFINITY;
}

static int has_bf16(const char *name)
{
    struct backend *backend = NULL;
    MUST(backend_open(&backend, name, 1));
    int has = backend->ops->bf16(backend) != BACKEND_BF16_NONE;
    backend_close(backend);
    return has;
}

/* Up to ten layers, 40 roundings forward and backward, which norms of few rows enlarge: the worst
 * seen is 2.1e-2. */
static const double gradient_tolerance = 0.05;

Test(network_bf16, gradients_with_each_switch_are_those_of_float32_but_for_the_rounding)
{
    for (int k = 0; k < SWITCHES; k++) {
        int64_t count;
        char name[64];
        struct network_spec spec = switched(name, k < 4 ? "tiny" : "C 5 / 6 * 4 + C 3", k);
        float *exact = network_fixture_gradients("ref", 1, PRECISION_F32, &spec, &count);
        for (int64_t i = 0; backend_name(i) != NULL; i++) {
            if (!has_bf16(backend_name(i)))
                continue;
            float *got = network_fixture_gradients(backend_name(i), 1 + k % 2, PRECISION_BF16,
                                                   &spec, &count);
            double error = relative(got, exact, count);
            cr_expect(error > 0 && error < gradient_tolerance, "%s, %s: %.2e", backend_name(i),
                      name, error);
            free(got);
        }
        free(exact);
    }
}

/* The output, and the gradient of the input: both float32. */
static void through(float *out[2], int64_t counts[2], const char *backend, enum precision precision,
                    const struct network_spec *spec)
{
    struct fixture it;
    struct buffer *output = NULL;
    fixture_precision = precision;
    set_up_canvas(&it, backend, 1, spec, 8);
    counts[0] = it.outputs;
    counts[1] = (int64_t)(it.input.bytes / sizeof(float));
    struct buffer d_input = test_buffer(it.backend, 5, counts[1]);
    forward_loss(&it, &it.gradient);
    MUST(network_forward(it.network, &it.input, NETWORK_KEEP_STATISTICS, &output));
    cr_assert_eq(output->precision, PRECISION_F32);
    out[0] = test_download(it.backend, output, counts[0]);
    MUST(network_backward_through(it.network, &it.gradient, &d_input));
    out[1] = test_download(it.backend, &d_input, counts[1]);
    it.backend->ops->release(it.backend, &d_input);
    tear_down(&it);
    fixture_precision = PRECISION_F32;
}

Test(network_bf16, outputs_and_gradients_of_inputs_are_those_of_float32_but_for_the_rounding)
{
    for (int k = 0; k < SWITCHES; k++) {
        char name[64];
        struct network_spec spec = switched(name, "C 5 / 6 * 4 + C 3", k);
        float *exact[2], *got[2];
        int64_t counts[2];
        through(exact, counts, "ref", PRECISION_F32, &spec);
        for (int64_t i = 0; backend_name(i) != NULL; i++) {
            if (!has_bf16(backend_name(i)))
                continue;
            through(got, counts, backend_name(i), PRECISION_BF16, &spec);
            for (int out = 0; out < 2; out++) {
                double error = relative(got[out], exact[out], counts[out]);
                cr_expect(error > 0 && error < gradient_tolerance, "%s, %s, %d: %.2e",
                          backend_name(i), name, out, error);
                free(got[out]);
            }
        }
        free(exact[0]);
        free(exact[1]);
    }
}

Test(network_bf16, the_same_pass_gives_the_same_bits_for_any_fixed_number_of_threads)
{
    struct network_spec spec = spec_of("tiny");
    for (int64_t i = 0; backend_name(i) != NULL; i++)
        for (int threads = 1; threads <= 2 && has_bf16(backend_name(i)); threads++) {
            int64_t count;
            float *once =
                network_fixture_gradients(backend_name(i), threads, PRECISION_BF16, &spec, &count);
            float *again =
                network_fixture_gradients(backend_name(i), threads, PRECISION_BF16, &spec, &count);
            cr_expect_eq(memcmp(once, again, (size_t)count * sizeof *once), 0, "%s, %d threads",
                         backend_name(i), threads);
            free(once);
            free(again);
        }
}

/* All but the output, which is floats for those outside, and the copy of the input. */
Test(network_bf16, activations_take_half_the_memory)
{
    struct network_spec spec = spec_of("base");
    double floats = network_memory_estimate(&spec, 16, 64, 64, NETWORK_TRAIN, PRECISION_F32);
    double halves = network_memory_estimate(&spec, 16, 64, 64, NETWORK_TRAIN, PRECISION_BF16);
    double fixed = 2.0 * 4.0 * (double)network_spec_parameters(&spec);
    double share = (halves - fixed) / (floats - fixed);
    cr_expect(share > 0.5 && share < 0.52, "%g", share);
}
