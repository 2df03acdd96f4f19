/* SPDX-License-Identifier: Apache-2.0 */
#include "simulate_series.h"

#include "array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void simulate_series_init(struct simulate_series *out, int64_t columns)
{
    *out = (struct simulate_series){.columns = columns};
}

void simulate_series_fini(struct simulate_series *series)
{
    free(series->values);
    simulate_series_init(series, series->columns);
}

enum status simulate_series_append(struct simulate_series *series, const double *values,
                                   int64_t rows)
{
    size_t held = (size_t)(series->rows * series->columns);
    size_t more = (size_t)(rows * series->columns);
    if (more == 0)
        return OK;
    double *grown =
        array_grow(series->values, &series->capacity, held + more, sizeof *series->values);
    if (grown == NULL)
        return ERR_MEMORY;
    series->values = grown;
    memcpy(grown + held, values, more * sizeof *values);
    series->rows += rows;
    return OK;
}

void simulate_series_print_names(FILE *stream, const struct simulate_series *series,
                                 const char *const *names, int64_t name_count)
{
    for (int64_t column = 0; column < series->columns; column++) {
        int64_t number = column / name_count + 1;
        fprintf(stream, ",%s_%lld", names[column % name_count], (long long)number);
    }
}

void simulate_series_print_row(FILE *stream, const struct simulate_series *series, int64_t row)
{
    for (int64_t column = 0; column < series->columns; column++) {
        double value = series->values[row * series->columns + column];
        if (isnan(value))
            fputc(',', stream);
        else
            fprintf(stream, ",%.9g", value);
    }
}
