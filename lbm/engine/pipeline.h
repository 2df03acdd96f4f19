/* SPDX-License-Identifier: Apache-2.0
 *
 * Items that go through stages, taken by several threads without a barrier: item i may enter stage
 * s as soon as it has left stage s - 1 and item i - 1 has left stage s. With time steps as stages
 * and rows as items this is a wavefront over several steps:
 *
 *     stage 2        0 1                    item 1 is in stage 2
 *     stage 1        0 1 2 3 4              as item 4 is in stage 1
 *     stage 0        0 1 2 3 4 5 6 7        and item 7 in stage 0
 *                    ------------->  items
 *
 * What is computed must not depend on the order that this leaves open. Knows nothing of
 * lattices. */
#pragma once

#include "error.h"

#include <stdint.h>

struct pipeline_pass {
    int64_t items;  /* 0: there is nothing more to do */
    int64_t stages; /* 1 .. the most of pipeline_create */
};

struct pipeline_work {
    void *context; /* handed to the functions */
    void (*advance)(void *context, int64_t item, int64_t stage);
    /* Called by one thread while no item is on its way: before the first pass and after each.
     * Says what the next one is. */
    void (*turn)(void *context, struct pipeline_pass *next);
};

struct pipeline;

/* `stages` >= 1, at most in a pass; `threads` >= 1. */
enum status pipeline_create(struct pipeline **out, int64_t stages, int threads);
void pipeline_destroy(struct pipeline *pipeline);

/* Pass after pass, until `turn` ends it. */
void pipeline_run(struct pipeline *pipeline, const struct pipeline_work *work);
