/* SPDX-License-Identifier: Apache-2.0
 *
 * Mean, deviation and extremes of every field of a dataset over the fluid cells of all frames, and
 * of the force coefficients over cases; read shard by shard. */
#pragma once

#include "dataset.h"
#include "error.h"
#include "json.h"
#include "stop.h"

#include <stdint.h>
#include <stdio.h>

enum {
    DATASET_STATISTICS_DENSITY, /* the first three in the order of enum frame_field */
    DATASET_STATISTICS_UX,
    DATASET_STATISTICS_UY,
    DATASET_STATISTICS_DRAG,
    DATASET_STATISTICS_LIFT,
    DATASET_STATISTICS_ROWS
};

struct dataset_statistics_row {
    const char *name;
    double mean, deviation, least, most;
    int64_t count;
    double square; /* sum of squared departures from the mean so far */
};

struct dataset_statistics {
    struct dataset_statistics_row rows[DATASET_STATISTICS_ROWS];
};

/* ERR_DATA as dataset_read_shard, ERR_STOPPED when asked. */
enum status dataset_statistics_gather(struct dataset_statistics *out, const struct dataset *dataset,
                                      const struct stop *stop);
void dataset_statistics_print(FILE *stream, const struct dataset_statistics *statistics);

/* Adds "statistics" to `root`, which keeps belonging to the caller. */
enum status dataset_statistics_describe(struct json *root,
                                        const struct dataset_statistics *statistics);
