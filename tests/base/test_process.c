/* SPDX-License-Identifier: Apache-2.0
 *
 * Processes by their number: those that run, those that ended and were not waited for, and none. */
#include "process.h"

#include "atomic_file.h"
#include "folder_lock.h"
#include "temporary_folder.h"

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(process, .init = temporary_folder_create, .fini = temporary_folder_remove);

extern char **environ;

/* Starts a process and waits until it has ended, but leaves it to be waited for. */
static pid_t start_ended(void)
{
    pid_t process = 0;
    siginfo_t facts;
    char *const words[] = {(char[]){"true"}, NULL};
    cr_assert_eq(posix_spawnp(&process, "true", NULL, NULL, words, environ), 0);
    cr_assert_eq(waitid(P_PID, (id_t)process, &facts, WEXITED | WNOWAIT), 0);
    return process;
}

Test(process, one_that_ended_is_not_alive_although_nobody_has_waited_for_it)
{
    pid_t process = start_ended();
    cr_assert_eq(kill(process, 0), 0, "it should still have its number");
    cr_expect(!process_is_alive(process));
    cr_assert_eq(waitpid(process, NULL, 0), process);
    cr_expect(!process_is_alive(process));
    cr_expect(process_is_alive(getpid()) && process_is_alive(getppid()) && process_is_alive(1));
    cr_expect(process_start(getpid()) > process_start(1));
    cr_expect_eq(process_start(999999999), 0);
}

Test(process, what_it_left_is_removed_and_its_lock_is_taken_over)
{
    char left[64], text[FOLDER_LOCK_TEXT];
    struct folder_lock_holder holder;
    struct folder_lock *lock = NULL;
    pid_t process = start_ended();
    snprintf(left, sizeof left, "%s.tmp.%ld", "model.safetensors", (long)process);
    temporary_folder_write(left, "half");
    cr_assert_eq(atomic_file_sweep(temporary_folder), OK);
    cr_expect(!path_exists(temporary_folder_path(left)));
    folder_lock_describe(&holder);
    holder.process = process;
    holder.start = process_start(process);
    folder_lock_print(text, &holder);
    temporary_folder_write(FOLDER_LOCK_FILE, text);
    cr_expect_eq(folder_lock_take(&lock, temporary_folder), OK, "%s", error_message());
    folder_lock_release(lock);
    cr_assert_eq(waitpid(process, NULL, 0), process);
}
