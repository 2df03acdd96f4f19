/* SPDX-License-Identifier: Apache-2.0
 *
 * Puts the parts of a dataset (dataset_part.h) together: the files are byte for byte those of a run
 * that was never divided. Reads one shard at a time, digest first. */
#pragma once

#include "dataset_writer.h"
#include "error.h"
#include "stop.h"

#include <stddef.h>
#include <stdint.h>

struct dataset_merge_options {
    const char *folder;       /* of the whole; none of the parts */
    const char *const *parts; /* [part_count] folders, in any order */
    size_t part_count;
    enum dataset_existing existing;
    const struct stop *stop; /* may be NULL */
    /* may be NULL: cases merged so far and in all */
    void (*progress)(void *context, int64_t done, int64_t total);
    void *context;
};

/* Checks that the parts are whole, of one dataset, and all of it, none twice, before anything is
 * written: ERR_DATA says what is missing or differs. A part that proves damaged while it is read is
 * ERR_DATA too; what was merged by then stays, and DATASET_RESUME goes on. ERR_STOPPED likewise. */
enum status dataset_merge(const struct dataset_merge_options *options);
