/* SPDX-License-Identifier: Apache-2.0 */
#include "config_faults.h"

#include <stdarg.h>
#include <stdio.h>

enum { TEXT_SIZE = 512, LAST_LINE_SIZE = 64 };

void config_faults_add(struct config_faults *faults, struct config_place place, const char *format,
                       ...)
{
    char text[TEXT_SIZE];
    char position[48] = "";
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    faults->count++;
    if (faults->lines.length + 2 * TEXT_SIZE + LAST_LINE_SIZE > ERROR_MESSAGE_SIZE) {
        faults->hidden++;
        return;
    }
    if (place.line > 0)
        (void)snprintf(position, sizeof position, ":%zu:%zu", place.line, place.column);
    config_buffer_add(&faults->lines, "%s%.*s%s: %s", faults->lines.length > 0 ? "\n" : "",
                      TEXT_SIZE - 64, place.where, position, text);
}

enum status config_faults_finish(struct config_faults *faults)
{
    enum status status = faults->lines.status;
    if (status == OK && faults->hidden > 0)
        status =
            FAIL(ERR_CONFIG, "%s\n... and %zu faults more", faults->lines.text, faults->hidden);
    else if (status == OK && faults->count > 0)
        status = FAIL(ERR_CONFIG, "%s", faults->lines.text);
    config_faults_fini(faults);
    return status;
}

void config_faults_fini(struct config_faults *faults)
{
    config_buffer_fini(&faults->lines);
    *faults = (struct config_faults){0};
}
