/* SPDX-License-Identifier: Apache-2.0
 *
 * A table of texts, built once and shown three ways: aligned for a terminal, as CSV, and in a
 * report (report.h). Computes nothing; numbers arrive as text. */
#pragma once

#include "error.h"
#include "text.h"

#include <stdint.h>

struct table;

/* headers: [columns]; texts are copied and cleaned (text_clean). ERR_MEMORY. */
enum status table_create(struct table **out, int64_t columns, const char *const *headers);
void table_destroy(struct table *table);

/* cells: [columns]; NULL is an empty cell. ERR_MEMORY. */
enum status table_add(struct table *table, const char *const *cells);

/* The row added last stands out: bold in a report, marked with '*' on a terminal. */
void table_highlight(struct table *table);

int64_t table_columns(const struct table *table);
int64_t table_rows(const struct table *table);

/* Borrowed; row -1 is the header. */
const char *table_cell(const struct table *table, int64_t row, int64_t column);

/* 1 where every cell of the column that says anything begins like a number; such columns are
 * aligned to the right. */
int table_is_numeric(const struct table *table, int64_t column);
int table_is_highlighted(const struct table *table, int64_t row);

/* Appended to `out`; whether that ran out of memory stands in out->status. */
void table_text(struct text *out, const struct table *table);
void table_csv(struct text *out, const struct table *table);

/* One CSV cell: quoted where it holds a comma, a quote or blanks at an end (RFC 4180). */
void table_csv_cell(struct text *out, const char *cell);

/* The CSV as a file, atomically. */
enum status table_write_csv(const char *path, const struct table *table);
