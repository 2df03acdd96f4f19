/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes PNG files of any kind, sound or not, without libpng: rows as they are in the file, not
 * compressed (deflate's stored blocks), checksums right unless changed afterwards. For tests. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { PNG_MAKER_SIZE = 1 << 16 };

struct png_maker {
    unsigned char bytes[PNG_MAKER_SIZE];
    size_t size;
};

static inline void png_maker_number(unsigned char out[4], uint32_t value)
{
    for (int k = 0; k < 4; k++)
        out[k] = (unsigned char)(value >> (24 - 8 * k));
}

static inline uint32_t png_maker_crc(const unsigned char *bytes, size_t size)
{
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++)
            crc = crc & 1 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
    }
    return ~crc;
}

static inline void png_maker_chunk(struct png_maker *out, const char type[4], const void *data,
                                   size_t size)
{
    unsigned char *at = out->bytes + out->size;
    png_maker_number(at, (uint32_t)size);
    memcpy(at + 4, type, 4);
    if (size > 0)
        memcpy(at + 8, data, size);
    png_maker_number(at + 8 + size, png_maker_crc(at + 4, size + 4));
    out->size += size + 12;
}

/* Colour types: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
static inline void png_maker_begin(struct png_maker *out, uint32_t width, uint32_t height,
                                   int depth, int colour)
{
    static const unsigned char signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    unsigned char header[13] = {0};
    memcpy(out->bytes, signature, sizeof signature);
    out->size = sizeof signature;
    png_maker_number(header, width);
    png_maker_number(header + 4, height);
    header[8] = (unsigned char)depth;
    header[9] = (unsigned char)colour;
    png_maker_chunk(out, "IHDR", header, sizeof header);
}

/* rows [height][stride]: each without its filter byte. At most 60000 bytes in all. */
static inline void png_maker_rows(struct png_maker *out, const unsigned char *rows, size_t height,
                                  size_t stride)
{
    static unsigned char data[PNG_MAKER_SIZE];
    size_t size = height * (stride + 1), at = 7;
    uint32_t a = 1, b = 0;
    data[0] = 0x78;
    data[1] = 0x01;
    data[2] = 1; // the last block, stored
    data[3] = (unsigned char)size;
    data[4] = (unsigned char)(size >> 8);
    data[5] = (unsigned char)~data[3];
    data[6] = (unsigned char)~data[4];
    for (size_t row = 0; row < height; row++) {
        data[at++] = 0;
        memcpy(data + at, rows + row * stride, stride);
        at += stride;
    }
    for (size_t i = 7; i < at; i++) {
        a = (a + data[i]) % 65521;
        b = (b + a) % 65521;
    }
    png_maker_number(data + at, b << 16 | a);
    png_maker_chunk(out, "IDAT", data, at + 4);
    png_maker_chunk(out, "IEND", NULL, 0);
}

/* A whole 8-bit grey picture; 0 is black. */
static inline void png_maker_grey(struct png_maker *out, const unsigned char *pixels,
                                  uint32_t width, uint32_t height)
{
    png_maker_begin(out, width, height, 8, 0);
    png_maker_rows(out, pixels, height, width);
}
