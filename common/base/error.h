/* SPDX-License-Identifier: Apache-2.0
 *
 * Status codes, and the one message that explains the last failure of this thread. A function that
 * can fail for a reason outside the program returns `enum status`; the place that finds the fault
 * records it with FAIL, each caller adds a trace line with TRY or TRY_GOTO, and only `main` prints.
 * Nothing here prints or exits. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ERROR_PRINTF_LIKE(format_index, first_index)                                               \
    __attribute__((format(printf, format_index, first_index)))
#else
#define ERROR_PRINTF_LIKE(format_index, first_index)
#endif

/* The values are the program's exit codes. */
enum status {
    OK = 0,
    ERR_INTERNAL = 1,    /* a fault of ours */
    ERR_USAGE = 2,       /* command line; output exists */
    ERR_CONFIG = 3,      /* configuration or geometry */
    ERR_DATA = 4,        /* dataset or model missing, damaged or mismatched */
    ERR_NUMERIC = 5,     /* diverged, not finite */
    ERR_IO = 6,          /* unwritable, full, unreadable */
    ERR_MEMORY = 7,      /* out of memory */
    ERR_UNSUPPORTED = 8, /* device or feature missing */
    ERR_BUSY = 9,        /* locked by someone else */
    ERR_STOPPED = 10     /* asked to stop (see stop.h); all was saved; never an exit code itself */
};

/* Records the message (cutting it at ERROR_MESSAGE_SIZE) and starts the trace. Use FAIL. */
void error_record(const char *file, int line, const char *function, const char *format, ...)
    ERROR_PRINTF_LIKE(4, 5);

/* Adds one line to the trace. Use TRY and TRY_GOTO. */
void error_trace(const char *file, int line, const char *function);

/* Puts "prefix: " before the recorded message, e.g. the name of the file it was found in; returns
 * `code`. */
enum status error_prefix(enum status code, const char *format, ...) ERROR_PRINTF_LIKE(2, 3);

/* The message and the trace of this thread's last failure; "" when there is none. Borrowed until
 * the next record. */
const char *error_message(void);
const char *error_trace_text(void);

/* Forgets this thread's failure. */
void error_clear(void);

enum { ERROR_MESSAGE_SIZE = 8192, ERROR_TRACE_SIZE = 4096 };

/* An expression of value `code`: `return FAIL(ERR_DATA, "...", ...)`, or `TRY_GOTO(FAIL(...),
 * cleanup)` where something is owned. */
#define FAIL(code, ...) (error_record(__FILE__, __LINE__, __func__, __VA_ARGS__), (code))

#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status try_status_ = (call);                                                          \
        if (try_status_ != OK) {                                                                   \
            error_trace(__FILE__, __LINE__, __func__);                                             \
            return try_status_;                                                                    \
        }                                                                                          \
    } while (0)

/* Needs a local `enum status status` and the label. */
#define TRY_GOTO(call, label)                                                                      \
    do {                                                                                           \
        status = (call);                                                                           \
        if (status != OK) {                                                                        \
            error_trace(__FILE__, __LINE__, __func__);                                             \
            goto label;                                                                            \
        }                                                                                          \
    } while (0)

#ifdef __cplusplus
}
#endif
