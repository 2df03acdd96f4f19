/* SPDX-License-Identifier: Apache-2.0 */
#include "config_table.h"

#include "example_table.h"

#include <criterion/criterion.h>
#include <string.h>

Test(config_table, finds_rows_and_sections)
{
    cr_assert_eq(config_table_count(example_table), 14);
    cr_assert_eq(config_table_find(example_table, "solver.refine"), 1);
    cr_assert_eq(config_table_find(example_table, "solver"), -1);
    cr_assert(config_table_is_section(example_table, "solver"));
    cr_assert(config_table_is_section(example_table, "train.schedule"));
    cr_assert_not(config_table_is_section(example_table, "solver.refine"));
    cr_assert_not(config_table_is_section(example_table, "solv"));
}

Test(config_table, suggests_keys_sections_and_keys_of_other_sections)
{
    static const struct {
        const char *typed, *meant;
    } cases[] = {
        {"sed", "seed"},
        {"sovler", "solver"},
        {"solver.refien", "solver.refine"},
        {"solvr.refine", "solver.refine"},
        {"train.shedule", "train.schedule"},
        {"train.schedule.peek", "train.schedule.peak"},
        {"refine", "solver.refine"},
        {"solver.batch", "train.batch"},
        {"solver.Wall", "solver.wall"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char meant[CONFIG_TABLE_KEY_SIZE] = "";
        cr_assert(config_table_suggest(meant, example_table, cases[i].typed), "%s", cases[i].typed);
        cr_assert_str_eq(meant, cases[i].meant);
    }
    char meant[CONFIG_TABLE_KEY_SIZE];
    cr_assert_not(config_table_suggest(meant, example_table, "colour"));
    cr_assert_not(config_table_suggest(meant, example_table, "solver.xyz"));
}

Test(config_table, a_table_in_order_passes)
{
    cr_assert_eq(config_table_check(example_table), OK, "%s", error_message());
}

static void expect_bad(struct option first, struct option second, const char *fragment)
{
    const struct option table[] = {first, second, {.key = NULL}};
    cr_assert_eq(config_table_check(table), ERR_INTERNAL, "%s", fragment);
    cr_assert_not_null(strstr(error_message(), fragment), "%s", error_message());
}

Test(config_table, rows_out_of_order_are_named)
{
    const struct option good = {
        .key = "a.b", .type = OPTION_INTEGER, .unit = "", .fallback = "1", .doc = "x"};
    struct option bad = good;
    expect_bad(good, good, "stands twice");
    bad.key = "a.b.c";
    expect_bad(good, bad, "is a section too");
    bad.key = "A";
    expect_bad(good, bad, "has a key of other than");
    bad.key = "b";
    bad.doc = "";
    expect_bad(good, bad, "lacks a unit");
    bad.doc = "x";
    bad.choices = "a|b";
    expect_bad(good, bad, "choices and type disagree");
    bad.choices = NULL;
    bad.type = OPTION_RECORDS;
    expect_bad(good, bad, "record table and type disagree");
    bad.type = OPTION_INTEGER;
    bad.low = 2;
    bad.high = 1;
    expect_bad(good, bad, "bounds crossed");
    bad.high = 3;
    expect_bad(good, bad, "must lie in 2 to 3");
    bad.fallback = "";
    expect_bad(good, bad, "is no good");
    bad.fallback = "x";
    expect_bad(good, bad, "not an integer");
}
