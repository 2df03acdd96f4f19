/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include "array.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `more` bytes and the terminator; 0 when there is none. */
static int reserve(struct text *text, size_t more)
{
    if (text->status != OK)
        return 0;
    char *grown = array_grow(text->data, &text->capacity, text->length + more + 1, 1);
    if (grown == NULL) {
        text->status = ERR_MEMORY;
        return 0;
    }
    text->data = grown;
    return 1;
}

void text_append_bytes(struct text *text, const void *bytes, size_t count)
{
    if (!reserve(text, count))
        return;
    memcpy(text->data + text->length, bytes, count);
    text->length += count;
    text->data[text->length] = '\0';
}

void text_append(struct text *text, const char *words)
{
    text_append_bytes(text, words, strlen(words));
}

void text_format(struct text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length >= 0 && reserve(text, (size_t)length)) {
        vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

void text_fini(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}

int text_character(const char *words)
{
    const unsigned char *s = (const unsigned char *)words;
    if (s[0] < 0x80)
        return s[0] != 0;
    int bytes = s[0] >= 0xc2 && s[0] <= 0xdf   ? 2
                : s[0] >= 0xe0 && s[0] <= 0xef ? 3
                : s[0] >= 0xf0 && s[0] <= 0xf4 ? 4
                                               : 0;
    for (int i = 1; i < bytes; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    }
    /* overlong forms, surrogates, beyond U+10FFFF */
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return bytes;
}

/* C0, DEL and C1: nothing that a picture, an SVG or a page may hold. */
static int is_control(const char *words, int bytes)
{
    const unsigned char *s = (const unsigned char *)words;
    return s[0] < 0x20 || s[0] == 0x7f || (bytes == 2 && s[0] == 0xc2 && s[1] < 0xa0);
}

/* U+FFFE and U+FFFF, which XML forbids. */
static int is_forbidden(const char *words, int bytes)
{
    const unsigned char *s = (const unsigned char *)words;
    return bytes == 3 && s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe;
}

char *text_clean(char *out, size_t size, const char *words)
{
    size_t used = 0;
    const char *s = words != NULL ? words : "";
    int blank = 0;
    while (*s != '\0') {
        int bytes = text_character(s);
        int control = bytes > 0 && is_control(s, bytes);
        const char *piece = s;
        size_t length = (size_t)bytes;
        if (bytes == 0 || is_forbidden(s, bytes)) {
            piece = "?";
            length = 1;
        } else if (control) {
            piece = " ";
            length = blank ? 0 : 1;
        }
        if (used + length + 1 > size)
            break;
        memcpy(out + used, piece, length);
        used += length;
        blank = control;
        s += bytes > 0 ? bytes : 1;
    }
    if (size > 0)
        out[used] = '\0';
    return out;
}

size_t text_width(const char *words)
{
    size_t width = 0;
    for (const unsigned char *s = (const unsigned char *)words; *s != '\0'; s++) {
        int combining = (s[0] == 0xcc && s[1] >= 0x80) || (s[0] == 0xcd && s[1] <= 0xaf);
        width += (*s & 0xc0) != 0x80 && !combining;
    }
    return width;
}
