/* SPDX-License-Identifier: Apache-2.0
 *
 * What a survey of a dataset found, for people and as JSON: digests, data checks, statistics. */
#pragma once

#include "dataset_survey.h"
#include "error.h"
#include "json.h"

#include <stdio.h>

void inspection_report_print(FILE *stream, const struct dataset *dataset,
                             const struct dataset_survey *survey);

/* Adds "digests", "checks", "findings" and "statistics" to `root`. */
enum status inspection_report_describe(struct json *root, const struct dataset *dataset,
                                       const struct dataset_survey *survey);
