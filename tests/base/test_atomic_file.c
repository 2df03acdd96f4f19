/* SPDX-License-Identifier: Apache-2.0 */
#include "atomic_file.h"

#include "array.h"
#include "temporary_folder.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(atomic_file, .init = temporary_folder_create, .fini = temporary_folder_remove);

static void expect_content(const char *name, const char *expected)
{
    unsigned char *data = NULL;
    size_t size = 0;
    cr_assert_eq(atomic_file_read(&data, &size, temporary_folder_path(name), 1000), OK);
    cr_assert_eq(size, strlen(expected));
    cr_assert_str_eq((const char *)data, expected); /* a zero stands behind the last byte */
    array_free(data);
}

Test(atomic_file, write_creates_and_replaces)
{
    const char *path = temporary_folder_path("file");
    cr_assert_eq(atomic_file_write_text(path, "first"), OK);
    expect_content("file", "first");
    cr_assert_eq(atomic_file_write(path, "2", 1), OK);
    expect_content("file", "2");
    cr_assert_eq(atomic_file_write_text(path, ""), OK);
    expect_content("file", "");
    cr_assert_eq(unlink(path), 0);
    cr_assert(path_is_empty_folder(temporary_folder), "nothing else was left");
}

Test(atomic_file, relative_names_work)
{
    cr_assert_eq(chdir(temporary_folder), 0);
    cr_assert_eq(atomic_file_write_text("file", "x"), OK);
    expect_content("file", "x");
}

Test(atomic_file, write_refuses_missing_folders_files_as_folders_and_folders)
{
    temporary_folder_write("file", "x");
    cr_assert_eq(atomic_file_write_text(temporary_folder_path("none/file"), "y"), ERR_IO);
    cr_assert_not_null(strstr(error_message(), "none/file"));
    cr_assert_not_null(strstr(error_message(), "No such file"));
    cr_assert_eq(atomic_file_write_text(temporary_folder_path("file/file"), "y"), ERR_IO);
    cr_assert_eq(path_make_folder(temporary_folder_path("folder")), OK);
    cr_assert_eq(atomic_file_write_text(temporary_folder_path("folder"), "y"), ERR_IO);
    cr_assert_not_null(strstr(error_message(), "it is a folder"));
    cr_assert(path_is_empty_folder(temporary_folder_path("folder")));
}

Test(atomic_file, write_refuses_an_unwritable_folder)
{
    cr_assert_eq(atomic_file_write_text("/proc/file", "y"), ERR_IO); /* nobody may, root neither */
    if (geteuid() == 0)
        return; /* permissions do not bind root */
    cr_assert_eq(mkdir(temporary_folder_path("locked"), 0555), 0);
    cr_assert_eq(atomic_file_write_text(temporary_folder_path("locked/file"), "y"), ERR_IO);
    cr_assert_not_null(strstr(error_message(), "Permission denied"));
}

Test(atomic_file, a_full_disk_leaves_the_old_file_and_nothing_else)
{
    static char data[100000];
    const struct rlimit small = {4096, RLIM_INFINITY}; /* stands for a full disk: writes come back
                                                           short, then fail */
    const char *path = temporary_folder_path("file");
    cr_assert_eq(atomic_file_write_text(path, "old"), OK);
    cr_assert_neq(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum status status = atomic_file_write(path, data, sizeof data);
    const struct rlimit large = {RLIM_INFINITY, RLIM_INFINITY};
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &large), 0);
    cr_assert_eq(status, ERR_IO);
    cr_assert_not_null(strstr(error_message(), "100000 bytes"));
    expect_content("file", "old");
    cr_assert_eq(unlink(path), 0);
    cr_assert(path_is_empty_folder(temporary_folder));
}

Test(atomic_file, begin_commit_and_abandon_serve_foreign_writers)
{
    char temporary[PATH_SIZE];
    const char *path = temporary_folder_path("picture");
    cr_assert_eq(atomic_file_begin(temporary, sizeof temporary, path), OK);
    cr_assert_not(path_exists(path));
    FILE *file = fopen(temporary, "w");
    cr_assert_not_null(file);
    cr_assert_geq(fputs("pixels", file), 0);
    cr_assert_eq(fclose(file), 0);
    cr_assert_eq(atomic_file_commit(temporary, path), OK);
    expect_content("picture", "pixels");
    cr_assert_eq(atomic_file_begin(temporary, sizeof temporary, path), OK);
    atomic_file_abandon(temporary);
    cr_assert_not(path_exists(temporary));
    expect_content("picture", "pixels");
    cr_assert_eq(atomic_file_begin(temporary, 10, path), ERR_IO);
    cr_assert_eq(atomic_file_commit(temporary_folder_path("none"), path), ERR_IO);
    expect_content("picture", "pixels");
}

