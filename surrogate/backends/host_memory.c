/* SPDX-License-Identifier: Apache-2.0 */
#include "host_memory.h"

#include "array.h"

#include <assert.h>
#include <string.h>

enum status host_memory_alloc_in(struct backend *backend, struct buffer *out,
                                 enum precision precision, int64_t count)
{
    (void)backend;
    assert(count >= 0);
    struct buffer buffer = {.precision = precision};
    TRY(array_size(&buffer.bytes, (size_t)count, precision_bytes(precision)));
    buffer.data = array_alloc((size_t)count, precision_bytes(precision));
    if (buffer.data == NULL)
        return ERR_MEMORY;
    *out = buffer;
    return OK;
}

enum status host_memory_alloc(struct backend *backend, struct buffer *out, int64_t count)
{
    return host_memory_alloc_in(backend, out, PRECISION_F32, count);
}

void host_memory_release(struct backend *backend, struct buffer *buffer)
{
    (void)backend;
    array_free(buffer->data);
    *buffer = (struct buffer){0};
}

static void check_size(const struct buffer *buffer, int64_t count)
{
    assert(count >= 0 && (size_t)count * precision_bytes(buffer->precision) <= buffer->bytes);
    (void)buffer, (void)count; // without assertions
}

static void move(void *to, enum precision wanted, const void *from, enum precision given,
                 int64_t count)
{
    if (wanted == given && count > 0)
        memcpy(to, from, (size_t)count * precision_bytes(given));
    for (int64_t i = 0; wanted != given && i < count; i++)
        precision_put(to, i, wanted, precision_get(from, i, given));
}

enum status host_memory_upload(struct backend *backend, struct buffer *to, const float *from,
                               int64_t count)
{
    (void)backend;
    check_size(to, count);
    move(to->data, to->precision, from, PRECISION_F32, count);
    return OK;
}

enum status host_memory_download(struct backend *backend, float *to, const struct buffer *from,
                                 int64_t count)
{
    (void)backend;
    check_size(from, count);
    move(to, PRECISION_F32, from->data, from->precision, count);
    return OK;
}

enum status host_memory_copy(struct backend *backend, struct buffer *dst, const struct buffer *src,
                             int64_t count)
{
    (void)backend;
    check_size(dst, count);
    check_size(src, count);
    move(dst->data, dst->precision, src->data, src->precision, count);
    return OK;
}

enum status host_memory_sync(struct backend *backend)
{
    (void)backend;
    return OK;
}
