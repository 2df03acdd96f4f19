/* SPDX-License-Identifier: Apache-2.0 */
#include "proof_table.h"

#include "array.h"
#include "chart.h"
#include "log.h"
#include "path.h"
#include "proof_order.h"

#include <math.h>
#include <string.h>

enum { CELL_SIZE = 64 };

static const double updates_a_second = 3e8; /* of one quiet core, roughly */

double proof_table_seconds(const struct proof_case *which)
{
    return which->updates * 1e9 / updates_a_second;
}

/* The outcome of a name that has rows; NULL when there is none. */
static const struct proof_outcome *find(const struct proof_outcome *outcomes, int64_t count,
                                        const char *name)
{
    for (int64_t k = 0; k < count; k++)
        if (outcomes[k].found.count > 0 && strcmp(outcomes[k].which->name, name) == 0)
            return &outcomes[k];
    return NULL;
}

static const char *verdict(int passes)
{
    return passes ? "pass" : "FAIL";
}

/* "1 %" of a reference that is a number, else "1.52 to 1.66". */
static void write_allowed(char out[CELL_SIZE], const struct proof_figure *figure)
{
    double share = (figure->high - figure->wanted) / fabs(figure->wanted);
    if (isfinite(share))
        snprintf(out, CELL_SIZE, "%.3g %%", 100 * share);
    else if (figure->low == figure->high)
        snprintf(out, CELL_SIZE, "%.5g", figure->low);
    else
        snprintf(out, CELL_SIZE, "%.5g to %.5g", figure->low, figure->high);
}

/* "3.2489 (+0.67 %)". */
static void write_value(char out[CELL_SIZE], const struct proof_row *row)
{
    double wanted = row->figure->wanted, share = (row->value - wanted) / fabs(wanted);
    if (isfinite(share))
        snprintf(out, CELL_SIZE, "%.5g (%+.2f %%)", row->value, 100 * share);
    else
        snprintf(out, CELL_SIZE, "%.5g", row->value);
}

void proof_table_print(FILE *stream, const struct proof_outcome *outcome)
{
    const struct proof_case *which = outcome->which;
    const struct proof *found = &outcome->found;
    fprintf(stream, "%s: %s (%s)\n", which->name, which->summary, which->source);
    if (outcome->fault[0] != '\0')
        fprintf(stream, "  FAIL  %s\n", outcome->fault);
    for (int64_t k = 0; k < found->count; k++) {
        const struct proof_row *row = &found->rows[k];
        char allowed[CELL_SIZE], value[CELL_SIZE];
        write_allowed(allowed, row->figure);
        write_value(value, row);
        fprintf(stream, "  %s  %-34s %-20s reference %s, allowed %s",
                verdict(proof_row_passes(row)), row->figure->quantity, value,
                row->figure->reference, allowed);
        if (proof_row_moved(row))
            fprintf(stream, "; was %.6g", row->figure->ours);
        fprintf(stream, "\n");
    }
    if (outcome->seconds > 0)
        fprintf(stream, "  %.1f s, %.0f million updates a second\n", outcome->seconds,
                found->updates / outcome->seconds * 1e-6);
    else
        fprintf(stream, "  about %.0f s on one quiet core\n", ceil(proof_table_seconds(which)));
}

int proof_table_order(double *value, const struct proof_order *order,
                      const struct proof_outcome *outcomes, int64_t count)
{
    const struct proof_outcome *coarse = find(outcomes, count, order->coarse);
    const struct proof_outcome *fine = find(outcomes, count, order->fine);
    if (coarse == NULL || fine == NULL)
        return 0;
    *value = proof_order_of(order, &coarse->found, &fine->found);
    return 1;
}

