/* SPDX-License-Identifier: Apache-2.0 */
#include "shard_scalars.h"

#include "array.h"
#include "h5file_attribute.h"
#include "shard_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FACTS = DATASET_LAYOUT_FACTS,
    SCALARS = DATASET_LAYOUT_SCALARS,
    OTHERS = SCALARS - FACTS,
    PATH = 64
};

/* The names in /scalars@field_names: the facts, then these. */
static const char *const others[OTHERS] = {"shape_id", "first_step",     "Cd",
                                           "Cl",       "frame_interval", "refine"};

struct shard_scalars {
    const struct dataset_layout *layout;
    int64_t capacity, count;
    double *facts;                 /* [FACTS][capacity] */
    int64_t *shapes, *first_steps; /* [capacity] */
    double *drag, *lift;           /* [capacity][frames] */
};

static enum status allocate(struct shard_scalars *scalars)
{
    const int64_t capacity = scalars->capacity;
    const int64_t frames = scalars->layout->frames;
    TRY(ARRAY_NEW(scalars->facts, FACTS * capacity));
    TRY(ARRAY_NEW(scalars->shapes, capacity));
    TRY(ARRAY_NEW(scalars->first_steps, capacity));
    TRY(ARRAY_NEW(scalars->drag, capacity * frames));
    return ARRAY_NEW(scalars->lift, capacity * frames);
}

enum status shard_scalars_create(struct shard_scalars **out, const struct dataset_layout *layout,
                                 int64_t capacity)
{
    enum status status = OK;
    struct shard_scalars *scalars = calloc(1, sizeof *scalars);
    if (scalars == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    scalars->layout = layout;
    scalars->capacity = capacity;
    TRY_GOTO(allocate(scalars), cleanup);
    *out = scalars;
    scalars = NULL;
cleanup:
    shard_scalars_destroy(scalars);
    return status;
}

void shard_scalars_destroy(struct shard_scalars *scalars)
{
    if (scalars == NULL)
        return;
    array_free(scalars->facts);
    array_free(scalars->shapes);
    array_free(scalars->first_steps);
    array_free(scalars->drag);
    array_free(scalars->lift);
    free(scalars);
}

void shard_scalars_append(struct shard_scalars *scalars, const struct case_record *record,
                          int64_t shape)
{
    const int64_t frames = scalars->layout->frames;
    const int64_t at = scalars->count++;
    for (int64_t i = 0; i < FACTS; i++)
        memcpy(&scalars->facts[i * scalars->capacity + at],
               (const char *)&record->flow + dataset_layout_facts[i].offset, sizeof(double));
    scalars->shapes[at] = shape;
    scalars->first_steps[at] = record->flow.first_step;
    memcpy(scalars->drag + at * frames, record->drag, (size_t)frames * sizeof(double));
    memcpy(scalars->lift + at * frames, record->lift, (size_t)frames * sizeof(double));
}

/* ---- into the file ---- */

static enum status put_per_case(struct h5file *file, const char *name, enum h5file_type type,
                                int64_t count, const void *values, const char *unit,
                                const char *meaning)
{
    char path[PATH];
    snprintf(path, sizeof path, "/scalars/%s", name);
    TRY(shard_parts_put_array(file, path, type, 1, &count, shard_parts_plane_scales, values));
    TRY(shard_parts_set_varying(file, path, SHARD_VARIES_BY_SAMPLE));
    return shard_parts_describe(file, path, unit, meaning);
}

static enum status put_per_frame(struct h5file *file, const char *path,
                                 const struct shard_scalars *scalars, const double *values,
                                 const char *meaning)
{
    const int64_t dims[] = {scalars->count, scalars->layout->frames};
    TRY(shard_parts_put_array(file, path, H5FILE_F64, 2, dims, shard_parts_frame_scales, values));
    TRY(shard_parts_set_varying(file, path, SHARD_VARIES_BY_SAMPLE | SHARD_VARIES_BY_TIME));
    return shard_parts_describe(file, path, "1", meaning);
}

static enum status put_common(struct h5file *file, const char *path, int64_t value,
                              const char *unit, const char *meaning)
{
    TRY(shard_parts_put_array(file, path, H5FILE_I64, 0, NULL, NULL, &value));
    TRY(shard_parts_set_varying(file, path, SHARD_CONSTANT));
    return shard_parts_describe(file, path, unit, meaning);
}

static enum status put_facts(struct h5file *file, const struct shard_scalars *scalars)
{
    const char *names[SCALARS];
    for (int i = 0; i < FACTS; i++)
        names[i] = dataset_layout_facts[i].name;
    for (int i = 0; i < OTHERS; i++)
        names[FACTS + i] = others[i];
    TRY(shard_parts_add_group(file, "/scalars", "field_names", names, SCALARS));
    for (int64_t i = 0; i < FACTS; i++)
        TRY(put_per_case(file, names[i], H5FILE_F64, scalars->count,
                         scalars->facts + i * scalars->capacity, dataset_layout_facts[i].unit,
                         dataset_layout_facts[i].meaning));
    return OK;
}

static enum status put_coefficients(struct h5file *file, const struct shard_scalars *scalars)
{
    TRY(put_per_frame(file, "/scalars/Cd", scalars, scalars->drag,
                      "drag coefficient, mean over the interval that ends with the frame"));
    return put_per_frame(file, "/scalars/Cl", scalars, scalars->lift,
                         "lift coefficient, mean over the interval that ends with the frame");
}

enum status shard_scalars_put(struct h5file *file, const struct shard_scalars *scalars,
                              const char *const *families, size_t family_count)
{
    TRY(put_facts(file, scalars));
    TRY(put_per_case(file, "shape_id", H5FILE_I64, scalars->count, scalars->shapes, "1",
                     "place of the bodies' family in the attribute families"));
    TRY(h5file_attribute_set_texts(file, "/scalars/shape_id", "families", families, family_count));
    TRY(put_per_case(file, "first_step", H5FILE_I64, scalars->count, scalars->first_steps,
                     "canvas steps", "instant of frame 0, counted from rest"));
    TRY(put_coefficients(file, scalars));
    TRY(put_common(file, "/scalars/frame_interval", scalars->layout->frame_interval, "canvas steps",
                   "from frame to frame"));
    return put_common(file, "/scalars/refine", scalars->layout->refine, "1",
                      "solver cells per canvas cell and axis");
}
