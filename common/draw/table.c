/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include "array.h"
#include "atomic_file.h"

#include <stdlib.h>
#include <string.h>

struct table {
    int64_t columns, rows; /* rows without the header */
    size_t count, capacity;
    char **cells; /* [1 + rows][columns], header first */
    size_t mark_capacity;
    unsigned char *marks; /* [rows]: highlighted */
};

static enum status append_cell(struct table *table, const char *words)
{
    char clean[TEXT_LABEL_SIZE];
    text_clean(clean, sizeof clean, words);
    char **grown = array_grow(table->cells, &table->capacity, table->count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    table->cells = grown;
    size_t bytes = strlen(clean) + 1;
    char *copy = malloc(bytes);
    if (copy == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a table");
    memcpy(copy, clean, bytes);
    table->cells[table->count++] = copy;
    return OK;
}

static enum status append_row(struct table *table, const char *const *cells)
{
    enum status status = OK;
    size_t before = table->count;
    for (int64_t column = 0; column < table->columns; column++)
        TRY_GOTO(append_cell(table, cells[column]), cleanup);
cleanup:
    while (status != OK && table->count > before)
        free(table->cells[--table->count]);
    return status;
}

enum status table_create(struct table **out, int64_t columns, const char *const *headers)
{
    enum status status = OK;
    struct table *table = calloc(1, sizeof *table);
    if (table == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a table");
    table->columns = columns;
    TRY_GOTO(append_row(table, headers), cleanup);
    *out = table;
    table = NULL;
cleanup:
    table_destroy(table);
    return status;
}

void table_destroy(struct table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    free(table->marks);
    free(table);
}

enum status table_add(struct table *table, const char *const *cells)
{
    unsigned char *marks =
        array_grow(table->marks, &table->mark_capacity, (size_t)table->rows + 1, 1);
    if (marks == NULL)
        return ERR_MEMORY;
    table->marks = marks;
    TRY(append_row(table, cells));
    table->marks[table->rows++] = 0;
    return OK;
}

void table_highlight(struct table *table)
{
    if (table->rows > 0)
        table->marks[table->rows - 1] = 1;
}

int64_t table_columns(const struct table *table)
{
    return table->columns;
}

int64_t table_rows(const struct table *table)
{
    return table->rows;
}

const char *table_cell(const struct table *table, int64_t row, int64_t column)
{
    return table->cells[(row + 1) * table->columns + column];
}

int table_is_highlighted(const struct table *table, int64_t row)
{
    return row >= 0 && table->marks[row];
}

static int begins_like_number(const char *cell)
{
    if (strncmp(cell, "−", strlen("−")) == 0)
        cell += strlen("−");
    else if (*cell == '-' || *cell == '+' || *cell == '<' || *cell == '>')
        cell++;
    while (*cell == ' ')
        cell++;
    return (*cell >= '0' && *cell <= '9') || *cell == '.';
}

/* A lone dash says that there is no number. */
static int says_nothing(const char *cell)
{
    return cell[0] == '\0' || strcmp(cell, "-") == 0 || strcmp(cell, "–") == 0 ||
           strcmp(cell, "nan") == 0;
}

int table_is_numeric(const struct table *table, int64_t column)
{
    int numbers = 0;
    for (int64_t row = 0; row < table->rows; row++) {
        const char *cell = table_cell(table, row, column);
        if (says_nothing(cell))
            continue;
        if (!begins_like_number(cell))
            return 0;
        numbers++;
    }
    return numbers > 0;
}

static size_t column_width(const struct table *table, int64_t column)
{
    size_t widest = 0;
    for (int64_t row = -1; row < table->rows; row++) {
        size_t width = text_width(table_cell(table, row, column));
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void append_blanks(struct text *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_append(out, " ");
}

static void append_line(struct text *out, const struct table *table, int64_t row,
                        const size_t *widths)
{
    for (int64_t column = 0; column < table->columns; column++) {
        const char *cell = table_cell(table, row, column);
        size_t blanks = widths[column] - text_width(cell);
        int right = table_is_numeric(table, column);
        append_blanks(out, (column > 0 ? 2 : 0) + (right ? blanks : 0));
        text_append(out, cell);
        int last = column + 1 == table->columns && !table_is_highlighted(table, row);
        append_blanks(out, right || last ? 0 : blanks);
    }
    text_append(out, table_is_highlighted(table, row) ? " *\n" : "\n");
}

void table_text(struct text *out, const struct table *table)
{
    size_t *widths, total = 0;
    if (ARRAY_NEW(widths, table->columns) != OK) {
        out->status = ERR_MEMORY;
        return;
    }
    for (int64_t column = 0; column < table->columns; column++) {
        widths[column] = column_width(table, column);
        total += widths[column] + (column > 0 ? 2 : 0);
    }
    append_line(out, table, -1, widths);
    for (size_t i = 0; i < total; i++)
        text_append(out, "-");
    text_append(out, "\n");
    for (int64_t row = 0; row < table->rows; row++)
        append_line(out, table, row, widths);
    array_free(widths);
}

void table_csv_cell(struct text *out, const char *cell)
{
    size_t length = strlen(cell);
    int quoted = strpbrk(cell, ",\"\r\n") != NULL ||
                 (length > 0 && (cell[0] == ' ' || cell[length - 1] == ' '));
    if (quoted)
        text_append(out, "\"");
    for (const char *s = cell; *s != '\0'; s++)
        text_append_bytes(out, *s == '"' && quoted ? "\"\"" : s, *s == '"' && quoted ? 2 : 1);
    if (quoted)
        text_append(out, "\"");
}

void table_csv(struct text *out, const struct table *table)
{
    for (int64_t row = -1; row < table->rows; row++) {
        for (int64_t column = 0; column < table->columns; column++) {
            if (column > 0)
                text_append(out, ",");
            table_csv_cell(out, table_cell(table, row, column));
        }
        text_append(out, "\n");
    }
}

enum status table_write_csv(const char *path, const struct table *table)
{
    enum status status = OK;
    struct text csv = {0};
    table_csv(&csv, table);
    TRY_GOTO(csv.status, cleanup);
    TRY_GOTO(atomic_file_write(path, csv.data, csv.length), cleanup);
cleanup:
    text_fini(&csv);
    return status;
}
