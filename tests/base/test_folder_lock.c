/* SPDX-License-Identifier: Apache-2.0 */
#include "folder_lock.h"

#include "array.h"
#include "path.h"
#include "temporary_folder.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(folder_lock, .init = temporary_folder_create, .fini = temporary_folder_remove);

Test(folder_lock, a_second_holder_is_refused_and_told_of_the_first)
{
    char holder[64];
    struct folder_lock *first = NULL, *second = NULL;
    snprintf(holder, sizeof holder, "process %ld", (long)getpid());
    cr_assert_eq(folder_lock_take(&first, temporary_folder), OK);
    cr_assert_eq(folder_lock_take(&second, temporary_folder), ERR_BUSY);
    cr_assert_null(second);
    cr_assert_not_null(strstr(error_message(), holder), "%s", error_message());
    folder_lock_release(first);
    cr_assert_eq(folder_lock_take(&second, temporary_folder), OK);
    folder_lock_release(second);
    cr_assert(path_is_empty_folder(temporary_folder));
}

/* Leaves a file as if `holder` had written it and its lock were gone, and tries to take it. */
static enum status take_from(const struct folder_lock_holder *holder)
{
    char text[FOLDER_LOCK_TEXT];
    struct folder_lock *lock = NULL;
    folder_lock_print(text, holder);
    temporary_folder_write(FOLDER_LOCK_FILE, text);
    enum status status = folder_lock_take(&lock, temporary_folder);
    cr_assert_eq(lock != NULL, status == OK);
    folder_lock_release(lock);
    return status;
}

Test(folder_lock, the_holder_is_told_with_machine_time_and_command)
{
    struct folder_lock_holder own, read;
    struct folder_lock *first = NULL, *second = NULL;
    folder_lock_describe(&own);
    cr_assert_eq(own.process, getpid());
    cr_assert(own.start > 0 && own.host[0] != '\0' && own.command[0] != '\0');
    cr_assert_eq(folder_lock_take(&first, temporary_folder), OK);
    unsigned char *text = temporary_folder_read(FOLDER_LOCK_FILE, NULL);
    folder_lock_parse(&read, (const char *)text);
    array_free(text);
    cr_assert(read.process == own.process && read.start == own.start);
    cr_assert_str_eq(read.host, own.host);
    cr_assert_str_eq(read.command, own.command);
    cr_assert_eq(strlen(read.since), strlen("2026-01-01 00:00:00 UTC"));
    cr_assert_eq(folder_lock_take(&second, temporary_folder), ERR_BUSY);
    const char *const told[] = {own.host, own.command, read.since};
    for (int i = 0; i < 3; i++)
        cr_assert_not_null(strstr(error_message(), told[i]), "%s", error_message());
    folder_lock_release(first);
}

Test(folder_lock, a_holder_that_died_here_does_not_hold)
{
    struct folder_lock_holder holder;
    folder_lock_describe(&holder);
    holder.process = 999999999;
    cr_assert_eq(take_from(&holder), OK, "%s", error_message());
    folder_lock_describe(&holder);
    holder.process = getppid(); /* alive, but it began at another time */
    holder.start = 1;
    cr_assert_eq(take_from(&holder), OK, "%s", error_message());
    folder_lock_release(NULL);
}

/* What a file system without locks leaves to go by: the file alone. */
Test(folder_lock, a_holder_that_lives_here_holds_by_its_name_too)
{
    struct folder_lock_holder holder;
    folder_lock_describe(&holder);
    holder.process = getppid();
    holder.start = 0; /* unknown */
    cr_assert_eq(take_from(&holder), ERR_BUSY);
    cr_assert_not_null(strstr(error_message(), "wait until"), "%s", error_message());
    cr_assert(path_exists(temporary_folder_path(FOLDER_LOCK_FILE)));
}

Test(folder_lock, a_holder_on_another_machine_is_refused_with_the_way_to_force_it)
{
    struct folder_lock_holder holder;
    folder_lock_describe(&holder);
    snprintf(holder.host, sizeof holder.host, "node17");
    cr_assert_eq(take_from(&holder), ERR_BUSY);
    cr_assert_not_null(strstr(error_message(), "on node17 since"), "%s", error_message());
    cr_assert_not_null(strstr(error_message(), "remove that file to force it"));
    cr_assert_eq(unlink(temporary_folder_path(FOLDER_LOCK_FILE)), 0);
    struct folder_lock *lock = NULL;
    cr_assert_eq(folder_lock_take(&lock, temporary_folder), OK);
    folder_lock_release(lock);
}

/* Its writer was killed while it wrote, after whatever number of bytes. */
Test(folder_lock, a_file_that_was_never_finished_does_not_hold)
{
    struct folder_lock_holder holder;
    char text[FOLDER_LOCK_TEXT];
    folder_lock_describe(&holder);
    snprintf(holder.host, sizeof holder.host, "node17");
    folder_lock_print(text, &holder);
    for (size_t length = strlen(text) - 1; length > 0; length--) {
        struct folder_lock *lock = NULL;
        text[length] = '\0';
        temporary_folder_write(FOLDER_LOCK_FILE, text);
        cr_assert_eq(folder_lock_take(&lock, temporary_folder), OK, "%zu: %s", length,
                     error_message());
        folder_lock_release(lock);
    }
}

Test(folder_lock, a_file_that_names_nobody_does_not_hold)
{
    static const char *const texts[] = {
        "", "\n\n", "process", "process \nhost", "process -4\nhost x\n", "no such thing"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct folder_lock *lock = NULL;
        temporary_folder_write(FOLDER_LOCK_FILE, texts[i]);
        cr_assert_eq(folder_lock_take(&lock, temporary_folder), OK, "%zu: %s", i, error_message());
        folder_lock_release(lock);
    }
}

Test(folder_lock, a_missing_folder_is_an_io_failure)
{
    struct folder_lock *lock = NULL;
    cr_assert_eq(folder_lock_take(&lock, temporary_folder_path("none")), ERR_IO);
    cr_assert_null(lock);
}

Test(folder_lock, a_lock_that_was_removed_or_replaced_is_noticed_and_left_alone)
{
    struct folder_lock *first = NULL, *second = NULL;
    cr_assert_eq(folder_lock_take(&first, temporary_folder), OK);
    cr_assert_eq(folder_lock_check(first), OK);
    cr_assert_eq(unlink(temporary_folder_path(FOLDER_LOCK_FILE)), 0);
    cr_assert_eq(folder_lock_check(first), ERR_IO);
    cr_assert_not_null(strstr(error_message(), FOLDER_LOCK_FILE), "%s", error_message());
    cr_assert_eq(folder_lock_take(&second, temporary_folder), OK, "nothing holds it any more");
    cr_assert_eq(folder_lock_check(first), ERR_IO);
    folder_lock_release(first);
    cr_assert_eq(folder_lock_check(second), OK, "the second's file stands");
    folder_lock_release(second);
    cr_assert(path_is_empty_folder(temporary_folder));
}
