/* SPDX-License-Identifier: Apache-2.0 */
#include "h5file_attribute.h"

#include "array.h"
#include "h5file_private.h"

#include <string.h>

enum status h5file_attribute_put(struct h5file *file, const char *path, const char *key, hid_t type,
                                 hid_t memory_type, int rank, size_t count, const void *data)
{
    const int64_t dims[1] = {(int64_t)count};
    enum status status = OK;
    hid_t space = 0;
    hid_t made = 0;
    TRY_H5(space = h5file_library_space(rank, dims));
    TRY_H5(made = H5Acreate_by_name(file->id, path, key, type, space, H5P_DEFAULT, H5P_DEFAULT,
                                    H5P_DEFAULT));
    if (count > 0)
        TRY_H5(H5Awrite(made, memory_type, data));
cleanup:
    h5file_library_release(made);
    h5file_library_release(space);
    return status;
}

/* Values of a type that is made for the purpose, the same in the file and in memory. */
typedef hid_t (*type_fn)(void);

static enum status put_values(struct h5file *file, const char *path, const char *key, type_fn make,
                              int rank, size_t count, const void *values)
{
    enum status status = OK;
    hid_t type = 0;
    h5file_library_enter();
    TRY_H5(type = make());
    TRY_GOTO(h5file_attribute_put(file, path, key, type, type, rank, count, values), cleanup);
cleanup:
    h5file_library_release(type);
    h5file_library_leave();
    return status;
}

enum status h5file_attribute_set_text(struct h5file *file, const char *path, const char *key,
                                      const char *text)
{
    return put_values(file, path, key, h5file_library_text, 0, 1, &text);
}

enum status h5file_attribute_set_texts(struct h5file *file, const char *path, const char *key,
                                       const char *const *texts, size_t count)
{
    return put_values(file, path, key, h5file_library_text, 1, count, texts);
}

enum status h5file_attribute_set_switch(struct h5file *file, const char *path, const char *key,
                                        int value)
{
    unsigned char byte = value != 0;
    return put_values(file, path, key, h5file_library_bool, 0, 1, &byte);
}

enum status h5file_attribute_set_switches(struct h5file *file, const char *path, const char *key,
                                          const unsigned char *values, size_t count)
{
    return put_values(file, path, key, h5file_library_bool, 1, count, values);
}

static enum status put_integers(struct h5file *file, const char *path, const char *key, int rank,
                                size_t count, const int64_t *values)
{
    h5file_library_enter();
    enum status status =
        h5file_attribute_put(file, path, key, H5T_STD_I64LE, H5T_NATIVE_INT64, rank, count, values);
    h5file_library_leave();
    return status;
}

enum status h5file_attribute_set_integer(struct h5file *file, const char *path, const char *key,
                                         int64_t value)
{
    return put_integers(file, path, key, 0, 1, &value);
}

enum status h5file_attribute_set_integers(struct h5file *file, const char *path, const char *key,
                                          const int64_t *values, size_t count)
{
    return put_integers(file, path, key, 1, count, values);
}

static enum status put_reals(struct h5file *file, const char *path, const char *key, int rank,
                             size_t count, const double *values)
{
    h5file_library_enter();
    enum status status = h5file_attribute_put(file, path, key, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE,
                                              rank, count, values);
    h5file_library_leave();
    return status;
}

enum status h5file_attribute_set_real(struct h5file *file, const char *path, const char *key,
                                      double value)
{
    return put_reals(file, path, key, 0, 1, &value);
}

enum status h5file_attribute_set_reals(struct h5file *file, const char *path, const char *key,
                                       const double *values, size_t count)
{
    return put_reals(file, path, key, 1, count, values);
}

enum status h5file_attribute_set_ascii(struct h5file *file, const char *path, const char *key,
                                       const char *text)
{
    enum status status = OK;
    hid_t type = 0;
    h5file_library_enter();
    TRY_H5(type = H5Tcopy(H5T_C_S1));
    TRY_H5(H5Tset_size(type, strlen(text)));
    TRY_H5(H5Tset_strpad(type, H5T_STR_NULLPAD));
    TRY_GOTO(h5file_attribute_put(file, path, key, type, type, 0, 1, text), cleanup);
cleanup:
    h5file_library_release(type);
    h5file_library_leave();
    return status;
}

/* ---- reading ---- */

