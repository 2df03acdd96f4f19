/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_starts.h"

#include "array.h"
#include "h5file.h"
#include "h5file_attribute.h"
#include "h5file_scale.h"

#include <string.h>

enum { FORMAT_VERSION = 1, CELLS_LIMIT = 1 << 16 };

static const char *const field_names[START_FIELDS] = {"rho",       "ux",        "uy",
                                                      "moment_xx", "moment_xy", "moment_yy"};
static const char *const value_scales[] = {"/state", "/field", "/lattice_x", "/lattice_y"};
static const char *const solid_scales[] = {"/state", "/lattice_x", "/lattice_y"};

/* ---- encoding ---- */

static enum status put_numbers(struct h5file *file, const char *path, enum h5file_type type,
                               int64_t count, const void *values, const char *meaning)
{
    const struct h5file_array array = {.type = type, .rank = 1, .dims = {count}};
    const struct h5file_block all = {.rank = 1, .count = {count}};
    TRY(h5file_add_array(file, path, &array));
    TRY(h5file_write(file, path, type, &all, values));
    return h5file_attribute_set_text(file, path, "long_name", meaning);
}

static enum status put_counter(struct h5file *file, const char *path, int64_t count,
                               const char *meaning)
{
    enum status status = OK;
    int64_t *values = NULL;
    TRY_GOTO(ARRAY_NEW(values, count), cleanup);
    for (int64_t i = 0; i < count; i++)
        values[i] = i;
    TRY_GOTO(put_numbers(file, path, H5FILE_I64, count, values, meaning), cleanup);
    TRY_GOTO(h5file_scale_make(file, path), cleanup);
cleanup:
    array_free(values);
    return status;
}

static enum status put_head(struct h5file *file, const struct case_record *record)
{
    const struct start_state *first = record->starts[0];
    TRY(h5file_attribute_set_integer(file, "/", "wakecast_starts_format", FORMAT_VERSION));
    TRY(h5file_attribute_set_integer(file, "/", "case", first->case_index));
    TRY(h5file_attribute_set_integer(file, "/", "refine", first->refine));
    TRY(h5file_attribute_set_integer(file, "/", "entry", first->entry));
    TRY(put_counter(file, "/state", record->start_count, "number of the start state"));
    TRY(h5file_add_texts(file, "/field", field_names, START_FIELDS));
    TRY(h5file_scale_make(file, "/field"));
    TRY(put_counter(file, "/lattice_x", first->nx, "solver column, entry and sponge included"));
    return put_counter(file, "/lattice_y", first->ny, "solver row");
}

static enum status put_instants(struct h5file *file, const struct case_record *record)
{
    enum status status = OK;
    int64_t *frames = NULL;
    double *outlet = NULL;
    TRY_GOTO(ARRAY_NEW(frames, record->start_count), cleanup);
    TRY_GOTO(ARRAY_NEW(outlet, record->start_count), cleanup);
    for (int64_t i = 0; i < record->start_count; i++) {
        frames[i] = record->starts[i]->frame;
        outlet[i] = record->starts[i]->outlet_rho;
    }
    TRY_GOTO(put_numbers(file, "/frame", H5FILE_I64, record->start_count, frames,
                         "the frame that shows this instant"),
             cleanup);
    TRY_GOTO(h5file_scale_attach(file, "/frame", value_scales, 1), cleanup);
    TRY_GOTO(put_numbers(file, "/outlet_rho", H5FILE_F64, record->start_count, outlet,
                         "relaxed density of the outlet"),
             cleanup);
    TRY_GOTO(h5file_scale_attach(file, "/outlet_rho", value_scales, 1), cleanup);
cleanup:
    array_free(frames);
    array_free(outlet);
    return status;
}

static enum status put_states(struct h5file *file, const struct case_record *record)
{
    const int64_t nx = record->starts[0]->nx;
    const int64_t ny = record->starts[0]->ny;
    const struct h5file_array values = {.type = H5FILE_F32,
                                        .rank = 4,
                                        .dims = {record->start_count, START_FIELDS, nx, ny},
                                        .chunk = {1, 1, nx, ny}};
    const struct h5file_array solid = {.type = H5FILE_BOOL,
                                       .rank = 3,
                                       .dims = {record->start_count, nx, ny},
                                       .chunk = {1, nx, ny}};
    TRY(h5file_add_array(file, "/values", &values));
    TRY(h5file_scale_attach(file, "/values", value_scales, 4));
    TRY(h5file_add_array(file, "/solid", &solid));
    TRY(h5file_scale_attach(file, "/solid", solid_scales, 3));
    for (int64_t i = 0; i < record->start_count; i++) {
        const struct h5file_block block = {
            .rank = 4, .first = {i}, .count = {1, START_FIELDS, nx, ny}};
        const struct h5file_block plane = {.rank = 3, .first = {i}, .count = {1, nx, ny}};
        TRY(h5file_write(file, "/values", H5FILE_F32, &block, record->starts[i]->values));
        TRY(h5file_write(file, "/solid", H5FILE_BOOL, &plane, record->starts[i]->solid));
    }
    return OK;
}

