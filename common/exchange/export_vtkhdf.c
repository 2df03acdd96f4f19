/* SPDX-License-Identifier: Apache-2.0
 *
 * VTKHDF (docs.vtk.org, VTKHDF File Format, version 2.0: temporal image data): one file per case,
 * NAME-00042.vtkhdf, for ParaView and VTK. Axes run z, y, x with x fastest, so planes are
 * transposed. The image is one cell thick: readers disagree about images without thickness, and
 * vectors have a third component, 0, because filters expect three. The sdf stands in the file once;
 * all steps point at it. */
#include "array.h"
#include "export_format.h"
#include "export_job.h"
#include "h5file.h"
#include "h5file_attribute.h"

#include <stdio.h>
#include <string.h>

enum { NAME_SIZE = 192, VECTOR = 3 };

/* out[y][x][stride] = plane[x][y] */
static void transpose(float *out, const float *plane, int64_t stride, const struct flow *flow)
{
    for (int64_t x = 0; x < flow->nx; x++)
        for (int64_t y = 0; y < flow->ny; y++)
            out[(y * flow->nx + x) * stride] = plane[x * flow->ny + y];
}

static enum status put_image_head(struct h5file *file, const struct flow *flow)
{
    static const int64_t version[] = {2, 0};
    static const double origin[VECTOR] = {0}, spacing[VECTOR] = {1, 1, 1};
    static const double direction[VECTOR * VECTOR] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    const int64_t extent[] = {0, flow->nx, 0, flow->ny, 0, 1};
    TRY(h5file_add_group(file, "/VTKHDF"));
    TRY(h5file_attribute_set_integers(file, "/VTKHDF", "Version", version, 2));
    TRY(h5file_attribute_set_ascii(file, "/VTKHDF", "Type", "ImageData"));
    TRY(h5file_attribute_set_integers(file, "/VTKHDF", "WholeExtent", extent, 6));
    TRY(h5file_attribute_set_reals(file, "/VTKHDF", "Origin", origin, 3));
    TRY(h5file_attribute_set_reals(file, "/VTKHDF", "Spacing", spacing, 3));
    return h5file_attribute_set_reals(file, "/VTKHDF", "Direction", direction, 9);
}

/* Where each step finds an array: its own entry, or the one there is. */
static enum status put_offsets(struct h5file *file, const char *name, int64_t frames,
                               int64_t entries)
{
    const struct h5file_array array = {.type = H5FILE_I64, .rank = 1, .dims = {frames}};
    const struct h5file_block all = {.rank = 1, .count = {frames}};
    enum status status = OK;
    char path[64];
    int64_t *offsets = NULL;
    snprintf(path, sizeof path, "/VTKHDF/Steps/CellDataOffsets/%s", name);
    TRY_GOTO(ARRAY_NEW(offsets, frames), cleanup);
    for (int64_t i = 0; i < frames; i++)
        offsets[i] = entries == 1 ? 0 : i;
    TRY_GOTO(h5file_add_array(file, path, &array), cleanup);
    TRY_GOTO(h5file_write(file, path, H5FILE_I64, &all, offsets), cleanup);
cleanup:
    array_free(offsets);
    return status;
}

static enum status put_steps(struct h5file *file, const struct case_record *record)
{
    const struct h5file_array array = {.type = H5FILE_F64, .rank = 1, .dims = {record->frames}};
    const struct h5file_block all = {.rank = 1, .count = {record->frames}};
    enum status status = OK;
    double *times = NULL;
    TRY_GOTO(ARRAY_NEW(times, record->frames), cleanup);
    for (int64_t i = 0; i < record->frames; i++)
        times[i] = (double)(i * record->flow.frame_interval);
    TRY_GOTO(h5file_add_group(file, "/VTKHDF/Steps"), cleanup);
    TRY_GOTO(h5file_attribute_set_integer(file, "/VTKHDF/Steps", "NSteps", record->frames),
             cleanup);
    TRY_GOTO(h5file_add_array(file, "/VTKHDF/Steps/Values", &array), cleanup);
    TRY_GOTO(h5file_write(file, "/VTKHDF/Steps/Values", H5FILE_F64, &all, times), cleanup);
    TRY_GOTO(h5file_add_group(file, "/VTKHDF/Steps/CellDataOffsets"), cleanup);
cleanup:
    array_free(times);
    return status;
}

/* An array of cells, [entries][1][ny][nx] or with VECTOR components behind. */
static enum status add_cells(struct h5file *file, const char *name, int64_t entries, int rank,
                             const struct case_record *record)
{
    const struct flow *flow = &record->flow;
    const struct h5file_array array = {.type = H5FILE_F32,
                                       .rank = rank,
                                       .dims = {entries, 1, flow->ny, flow->nx, VECTOR},
                                       .chunk = {1, 1, flow->ny, flow->nx, VECTOR}};
    char path[64];
    snprintf(path, sizeof path, "/VTKHDF/CellData/%s", name);
    TRY(h5file_add_array(file, path, &array));
    return put_offsets(file, name, record->frames, entries);
}

