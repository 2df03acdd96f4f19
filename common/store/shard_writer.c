/* SPDX-License-Identifier: Apache-2.0 */
#include "shard_writer.h"

#include "array.h"
#include "h5file_attribute.h"
#include "h5file_scale.h"
#include "shard_domain.h"
#include "shard_parts.h"
#include "shard_scalars.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const force_scales[] = {"/sample", "/force_time"};
static const char *const force_paths[] = {"/forces/Cd", "/forces/Cl"};
static const char *const force_meanings[] = {"drag coefficient of every solver step",
                                             "lift coefficient of every solver step"};

struct shard_writer {
    struct dataset_layout layout;
    struct h5file *file;
    int64_t capacity, count;
    struct shard_scalars *scalars;
    int64_t *indices, *force_steps; /* [capacity] */
    float *scratch;                 /* [frames][nx][ny][2] */
    double *series;                 /* [force steps] */
};

/* ---- arrays of fields and forces ---- */

static enum h5file_filter filter_of(const struct dataset_layout *layout)
{
    return layout->storage == STORAGE_PLAIN ? H5FILE_PLAIN : H5FILE_GZIP;
}

/* Says of rounded fields that they are. */
static enum status note_rounding(struct shard_writer *shard)
{
    if (shard->layout.storage != STORAGE_ROUNDED)
        return OK;
    TRY(h5file_attribute_set_text(shard->file, "/t0_fields/density", "rounding",
                                  "to multiples of a power of two, error <= 3 U^2 / 8192"));
    return h5file_attribute_set_text(shard->file, "/t1_fields/velocity", "rounding",
                                     "to multiples of a power of two, error <= U / 8192");
}

static enum status add_field(struct h5file *file, const char *path,
                             const struct h5file_array *array, const char *const *scales,
                             unsigned varying, const char *unit, const char *meaning)
{
    static const unsigned char both[] = {1, 1};
    TRY(h5file_add_array(file, path, array));
    TRY(shard_parts_set_varying(file, path, varying));
    TRY(h5file_attribute_set_switches(file, path, "dim_varying", both, 2));
    TRY(shard_parts_describe(file, path, unit, meaning));
    return h5file_scale_attach(file, path, scales, array->rank);
}

static enum status add_fields(struct shard_writer *shard)
{
    static const char *const scalar_fields[] = {"density", "sdf", "mask"};
    static const char *const vector_fields[] = {"velocity"};
    const unsigned planes_vary = SHARD_VARIES_BY_SAMPLE;
    const unsigned frames_vary = SHARD_VARIES_BY_SAMPLE | SHARD_VARIES_BY_TIME;
    const struct dataset_layout *l = &shard->layout;
    const enum h5file_filter filter = filter_of(l);
    int64_t run = dataset_layout_chunk_frames(l->frames);
    const struct h5file_array plane = {.type = H5FILE_F32,
                                       .rank = 3,
                                       .dims = {shard->capacity, l->nx, l->ny},
                                       .chunk = {1, l->nx, l->ny},
                                       .filter = filter};
    struct h5file_array frames = {.type = H5FILE_F32,
                                  .rank = 4,
                                  .dims = {shard->capacity, l->frames, l->nx, l->ny, 2},
                                  .chunk = {1, run, l->nx, l->ny, 2},
                                  .filter = filter};
    TRY(shard_parts_add_group(shard->file, "/t0_fields", "field_names", scalar_fields, 3));
    TRY(add_field(shard->file, "/t0_fields/density", &frames, shard_parts_frame_scales, frames_vary,
                  "1", "density; 1 in bodies"));
    TRY(add_field(shard->file, "/t0_fields/sdf", &plane, shard_parts_plane_scales, planes_vary,
                  "cells", "signed distance to the nearest body, negative inside"));
    TRY(add_field(shard->file, "/t0_fields/mask", &plane, shard_parts_plane_scales, planes_vary,
                  "1", "1 in bodies, 0 in the fluid"));
    TRY(shard_parts_add_group(shard->file, "/t1_fields", "field_names", vector_fields, 1));
    frames.rank = 5;
    TRY(add_field(shard->file, "/t1_fields/velocity", &frames, shard_parts_frame_scales,
                  frames_vary, "cells per canvas step", "velocity; 0 in bodies"));
    TRY(note_rounding(shard));
    return shard_parts_add_group(shard->file, "/t2_fields", "field_names", NULL, 0);
}

