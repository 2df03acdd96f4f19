/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_layout.h"

#include "array.h"
#include "h5file_attribute.h"
#include "h5file_scale.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORMAT_VERSION = 1,
    CHUNK_FRAMES = 6,        /* a window: what a reader of samples wants at once */
    SAMPLE_CHUNK = 64,       /* entries of the sample scale per chunk */
    BASE_OVERHEAD = 1 << 16, /* bytes of a shard's structure, generously */
    CHUNK_OVERHEAD = 256     /* bytes of the index per chunk, generously */
};

/* Facts of a case that stand in /scalars under a name, one float64 per case. */
static const struct {
    const char *name;
    const char *unit;
    const char *meaning;
    size_t offset;
} facts[] = {
    {"Re", "1", "Reynolds number U D / nu", offsetof(struct flow, reynolds)},
    {"tau", "1", "relaxation time on the solver's lattice", offsetof(struct flow, tau)},
    {"angle", "degrees", "angle of the first body", offsetof(struct flow, angle)},
    {"D", "cells", "length projected across the stream", offsetof(struct flow, length)},
    {"U", "cells per canvas step", "inflow speed", offsetof(struct flow, speed)},
    {"nu", "cells^2 per canvas step", "kinematic viscosity", offsetof(struct flow, viscosity)},
    {"blockage", "1", "projection of all bodies / height", offsetof(struct flow, blockage)},
    {"body_x", "cells", "centre of the first body, x", offsetof(struct flow, x)},
    {"body_y", "cells", "centre of the first body, y", offsetof(struct flow, y)},
    {"body_size", "cells", "size of the first body", offsetof(struct flow, size)},
};

enum { FACTS = sizeof facts / sizeof facts[0] };

/* The names in /scalars@field_names: the facts, then these. */
static const char *const other_scalars[] = {"shape_id", "first_step",     "Cd",
                                            "Cl",       "frame_interval", "refine"};

enum { OTHER_SCALARS = sizeof other_scalars / sizeof other_scalars[0] };

struct dataset_layout_shard {
    struct dataset_layout layout;
    struct h5file *file;
    int64_t capacity, count;
    /* kept until finish, [capacity] each */
    double *facts; /* [FACTS][capacity] */
    int64_t *indices, *shapes, *first_steps, *force_steps;
    double *drag, *lift; /* [capacity][frames] */
    float *scratch;      /* [frames][nx][ny][2] */
    double *series;      /* [force steps] */
};

static int64_t cells_of(const struct dataset_layout *layout)
{
    return layout->nx * layout->ny;
}

int64_t dataset_layout_force_steps(const struct dataset_layout *layout)
{
    return (layout->frames - 1) * layout->frame_interval * layout->refine;
}

/* Frames per chunk: as near CHUNK_FRAMES as leaves little of the last chunk empty. */
static int64_t chunk_frames(int64_t frames)
{
    int64_t chunks = (frames + CHUNK_FRAMES - 1) / CHUNK_FRAMES;
    return (frames + chunks - 1) / chunks;
}

int64_t dataset_layout_record_bytes(const struct dataset_layout *layout)
{
    int64_t cells = cells_of(layout);
    return layout->frames * (cells * FRAME_FIELDS * (int64_t)sizeof(float) + 2 * 8) +
           cells * (int64_t)(sizeof(float) + 1) + dataset_layout_force_steps(layout) * 2 * 8;
}

int64_t dataset_layout_capacity(const struct dataset_layout *layout, int64_t bytes)
{
    int64_t run = chunk_frames(layout->frames);
    int64_t chunks = (layout->frames + run - 1) / run;
    int64_t plane = cells_of(layout) * (int64_t)sizeof(float);
    int64_t each = chunks * run * plane * FRAME_FIELDS + 2 * plane +
                   dataset_layout_force_steps(layout) * 2 * 8 + layout->frames * 2 * 8 +
                   (FACTS + OTHER_SCALARS) * 8 + (2 * chunks + 4) * CHUNK_OVERHEAD;
    int64_t room = bytes - BASE_OVERHEAD - layout->nx * 8 - layout->ny * 8 -
                   dataset_layout_force_steps(layout) * 8;
    return room < each ? 1 : room / each;
}

/* ---- building blocks ---- */

static enum status add_group(struct h5file *file, const char *path, const char *list_key,
                             const char *const *names, size_t count)
{
    TRY(h5file_add_group(file, path));
    return h5file_attribute_set_texts(file, path, list_key, names, count);
}

