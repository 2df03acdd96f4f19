/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts what a backend allocates, for tests of estimates: between begin and end its alloc adds to
 * counting_backend.bytes. One backend at a time. */
#pragma once

#include "backend.h"

static struct {
    struct backend_ops ops;
    const struct backend_ops *true_ops;
    int64_t bytes;
} counting_backend;

static enum status counting_backend_alloc(struct backend *backend, struct buffer *out,
                                          int64_t count)
{
    counting_backend.bytes += count * (int64_t)sizeof(float);
    return counting_backend.true_ops->alloc(backend, out, count);
}

static enum status counting_backend_alloc_in(struct backend *backend, struct buffer *out,
                                             enum precision precision, int64_t count)
{
    counting_backend.bytes += count * (int64_t)precision_bytes(precision);
    return counting_backend.true_ops->alloc_in(backend, out, precision, count);
}

static inline void counting_backend_begin(struct backend *backend)
{
    counting_backend.true_ops = backend->ops;
    counting_backend.ops = *backend->ops;
    counting_backend.ops.alloc = counting_backend_alloc;
    counting_backend.ops.alloc_in = counting_backend_alloc_in;
    backend->ops = &counting_backend.ops;
}

static inline void counting_backend_end(struct backend *backend)
{
    backend->ops = counting_backend.true_ops;
}