static enum status add_forces(struct shard_writer *shard)
{
    const int64_t steps = dataset_layout_force_steps(&shard->layout);
    const struct h5file_array series = {.type = H5FILE_F64,
                                        .rank = 2,
                                        .dims = {shard->capacity, steps},
                                        .chunk = {1, steps},
                                        .filter = filter_of(&shard->layout),
                                        .fill = NAN};
    TRY(h5file_add_group(shard->file, "/forces"));
    for (int part = 0; part < 2 && steps > 0; part++) {
        TRY(h5file_add_array(shard->file, force_paths[part], &series));
        TRY(shard_parts_describe(shard->file, force_paths[part], "1", force_meanings[part]));
        TRY(h5file_scale_attach(shard->file, force_paths[part], force_scales, 2));
    }
    return OK;
}

/* ---- life ---- */

static enum status allocate(struct shard_writer *shard)
{
    const struct dataset_layout *layout = &shard->layout;
    TRY(shard_scalars_create(&shard->scalars, layout, shard->capacity));
    TRY(ARRAY_NEW(shard->indices, shard->capacity));
    TRY(ARRAY_NEW(shard->force_steps, shard->capacity));
    TRY(ARRAY_NEW(shard->scratch, layout->frames * dataset_layout_cells(layout) * 2));
    return ARRAY_NEW(shard->series, dataset_layout_force_steps(layout));
}