static enum status describe(struct h5file *file, const char *path, const char *unit,
                            const char *meaning)
{
    TRY(h5file_attribute_set_text(file, path, "units", unit));
    return h5file_attribute_set_text(file, path, "long_name", meaning);
}

static enum status set_varying(struct h5file *file, const char *path, int with_sample,
                               int with_time)
{
    TRY(h5file_attribute_set_switch(file, path, "sample_varying", with_sample));
    return h5file_attribute_set_switch(file, path, "time_varying", with_time);
}

/* A small array, made and written whole, with its axes' scales. */
static enum status put_array(struct h5file *file, const char *path, enum h5file_type type, int rank,
                             const int64_t *dims, const char *const *scales, const void *data)
{
    struct h5file_array array = {.type = type, .rank = rank};
    struct h5file_block block = {.rank = rank};
    for (int i = 0; i < rank; i++)
        array.dims[i] = block.count[i] = dims[i];
    TRY(h5file_add_array(file, path, &array));
    TRY(h5file_write(file, path, type, &block, data));
    return rank > 0 && scales != NULL ? h5file_scale_attach(file, path, scales, rank) : OK;
}

/* A root scale, linked into /dimensions when it is a dimension of The Well's. */
static enum status put_scale(struct h5file *file, const char *path, enum h5file_type type,
                             int64_t count, const void *values, const char *unit,
                             const char *meaning)
{
    TRY(put_array(file, path, type, 1, &count, NULL, values));
    TRY(describe(file, path, unit, meaning));
    return h5file_scale_make(file, path);
}

/* ---- root and dimensions ---- */

static enum status put_root(struct h5file *file, const struct dataset_layout *layout)
{
    static const char *const parameters[] = {"frame_interval", "refine"};
    TRY(h5file_attribute_set_text(file, "/", "dataset_name", layout->name));
    TRY(h5file_attribute_set_text(file, "/", "grid_type", "cartesian"));
    TRY(h5file_attribute_set_integer(file, "/", "n_spatial_dims", 2));
    TRY(h5file_attribute_set_texts(file, "/", "simulation_parameters", parameters, 2));
    TRY(h5file_attribute_set_integer(file, "/", "frame_interval", layout->frame_interval));
    TRY(h5file_attribute_set_integer(file, "/", "refine", layout->refine));
    return h5file_attribute_set_integer(file, "/", "wakecast_format", FORMAT_VERSION);
}

static enum status put_sample_scale(struct dataset_layout_shard *shard)
{
    int64_t chunk = shard->capacity < SAMPLE_CHUNK ? shard->capacity : SAMPLE_CHUNK;
    struct h5file_array array = {
        .type = H5FILE_I64, .rank = 1, .dims = {shard->capacity}, .chunk = {chunk}};
    TRY(h5file_add_array(shard->file, "/sample", &array));
    TRY(describe(shard->file, "/sample", "1", "number of the case in its configuration"));
    return h5file_scale_make(shard->file, "/sample");
}

/* Cell centres or instants: first, first + step, ... as float32. */
static enum status put_grid_scale(struct h5file *file, const char *path, int64_t count,
                                  double first, double step, const char *unit, const char *meaning)
{
    enum status status = OK;
    float *values = NULL;
    TRY_GOTO(ARRAY_NEW(values, count), cleanup);
    for (int64_t i = 0; i < count; i++)
        values[i] = (float)(first + step * (double)i);
    TRY_GOTO(put_scale(file, path, H5FILE_F32, count, values, unit, meaning), cleanup);
cleanup:
    array_free(values);
    return status;
}

static enum status put_force_scale(struct h5file *file, const struct dataset_layout *layout)
{
    enum status status = OK;
    int64_t count = dataset_layout_force_steps(layout);
    double *values = NULL;
    if (count == 0)
        return OK;
    TRY_GOTO(ARRAY_NEW(values, count), cleanup);
    for (int64_t i = 0; i < count; i++)
        values[i] = (double)(i + 1) / (double)layout->refine;
    TRY_GOTO(put_scale(file, "/force_time", H5FILE_F64, count, values, "canvas steps",
                       "instants of the solver steps, counted from frame 0"),
             cleanup);
cleanup:
    array_free(values);
    return status;
}

