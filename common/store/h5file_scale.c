/* SPDX-License-Identifier: Apache-2.0
 *
 * Dimension scales by their specification (HDF5 Dimension Scale Specification: the attributes CLASS
 * and NAME of a scale, DIMENSION_LIST of an array, REFERENCE_LIST of a scale) and not through the
 * high-level library, which rewrites REFERENCE_LIST once per attachment. */
#include "h5file_scale.h"

#include "array.h"
#include "h5file_private.h"

#include <assert.h>
#include <string.h>

enum { NAME_LENGTH = 64 };

/* Axis `axis` of the array `array` runs along the scale `scale`. */
struct h5file_tie {
    hobj_ref_t array;
    int axis;
    char scale[NAME_LENGTH];
};

/* One element of REFERENCE_LIST. */
struct back_reference {
    hobj_ref_t array;
    int axis;
    int padding; /* named, so that every byte of the file is defined */
};

/* The specification wants a fixed-length, null-terminated text here. */
static enum status put_fixed_text(struct h5file *file, const char *path, const char *key,
                                  const char *text)
{
    enum status status = OK;
    hid_t type = 0;
    TRY_H5(type = H5Tcopy(H5T_C_S1));
    TRY_H5(H5Tset_size(type, strlen(text) + 1));
    TRY_GOTO(h5file_attribute_put(file, path, key, type, type, 0, 1, text), cleanup);
cleanup:
    h5file_library_release(type);
    return status;
}

enum status h5file_scale_make(struct h5file *file, const char *path)
{
    enum status status = OK;
    h5file_library_enter();
    TRY_GOTO(put_fixed_text(file, path, "CLASS", "DIMENSION_SCALE"), cleanup);
    TRY_GOTO(put_fixed_text(file, path, "NAME", path + 1), cleanup);
cleanup:
    h5file_library_leave();
    return status;
}

static enum status remember_tie(struct h5file *file, hobj_ref_t array, int axis, const char *scale)
{
    struct h5file_tie *grown =
        array_grow(file->ties, &file->tie_capacity, file->tie_count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    file->ties = grown;
    struct h5file_tie *tie = &grown[file->tie_count++];
    memset(tie, 0, sizeof *tie);
    tie->array = array;
    tie->axis = axis;
    assert(strlen(scale) < NAME_LENGTH);
    memcpy(tie->scale, scale, strlen(scale) + 1);
    return OK;
}

enum status h5file_scale_attach(struct h5file *file, const char *path, const char *const *scales,
                                int rank)
{
    enum status status = OK;
    hobj_ref_t array = 0;
    hobj_ref_t targets[H5FILE_RANK];
    hvl_t lists[H5FILE_RANK];
    hid_t type = 0;
    h5file_library_enter();
    TRY_H5(type = H5Tvlen_create(H5T_STD_REF_OBJ));
    TRY_H5(H5Rcreate(&array, file->id, path, H5R_OBJECT, -1));
    for (int i = 0; i < rank; i++) {
        TRY_H5(H5Rcreate(&targets[i], file->id, scales[i], H5R_OBJECT, -1));
        lists[i] = (hvl_t){.len = 1, .p = &targets[i]};
        TRY_GOTO(remember_tie(file, array, i, scales[i]), cleanup);
    }
    TRY_GOTO(h5file_attribute_put(file, path, "DIMENSION_LIST", type, type, 1, (size_t)rank, lists),
             cleanup);
cleanup:
    h5file_library_release(type);
    h5file_library_leave();
    return status;
}

static hid_t back_reference_type(void)
{
    hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(struct back_reference));
    if (type < 0 ||
        H5Tinsert(type, "dataset", HOFFSET(struct back_reference, array), H5T_STD_REF_OBJ) < 0 ||
        H5Tinsert(type, "dimension", HOFFSET(struct back_reference, axis), H5T_NATIVE_INT) < 0) {
        h5file_library_release(type);
        return -1;
    }
    return type;
}

/* REFERENCE_LIST of one scale, if this is the first tie that names it. */
static enum status put_back_references(struct h5file *file, size_t first, hid_t type)
{
    const char *path = file->ties[first].scale;
    enum status status = OK;
    size_t count = 0;
    struct back_reference *list = NULL;
    for (size_t i = 0; i < first; i++)
        if (strcmp(file->ties[i].scale, path) == 0)
            return OK;
    TRY_GOTO(ARRAY_NEW(list, file->tie_count), cleanup);
    for (size_t i = first; i < file->tie_count; i++)
        if (strcmp(file->ties[i].scale, path) == 0)
            list[count++] = (struct back_reference){file->ties[i].array, file->ties[i].axis, 0};
    TRY_GOTO(h5file_attribute_put(file, path, "REFERENCE_LIST", type, type, 1, count, list),
             cleanup);
cleanup:
    array_free(list);
    return status;
}

enum status h5file_scale_finish(struct h5file *file)
{
    const char *path = "the file";
    enum status status = OK;
    hid_t type = 0;
    TRY_H5(type = back_reference_type());
    for (size_t i = 0; i < file->tie_count; i++)
        TRY_GOTO(put_back_references(file, i, type), cleanup);
cleanup:
    h5file_library_release(type);
    return status;
}
