/* SPDX-License-Identifier: Apache-2.0
 *
 * How many calls of the network a training step unrolls, one fed by the other: a list of stages,
 * each from a step on. Before the first of them it is one call. */
#pragma once

#include "error.h"

#include <stdint.h>

enum { CURRICULUM_STAGES = 16, CURRICULUM_CALLS_MOST = 64 };

struct curriculum {
    int64_t count;
    struct {
        int64_t from; /* the first step of the stage, 1 ... */
        int64_t calls;
    } stages[CURRICULUM_STAGES];
};

/* ERR_CONFIG: too many stages, steps that do not ascend, or calls out of range. */
enum status curriculum_check(const struct curriculum *curriculum);

/* Of step 1, 2, ... */
int64_t curriculum_calls(const struct curriculum *curriculum, int64_t step);
/* The most of any step. */
int64_t curriculum_most(const struct curriculum *curriculum);
