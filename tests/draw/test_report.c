/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "temporary_folder.h"

#include "array.h"
#include "atomic_file.h"
#include "table.h"

#include <string.h>

TestSuite(report, .init = temporary_folder_create, .fini = temporary_folder_remove);

static unsigned char *page;

static const char *write_and_read(struct report *report)
{
    size_t size;
    cr_assert_eq(report_write(report, temporary_folder_path("r.html")), OK);
    array_free(page);
    page = temporary_folder_read("r.html", &size);
    cr_assert_eq(strlen((const char *)page), size);
    return (const char *)page;
}

static int count_of(const char *needle)
{
    int count = 0;
    for (const char *s = strstr((const char *)page, needle); s != NULL; s = strstr(s + 1, needle))
        count++;
    return count;
}

Test(report, every_text_is_escaped)
{
    static const char evil[] = "<script>alert('1')</script> & \"x\"";
    static const char tame[] =
        "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot;";
    struct report *r = NULL;
    struct table *t = NULL;
    const struct report_fact fact = {evil, evil};
    const char *const row[] = {evil};
    cr_assert_eq(report_create(&r, evil, evil), OK); /* title, heading, subtitle */
    report_heading(r, evil);
    report_subheading(r, evil);
    report_paragraph(r, evil);
    report_verbatim(r, evil);
    report_facts(r, &fact, 1);
    report_verdict(r, REPORT_MIXED, evil, evil);
    cr_assert_eq(table_create(&t, 1, row), OK);
    cr_assert_eq(table_add(t, row), OK);
    report_table(r, t, evil);
    cr_assert_eq(atomic_file_write_text(temporary_folder_path("f.svg"), "<svg></svg>"), OK);
    cr_assert_eq(report_figure(r, temporary_folder_path("f.svg"), evil), OK);
    write_and_read(r);
    cr_assert_eq(count_of("<script"), 0);
    cr_assert_eq(count_of(tame), 3 + 4 + 2 + 2 + 3 + 2, "%d", count_of(tame));
    table_destroy(t);
    report_destroy(r);
}

Test(report, is_one_page_that_asks_for_nothing)
{
    struct report *r = NULL;
    cr_assert_eq(report_create(&r, "A title", NULL), OK);
    const char *html = write_and_read(r);
    cr_assert_eq(strncmp(html, "<!DOCTYPE html>", 15), 0);
    cr_assert_str_eq(html + strlen(html) - 8, "</html>\n");
    cr_assert(count_of("http:") == 0 && count_of("https:") == 0 && count_of("url(") == 0 &&
              count_of("<link") == 0);
    report_paragraph(r, "one\n\ntwo\n\n\nthree");
    write_and_read(r);
    cr_assert_eq(count_of("<p>one</p>\n<p>two</p>\n<p>three</p>"), 1, "and may be written again");
    report_destroy(r);
}

Test(report, text_that_is_no_text_is_replaced)
{
    struct report *r = NULL;
    cr_assert_eq(report_create(&r, "x\xff\x01y", NULL), OK);
    cr_assert_not_null(strstr(write_and_read(r), "<h1>x\xef\xbf\xbd y</h1>"));
    report_destroy(r);
}

Test(report, figures_are_embedded_as_base64)
{
    static const struct {
        const char *tail, *encoded;
    } cases[] = {{"", "PHN2Zy8+"}, {"a", "PHN2Zy8+YQ=="}, {"ab", "PHN2Zy8+YWI="}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct report *r = NULL;
        char content[16], wanted[64];
        snprintf(content, sizeof content, "<svg/>%s", cases[k].tail);
        snprintf(wanted, sizeof wanted, "src=\"data:image/svg+xml;base64,%s\"", cases[k].encoded);
        cr_assert_eq(atomic_file_write_text(temporary_folder_path("f"), content), OK);
        cr_assert_eq(report_create(&r, "t", NULL), OK);
        cr_assert_eq(report_figure(r, temporary_folder_path("f"), "what it shows"), OK);
        cr_assert_not_null(strstr(write_and_read(r), wanted));
        cr_assert_eq(count_of("<figcaption><b>Figure 1.</b> what it shows</figcaption>"), 1);
        report_destroy(r);
    }
}

