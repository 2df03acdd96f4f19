/* SPDX-License-Identifier: Apache-2.0 */
#include "h5file_survey.h"

#include "h5file_private.h"

#include <string.h>

struct survey {
    struct h5file *file;
    h5file_survey_fn visit;
    void *context;
    char path[H5FILE_SURVEY_PATH];
};

/* ---- one array ---- */

/* a * b, or INT64_MAX when that is more; both >= 0. */
static int64_t multiply(int64_t a, int64_t b)
{
    return b != 0 && a > INT64_MAX / b ? INT64_MAX : a * b;
}

static int64_t multiply_all(const hsize_t *dims, int rank, size_t size)
{
    int64_t bytes = (int64_t)(size < INT32_MAX ? size : INT32_MAX);
    for (int i = 0; i < rank; i++)
        bytes = multiply(bytes, dims[i] > INT64_MAX ? INT64_MAX : (int64_t)dims[i]);
    return bytes;
}

static enum h5file_survey_storage storage_of(H5D_layout_t layout)
{
    switch (layout) {
    case H5D_COMPACT:
        return H5FILE_SURVEY_COMPACT;
    case H5D_CONTIGUOUS:
        return H5FILE_SURVEY_CONTIGUOUS;
    case H5D_CHUNKED:
        return H5FILE_SURVEY_CHUNKED;
    case H5D_VIRTUAL:
        return H5FILE_SURVEY_VIRTUAL;
    default:
        return H5FILE_SURVEY_OTHER_STORAGE;
    }
}

/* Asks for numbers of filters alone: asking for more would look for plugins. */
static enum status describe_storage(struct h5file_survey_object *out, struct h5file *file,
                                    hid_t list)
{
    const char *path = out->path;
    enum status status = OK;
    int layout = 0;
    TRY_H5(layout = H5Pget_layout(list));
    out->storage = storage_of((H5D_layout_t)layout);
    if (out->storage != H5FILE_SURVEY_VIRTUAL)
        TRY_H5(out->external = H5Pget_external_count(list));
    TRY_H5(out->filter_count = H5Pget_nfilters(list));
    for (int i = 0; i < out->filter_count && i < H5FILE_SURVEY_FILTERS; i++) {
        unsigned flags = 0;
        size_t values = 0;
        TRY_H5(out->filters[i] =
                   H5Pget_filter2(list, (unsigned)i, &flags, &values, NULL, 0, NULL, NULL));
    }
cleanup:
    return status;
}

static enum status describe_shape(struct h5file_survey_object *out, struct h5file *file,
                                  hid_t array, hid_t list)
{
    const char *path = out->path;
    enum status status = OK;
    hsize_t dims[H5S_MAX_RANK] = {0};
    hid_t space = 0;
    hid_t type = 0;
    TRY_H5(space = H5Dget_space(array));
    TRY_H5(type = H5Dget_type(array));
    TRY_H5(out->rank = H5Sget_simple_extent_dims(space, dims, NULL));
    H5T_class_t class = H5Tget_class(type);
    out->numbers = class == H5T_INTEGER || class == H5T_FLOAT || class == H5T_ENUM;
    out->bytes = H5Sget_simple_extent_type(space) == H5S_NULL
                     ? 0
                     : multiply_all(dims, out->rank, H5Tget_size(type));
    for (int i = 0; i < out->rank && i < H5FILE_RANK; i++)
        out->dims[i] = dims[i] > INT64_MAX ? INT64_MAX : (int64_t)dims[i];
    if (out->storage == H5FILE_SURVEY_CHUNKED) {
        TRY_H5(H5Pget_chunk(list, H5S_MAX_RANK, dims));
        out->chunk_bytes = multiply_all(dims, out->rank, H5Tget_size(type));
    }
cleanup:
    h5file_library_release(type);
    h5file_library_release(space);
    return status;
}

static enum status describe_array(struct h5file_survey_object *out, struct h5file *file,
                                  hid_t array)
{
    const char *path = out->path;
    enum status status = OK;
    hid_t list = 0;
    TRY_H5(list = H5Dget_create_plist(array));
    TRY_GOTO(describe_storage(out, file, list), cleanup);
    if (out->storage != H5FILE_SURVEY_VIRTUAL && out->external == 0)
        TRY_GOTO(describe_shape(out, file, array, list), cleanup);
cleanup:
    h5file_library_release(list);
    return status;
}

/* ---- one object ---- */

