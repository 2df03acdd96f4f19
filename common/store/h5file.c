/* SPDX-License-Identifier: Apache-2.0
 *
 * Dimension scales are written here by their specification (HDF5 Dimension Scale Specification: the
 * attributes CLASS and NAME of a scale, DIMENSION_LIST of an array, REFERENCE_LIST of a scale) and
 * not through the high-level library, which rewrites REFERENCE_LIST once per attachment. */
#include "h5file.h"

#include "array.h"

#include <hdf5.h>

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CORE_INCREMENT = 1 << 20, GZIP_LEVEL = 4, NAME_LENGTH = 64 };

/* Axis `axis` of the array `array` runs along the scale `scale`. */
struct tie {
    hobj_ref_t array;
    int axis;
    char scale[NAME_LENGTH];
};

struct h5file {
    hid_t id;
    enum status code; /* what a failure means: ERR_INTERNAL when writing, ERR_DATA when reading */
    struct tie *ties;
    size_t tie_count, tie_capacity;
    void *image;    /* writing: the library's buffer, ours once the file is closed */
    void *borrowed; /* reading: the caller's bytes */
};

/* One element of REFERENCE_LIST. */
struct back_reference {
    hobj_ref_t array;
    int axis;
    int padding; /* named, so that every byte of the file is defined */
};

static pthread_mutex_t library_lock = PTHREAD_MUTEX_INITIALIZER;

static void enter(void)
{
    pthread_mutex_lock(&library_lock);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* kept per thread by libhdf5 */
}

static void leave(void)
{
    pthread_mutex_unlock(&library_lock);
}

static herr_t keep_description(unsigned depth, const H5E_error2_t *entry, void *context)
{
    char *text = context;
    if (depth == 0 && entry->desc != NULL)
        strncat(text, entry->desc, 255);
    return 0;
}

/* `result` negative is a failure: records what libhdf5 says of its cause. */
static enum status check(int64_t result, enum status code, const char *path)
{
    if (result >= 0)
        return OK;
    char cause[256] = "";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_description, cause);
    H5Eclear2(H5E_DEFAULT);
    return FAIL(code, "HDF5: %s: %s", path, cause[0] != '\0' ? cause : "failed");
}

#define TRY_H5(call) TRY_GOTO(check((int64_t)(call), file->code, path), cleanup)

static void release(hid_t id)
{
    if (id > 0)
        H5Idec_ref(id);
}

void h5file_init(void)
{
    pthread_mutex_lock(&library_lock);
    H5dont_atexit();
    pthread_mutex_unlock(&library_lock);
}

/* ---- types ---- */

static hid_t text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type < 0 || H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
        release(type);
        return -1;
    }
    return type;
}

static hid_t bool_type(void)
{
    const signed char no = 0, yes = 1;
    hid_t type = H5Tenum_create(H5T_STD_I8LE);
    if (type < 0 || H5Tenum_insert(type, "FALSE", &no) < 0 ||
        H5Tenum_insert(type, "TRUE", &yes) < 0) {
        release(type);
        return -1;
    }
    return type;
}

/* A type of the file or of the memory, to be released. */
static hid_t value_type(enum h5file_type type, int in_memory)
{
    switch (type) {
    case H5FILE_F32:
        return H5Tcopy(in_memory ? H5T_NATIVE_FLOAT : H5T_IEEE_F32LE);
    case H5FILE_F64:
        return H5Tcopy(in_memory ? H5T_NATIVE_DOUBLE : H5T_IEEE_F64LE);
    case H5FILE_I64:
        return H5Tcopy(in_memory ? H5T_NATIVE_INT64 : H5T_STD_I64LE);
    case H5FILE_BOOL:
        return bool_type();
    }
    return -1;
}

static hid_t make_space(int rank, const int64_t *dims)
{
    hsize_t sizes[H5FILE_RANK];
    if (rank == 0)
        return H5Screate(H5S_SCALAR);
    for (int i = 0; i < rank; i++)
        sizes[i] = (hsize_t)dims[i];
    return H5Screate_simple(rank, sizes, NULL);
}

/* ---- files ---- */

/* The core driver's memory. Its buffer is taken over when the file is closed, without a copy.
 * (H5Fget_file_image of HDF5 1.10 clears a byte of the superblock without mending its checksum.) */
static void *grow_image(void *pointer, size_t size, H5FD_file_image_op_t operation, void *context)
{
    (void)operation;
    (void)context;
    return realloc(pointer, size);
}

