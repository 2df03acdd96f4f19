/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "array.h"
#include "atomic_file.h"
#include "table.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

struct report {
    struct text body;
    int64_t figures, tables;
};

static const size_t FIGURE_LIMIT = (size_t)64 << 20;

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'\">\n";

static const char style[] =
    "<style>\n"
    "body{font:16px/1.55 system-ui,-apple-system,\"Segoe UI\",\"DejaVu Sans\",sans-serif;"
    "color:#1a1a1a;background:#fff;max-width:68rem;margin:2.5rem auto;padding:0 1.5rem}\n"
    "h1{font-size:1.75rem;line-height:1.25;margin:0 0 .25rem}\n"
    ".subtitle{color:#555;margin:0 0 2rem}\n"
    "h2{font-size:1.25rem;margin:2.75rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid "
    "#ccc}\n"
    "h3{font-size:1.05rem;margin:1.75rem 0 .5rem}\n"
    "p{max-width:46rem;margin:.6rem 0}\n"
    ".wide{overflow-x:auto;margin:1rem 0 1.5rem}\n"
    "table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;"
    "border-top:2px solid #1a1a1a;border-bottom:2px solid #1a1a1a}\n"
    "caption{caption-side:top;text-align:left;color:#444;padding:0 0 .4rem}\n"
    "th{text-align:left;font-weight:600;border-bottom:1px solid #1a1a1a}\n"
    "th,td{padding:.3rem .9rem .3rem .35rem;vertical-align:top}\n"
    "tbody tr+tr td{border-top:1px solid #e4e4e4}\n"
    ".number{text-align:right}\n"
    "tr.mark td{font-weight:700;background:#f1f1f1}\n"
    "figure{margin:1.25rem 0 2rem}\n"
    "img{max-width:100%;height:auto;display:block}\n"
    "figcaption{color:#444;font-size:.9rem;max-width:46rem;margin-top:.4rem}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem;font-size:.95rem}\n"
    "dt{color:#555}\ndd{margin:0;overflow-wrap:anywhere}\n"
    "pre{font:.85rem/1.45 ui-monospace,\"DejaVu Sans Mono\",monospace;background:#f6f6f6;"
    "border:1px solid #ddd;padding:.75rem 1rem;overflow-x:auto}\n"
    ".verdict{border:1px solid #1a1a1a;border-left-width:.5rem;padding:.75rem 1.1rem;"
    "margin:1.25rem 0;max-width:46rem}\n"
    ".verdict strong{display:block;font-size:1.1rem}\n"
    ".verdict.better{border-color:#1f6b4a}\n"
    ".verdict.mixed{border-color:#6b6b6b;border-style:dashed;border-left-style:solid}\n"
    ".verdict.worse{border-color:#8c2f39;border-style:double;border-width:4px;"
    "border-left-width:.5rem;border-left-style:solid}\n"
    "@media print{body{margin:0;max-width:none;font-size:10.5pt}figure,table,.verdict{break-inside:"
    "avoid}h2,h3{break-after:avoid}.wide{overflow:visible}}\n"
    "</style>\n";

/* Well-formed UTF-8 with the five characters of markup replaced; newlines stay. */
static void escape(struct text *out, const char *words)
{
    for (const char *s = words != NULL ? words : ""; *s != '\0';) {
        int bytes = text_character(s);
        const unsigned char byte = (unsigned char)*s;
        if (bytes == 0)
            text_append(out, "\xef\xbf\xbd"); /* the replacement character */
        else if (*s == '&')
            text_append(out, "&amp;");
        else if (*s == '<')
            text_append(out, "&lt;");
        else if (*s == '>')
            text_append(out, "&gt;");
        else if (*s == '"')
            text_append(out, "&quot;");
        else if (*s == '\'')
            text_append(out, "&#39;");
        else if ((byte < 0x20 && *s != '\n' && *s != '\t') || byte == 0x7f)
            text_append(out, " ");
        else
            text_append_bytes(out, s, (size_t)bytes);
        s += bytes > 0 ? bytes : 1;
    }
}

