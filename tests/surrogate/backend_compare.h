/* SPDX-License-Identifier: Apache-2.0
 *
 * One op on every backend of the list against the reference. */
#pragma once

#include "surrogate_test.h"

/* One op, run on a backend: fills `outputs` with what it wrote, at most 4 arrays. */
enum { OUTPUTS = 4 };
struct outputs {
    float *values[OUTPUTS];
    int64_t counts[OUTPUTS];
    int count;
};

static inline void take(struct outputs *outputs, struct backend *backend, struct buffer *buffer,
                        int64_t count)
{
    cr_assert_lt(outputs->count, OUTPUTS);
    outputs->values[outputs->count] = test_download(backend, buffer, count);
    outputs->counts[outputs->count++] = count;
    backend->ops->release(backend, buffer);
}

static inline void drop(struct outputs *outputs)
{
    for (int i = 0; i < outputs->count; i++)
        free(outputs->values[i]);
    outputs->count = 0;
}

/* Index of a case; the op is run on it. */
typedef void (*op_fn)(struct outputs *out, struct backend *backend, int index);

/* The op on every backend with 1 and 2 threads against the reference with 1. */
static inline void compare(const char *what, op_fn op, int cases, double tolerance)
{
    struct backend *ref = NULL, *backend = NULL;
    MUST(backend_open(&ref, "ref", 1));
    for (int index = 0; index < cases; index++) {
        struct outputs expected = {.count = 0}, got = {.count = 0};
        op(&expected, ref, index);
        for (int64_t i = 0; backend_name(i) != NULL; i++)
            for (int threads = 1; threads <= 2; threads++) {
                MUST(backend_open(&backend, backend_name(i), threads));
                op(&got, backend, index);
                for (int k = 0; k < expected.count; k++) {
                    double error =
                        test_difference(got.values[k], expected.values[k], expected.counts[k]);
                    cr_expect(error <= tolerance, "%s on %s, case %d, output %d: %.2e", what,
                              backend_name(i), index, k, error);
                }
                drop(&got);
                backend_close(backend);
            }
        drop(&expected);
    }
    backend_close(ref);
}
