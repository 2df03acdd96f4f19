/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics_table.h"

#include "atomic_file.h"
#include "metrics_lines.h"
#include "number.h"
#include "path.h"
#include "table.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = 64, NAME = 96 };

struct metrics_table {
    char names[COLUMNS][NAME];
    int columns;
    int64_t step; /* of the open row; -1: none */
    double row[COLUMNS];
    struct text text;
};

static int find_column(const struct metrics_table *table, const char *kind, const char *key)
{
    char name[NAME];
    (void)snprintf(name, sizeof name, "%s_%s", kind, key);
    int i = 0;
    while (i < table->columns && strcmp(table->names[i], name) != 0)
        i++;
    return i;
}

/* First reading: which columns there are. */
static enum status add_columns(void *context, const struct json *line)
{
    struct metrics_table *table = context;
    const char *kind, *key;
    int64_t step;
    double value;
    TRY(metrics_lines_kind(&kind, &step, line, "training"));
    for (int i = 0; (key = metrics_lines_number(&value, line, i)) != NULL; i++) {
        int column = find_column(table, kind, key);
        if (column == COLUMNS)
            return FAIL(ERR_DATA, "metrics.jsonl holds more than %d kinds of numbers", COLUMNS);
        if (column == table->columns)
            (void)snprintf(table->names[table->columns++], NAME, "%s_%s", kind, key);
    }
    return OK;
}

static void close_row(struct metrics_table *table)
{
    char number[NUMBER_SIZE];
    if (table->step < 0)
        return;
    text_format(&table->text, "%lld", (long long)table->step);
    for (int i = 0; i < table->columns; i++) {
        number[0] = '\0';
        if (isfinite(table->row[i]))
            number_print(number, table->row[i]);
        text_append(&table->text, ",");
        text_append(&table->text, number);
    }
    text_append(&table->text, "\n");
}

/* Second reading: lines of one step are one row. */
static enum status add_values(void *context, const struct json *line)
{
    struct metrics_table *table = context;
    const char *kind, *key;
    int64_t step;
    double value;
    TRY(metrics_lines_kind(&kind, &step, line, "training"));
    if (step != table->step) {
        close_row(table);
        table->step = step;
        for (int i = 0; i < COLUMNS; i++)
            table->row[i] = NAN;
    }
    for (int i = 0; (key = metrics_lines_number(&value, line, i)) != NULL; i++)
        table->row[find_column(table, kind, key)] = value;
    return OK;
}

enum status metrics_table_write(const char *folder)
{
    enum status status = OK;
    char path[PATH_SIZE];
    struct metrics_table table = {.step = -1};
    TRY(path_join(path, sizeof path, folder, "metrics.csv"));
    TRY_GOTO(metrics_lines_read(folder, add_columns, &table), cleanup);
    text_append(&table.text, "step");
    for (int i = 0; i < table.columns; i++) {
        text_append(&table.text, ",");
        table_csv_cell(&table.text, table.names[i]);
    }
    text_append(&table.text, "\n");
    TRY_GOTO(metrics_lines_read(folder, add_values, &table), cleanup);
    close_row(&table);
    TRY_GOTO(table.text.status, cleanup);
    TRY_GOTO(atomic_file_write(path, table.text.data, table.text.length), cleanup);
cleanup:
    text_fini(&table.text);
    return status;
}