static void element(struct report *report, const char *open, const char *words, const char *close)
{
    text_append(&report->body, open);
    escape(&report->body, words);
    text_append(&report->body, close);
}

enum status report_create(struct report **out, const char *title, const char *subtitle)
{
    struct report *report = calloc(1, sizeof *report);
    if (report == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a report");
    text_append(&report->body, head);
    element(report, "<title>", title, "</title>\n");
    text_append(&report->body, style);
    element(report, "</head>\n<body>\n<h1>", title, "</h1>\n");
    if (subtitle != NULL)
        element(report, "<p class=\"subtitle\">", subtitle, "</p>\n");
    *out = report;
    return OK;
}

void report_destroy(struct report *report)
{
    if (report == NULL)
        return;
    text_fini(&report->body);
    free(report);
}

void report_heading(struct report *report, const char *text)
{
    element(report, "<h2>", text, "</h2>\n");
}

void report_subheading(struct report *report, const char *text)
{
    element(report, "<h3>", text, "</h3>\n");
}

/* Escaped text whose empty lines separate paragraphs. */
static void paragraphs(struct report *report, const char *words)
{
    struct text escaped = {0};
    escape(&escaped, words);
    const char *s = escaped.data != NULL ? escaped.data : "";
    text_append(&report->body, "<p>");
    for (const char *gap = strstr(s, "\n\n"); gap != NULL; gap = strstr(s, "\n\n")) {
        text_append_bytes(&report->body, s, (size_t)(gap - s));
        text_append(&report->body, "</p>\n<p>");
        s = gap + strspn(gap, "\n");
    }
    text_append(&report->body, s);
    text_append(&report->body, "</p>\n");
    if (escaped.status != OK)
        report->body.status = escaped.status;
    text_fini(&escaped);
}

void report_paragraph(struct report *report, const char *text)
{
    paragraphs(report, text);
}

void report_verbatim(struct report *report, const char *text)
{
    element(report, "<pre>", text, "</pre>\n");
}

void report_facts(struct report *report, const struct report_fact *facts, int64_t count)
{
    text_append(&report->body, "<dl>\n");
    for (int64_t i = 0; i < count; i++) {
        element(report, "<dt>", facts[i].name, "</dt>");
        element(report, "<dd>", facts[i].value, "</dd>\n");
    }
    text_append(&report->body, "</dl>\n");
}

void report_verdict(struct report *report, enum report_verdict verdict, const char *headline,
                    const char *text)
{
    static const char *const kinds[] = {"better", "mixed", "worse"};
    text_format(&report->body, "<div class=\"verdict %s\">\n", kinds[verdict]);
    element(report, "<strong>", headline, "</strong>\n");
    paragraphs(report, text);
    text_append(&report->body, "</div>\n");
}

static void table_row(struct report *report, const struct table *table, int64_t row,
                      const char *cell)
{
    text_append(&report->body, table_is_highlighted(table, row) ? "<tr class=\"mark\">" : "<tr>");
    for (int64_t column = 0; column < table_columns(table); column++) {
        text_format(&report->body, "<%s%s>", cell,
                    table_is_numeric(table, column) ? " class=\"number\"" : "");
        escape(&report->body, table_cell(table, row, column));
        text_format(&report->body, "</%s>", cell);
    }
    text_append(&report->body, "</tr>\n");
}

void report_table(struct report *report, const struct table *table, const char *caption)
{
    text_append(&report->body, "<div class=\"wide\"><table>\n");
    if (caption != NULL) {
        text_format(&report->body, "<caption><b>Table %lld.</b> ", (long long)++report->tables);
        element(report, "", caption, "</caption>\n");
    }
    text_append(&report->body, "<thead>\n");
    table_row(report, table, -1, "th");
    text_append(&report->body, "</thead>\n<tbody>\n");
    for (int64_t row = 0; row < table_rows(table); row++)
        table_row(report, table, row, "td");
    text_append(&report->body, "</tbody>\n</table></div>\n");
}

static void append_base64(struct text *out, const unsigned char *bytes, size_t count)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < count; i += 3) {
        size_t left = count - i;
        unsigned long group = (unsigned long)bytes[i] << 16;
        group |= left > 1 ? (unsigned long)bytes[i + 1] << 8 : 0;
        group |= left > 2 ? bytes[i + 2] : 0;
        char four[4] = {digits[group >> 18], digits[group >> 12 & 63],
                        left > 1 ? digits[group >> 6 & 63] : '=',
                        left > 2 ? digits[group & 63] : '='};
        text_append_bytes(out, four, sizeof four);
    }
}