enum status shard_writer_create(struct shard_writer **out, const struct dataset_layout *layout,
                                int64_t capacity)
{
    enum status status = OK;
    struct shard_writer *shard = calloc(1, sizeof *shard);
    if (shard == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    shard->layout = *layout;
    shard->capacity = capacity;
    TRY_GOTO(allocate(shard), cleanup);
    TRY_GOTO(h5file_create(&shard->file), cleanup);
    TRY_GOTO(shard_domain_put(shard->file, layout, capacity), cleanup);
    TRY_GOTO(add_fields(shard), cleanup);
    TRY_GOTO(add_forces(shard), cleanup);
    *out = shard;
    shard = NULL;
cleanup:
    shard_writer_destroy(shard);
    return status;
}

void shard_writer_destroy(struct shard_writer *shard)
{
    if (shard == NULL)
        return;
    h5file_close(shard->file);
    shard_scalars_destroy(shard->scalars);
    array_free(shard->indices);
    array_free(shard->force_steps);
    array_free(shard->scratch);
    array_free(shard->series);
    free(shard);
}

int64_t shard_writer_count(const struct shard_writer *shard)
{
    return shard->count;
}

/* ---- appending ---- */

static enum status check_record(const struct shard_writer *shard, const struct case_record *record)
{
    const struct dataset_layout *layout = &shard->layout;
    const struct flow *flow = &record->flow;
    if (shard->count == shard->capacity)
        return FAIL(ERR_INTERNAL, "a shard of %lld cases is full", (long long)shard->capacity);
    if (flow->nx != layout->nx || flow->ny != layout->ny || record->frames != layout->frames)
        return FAIL(ERR_INTERNAL,
                    "case %lld has %lld frames of %lld x %lld cells, the dataset %lld of %lld x "
                    "%lld",
                    (long long)flow->index, (long long)record->frames, (long long)flow->nx,
                    (long long)flow->ny, (long long)layout->frames, (long long)layout->nx,
                    (long long)layout->ny);
    if (flow->refine != layout->refine || flow->frame_interval != layout->frame_interval)
        return FAIL(ERR_INTERNAL,
                    "case %lld ran at r = %lld with %lld steps a frame, the dataset at %lld with "
                    "%lld",
                    (long long)flow->index, (long long)flow->refine,
                    (long long)flow->frame_interval, (long long)layout->refine,
                    (long long)layout->frame_interval);
    if (record->force_steps > dataset_layout_force_steps(layout))
        return FAIL(ERR_INTERNAL, "case %lld has forces of %lld steps, at most %lld were expected",
                    (long long)flow->index, (long long)record->force_steps,
                    (long long)dataset_layout_force_steps(layout));
    return OK;
}

static enum status write_frames(struct shard_writer *shard, const struct case_record *record)
{
    const struct dataset_layout *l = &shard->layout;
    const size_t cells = (size_t)dataset_layout_cells(l);
    struct h5file_block block = {
        .rank = 4, .first = {shard->count}, .count = {1, l->frames, l->nx, l->ny, 2}};
    for (int64_t t = 0; t < l->frames; t++)
        memcpy(shard->scratch + (size_t)t * cells, case_record_frame(record, t),
               cells * sizeof(float));
    TRY(h5file_write(shard->file, "/t0_fields/density", H5FILE_F32, &block, shard->scratch));
    for (int64_t t = 0; t < l->frames; t++) {
        const float *ux = case_record_frame(record, t) + FRAME_UX * cells;
        const float *uy = case_record_frame(record, t) + FRAME_UY * cells;
        float *pairs = shard->scratch + (size_t)t * cells * 2;
        for (size_t i = 0; i < cells; i++) {
            pairs[2 * i] = ux[i];
            pairs[2 * i + 1] = uy[i];
        }
    }
    block.rank = 5;
    return h5file_write(shard->file, "/t1_fields/velocity", H5FILE_F32, &block, shard->scratch);
}

static enum status write_planes(struct shard_writer *shard, const struct case_record *record)
{
    const struct dataset_layout *l = &shard->layout;
    const struct h5file_block block = {
        .rank = 3, .first = {shard->count}, .count = {1, l->nx, l->ny}};
    TRY(h5file_write(shard->file, "/t0_fields/sdf", H5FILE_F32, &block, record->sdf));
    for (int64_t i = 0; i < dataset_layout_cells(l); i++)
        shard->scratch[i] = record->mask[i] != 0 ? 1.0F : 0.0F;
    return h5file_write(shard->file, "/t0_fields/mask", H5FILE_F32, &block, shard->scratch);
}

static enum status write_forces(struct shard_writer *shard, const struct case_record *record)
{
    const struct h5file_block block = {
        .rank = 2, .first = {shard->count}, .count = {1, record->force_steps}};
    if (record->force_steps == 0)
        return OK;
    for (int part = 0; part < 2; part++) {
        for (int64_t i = 0; i < record->force_steps; i++)
            shard->series[i] = record->forces[2 * i + part];
        TRY(h5file_write(shard->file, force_paths[part], H5FILE_F64, &block, shard->series));
    }
    return OK;
}

enum status shard_writer_append(struct shard_writer *shard, const struct case_record *record,
                                int64_t shape)
{
    TRY(check_record(shard, record));
    TRY(write_frames(shard, record));
    TRY(write_planes(shard, record));
    TRY(write_forces(shard, record));
    shard_scalars_append(shard->scalars, record, shape);
    shard->indices[shard->count] = record->flow.index;
    shard->force_steps[shard->count] = record->force_steps;
    shard->count++;
    return OK;
}

/* ---- finishing ---- */

static enum status put_force_steps(struct shard_writer *shard)
{
    if (dataset_layout_force_steps(&shard->layout) == 0)
        return OK;
    TRY(shard_parts_put_array(shard->file, "/forces/steps", H5FILE_I64, 1, &shard->count,
                              shard_parts_plane_scales, shard->force_steps));
    return shard_parts_describe(shard->file, "/forces/steps", "1",
                                "solver steps of the case; what follows them is not a number");
}

static enum status shrink(struct shard_writer *shard)
{
    static const char *const paths[] = {"/sample",         "/t0_fields/density",  "/t0_fields/sdf",
                                        "/t0_fields/mask", "/t1_fields/velocity", "/forces/Cd",
                                        "/forces/Cl"};
    size_t count = sizeof paths / sizeof paths[0];
    if (dataset_layout_force_steps(&shard->layout) == 0)
        count -= 2;
    for (size_t i = 0; i < count && shard->count < shard->capacity; i++)
        TRY(h5file_shrink(shard->file, paths[i], shard->count));
    return OK;
}

enum status shard_writer_finish(unsigned char **image, size_t *size, struct shard_writer *shard,
                                const char *const *families, size_t family_count)
{
    const struct h5file_block all = {.rank = 1, .count = {shard->count}};
    TRY(shrink(shard));
    TRY(h5file_write(shard->file, "/sample", H5FILE_I64, &all, shard->indices));
    TRY(h5file_attribute_set_integer(shard->file, "/", "n_trajectories", shard->count));
    TRY(shard_scalars_put(shard->file, shard->scalars, families, family_count));
    TRY(put_force_steps(shard));
    return h5file_finish(image, size, shard->file);
}
