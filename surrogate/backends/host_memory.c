/* SPDX-License-Identifier: Apache-2.0 */
#include "host_memory.h"

#include "array.h"

#include <assert.h>
#include <string.h>

enum status host_memory_alloc(struct backend *backend, struct buffer *out, int64_t count)
{
    (void)backend;
    assert(count >= 0);
    struct buffer buffer = {0};
    TRY(array_size(&buffer.bytes, (size_t)count, sizeof(float)));
    buffer.data = array_alloc((size_t)count, sizeof(float));
    if (buffer.data == NULL)
        return ERR_MEMORY;
    *out = buffer;
    return OK;
}

void host_memory_release(struct backend *backend, struct buffer *buffer)
{
    (void)backend;
    array_free(buffer->data);
    *buffer = (struct buffer){0};
}

static void move(const struct buffer *held, void *to, const void *from, int64_t count)
{
    (void)held;
    assert(count >= 0 && (size_t)count * sizeof(float) <= held->bytes);
    if (count > 0)
        memcpy(to, from, (size_t)count * sizeof(float));
}

enum status host_memory_upload(struct backend *backend, struct buffer *to, const float *from,
                               int64_t count)
{
    (void)backend;
    move(to, to->data, from, count);
    return OK;
}

enum status host_memory_download(struct backend *backend, float *to, const struct buffer *from,
                                 int64_t count)
{
    (void)backend;
    move(from, to, from->data, count);
    return OK;
}

enum status host_memory_copy(struct backend *backend, struct buffer *dst, const struct buffer *src,
                             int64_t count)
{
    assert((size_t)count * sizeof(float) <= src->bytes);
    (void)backend;
    move(dst, dst->data, src->data, count);
    return OK;
}

enum status host_memory_sync(struct backend *backend)
{
    (void)backend;
    return OK;
}