static enum status write_cells(struct h5file *file, const char *name, int64_t entry, int rank,
                               const struct flow *flow, const float *values)
{
    const struct h5file_block block = {
        .rank = rank, .first = {entry}, .count = {1, 1, flow->ny, flow->nx, VECTOR}};
    char path[64];
    snprintf(path, sizeof path, "/VTKHDF/CellData/%s", name);
    return h5file_write(file, path, H5FILE_F32, &block, values);
}

/* scratch: plane [nx][ny], then image [ny][nx][VECTOR] */
static enum status write_frame(struct h5file *file, float *scratch,
                               const struct case_record *record, int64_t t)
{
    const struct flow *flow = &record->flow;
    const int64_t cells = frames_cells(flow);
    const float *frame = case_record_frame(record, t);
    float *image = scratch + cells;
    transpose(image, frame + FRAME_RHO * cells, 1, flow);
    TRY(write_cells(file, "density", t, 4, flow, image));
    frames_vorticity(scratch, frame, record->mask, flow->nx, flow->ny);
    transpose(image, scratch, 1, flow);
    TRY(write_cells(file, "vorticity", t, 4, flow, image));
    memset(image, 0, (size_t)(VECTOR * cells) * sizeof *image);
    transpose(image, frame + FRAME_UX * cells, VECTOR, flow);
    transpose(image + 1, frame + FRAME_UY * cells, VECTOR, flow);
    return write_cells(file, "velocity", t, 5, flow, image);
}

static enum status put_cells(struct h5file *file, const struct case_record *record)
{
    const int64_t cells = frames_cells(&record->flow);
    enum status status = OK;
    float *scratch = NULL;
    TRY_GOTO(ARRAY_NEW(scratch, cells * (1 + VECTOR)), cleanup);
    TRY_GOTO(h5file_add_group(file, "/VTKHDF/CellData"), cleanup);
    TRY_GOTO(add_cells(file, "density", record->frames, 4, record), cleanup);
    TRY_GOTO(add_cells(file, "velocity", record->frames, 5, record), cleanup);
    TRY_GOTO(add_cells(file, "vorticity", record->frames, 4, record), cleanup);
    TRY_GOTO(add_cells(file, "sdf", 1, 4, record), cleanup);
    transpose(scratch, record->sdf, 1, &record->flow);
    TRY_GOTO(write_cells(file, "sdf", 0, 4, &record->flow, scratch), cleanup);
    for (int64_t t = 0; t < record->frames; t++)
        TRY_GOTO(write_frame(file, scratch, record, t), cleanup);
cleanup:
    array_free(scratch);
    return status;
}

/* What case this is; readers of VTK ignore what stands outside /VTKHDF. */
static enum status put_origin(struct h5file *file, const struct dataset_info *info,
                              const struct flow *flow)
{
    const double facts[] = {flow->reynolds, flow->speed, flow->length, flow->viscosity};
    static const char *const names[] = {"Re", "U", "D", "nu"};
    TRY(h5file_add_group(file, "/wakecast"));
    TRY(h5file_attribute_set_text(file, "/wakecast", "dataset", info->name));
    TRY(h5file_attribute_set_text(file, "/wakecast", "content_digest", info->content_digest));
    TRY(h5file_attribute_set_text(file, "/wakecast", "family", flow->family));
    TRY(h5file_attribute_set_integer(file, "/wakecast", "case", flow->index));
    for (int i = 0; i < 4; i++)
        TRY(h5file_attribute_set_real(file, "/wakecast", names[i], facts[i]));
    return OK;
}

static enum status write_case(struct export_job *job, const struct case_record *record)
{
    const struct dataset_info *info = dataset_get_info(export_job_dataset(job));
    enum status status = OK;
    char name[NAME_SIZE];
    struct h5file *file = NULL;
    unsigned char *image = NULL;
    size_t size = 0;
    TRY_GOTO(h5file_create(&file), cleanup);
    TRY_GOTO(put_image_head(file, &record->flow), cleanup);
    TRY_GOTO(put_steps(file, record), cleanup);
    TRY_GOTO(put_cells(file, record), cleanup);
    TRY_GOTO(put_origin(file, info, &record->flow), cleanup);
    TRY_GOTO(h5file_finish(&image, &size, file), cleanup);
    snprintf(name, sizeof name, "%s-%05lld.vtkhdf", info->name, (long long)record->flow.index);
    TRY_GOTO(export_job_write(job, name, image, size), cleanup);
cleanup:
    h5file_close(file);
    array_free(image);
    return status;
}

const struct export_format export_vtkhdf = {
    .name = "vtkhdf",
    .summary = "temporal image data for ParaView and VTK, one file a case",
    .write_case = write_case,
};