static herr_t keep_image(void *pointer, H5FD_file_image_op_t operation, void *context)
{
    struct h5file *file = context;
    if (operation == H5FD_FILE_IMAGE_OP_FILE_CLOSE)
        file->image = pointer;
    else
        free(pointer);
    return 0;
}

static void *same_context(void *context)
{
    return context;
}

static herr_t leave_context(void *context)
{
    (void)context;
    return 0;
}

/* Reading works on the caller's bytes themselves: every buffer the library asks for is that one.
 * (H5LTopen_file_image does the same and leaks 72 bytes per file in HDF5 1.10.8.) */
static void *lend_image(size_t size, H5FD_file_image_op_t operation, void *context)
{
    struct h5file *file = context;
    (void)size;
    (void)operation;
    return file->borrowed;
}

static void *skip_copy(void *target, const void *source, size_t size,
                       H5FD_file_image_op_t operation, void *context)
{
    (void)source;
    (void)size;
    (void)operation;
    (void)context;
    return target;
}

static void *refuse_growth(void *pointer, size_t size, H5FD_file_image_op_t operation,
                           void *context)
{
    (void)pointer;
    (void)size;
    (void)operation;
    (void)context;
    return NULL;
}

static herr_t leave_image(void *pointer, H5FD_file_image_op_t operation, void *context)
{
    (void)pointer;
    (void)operation;
    (void)context;
    return 0;
}

static hid_t core_access(H5FD_file_image_callbacks_t *callbacks)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0 || H5Pset_fapl_core(access, CORE_INCREMENT, 0) < 0 ||
        H5Pset_file_image_callbacks(access, callbacks) < 0 ||
        H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) < 0) {
        release(access);
        return -1;
    }
    return access;
}

static hid_t writing_access(struct h5file *file)
{
    H5FD_file_image_callbacks_t callbacks = {.image_realloc = grow_image,
                                             .image_free = keep_image,
                                             .udata_copy = same_context,
                                             .udata_free = leave_context,
                                             .udata = file};
    return core_access(&callbacks);
}

static hid_t reading_access(struct h5file *file, size_t size)
{
    H5FD_file_image_callbacks_t callbacks = {.image_malloc = lend_image,
                                             .image_memcpy = skip_copy,
                                             .image_realloc = refuse_growth,
                                             .image_free = leave_image,
                                             .udata_copy = same_context,
                                             .udata_free = leave_context,
                                             .udata = file};
    hid_t access = core_access(&callbacks);
    if (access >= 0 && H5Pset_file_image(access, file->borrowed, size) < 0) {
        release(access);
        return -1;
    }
    return access;
}

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
        release(list);
        return -1;
    }
    return list;
}

