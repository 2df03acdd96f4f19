/* SPDX-License-Identifier: Apache-2.0
 *
 * Event files, byte by byte. That TensorBoard reads them is tests/cli/peer_events.py's part. */
#include "event_file.h"

#include "array.h"
#include "crc32c.h"
#include "temporary_folder.h"

#include <string.h>
#include <unistd.h>

TestSuite(event_file, .init = temporary_folder_create, .fini = temporary_folder_remove);

static uint64_t number_at(const unsigned char *bytes, int size)
{
    uint64_t value = 0;
    for (int i = size - 1; i >= 0; i--)
        value = value << 8 | bytes[i];
    return value;
}

/* Undoes the mask. */
static uint32_t sum_at(const unsigned char *bytes)
{
    uint32_t sum = (uint32_t)number_at(bytes, 4) - 0xA282EAD8u;
    return sum << 15 | sum >> 17;
}

/* The record at *at, whose sums are right; moves on to the next. NULL at the end. */
static const unsigned char *next_record(const unsigned char *bytes, size_t size, size_t *at,
                                        size_t *length)
{
    if (*at == size)
        return NULL;
    cr_assert_leq(*at + 16, size);
    *length = number_at(bytes + *at, 8);
    cr_assert_leq(*at + 16 + *length, size);
    cr_assert_eq(sum_at(bytes + *at + 8), crc32c_bytes(bytes + *at, 8));
    const unsigned char *record = bytes + *at + 12;
    cr_assert_eq(sum_at(record + *length), crc32c_bytes(record, *length));
    *at += 16 + *length;
    return record;
}

static void write_one(const char *name, double value, int64_t step, int64_t first)
{
    struct event_file *file = NULL;
    const struct event_file_scalar scalar = {.name = name, .value = value};
    cr_assert_eq(event_file_create(&file, temporary_folder, 1.5, first), OK, "%s", error_message());
    cr_assert_eq(event_file_append(file, 2.5, step, &scalar, 1), OK);
    event_file_close(file);
}

Test(event_file, a_file_is_a_version_and_events)
{
    static const unsigned char version[] = {0x09, 0,    0,   0,   0,   0,   0,   0xf8,
                                            0x3f, 0x1a, 13,  'b', 'r', 'a', 'i', 'n',
                                            '.',  'E',  'v', 'e', 'n', 't', ':', '2'};
    static const unsigned char event[] = {0x09, 0,    0,    0,    0,    0,  0,    0x04,
                                          0x40, 0x10, 0x80, 0x02, 0x2a, 10, 0x0a, 8,
                                          0x0a, 1,    'a',  0x15, 0,    0,  0x40, 0x3f};
    write_one("a", 0.75, 256, 0);
    size_t size, at = 0, length;
    unsigned char *bytes = temporary_folder_read(EVENT_FILE_PREFIX "00000", &size);
    const unsigned char *record = next_record(bytes, size, &at, &length);
    cr_assert_eq(length, sizeof version);
    cr_assert_arr_eq(record, version, sizeof version);
    record = next_record(bytes, size, &at, &length);
    cr_assert_eq(length, sizeof event);
    cr_assert_arr_eq(record, event, sizeof event);
    cr_assert_null(next_record(bytes, size, &at, &length));
    array_free(bytes);
}

Test(event_file, the_next_stretch_has_the_next_number_and_voids_what_it_does_again)
{
    static const unsigned char start[] = {0x10, 41, 0x3a, 2, 0x08, 1};
    int found;
    cr_assert_eq(event_file_find(&found, temporary_folder), OK);
    cr_assert_not(found);
    temporary_folder_write(EVENT_FILE_PREFIX "others.host", "not ours");
    cr_assert_eq(event_file_find(&found, temporary_folder), OK);
    cr_assert_not(found);
    write_one("a", 1, 40, 0);
    write_one("a", 1, 41, 41);
    cr_assert_eq(event_file_find(&found, temporary_folder), OK);
    cr_assert(found);
    size_t size, at = 0, length;
    unsigned char *bytes = temporary_folder_read(EVENT_FILE_PREFIX "00001", &size);
    (void)next_record(bytes, size, &at, &length);
    const unsigned char *record = next_record(bytes, size, &at, &length);
    cr_assert_eq(length, 9 + sizeof start);
    cr_assert_arr_eq(record + 9, start, sizeof start);
    array_free(bytes);
}

Test(event_file, all_of_ours_are_removed_and_nothing_else)
{
    int found;
    temporary_folder_write(EVENT_FILE_PREFIX "others.host", "not ours");
    write_one("a", 1, 1, 0);
    write_one("a", 1, 2, 2);
    cr_assert_eq(event_file_remove(temporary_folder), OK);
    cr_assert_eq(event_file_find(&found, temporary_folder), OK);
    cr_assert_not(found);
    cr_assert(path_exists(temporary_folder_path(EVENT_FILE_PREFIX "others.host")));
    cr_assert_eq(event_file_remove(temporary_folder_path("missing")), OK);
}

Test(event_file, what_cannot_be_written_is_an_error)
{
    struct event_file *file = NULL;
    cr_assert_eq(event_file_create(&file, temporary_folder_path("missing"), 0, 0), ERR_IO);
    cr_assert_eq(symlink("/dev/full", temporary_folder_path(EVENT_FILE_PREFIX "00000")), 0);
    cr_assert_eq(event_file_create(&file, temporary_folder, 0, 0), OK, "it takes the next number");
    event_file_close(file);
}
