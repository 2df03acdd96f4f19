/* SPDX-License-Identifier: Apache-2.0 */
#include "base64.h"

#include "array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum status base64_encode(char **out, const unsigned char *bytes, size_t size)
{
    size_t length;
    TRY(array_size(&length, size / 3 + 1, 4));
    char *text = malloc(length + 1), *end = text;
    if (text == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t group = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                         (left > 2 ? bytes[i + 2] : 0);
        *end++ = letters[group >> 18];
        *end++ = letters[group >> 12 & 63];
        *end++ = left > 1 ? letters[group >> 6 & 63] : '=';
        *end++ = left > 2 ? letters[group & 63] : '=';
    }
    *end = '\0';
    *out = text;
    return OK;
}

/* Four letters, of which the last `padding` stand for nothing; -1 when they are none. The bits that
 * padding cuts off must be 0, so that a text means one thing and is meant by one. */
static int64_t read_group(const char *text, int padding)
{
    int64_t group = 0;
    for (int k = 0; k < 4; k++) {
        const char *place = k < 4 - padding ? strchr(letters, text[k]) : letters;
        if (place == NULL || (k >= 4 - padding && text[k] != '='))
            return -1;
        group = group << 6 | (place - letters);
    }
    return (group & ((1 << 8 * padding) - 1)) == 0 ? group : -1;
}

static int count_padding(const char *text, size_t length)
{
    if (length == 0 || text[length - 1] != '=')
        return 0;
    return text[length - 2] == '=' ? 2 : 1;
}

enum status base64_decode(unsigned char **out, size_t *size, const char *text)
{
    size_t length = strlen(text), used = 0;
    unsigned char *bytes = NULL;
    if (length % 4 != 0)
        return FAIL(ERR_DATA, "a base64 text of %zu letters was cut short", length);
    int padding = count_padding(text, length);
    TRY(ARRAY_NEW(bytes, length / 4 * 3 + 1));
    for (size_t i = 0; i < length; i += 4) {
        int64_t group = read_group(text + i, i + 4 == length ? padding : 0);
        if (group < 0) {
            array_free(bytes);
            return FAIL(ERR_DATA, "letters %zu to %zu of a base64 text are none", i + 1, i + 4);
        }
        bytes[used++] = (unsigned char)(group >> 16);
        bytes[used++] = (unsigned char)(group >> 8 & 255);
        bytes[used++] = (unsigned char)(group & 255);
    }
    *size = used - (size_t)padding;
    *out = bytes;
    return OK;
}
