/* SPDX-License-Identifier: Apache-2.0 */
#include "export_job.h"

#include "atomic_file.h"
#include "dataset_layout.h"
#include "path.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct export_job {
    const struct export_options *options;
    char folder[PATH_SIZE]; /* of the format's files */
    struct export_totals totals;
    FILE *table; /* cases.csv while it grows */
};

int export_job_wants(const struct export_job *job, int64_t number)
{
    const unsigned char *wanted = job->options->wanted;
    return dataset_get_case(job->options->dataset, number)->shard >= 0 &&
           (wanted == NULL || wanted[number]);
}

const struct dataset *export_job_dataset(const struct export_job *job)
{
    return job->options->dataset;
}

enum status export_job_write(struct export_job *job, const char *name, const void *data,
                             size_t size)
{
    char path[PATH_SIZE];
    TRY(path_join(path, sizeof path, job->folder, name));
    TRY(atomic_file_write(path, data, size));
    job->totals.files++;
    job->totals.bytes += (int64_t)size;
    return OK;
}

/* ---- cases.csv ---- */

static void put_table_head(FILE *table)
{
    fputs("case,split,family,first step (canvas steps),frames,force steps", table);
    for (int i = 0; i < DATASET_LAYOUT_FACTS; i++)
        fprintf(table, ",%s (%s)", dataset_layout_facts[i].name, dataset_layout_facts[i].unit);
    fputs(",mean Cd (1),mean Cl (1)\n", table);
}

/* The mean over the instants of frames that have a value: an empty cell when none has. */
static void put_mean(FILE *table, const double *values, int64_t count)
{
    double sum = 0;
    int64_t used = 0;
    for (int64_t i = 0; i < count; i++) {
        if (!isfinite(values[i]))
            continue;
        sum += values[i];
        used++;
    }
    if (used > 0)
        fprintf(table, ",%.17g", sum / (double)used);
    else
        fputc(',', table);
}

static void put_table_row(struct export_job *job, const struct case_record *record,
                          const struct dataset_case *one)
{
    fprintf(job->table, "%lld,%s,%s,%lld,%lld,%lld", (long long)one->index, split_name(one->split),
            one->family, (long long)record->flow.first_step, (long long)record->frames,
            (long long)record->force_steps);
    for (int i = 0; i < DATASET_LAYOUT_FACTS; i++) {
        double value;
        memcpy(&value, (const char *)&record->flow + dataset_layout_facts[i].offset, sizeof value);
        fprintf(job->table, ",%.17g", value);
    }
    put_mean(job->table, record->drag, record->frames);
    put_mean(job->table, record->lift, record->frames);
    fputc('\n', job->table);
}

/* ---- the run ---- */

static enum status check_wanted(const struct export_options *options)
{
    const struct dataset *dataset = options->dataset;
    for (int64_t i = 0; options->wanted != NULL && i < dataset_get_info(dataset)->cases; i++) {
        const struct dataset_case *one = dataset_get_case(dataset, i);
        if (options->wanted[i] && one->shard < 0)
            return FAIL(ERR_DATA, "case %lld failed when it was made: %s", (long long)one->index,
                        one->reason);
    }
    return OK;
}

static int wants_any(const struct export_job *job, int64_t shard)
{
    const struct dataset *dataset = job->options->dataset;
    for (int64_t i = 0; i < dataset_get_info(dataset)->cases; i++)
        if (dataset_get_case(dataset, i)->shard == shard && export_job_wants(job, i))
            return 1;
    return 0;
}

static enum status write_shard(struct export_job *job, const struct dataset_shard *shard)
{
    const struct export_format *format = job->options->format;
    if (format->write_shard != NULL)
        return format->write_shard(job, shard);
    for (int64_t i = 0; i < shard->count; i++)
        if (export_job_wants(job, shard->cases[i]))
            TRY(format->write_case(job, shard->records[i]));
    return OK;
}

static enum status run_shard(struct export_job *job, int64_t number)
{
    struct dataset_shard *shard = NULL;
    if (!wants_any(job, number))
        return OK;
    if (stop_requested(job->options->stop) != STOP_NONE)
        return FAIL(ERR_STOPPED, "stopped after %lld files; what was written is whole",
                    (long long)job->totals.files);
    TRY(dataset_read_shard(&shard, job->options->dataset, number, 0));
    enum status status = write_shard(job, shard);
    for (int64_t i = 0; status == OK && i < shard->count; i++) {
        if (!export_job_wants(job, shard->cases[i]))
            continue;
        put_table_row(job, shard->records[i],
                      dataset_get_case(job->options->dataset, shard->cases[i]));
        job->totals.cases++;
    }
    dataset_shard_destroy(shard);
    return status;
}

static enum status run_shards(struct export_job *job)
{
    const struct dataset_info *info = dataset_get_info(job->options->dataset);
    TRY(check_wanted(job->options));
    TRY(path_join(job->folder, sizeof job->folder, job->options->folder,
                  job->options->format->name));
    TRY(path_make_folder(job->folder));
    put_table_head(job->table);
    for (int64_t shard = 0; shard < info->shards; shard++)
        TRY(run_shard(job, shard));
    return OK;
}

enum status export_job_run(struct export_totals *out, const struct export_options *options)
{
    enum status status = OK;
    struct export_job job = {.options = options};
    char path[PATH_SIZE], *text = NULL;
    size_t size = 0;
    job.table = open_memstream(&text, &size);
    if (job.table == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    status = run_shards(&job);
    if (fclose(job.table) != 0 && status == OK)
        status = FAIL(ERR_MEMORY, "out of memory");
    TRY_GOTO(status, cleanup);
    TRY_GOTO(path_join(path, sizeof path, options->folder, "cases.csv"), cleanup);
    TRY_GOTO(atomic_file_write(path, text, size), cleanup);
    *out = job.totals;
cleanup:
    free(text);
    return status;
}
