/* SPDX-License-Identifier: Apache-2.0 */
#include "config_reference.h"

#include "example_table.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Every option of the table, by property: its key and its doc stand in the text. */
static void expect_all(const char *text, const struct option *table, int with_docs)
{
    for (; table->key != NULL; table++) {
        cr_assert_not_null(strstr(text, table->key), "%s", table->key);
        if (with_docs && strchr(table->doc, '|') == NULL)
            cr_assert_not_null(strstr(text, table->doc), "%s", table->doc);
        if (table->records != NULL)
            expect_all(text, table->records, with_docs);
    }
}

Test(config_reference, markdown_has_a_row_per_option_and_a_table_per_section)
{
    char *text = NULL;
    cr_assert_eq(config_reference_markdown(&text, example_table), OK);
    expect_all(text, example_table, 1);
    cr_assert_not_null(strstr(text, "\n## solver\n\n| key | type | unit | allowed | default | "
                                    "meaning |\n| --- | --- | --- | --- | --- | --- |\n"
                                    "| `solver.refine` | integer |  | 1 to 8 | `4` | lattice cells "
                                    "per canvas cell |\n"
                                    "| `solver.speed` |"));
    cr_assert_not_null(strstr(text, "| `seed` | integer |  | 0 or more | `1` |"));
    cr_assert_not_null(strstr(text, "| `offset` | number |  |  | `0` |"));
    cr_assert_not_null(strstr(text, "| `bouzidi`, `halfway` | `bouzidi` |"));
    cr_assert_not_null(strstr(text, "share of the steps \\| before the peak |"));
    cr_assert_not_null(strstr(text, "\n### each entry of `bodies`\n"));
    cr_assert_not_null(strstr(text, "| *required* | family of the body |"));
    for (const char *line = text; *line == '|'; line = strchr(line, '\n') + 1) {
        int bars = 0;
        for (const char *at = line; *at != '\n'; at++)
            bars += *at == '|' && at[-1] != '\\';
        cr_assert_eq(bars, 7);
    }
    free(text);
}

Test(config_reference, help_lists_options_within_100_columns)
{
    char *text = NULL;
    cr_assert_eq(config_reference_help(&text, example_table, NULL), OK);
    expect_all(text, example_table, 1);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
        cr_assert_leq(strcspn(line, "\n"), 100);
    free(text);
    cr_assert_eq(config_reference_help(&text, example_table, "solver."), OK);
    cr_assert_str_eq(text, "  solver.refine  (integer: 1 to 8; default 4)\n"
                           "      lattice cells per canvas cell\n"
                           "  solver.speed  (number: 0.001 to 0.1 cells/step; default 0.1)\n"
                           "      inflow speed\n"
                           "  solver.wall  (choice: bouzidi, halfway; default bouzidi)\n"
                           "      how bodies bounce back\n");
    free(text);
}

Test(config_reference, long_docs_are_wrapped)
{
    const struct option table[] = {
        {.key = "a",
         .type = OPTION_TEXT,
         .unit = "",
         .fallback = "x",
         .doc = "words and words and words and words and words and words and words and words and "
                "words and words and words and more"},
        {.key = NULL}};
    char *text = NULL;
    cr_assert_eq(config_reference_help(&text, table, NULL), OK);
    cr_assert_str_eq(text,
                     "  a  (text; default x)\n"
                     "      words and words and words and words and words and words and words and "
                     "words and words and\n"
                     "      words and words and more\n");
    free(text);
}

Test(config_reference, completion_offers_keys_and_choices)
{
    char *text = NULL;
    cr_assert_eq(config_reference_completion(&text, example_table), OK);
    expect_all(text, example_table, 0);
    cr_assert_not_null(strstr(text, "solver.refine=\n"));
    cr_assert_not_null(strstr(text, "solver.wall=bouzidi\nsolver.wall=halfway\n"));
    cr_assert_not_null(strstr(text, "train.flip=true\ntrain.flip=false\n"));
    cr_assert_not_null(strstr(text, "bodies=\nbodies[0].shape=circle\n"));
    cr_assert_not_null(strstr(text, "bodies[0].size=\n"));
    free(text);
}
