/* SPDX-License-Identifier: Apache-2.0
 *
 * The ranks that train one network together, each on its share of every batch, and what they tell
 * each other. All of them make the same calls in the same order. A call that waits for others gives
 * its processor away meanwhile, and fails when one of them has failed or rank 0 has ended the job.
 * NULL is a crew of one, which has nothing to wait for. What is summed is summed in the order of
 * the ranks: the bits depend on their number alone. Knows no MPI: messages go through a rank_link.
 */
#pragma once

#include "error.h"
#include "rank_link.h"
#include "shared_sums.h"
#include "stop.h"

#include <stddef.h>
#include <stdint.h>

struct crew;

/* `link` is kept; must outlive. NULL, or a link of one rank: *out is NULL. ERR_UNSUPPORTED when the
 * link has messages alone. */
enum status crew_create(struct crew **out, struct rank_link *link);
void crew_destroy(struct crew *crew);

int crew_rank(const struct crew *crew);
int crew_count(const struct crew *crew);

/* all [ranks][size] gets every rank's `own`. */
enum status crew_gather(struct crew *crew, void *all, const void *own, size_t size);
/* All ranks get rank 0's bytes. */
enum status crew_share(struct crew *crew, void *bytes, size_t size);
/* values become the sums over all ranks. */
enum status crew_add(struct crew *crew, double *values, int64_t count);
/* values become the means over all ranks. */
enum status crew_mean(struct crew *crew, float *values, int64_t count);

/* ERR_STOPPED on all ranks when one has been asked to stop: "asked to stop " and `where`. */
enum status crew_stop(struct crew *crew, const struct stop *stop, const char *where);
/* The signal that did it, whichever rank got it; 0: none did, or there are no other ranks. */
int crew_signal(const struct crew *crew);

/* The ranks as norms see them: crew_add. NULL for a crew of one. Borrowed. */
struct shared_sums *crew_sums(struct crew *crew);

/* For crew_sum.c: the link; fails when the job has broken; gives the processor away, for longer
 * after many turns in vain. */
enum crew_channel { CREW_GATHER, CREW_SHARE, CREW_PARTS, CREW_SUMS };
struct rank_link *crew_link(struct crew *crew);
enum status crew_listen(struct crew *crew);
void crew_pause(int64_t turns);
