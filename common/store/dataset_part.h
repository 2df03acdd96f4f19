/* SPDX-License-Identifier: Apache-2.0
 *
 * Some cases of a dataset in a folder of their own, so that many processes that know nothing of
 * each other make a dataset together. Part i of n holds a run of consecutive cases, and no two
 * parts differ by more than one case. Which they are follows from i, n and the number of cases
 * alone; putting parts together is dataset_merge.h's part. */
#pragma once

#include "error.h"

#include <stdint.h>

struct dataset_part {
    int64_t number, count; /* this one, 1 .. count; both 0: the folder holds the whole */
    int64_t first;         /* number of its first case in the config */
    int64_t whole;         /* cases of the whole */
};

/* Part `number` of `count` of a dataset of `whole` cases. ERR_USAGE when there is no such part or
 * it would be empty. */
enum status dataset_part_make(struct dataset_part *out, int64_t number, int64_t count,
                              int64_t whole);

/* A folder that holds all of `whole` cases. */
struct dataset_part dataset_part_none(int64_t whole);

/* Cases of the part. */
int64_t dataset_part_cases(const struct dataset_part *part);

int dataset_part_is_same(const struct dataset_part *a, const struct dataset_part *b);
