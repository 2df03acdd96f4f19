/* SPDX-License-Identifier: Apache-2.0
 *
 * Text for pictures, charts, tables and reports: a growable buffer whose failure is asked for once
 * at the end, and the cleaning that every label from outside passes (well-formed UTF-8, one line).
 * Knows nothing of markup; report.c and chart.c escape for theirs. */
#pragma once

#include "error.h"

#include <stddef.h>

/* Starts as {0}; everything appended after a failure is ignored. */
struct text {
    char *data; /* zero-terminated; NULL while empty */
    size_t length, capacity;
    enum status status; /* OK or ERR_MEMORY */
};

void text_append(struct text *text, const char *words);
void text_append_bytes(struct text *text, const void *bytes, size_t count);
void text_format(struct text *text, const char *format, ...) ERROR_PRINTF_LIKE(2, 3);
void text_fini(struct text *text);

/* One well-formed line: bytes that are no UTF-8 become '?', runs of control characters (newlines
 * among them) one space. NULL counts as "". Cut to `size` bytes at a character. Returns out. */
char *text_clean(char *out, size_t size, const char *words);

/* Bytes of the well-formed UTF-8 character at `words`, or 0 where there is none. */
int text_character(const char *words);

/* Columns on a terminal: characters, not counting combining marks. */
size_t text_width(const char *words);

enum { TEXT_LABEL_SIZE = 512 };
