/* SPDX-License-Identifier: Apache-2.0
 *
 * The truth of a split's cases, with start states: the dataset's own frames, or the same cases
 * computed anew at another refinement into a dataset of their own (so that an interruption loses
 * little and the truth can be looked at). */
#pragma once

#include "case_book.h"
#include "case_record.h"
#include "dataset.h"
#include "error.h"
#include "session.h"

#include <stdint.h>

struct truth {
    const struct dataset *dataset; /* where the records are */
    struct dataset *recomputed;    /* owned; NULL: the dataset's own */
    int64_t *numbers;              /* [count] of the cases in the original dataset; owned */
    int64_t count;
    int64_t refine;
    double seconds; /* spent on computing it now */
};

/* `refine` 0: the dataset's own frames. Otherwise `folder` gets the recomputed ones; what an
 * interrupted run left there is gone on with. ERR_STOPPED when asked to stop. */
enum status truth_open(struct truth *out, struct session *session, const struct dataset *dataset,
                       const struct case_book *book, enum split split, int64_t refine,
                       const char *folder);
void truth_close(struct truth *truth);

/* Case `index` (0 .. count - 1), with its start states; flow.index is its number in the original
 * dataset. The caller destroys it. */
enum status truth_read(struct case_record **out, const struct truth *truth, int64_t index);
