/* SPDX-License-Identifier: Apache-2.0
 *
 * What validation cases found, as text, Markdown, JSON and charts. */
#pragma once

#include "error.h"
#include "proof.h"

#include <stdio.h>

struct json;

struct proof_outcome {
    const struct proof_case *which;
    struct proof found;
    double seconds;
};

void proof_table_print_list(FILE *stream);

/* The list as JSON; NULL reports the recorded failure. */
struct json *proof_table_describe_list(void);

void proof_table_print(FILE *stream, const struct proof_outcome *outcome);

/* {"name": {...}, ...}; NULL reports the recorded failure. */
struct json *proof_table_describe(const struct proof_outcome *outcomes, int64_t count);

/* One Markdown table with the command beside each case. */
void proof_table_markdown(FILE *stream, const struct proof_outcome *outcomes, int64_t count);

/* FOLDER/NAME.csv, .svg, .png of the case's series. Without gnuplot: the CSV and a warning. */
enum status proof_table_chart(const char *folder, const struct proof_outcome *outcome);
