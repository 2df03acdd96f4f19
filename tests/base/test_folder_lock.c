/* SPDX-License-Identifier: Apache-2.0 */
#include "folder_lock.h"

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

Test(folder_lock, a_file_left_by_a_dead_process_does_not_hold)
{
    struct folder_lock *lock = NULL;
    temporary_folder_write(FOLDER_LOCK_FILE, "process 999999999 on nowhere\n");
    cr_assert_eq(folder_lock_take(&lock, temporary_folder), OK);
    folder_lock_release(lock);
    folder_lock_release(NULL);
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