static enum status put_dimensions(struct dataset_layout_shard *shard)
{
    static const char *const spatial[] = {"x", "y"};
    static const int64_t two = 2;
    static const int64_t components[] = {0, 1};
    const struct dataset_layout *layout = &shard->layout;
    struct h5file *file = shard->file;
    TRY(put_sample_scale(shard));
    TRY(put_grid_scale(file, "/time", layout->frames, 0.0, (double)layout->frame_interval,
                       "canvas steps", "instants of the frames, counted from frame 0"));
    TRY(put_grid_scale(file, "/x", layout->nx, 0.5, 1.0, "cells", "cell centres downstream"));
    TRY(put_grid_scale(file, "/y", layout->ny, 0.5, 1.0, "cells", "cell centres across"));
    TRY(put_scale(file, "/component", H5FILE_I64, two, components, "1",
                  "component of a vector: 0 along x, 1 along y"));
    TRY(put_force_scale(file, layout));
    TRY(set_varying(file, "/time", 0, 1));
    TRY(set_varying(file, "/x", 0, 0));
    TRY(set_varying(file, "/y", 0, 0));
    TRY(add_group(file, "/dimensions", "spatial_dims", spatial, 2));
    TRY(h5file_link(file, "/dimensions/time", "/time"));
    TRY(h5file_link(file, "/dimensions/x", "/x"));
    return h5file_link(file, "/dimensions/y", "/y");
}

/* ---- boundary conditions ---- */

enum side { SIDE_LOWER = 1, SIDE_UPPER = 2 };

static enum status put_boundary(struct h5file *file, const char *name, const char *dimension,
                                int64_t count, int sides, const char *type, const char *meaning)
{
    enum status status = OK;
    unsigned char *mask = NULL;
    char path[96], scale[16];
    const char *scales[] = {scale};
    snprintf(path, sizeof path, "/boundary_conditions/%s", name);
    snprintf(scale, sizeof scale, "/%s", dimension);
    TRY_GOTO(h5file_add_group(file, path), cleanup);
    TRY_GOTO(h5file_attribute_set_texts(file, path, "associated_dims", &dimension, 1), cleanup);
    TRY_GOTO(h5file_attribute_set_texts(file, path, "associated_fields", NULL, 0), cleanup);
    TRY_GOTO(h5file_attribute_set_text(file, path, "bc_type", type), cleanup);
    TRY_GOTO(h5file_attribute_set_text(file, path, "long_name", meaning), cleanup);
    TRY_GOTO(set_varying(file, path, 0, 0), cleanup);
    TRY_GOTO(ARRAY_NEW(mask, count), cleanup);
    if (sides & SIDE_LOWER)
        mask[0] = 1;
    if (sides & SIDE_UPPER)
        mask[count - 1] = 1;
    snprintf(path, sizeof path, "/boundary_conditions/%s/mask", name);
    TRY_GOTO(put_array(file, path, H5FILE_BOOL, 1, &count, scales, mask), cleanup);
cleanup:
    array_free(mask);
    return status;
}

static enum status put_boundaries(struct h5file *file, const struct dataset_layout *layout)
{
    const char *edge = layout->edge;
    TRY(h5file_add_group(file, "/boundary_conditions"));
    TRY(put_boundary(file, "x_open_inflow", "x", layout->nx, SIDE_LOWER, "open",
                     "inflow with speed U"));
    TRY(put_boundary(file, "x_open_outflow", "x", layout->nx, SIDE_UPPER, "open", "outflow"));
    if (strcmp(edge, "periodic") == 0)
        return put_boundary(file, "y_periodic", "y", layout->ny, SIDE_LOWER | SIDE_UPPER,
                            "periodic", "periodic");
    if (strcmp(edge, "slip") != 0 && strcmp(edge, "no-slip") != 0)
        return FAIL(ERR_INTERNAL, "edge '%s' is none of slip, periodic, no-slip", edge);
    TRY(put_boundary(file, "y_wall_bottom", "y", layout->ny, SIDE_LOWER, "wall", edge));
    return put_boundary(file, "y_wall_top", "y", layout->ny, SIDE_UPPER, "wall", edge);
}

/* ---- fields ---- */

static const char *const frame_scales[] = {"/sample", "/time", "/x", "/y", "/component"};
static const char *const plane_scales[] = {"/sample", "/x", "/y"};
static const char *const force_scales[] = {"/sample", "/force_time"};

