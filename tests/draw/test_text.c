/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <criterion/criterion.h>
#include <string.h>

Test(text, appends_words_bytes_and_formats)
{
    struct text t = {0};
    text_append(&t, "one ");
    text_append_bytes(&t, "two\0", 4);
    text_format(&t, "%d%%", 300);
    cr_assert_eq(t.length, 12);
    cr_assert_eq(memcmp(t.data,
                        "one two\0"
                        "300%",
                        13),
                 0);
    cr_assert_eq(t.status, OK);
    text_fini(&t);
    cr_assert_null(t.data);
}

Test(text, cleaning_keeps_text_and_replaces_what_is_none)
{
    char out[64];
    cr_assert_str_eq(text_clean(out, sizeof out, "ω D / U — 5 %"), "ω D / U — 5 %");
    cr_assert_str_eq(text_clean(out, sizeof out, "a\n\r\tb\x7f"), "a b ");
    cr_assert_str_eq(text_clean(out, sizeof out, "\xff x \xc3"), "? x ?");
    cr_assert_str_eq(text_clean(out, sizeof out, "\xc0\xaf"), "??", "overlong");
    cr_assert_str_eq(text_clean(out, sizeof out, "\xed\xa0\x80"), "???", "a surrogate");
    cr_assert_str_eq(text_clean(out, sizeof out, "\xef\xbf\xbf"), "?", "forbidden in XML");
    cr_assert_str_eq(text_clean(out, sizeof out, NULL), "");
}

Test(text, cleaning_cuts_between_characters)
{
    char out[6];
    cr_assert_str_eq(text_clean(out, sizeof out, "aωωω"), "aωω");
    cr_assert_str_eq(text_clean(out, 4, "aωωω"), "aω");
    cr_assert_str_eq(text_clean(out, 1, "aωωω"), "");
}

Test(text, width_counts_characters)
{
    cr_assert_eq(text_width("ω − 1"), 5);
    cr_assert_eq(text_width("e\xcc\x81"), 1, "a combining accent takes no place");
}
