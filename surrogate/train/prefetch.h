/* SPDX-License-Identifier: Apache-2.0
 *
 * Batches filled ahead by a thread of their own, handed out in order of their samples: the same
 * batches that loader_fill gives. What a batch holds depends on its samples' numbers alone, so
 * neither how far ahead it was filled nor where a run was resumed shows in it. */
#pragma once

#include "batch.h"
#include "curriculum.h"
#include "error.h"
#include "loader.h"

#include <stdint.h>

enum { PREFETCH_BATCHES = 3 }; /* one in use, one ready, one being filled */

struct prefetch_options {
    struct batch shape; /* of a batch, without arrays */
    int64_t first;      /* number of the first sample */
    int64_t stride;     /* samples from batch to batch: of all ranks; 0: those of the shape */
    /* The calls whose truth each batch holds; NULL: all that its shape has. */
    const struct curriculum *curriculum; /* kept; must outlive */
};

struct prefetch;

/* Begins at once. Until it is destroyed, `loader` and its pool are the thread's alone; both must
 * outlive. */
enum status prefetch_create(struct prefetch **out, struct loader *loader,
                            const struct prefetch_options *options);

/* Ends the thread; waits for a shard that is being read. Accepts NULL. */
void prefetch_destroy(struct prefetch *prefetch);

/* The next batch, borrowed until the next call. What went wrong while filling it fails here, and
 * again with every further call. */
enum status prefetch_next(const struct batch **out, struct prefetch *prefetch);

/* Seconds that prefetch_next has waited for batches so far. */
double prefetch_waited(const struct prefetch *prefetch);
