/* SPDX-License-Identifier: Apache-2.0
 *
 * The force series of every case as a text file: NAME-forces-00042.csv, one line per solver step.
 * The numbers have 17 significant digits and survive the trip; "nan" where the dataset has none. */
#include "array.h"
#include "export_format.h"
#include "export_job.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAME_SIZE = 192 };

static void put_series(FILE *stream, const struct case_record *record)
{
    const struct flow *flow = &record->flow;
    fputs("time (canvas steps),time (D / U),Cd (1),Cl (1)\n", stream);
    for (int64_t i = 0; i < record->force_steps; i++) {
        double time = (double)(i + 1) / (double)flow->refine;
        fprintf(stream, "%.17g,%.17g,%.17g,%.17g\n", time, time * flow->speed / flow->length,
                record->forces[2 * i], record->forces[2 * i + 1]);
    }
}

static enum status write_case(struct export_job *job, const struct case_record *record)
{
    char name[NAME_SIZE], *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    put_series(stream, record);
    enum status status = OK;
    if (fclose(stream) != 0)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    snprintf(name, sizeof name, "%s-forces-%05lld.csv",
             dataset_get_info(export_job_dataset(job))->name, (long long)record->flow.index);
    TRY_GOTO(export_job_write(job, name, text, size), cleanup);
cleanup:
    free(text);
    return status;
}

const struct export_format export_csv = {
    .name = "csv",
    .summary = "forces of every solver step, one table a case",
    .write_case = write_case,
};
