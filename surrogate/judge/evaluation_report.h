/* SPDX-License-Identifier: Apache-2.0
 *
 * An evaluation as data: JSON with everything (options, rollouts, per forecaster and metric the
 * values [rollout][step], their spread, windows, costs, verdicts) and CSV with one line per
 * forecaster, rollout and step. What is not finite is null in JSON and an empty field in CSV. */
#pragma once

#include "error.h"
#include "evaluation.h"
#include "json.h"

/* The caller owns the tree. */
enum status evaluation_report_json(struct json **out, const struct evaluation *evaluation);

/* The caller frees the text with free(). Columns: forecaster, case, family, reynolds, start, step,
 * then every metric under its name. */
enum status evaluation_report_csv(char **out, const struct evaluation *evaluation);
