/* SPDX-License-Identifier: Apache-2.0
 *
 * A dataset's error bar for people, as JSON and as a chart over time. */
#pragma once

#include "dataset.h"
#include "error.h"
#include "json.h"

#include <stdio.h>

/* Nothing where the dataset has none. ERR_MEMORY. */
enum status error_bar_facts_print(FILE *stream, const struct dataset *dataset);

/* "error_bar" as in the manifest (null: none) and "error_bar_spread", over cases, per refinement.
 */
enum status error_bar_facts_describe(struct json *root, const struct dataset *dataset);

/* FOLDER/error-bar.csv, .svg, .png when the dataset has one. Fails as chart_write. */
enum status error_bar_facts_draw(const char *folder, const struct dataset *dataset);
