/* SPDX-License-Identifier: Apache-2.0 */
#include "h5file_private.h"

#include <pthread.h>
#include <string.h>

enum { CAUSE_SIZE = 256 };

static pthread_mutex_t library_lock = PTHREAD_MUTEX_INITIALIZER;

void h5file_library_enter(void)
{
    pthread_mutex_lock(&library_lock);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* kept per thread by libhdf5 */
}

void h5file_library_leave(void)
{
    pthread_mutex_unlock(&library_lock);
}

struct cause {
    char text[CAUSE_SIZE];
    int no_memory;
};

static herr_t keep_cause(unsigned depth, const H5E_error2_t *entry, void *context)
{
    struct cause *cause = context;
    if (depth == 0 && entry->desc != NULL)
        strncat(cause->text, entry->desc, CAUSE_SIZE - 1);
    if (depth == 0)
        cause->no_memory = entry->maj_num == H5E_RESOURCE && entry->min_num == H5E_NOSPACE;
    return 0;
}

enum status h5file_library_check(int64_t result, enum status code, const char *path)
{
    if (result >= 0)
        return OK;
    struct cause cause = {.text = ""};
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_cause, &cause);
    H5Eclear2(H5E_DEFAULT);
    if (cause.no_memory && code == ERR_DATA)
        code = ERR_MEMORY;
    return FAIL(code, "HDF5: %s: %s", path, cause.text[0] != '\0' ? cause.text : "failed");
}

void h5file_library_release(hid_t id)
{
    if (id > 0)
        H5Idec_ref(id);
}

hid_t h5file_library_text(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type < 0 || H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
        h5file_library_release(type);
        return -1;
    }
    return type;
}

hid_t h5file_library_bool(void)
{
    const signed char no = 0, yes = 1;
    hid_t type = H5Tenum_create(H5T_STD_I8LE);
    if (type < 0 || H5Tenum_insert(type, "FALSE", &no) < 0 ||
        H5Tenum_insert(type, "TRUE", &yes) < 0) {
        h5file_library_release(type);
        return -1;
    }
    return type;
}

hid_t h5file_library_file_type(enum h5file_type type)
{
    switch (type) {
    case H5FILE_F32:
        return H5Tcopy(H5T_IEEE_F32LE);
    case H5FILE_F64:
        return H5Tcopy(H5T_IEEE_F64LE);
    case H5FILE_I64:
        return H5Tcopy(H5T_STD_I64LE);
    case H5FILE_BOOL:
        return h5file_library_bool();
    }
    return -1;
}

hid_t h5file_library_memory_type(enum h5file_type type)
{
    switch (type) {
    case H5FILE_F32:
        return H5Tcopy(H5T_NATIVE_FLOAT);
    case H5FILE_F64:
        return H5Tcopy(H5T_NATIVE_DOUBLE);
    case H5FILE_I64:
        return H5Tcopy(H5T_NATIVE_INT64);
    case H5FILE_BOOL:
        return h5file_library_bool();
    }
    return -1;
}

hid_t h5file_library_space(int rank, const int64_t *dims)
{
    hsize_t sizes[H5FILE_RANK];
    if (rank == 0)
        return H5Screate(H5S_SCALAR);
    for (int i = 0; i < rank; i++)
        sizes[i] = (hsize_t)dims[i];
    return H5Screate_simple(rank, sizes, NULL);
}
