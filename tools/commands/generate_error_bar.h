/* SPDX-License-Identifier: Apache-2.0
 *
 * `generate --error-bar K`: cases of a finished dataset computed again at half and at twice its
 * refinement, into the manifest. Which cases and what is measured is error_bar.h's part; how it is
 * shown, error_bar_facts.h's. */
#pragma once

#include "case_draw.h"
#include "dataset_writer.h"
#include "error.h"
#include "json.h"
#include "session.h"

#include <stdint.h>
#include <stdio.h>

/* --error-bar, 0 when it is not given. ERR_USAGE when the plan has fewer cases, or with --part. */
enum status generate_error_bar_wanted(int64_t *out, const struct session *session,
                                      const struct case_draw_plan *plan);

/* Computes what is missing and leaves each run in the manifest as soon as it is there. The dataset
 * in `folder` is finished, `writer` is its own. ERR_STOPPED when asked to stop. */
enum status generate_error_bar_run(struct session *session, struct dataset_writer *writer,
                                   const struct case_draw_plan *plan, const char *folder,
                                   int64_t cases);

/* What it would cost: a line for people; "error_bar" in `root`. `rate` in updates per second. */
enum status generate_error_bar_print(FILE *stream, const struct case_draw_plan *plan, int64_t cases,
                                     double rate);
enum status generate_error_bar_describe(struct json *root, const struct case_draw_plan *plan,
                                        int64_t cases, double rate);