Test(report, png_is_shown_at_half_its_pixels)
{
    static const unsigned char png[24] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13,
                                          'I',  'H', 'D', 'R', 0,    0,    4,    1,    0, 0, 0, 9};
    struct report *r = NULL;
    cr_assert_eq(atomic_file_write(temporary_folder_path("p.png"), png, sizeof png), OK);
    cr_assert_eq(report_create(&r, "t", NULL), OK);
    cr_assert_eq(report_figure(r, temporary_folder_path("p.png"), "c"), OK);
    cr_assert_not_null(strstr(write_and_read(r), " width=\"513\" src=\"data:image/png;base64,"));
    report_destroy(r);
}

Test(report, preview_is_shown_pixel_by_pixel_and_leads_to_the_file)
{
    static const unsigned char png[24] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13,
                                          'I',  'H', 'D', 'R', 0,    0,    4,    1,    0, 0, 0, 9};
    struct report *r = NULL;
    cr_assert_eq(atomic_file_write(temporary_folder_path("p.png"), png, sizeof png), OK);
    cr_assert_eq(report_create(&r, "t", NULL), OK);
    cr_assert_eq(report_preview(r, temporary_folder_path("p.png"), "a/\"b.png", "c"), OK);
    report_link(r, "a/c.gif", "moving & large");
    cr_assert_not_null(strstr(write_and_read(r), "<a href=\"a/&quot;b.png\"><img alt=\"c\" "
                                                 "width=\"1025\" src=\"data:image/png;base64,"));
    cr_assert_eq(count_of("<p><a href=\"a/c.gif\">moving &amp; large</a></p>"), 1);
    report_destroy(r);
}

Test(report, figures_that_are_missing_or_no_picture_are_refused)
{
    struct report *r = NULL;
    cr_assert_eq(report_create(&r, "t", NULL), OK);
    cr_assert_eq(report_figure(r, temporary_folder_path("none.png"), "c"), ERR_DATA);
    cr_assert_eq(atomic_file_write_text(temporary_folder_path("x.png"), "hello, world"), OK);
    cr_assert_eq(report_figure(r, temporary_folder_path("x.png"), "c"), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "x.png"));
    cr_assert_null(strstr(write_and_read(r), "<figure>"), "nothing of them is in the page");
    report_destroy(r);
}

Test(report, tables_align_numbers_and_mark_rows)
{
    struct report *r = NULL;
    struct table *t = NULL;
    cr_assert_eq(table_create(&t, 2, (const char *const[]){"who", "error"}), OK);
    cr_assert_eq(table_add(t, (const char *const[]){"solver", "1.5"}), OK);
    table_highlight(t);
    cr_assert_eq(report_create(&r, "t", NULL), OK);
    report_table(r, t, "Scores.");
    write_and_read(r);
    cr_assert_eq(count_of("<caption><b>Table 1.</b> Scores.</caption>"), 1);
    cr_assert_eq(count_of("<tr><th>who</th><th class=\"number\">error</th></tr>"), 1);
    cr_assert_eq(count_of("<tr class=\"mark\"><td>solver</td><td class=\"number\">1.5</td></tr>"),
                 1);
    table_destroy(t);
    report_destroy(r);
}

Test(report, into_a_missing_folder_is_an_io_error)
{
    struct report *r = NULL;
    cr_assert_eq(report_create(&r, "t", NULL), OK);
    cr_assert_eq(report_write(r, temporary_folder_path("no/r.html")), ERR_IO);
    cr_assert(path_is_empty_folder(temporary_folder));
    report_destroy(r);
}
