/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char message[ERROR_MESSAGE_SIZE];
static _Thread_local char trace[ERROR_TRACE_SIZE];

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

void error_trace(const char *file, int line, const char *function)
{
    size_t used = strlen(trace);
    if (used + 1 < sizeof trace)
        snprintf(trace + used, sizeof trace - used, "  %s (%s:%d)\n", function, base_name(file),
                 line);
}

void error_record(const char *file, int line, const char *function, const char *format, ...)
{
    char text[ERROR_MESSAGE_SIZE]; /* apart, so that the old message may be an argument */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    memcpy(message, text, sizeof message);
    trace[0] = '\0';
    error_trace(file, line, function);
}

/* Puts `addition` behind the first `length` characters of text[ERROR_MESSAGE_SIZE], cutting it at
 * the end; the new length. */
static size_t append(char *text, size_t length, const char *addition)
{
    size_t room = length < ERROR_MESSAGE_SIZE ? ERROR_MESSAGE_SIZE - 1 - length : 0;
    size_t taken = strlen(addition) < room ? strlen(addition) : room;
    if (room == 0)
        return ERROR_MESSAGE_SIZE;
    memcpy(text + length, addition, taken);
    text[length + taken] = '\0';
    return length + taken;
}

enum status error_prefix(enum status code, const char *format, ...)
{
    char text[ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int used = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (used < 0)
        return code;
    size_t length = append(text, (size_t)used, ": ");
    (void)append(text, length, message);
    memcpy(message, text, sizeof message);
    return code;
}

const char *error_message(void)
{
    return message;
}

const char *error_trace_text(void)
{
    return trace;
}

void error_clear(void)
{
    message[0] = '\0';
    trace[0] = '\0';
}
