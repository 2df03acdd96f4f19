/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing protocol-buffer messages: fields appended to a growing string of bytes. Knows the wire
 * format and no schema; the field numbers are the caller's. Only writes. The first failure stays in
 * `status` and the calls after it do nothing, so that one check at the end is enough:
 *
 *     struct protobuf message = {0};
 *     protobuf_text(&message, 1, "name");
 *     size_t inner = protobuf_begin(&message, 2);
 *     protobuf_integer(&message, 1, 7);
 *     protobuf_end(&message, inner);
 *     ... message.status, message.bytes, message.size ...
 *     protobuf_free(&message); */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

struct protobuf {
    unsigned char *bytes;
    size_t size, capacity;
    enum status status; /* OK or the first failure: ERR_MEMORY */
};

void protobuf_free(struct protobuf *message);

/* int64, uint64, int32 (not sint), bool and enum fields. */
void protobuf_integer(struct protobuf *message, int field, int64_t value);
void protobuf_float(struct protobuf *message, int field, float value);
void protobuf_double(struct protobuf *message, int field, double value);
void protobuf_text(struct protobuf *message, int field, const char *text);
void protobuf_bytes(struct protobuf *message, int field, const void *data, size_t size);

/* What is appended between the two becomes an embedded message; `begun` is what begin returned. The
 * pairs may be nested. */
size_t protobuf_begin(struct protobuf *message, int field);
void protobuf_end(struct protobuf *message, size_t begun);