int64_t proof_table_print_orders(FILE *stream, const struct proof_outcome *outcomes, int64_t count)
{
    int64_t told = 0, outside = 0;
    for (int64_t k = 0; k < proof_order_count(); k++) {
        const struct proof_order *order = proof_order_at(k);
        double value;
        if (!proof_table_order(&value, order, outcomes, count))
            continue;
        outside += !proof_order_passes(order, value);
        if (stream == NULL)
            continue;
        if (told++ == 0)
            fprintf(stream, "order of convergence to the reference\n");
        fprintf(stream, "  %s  %-34s %-20.2f %s to %s, allowed %g to %g\n",
                verdict(proof_order_passes(order, value)), order->quantity, value, order->coarse,
                order->fine, order->low, order->high);
    }
    return outside;
}

static void write_case(FILE *stream, const struct proof_outcome *outcome)
{
    const struct proof_case *which = outcome->which;
    for (int64_t i = 0; i < outcome->found.count; i++) {
        const struct proof_row *row = &outcome->found.rows[i];
        char allowed[CELL_SIZE], value[CELL_SIZE];
        write_allowed(allowed, row->figure);
        write_value(value, row);
        if (i == 0)
            fprintf(stream, "| %s ", which->summary);
        else
            fprintf(stream, "| ");
        fprintf(stream, "| %s | %s | %s | %s | %s |", row->figure->quantity, row->figure->reference,
                allowed, value, verdict(proof_row_passes(row)));
        if (i == 0)
            fprintf(stream, " `wakecast validate %s` |\n", which->name);
        else
            fprintf(stream, " |\n");
    }
    if (outcome->fault[0] != '\0')
        fprintf(stream, "| %s | %s | | | | FAIL | `wakecast validate %s` |\n", which->summary,
                outcome->fault, which->name);
}

static void write_orders(FILE *stream, const struct proof_outcome *outcomes, int64_t count)
{
    int64_t told = 0;
    for (int64_t k = 0; k < proof_order_count(); k++) {
        const struct proof_order *order = proof_order_at(k);
        double value;
        if (!proof_table_order(&value, order, outcomes, count))
            continue;
        if (told++ == 0)
            fprintf(stream, "\n| order of convergence of | from | to | allowed | ours | |\n"
                            "| --- | --- | --- | --- | --- | --- |\n");
        fprintf(stream, "| %s | `%s` | `%s` | %g to %g | %.2f | %s |\n", order->quantity,
                order->coarse, order->fine, order->low, order->high, value,
                verdict(proof_order_passes(order, value)));
    }
}

void proof_table_markdown(FILE *stream, const struct proof_outcome *outcomes, int64_t count)
{
    fprintf(stream, "| flow | quantity | reference | allowed | ours | | command |\n"
                    "| --- | --- | --- | --- | --- | --- | --- |\n");
    for (int64_t k = 0; k < count; k++)
        write_case(stream, &outcomes[k]);
    write_orders(stream, outcomes, count);
}

enum status proof_table_chart(const char *folder, const struct proof_outcome *outcome)
{
    const struct proof *found = &outcome->found;
    struct chart_series series[PROOF_COLUMNS];
    double *columns = NULL;
    char stem[PATH_SIZE];
    enum status status = OK;
    if (found->points == 0)
        return OK;
    TRY_GOTO(path_join(stem, sizeof stem, folder, outcome->which->name), cleanup);
    TRY_GOTO(ARRAY_NEW(columns, found->column_count * found->points), cleanup);
    for (int64_t c = 0; c < found->column_count; c++)
        for (int64_t k = 0; k < found->points; k++)
            columns[c * found->points + k] = found->series[k * found->column_count + c];
    for (int64_t c = 1; c < found->column_count; c++)
        series[c - 1] = (struct chart_series){.name = found->columns[c],
                                              .count = found->points,
                                              .x = columns,
                                              .y = columns + c * found->points};
    const struct chart chart = {.title = outcome->which->name,
                                .x_label = found->columns[0],
                                .y_label = "",
                                .series = series,
                                .series_count = found->column_count - 1};
    status = chart_write(stem, &chart);
    if (status == ERR_UNSUPPORTED) {
        log_warning("%s; %s.csv holds the figures", error_message(), stem);
        error_clear();
        status = OK;
    }
cleanup:
    array_free(columns);
    return status;
}
