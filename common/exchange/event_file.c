/* SPDX-License-Identifier: Apache-2.0
 *
 * A record is the length (8 bytes, little endian), its check sum (4), the bytes, their check sum.
 * The sums are CRC-32C, rotated and with a constant added, so that a record of records has others.
 *
 * Fields of the messages, by number (tensorflow/core/util/event.proto, summary.proto):
 *     Event      1 wall_time (double), 2 step (int64), 3 file_version (string), 5 summary,
 *                7 session_log
 *     Summary    1 value, repeated: 1 tag (string), 2 simple_value (float)
 *     SessionLog 1 status: 1 = START, which voids events of this step and later ones before it */
#include "event_file.h"

#include "crc32c.h"
#include "number.h"
#include "path.h"
#include "protobuf.h"
#include "retry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENT_TIME = 1, EVENT_STEP = 2, EVENT_VERSION = 3, EVENT_SUMMARY = 5, EVENT_SESSION = 7 };
enum { SUMMARY_VALUE = 1, VALUE_TAG = 1, VALUE_SIMPLE = 2 };
enum { SESSION_STATUS = 1, STATUS_START = 1 };

struct event_file {
    int file;
    char path[PATH_SIZE];
};

static void put_number(unsigned char *out, uint64_t value, int size)
{
    for (int i = 0; i < size; i++)
        out[i] = (unsigned char)(value >> (8 * i));
}

static uint32_t masked_sum(const void *data, size_t size)
{
    uint32_t sum = crc32c_bytes(data, size);
    return (sum >> 15 | sum << 17) + 0xA282EAD8u;
}

/* In one write, so that a reader seldom sees half a record; it waits for the rest then. */
static enum status write_record(struct event_file *file, const struct protobuf *message)
{
    enum { HEAD = 12, TAIL = 4 };
    TRY(message->status);
    size_t size = message->size;
    unsigned char *record = malloc(HEAD + size + TAIL);
    if (record == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    put_number(record, size, 8);
    put_number(record + 8, masked_sum(record, 8), 4);
    memcpy(record + HEAD, message->bytes, size);
    put_number(record + HEAD + size, masked_sum(message->bytes, size), TAIL);
    int failed = retry_write(file->file, record, HEAD + size + TAIL) != 0;
    free(record);
    if (failed)
        return FAIL(ERR_IO, "%s cannot be written: %s", file->path, strerror(errno));
    return OK;
}

static enum status write_version(struct event_file *file, double time)
{
    struct protobuf event = {0};
    protobuf_double(&event, EVENT_TIME, time);
    protobuf_text(&event, EVENT_VERSION, "brain.Event:2");
    enum status status = write_record(file, &event);
    protobuf_free(&event);
    return status;
}

static enum status write_start(struct event_file *file, double time, int64_t first)
{
    struct protobuf event = {0};
    protobuf_double(&event, EVENT_TIME, time);
    protobuf_integer(&event, EVENT_STEP, first);
    size_t session = protobuf_begin(&event, EVENT_SESSION);
    protobuf_integer(&event, SESSION_STATUS, STATUS_START);
    protobuf_end(&event, session);
    enum status status = write_record(file, &event);
    protobuf_free(&event);
    return status;
}

enum status event_file_append(struct event_file *file, double time, int64_t step,
                              const struct event_file_scalar *scalars, size_t count)
{
    struct protobuf event = {0};
    protobuf_double(&event, EVENT_TIME, time);
    protobuf_integer(&event, EVENT_STEP, step);
    size_t summary = protobuf_begin(&event, EVENT_SUMMARY);
    for (size_t i = 0; i < count; i++) {
        size_t value = protobuf_begin(&event, SUMMARY_VALUE);
        protobuf_text(&event, VALUE_TAG, scalars[i].name);
        protobuf_float(&event, VALUE_SIMPLE, (float)scalars[i].value);
        protobuf_end(&event, value);
    }
    protobuf_end(&event, summary);
    enum status status = write_record(file, &event);
    protobuf_free(&event);
    return status;
}

/* The number in a name of ours; -1 for any other name. */
static int64_t number_of(const char *name)
{
    size_t length = strlen(EVENT_FILE_PREFIX);
    int64_t number;
    if (strncmp(name, EVENT_FILE_PREFIX, length) != 0 ||
        number_integer(&number, name + length) != NUMBER_GOOD || number < 0)
        return -1;
    return number;
}

/* What is done with each file of ours. */
typedef enum status (*visit_fn)(void *context, const char *path, int64_t number);

static enum status visit(const char *folder, visit_fn each, void *context)
{
    enum status status = OK;
    char path[PATH_SIZE];
    const char *name;
    DIR *stream = opendir(folder);
    if (stream == NULL && errno == ENOENT)
        return OK;
    if (stream == NULL)
        return FAIL(ERR_IO, "folder '%s' cannot be read: %s", folder, strerror(errno));
    while ((name = path_next_name(stream)) != NULL) {
        int64_t number = number_of(name);
        if (number < 0)
            continue;
        TRY_GOTO(path_join(path, sizeof path, folder, name), cleanup);
        TRY_GOTO(each(context, path, number), cleanup);
    }
cleanup:
    closedir(stream);
    return status;
}

static enum status find_last(void *context, const char *path, int64_t number)
{
    (void)path;
    int64_t *last = context;
    *last = number > *last ? number : *last;
    return OK;
}

static enum status remove_one(void *context, const char *path, int64_t number)
{
    (void)context;
    (void)number;
    return path_remove(path);
}

enum status event_file_find(int *out, const char *folder)
{
    int64_t last = -1;
    TRY(visit(folder, find_last, &last));
    *out = last >= 0;
    return OK;
}

enum status event_file_remove(const char *folder)
{
    return visit(folder, remove_one, NULL);
}

enum status event_file_create(struct event_file **out, const char *folder, double time,
                              int64_t first)
{
    enum status status = OK;
    char name[64];
    int64_t last = -1;
    TRY(visit(folder, find_last, &last));
    struct event_file *made = calloc(1, sizeof *made);
    if (made == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    made->file = -1;
    (void)snprintf(name, sizeof name, EVENT_FILE_PREFIX "%05lld", (long long)last + 1);
    TRY_GOTO(path_join(made->path, sizeof made->path, folder, name), cleanup);
    made->file = retry_open(made->path, O_WRONLY | O_CREAT | O_EXCL);
    if (made->file < 0)
        TRY_GOTO(FAIL(ERR_IO, "%s cannot be written: %s", made->path, strerror(errno)), cleanup);
    TRY_GOTO(write_version(made, time), cleanup);
    if (first > 0)
        TRY_GOTO(write_start(made, time, first), cleanup);
    *out = made;
    made = NULL;
cleanup:
    event_file_close(made);
    return status;
}

void event_file_close(struct event_file *file)
{
    if (file == NULL)
        return;
    if (file->file >= 0)
        (void)retry_close(file->file);
    free(file);
}
