/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages to people: to stderr and, when a run folder is open, to its log.txt. Results never pass
 * here (they go to stdout), nor do errors (`main` prints them). Thread safe. */
#pragma once

#include "error.h"

enum log_level { LOG_QUIET, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* The level of stderr; LOG_INFO at start. log.txt gets everything up to LOG_INFO whatever the
 * level. */
void log_set_level(enum log_level level);
enum log_level log_level(void);

/* Starts copying messages to `path` (appended, flushed a line at a time). ERR_IO when it cannot be
 * opened. */
enum status log_open_file(const char *path);
void log_close_file(void);

/* One line each; the newline is added. Warnings begin with "warning: ". */
void log_warning(const char *format, ...) ERROR_PRINTF_LIKE(1, 2);
void log_info(const char *format, ...) ERROR_PRINTF_LIKE(1, 2);
void log_debug(const char *format, ...) ERROR_PRINTF_LIKE(1, 2);

/* A line that stands at the end of stderr, a terminal, until the next message or the next such line
 * takes it away; NULL: away with it. At every level, and never in log.txt. */
void log_live_line(const char *text);
