/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of backends, losses and networks share: buffers filled with reproducible numbers
 * and comparisons. Aborts the test on any failure. */
#pragma once

#include "backend.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define MUST(call)                                                                                 \
    do {                                                                                           \
        enum status must_status_ = (call);                                                         \
        cr_assert(must_status_ == OK, "%s: %s", #call, error_message());                           \
    } while (0)

/* A number in [-1, 1) for (seed, index): splitmix64, so that no generator of ours is needed. */
static inline float test_number(uint64_t seed, uint64_t index)
{
    uint64_t z = seed * 0x9e3779b97f4a7c15u + (index + 1) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return (float)((double)(z >> 40) * 0x1p-23 - 1.0);
}

static inline float *test_numbers(uint64_t seed, int64_t count)
{
    float *values = malloc((size_t)(count > 0 ? count : 1) * sizeof *values);
    cr_assert_not_null(values);
    for (int64_t i = 0; i < count; i++)
        values[i] = test_number(seed, (uint64_t)i);
    return values;
}

static inline struct buffer test_upload_in(struct backend *backend, enum precision precision,
                                           const float *values, int64_t count)
{
    struct buffer buffer = {0};
    MUST(backend->ops->alloc_in(backend, &buffer, precision, count));
    MUST(backend->ops->upload(backend, &buffer, values, count));
    return buffer;
}

static inline struct buffer test_upload(struct backend *backend, const float *values, int64_t count)
{
    return test_upload_in(backend, PRECISION_F32, values, count);
}

/* A buffer of reproducible numbers. */
static inline struct buffer test_buffer(struct backend *backend, uint64_t seed, int64_t count)
{
    float *values = test_numbers(seed, count);
    struct buffer buffer = test_upload(backend, values, count);
    free(values);
    return buffer;
}

/* 0 with the given share, else 1. */
static inline struct buffer test_mask(struct backend *backend, uint64_t seed, int64_t count,
                                      double share)
{
    float *values = test_numbers(seed, count);
    for (int64_t i = 0; i < count; i++)
        values[i] = 0.5 * (values[i] + 1.0) < share ? 0.0f : 1.0f;
    struct buffer buffer = test_upload(backend, values, count);
    free(values);
    return buffer;
}

static inline float *test_download(struct backend *backend, const struct buffer *buffer,
                                   int64_t count)
{
    float *values = malloc((size_t)(count > 0 ? count : 1) * sizeof *values);
    cr_assert_not_null(values);
    MUST(backend->ops->download(backend, values, buffer, count));
    return values;
}

/* max |a - b| / max |b|, or the largest of |a - b| when b is 0; infinite when a number is none. */
static inline double test_difference(const float *a, const float *b, int64_t count)
{
    double largest = 0, scale = 0;
    for (int64_t i = 0; i < count; i++) {
        double difference = fabs((double)a[i] - b[i]);
        if (!isfinite(difference))
            return INFINITY;
        largest = difference > largest ? difference : largest;
        scale = fabs((double)b[i]) > scale ? fabs((double)b[i]) : scale;
    }
    return scale > 0 ? largest / scale : largest;
}
