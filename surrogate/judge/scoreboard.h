/* SPDX-License-Identifier: Apache-2.0
 *
 * Means and spreads of an evaluation over its rollouts (cases and starts). Errors of one call, over
 * one shedding period and over the whole rollout are kept apart. A rollout that diverged is never
 * left out: it makes the mean not a number, and its count stands beside. */
#pragma once

#include "evaluation.h"
#include "metrics.h"

#include <stdint.h>

struct scoreboard_spread {
    double mean, deviation, least, most; /* not a number without a defined rollout, or with a
                                            diverged one */
    int64_t count;                       /* rollouts in it: defined ones and diverged ones */
    int64_t diverged;                    /* of them, diverged within the steps looked at */
};

/* Over which steps of a rollout a mean is taken before it is spread over rollouts. */
enum scoreboard_window {
    SCOREBOARD_CALL,    /* steps 1 ... call */
    SCOREBOARD_PERIOD,  /* steps 1 ... period, rounded; a rollout without a period, or with one
                           longer  than the horizon, is undefined */
    SCOREBOARD_ROLLOUT, /* all steps */
    SCOREBOARD_WINDOWS
};

/* "call", "period", "rollout" for files; "one call" ... for people. */
const char *scoreboard_window_key(enum scoreboard_window window);
const char *scoreboard_window_words(enum scoreboard_window window);

struct scoreboard_spread scoreboard_at_step(const struct evaluation *evaluation, int64_t entry,
                                            int64_t step, enum metrics_kind metric);
struct scoreboard_spread scoreboard_over_window(const struct evaluation *evaluation, int64_t entry,
                                                enum scoreboard_window window,
                                                enum metrics_kind metric);

/* Mean seconds a frame over rollouts; not a number for an absent entry. */
double scoreboard_cost(const struct evaluation *evaluation, int64_t entry);

/* Rollouts in which the entry diverged at any step. */
int64_t scoreboard_diverged(const struct evaluation *evaluation, int64_t entry);

/* Mean Strouhal number of the forecasts over the rollouts' frames, and of the truth over the same
 * frames, over the rollouts in which both are defined; `count` gets how many those are. */
void scoreboard_strouhal(double *forecast, double *truth, int64_t *count,
                         const struct evaluation *evaluation, int64_t entry);