static enum status describe_object(struct h5file_survey_object *out, struct h5file *file,
                                   hid_t object)
{
    const char *path = out->path;
    enum status status = OK;
    hobj_ref_t address = 0;
    H5G_info_t group;
    TRY_H5(H5Rcreate(&address, object, ".", H5R_OBJECT, -1));
    out->address = (uint64_t)address;
    switch (H5Iget_type(object)) {
    case H5I_GROUP:
        out->kind = H5FILE_SURVEY_GROUP;
        TRY_H5(H5Gget_info(object, &group));
        out->links = group.nlinks > INT64_MAX ? INT64_MAX : (int64_t)group.nlinks;
        break;
    case H5I_DATASET:
        out->kind = H5FILE_SURVEY_ARRAY;
        TRY_GOTO(describe_array(out, file, object), cleanup);
        break;
    case H5I_DATATYPE:
        out->kind = H5FILE_SURVEY_TYPE;
        break;
    default:
        TRY_GOTO(FAIL(file->code, "%s is neither group nor array nor type", path), cleanup);
    }
cleanup:
    return status;
}

static enum status visit_group(struct survey *survey, hid_t group, size_t length, int depth);

static enum status visit_object(struct survey *survey, hid_t group, const char *name, size_t length,
                                int depth)
{
    struct h5file *file = survey->file;
    const char *path = survey->path;
    struct h5file_survey_object object = {.depth = depth};
    enum status status = OK;
    hid_t id = 0;
    memcpy(object.path, survey->path, sizeof object.path);
    TRY_H5(id = H5Oopen(group, name, H5P_DEFAULT));
    TRY_GOTO(describe_object(&object, file, id), cleanup);
    TRY_GOTO(survey->visit(survey->context, &object), cleanup);
    if (object.kind == H5FILE_SURVEY_GROUP)
        TRY_GOTO(visit_group(survey, id, length, depth + 1), cleanup);
cleanup:
    h5file_library_release(id);
    return status;
}

static enum status visit_foreign_link(struct survey *survey, H5L_type_t type, int depth)
{
    struct h5file_survey_object object = {.depth = depth, .kind = H5FILE_SURVEY_OTHER_LINK};
    memcpy(object.path, survey->path, sizeof object.path);
    if (type == H5L_TYPE_SOFT)
        object.kind = H5FILE_SURVEY_SOFT_LINK;
    if (type == H5L_TYPE_EXTERNAL)
        object.kind = H5FILE_SURVEY_EXTERNAL_LINK;
    return survey->visit(survey->context, &object);
}

/* Link `index` of the group whose path has `length` bytes. */
static enum status visit_link(struct survey *survey, hid_t group, hsize_t index, size_t length,
                              int depth)
{
    struct h5file *file = survey->file;
    char *path = survey->path;
    char name[H5FILE_SURVEY_PATH];
    enum status status = OK;
    H5L_info_t link;
    int64_t bytes = 0;
    path[length] = '\0';
    TRY_H5(bytes = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, name,
                                      sizeof name, H5P_DEFAULT));
    if (bytes == 0 || length + 1 + (size_t)bytes >= H5FILE_SURVEY_PATH)
        TRY_GOTO(FAIL(file->code, "%s has a link whose name has %lld bytes",
                      length > 0 ? path : "/", (long long)bytes),
                 cleanup);
    path[length] = '/';
    memcpy(path + length + 1, name, (size_t)bytes + 1);
    TRY_H5(H5Lget_info_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, &link, H5P_DEFAULT));
    if (link.type != H5L_TYPE_HARD)
        TRY_GOTO(visit_foreign_link(survey, link.type, depth), cleanup);
    else
        TRY_GOTO(visit_object(survey, group, name, length + 1 + (size_t)bytes, depth), cleanup);
cleanup:
    return status;
}

static enum status visit_group(struct survey *survey, hid_t group, size_t length, int depth)
{
    struct h5file *file = survey->file;
    const char *path = survey->path;
    enum status status = OK;
    H5G_info_t info;
    TRY_H5(H5Gget_info(group, &info));
    for (hsize_t i = 0; i < info.nlinks; i++)
        TRY_GOTO(visit_link(survey, group, i, length, depth), cleanup);
cleanup:
    return status;
}

/* The root itself is shown too, as "/", at depth 0. */
static enum status visit_root(struct survey *survey, hid_t root)
{
    struct h5file_survey_object object = {.path = "/"};
    TRY(describe_object(&object, survey->file, root));
    TRY(survey->visit(survey->context, &object));
    return visit_group(survey, root, 0, 1);
}

enum status h5file_survey_run(struct h5file *file, h5file_survey_fn visit, void *context)
{
    struct survey survey = {.file = file, .visit = visit, .context = context};
    const char *path = "/";
    enum status status = OK;
    hid_t root = 0;
    h5file_library_enter();
    (void)H5PLset_loading_state(0); /* no code from elsewhere */
    TRY_H5(root = H5Gopen2(file->id, "/", H5P_DEFAULT));
    TRY_GOTO(visit_root(&survey, root), cleanup);
cleanup:
    h5file_library_release(root);
    h5file_library_leave();
    return status;
}