static enum status add_field(struct h5file *file, const char *path,
                             const struct h5file_array *array, const char *const *scales,
                             int with_time, const char *unit, const char *meaning)
{
    static const unsigned char both[] = {1, 1};
    TRY(h5file_add_array(file, path, array));
    TRY(set_varying(file, path, 1, with_time));
    TRY(h5file_attribute_set_switches(file, path, "dim_varying", both, 2));
    TRY(describe(file, path, unit, meaning));
    return h5file_scale_attach(file, path, scales, array->rank);
}

static enum status add_fields(struct dataset_layout_shard *shard)
{
    static const char *const scalar_fields[] = {"density", "sdf", "mask"};
    static const char *const vector_fields[] = {"velocity"};
    const struct dataset_layout *l = &shard->layout;
    int64_t run = chunk_frames(l->frames);
    const struct h5file_array plane = {.type = H5FILE_F32,
                                       .rank = 3,
                                       .dims = {shard->capacity, l->nx, l->ny},
                                       .chunk = {1, l->nx, l->ny},
                                       .filter = l->filter};
    struct h5file_array frames = {.type = H5FILE_F32,
                                  .rank = 4,
                                  .dims = {shard->capacity, l->frames, l->nx, l->ny, 2},
                                  .chunk = {1, run, l->nx, l->ny, 2},
                                  .filter = l->filter};
    TRY(add_group(shard->file, "/t0_fields", "field_names", scalar_fields, 3));
    TRY(add_field(shard->file, "/t0_fields/density", &frames, frame_scales, 1, "1",
                  "density; 1 in bodies"));
    TRY(add_field(shard->file, "/t0_fields/sdf", &plane, plane_scales, 0, "cells",
                  "signed distance to the nearest body, negative inside"));
    TRY(add_field(shard->file, "/t0_fields/mask", &plane, plane_scales, 0, "1",
                  "1 in bodies, 0 in the fluid"));
    TRY(add_group(shard->file, "/t1_fields", "field_names", vector_fields, 1));
    frames.rank = 5;
    TRY(add_field(shard->file, "/t1_fields/velocity", &frames, frame_scales, 1,
                  "cells per canvas step", "velocity; 0 in bodies"));
    return add_group(shard->file, "/t2_fields", "field_names", NULL, 0);
}

static enum status add_forces(struct dataset_layout_shard *shard)
{
    int64_t steps = dataset_layout_force_steps(&shard->layout);
    const struct h5file_array series = {.type = H5FILE_F64,
                                        .rank = 2,
                                        .dims = {shard->capacity, steps},
                                        .chunk = {1, steps},
                                        .filter = shard->layout.filter,
                                        .fill = NAN};
    TRY(h5file_add_group(shard->file, "/forces"));
    if (steps == 0)
        return OK;
    TRY(h5file_add_array(shard->file, "/forces/Cd", &series));
    TRY(describe(shard->file, "/forces/Cd", "1", "drag coefficient of every solver step"));
    TRY(h5file_scale_attach(shard->file, "/forces/Cd", force_scales, 2));
    TRY(h5file_add_array(shard->file, "/forces/Cl", &series));
    TRY(describe(shard->file, "/forces/Cl", "1", "lift coefficient of every solver step"));
    return h5file_scale_attach(shard->file, "/forces/Cl", force_scales, 2);
}

/* ---- a shard being made ---- */

static enum status allocate(struct dataset_layout_shard *shard)
{
    const struct dataset_layout *layout = &shard->layout;
    int64_t capacity = shard->capacity;
    TRY(ARRAY_NEW(shard->facts, FACTS * capacity));
    TRY(ARRAY_NEW(shard->indices, capacity));
    TRY(ARRAY_NEW(shard->shapes, capacity));
    TRY(ARRAY_NEW(shard->first_steps, capacity));
    TRY(ARRAY_NEW(shard->force_steps, capacity));
    TRY(ARRAY_NEW(shard->drag, capacity * layout->frames));
    TRY(ARRAY_NEW(shard->lift, capacity * layout->frames));
    TRY(ARRAY_NEW(shard->scratch, layout->frames * cells_of(layout) * 2));
    return ARRAY_NEW(shard->series, dataset_layout_force_steps(layout));
}

