/* SPDX-License-Identifier: Apache-2.0 */
#include "shard_domain.h"

#include "array.h"
#include "h5file_attribute.h"
#include "h5file_scale.h"
#include "shard_parts.h"

#include <stdio.h>
#include <string.h>

enum { FORMAT_VERSION = 1, SAMPLE_CHUNK = 64 /* entries of the sample scale per chunk */ };

static enum status put_scale(struct h5file *file, const char *path, enum h5file_type type,
                             int64_t count, const void *values, const char *unit,
                             const char *meaning)
{
    TRY(shard_parts_put_array(file, path, type, 1, &count, NULL, values));
    TRY(shard_parts_describe(file, path, unit, meaning));
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

static enum status put_sample_scale(struct h5file *file, int64_t capacity)
{
    int64_t chunk = capacity < SAMPLE_CHUNK ? capacity : SAMPLE_CHUNK;
    struct h5file_array array = {
        .type = H5FILE_I64, .rank = 1, .dims = {capacity}, .chunk = {chunk}};
    TRY(h5file_add_array(file, "/sample", &array));
    TRY(shard_parts_describe(file, "/sample", "1", "number of the case in its configuration"));
    return h5file_scale_make(file, "/sample");
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

static enum status put_dimensions(struct h5file *file, const struct dataset_layout *layout,
                                  int64_t capacity)
{
    static const char *const spatial[] = {"x", "y"};
    static const int64_t components[] = {0, 1};
    TRY(put_sample_scale(file, capacity));
    TRY(put_grid_scale(file, "/time", layout->frames, 0.0, (double)layout->frame_interval,
                       "canvas steps", "instants of the frames, counted from frame 0"));
    TRY(put_grid_scale(file, "/x", layout->nx, 0.5, 1.0, "cells", "cell centres downstream"));
    TRY(put_grid_scale(file, "/y", layout->ny, 0.5, 1.0, "cells", "cell centres across"));
    TRY(put_scale(file, "/component", H5FILE_I64, 2, components, "1",
                  "component of a vector: 0 along x, 1 along y"));
    TRY(put_force_scale(file, layout));
    TRY(shard_parts_set_varying(file, "/time", SHARD_VARIES_BY_TIME));
    TRY(shard_parts_set_varying(file, "/x", SHARD_CONSTANT));
    TRY(shard_parts_set_varying(file, "/y", SHARD_CONSTANT));
    TRY(shard_parts_add_group(file, "/dimensions", "spatial_dims", spatial, 2));
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
    TRY_GOTO(shard_parts_set_varying(file, path, SHARD_CONSTANT), cleanup);
    TRY_GOTO(ARRAY_NEW(mask, count), cleanup);
    if (sides & SIDE_LOWER)
        mask[0] = 1;
    if (sides & SIDE_UPPER)
        mask[count - 1] = 1;
    snprintf(path, sizeof path, "/boundary_conditions/%s/mask", name);
    TRY_GOTO(shard_parts_put_array(file, path, H5FILE_BOOL, 1, &count, scales, mask), cleanup);
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

enum status shard_domain_put(struct h5file *file, const struct dataset_layout *layout,
                             int64_t capacity)
{
    TRY(put_root(file, layout));
    TRY(put_dimensions(file, layout, capacity));
    return put_boundaries(file, layout);
}
