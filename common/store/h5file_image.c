/* SPDX-License-Identifier: Apache-2.0 */
#include "h5file_private.h"

#include <assert.h>
#include <stdlib.h>

enum { CORE_INCREMENT = 1 << 20 };

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
        h5file_library_release(access);
        return -1;
    }
    return access;
}

hid_t h5file_image_writing(struct h5file *file)
{
    H5FD_file_image_callbacks_t callbacks = {.image_realloc = grow_image,
                                             .image_free = keep_image,
                                             .udata_copy = same_context,
                                             .udata_free = leave_context,
                                             .udata = file};
    return core_access(&callbacks);
}

hid_t h5file_image_reading(struct h5file *file, size_t size)
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
        h5file_library_release(access);
        return -1;
    }
    return access;
}

size_t h5file_image_size(const unsigned char *image)
{
    enum { VERSION_AT = 8, END_AT = 28 };
    uint64_t end = 0;
    assert(image[VERSION_AT] == 2);
    for (int i = 7; i >= 0; i--)
        end = end << 8 | image[END_AT + i];
    return (size_t)end;
}
