/* SPDX-License-Identifier: Apache-2.0
 *
 * PDEBench's layout of compressible flow in two dimensions: one file per shard, NAME-00000.hdf5,
 * arrays [case][time][x][y] `density`, `pressure`, `Vx`, `Vy` and the coordinates. The compressible
 * layout and not the incompressible one, because the solver is weakly compressible: density is a
 * field of its own, pressure follows from it (p = rho / 3, the lattice's equation of state), and
 * nothing has to be made up for `particles` and `force`. `sdf`, `mask` and the facts of the cases
 * stand beside, which PDEBench's readers pass over. (They want file names that do not end in
 * "h5".) */
#include "array.h"
#include "dataset_layout.h"
#include "export_format.h"
#include "export_job.h"
#include "h5file.h"
#include "h5file_attribute.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAME_SIZE = 192, PARTS = 4 };

static const char *const part_names[PARTS] = {"/density", "/pressure", "/Vx", "/Vy"};
static const int part_fields[PARTS] = {FRAME_RHO, FRAME_RHO, FRAME_UX, FRAME_UY};
static const float part_scales[PARTS] = {1.0F, 1.0F / 3.0F, 1.0F, 1.0F};

static enum status add_arrays(struct h5file *file, const struct dataset_info *info, int64_t count)
{
    const struct h5file_array frames = {
        .type = H5FILE_F32, .rank = 4, .dims = {count, info->frames, info->nx, info->ny}};
    const struct h5file_array planes = {
        .type = H5FILE_F32, .rank = 3, .dims = {count, info->nx, info->ny}};
    for (int part = 0; part < PARTS; part++)
        TRY(h5file_add_array(file, part_names[part], &frames));
    TRY(h5file_add_array(file, "/sdf", &planes));
    return h5file_add_array(file, "/mask", &planes);
}

static enum status put_coordinate(struct h5file *file, const char *path, int64_t count,
                                  double first, double step)
{
    const struct h5file_array array = {.type = H5FILE_F32, .rank = 1, .dims = {count}};
    const struct h5file_block all = {.rank = 1, .count = {count}};
    enum status status = OK;
    float *values = NULL;
    TRY_GOTO(ARRAY_NEW(values, count), cleanup);
    for (int64_t i = 0; i < count; i++)
        values[i] = (float)(first + step * (double)i);
    TRY_GOTO(h5file_add_array(file, path, &array), cleanup);
    TRY_GOTO(h5file_write(file, path, H5FILE_F32, &all, values), cleanup);
cleanup:
    array_free(values);
    return status;
}

static enum status put_coordinates(struct h5file *file, const struct dataset_info *info)
{
    TRY(put_coordinate(file, "/x-coordinate", info->nx, 0.5, 1.0));
    TRY(put_coordinate(file, "/y-coordinate", info->ny, 0.5, 1.0));
    return put_coordinate(file, "/t-coordinate", info->frames, 0.0, (double)info->frame_interval);
}

/* scratch: [frames][nx][ny] */
static enum status write_case(struct h5file *file, float *scratch, const struct case_record *record,
                              int64_t position)
{
    const struct flow *flow = &record->flow;
    const int64_t cells = frames_cells(flow);
    const struct h5file_block frames = {
        .rank = 4, .first = {position}, .count = {1, record->frames, flow->nx, flow->ny}};
    const struct h5file_block plane = {
        .rank = 3, .first = {position}, .count = {1, flow->nx, flow->ny}};
    for (int part = 0; part < PARTS; part++) {
        for (int64_t t = 0; t < record->frames; t++) {
            const float *field = case_record_frame(record, t) + part_fields[part] * cells;
            for (int64_t i = 0; i < cells; i++)
                scratch[t * cells + i] = part_scales[part] * field[i];
        }
        TRY(h5file_write(file, part_names[part], H5FILE_F32, &frames, scratch));
    }
    TRY(h5file_write(file, "/sdf", H5FILE_F32, &plane, record->sdf));
    for (int64_t i = 0; i < cells; i++)
        scratch[i] = record->mask[i] != 0 ? 1.0F : 0.0F;
    return h5file_write(file, "/mask", H5FILE_F32, &plane, scratch);
}

/* ---- facts of the cases ---- */

struct fact_table {
    int64_t count;
    int64_t *numbers; /* [count] */
    double *values;   /* [DATASET_LAYOUT_FACTS][count] */
};

static double fact_of(const struct flow *flow, int fact)
{
    double value;
    memcpy(&value, (const char *)flow + dataset_layout_facts[fact].offset, sizeof value);
    return value;
}

