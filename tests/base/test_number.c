/* SPDX-License-Identifier: Apache-2.0 */
#include "number.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    double value;
} good[] = {
    {"0", 0},         {"-0", -0.0},
    {"12", 12},       {"+3", 3},
    {"0.5", 0.5},     {".5", .5},
    {"5.", 5},        {"1e3", 1000},
    {"1E+3", 1000},   {"2.5e-1", 0.25},
    {"007", 7},       {"0e999", 0},
    {"1e308", 1e308}, {"5e-324", 5e-324},
    {"0.1", 0.1},     {"1.7976931348623157e308", 1.7976931348623157e308},
};

static const char *const malformed[] = {
    "",    "x",   "0.5x", "0x10",  "1e",  "1e+", ".",    "-",   "1,5", "1 ",  " 1",
    "inf", "nan", "--1",  "1.2.3", "1_0", "e5",  "1e5.", "NaN", "1d3", "0b1", "1'000"};

static void check_all_texts(void)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double value = 99;
        cr_assert_eq(number_real(&value, good[i].text), NUMBER_GOOD, "%s", good[i].text);
        cr_assert_eq(value, good[i].value, "%s", good[i].text);
        cr_assert_eq(signbit(value) != 0, signbit(good[i].value) != 0, "%s", good[i].text);
    }
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        double value = 99;
        cr_assert_eq(number_real(&value, malformed[i]), NUMBER_MALFORMED, "%s", malformed[i]);
        cr_assert_eq(value, 99);
    }
    double value = 0;
    cr_assert_eq(number_real(&value, "1e999"), NUMBER_TOO_LARGE);
    cr_assert_eq(number_real(&value, "-1e309"), NUMBER_TOO_LARGE);
    cr_assert_eq(number_real(&value, "1e-999"), NUMBER_TOO_LARGE);
}

static void check_round_trips(void)
{
    static const double values[] = {0.1,   1.0 / 3, 2e-3,  1e22, 123456789, 5e-324, -0.25,
                                    0.055, 1e-7,    1e100, 0.3,  64,        1e5,    100000.5};
    char text[NUMBER_SIZE];
    double back = 0;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        number_print(text, values[i]);
        cr_assert_eq(number_real(&back, text), NUMBER_GOOD, "%s", text);
        cr_assert_eq(back, values[i], "%s", text);
    }
    number_print(text, 0.1);
    cr_assert_str_eq(text, "0.1");
    number_print(text, 40);
    cr_assert_str_eq(text, "40");
}

Test(number, reals_are_read_strictly)
{
    check_all_texts();
}

Test(number, the_printed_text_reads_back_to_the_same_number)
{
    check_round_trips();
}

Test(number, integers_are_read_strictly)
{
    static const char *const bad[] = {"", "-", "1.0", "1e3", "0x10", "1 ", " 1", "1x", "+-1"};
    int64_t value = 99;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_eq(number_integer(&value, bad[i]), NUMBER_MALFORMED, "%s", bad[i]);
    cr_assert_eq(number_integer(&value, "9223372036854775808"), NUMBER_TOO_LARGE);
    cr_assert_eq(value, 99);
    cr_assert_eq(number_integer(&value, "-9223372036854775808"), NUMBER_GOOD);
    cr_assert_eq(value, INT64_MIN);
    cr_assert_eq(number_integer(&value, "+010"), NUMBER_GOOD);
    cr_assert_eq(value, 10);
}

Test(number, a_decimal_comma_changes_nothing)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8",  "de_DE",      "fr_FR.UTF-8",
                                        "fr_FR.utf8",  "es_ES.UTF-8", "nl_NL.UTF-8"};
    const char *found = NULL;
    for (size_t i = 0; found == NULL && i < sizeof names / sizeof *names; i++)
        found = setlocale(LC_ALL, names[i]);
    if (found == NULL)
        cr_skip_test("no locale with a decimal comma is installed");
    cr_assert_str_eq(localeconv()->decimal_point, ",");
    check_all_texts();
    check_round_trips();
    cr_assert_eq(strtod("0,5", NULL), 0.5, "the locale is still that of the caller");
}