Test(atomic_file, a_staged_file_waits_for_commit_or_abandon)
{
    char temporary[PATH_SIZE];
    const char *path = temporary_folder_path("file");
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(atomic_file_stage(temporary, sizeof temporary, path, "whole", 5), OK);
        cr_assert_not(path_exists(path));
        atomic_file_abandon(temporary);
        cr_assert_not(path_exists(temporary));
    }
    cr_assert_eq(atomic_file_stage(temporary, sizeof temporary, path, "whole", 5), OK);
    cr_assert_eq(atomic_file_commit(temporary, path), OK);
    expect_content("file", "whole");
    cr_assert_eq(atomic_file_stage(temporary, sizeof temporary, path, "next", 4), OK);
    cr_assert_eq(path_remove(path), OK);
    cr_assert_eq(path_make_folder(temporary_folder_path("file/in")), OK);
    cr_assert_eq(atomic_file_commit(temporary, path), ERR_IO, "a folder has the name");
    cr_assert_not_null(strstr(error_message(), "(4 bytes)"), "%s", error_message());
    cr_assert_not(path_exists(temporary));
}

/* The largest process number Linux gives is below 2^22. */
Test(atomic_file, sweep_removes_leftovers_of_dead_processes_and_of_our_number_alone)
{
    char living[64], mine[64];
    (void)snprintf(living, sizeof living, "a.h5.tmp.%ld", (long)getppid());
    (void)snprintf(mine, sizeof mine, "a.h5.tmp.%ld", (long)getpid());
    const char *const kept[] = {living,    "a.h5",    "a.tmp.",      "a.tmp.12x",
                                ".tmp.99", "a.tmp.1", "tmp.9999999", "a.tmp.99999999999999"};
    const char *const gone[] = {"a.h5.tmp.99999999", "b.tmp.7.tmp.9999999", mine};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        temporary_folder_write(kept[i], "x");
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        temporary_folder_write(gone[i], "x");
    cr_assert_eq(path_make_folder(temporary_folder_path("folder.tmp.99999999")), OK);
    cr_assert_eq(atomic_file_sweep(temporary_folder), OK);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        cr_assert(path_exists(temporary_folder_path(kept[i])), "%s", kept[i]);
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        cr_assert_not(path_exists(temporary_folder_path(gone[i])), "%s", gone[i]);
    cr_assert(path_is_folder(temporary_folder_path("folder.tmp.99999999")));
    cr_assert_eq(atomic_file_sweep(temporary_folder_path("missing")), OK);
    cr_assert_eq(atomic_file_sweep(temporary_folder_path("a.h5")), ERR_IO);
}

Test(atomic_file, read_tells_missing_from_unreadable_and_too_large)
{
    unsigned char *data = NULL;
    size_t size = 0;
    temporary_folder_write("file", "0123456789");
    cr_assert_eq(atomic_file_read(&data, &size, temporary_folder_path("none"), 100), ERR_DATA);
    cr_assert_eq(atomic_file_read(&data, &size, temporary_folder_path("file/x"), 100), ERR_DATA);
    cr_assert_eq(atomic_file_read(&data, &size, temporary_folder, 1 << 20), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "it is a folder"));
    cr_assert_eq(atomic_file_read(&data, &size, temporary_folder_path("file"), 9), ERR_MEMORY);
    cr_assert_eq(atomic_file_read(&data, &size, "/dev/null", 100), ERR_DATA);
    cr_assert_eq(mkfifo(temporary_folder_path("pipe"), 0600), 0);
    cr_assert_eq(atomic_file_read(&data, &size, temporary_folder_path("pipe"), 100), ERR_DATA);
    cr_assert_null(data);
    cr_assert_eq(atomic_file_read(&data, &size, temporary_folder_path("file"), 10), OK);
    cr_assert_eq(size, 10);
    array_free(data);
}
