/* SPDX-License-Identifier: Apache-2.0 */
#include "crc32c.h"

/* The polynomial with its lowest power in the highest bit. */
static const uint32_t POLYNOMIAL = 0x82F63B78u;

/* A bit at a time: what is checked here are a few hundred bytes a second. */
uint32_t crc32c_bytes(const void *data, size_t size)
{
    const unsigned char *bytes = data;
    uint32_t rest = 0xFFFFFFFFu;
    for (size_t i = 0; i < size; i++) {
        rest ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            rest = rest >> 1 ^ (rest & 1 ? POLYNOMIAL : 0);
    }
    return rest ^ 0xFFFFFFFFu;
}
