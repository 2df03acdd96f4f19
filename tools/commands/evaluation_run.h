/* SPDX-License-Identifier: Apache-2.0
 *
 * One evaluation from dataset and model to its folder: truth, rollouts, files, page, and the scores
 * to stdout. What `evaluate` does; the judging itself is the judge's part. */
#pragma once

#include "dataset.h"
#include "error.h"
#include "session.h"

struct evaluation_run {
    struct session *session; /* its configuration says split, frames, rivals, truth */
    const struct dataset *dataset;
    const char *model; /* path */
    const char *folder;
};

/* With --resume, what is complete and of the same inputs is only shown again. ERR_STOPPED when
 * asked to stop; the recomputed truth is kept then. */
enum status evaluation_run_do(const struct evaluation_run *run);
