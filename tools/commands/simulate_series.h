/* SPDX-License-Identifier: Apache-2.0
 *
 * A table of numbers that grows by rows: the forces on each body, what probes see; and its part of
 * the lines of a CSV file. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct simulate_series {
    double *values; /* [rows][columns] */
    size_t capacity;
    int64_t rows, columns;
};

void simulate_series_init(struct simulate_series *out, int64_t columns);
void simulate_series_fini(struct simulate_series *series);

/* `rows` more. ERR_MEMORY. */
enum status simulate_series_append(struct simulate_series *series, const double *values,
                                   int64_t rows);

/* ",drag_1,lift_1,torque_1,drag_2 ...": each name with the number of each group of columns. */
void simulate_series_print_names(FILE *stream, const struct simulate_series *series,
                                 const char *const *names, int64_t name_count);

/* ",0.1,0.2 ...": one row; nothing between the commas where there is no number. */
void simulate_series_print_row(FILE *stream, const struct simulate_series *series, int64_t row);
