/* SPDX-License-Identifier: Apache-2.0 */
#include "config_buffer.h"

#include "array.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int reserve(struct config_buffer *buffer, size_t size)
{
    if (buffer->status != OK)
        return 0;
    char *grown = array_grow(buffer->text, &buffer->capacity, size, 1);
    if (grown == NULL) {
        buffer->status = ERR_MEMORY;
        return 0;
    }
    buffer->text = grown;
    return 1;
}

void config_buffer_add(struct config_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int needed = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (needed < 0 || !reserve(buffer, buffer->length + (size_t)needed + 1))
        return;
    va_start(arguments, format);
    (void)vsnprintf(buffer->text + buffer->length, (size_t)needed + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)needed;
}

enum status config_buffer_finish(char **out, struct config_buffer *buffer)
{
    config_buffer_add(buffer, "%s", "");
    enum status status = buffer->status;
    if (status == OK) {
        *out = buffer->text;
        buffer->text = NULL;
    }
    config_buffer_fini(buffer);
    return status;
}

void config_buffer_fini(struct config_buffer *buffer)
{
    free(buffer->text);
    *buffer = (struct config_buffer){0};
}
