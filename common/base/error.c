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

enum status error_trace(enum status code, const char *file, int line, const char *function)
{
    size_t used = strlen(trace);
    if (used + 1 < sizeof trace)
        snprintf(trace + used, sizeof trace - used, "  %s (%s:%d)\n", function, base_name(file),
                 line);
    return code;
}

enum status error_record(enum status code, const char *file, int line, const char *function,
                         const char *format, ...)
{
    char text[ERROR_MESSAGE_SIZE]; /* apart, so that the old message may be an argument */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    memcpy(message, text, sizeof message);
    trace[0] = '\0';
    return error_trace(code, file, line, function);
}

enum status error_prefix(enum status code, const char *format, ...)
{
    char text[ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int used = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (used >= 0 && (size_t)used + 3 < sizeof text) {
        strncpy(text + used, ": ", 3);
        strncpy(text + used + 2, message, sizeof text - (size_t)used - 3);
        text[sizeof text - 1] = '\0';
        memcpy(message, text, sizeof message);
    }
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
