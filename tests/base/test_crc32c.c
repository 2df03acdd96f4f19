/* SPDX-License-Identifier: Apache-2.0 */
#include "crc32c.h"

#include <criterion/criterion.h>
#include <string.h>

Test(crc32c, the_published_values_come_out)
{
    unsigned char bytes[32];
    cr_assert_eq(crc32c_bytes("", 0), 0u);
    cr_assert_eq(crc32c_bytes("123456789", 9), 0xE3069283u);
    /* RFC 3720, B.4 */
    memset(bytes, 0, sizeof bytes);
    cr_assert_eq(crc32c_bytes(bytes, sizeof bytes), 0x8A9136AAu);
    memset(bytes, 0xff, sizeof bytes);
    cr_assert_eq(crc32c_bytes(bytes, sizeof bytes), 0x62A8AB43u);
    for (int i = 0; i < 32; i++)
        bytes[i] = (unsigned char)i;
    cr_assert_eq(crc32c_bytes(bytes, sizeof bytes), 0x46DD794Eu);
}
