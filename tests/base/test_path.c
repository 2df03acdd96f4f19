/* SPDX-License-Identifier: Apache-2.0 */
#include "path.h"

#include "temporary_folder.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

TestSuite(path, .init = temporary_folder_create, .fini = temporary_folder_remove);

Test(path, join_puts_one_slash_between)
{
    char out[16];
    cr_assert_eq(path_join(out, sizeof out, "a/b", "c"), OK);
    cr_assert_str_eq(out, "a/b/c");
    cr_assert_eq(path_join(out, sizeof out, "/", "c"), OK);
    cr_assert_str_eq(out, "/c");
}

Test(path, join_fails_instead_of_cutting)
{
    char out[6];
    cr_assert_eq(path_join(out, sizeof out, "ab", "cd"), OK);
    cr_assert_eq(path_join(out, sizeof out, "ab", "cde"), ERR_IO);
}

Test(path, make_folder_makes_the_parents_and_accepts_an_existing_one)
{
    const char *deep = temporary_folder_path("a/b//c");
    cr_assert_eq(path_make_folder(deep), OK);
    cr_assert_eq(path_make_folder(deep), OK);
    cr_assert(path_is_folder(deep));
    cr_assert_eq(path_make_folder(temporary_folder_path("a/d/")), OK);
    cr_assert(path_is_folder(temporary_folder_path("a/d")));
}

Test(path, make_folder_says_when_a_file_is_in_the_way)
{
    temporary_folder_write("file", "x");
    cr_assert_eq(path_make_folder(temporary_folder_path("file")), ERR_IO);
    cr_assert_not_null(strstr(error_message(), "a file of this name exists"));
    cr_assert_eq(path_make_folder(temporary_folder_path("file/below")), ERR_IO);
    cr_assert_eq(path_make_folder(""), ERR_IO);
    cr_assert_eq(path_make_folder("/proc/no-such-thing"), ERR_IO);
}

Test(path, exists_and_emptiness_are_seen)
{
    cr_assert(path_is_empty_folder(temporary_folder));
    cr_assert_not(path_exists(temporary_folder_path("file")));
    temporary_folder_write("file", "x");
    cr_assert(path_exists(temporary_folder_path("file")));
    cr_assert_not(path_is_folder(temporary_folder_path("file")));
    cr_assert_not(path_is_empty_folder(temporary_folder));
    cr_assert_not(path_is_empty_folder(temporary_folder_path("file")));
    cr_assert_not(path_is_empty_folder(temporary_folder_path("missing")));
}

Test(path, remove_takes_a_tree_and_leaves_what_links_point_to)
{
    cr_assert_eq(path_make_folder(temporary_folder_path("tree/a/b")), OK);
    cr_assert_eq(path_make_folder(temporary_folder_path("kept")), OK);
    temporary_folder_write("kept/file", "x");
    temporary_folder_write("tree/a/file", "x");
    cr_assert_eq(symlink(temporary_folder_path("kept"), temporary_folder_path("tree/a/link")), 0);
    cr_assert_eq(path_remove(temporary_folder_path("tree")), OK);
    cr_assert_not(path_exists(temporary_folder_path("tree")));
    cr_assert(path_exists(temporary_folder_path("kept/file")));
    cr_assert_eq(path_remove(temporary_folder_path("kept/file")), OK);
    cr_assert_eq(path_remove(temporary_folder_path("missing")), OK);
    cr_assert_eq(path_remove("/proc/self/status"), ERR_IO);
    cr_assert_not_null(strstr(error_message(), "/proc/self/status"));
}

