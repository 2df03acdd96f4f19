/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = ERROR_MESSAGE_SIZE };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static enum log_level level = LOG_INFO; /* guarded by lock, as is the file */
static FILE *log_file;
static int live; /* a live line stands on stderr */

void log_set_level(enum log_level wanted)
{
    pthread_mutex_lock(&lock);
    level = wanted;
    pthread_mutex_unlock(&lock);
}

enum log_level log_level(void)
{
    pthread_mutex_lock(&lock);
    enum log_level present = level;
    pthread_mutex_unlock(&lock);
    return present;
}

static void close_file(FILE *replacement)
{
    pthread_mutex_lock(&lock);
    FILE *old = log_file;
    log_file = replacement;
    pthread_mutex_unlock(&lock);
    if (old != NULL)
        (void)fclose(old);
}

enum status log_open_file(const char *path)
{
    FILE *file = fopen(path, "a");
    if (file == NULL)
        return FAIL(ERR_IO, "cannot open the log '%s': %s", path, strerror(errno));
    close_file(file);
    return OK;
}

void log_close_file(void)
{
    close_file(NULL);
}

/* Back to the first column, and the line emptied. */
static void clear_live(void)
{
    if (live)
        (void)fputs("\r\033[K", stderr);
    live = 0;
}

void log_live_line(const char *text)
{
    pthread_mutex_lock(&lock);
    clear_live();
    if (text != NULL)
        (void)fputs(text, stderr);
    (void)fflush(stderr);
    live = text != NULL;
    pthread_mutex_unlock(&lock);
}

/* Flushed by hand: a line must stand in the file before the next step can crash. */
static void write_line(FILE *file, const char *prefix, const char *text)
{
    (void)fprintf(file, "%s%s\n", prefix, text);
    (void)fflush(file);
}

static void log_line(enum log_level rank, const char *prefix, const char *format, va_list arguments)
{
    char text[LINE_SIZE];
    (void)vsnprintf(text, sizeof text, format, arguments);
    pthread_mutex_lock(&lock);
    if (rank <= level) {
        clear_live();
        write_line(stderr, prefix, text);
    }
    if (log_file != NULL && rank <= LOG_INFO)
        write_line(log_file, prefix, text);
    pthread_mutex_unlock(&lock);
}

void log_warning(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    log_line(LOG_WARNING, "warning: ", format, arguments);
    va_end(arguments);
}

void log_info(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    log_line(LOG_INFO, "", format, arguments);
    va_end(arguments);
}

void log_debug(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    log_line(LOG_DEBUG, "", format, arguments);
    va_end(arguments);
}
