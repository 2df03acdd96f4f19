/* SPDX-License-Identifier: Apache-2.0
 *
 * One long list of floats on each rank, summed over all ranks in the order of the ranks, while it
 * is still being computed: from its end to its beginning, as a backward pass does. Each rank adds
 * up its share of every stretch and sends that to the others. A sum is taken in double precision
 * and rounded once: its bits depend on the values alone, not on when they came. */
#pragma once

#include "crew.h"
#include "error.h"

#include <stdint.h>

struct crew_sum;

/* Of `count` floats. `crew`, which is not NULL, is kept; must outlive. */
enum status crew_sum_create(struct crew_sum **out, struct crew *crew, int64_t count);
void crew_sum_destroy(struct crew_sum *sum);

/* [count]: where a rank puts its own. What was offered must stay as it is until the end. */
float *crew_sum_own(struct crew_sum *sum);

/* own[from ...] is final: what is whole of it goes on its way. Also moves on what is under way. */
enum status crew_sum_offer(struct crew_sum *sum, int64_t from);

/* After an offer of everything: waits. [count] sums, valid until the next offer. */
enum status crew_sum_finish(struct crew_sum *sum, const float **out);