static enum status check_lattices(const struct case_record *record)
{
    const struct start_state *first = record->starts[0];
    for (int64_t i = 0; i < record->start_count; i++) {
        const struct start_state *state = record->starts[i];
        if (state->nx != first->nx || state->ny != first->ny || state->entry != first->entry ||
            state->refine != first->refine || state->case_index != record->flow.index)
            return FAIL(ERR_INTERNAL, "start state %lld of case %lld is of another lattice or case",
                        (long long)i, (long long)record->flow.index);
    }
    return OK;
}

enum status dataset_starts_encode(unsigned char **image, size_t *size,
                                  const struct case_record *record)
{
    enum status status = OK;
    struct h5file *file = NULL;
    TRY_GOTO(check_lattices(record), cleanup);
    TRY_GOTO(h5file_create(&file), cleanup);
    TRY_GOTO(put_head(file, record), cleanup);
    TRY_GOTO(put_instants(file, record), cleanup);
    TRY_GOTO(put_states(file, record), cleanup);
    TRY_GOTO(h5file_finish(image, size, file), cleanup);
cleanup:
    h5file_close(file);
    return status;
}

/* ---- decoding ---- */

static enum status read_state(struct start_state *state, struct h5file *file, int64_t position)
{
    const struct h5file_block entry = {.rank = 1, .first = {position}, .count = {1}};
    const struct h5file_block block = {
        .rank = 4, .first = {position}, .count = {1, START_FIELDS, state->nx, state->ny}};
    const struct h5file_block plane = {
        .rank = 3, .first = {position}, .count = {1, state->nx, state->ny}};
    TRY(h5file_attribute_get_integer(&state->case_index, file, "/", "case"));
    TRY(h5file_attribute_get_integer(&state->refine, file, "/", "refine"));
    TRY(h5file_attribute_get_integer(&state->entry, file, "/", "entry"));
    TRY(h5file_read(&state->frame, file, "/frame", H5FILE_I64, &entry));
    TRY(h5file_read(&state->outlet_rho, file, "/outlet_rho", H5FILE_F64, &entry));
    TRY(h5file_read(state->values, file, "/values", H5FILE_F32, &block));
    return h5file_read(state->solid, file, "/solid", H5FILE_BOOL, &plane);
}

/* A new state at the end of the record's list, which owns it at once. */
static enum status add_state(struct start_state **out, struct case_record *record, int64_t nx,
                             int64_t ny)
{
    struct start_state **grown = array_grow(record->starts, &record->start_capacity,
                                            (size_t)record->start_count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    record->starts = grown;
    TRY(start_state_create(out, nx, ny));
    grown[record->start_count++] = *out;
    return OK;
}

enum status dataset_starts_decode(struct case_record *record, const unsigned char *image,
                                  size_t size, int64_t count)
{
    enum status status = OK;
    struct h5file *file = NULL;
    int64_t dims[H5FILE_RANK] = {0};
    int rank = 0;
    TRY_GOTO(h5file_open(&file, image, size), cleanup);
    TRY_GOTO(h5file_get_dims(dims, &rank, file, "/values"), cleanup);
    if (rank != 4 || dims[0] != count || dims[1] != START_FIELDS || dims[2] < 1 || dims[3] < 1 ||
        dims[2] > CELLS_LIMIT || dims[3] > CELLS_LIMIT)
        TRY_GOTO(FAIL(ERR_DATA, "/values has another shape than expected"), cleanup);
    for (int64_t i = 0; i < count; i++) {
        struct start_state *state = NULL;
        TRY_GOTO(add_state(&state, record, dims[2], dims[3]), cleanup);
        TRY_GOTO(read_state(state, file, i), cleanup);
    }
cleanup:
    h5file_close(file);
    return status;
}