static enum status put_facts(struct h5file *file, const struct fact_table *facts)
{
    const struct h5file_array integers = {.type = H5FILE_I64, .rank = 1, .dims = {facts->count}};
    const struct h5file_array reals = {.type = H5FILE_F64, .rank = 1, .dims = {facts->count}};
    const struct h5file_block all = {.rank = 1, .count = {facts->count}};
    char path[64];
    TRY(h5file_add_array(file, "/case", &integers));
    TRY(h5file_write(file, "/case", H5FILE_I64, &all, facts->numbers));
    TRY(h5file_add_group(file, "/facts"));
    for (int i = 0; i < DATASET_LAYOUT_FACTS; i++) {
        snprintf(path, sizeof path, "/facts/%s", dataset_layout_facts[i].name);
        TRY(h5file_add_array(file, path, &reals));
        TRY(h5file_write(file, path, H5FILE_F64, &all, facts->values + i * facts->count));
        TRY(h5file_attribute_set_text(file, path, "units", dataset_layout_facts[i].unit));
    }
    return OK;
}

/* The value of a fact where all cases agree, else not a number. */
static double common_value(const struct fact_table *facts, const char *name)
{
    for (int fact = 0; fact < DATASET_LAYOUT_FACTS; fact++) {
        const double *values = facts->values + fact * facts->count;
        if (strcmp(dataset_layout_facts[fact].name, name) != 0)
            continue;
        for (int64_t i = 1; i < facts->count; i++)
            if (values[i] != values[0])
                return NAN;
        return values[0];
    }
    return NAN;
}

/* PDEBench's own parameters are one number a file: the shear viscosity and the Mach number. (The
 * bulk viscosity `zeta` is not known here and not made up.) */
static enum status put_parameters(struct h5file *file, const struct fact_table *facts)
{
    double eta = common_value(facts, "nu"), mach = common_value(facts, "U") * sqrt(3.0);
    if (isfinite(eta))
        TRY(h5file_attribute_set_real(file, "/", "eta", eta));
    return isfinite(mach) ? h5file_attribute_set_real(file, "/", "M", mach) : OK;
}

/* ---- the file ---- */

static enum status write_cases(struct h5file *file, struct fact_table *facts, float *scratch,
                               const struct export_job *job, const struct dataset_shard *shard)
{
    int64_t position = 0;
    for (int64_t i = 0; i < shard->count; i++) {
        if (!export_job_wants(job, shard->cases[i]))
            continue;
        facts->numbers[position] = shard->records[i]->flow.index;
        for (int fact = 0; fact < DATASET_LAYOUT_FACTS; fact++)
            facts->values[fact * facts->count + position] = fact_of(&shard->records[i]->flow, fact);
        TRY(write_case(file, scratch, shard->records[i], position++));
    }
    return OK;
}

static int64_t count_wanted(const struct export_job *job, const struct dataset_shard *shard)
{
    int64_t count = 0;
    for (int64_t i = 0; i < shard->count; i++)
        count += export_job_wants(job, shard->cases[i]);
    return count;
}

static enum status write_shard(struct export_job *job, const struct dataset_shard *shard)
{
    const struct dataset_info *info = dataset_get_info(export_job_dataset(job));
    struct fact_table facts = {.count = count_wanted(job, shard)};
    enum status status = OK;
    char name[NAME_SIZE];
    struct h5file *file = NULL;
    float *scratch = NULL;
    unsigned char *image = NULL;
    size_t size = 0;
    TRY_GOTO(ARRAY_NEW(facts.numbers, facts.count), cleanup);
    TRY_GOTO(ARRAY_NEW(facts.values, facts.count * DATASET_LAYOUT_FACTS), cleanup);
    TRY_GOTO(ARRAY_NEW(scratch, info->frames * info->nx * info->ny), cleanup);
    TRY_GOTO(h5file_create(&file), cleanup);
    TRY_GOTO(add_arrays(file, info, facts.count), cleanup);
    TRY_GOTO(put_coordinates(file, info), cleanup);
    TRY_GOTO(write_cases(file, &facts, scratch, job, shard), cleanup);
    TRY_GOTO(put_facts(file, &facts), cleanup);
    TRY_GOTO(put_parameters(file, &facts), cleanup);
    TRY_GOTO(h5file_attribute_set_text(file, "/", "content_digest", info->content_digest), cleanup);
    TRY_GOTO(h5file_finish(&image, &size, file), cleanup);
    snprintf(name, sizeof name, "%s-%05lld.hdf5", info->name, (long long)shard->shard);
    TRY_GOTO(export_job_write(job, name, image, size), cleanup);
cleanup:
    h5file_close(file);
    array_free(facts.numbers);
    array_free(facts.values);
    array_free(scratch);
    array_free(image);
    return status;
}

const struct export_format export_pdebench = {
    .name = "pdebench",
    .summary = "PDEBench's arrays of compressible flow, one file a shard",
    .write_shard = write_shard,
};
