/* SPDX-License-Identifier: Apache-2.0
 *
 * One evaluation from dataset and models to its folder: truth, rollouts, files, page, and the
 * scores to stdout. What `evaluate` and `ablate` do; the judging itself is the judge's part. */
#pragma once

#include "dataset.h"
#include "error.h"
#include "evaluation_page.h"
#include "judged_model.h"
#include "session.h"

struct evaluation_run {
    struct session *session; /* its configuration says split, frames, rivals, truth */
    const struct dataset *dataset;
    const char *models[JUDGED_MODEL_NETWORKS]; /* paths */
    const char *names[JUDGED_MODEL_NETWORKS];  /* NULL: "network" */
    int64_t model_count;
    const char *folder;
    int opened;                  /* 1: the caller has opened the folder already */
    const char *title;           /* of the page */
    enum flow_figures_rows rows; /* of its pictures */
};

/* With --resume, what is complete and of the same inputs is only shown again. ERR_STOPPED when
 * asked to stop; the recomputed truth is kept then. */
enum status evaluation_run_do(const struct evaluation_run *run);