enum status dataset_layout_begin(struct dataset_layout_shard **out,
                                 const struct dataset_layout *layout, int64_t capacity)
{
    enum status status = OK;
    struct dataset_layout_shard *shard = calloc(1, sizeof *shard);
    if (shard == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    shard->layout = *layout;
    shard->capacity = capacity;
    TRY_GOTO(allocate(shard), cleanup);
    TRY_GOTO(h5file_create(&shard->file), cleanup);
    TRY_GOTO(put_root(shard->file, layout), cleanup);
    TRY_GOTO(put_dimensions(shard), cleanup);
    TRY_GOTO(put_boundaries(shard->file, layout), cleanup);
    TRY_GOTO(add_fields(shard), cleanup);
    TRY_GOTO(add_forces(shard), cleanup);
    *out = shard;
    shard = NULL;
cleanup:
    dataset_layout_destroy(shard);
    return status;
}

void dataset_layout_destroy(struct dataset_layout_shard *shard)
{
    if (shard == NULL)
        return;
    h5file_close(shard->file);
    array_free(shard->facts);
    array_free(shard->indices);
    array_free(shard->shapes);
    array_free(shard->first_steps);
    array_free(shard->force_steps);
    array_free(shard->drag);
    array_free(shard->lift);
    array_free(shard->scratch);
    array_free(shard->series);
    free(shard);
}

int64_t dataset_layout_count(const struct dataset_layout_shard *shard)
{
    return shard->count;
}

/* ---- appending ---- */

static enum status check_record(const struct dataset_layout_shard *shard,
                                const struct case_record *record)
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

static enum status write_frames(struct dataset_layout_shard *shard,
                                const struct case_record *record)
{
    const struct dataset_layout *l = &shard->layout;
    const size_t cells = (size_t)cells_of(l);
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

static enum status write_planes(struct dataset_layout_shard *shard,
                                const struct case_record *record)
{
    const struct dataset_layout *l = &shard->layout;
    const struct h5file_block block = {
        .rank = 3, .first = {shard->count}, .count = {1, l->nx, l->ny}};
    TRY(h5file_write(shard->file, "/t0_fields/sdf", H5FILE_F32, &block, record->sdf));
    for (int64_t i = 0; i < cells_of(l); i++)
        shard->scratch[i] = record->mask[i] != 0 ? 1.0F : 0.0F;
    return h5file_write(shard->file, "/t0_fields/mask", H5FILE_F32, &block, shard->scratch);
}

static enum status write_forces(struct dataset_layout_shard *shard,
                                const struct case_record *record)
{
    static const char *const paths[] = {"/forces/Cd", "/forces/Cl"};
    const struct h5file_block block = {
        .rank = 2, .first = {shard->count}, .count = {1, record->force_steps}};
    if (record->force_steps == 0)
        return OK;
    for (int part = 0; part < 2; part++) {
        for (int64_t i = 0; i < record->force_steps; i++)
            shard->series[i] = record->forces[2 * i + part];
        TRY(h5file_write(shard->file, paths[part], H5FILE_F64, &block, shard->series));
    }
    return OK;
}

static void keep_scalars(struct dataset_layout_shard *shard, const struct case_record *record,
                         int64_t shape)
{
    const size_t bytes = (size_t)shard->layout.frames * sizeof(double);
    const int64_t at = shard->count;
    for (int64_t i = 0; i < FACTS; i++)
        memcpy(&shard->facts[i * shard->capacity + at],
               (const char *)&record->flow + facts[i].offset, sizeof(double));
    shard->indices[at] = record->flow.index;
    shard->shapes[at] = shape;
    shard->first_steps[at] = record->flow.first_step;
    shard->force_steps[at] = record->force_steps;
    memcpy(shard->drag + at * shard->layout.frames, record->drag, bytes);
    memcpy(shard->lift + at * shard->layout.frames, record->lift, bytes);
}

enum status dataset_layout_append(struct dataset_layout_shard *shard,
                                  const struct case_record *record, int64_t shape)
{
    TRY(check_record(shard, record));
    TRY(write_frames(shard, record));
    TRY(write_planes(shard, record));
    TRY(write_forces(shard, record));
    keep_scalars(shard, record, shape);
    shard->count++;
    return OK;
}

/* ---- finishing ---- */

static enum status put_case_scalar(struct dataset_layout_shard *shard, const char *name,
                                   enum h5file_type type, const void *values, const char *unit,
                                   const char *meaning)
{
    char path[64];
    snprintf(path, sizeof path, "/scalars/%s", name);
    TRY(put_array(shard->file, path, type, 1, &shard->count, plane_scales, values));
    TRY(set_varying(shard->file, path, 1, 0));
    return describe(shard->file, path, unit, meaning);
}

static enum status put_frame_scalar(struct dataset_layout_shard *shard, const char *path,
                                    const double *values, const char *meaning)
{
    const int64_t dims[] = {shard->count, shard->layout.frames};
    TRY(put_array(shard->file, path, H5FILE_F64, 2, dims, frame_scales, values));
    TRY(set_varying(shard->file, path, 1, 1));
    return describe(shard->file, path, "1", meaning);
}

static enum status put_common_scalar(struct dataset_layout_shard *shard, const char *path,
                                     int64_t value, const char *unit, const char *meaning)
{
    TRY(put_array(shard->file, path, H5FILE_I64, 0, NULL, NULL, &value));
    TRY(set_varying(shard->file, path, 0, 0));
    return describe(shard->file, path, unit, meaning);
}

static enum status put_scalars(struct dataset_layout_shard *shard, const char *const *families,
                               size_t family_count)
{
    const char *names[FACTS + OTHER_SCALARS];
    for (int i = 0; i < FACTS; i++)
        names[i] = facts[i].name;
    for (int i = 0; i < OTHER_SCALARS; i++)
        names[FACTS + i] = other_scalars[i];
    TRY(add_group(shard->file, "/scalars", "field_names", names, FACTS + OTHER_SCALARS));
    for (int64_t i = 0; i < FACTS; i++)
        TRY(put_case_scalar(shard, facts[i].name, H5FILE_F64, shard->facts + i * shard->capacity,
                            facts[i].unit, facts[i].meaning));
    TRY(put_case_scalar(shard, "shape_id", H5FILE_I64, shard->shapes, "1",
                        "place of the bodies' family in the attribute families"));
    TRY(h5file_attribute_set_texts(shard->file, "/scalars/shape_id", "families", families,
                                   family_count));
    TRY(put_case_scalar(shard, "first_step", H5FILE_I64, shard->first_steps, "canvas steps",
                        "instant of frame 0, counted from rest"));
    TRY(put_frame_scalar(shard, "/scalars/Cd", shard->drag,
                         "drag coefficient, mean over the interval that ends with the frame"));
    TRY(put_frame_scalar(shard, "/scalars/Cl", shard->lift,
                         "lift coefficient, mean over the interval that ends with the frame"));
    TRY(put_common_scalar(shard, "/scalars/frame_interval", shard->layout.frame_interval,
                          "canvas steps", "from frame to frame"));
    return put_common_scalar(shard, "/scalars/refine", shard->layout.refine, "1",
                             "solver cells per canvas cell and axis");
}

static enum status put_force_steps(struct dataset_layout_shard *shard)
{
    if (dataset_layout_force_steps(&shard->layout) == 0)
        return OK;
    TRY(put_array(shard->file, "/forces/steps", H5FILE_I64, 1, &shard->count, plane_scales,
                  shard->force_steps));
    return describe(shard->file, "/forces/steps", "1",
                    "solver steps of the case; what follows them is not a number");
}

static enum status shrink(struct dataset_layout_shard *shard)
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

enum status dataset_layout_finish(unsigned char **image, size_t *size,
                                  struct dataset_layout_shard *shard, const char *const *families,
                                  size_t family_count)
{
    const struct h5file_block all = {.rank = 1, .count = {shard->count}};
    TRY(shrink(shard));
    TRY(h5file_write(shard->file, "/sample", H5FILE_I64, &all, shard->indices));
    TRY(h5file_attribute_set_integer(shard->file, "/", "n_trajectories", shard->count));
    TRY(put_scalars(shard, families, family_count));
    TRY(put_force_steps(shard));
    return h5file_finish(image, size, shard->file);
}

/* ---- reading ---- */

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
    for (int i = 0; i < FACTS; i++) {
        snprintf(path, sizeof path, "/scalars/%s", facts[i].name);
        TRY(read_entry((char *)flow + facts[i].offset, file, path, H5FILE_F64, position));
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
    const size_t cells = (size_t)cells_of(layout);
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
    for (int64_t i = 0; i < cells_of(layout); i++)
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

enum status dataset_layout_read(struct case_record **out, struct h5file *file,
                                const struct dataset_layout *layout, int64_t position)
{
    enum status status = OK;
    struct case_record *record = NULL;
    float *scratch = NULL;
    TRY_GOTO(check_dims(file, layout), cleanup);
    TRY_GOTO(ARRAY_NEW(scratch, layout->frames * cells_of(layout) * 2), cleanup);
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
