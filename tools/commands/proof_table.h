/* SPDX-License-Identifier: Apache-2.0
 *
 * What validation cases found, or what was committed of them, as text, Markdown and charts. */
#pragma once

#include "error.h"
#include "proof.h"

#include <stdio.h>

struct proof_order;

struct proof_outcome {
    const struct proof_case *which;
    int asked;          /* for in this run; else it can only come from an earlier one */
    struct proof found; /* no rows: not run */
    double seconds;     /* that the run took; 0: no run of ours */
    char fault[256];    /* why it came to no figures; "" when it did */
};

/* Of a case on one quiet core, roughly. */
double proof_table_seconds(const struct proof_case *which);

void proof_table_print(FILE *stream, const struct proof_outcome *outcome);

/* Orders of convergence between outcomes, of which there may be none; returns how many of them are
 * outside what is allowed. stream may be NULL. */
int64_t proof_table_print_orders(FILE *stream, const struct proof_outcome *outcomes, int64_t count);

/* An order of convergence; 0 when the outcomes lack one of its cases. */
int proof_table_order(double *value, const struct proof_order *order,
                      const struct proof_outcome *outcomes, int64_t count);

/* The tables of docs/validation.md: figures with the command beside each case, then orders. */
void proof_table_markdown(FILE *stream, const struct proof_outcome *outcomes, int64_t count);

/* FOLDER/NAME.csv, .svg, .png of the case's series. Without gnuplot: the CSV and a warning. */
enum status proof_table_chart(const char *folder, const struct proof_outcome *outcome);
