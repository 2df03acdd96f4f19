/* SPDX-License-Identifier: Apache-2.0
 *
 * Formats that a dataset is exported to, behind one table of operations. What is exported and where
 * to is export_job.h's part; a format turns the cases of one shard into files. */
#pragma once

#include "dataset.h"
#include "error.h"

#include <stdint.h>

struct export_job;

struct export_format {
    const char *name;    /* as on the command line; also the folder its files go to */
    const char *summary; /* one line */
    /* one of the two: writes one case, or those of `shard` that the job wants (export_job_wants),
     * with export_job_write */
    enum status (*write_case)(struct export_job *job, const struct case_record *record);
    enum status (*write_shard)(struct export_job *job, const struct dataset_shard *shard);
};

int64_t export_format_count(void);
const struct export_format *export_format_at(int64_t index);

/* ERR_USAGE names those there are. */
enum status export_format_find(const struct export_format **out, const char *name);
