/* SPDX-License-Identifier: Apache-2.0 */
#include "h5file.h"

#include "array.h"
#include "h5file_private.h"

#include <stdio.h>
#include <stdlib.h>

enum { GZIP_LEVEL = 4, NAME_LENGTH = 64 };

/* The core driver takes two open files of one name for the same. */
static void make_name(char name[NAME_LENGTH], const struct h5file *file)
{
    snprintf(name, NAME_LENGTH, "memory-%p", (const void *)file);
}

/* Reproducible and ordered by creation: for files, groups and arrays. */
static hid_t creation(hid_t class)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    hid_t list = H5Pcreate(class);
    int bad = list < 0 || H5Pset_obj_track_times(list, 0) < 0 ||
              H5Pset_attr_creation_order(list, order) < 0;
    if (!bad && class != H5P_DATASET_CREATE)
        bad = H5Pset_link_creation_order(list, order) < 0;
    if (bad) {
        h5file_library_release(list);
        return -1;
    }
    return list;
}

void h5file_init(void)
{
    h5file_library_enter();
    H5dont_atexit();
    h5file_library_leave();
}

enum status h5file_create(struct h5file **out)
{
    const char *path = "a new file";
    char name[NAME_LENGTH];
    enum status status = OK;
    hid_t access = 0;
    hid_t list = 0;
    h5file_library_enter();
    struct h5file *file = calloc(1, sizeof *file);
    if (file == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    file->code = ERR_INTERNAL;
    TRY_H5(access = h5file_image_writing(file));
    TRY_H5(list = creation(H5P_FILE_CREATE));
    make_name(name, file);
    TRY_H5(file->id = H5Fcreate(name, H5F_ACC_TRUNC, list, access));
    *out = file;
    file = NULL;
cleanup:
    h5file_library_release(access); /* before the file it points to */
    h5file_library_release(list);
    free(file);
    h5file_library_leave();
    return status;
}

enum status h5file_open(struct h5file **out, const unsigned char *image, size_t size)
{
    const char *path = "the file";
    char name[NAME_LENGTH];
    enum status status = OK;
    hid_t access = 0;
    h5file_library_enter();
    struct h5file *file = calloc(1, sizeof *file);
    if (file == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    file->code = ERR_DATA;
    file->borrowed = (void *)image; /* opened read-only: the library does not write to it */
    TRY_H5(access = h5file_image_reading(file, size));
    make_name(name, file);
    TRY_H5(file->id = H5Fopen(name, H5F_ACC_RDONLY, access));
    *out = file;
    file = NULL;
cleanup:
    h5file_library_release(access); /* before the file it points to */
    free(file);
    h5file_library_leave();
    return status;
}

enum status h5file_finish(unsigned char **image, size_t *size, struct h5file *file)
{
    const char *path = "the file";
    enum status status = OK;
    h5file_library_enter();
    TRY_GOTO(h5file_scale_finish(file), cleanup);
    TRY_H5(H5Fclose(file->id));
    file->id = 0;
    if (file->image == NULL)
        TRY_GOTO(FAIL(ERR_INTERNAL, "the finished file has no bytes"), cleanup);
    *size = h5file_image_size(file->image);
    *image = file->image;
    file->image = NULL;
cleanup:
    h5file_library_leave();
    return status;
}

void h5file_close(struct h5file *file)
{
    if (file == NULL)
        return;
    h5file_library_enter();
    if (file->id > 0)
        H5Fclose(file->id);
    h5file_library_leave();
    free(file->image);
    array_free(file->ties);
    free(file);
}

/* ---- building ---- */

enum status h5file_add_group(struct h5file *file, const char *path)
{
    enum status status = OK;
    hid_t group = 0;
    hid_t list = 0;
    h5file_library_enter();
    TRY_H5(list = creation(H5P_GROUP_CREATE));
    TRY_H5(group = H5Gcreate2(file->id, path, H5P_DEFAULT, list, H5P_DEFAULT));
cleanup:
    h5file_library_release(group);
    h5file_library_release(list);
    h5file_library_leave();
    return status;
}

static int set_storage(hid_t list, const struct h5file_array *array)
{
    hsize_t chunk[H5FILE_RANK];
    if (array->rank == 0 || array->chunk[0] == 0)
        return 0;
    for (int i = 0; i < array->rank; i++)
        chunk[i] = (hsize_t)array->chunk[i];
    if (H5Pset_chunk(list, array->rank, chunk) < 0)
        return -1;
    if (array->fill != 0.0 && H5Pset_fill_value(list, H5T_NATIVE_DOUBLE, &array->fill) < 0)
        return -1;
    if (array->filter == H5FILE_GZIP &&
        (H5Pset_shuffle(list) < 0 || H5Pset_deflate(list, GZIP_LEVEL) < 0))
        return -1;
    return 0;
}

/* Makes an array and writes `data`, which is of `type` too, unless it is NULL. */
static enum status make_array(struct h5file *file, const char *path, hid_t type,
                              const struct h5file_array *array, const void *data)
{
    enum status status = OK;
    hid_t space = 0;
    hid_t list = 0;
    hid_t made = 0;
    TRY_H5(space = h5file_library_space(array->rank, array->dims));
    TRY_H5(list = creation(H5P_DATASET_CREATE));
    TRY_H5(set_storage(list, array));
    TRY_H5(made = H5Dcreate2(file->id, path, type, space, H5P_DEFAULT, list, H5P_DEFAULT));
    if (data != NULL)
        TRY_H5(H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data));
cleanup:
    h5file_library_release(made);
    h5file_library_release(list);
    h5file_library_release(space);
    return status;
}

enum status h5file_add_array(struct h5file *file, const char *path,
                             const struct h5file_array *array)
{
    enum status status = OK;
    hid_t type = 0;
    h5file_library_enter();
    TRY_H5(type = h5file_library_file_type(array->type));
    TRY_GOTO(make_array(file, path, type, array, NULL), cleanup);
cleanup:
    h5file_library_release(type);
    h5file_library_leave();
    return status;
}

enum status h5file_add_texts(struct h5file *file, const char *path, const char *const *texts,
                             size_t count)
{
    const struct h5file_array list = {.rank = 1, .dims = {(int64_t)count}};
    enum status status = OK;
    hid_t type = 0;
    h5file_library_enter();
    TRY_H5(type = h5file_library_text());
    TRY_GOTO(make_array(file, path, type, &list, texts), cleanup);
cleanup:
    h5file_library_release(type);
    h5file_library_leave();
    return status;
}

enum status h5file_link(struct h5file *file, const char *path, const char *existing)
{
    enum status status = OK;
    h5file_library_enter();
    TRY_H5(H5Lcreate_hard(file->id, existing, file->id, path, H5P_DEFAULT, H5P_DEFAULT));
cleanup:
    h5file_library_leave();
    return status;
}

/* ---- arrays that are there ---- */

/* An array, its shape, and the memory that a block of it goes to or comes from. */
struct view {
    hid_t array, space, memory, type;
};

static void close_view(struct view *view)
{
    h5file_library_release(view->type);
    h5file_library_release(view->memory);
    h5file_library_release(view->space);
    h5file_library_release(view->array);
}

static enum status open_view(struct view *view, struct h5file *file, const char *path)
{
    enum status status = OK;
    TRY_H5(view->array = H5Dopen2(file->id, path, H5P_DEFAULT));
    TRY_H5(view->space = H5Dget_space(view->array));
cleanup:
    return status;
}

static int select_block(hid_t space, const struct h5file_block *block)
{
    hsize_t first[H5FILE_RANK];
    hsize_t count[H5FILE_RANK];
    if (block->rank == 0)
        return 0;
    for (int i = 0; i < block->rank; i++) {
        first[i] = (hsize_t)block->first[i];
        count[i] = (hsize_t)block->count[i];
    }
    return H5Sselect_hyperslab(space, H5S_SELECT_SET, first, NULL, count, NULL);
}

/* The view of `block`, in memory as `type`. */
static enum status open_block(struct view *view, struct h5file *file, const char *path,
                              enum h5file_type type, const struct h5file_block *block)
{
    enum status status = OK;
    TRY_GOTO(open_view(view, file, path), cleanup);
    if (H5Sget_simple_extent_ndims(view->space) != block->rank ||
        select_block(view->space, block) < 0 || H5Sselect_valid(view->space) <= 0)
        TRY_GOTO(FAIL(file->code, "%s has another shape than expected", path), cleanup);
    TRY_H5(view->memory = h5file_library_space(block->rank, block->count));
    TRY_H5(view->type = h5file_library_memory_type(type));
cleanup:
    return status;
}

enum status h5file_write(struct h5file *file, const char *path, enum h5file_type type,
                         const struct h5file_block *block, const void *data)
{
    enum status status = OK;
    struct view view = {0};
    h5file_library_enter();
    TRY_GOTO(open_block(&view, file, path, type, block), cleanup);
    TRY_H5(H5Dwrite(view.array, view.type, view.memory, view.space, H5P_DEFAULT, data));
cleanup:
    close_view(&view);
    h5file_library_leave();
    return status;
}

enum status h5file_read(void *out, struct h5file *file, const char *path, enum h5file_type type,
                        const struct h5file_block *block)
{
    enum status status = OK;
    struct view view = {0};
    h5file_library_enter();
    TRY_GOTO(open_block(&view, file, path, type, block), cleanup);
    TRY_H5(H5Dread(view.array, view.type, view.memory, view.space, H5P_DEFAULT, out));
cleanup:
    close_view(&view);
    h5file_library_leave();
    return status;
}

enum status h5file_shrink(struct h5file *file, const char *path, int64_t count)
{
    enum status status = OK;
    hsize_t dims[H5FILE_RANK];
    struct view view = {0};
    h5file_library_enter();
    TRY_GOTO(open_view(&view, file, path), cleanup);
    TRY_H5(H5Sget_simple_extent_dims(view.space, dims, NULL));
    dims[0] = (hsize_t)count;
    TRY_H5(H5Dset_extent(view.array, dims));
cleanup:
    close_view(&view);
    h5file_library_leave();
    return status;
}

enum status h5file_get_dims(int64_t dims[H5FILE_RANK], int *rank, struct h5file *file,
                            const char *path)
{
    enum status status = OK;
    hsize_t sizes[H5FILE_RANK] = {0};
    struct view view = {0};
    h5file_library_enter();
    TRY_GOTO(open_view(&view, file, path), cleanup);
    TRY_H5(*rank = H5Sget_simple_extent_ndims(view.space));
    if (*rank > H5FILE_RANK)
        TRY_GOTO(FAIL(ERR_DATA, "%s has %d dimensions, more than %d", path, *rank, H5FILE_RANK),
                 cleanup);
    TRY_H5(H5Sget_simple_extent_dims(view.space, sizes, NULL));
    for (int i = 0; i < *rank; i++)
        dims[i] = (int64_t)sizes[i];
cleanup:
    close_view(&view);
    h5file_library_leave();
    return status;
}
