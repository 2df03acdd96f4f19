/* SPDX-License-Identifier: Apache-2.0
 *
 * Against bytes worked out by hand from the description of the wire format. */
#include "protobuf.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

static void expect_bytes(struct protobuf *message, const unsigned char *bytes, size_t size)
{
    cr_assert_eq(message->status, OK);
    cr_assert_eq(message->size, size, "%zu bytes, not %zu", message->size, size);
    cr_expect_arr_eq(message->bytes, bytes, size);
    protobuf_free(message);
}

#define EXPECT_BYTES(message, ...)                                                                 \
    expect_bytes(message, (const unsigned char[]){__VA_ARGS__},                                    \
                 sizeof((const unsigned char[]){__VA_ARGS__}))

Test(protobuf, integers_are_varints_of_seven_bits_a_byte)
{
    struct protobuf message = {0};
    protobuf_integer(&message, 1, 0);
    protobuf_integer(&message, 1, 127);
    protobuf_integer(&message, 1, 150);
    EXPECT_BYTES(&message, 0x08, 0x00, 0x08, 0x7f, 0x08, 0x96, 0x01);
    protobuf_integer(&message, 2, -1);
    EXPECT_BYTES(&message, 0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
}

Test(protobuf, a_field_above_fifteen_has_a_tag_of_two_bytes)
{
    struct protobuf message = {0};
    protobuf_integer(&message, 20, 7);
    EXPECT_BYTES(&message, 0xa0, 0x01, 0x07);
}

Test(protobuf, reals_are_little_endian)
{
    struct protobuf message = {0};
    protobuf_float(&message, 2, 1.0F);
    protobuf_double(&message, 3, -2.0);
    EXPECT_BYTES(&message, 0x15, 0, 0, 0x80, 0x3f, 0x19, 0, 0, 0, 0, 0, 0, 0, 0xc0);
}

Test(protobuf, texts_and_messages_have_their_length_before_them)
{
    struct protobuf message = {0};
    protobuf_text(&message, 2, "testing");
    size_t outer = protobuf_begin(&message, 3);
    size_t inner = protobuf_begin(&message, 4);
    protobuf_integer(&message, 1, 5);
    protobuf_end(&message, inner);
    protobuf_bytes(&message, 5, NULL, 0);
    protobuf_end(&message, outer);
    EXPECT_BYTES(&message, 0x12, 7, 't', 'e', 's', 't', 'i', 'n', 'g', 0x1a, 6, 0x22, 2, 0x08, 5,
                 0x2a, 0);
}

Test(protobuf, a_long_message_moves_up_behind_its_length)
{
    struct protobuf message = {0};
    unsigned char data[300];
    memset(data, 0xab, sizeof data);
    size_t begun = protobuf_begin(&message, 1);
    protobuf_bytes(&message, 1, data, sizeof data);
    protobuf_end(&message, begun);
    cr_assert_eq(message.size, 2 + 1 + 3 + sizeof data);
    static const unsigned char head[] = {0x0a, 0xaf, 0x02, 0x0a, 0xac, 0x02};
    cr_expect_arr_eq(message.bytes, head, sizeof head);
    cr_expect_arr_eq(message.bytes + sizeof head, data, sizeof data);
    protobuf_free(&message);
}

Test(protobuf, the_first_failure_stays_and_nothing_is_appended_after_it)
{
    struct protobuf message = {0};
    protobuf_bytes(&message, 1, "", SIZE_MAX);
    cr_expect_eq(message.status, ERR_MEMORY);
    size_t size = message.size;
    protobuf_integer(&message, 1, 1);
    protobuf_end(&message, protobuf_begin(&message, 2));
    cr_expect_eq(message.size, size);
    cr_expect_eq(message.status, ERR_MEMORY);
    protobuf_free(&message);
}
