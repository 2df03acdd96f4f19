/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign_scalars.h"

#include "h5file_attribute.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 64, NAMES = 4, INTERVAL_LIMIT = 1 << 24, REFINE_LIMIT = 64, FAMILIES = 64 };

/* Other people's names of our facts. */
static const char *const aliases[][NAMES] = {
    {"Re", "reynolds", "Reynolds", "reynolds_number"},
    {"U", "speed", "inflow_speed", "inflow_velocity"},
    {"D", "length", "diameter", "characteristic_length"},
    {"nu", "viscosity", "kinematic_viscosity", "Nu"},
};

/* A scalar by its name; NULL when there is none of numbers. */
static const struct h5file_survey_object *
find_scalar(char path[PATH], const struct foreign_check *check, const char *name)
{
    snprintf(path, PATH, "/scalars/%s", name);
    const struct h5file_survey_object *found = foreign_check_find(check, path);
    return found != NULL && found->kind == H5FILE_SURVEY_ARRAY && found->numbers && found->bytes > 0
               ? found
               : NULL;
}

/* By one of its names, the first of which is ours. */
static const struct h5file_survey_object *
find_fact(char path[PATH], const struct foreign_check *check, const char *name)
{
    const struct h5file_survey_object *found = find_scalar(path, check, name);
    for (size_t i = 0; found == NULL && i < sizeof aliases / sizeof aliases[0]; i++)
        for (int k = 1; strcmp(aliases[i][0], name) == 0 && found == NULL && k < NAMES; k++)
            found = find_scalar(path, check, aliases[i][k]);
    return found;
}

static int varies(struct h5file *file, const char *path, const char *key)
{
    int64_t value = 0;
    return h5file_attribute_get_integer(&value, file, path, key) == OK && value != 0;
}

/* The value of one trajectory, the first where it varies in time. */
static enum status read_value(double *out, struct h5file *file,
                              const struct h5file_survey_object *scalar,
                              const struct foreign_facts *facts, int64_t trajectory)
{
    struct h5file_block block = {.rank = scalar->rank, .count = {1, 1, 1, 1, 1}};
    if (scalar->rank > 0 && varies(file, scalar->path, "sample_varying")) {
        if (scalar->dims[0] != facts->trajectories)
            return FAIL(ERR_DATA, "%s has %lld entries for %lld trajectories", scalar->path,
                        (long long)scalar->dims[0], (long long)facts->trajectories);
        block.first[0] = trajectory;
    }
    return h5file_read(out, file, scalar->path, H5FILE_F64, &block);
}

/* A whole number within low .. high; 0 when the file does not say one. */
static enum status read_whole(int64_t *out, struct h5file *file, const struct foreign_check *check,
                              const struct foreign_facts *facts, const char *name, int64_t high)
{
    char path[PATH];
    double value = 0;
    const struct h5file_survey_object *scalar = find_scalar(path, check, name);
    *out = 0;
    if (scalar == NULL)
        return OK;
    TRY(read_value(&value, file, scalar, facts, 0));
    if (value >= 1 && value <= (double)high && floor(value) == value)
        *out = (int64_t)value;
    return OK;
}

static int is_series(const struct h5file_survey_object *scalar, const struct foreign_facts *facts)
{
    return scalar != NULL && scalar->rank == 2 && scalar->dims[0] == facts->trajectories &&
           scalar->dims[1] == facts->frames;
}

enum status foreign_scalars_common(struct foreign_facts *facts, struct h5file *file,
                                   const struct foreign_check *check)
{
    char drag[PATH], lift[PATH];
    TRY(read_whole(&facts->frame_interval, file, check, facts, "frame_interval", INTERVAL_LIMIT));
    TRY(read_whole(&facts->refine, file, check, facts, "refine", REFINE_LIMIT));
    if (is_series(find_scalar(drag, check, "Cd"), facts) &&
        is_series(find_scalar(lift, check, "Cl"), facts))
        facts->has |= FOREIGN_FACTS_FORCES;
    return OK;
}

/* Our own files name the family: by its place in a list. */
static enum status read_family(char out[FLOW_NAME_SIZE], struct h5file *file,
                               const struct foreign_check *check, const struct foreign_facts *facts,
                               int64_t trajectory)
{
    char path[PATH], names[FAMILIES][FLOW_NAME_SIZE];
    double place = 0;
    size_t count = 0;
    const struct h5file_survey_object *scalar = find_scalar(path, check, "shape_id");
    out[0] = '\0';
    if (scalar == NULL || !h5file_attribute_exists(file, path, "families"))
        return OK;
    TRY(read_value(&place, file, scalar, facts, trajectory));
    TRY(h5file_attribute_get_texts(names[0], FLOW_NAME_SIZE, &count, FAMILIES, file, path,
                                   "families"));
    if (place >= 0 && place < (double)count)
        memcpy(out, names[(size_t)place], FLOW_NAME_SIZE);
    return OK;
}

enum status foreign_scalars_case(struct foreign_facts_case *out, struct h5file *file,
                                 const struct foreign_check *check,
                                 const struct foreign_facts *facts, int64_t trajectory)
{
    char path[PATH];
    double first = 0;
    for (int i = 0; i < DATASET_LAYOUT_FACTS; i++) {
        const struct h5file_survey_object *scalar =
            find_fact(path, check, dataset_layout_facts[i].name);
        out->facts[i] = NAN;
        if (scalar != NULL)
            TRY(read_value(&out->facts[i], file, scalar, facts, trajectory));
    }
    out->first_step = -1;
    const struct h5file_survey_object *scalar = find_scalar(path, check, "first_step");
    if (scalar != NULL)
        TRY(read_value(&first, file, scalar, facts, trajectory));
    if (scalar != NULL && first >= 0 && first < 1e15)
        out->first_step = (int64_t)first;
    return read_family(out->family, file, check, facts, trajectory);
}

enum status foreign_scalars_forces(double *drag, double *lift, struct h5file *file,
                                   const struct foreign_facts *facts, int64_t trajectory)
{
    const struct h5file_block block = {
        .rank = 2, .first = {trajectory}, .count = {1, facts->frames}};
    TRY(h5file_read(drag, file, "/scalars/Cd", H5FILE_F64, &block));
    return h5file_read(lift, file, "/scalars/Cl", H5FILE_F64, &block);
}
