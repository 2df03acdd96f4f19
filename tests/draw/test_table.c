/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include "temporary_folder.h"

#include "array.h"
#include "atomic_file.h"

#include <string.h>

TestSuite(table, .init = temporary_folder_create, .fini = temporary_folder_remove);

static struct table *make(void)
{
    struct table *t = NULL;
    cr_assert_eq(table_create(&t, 3, (const char *const[]){"forecaster", "error / %", "note"}), OK);
    cr_assert_eq(table_add(t, (const char *const[]){"persistence", "48.0", "a, b"}), OK);
    cr_assert_eq(table_add(t, (const char *const[]){"réseau", "−7", "say \"hi\"\nthere"}), OK);
    table_highlight(t);
    cr_assert_eq(table_add(t, (const char *const[]){"solver", NULL, NULL}), OK);
    return t;
}

Test(table, text_is_aligned_with_numbers_to_the_right)
{
    struct table *t = make();
    struct text out = {0};
    table_text(&out, t);
    cr_assert_str_eq(out.data, "forecaster   error / %  note\n"
                               "--------------------------------------\n"
                               "persistence       48.0  a, b\n"
                               "réseau              −7  say \"hi\" there *\n"
                               "solver                  \n");
    text_fini(&out);
    table_destroy(t);
}

Test(table, csv_quotes_what_needs_quoting)
{
    struct table *t = make();
    cr_assert_eq(table_write_csv(temporary_folder_path("t.csv"), t), OK);
    unsigned char *data = temporary_folder_read("t.csv", NULL);
    cr_assert_str_eq((const char *)data, "forecaster,error / %,note\n"
                                         "persistence,48.0,\"a, b\"\n"
                                         "réseau,−7,\"say \"\"hi\"\" there\"\n"
                                         "solver,,\n");
    array_free(data);
    table_destroy(t);
}

Test(table, columns_are_numeric_when_all_that_is_there_is_a_number)
{
    struct table *t = make();
    cr_assert(!table_is_numeric(t, 0));
    cr_assert(table_is_numeric(t, 1));
    cr_assert(!table_is_numeric(t, 2));
    cr_assert(table_is_highlighted(t, 1) && !table_is_highlighted(t, 0));
    cr_assert_eq(table_rows(t), 3);
    table_destroy(t);
}

Test(table, csv_into_a_missing_folder_is_an_io_error)
{
    struct table *t = make();
    cr_assert_eq(table_write_csv(temporary_folder_path("no/t.csv"), t), ERR_IO);
    table_destroy(t);
}
