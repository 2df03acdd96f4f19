/* SPDX-License-Identifier: Apache-2.0
 *
 * The faults of a configuration, gathered so that all are reported at once. */
#pragma once

#include "config_buffer.h"

/* Where something stands: "file:line:column", or `where` alone when line is 0. */
struct config_place {
    const char *where; /* borrowed */
    size_t line, column;
};

struct config_faults {
    struct config_buffer lines;
    size_t count;
    size_t hidden; /* counted, but no longer kept: the message has an end */
};

/* Adds one line "place: text". */
void config_faults_add(struct config_faults *faults, struct config_place place, const char *format,
                       ...) ERROR_PRINTF_LIKE(3, 4);

/* OK without faults, else ERR_CONFIG with all of them as the message; empties the list. */
enum status config_faults_finish(struct config_faults *faults);
void config_faults_fini(struct config_faults *faults);
