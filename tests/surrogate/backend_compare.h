/* SPDX-License-Identifier: Apache-2.0
 *
 * One op on every backend of the list against the reference, in floats and in bf16.
 *
 * In bf16 both round nearly the same number once, so they are one spacing apart at most where it
 * lies near the middle of two: 2^-7 of the number, whose significand has 8 bits. */
#pragma once

#include "surrogate_test.h"

/* One op, run on a backend: fills `outputs` with what it wrote, at most 4 arrays. */
enum { OUTPUTS = 4 };
struct outputs {
    float *values[OUTPUTS];
    enum precision precisions[OUTPUTS];
    int64_t counts[OUTPUTS];
    int count;
};

static inline void take(struct outputs *outputs, struct backend *backend, struct buffer *buffer,
                        int64_t count)
{
    cr_assert_lt(outputs->count, OUTPUTS);
    outputs->values[outputs->count] = test_download(backend, buffer, count);
    outputs->precisions[outputs->count] = buffer->precision;
    outputs->counts[outputs->count++] = count;
    backend->ops->release(backend, buffer);
}

static inline void drop(struct outputs *outputs)
{
    for (int i = 0; i < outputs->count; i++)
        free(outputs->values[i]);
    outputs->count = 0;
}

static const double bf16_spacing = 0x1p-7;

/* Of activations, in the comparison that runs. */
static enum precision compared_precision = PRECISION_F32;

static inline struct buffer compared_activation(struct backend *backend, uint64_t seed,
                                                int64_t count)
{
    float *values = test_numbers(seed, count);
    struct buffer buffer = test_upload_in(backend, compared_precision, values, count);
    free(values);
    return buffer;
}

/* Index of a case; the op is run on it. */
typedef void (*op_fn)(struct outputs *out, struct backend *backend, int index);

/* Tolerance 0: the same bits in bf16 too. */
static inline void compare_outputs(const struct outputs *got, const struct outputs *expected,
                                   double tolerance, const char *what, const char *name, int index)
{
    for (int k = 0; k < expected->count; k++) {
        int rounded = expected->precisions[k] == PRECISION_BF16 && tolerance > 0;
        double error = test_difference(got->values[k], expected->values[k], expected->counts[k]);
        cr_expect(error <= tolerance + (rounded ? bf16_spacing : 0),
                  "%s on %s in %s, case %d, output %d: %.2e", what, name,
                  precision_word(compared_precision), index, k, error);
    }
}

static inline int compared_runs(const struct backend *backend)
{
    return compared_precision == PRECISION_F32 || backend->ops->bf16(backend) != BACKEND_BF16_NONE;
}

/* The op on every backend with 1 and 2 threads against the reference with 1. */
static inline void compare_in(enum precision precision, const char *what, op_fn op, int cases,
                              double tolerance)
{
    struct backend *ref = NULL, *backend = NULL;
    compared_precision = precision;
    MUST(backend_open(&ref, "ref", 1));
    for (int index = 0; index < cases; index++) {
        struct outputs expected = {.count = 0}, got = {.count = 0};
        op(&expected, ref, index);
        for (int64_t i = 0; backend_name(i) != NULL; i++)
            for (int threads = 1; threads <= 2; threads++) {
                MUST(backend_open(&backend, backend_name(i), threads));
                if (compared_runs(backend)) {
                    op(&got, backend, index);
                    compare_outputs(&got, &expected, tolerance, what, backend_name(i), index);
                }
                drop(&got);
                backend_close(backend);
            }
        drop(&expected);
    }
    backend_close(ref);
    compared_precision = PRECISION_F32;
}

static inline void compare(const char *what, op_fn op, int cases, double tolerance)
{
    compare_in(PRECISION_F32, what, op, cases, tolerance);
}

/* An op that is for activations. */
static inline void compare_both(const char *what, op_fn op, int cases, double tolerance)
{
    compare_in(PRECISION_F32, what, op, cases, tolerance);
    compare_in(PRECISION_BF16, what, op, cases, tolerance);
}
