/* SPDX-License-Identifier: Apache-2.0
 *
 * One static HTML file that opens anywhere without a network: text, tables and figures one below
 * the other, everything embedded, legible in print and in grey. Texts are escaped: they come out as
 * they went in. Knows nothing of what it reports. */
#pragma once

#include "error.h"

#include <stdint.h>

struct report;
struct table;

enum report_verdict {
    REPORT_BETTER, /* what was hoped for */
    REPORT_MIXED,
    REPORT_WORSE,
};

/* A name and what it is: "Reynolds number" and "100". */
struct report_fact {
    const char *name, *value;
};

/* The title is also the page's heading; subtitle may be NULL. ERR_MEMORY. */
enum status report_create(struct report **out, const char *title, const char *subtitle);
void report_destroy(struct report *report);

/* The parts, in the order of the calls. Running out of memory is told by report_write. Texts are
 * UTF-8 and borrowed for the call; in paragraphs an empty line begins a new one. */
void report_heading(struct report *report, const char *text);
void report_subheading(struct report *report, const char *text);
void report_paragraph(struct report *report, const char *text);
void report_facts(struct report *report, const struct report_fact *facts, int64_t count);
void report_table(struct report *report, const struct table *table, const char *caption);

/* Preformatted text: a command, a configuration. */
void report_verbatim(struct report *report, const char *text);

/* A box for the main finding: a headline and a sentence or two. The kind is told by its words and
 * its border, not by colour alone. */
void report_verdict(struct report *report, enum report_verdict verdict, const char *headline,
                    const char *text);

/* Embeds a PNG, GIF or SVG file (told by its content) with a caption, at most as wide as the page;
 * PNGs are shown at half their pixels, as pictures are drawn with two pixels a unit. ERR_DATA when
 * it is missing or something else; ERR_IO; ERR_MEMORY. */
enum status report_figure(struct report *report, const char *path, const char *caption);

/* Embeds a small PNG, pixel by pixel, as the way to the full-size file at `target`, a path relative
 * to the page. Fails as report_figure. */
enum status report_preview(struct report *report, const char *path, const char *target,
                           const char *caption);

/* A line that leads to a file beside the page: its path, relative to the page, and what it is. */
void report_link(struct report *report, const char *target, const char *text);

/* Writes the page, atomically. May be called again after more parts. ERR_IO, ERR_MEMORY. */
enum status report_write(const struct report *report, const char *path);
