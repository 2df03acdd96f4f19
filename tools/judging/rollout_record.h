/* SPDX-License-Identifier: Apache-2.0
 *
 * One rollout of a forecaster as a case record: the three frames it began with and those it made,
 * for pictures and files. Scores are the judge's part. */
#pragma once

#include "case_record.h"
#include "error.h"
#include "forecaster.h"

#include <stdint.h>

/* `frames` new frames. The coefficients of forecast frames are not a number: a forecast has no
 * forces. A forecast that diverges ends the record there, with its status and reason; that is OK.
 */
enum status rollout_record_make(struct case_record **out, struct forecaster *forecaster,
                                const struct forecaster_start *start, int64_t frames);

/* The start at frame `frame` (the third input frame) of a truth, with the start state of that frame
 * when the record has it. Borrows from the record. ERR_USAGE when there are no three frames. */
enum status rollout_record_start(struct forecaster_start *out, const struct case_record *truth,
                                 int64_t frame);
