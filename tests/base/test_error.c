/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

static enum status inner(void)
{
    return FAIL(ERR_DATA, "value %d is bad", 7);
}

static enum status outer(void)
{
    TRY(inner());
    return OK;
}

static enum status outermost(int *cleaned)
{
    enum status status = OK;
    TRY_GOTO(outer(), cleanup);
    return OK;
cleanup:
    *cleaned = 1;
    return status;
}

Test(error, keeps_code_message_and_a_trace_line_per_caller)
{
    int cleaned = 0;
    cr_assert_eq(outermost(&cleaned), ERR_DATA);
    cr_assert_eq(cleaned, 1);
    cr_assert_str_eq(error_message(), "value 7 is bad");
    const char *first = strstr(error_trace_text(), "inner (test_error.c:");
    const char *second = strstr(error_trace_text(), "outer (test_error.c:");
    const char *third = strstr(error_trace_text(), "outermost (test_error.c:");
    cr_assert(first != NULL && second > first && third > second);
    error_clear();
    cr_assert_str_empty(error_message());
    cr_assert_str_empty(error_trace_text());
}

Test(error, prefix_names_the_place)
{
    (void)inner();
    cr_assert_eq(error_prefix(ERR_DATA, "%s:%d", "file", 3), ERR_DATA);
    cr_assert_str_eq(error_message(), "file:3: value 7 is bad");
}

Test(error, old_message_may_be_an_argument)
{
    (void)inner();
    (void)FAIL(ERR_IO, "worse: %s", error_message());
    cr_assert_str_eq(error_message(), "worse: value 7 is bad");
}

Test(error, long_messages_and_traces_are_cut)
{
    static char text[2 * ERROR_MESSAGE_SIZE];
    memset(text, 'x', sizeof text - 1);
    (void)FAIL(ERR_IO, "%s", text);
    cr_assert_eq(strlen(error_message()), ERROR_MESSAGE_SIZE - 1);
    (void)error_prefix(ERR_IO, "place");
    cr_assert_eq(strlen(error_message()), ERROR_MESSAGE_SIZE - 1);
    cr_assert_eq(strncmp(error_message(), "place: xxx", 10), 0);
    (void)error_prefix(ERR_IO, "%s", text);
    cr_assert_eq(strlen(error_message()), ERROR_MESSAGE_SIZE - 1);
    for (int i = 0; i < ERROR_TRACE_SIZE; i++)
        error_trace("file.c", i, "function");
    cr_assert_lt(strlen(error_trace_text()), ERROR_TRACE_SIZE);
}

static void *fail_elsewhere(void *unused)
{
    (void)FAIL(ERR_IO, "in another thread");
    return unused;
}

Test(error, threads_do_not_see_each_others_failures)
{
    pthread_t thread;
    (void)inner();
    cr_assert_eq(pthread_create(&thread, NULL, fail_elsewhere, NULL), 0);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    cr_assert_str_eq(error_message(), "value 7 is bad");
}
