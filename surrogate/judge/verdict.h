/* SPDX-License-Identifier: Apache-2.0
 *
 * What an evaluation says of one candidate, in plain words and in the figures behind them. The
 * measure is the velocity's relative_l2, averaged over a window. First comes the rival of equal
 * accuracy: the cheapest one that is at least as accurate; a speed-up is quoted against it. Then
 * the rival of equal cost: the most accurate one that costs no more. Last the truth's solver. A
 * loss is said as plainly as a win, and a rival that is both cheaper and more accurate comes with
 * the advice to use it. Whether a difference is significant is for the reader: the spread stands in
 * the scoreboard. */
#pragma once

#include "error.h"
#include "evaluation.h"
#include "scoreboard.h"

#include <stdint.h>

enum { VERDICT_TEXT = 1024, VERDICT_NONE = -1 };

struct verdict {
    enum scoreboard_window window;
    int64_t candidate;  /* entry */
    double error, cost; /* of the candidate; error is not a number when undefined or diverged */
    int64_t baseline;   /* the most accurate baseline, or VERDICT_NONE */
    double baseline_error;
    int64_t equal_accuracy; /* the cheapest rival at least as accurate, or VERDICT_NONE */
    double speed_up;    /* its cost / the candidate's; below 1 the solver wins; else not a number */
    int64_t equal_cost; /* the most accurate rival that costs no more, or VERDICT_NONE */
    double error_ratio; /* its error / the candidate's; below 1 the solver wins */
    double truth_speed_up; /* the truth's cost / the candidate's; not a number when not known */
    char text[VERDICT_TEXT];
};

/* Of entry `candidate` over a window. */
void verdict_reach(struct verdict *out, const struct evaluation *evaluation, int64_t candidate,
                   enum scoreboard_window window);
