/* SPDX-License-Identifier: Apache-2.0
 *
 * Sums that several processes share: the seam between a batch norm, whose statistics may be of all
 * processes' samples, and those who know of other processes. */
#pragma once

#include "error.h"

#include <stdint.h>

struct shared_sums {
    int64_t sharers; /* processes, all with as much to add */
    /* values [count] of each become the sums over all, the same bits in every process. All call it
     * in the same order with the same count. Fails when the others are gone. */
    enum status (*add)(struct shared_sums *sums, double *values, int64_t count);
};
