/* SPDX-License-Identifier: Apache-2.0
 *
 * The pictures that commands make of flows, always in the same units and colours: vorticity as
 * omega D / U, speed as |u| / U, pressure as (rho - 1) / (3 U^2). Which picture is made when is the
 * command's part. */
#pragma once

#include "case_record.h"
#include "dataset.h"
#include "error.h"
#include "evaluation.h"

#include <stdint.h>

/* "circle, Re 100, D = 12 cells". `out` of at least 128 bytes. */
void flow_figures_describe(char *out, size_t size, const struct flow *flow);

/* Vorticity of the last frame of the first cases, one panel each. */
enum status flow_figures_cases(const char *path, const struct dataset *dataset);

/* Vorticity, speed, density and lift-wise velocity of frame `index` of a case. */
enum status flow_figures_fields(const char *path, const struct case_record *record, int64_t index);

/* All frames of one or more records of the same flow side by side, by their vorticity; frames of
 * record i begin at frames first[i]. */
struct flow_figures_movie {
    const char *title;
    int64_t count; /* records, at most 4 */
    const struct case_record *records[4];
    int64_t first[4];
    const char *names[4];
    int64_t frames; /* shown; a record that ends before leaves its panel empty */
};
enum status flow_figures_animation(const char *path, const struct flow_figures_movie *movie);

/* Rows: truth and every forecaster; columns: the picture's instants; by vorticity. The names are
 * those of the evaluation's entries. */
enum status flow_figures_comparison(const char *path, const struct evaluation *evaluation,
                                    const struct evaluation_picture *picture);
