/* SPDX-License-Identifier: Apache-2.0
 *
 * One training run with its folder, progress and figures: what `train` does once and `ablate` four
 * times. */
#pragma once

#include "dataset.h"
#include "error.h"
#include "session.h"
#include "trainer.h"

struct training_run {
    struct session *session;
    const struct config *config;
    const struct dataset *dataset;
    const char *folder;
    const char *init;    /* may be NULL */
    int64_t stop_after;  /* 0: none */
    const char *backend; /* "auto" ... */
    const char *task;    /* for the progress line */
    enum trainer_begin begin;
};

/* Trains into `folder`, then draws figures/training. ERR_STOPPED when it ended before its last
 * step, everything saved. */
enum status training_run_do(struct trainer_result *out, const struct training_run *run);
