/* SPDX-License-Identifier: Apache-2.0 */
#include "shard_reader.h"

#include "array.h"

#include <stdio.h>
#include <string.h>

/* One entry of a one-dimensional array. */
static enum status read_entry(void *out, struct h5file *file, const char *path,
                              enum h5file_type type, int64_t position)
{
    const struct h5file_block block = {.rank = 1, .first = {position}, .count = {1}};
    return h5file_read(out, file, path, type, &block);
}

static enum status read_facts(struct flow *flow, struct h5file *file,
                              const struct dataset_layout *layout, int64_t position)
{
    char path[64];
    for (int i = 0; i < DATASET_LAYOUT_FACTS; i++) {
        snprintf(path, sizeof path, "/scalars/%s", dataset_layout_facts[i].name);
        TRY(read_entry((char *)flow + dataset_layout_facts[i].offset, file, path, H5FILE_F64,
                       position));
    }
    TRY(read_entry(&flow->index, file, "/sample", H5FILE_I64, position));
    TRY(read_entry(&flow->first_step, file, "/scalars/first_step", H5FILE_I64, position));
    flow->refine = layout->refine;
    flow->frame_interval = layout->frame_interval;
    return OK;
}

static enum status check_dims(struct h5file *file, const struct dataset_layout *layout)
{
    int64_t dims[H5FILE_RANK] = {0};
    int rank = 0;
    TRY(h5file_get_dims(dims, &rank, file, "/t1_fields/velocity"));
    if (rank != 5 || dims[1] != layout->frames || dims[2] != layout->nx || dims[3] != layout->ny ||
        dims[4] != 2)
        return FAIL(ERR_DATA, "/t1_fields/velocity has another shape than the manifest says");
    return OK;
}

static enum status read_frames(struct case_record *record, float *scratch, struct h5file *file,
                               const struct dataset_layout *layout, int64_t position)
{
    const size_t cells = (size_t)dataset_layout_cells(layout);
    struct h5file_block block = {
        .rank = 4, .first = {position}, .count = {1, layout->frames, layout->nx, layout->ny, 2}};
    TRY(h5file_read(scratch, file, "/t0_fields/density", H5FILE_F32, &block));
    for (int64_t t = 0; t < layout->frames; t++)
        memcpy(case_record_frame(record, t), scratch + (size_t)t * cells, cells * sizeof(float));
    block.rank = 5;
    TRY(h5file_read(scratch, file, "/t1_fields/velocity", H5FILE_F32, &block));
    for (int64_t t = 0; t < layout->frames; t++) {
        float *ux = case_record_frame(record, t) + FRAME_UX * cells;
        float *uy = case_record_frame(record, t) + FRAME_UY * cells;
        const float *pairs = scratch + (size_t)t * cells * 2;
        for (size_t i = 0; i < cells; i++) {
            ux[i] = pairs[2 * i];
            uy[i] = pairs[2 * i + 1];
        }
    }
    record->frames = layout->frames;
    return OK;
}

static enum status read_planes(struct case_record *record, float *scratch, struct h5file *file,
                               const struct dataset_layout *layout, int64_t position)
{
    const struct h5file_block block = {
        .rank = 3, .first = {position}, .count = {1, layout->nx, layout->ny}};
    TRY(h5file_read(record->sdf, file, "/t0_fields/sdf", H5FILE_F32, &block));
    TRY(h5file_read(scratch, file, "/t0_fields/mask", H5FILE_F32, &block));
    for (int64_t i = 0; i < dataset_layout_cells(layout); i++)
        record->mask[i] = scratch[i] != 0.0F;
    return OK;
}

static enum status read_means(struct case_record *record, struct h5file *file,
                              const struct dataset_layout *layout, int64_t position)
{
    const struct h5file_block block = {
        .rank = 2, .first = {position}, .count = {1, layout->frames}};
    TRY(h5file_read(record->drag, file, "/scalars/Cd", H5FILE_F64, &block));
    return h5file_read(record->lift, file, "/scalars/Cl", H5FILE_F64, &block);
}

static enum status read_forces(struct case_record *record, struct h5file *file,
                               const struct dataset_layout *layout, int64_t position)
{
    enum status status = OK;
    int64_t steps = 0;
    double *series = NULL;
    if (dataset_layout_force_steps(layout) == 0)
        return OK;
    TRY(read_entry(&steps, file, "/forces/steps", H5FILE_I64, position));
    if (steps < 0 || steps > dataset_layout_force_steps(layout))
        return FAIL(ERR_DATA, "/forces/steps says %lld", (long long)steps);
    if (steps == 0)
        return OK;
    const struct h5file_block block = {.rank = 2, .first = {position}, .count = {1, steps}};
    TRY_GOTO(ARRAY_NEW(series, 2 * steps), cleanup);
    TRY_GOTO(h5file_read(series, file, "/forces/Cd", H5FILE_F64, &block), cleanup);
    TRY_GOTO(h5file_read(series + steps, file, "/forces/Cl", H5FILE_F64, &block), cleanup);
    double *forces =
        array_grow(record->forces, &record->force_capacity, (size_t)steps, 2 * sizeof *forces);
    if (forces == NULL)
        TRY_GOTO(ERR_MEMORY, cleanup);
    record->forces = forces;
    record->force_steps = steps;
    for (int64_t i = 0; i < steps; i++) {
        forces[2 * i] = series[i];
        forces[2 * i + 1] = series[steps + i];
    }
cleanup:
    array_free(series);
    return status;
}

enum status shard_reader_read(struct case_record **out, struct h5file *file,
                              const struct dataset_layout *layout, int64_t position)
{
    enum status status = OK;
    struct case_record *record = NULL;
    float *scratch = NULL;
    TRY_GOTO(check_dims(file, layout), cleanup);
    TRY_GOTO(ARRAY_NEW(scratch, layout->frames * dataset_layout_cells(layout) * 2), cleanup);
    TRY_GOTO(case_record_create(&record, layout->nx, layout->ny, layout->frames,
                                CASE_RECORD_KEEP_STARTS),
             cleanup);
    TRY_GOTO(read_facts(&record->flow, file, layout, position), cleanup);
    TRY_GOTO(read_frames(record, scratch, file, layout, position), cleanup);
    TRY_GOTO(read_planes(record, scratch, file, layout, position), cleanup);
    TRY_GOTO(read_means(record, file, layout, position), cleanup);
    TRY_GOTO(read_forces(record, file, layout, position), cleanup);
    *out = record;
    record = NULL;
cleanup:
    array_free(scratch);
    case_record_destroy(record);
    return status;
}
