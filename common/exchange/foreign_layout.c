/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign_layout.h"

#include "array.h"
#include "foreign_scalars.h"
#include "h5file_attribute.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 128, NAME = 64, AXES = 2, CELLS_LIMIT = 1 << 16, FRAMES_LIMIT = 1 << 24 };

#define UNEVEN 1e-3 /* of a step: coordinates in float32 are no more even than that */

/* ---- texts ---- */

/* A text of one attribute; "" when it is missing or no text. */
static void read_text(char *out, size_t size, struct h5file *file, const char *path,
                      const char *key)
{
    size_t count = 0;
    if (!h5file_attribute_exists(file, path, key) ||
        h5file_attribute_get_texts(out, size, &count, 1, file, path, key) != OK || count != 1)
        out[0] = '\0';
}

static int equals_ignoring_case(const char *a, const char *b)
{
    while (*a != '\0' && tolower((unsigned char)*a) == tolower((unsigned char)*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

static enum status check_grid(struct h5file *file)
{
    char grid[NAME];
    read_text(grid, sizeof grid, file, "/", "grid_type");
    if (!equals_ignoring_case(grid, "cartesian"))
        return FAIL(ERR_DATA, "its grid_type is '%s', not 'cartesian': is it in The Well's layout?",
                    grid);
    return OK;
}

/* ---- coordinates ---- */

/* The first value and the step between values of a coordinate. */
static enum status read_even(double *first, double *step, struct h5file *file,
                             const struct h5file_survey_object *array, int64_t count)
{
    const int rank = array->rank; /* 2: the same for all samples, or the first one's */
    struct h5file_block block = {.rank = rank, .count = {rank == 2 ? 1 : count, count}};
    enum status status = OK;
    double *values = NULL;
    TRY_GOTO(ARRAY_NEW(values, count), cleanup);
    TRY_GOTO(h5file_read(values, file, array->path, H5FILE_F64, &block), cleanup);
    *first = values[0];
    *step = count > 1 ? (values[count - 1] - values[0]) / (double)(count - 1) : 1.0;
    if (!isfinite(values[0]) || !isfinite(*step) || !(*step > 0))
        TRY_GOTO(FAIL(ERR_DATA, "%s does not ascend", array->path), cleanup);
    for (int64_t i = 0; i < count; i++)
        if (!(fabs(values[i] - values[0] - *step * (double)i) <=
              UNEVEN * *step + 1e-6 * fabs(values[i])))
            TRY_GOTO(FAIL(ERR_DATA, "%s is not even: entry %lld is %g", array->path, (long long)i,
                          values[i]),
                     cleanup);
cleanup:
    array_free(values);
    return status;
}

static enum status read_coordinate(int64_t *count, double *first, double *step,
                                   const struct foreign_layout *layout, const char *name,
                                   int64_t limit)
{
    char path[PATH];
    snprintf(path, sizeof path, "/dimensions/%s", name);
    const struct h5file_survey_object *array = foreign_check_find(layout->check, path);
    if (array == NULL || array->kind != H5FILE_SURVEY_ARRAY || !array->numbers)
        return FAIL(ERR_DATA, "it has no coordinate %s", path);
    if (array->rank < 1 || array->rank > 2)
        return FAIL(ERR_DATA, "%s has %d dimensions", path, array->rank);
    *count = array->dims[array->rank - 1];
    if (*count < 1 || *count > limit || array->dims[0] < 1)
        return FAIL(ERR_DATA, "%s has %lld entries; 1 .. %lld are read", path, (long long)*count,
                    (long long)limit);
    return read_even(first, step, layout->file, array, *count);
}

static enum status read_axes(char names[AXES][NAME], struct foreign_layout *layout)
{
    struct foreign_facts *facts = &layout->facts;
    double side = 0;
    size_t count = 0;
    TRY(h5file_attribute_get_texts(names[0], NAME, &count, AXES, layout->file, "/dimensions",
                                   "spatial_dims"));
    if (count != AXES)
        return FAIL(ERR_DATA, "it has %zu spatial dimensions, not 2", count);
    TRY(read_coordinate(&facts->nx, &facts->x, &facts->side, layout, names[0], CELLS_LIMIT));
    TRY(read_coordinate(&facts->ny, &facts->y, &side, layout, names[1], CELLS_LIMIT));
    if (!(fabs(side - facts->side) <= UNEVEN * side))
        return FAIL(ERR_DATA, "its cells are %g x %g; only square ones are read", facts->side,
                    side);
    double start;
    return read_coordinate(&facts->frames, &start, &facts->interval, layout, "time", FRAMES_LIMIT);
}

/* Top and bottom: "periodic", "slip" or "no-slip". Open ones, which we do not have, count as slip.
 */
static void read_edge(struct foreign_layout *layout, const char *axis)
{
    struct h5file *file = layout->file;
    snprintf(layout->facts.edge, sizeof layout->facts.edge, "slip");
    for (size_t i = 0; i < layout->check->count; i++) {
        const char *path = layout->check->objects[i].path;
        char name[NAME], type[NAME], note[NAME];
        if (strncmp(path, "/boundary_conditions/", 21) != 0 || strchr(path + 21, '/') != NULL)
            continue;
        read_text(name, sizeof name, file, path, "associated_dims");
        read_text(type, sizeof type, file, path, "bc_type");
        read_text(note, sizeof note, file, path, "long_name");
        if (strcmp(name, axis) != 0)
            continue;
        if (equals_ignoring_case(type, "periodic"))
            snprintf(layout->facts.edge, sizeof layout->facts.edge, "periodic");
        else if (equals_ignoring_case(type, "wall") && strcmp(note, "slip") != 0)
            snprintf(layout->facts.edge, sizeof layout->facts.edge, "no-slip");
    }
}

/* ---- fields ---- */

static enum status read_switch(int *out, struct h5file *file, const char *path, const char *key)
{
    int64_t value = 0;
    TRY(h5file_attribute_get_integer(&value, file, path, key));
    *out = value != 0;
    return OK;
}

/* The axes an array must have, in order; how many. */
static int expected_dims(int64_t dims[H5FILE_RANK], const struct foreign_layout_field *field,
                         const struct foreign_facts *facts)
{
    const int64_t cells[AXES] = {facts->nx, facts->ny};
    int rank = 0;
    if (field->by_sample)
        dims[rank++] = facts->trajectories;
    if (field->by_time)
        dims[rank++] = facts->frames;
    for (int i = 0; i < AXES; i++)
        if (field->by_axis[i])
            dims[rank++] = cells[i];
    if (field->components > 1)
        dims[rank++] = field->components;
    return rank;
}

static enum status check_dims(const struct foreign_layout_field *field,
                              const struct h5file_survey_object *array,
                              const struct foreign_facts *facts)
{
    int64_t dims[H5FILE_RANK] = {0};
    int rank = expected_dims(dims, field, facts);
    int same = rank == array->rank;
    for (int i = 0; same && i < rank; i++)
        same = dims[i] == array->dims[i];
    if (!same)
        return FAIL(ERR_DATA, "%s has another shape than its attributes and /dimensions say",
                    array->path);
    return OK;
}

/* A field by one of two names; its path stays NULL when it is missing. */
static enum status find_field(struct foreign_layout_field *out, const struct foreign_layout *layout,
                              const char *name, const char *alias, int components)
{
    const struct h5file_survey_object *array = foreign_check_find(layout->check, name);
    int64_t axes[AXES];
    *out = (struct foreign_layout_field){.components = components};
    if (array == NULL && alias != NULL)
        array = foreign_check_find(layout->check, alias);
    if (array == NULL || array->kind != H5FILE_SURVEY_ARRAY)
        return OK;
    if (!array->numbers)
        return FAIL(ERR_DATA, "%s does not hold numbers", array->path);
    TRY(read_switch(&out->by_sample, layout->file, array->path, "sample_varying"));
    TRY(read_switch(&out->by_time, layout->file, array->path, "time_varying"));
    TRY(h5file_attribute_get_integers(axes, AXES, layout->file, array->path, "dim_varying"));
    for (int i = 0; i < AXES; i++)
        out->by_axis[i] = axes[i] != 0;
    out->path = array->path;
    return check_dims(out, array, &layout->facts);
}

static enum status need(const struct foreign_layout_field *field, const char *name)
{
    if (field->path == NULL)
        return FAIL(ERR_DATA, "it has no %s: density and velocity are needed", name);
    return OK;
}

static enum status find_fields(struct foreign_layout *layout)
{
    TRY(find_field(&layout->density, layout, "/t0_fields/density", "/t0_fields/rho", 1));
    TRY(find_field(&layout->velocity, layout, "/t1_fields/velocity", "/t1_fields/u", AXES));
    TRY(find_field(&layout->sdf, layout, "/t0_fields/sdf", NULL, 1));
    TRY(find_field(&layout->mask, layout, "/t0_fields/mask", NULL, 1));
    TRY(need(&layout->density, "/t0_fields/density"));
    TRY(need(&layout->velocity, "/t1_fields/velocity"));
    if (layout->sdf.by_time || layout->mask.by_time)
        return FAIL(ERR_DATA, "its bodies move; sdf and mask must not vary in time");
    if (layout->sdf.path != NULL)
        layout->facts.has |= FOREIGN_FACTS_SDF;
    if (layout->mask.path != NULL)
        layout->facts.has |= FOREIGN_FACTS_MASK;
    return OK;
}

/* Twice the fields: the array as it stands in the file, and as it is handed on. */
static enum status check_memory(const struct foreign_layout *layout)
{
    const struct foreign_facts *facts = &layout->facts;
    int64_t planes = facts->frames * FRAME_FIELDS + 2;
    int64_t limit = layout->check->memory / 2 / (int64_t)sizeof(float);
    if (planes > limit / (facts->nx * facts->ny))
        return FAIL(ERR_MEMORY,
                    "a trajectory of %lld frames of %lld x %lld cells takes more than the %lld "
                    "bytes allowed",
                    (long long)facts->frames, (long long)facts->nx, (long long)facts->ny,
                    (long long)layout->check->memory);
    return OK;
}

enum status foreign_layout_open(struct foreign_layout *out, struct h5file *file,
                                const struct foreign_check *check)
{
    char axes[AXES][NAME];
    *out = (struct foreign_layout){.file = file, .check = check};
    TRY(check_grid(file));
    TRY(h5file_attribute_get_integer(&out->facts.trajectories, file, "/", "n_trajectories"));
    if (out->facts.trajectories < 1 || out->facts.trajectories > INT32_MAX)
        return FAIL(ERR_DATA, "it has %lld trajectories", (long long)out->facts.trajectories);
    read_text(out->facts.name, sizeof out->facts.name, file, "/", "dataset_name");
    TRY(read_axes(axes, out));
    TRY(check_memory(out));
    TRY(find_fields(out));
    read_edge(out, axes[1]);
    return foreign_scalars_common(&out->facts, file, check);
}

/* ---- one trajectory ---- */

/* out[t][component][x][y] of `frames` planes of each component, `stride` planes from one time to
 * the next, from the array as it stands: an axis it lacks is repeated. */
static void spread(float *out, int64_t stride, int64_t frames, const float *values,
                   const struct foreign_layout_field *field, const struct foreign_facts *facts)
{
    const int64_t cells = facts->nx * facts->ny, parts = field->components;
    const int64_t step_y = field->by_axis[1] ? parts : 0;
    const int64_t step_x = field->by_axis[0] ? (field->by_axis[1] ? facts->ny : 1) * parts : 0;
    const int64_t plane = (field->by_axis[0] ? facts->nx : 1) * (field->by_axis[1] ? facts->ny : 1);
    const int64_t step_t = field->by_time ? plane * parts : 0;
    for (int64_t t = 0; t < frames; t++)
        for (int64_t c = 0; c < parts; c++)
            for (int64_t x = 0; x < facts->nx; x++)
                for (int64_t y = 0; y < facts->ny; y++)
                    out[(t * stride + c) * cells + x * facts->ny + y] =
                        values[t * step_t + x * step_x + y * step_y + c];
}

static enum status read_field(float *out, int64_t stride, int64_t frames,
                              const struct foreign_layout *layout,
                              const struct foreign_layout_field *field, int64_t trajectory)
{
    struct h5file_block block = {0};
    enum status status = OK;
    float *values = NULL;
    int64_t size = 1;
    block.rank = expected_dims(block.count, field, &layout->facts);
    if (field->by_sample) {
        block.first[0] = trajectory;
        block.count[0] = 1;
    }
    for (int i = 0; i < block.rank; i++)
        size *= block.count[i];
    TRY_GOTO(ARRAY_NEW(values, size), cleanup);
    TRY_GOTO(h5file_read(values, layout->file, field->path, H5FILE_F32, &block), cleanup);
    spread(out, stride, frames, values, field, &layout->facts);
cleanup:
    array_free(values);
    return status;
}

static void note_bad_value(struct foreign_facts_case *out, const char *what, int64_t cell,
                           int64_t frame, const struct foreign_facts *facts)
{
    snprintf(out->reason, sizeof out->reason, "%s at cell (%lld, %lld) of frame %lld is not finite",
             what, (long long)(cell / facts->ny), (long long)(cell % facts->ny), (long long)frame);
}

/* planes: sdf and mask where there are such, then the frames. Inside bodies anything goes. */
static void check_values(struct foreign_facts_case *out, const float *planes,
                         const struct foreign_facts *facts)
{
    static const char *const names[FRAME_FIELDS] = {"density", "velocity along x",
                                                    "velocity along y"};
    const int64_t cells = facts->nx * facts->ny;
    const int has_sdf = (facts->has & FOREIGN_FACTS_SDF) != 0;
    const int has_mask = (facts->has & FOREIGN_FACTS_MASK) != 0;
    const float *sdf = planes, *mask = sdf + (has_sdf ? cells : 0);
    const float *frames = mask + (has_mask ? cells : 0);
    for (int64_t i = 0; i < cells && out->reason[0] == '\0'; i++) {
        if (has_sdf && !isfinite(sdf[i]))
            note_bad_value(out, "sdf", i, 0, facts);
        if ((has_sdf && sdf[i] < 0) || (has_mask && mask[i] != 0.0F))
            continue;
        for (int64_t k = 0; k < facts->frames * FRAME_FIELDS; k++)
            if (!isfinite(frames[k * cells + i]))
                note_bad_value(out, names[k % FRAME_FIELDS], i, k / FRAME_FIELDS, facts);
    }
}

enum status foreign_layout_read(struct foreign_facts_case *out, void *fields,
                                const struct foreign_layout *layout, int64_t trajectory)
{
    const struct foreign_facts *facts = &layout->facts;
    const int64_t cells = facts->nx * facts->ny;
    double *series = fields;
    float *planes = fields;
    memset(out, 0, sizeof *out);
    TRY(foreign_scalars_case(out, layout->file, layout->check, facts, trajectory));
    if ((facts->has & FOREIGN_FACTS_FORCES) != 0) {
        TRY(foreign_scalars_forces(series, series + facts->frames, layout->file, facts,
                                   trajectory));
        planes = (float *)(series + 2 * facts->frames);
    }
    float *at = planes;
    if (layout->sdf.path != NULL) {
        TRY(read_field(at, 1, 1, layout, &layout->sdf, trajectory));
        at += cells;
    }
    if (layout->mask.path != NULL) {
        TRY(read_field(at, 1, 1, layout, &layout->mask, trajectory));
        at += cells;
    }
    TRY(read_field(at + FRAME_RHO * cells, FRAME_FIELDS, facts->frames, layout, &layout->density,
                   trajectory));
    TRY(read_field(at + FRAME_UX * cells, FRAME_FIELDS, facts->frames, layout, &layout->velocity,
                   trajectory));
    check_values(out, planes, facts);
    return OK;
}