enum status h5file_create(struct h5file **out)
{
    const char *path = "a new file";
    char name[NAME_LENGTH];
    enum status status = OK;
    hid_t access = 0;
    hid_t list = 0;
    enter();
    struct h5file *file = calloc(1, sizeof *file);
    if (file == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    file->code = ERR_INTERNAL;
    TRY_H5(access = writing_access(file));
    TRY_H5(list = creation(H5P_FILE_CREATE));
    make_name(name, file);
    TRY_H5(file->id = H5Fcreate(name, H5F_ACC_TRUNC, list, access));
    *out = file;
    file = NULL;
cleanup:
    release(access); /* before the file it points to */
    release(list);
    free(file);
    leave();
    return status;
}

enum status h5file_open(struct h5file **out, const unsigned char *image, size_t size)
{
    const char *path = "the file";
    char name[NAME_LENGTH];
    enum status status = OK;
    hid_t access = 0;
    enter();
    struct h5file *file = calloc(1, sizeof *file);
    if (file == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    file->code = ERR_DATA;
    file->borrowed = (void *)image; /* opened read-only: the library does not write to it */
    TRY_H5(access = reading_access(file, size));
    make_name(name, file);
    TRY_H5(file->id = H5Fopen(name, H5F_ACC_RDONLY, access));
    *out = file;
    file = NULL;
cleanup:
    release(access); /* before the file it points to */
    free(file);
    leave();
    return status;
}

void h5file_close(struct h5file *file)
{
    if (file == NULL)
        return;
    enter();
    if (file->id > 0)
        H5Fclose(file->id);
    leave();
    free(file->image);
    free(file->ties);
    free(file);
}

/* ---- building ---- */

enum status h5file_add_group(struct h5file *file, const char *path)
{
    enum status status = OK;
    hid_t group = 0;
    hid_t list = 0;
    enter();
    TRY_H5(list = creation(H5P_GROUP_CREATE));
    TRY_H5(group = H5Gcreate2(file->id, path, H5P_DEFAULT, list, H5P_DEFAULT));
cleanup:
    release(group);
    release(list);
    leave();
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

enum status h5file_add_array(struct h5file *file, const char *path,
                             const struct h5file_array *array)
{
    enum status status = OK;
    hid_t type = 0;
    hid_t space = 0;
    hid_t list = 0;
    hid_t made = 0;
    enter();
    TRY_H5(type = value_type(array->type, 0));
    TRY_H5(space = make_space(array->rank, array->dims));
    TRY_H5(list = creation(H5P_DATASET_CREATE));
    TRY_H5(set_storage(list, array));
    TRY_H5(made = H5Dcreate2(file->id, path, type, space, H5P_DEFAULT, list, H5P_DEFAULT));
cleanup:
    release(made);
    release(list);
    release(space);
    release(type);
    leave();
    return status;
}

enum status h5file_add_texts(struct h5file *file, const char *path, const char *const *texts,
                             size_t count)
{
    const int64_t dims[1] = {(int64_t)count};
    enum status status = OK;
    hid_t type = 0;
    hid_t space = 0;
    hid_t list = 0;
    hid_t made = 0;
    enter();
    TRY_H5(type = text_type());
    TRY_H5(space = make_space(1, dims));
    TRY_H5(list = creation(H5P_DATASET_CREATE));
    TRY_H5(made = H5Dcreate2(file->id, path, type, space, H5P_DEFAULT, list, H5P_DEFAULT));
    TRY_H5(H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts));
cleanup:
    release(made);
    release(list);
    release(space);
    release(type);
    leave();
    return status;
}

enum status h5file_shrink(struct h5file *file, const char *path, int64_t count)
{
    enum status status = OK;
    hsize_t dims[H5FILE_RANK];
    hid_t array = 0;
    hid_t space = 0;
    enter();
    TRY_H5(array = H5Dopen2(file->id, path, H5P_DEFAULT));
    TRY_H5(space = H5Dget_space(array));
    TRY_H5(H5Sget_simple_extent_dims(space, dims, NULL));
    dims[0] = (hsize_t)count;
    TRY_H5(H5Dset_extent(array, dims));
cleanup:
    release(space);
    release(array);
    leave();
    return status;
}

/* The selection `block` of the file's space, and a memory space of its size. */
static int select_block(hid_t *memory, hid_t space, const struct h5file_block *block)
{
    hsize_t first[H5FILE_RANK];
    hsize_t count[H5FILE_RANK];
    if (H5Sget_simple_extent_ndims(space) != block->rank)
        return -1;
    *memory = make_space(block->rank, block->count);
    if (*memory < 0)
        return -1;
    if (block->rank == 0)
        return 0;
    for (int i = 0; i < block->rank; i++) {
        first[i] = (hsize_t)block->first[i];
        count[i] = (hsize_t)block->count[i];
    }
    return H5Sselect_hyperslab(space, H5S_SELECT_SET, first, NULL, count, NULL) < 0 ||
                   H5Sselect_valid(space) <= 0
               ? -1
               : 0;
}

enum status h5file_write(struct h5file *file, const char *path, enum h5file_type type,
                         const struct h5file_block *block, const void *data)
{
    enum status status = OK;
    hid_t array = 0;
    hid_t space = 0;
    hid_t memory = 0;
    hid_t value = 0;
    enter();
    TRY_H5(value = value_type(type, 1));
    TRY_H5(array = H5Dopen2(file->id, path, H5P_DEFAULT));
    TRY_H5(space = H5Dget_space(array));
    TRY_H5(select_block(&memory, space, block));
    TRY_H5(H5Dwrite(array, value, memory, space, H5P_DEFAULT, data));
cleanup:
    release(memory);
    release(space);
    release(array);
    release(value);
    leave();
    return status;
}

enum status h5file_link(struct h5file *file, const char *path, const char *existing)
{
    enum status status = OK;
    enter();
    TRY_H5(H5Lcreate_hard(file->id, existing, file->id, path, H5P_DEFAULT, H5P_DEFAULT));
cleanup:
    leave();
    return status;
}

/* ---- attributes ---- */

/* Writes an attribute of the object at `path`; `rank` 0 or 1. */
static enum status put_attribute(struct h5file *file, const char *path, const char *key, hid_t type,
                                 hid_t memory_type, int rank, size_t count, const void *data)
{
    const int64_t dims[1] = {(int64_t)count};
    enum status status = OK;
    hid_t space = 0;
    hid_t made = 0;
    TRY_H5(space = make_space(rank, dims));
    TRY_H5(made = H5Acreate_by_name(file->id, path, key, type, space, H5P_DEFAULT, H5P_DEFAULT,
                                    H5P_DEFAULT));
    if (count > 0)
        TRY_H5(H5Awrite(made, memory_type, data));
cleanup:
    release(made);
    release(space);
    return status;
}

static enum status put_texts(struct h5file *file, const char *path, const char *key, int rank,
                             const char *const *texts, size_t count)
{
    enum status status = OK;
    hid_t type = 0;
    enter();
    TRY_H5(type = text_type());
    TRY_GOTO(put_attribute(file, path, key, type, type, rank, count, texts), cleanup);
cleanup:
    release(type);
    leave();
    return status;
}

enum status h5file_set_text(struct h5file *file, const char *path, const char *key,
                            const char *text)
{
    return put_texts(file, path, key, 0, &text, 1);
}

enum status h5file_set_texts(struct h5file *file, const char *path, const char *key,
                             const char *const *texts, size_t count)
{
    return put_texts(file, path, key, 1, texts, count);
}

enum status h5file_set_integer(struct h5file *file, const char *path, const char *key,
                               int64_t value)
{
    enter();
    enum status status =
        put_attribute(file, path, key, H5T_STD_I64LE, H5T_NATIVE_INT64, 0, 1, &value);
    leave();
    return status;
}

static enum status put_switches(struct h5file *file, const char *path, const char *key, int rank,
                                const unsigned char *values, size_t count)
{
    enum status status = OK;
    hid_t type = 0;
    enter();
    TRY_H5(type = bool_type());
    TRY_GOTO(put_attribute(file, path, key, type, type, rank, count, values), cleanup);
cleanup:
    release(type);
    leave();
    return status;
}

enum status h5file_set_switch(struct h5file *file, const char *path, const char *key, int value)
{
    unsigned char byte = value != 0;
    return put_switches(file, path, key, 0, &byte, 1);
}

enum status h5file_set_switches(struct h5file *file, const char *path, const char *key,
                                const unsigned char *values, size_t count)
{
    return put_switches(file, path, key, 1, values, count);
}

/* ---- dimension scales ---- */

/* The specification wants a fixed-length, null-terminated text here. */
static enum status put_fixed_text(struct h5file *file, const char *path, const char *key,
                                  const char *text)
{
    enum status status = OK;
    hid_t type = 0;
    TRY_H5(type = H5Tcopy(H5T_C_S1));
    TRY_H5(H5Tset_size(type, strlen(text) + 1));
    TRY_GOTO(put_attribute(file, path, key, type, type, 0, 1, text), cleanup);
cleanup:
    release(type);
    return status;
}

enum status h5file_make_scale(struct h5file *file, const char *path)
{
    enum status status = OK;
    enter();
    TRY_GOTO(put_fixed_text(file, path, "CLASS", "DIMENSION_SCALE"), cleanup);
    TRY_GOTO(put_fixed_text(file, path, "NAME", path + 1), cleanup);
cleanup:
    leave();
    return status;
}

static enum status remember_tie(struct h5file *file, hobj_ref_t array, int axis, const char *scale)
{
    struct tie *grown =
        array_grow(file->ties, &file->tie_capacity, file->tie_count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    file->ties = grown;
    struct tie *tie = &grown[file->tie_count++];
    memset(tie, 0, sizeof *tie);
    tie->array = array;
    tie->axis = axis;
    assert(strlen(scale) < NAME_LENGTH);
    memcpy(tie->scale, scale, strlen(scale) + 1);
    return OK;
}

enum status h5file_attach(struct h5file *file, const char *path, const char *const *scales,
                          int rank)
{
    enum status status = OK;
    hobj_ref_t array = 0;
    hobj_ref_t targets[H5FILE_RANK];
    hvl_t lists[H5FILE_RANK];
    hid_t type = 0;
    enter();
    TRY_H5(type = H5Tvlen_create(H5T_STD_REF_OBJ));
    TRY_H5(H5Rcreate(&array, file->id, path, H5R_OBJECT, -1));
    for (int i = 0; i < rank; i++) {
        TRY_H5(H5Rcreate(&targets[i], file->id, scales[i], H5R_OBJECT, -1));
        lists[i] = (hvl_t){.len = 1, .p = &targets[i]};
        TRY_GOTO(remember_tie(file, array, i, scales[i]), cleanup);
    }
    TRY_GOTO(put_attribute(file, path, "DIMENSION_LIST", type, type, 1, (size_t)rank, lists),
             cleanup);
cleanup:
    release(type);
    leave();
    return status;
}

static hid_t back_reference_type(void)
{
    hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(struct back_reference));
    if (type < 0 ||
        H5Tinsert(type, "dataset", HOFFSET(struct back_reference, array), H5T_STD_REF_OBJ) < 0 ||
        H5Tinsert(type, "dimension", HOFFSET(struct back_reference, axis), H5T_NATIVE_INT) < 0) {
        release(type);
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
    TRY_GOTO(put_attribute(file, path, "REFERENCE_LIST", type, type, 1, count, list), cleanup);
cleanup:
    array_free(list);
    return status;
}

/* The end of the file as its superblock (version 2) has it; the buffer is longer. */
static size_t end_of_file(const unsigned char *image)
{
    enum { VERSION_AT = 8, END_AT = 28 };
    uint64_t end = 0;
    assert(image[VERSION_AT] == 2);
    for (int i = 7; i >= 0; i--)
        end = end << 8 | image[END_AT + i];
    return (size_t)end;
}

enum status h5file_finish(unsigned char **image, size_t *size, struct h5file *file)
{
    const char *path = "the file";
    enum status status = OK;
    hid_t type = 0;
    enter();
    TRY_H5(type = back_reference_type());
    for (size_t i = 0; i < file->tie_count; i++)
        TRY_GOTO(put_back_references(file, i, type), cleanup);
    TRY_H5(H5Fclose(file->id));
    file->id = 0;
    if (file->image == NULL)
        TRY_GOTO(FAIL(ERR_INTERNAL, "the finished file has no bytes"), cleanup);
    *size = end_of_file(file->image);
    *image = file->image;
    file->image = NULL;
cleanup:
    release(type);
    leave();
    return status;
}

/* ---- reading ---- */

enum status h5file_get_dims(int64_t dims[H5FILE_RANK], int *rank, struct h5file *file,
                            const char *path)
{
    enum status status = OK;
    hsize_t sizes[H5FILE_RANK] = {0};
    hid_t array = 0;
    hid_t space = 0;
    enter();
    TRY_H5(array = H5Dopen2(file->id, path, H5P_DEFAULT));
    TRY_H5(space = H5Dget_space(array));
    TRY_H5(*rank = H5Sget_simple_extent_ndims(space));
    if (*rank > H5FILE_RANK)
        TRY_GOTO(FAIL(ERR_DATA, "%s has %d dimensions, more than %d", path, *rank, H5FILE_RANK),
                 cleanup);
    TRY_H5(H5Sget_simple_extent_dims(space, sizes, NULL));
    for (int i = 0; i < *rank; i++)
        dims[i] = (int64_t)sizes[i];
cleanup:
    release(space);
    release(array);
    leave();
    return status;
}

enum status h5file_read(void *out, struct h5file *file, const char *path, enum h5file_type type,
                        const struct h5file_block *block)
{
    enum status status = OK;
    hid_t array = 0;
    hid_t space = 0;
    hid_t memory = 0;
    hid_t value = 0;
    enter();
    TRY_H5(value = value_type(type, 1));
    TRY_H5(array = H5Dopen2(file->id, path, H5P_DEFAULT));
    TRY_H5(space = H5Dget_space(array));
    if (select_block(&memory, space, block) < 0)
        TRY_GOTO(FAIL(ERR_DATA, "%s has another shape than expected", path), cleanup);
    TRY_H5(H5Dread(array, value, memory, space, H5P_DEFAULT, out));
cleanup:
    release(memory);
    release(space);
    release(array);
    release(value);
    leave();
    return status;
}

enum status h5file_get_integer(int64_t *out, struct h5file *file, const char *path, const char *key)
{
    enum status status = OK;
    hid_t attribute = 0;
    enter();
    TRY_H5(attribute = H5Aopen_by_name(file->id, path, key, H5P_DEFAULT, H5P_DEFAULT));
    TRY_H5(H5Aread(attribute, H5T_NATIVE_INT64, out));
cleanup:
    release(attribute);
    leave();
    return status;
}
