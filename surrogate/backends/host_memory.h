/* SPDX-License-Identifier: Apache-2.0
 *
 * The memory slots of backends whose device memory is the host's. Not for other backends. */
#pragma once

#include "backend.h"

enum status host_memory_alloc(struct backend *backend, struct buffer *out, int64_t count);
enum status host_memory_alloc_in(struct backend *backend, struct buffer *out,
                                 enum precision precision, int64_t count);
void host_memory_release(struct backend *backend, struct buffer *buffer);
enum status host_memory_upload(struct backend *backend, struct buffer *to, const float *from,
                               int64_t count);
enum status host_memory_download(struct backend *backend, float *to, const struct buffer *from,
                                 int64_t count);
enum status host_memory_copy(struct backend *backend, struct buffer *dst, const struct buffer *src,
                             int64_t count);
enum status host_memory_sync(struct backend *backend);
