/* SPDX-License-Identifier: Apache-2.0
 *
 * How a dataset's cases are distributed: histograms of what was drawn and of what came out, each
 * stacked by split, as a picture and as JSON. */
#pragma once

#include "dataset_survey.h"
#include "error.h"
#include "histogram.h"
#include "json.h"

#include <stdint.h>

enum { INSPECTION_HISTOGRAMS = 12 };

struct inspection_histograms {
    struct histogram list[INSPECTION_HISTOGRAMS];
    int64_t cases;
};

/* The number of bodies is that of the dataset's own configuration; it is left out where that
 * cannot be read. ERR_MEMORY. */
enum status inspection_histograms_make(struct inspection_histograms *out,
                                       const struct dataset *dataset,
                                       const struct dataset_survey *survey);

/* "distributions" of `root`. */
enum status inspection_histograms_describe(struct json *root,
                                           const struct inspection_histograms *histograms);

/* A PNG of panels. */
enum status inspection_histograms_draw(const char *path, const struct dataset *dataset,
                                       const struct inspection_histograms *histograms);
