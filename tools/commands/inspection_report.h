/* SPDX-License-Identifier: Apache-2.0
 *
 * What a survey of a dataset found, for people and as JSON: digests, data checks, statistics. */
#pragma once

#include "dataset_survey.h"
#include "error.h"
#include "json.h"

#include <stdio.h>

/* Digests alone, and the same as "digests" of `root`. */
void inspection_report_print_digests(FILE *stream, const struct dataset *dataset,
                                     const struct dataset_survey *survey);
enum status inspection_report_describe_digests(struct json *root,
                                               const struct dataset_survey *survey);

void inspection_report_print(FILE *stream, const struct dataset *dataset,
                             const struct dataset_survey *survey);

/* Adds "digests", "checks", "findings" and "statistics" to `root`. */
enum status inspection_report_describe(struct json *root, const struct dataset *dataset,
                                       const struct dataset_survey *survey);
