/* SPDX-License-Identifier: Apache-2.0
 *
 * The splits of a dataset: which cases are learned from and which are kept apart. The split is by
 * case; what each is drawn from is case_draw.h's part. */
#pragma once

#include "error.h"

enum split {
    SPLIT_TRAIN,
    SPLIT_VALIDATION,    /* drawn like those of training */
    SPLIT_TEST_REYNOLDS, /* Reynolds numbers held out, inside the range of training */
    SPLIT_TEST_BODY,     /* families held out */
    SPLIT_TEST_BEYOND,   /* outside what training covers */
    SPLIT_COUNT
};

/* "train", "validation", "test-reynolds", "test-body", "test-beyond". */
const char *split_name(enum split split);

/* The split of that name. ERR_DATA, with the names there are, when there is none. */
enum status split_find(enum split *out, const char *name);

/* Test cases keep start states, from which rivals begin. */
static inline int split_is_test(enum split split)
{
    return split >= SPLIT_TEST_REYNOLDS;
}
