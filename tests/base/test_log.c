/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include "array.h"
#include "atomic_file.h"
#include "temporary_folder.h"

#include <string.h>

TestSuite(log, .init = temporary_folder_create, .fini = temporary_folder_remove);

static void expect_log(const char *name, const char *expected)
{
    unsigned char *data = temporary_folder_read(name, NULL);
    cr_assert_str_eq((const char *)data, expected);
    array_free(data);
}

static void say_all(void)
{
    log_warning("one %d", 1);
    log_info("two");
    log_debug("three");
}

Test(log, the_file_gets_everything_up_to_info_whatever_the_level)
{
    cr_assert_eq(log_level(), LOG_INFO);
    log_set_level(LOG_QUIET);
    cr_assert_eq(log_level(), LOG_QUIET);
    cr_assert_eq(log_open_file(temporary_folder_path("log.txt")), OK);
    say_all();
    expect_log("log.txt", "warning: one 1\ntwo\n"); /* before it is closed: flushed by the line */
    cr_assert_eq(log_open_file(temporary_folder_path("log.txt")), OK);
    log_info("appended");
    log_close_file();
    log_info("to nobody");
    expect_log("log.txt", "warning: one 1\ntwo\nappended\n");
    cr_assert_eq(log_open_file(temporary_folder_path("none/log.txt")), ERR_IO);
}

Test(log, stderr_gets_what_the_level_allows)
{
    static const char *const expected[] = {"", "warning: one 1\n", "warning: one 1\ntwo\n",
                                           "warning: one 1\ntwo\nthree\n"};
    for (int level = LOG_QUIET; level <= LOG_DEBUG; level++) {
        char name[] = "stderr0";
        name[6] = (char)('0' + level);
        cr_assert_not_null(freopen(temporary_folder_path(name), "w", stderr));
        log_set_level((enum log_level)level);
        say_all();
        expect_log(name, expected[level]);
    }
}

Test(log, a_message_takes_the_live_line_away)
{
    cr_assert_not_null(freopen(temporary_folder_path("stderr"), "w", stderr));
    log_set_level(LOG_INFO);
    log_live_line("1 %");
    log_live_line("2 %");
    log_info("told");
    log_live_line("3 %");
    log_debug("not told");
    log_live_line(NULL);
    log_live_line(NULL);
    log_info("end");
    expect_log("stderr", "1 %\r\033[K2 %\r\033[Ktold\n3 %\r\033[Kend\n");
}
