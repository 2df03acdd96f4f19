/* SPDX-License-Identifier: Apache-2.0
 *
 * A dataset, or chosen cases of it, written in another format: shard by shard, so that memory holds
 * one shard and one file at most. Every file lands whole or not at all; beside them stands
 * cases.csv with the facts of every case. Knows no format (export_format.h) and no command line. */
#pragma once

#include "dataset.h"
#include "error.h"
#include "export_format.h"
#include "stop.h"

#include <stddef.h>
#include <stdint.h>

struct export_options {
    const struct dataset *dataset;
    const struct export_format *format;
    const char *folder; /* must exist; files go to the format's folder below it */
    const unsigned char
        *wanted;             /* [cases] by place, as dataset_get_case; NULL: all that finished */
    const struct stop *stop; /* may be NULL */
};

struct export_totals {
    int64_t files, bytes; /* without cases.csv */
    int64_t cases;
};

/* ERR_DATA for a wanted case that failed when it was made and for a damaged shard; ERR_STOPPED. */
enum status export_job_run(struct export_totals *out, const struct export_options *options);

/* For formats. `number` is as dataset_get_case has it. */
int export_job_wants(const struct export_job *job, int64_t number);
const struct dataset *export_job_dataset(const struct export_job *job);

/* One file below the format's folder, whole or not at all. */
enum status export_job_write(struct export_job *job, const char *name, const void *data,
                             size_t size);
