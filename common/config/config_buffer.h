/* SPDX-License-Identifier: Apache-2.0
 *
 * A text that grows. Running out of memory is remembered and reported once, at the end. */
#pragma once

#include "error.h"

#include <stddef.h>

struct config_buffer {
    char *text; /* NULL while empty */
    size_t length, capacity;
    enum status status;
};

void config_buffer_add(struct config_buffer *buffer, const char *format, ...)
    ERROR_PRINTF_LIKE(2, 3);

/* Hands the text over (free with free(); "" when nothing was added) and empties the buffer. */
enum status config_buffer_finish(char **out, struct config_buffer *buffer);
void config_buffer_fini(struct config_buffer *buffer);
