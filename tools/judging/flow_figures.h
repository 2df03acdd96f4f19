/* SPDX-License-Identifier: Apache-2.0
 *
 * The pictures that commands make of records, datasets and evaluations, out of flow_picture.h's
 * usual ones. Which picture is made when is the command's part. */
#pragma once

#include "case_record.h"
#include "dataset.h"
#include "error.h"
#include "evaluation.h"
#include "flow_outline.h"
#include "picture.h"

#include <stdint.h>

/* "circle, Re 100, D = 12 cells, solver r = 4". `out` of at least 128 bytes. */
void flow_figures_describe(char *out, size_t size, const struct flow *flow);

/* Vorticity of the last frame of cases spread over the dataset, one panel each. */
enum status flow_figures_cases(const char *path, const struct dataset *dataset);

/* The fields of frame `index` of a case; `title` says whose they are, NULL: the flow past its body.
 */
enum status flow_figures_fields(const char *path, const struct case_record *record,
                                const struct flow_outline *outline, int64_t index,
                                const char *title);

/* Frames of one or more records of the same flow side by side, by their vorticity; those of record
 * i begin at frame first[i]. */
enum { FLOW_FIGURES_MOVIE = 4 };
struct flow_figures_movie {
    const char *title;
    int64_t count; /* records */
    const struct case_record *records[FLOW_FIGURES_MOVIE];
    const struct flow_outline *outline; /* of the bodies of all */
    int64_t first[FLOW_FIGURES_MOVIE];
    const char *names[FLOW_FIGURES_MOVIE];
    int64_t frames; /* shown; a record that ends before leaves its panel empty */
    const struct picture_bodies *bodies; /* [frames], where bodies move; NULL: they rest */
};
enum status flow_figures_animation(const char *path, const struct flow_figures_movie *movie);

/* Rows: the truth and forecasters; columns: the picture's instants; by vorticity, with the time or
 * the velocity error above each panel. */
enum flow_figures_rows {
    FLOW_FIGURES_EVERYONE,  /* every forecaster that took part */
    FLOW_FIGURES_CANDIDATES /* the networks alone; the truth is then called what it is: solver */
};
enum flow_figures_size {
    FLOW_FIGURES_FULL,   /* two pixels a page unit: for print and for looking closely */
    FLOW_FIGURES_PREVIEW /* one: for pages that embed the file */
};
enum status flow_figures_comparison(const char *path, const struct evaluation *evaluation,
                                    const struct evaluation_picture *picture,
                                    const struct flow_outline *outline, enum flow_figures_rows rows,
                                    enum flow_figures_size size);
