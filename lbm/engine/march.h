/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks in a row, taken through steps by several threads without a barrier: block b may take a
 * step as soon as it and its two neighbours have taken the one before. A thread that is held up
 * (by another program, say) delays its neighbours by one step, those next to them by two, so the
 * others go on with the rest. What is computed must not depend on the order that this leaves open.
 * Knows nothing of lattices. */
#pragma once

#include "error.h"

#include <stdint.h>

struct march_work {
    void *context; /* handed to the functions */
    /* Does step `step` (from 0) of a block. It may read what the neighbours had after step - 1;
     * they may be doing `step` meanwhile, and not yet step + 1. */
    void (*advance)(void *context, int64_t block, int64_t step);
    /* Called by one thread while no block is at work: before the first step and whenever all have
     * done the steps it asked for. Returns up to which step to go on; `done` again ends the run. */
    int64_t (*turn)(void *context, int64_t done);
};

enum march_ends { MARCH_OPEN, MARCH_RING /* the first and last block are neighbours */ };

struct march;

/* `threads` >= 1; blocks >= 1. */
enum status march_create(struct march **out, int64_t blocks, enum march_ends ends, int threads);
void march_destroy(struct march *march);

/* From step 0 until `turn` ends it. */
void march_run(struct march *march, const struct march_work *work);
