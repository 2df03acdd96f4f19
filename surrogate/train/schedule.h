/* SPDX-License-Identifier: Apache-2.0
 *
 * The learning rate of a step: a linear warm-up, then half a cosine down to the floor. Steps count
 * from 1, the rate of step s is used in update s. Its bits are the same on every machine. */
#pragma once

#include "error.h"

#include <stdint.h>

struct schedule {
    double rate;    /* the highest rate, reached by the last warm-up step */
    double floor;   /* the last step's rate as a share of `rate`, 0 to 1 */
    int64_t warmup; /* steps; 0: none */
    int64_t steps;  /* in all */
};

/* ERR_CONFIG names the value that is out of range. */
enum status schedule_check(const struct schedule *schedule);

double schedule_rate(const struct schedule *schedule, int64_t step);
