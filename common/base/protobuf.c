/* SPDX-License-Identifier: Apache-2.0
 *
 * A field is a tag (number and wire type, a varint) and a value: a varint, 4 or 8 bytes little
 * endian, or a length (a varint) and that many bytes. */
#include "protobuf.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

enum wire { WIRE_VARINT = 0, WIRE_8_BYTES = 1, WIRE_LENGTH = 2, WIRE_4_BYTES = 5 };

enum { VARINT_MOST = 10 };

void protobuf_free(struct protobuf *message)
{
    free(message->bytes);
    *message = (struct protobuf){0};
}

/* Room for `size` bytes more, counted as there; NULL after a failure. */
static unsigned char *extend(struct protobuf *message, size_t size)
{
    if (message->status != OK)
        return NULL;
    if (size > SIZE_MAX - message->size) {
        message->status = FAIL(ERR_MEMORY, "a message of more than %zu bytes", SIZE_MAX);
        return NULL;
    }
    unsigned char *bytes = array_grow(message->bytes, &message->capacity, message->size + size, 1);
    if (bytes == NULL) {
        message->status = ERR_MEMORY;
        return NULL;
    }
    message->bytes = bytes;
    message->size += size;
    return bytes + message->size - size;
}

static void append(struct protobuf *message, const void *data, size_t size)
{
    unsigned char *to = extend(message, size);
    if (to != NULL && size > 0)
        memcpy(to, data, size);
}

/* Seven bits a byte, the lowest first; the top bit says that more follow. */
static size_t encode_varint(unsigned char out[VARINT_MOST], uint64_t value)
{
    size_t size = 0;
    for (; value >= 0x80; value >>= 7)
        out[size++] = (unsigned char)(value | 0x80);
    out[size++] = (unsigned char)value;
    return size;
}

static void append_varint(struct protobuf *message, uint64_t value)
{
    unsigned char bytes[VARINT_MOST];
    append(message, bytes, encode_varint(bytes, value));
}

static void append_tag(struct protobuf *message, int field, enum wire wire)
{
    append_varint(message, (uint64_t)field << 3 | (uint64_t)wire);
}

static void append_fixed(struct protobuf *message, uint64_t bits, int size)
{
    unsigned char bytes[8];
    for (int i = 0; i < size; i++)
        bytes[i] = (unsigned char)(bits >> (8 * i));
    append(message, bytes, (size_t)size);
}

void protobuf_integer(struct protobuf *message, int field, int64_t value)
{
    append_tag(message, field, WIRE_VARINT);
    append_varint(message, (uint64_t)value);
}

void protobuf_float(struct protobuf *message, int field, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    append_tag(message, field, WIRE_4_BYTES);
    append_fixed(message, bits, 4);
}

void protobuf_double(struct protobuf *message, int field, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    append_tag(message, field, WIRE_8_BYTES);
    append_fixed(message, bits, 8);
}

void protobuf_bytes(struct protobuf *message, int field, const void *data, size_t size)
{
    append_tag(message, field, WIRE_LENGTH);
    append_varint(message, size);
    append(message, data, size);
}

void protobuf_text(struct protobuf *message, int field, const char *text)
{
    protobuf_bytes(message, field, text, strlen(text));
}

size_t protobuf_begin(struct protobuf *message, int field)
{
    append_tag(message, field, WIRE_LENGTH);
    return message->size;
}

/* The length is known only now: what follows it moves up. */
void protobuf_end(struct protobuf *message, size_t begun)
{
    unsigned char length[VARINT_MOST];
    size_t inner = message->size - begun;
    size_t size = encode_varint(length, inner);
    if (extend(message, size) == NULL)
        return;
    memmove(message->bytes + begun + size, message->bytes + begun, inner);
    memcpy(message->bytes + begun, length, size);
}
