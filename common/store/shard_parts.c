/* SPDX-License-Identifier: Apache-2.0 */
#include "shard_parts.h"

#include "h5file_attribute.h"
#include "h5file_scale.h"

const char *const shard_parts_frame_scales[] = {"/sample", "/time", "/x", "/y", "/component"};
const char *const shard_parts_plane_scales[] = {"/sample", "/x", "/y"};

enum status shard_parts_add_group(struct h5file *file, const char *path, const char *list_key,
                                  const char *const *names, size_t count)
{
    TRY(h5file_add_group(file, path));
    return h5file_attribute_set_texts(file, path, list_key, names, count);
}

enum status shard_parts_describe(struct h5file *file, const char *path, const char *unit,
                                 const char *meaning)
{
    TRY(h5file_attribute_set_text(file, path, "units", unit));
    return h5file_attribute_set_text(file, path, "long_name", meaning);
}

enum status shard_parts_set_varying(struct h5file *file, const char *path, unsigned varying)
{
    TRY(h5file_attribute_set_switch(file, path, "sample_varying",
                                    (varying & SHARD_VARIES_BY_SAMPLE) != 0));
    return h5file_attribute_set_switch(file, path, "time_varying",
                                       (varying & SHARD_VARIES_BY_TIME) != 0);
}

enum status shard_parts_put_array(struct h5file *file, const char *path, enum h5file_type type,
                                  int rank, const int64_t *dims, const char *const *scales,
                                  const void *data)
{
    struct h5file_array array = {.type = type, .rank = rank};
    struct h5file_block block = {.rank = rank};
    for (int i = 0; i < rank; i++)
        array.dims[i] = block.count[i] = dims[i];
    TRY(h5file_add_array(file, path, &array));
    TRY(h5file_write(file, path, type, &block, data));
    return rank > 0 && scales != NULL ? h5file_scale_attach(file, path, scales, rank) : OK;
}