/* The media type by content; NULL for anything else. */
static const char *media_type(const unsigned char *bytes, size_t count)
{
    static const unsigned char png[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    if (count >= 24 && memcmp(bytes, png, sizeof png) == 0)
        return "image/png";
    if (count >= 10 && memcmp(bytes, "GIF8", 4) == 0)
        return "image/gif";
    if (count >= 5 && strstr((const char *)bytes, "<svg") != NULL)
        return "image/svg+xml";
    return NULL;
}

static unsigned long big_endian(const unsigned char *bytes)
{
    return (unsigned long)bytes[0] << 24 | (unsigned long)bytes[1] << 16 |
           (unsigned long)bytes[2] << 8 | bytes[3];
}

/* The picture as data, a PNG with `density` pixels a page unit; `target` NULL: it leads nowhere. */
static enum status figure(struct report *report, const char *path, const char *target,
                          const char *caption, unsigned long density)
{
    enum status status = OK;
    unsigned char *bytes = NULL;
    size_t count;
    TRY_GOTO(atomic_file_read(&bytes, &count, path, FIGURE_LIMIT), cleanup);
    const char *type = media_type(bytes, count);
    if (type == NULL)
        TRY_GOTO(FAIL(ERR_DATA, "%s is neither a PNG nor a GIF nor an SVG picture", path), cleanup);
    text_append(&report->body, "<figure>");
    if (target != NULL)
        element(report, "<a href=\"", target, "\">");
    element(report, "<img alt=\"", caption, "\"");
    if (strcmp(type, "image/png") == 0)
        text_format(&report->body, " width=\"%lu\"",
                    (big_endian(bytes + 16) + density - 1) / density);
    text_format(&report->body, " src=\"data:%s;base64,", type);
    append_base64(&report->body, bytes, count);
    text_append(&report->body, target != NULL ? "\"></a>\n" : "\">\n");
    if (caption != NULL) {
        text_format(&report->body, "<figcaption><b>Figure %lld.</b> ",
                    (long long)++report->figures);
        element(report, "", caption, "</figcaption>");
    }
    text_append(&report->body, "</figure>\n");
cleanup:
    array_free(bytes);
    return status;
}

enum status report_figure(struct report *report, const char *path, const char *caption)
{
    return figure(report, path, NULL, caption, 2);
}

enum status report_preview(struct report *report, const char *path, const char *target,
                           const char *caption)
{
    return figure(report, path, target, caption, 1);
}

void report_link(struct report *report, const char *target, const char *text)
{
    element(report, "<p><a href=\"", target, "\">");
    element(report, "", text, "</a></p>\n");
}

enum status report_write(const struct report *report, const char *path)
{
    enum status status = OK;
    struct text page = {0};
    TRY_GOTO(report->body.status, cleanup);
    text_append_bytes(&page, report->body.data, report->body.length);
    text_append(&page, "</body>\n</html>\n");
    TRY_GOTO(page.status, cleanup);
    TRY_GOTO(atomic_file_write(path, page.data, page.length), cleanup);
cleanup:
    text_fini(&page);
    return status;
}