Test(path, find_tells_folders_from_others_and_nothing_from_what_cannot_be_seen)
{
    static char long_name[300];
    enum path_kind kind;
    memset(long_name, 'a', sizeof long_name - 1);
    temporary_folder_write("file", "x");
    cr_assert_eq(symlink(temporary_folder, temporary_folder_path("link")), 0);
    cr_assert_eq(symlink("nowhere", temporary_folder_path("dangling")), 0);
    const struct {
        const char *name;
        enum path_kind kind;
    } cases[] = {{"", PATH_FOLDER},        {"link", PATH_FOLDER},  {"file", PATH_OTHER},
                 {"dangling", PATH_OTHER}, {"none", PATH_NOTHING}, {"file/below", PATH_NOTHING}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_assert_eq(path_find(&kind, temporary_folder_path(cases[i].name)), OK);
        cr_assert_eq(kind, cases[i].kind, "%s", cases[i].name);
    }
    cr_assert_eq(path_find(&kind, temporary_folder_path(long_name)), ERR_IO);
    cr_assert_not_null(strstr(error_message(), "too long"), "%s", error_message());
}

Test(path, remove_empty_takes_nothing_that_holds_something)
{
    cr_assert_eq(path_make_folder(temporary_folder_path("full")), OK);
    temporary_folder_write("full/file", "x");
    path_remove_empty(temporary_folder_path("full"));
    cr_assert(path_exists(temporary_folder_path("full/file")));
    cr_assert_eq(unlink(temporary_folder_path("full/file")), 0);
    path_remove_empty(temporary_folder_path("full"));
    cr_assert_not(path_exists(temporary_folder_path("full")));
}

Test(path, make_one_needs_the_parent)
{
    cr_assert_eq(path_make_one(temporary_folder_path("none/folder")), ERR_IO);
    cr_assert_not(path_exists(temporary_folder_path("none")));
    cr_assert_eq(path_make_one(temporary_folder_path("folder")), OK);
    cr_assert_eq(path_make_one(temporary_folder_path("folder")), OK);
}

Test(path, names_are_listed_without_dots_and_errno_tells_the_end)
{
    int found = 0;
    temporary_folder_write("file", "x");
    temporary_folder_write(".hidden", "x");
    DIR *stream = opendir(temporary_folder);
    cr_assert_not_null(stream);
    for (const char *name = path_next_name(stream); name != NULL; name = path_next_name(stream))
        found += strcmp(name, "file") == 0 ? 1 : strcmp(name, ".hidden") == 0 ? 10 : 100;
    cr_assert_eq(errno, 0);
    cr_assert_eq(found, 11);
    cr_assert_eq(closedir(stream), 0);
}

Test(path, base_name_is_the_part_behind_the_last_slash)
{
    cr_assert_str_eq(path_base_name("a/b/c.h5"), "c.h5");
    cr_assert_str_eq(path_base_name("c.h5"), "c.h5");
}

Test(path, a_folder_holds_itself_and_what_stands_in_it_by_whatever_name)
{
    cr_assert_eq(path_make_folder(temporary_folder_path("a/b")), OK);
    cr_assert_eq(path_make_folder(temporary_folder_path("ab")), OK);
    temporary_folder_write("a/b/file", "x");
    cr_assert_eq(symlink("a", temporary_folder_path("link")), 0);
    char folder[PATH_SIZE];
    cr_assert_eq(path_join(folder, sizeof folder, temporary_folder, "a"), OK);
    cr_assert(path_holds(folder, folder));
    cr_assert(path_holds(folder, temporary_folder_path("a/b/../b/")));
    cr_assert(path_holds(folder, temporary_folder_path("a/b/file")));
    cr_assert(path_holds(folder, temporary_folder_path("link/b")));
    cr_assert(path_holds(temporary_folder_path("link"), folder));
    cr_assert(path_holds("/", folder));
    cr_assert_not(path_holds(temporary_folder_path("a/b"), folder));
    cr_assert_not(path_holds(folder, temporary_folder_path("ab")));
    cr_assert_not(path_holds(folder, temporary_folder_path("a/missing")));
    cr_assert_not(path_holds(temporary_folder_path("missing"), folder));
}
