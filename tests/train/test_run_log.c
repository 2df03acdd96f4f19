/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "atomic_file.h"
#include "run_log.h"
#include "temporary_folder.h"

#include <string.h>

TestSuite(run_log, .init = temporary_folder_create, .fini = temporary_folder_remove);

static int up_to(const void *context, const struct json *line)
{
    int64_t step = 0;
    cr_assert_eq(json_get_integer(&step, line, "step"), OK);
    return step <= *(const int64_t *)context;
}

static void append(struct run_log *log, int64_t step)
{
    struct json *json = json_make_object();
    cr_assert_eq(json_set(json, "step", json_make_integer(step)), OK);
    cr_assert_eq(run_log_append(log, json), OK);
    json_destroy(json);
}

static void expect_text(const char *name, const char *wanted)
{
    unsigned char *text = NULL;
    size_t size;
    cr_assert_eq(atomic_file_read(&text, &size, temporary_folder_path(name), 1000), OK);
    cr_expect_str_eq((const char *)text, wanted);
    array_free(text);
}

Test(run_log, lines_are_there_as_soon_as_they_are_appended)
{
    struct run_log *log = NULL;
    cr_assert_eq(run_log_open(&log, temporary_folder_path("log"), NULL, NULL), OK);
    append(log, 1);
    append(log, 2);
    expect_text("log", "{\"step\":1}\n{\"step\":2}\n");
    cr_expect_eq(run_log_sync(log), OK);
    run_log_close(log);
}

Test(run_log, a_file_is_cut_back_to_a_step_and_a_torn_line_goes)
{
    struct run_log *log = NULL;
    int64_t limit = 2;
    temporary_folder_write("log", "{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n{\"st");
    cr_assert_eq(run_log_open(&log, temporary_folder_path("log"), up_to, &limit), OK);
    append(log, 3);
    run_log_close(log);
    expect_text("log", "{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n");
}

Test(run_log, without_a_choice_of_lines_the_file_begins_empty)
{
    struct run_log *log = NULL;
    temporary_folder_write("log", "{\"step\":1}\n");
    cr_assert_eq(run_log_open(&log, temporary_folder_path("log"), NULL, NULL), OK);
    run_log_close(log);
    expect_text("log", "");
}

Test(run_log, a_missing_file_is_made)
{
    struct run_log *log = NULL;
    int64_t limit = 2;
    cr_assert_eq(run_log_open(&log, temporary_folder_path("log"), up_to, &limit), OK);
    run_log_close(log);
    expect_text("log", "");
}

Test(run_log, a_line_that_is_no_json_and_a_folder_that_is_missing_are_errors)
{
    struct run_log *log = NULL;
    int64_t limit = 2;
    temporary_folder_write("log", "{\"step\":1}\nnonsense\n");
    cr_expect_eq(run_log_open(&log, temporary_folder_path("log"), up_to, &limit), ERR_DATA);
    cr_expect_eq(run_log_open(&log, temporary_folder_path("no/log"), up_to, &limit), ERR_IO);
}
