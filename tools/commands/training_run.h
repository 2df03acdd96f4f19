/* SPDX-License-Identifier: Apache-2.0
 *
 * One training run with its folder, progress and figures: what `train` does once and `ablate` four
 * times. */
#pragma once

#include "dataset.h"
#include "error.h"
#include "session.h"
#include "trainer.h"

enum training_run_events { TRAINING_RUN_NO_EVENTS, TRAINING_RUN_EVENTS };

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
    enum training_run_events events; /* for TensorBoard */
};

/* Windows of the training split: the samples of an epoch. */
int64_t training_run_windows(const struct dataset *dataset, const struct trainer_options *options);

/* With TRAINER_RESUME: ERR_CONFIG or ERR_DATA when the folder's checkpoint is of another training.
 * Changes nothing. */
enum status training_run_check(const struct training_run *run);

/* Trains into `folder`, with the session's other ranks if there are any, of which the first alone
 * touches the folder; then writes metrics.csv and draws figures/training. ERR_STOPPED when it
 * ended before its last step, everything saved. */
enum status training_run_do(struct trainer_result *out, const struct training_run *run);