/* An open attribute and how many values it has. */
static enum status open_values(hid_t *out, size_t *count, struct h5file *file, const char *path,
                               const char *key)
{
    enum status status = OK;
    hid_t space = 0;
    int64_t points = 0;
    TRY_H5(*out = H5Aopen_by_name(file->id, path, key, H5P_DEFAULT, H5P_DEFAULT));
    TRY_H5(space = H5Aget_space(*out));
    TRY_H5(points = H5Sget_simple_extent_npoints(space));
    *count = (size_t)points;
cleanup:
    h5file_library_release(space);
    return status;
}

enum status h5file_attribute_get_integers(int64_t *out, size_t count, struct h5file *file,
                                          const char *path, const char *key)
{
    enum status status = OK;
    hid_t attribute = 0;
    size_t found = 0;
    h5file_library_enter();
    TRY_GOTO(open_values(&attribute, &found, file, path, key), cleanup);
    if (found != count)
        TRY_GOTO(
            FAIL(file->code, "%s: attribute '%s' has %zu values, not %zu", path, key, found, count),
            cleanup);
    TRY_H5(H5Aread(attribute, H5T_NATIVE_INT64, out));
cleanup:
    h5file_library_release(attribute);
    h5file_library_leave();
    return status;
}

enum status h5file_attribute_get_integer(int64_t *out, struct h5file *file, const char *path,
                                         const char *key)
{
    return h5file_attribute_get_integers(out, 1, file, path, key);
}

/* Texts of variable length, which libhdf5 allocates. */
static enum status read_variable(char *out, size_t size, size_t count, struct h5file *file,
                                 const char *path, hid_t attribute, hid_t kind)
{
    enum status status = OK;
    hid_t type = 0;
    hid_t space = 0;
    char **texts = NULL;
    int read = 0;
    TRY_GOTO(ARRAY_NEW(texts, count), cleanup);
    TRY_H5(type = h5file_library_text());
    TRY_H5(H5Tset_cset(type, H5Tget_cset(kind)));
    TRY_H5(space = H5Aget_space(attribute));
    TRY_H5(H5Aread(attribute, type, texts));
    read = 1;
    for (size_t i = 0; i < count; i++) {
        size_t length = texts[i] != NULL ? strlen(texts[i]) : 0;
        if (length >= size)
            TRY_GOTO(FAIL(file->code, "%s: a text of %zu bytes is too long", path, length),
                     cleanup);
        memcpy(out + i * size, texts[i] != NULL ? texts[i] : "", length + 1);
    }
cleanup:
    if (read)
        (void)H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts);
    array_free(texts);
    h5file_library_release(space);
    h5file_library_release(type);
    return status;
}

static enum status read_fixed(char *out, size_t size, size_t count, struct h5file *file,
                              const char *path, hid_t attribute, hid_t kind)
{
    enum status status = OK;
    size_t length = H5Tget_size(kind);
    char *texts = NULL;
    if (length == 0 || length >= size)
        return FAIL(file->code, "%s: a text of %zu bytes is too long", path, length);
    TRY_GOTO(ARRAY_NEW(texts, count * length), cleanup);
    TRY_H5(H5Aread(attribute, kind, texts));
    for (size_t i = 0; i < count; i++) {
        memcpy(out + i * size, texts + i * length, length);
        out[i * size + length] = '\0';
    }
cleanup:
    array_free(texts);
    return status;
}

enum status h5file_attribute_get_texts(char *out, size_t size, size_t *count, size_t capacity,
                                       struct h5file *file, const char *path, const char *key)
{
    enum status status = OK;
    hid_t attribute = 0;
    hid_t kind = 0;
    h5file_library_enter();
    TRY_GOTO(open_values(&attribute, count, file, path, key), cleanup);
    TRY_H5(kind = H5Aget_type(attribute));
    if (H5Tget_class(kind) != H5T_STRING || *count > capacity)
        TRY_GOTO(FAIL(file->code, "%s: attribute '%s' is no list of at most %zu texts", path, key,
                      capacity),
                 cleanup);
    if (*count > 0 && H5Tis_variable_str(kind) > 0)
        TRY_GOTO(read_variable(out, size, *count, file, path, attribute, kind), cleanup);
    else if (*count > 0)
        TRY_GOTO(read_fixed(out, size, *count, file, path, attribute, kind), cleanup);
cleanup:
    h5file_library_release(kind);
    h5file_library_release(attribute);
    h5file_library_leave();
    return status;
}

int h5file_attribute_exists(struct h5file *file, const char *path, const char *key)
{
    h5file_library_enter();
    int exists = H5Aexists_by_name(file->id, path, key, H5P_DEFAULT) > 0;
    H5Eclear2(H5E_DEFAULT);
    h5file_library_leave();
    return exists;
}
