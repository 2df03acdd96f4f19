/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "atomic_file.h"
#include "json.h"
#include "safetensors.h"
#include "safetensors_digest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 8, LENGTH_BYTES = 8, WIDTHS = 3 };

static const struct {
    const char *name;
    size_t width;
} types[] = {
    [SAFETENSORS_F32] = {"F32", 4},
    [SAFETENSORS_F64] = {"F64", 8},
    [SAFETENSORS_I64] = {"I64", 8},
    [SAFETENSORS_U8] = {"U8", 1},
};

struct safetensors_writer {
    struct safetensors_tensor *tensors;
    size_t count, capacity;
    struct json *metadata;
};

enum status safetensors_writer_create(struct safetensors_writer **out)
{
    enum status status = OK;
    struct safetensors_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    writer->metadata = json_make_object();
    if (writer->metadata == NULL)
        TRY_GOTO(ERR_MEMORY, cleanup);
    *out = writer;
    writer = NULL;
cleanup:
    safetensors_writer_destroy(writer);
    return status;
}

void safetensors_writer_destroy(struct safetensors_writer *writer)
{
    if (writer == NULL)
        return;
    json_destroy(writer->metadata);
    free(writer->tensors);
    free(writer);
}

static enum status check_name(const struct safetensors_writer *writer, const char *name)
{
    if (strlen(name) >= SAFETENSORS_NAME || strcmp(name, "__metadata__") == 0)
        return FAIL(ERR_INTERNAL, "'%.150s' is no name for a tensor", name);
    for (size_t i = 0; i < writer->count; i++)
        if (strcmp(writer->tensors[i].name, name) == 0)
            return FAIL(ERR_INTERNAL, "there are two tensors '%s'", name);
    return OK;
}

enum status safetensors_writer_add(struct safetensors_writer *writer, const char *name,
                                   enum safetensors_type type, const int64_t *dims, int64_t rank,
                                   const void *data)
{
    assert(rank >= 0 && rank <= SAFETENSORS_RANK);
    TRY(check_name(writer, name));
    struct safetensors_tensor tensor = {.type = type, .rank = rank, .data = data};
    memcpy(tensor.name, name, strlen(name) + 1);
    tensor.bytes = types[type].width;
    for (int64_t i = 0; i < rank; i++) {
        assert(dims[i] >= 0);
        tensor.dims[i] = dims[i];
        TRY(array_size(&tensor.bytes, tensor.bytes, (size_t)dims[i]));
    }
    struct safetensors_tensor *grown =
        array_grow(writer->tensors, &writer->capacity, writer->count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    writer->tensors = grown;
    grown[writer->count++] = tensor;
    return OK;
}

enum status safetensors_writer_add_metadata(struct safetensors_writer *writer, const char *key,
                                            const char *text)
{
    return json_set(writer->metadata, key, json_make_text(text));
}

static enum status add_entry(struct json *header, const struct safetensors_tensor *tensor,
                             size_t begin)
{
    const int64_t offsets[] = {(int64_t)begin, (int64_t)(begin + tensor->bytes)};
    struct json *entry = json_make_object();
    TRY(json_set(header, tensor->name, entry)); /* owned by the header from here on */
    TRY(json_set(entry, "dtype", json_make_text(types[tensor->type].name)));
    TRY(json_set(entry, "shape", json_make_integers(tensor->dims, (size_t)tensor->rank)));
    return json_set(entry, "data_offsets", json_make_integers(offsets, 2));
}

/* The order of the file: the widest types first, so that all are aligned. */
static const size_t widths[WIDTHS] = {8, 4, 1};

static enum status make_header(char **out, size_t *data_size,
                               const struct safetensors_writer *writer)
{
    enum status status = OK;
    size_t at = 0;
    struct json *header = json_make_object();
    if (json_count(writer->metadata) > 0)
        TRY_GOTO(json_set(header, "__metadata__", json_make_copy(writer->metadata)), cleanup);
    for (int w = 0; w < WIDTHS; w++)
        for (size_t i = 0; i < writer->count; i++) {
            if (types[writer->tensors[i].type].width != widths[w])
                continue;
            TRY_GOTO(add_entry(header, &writer->tensors[i], at), cleanup);
            at += writer->tensors[i].bytes;
        }
    TRY_GOTO(json_write(out, header, JSON_FORM_COMPACT), cleanup);
    *data_size = at;
cleanup:
    json_destroy(header);
    return status;
}

static void put_data(unsigned char *at, const struct safetensors_writer *writer)
{
    for (int w = 0; w < WIDTHS; w++)
        for (size_t i = 0; i < writer->count; i++) {
            const struct safetensors_tensor *tensor = &writer->tensors[i];
            if (types[tensor->type].width != widths[w] || tensor->bytes == 0)
                continue;
            memcpy(at, tensor->data, tensor->bytes);
            at += tensor->bytes;
        }
}

static enum status seal(struct safetensors_writer *writer)
{
    char digest[DIGEST_SIZE];
    TRY(safetensors_digest_make(digest, writer->metadata, writer->tensors, writer->count));
    return safetensors_writer_add_metadata(writer, SAFETENSORS_DIGEST_KEY, digest);
}

enum status safetensors_writer_save(struct safetensors_writer *writer, const char *path)
{
    enum status status = OK;
    char *header = NULL;
    unsigned char *file = NULL;
    size_t data_size = 0;
    TRY_GOTO(seal(writer), cleanup);
    TRY_GOTO(make_header(&header, &data_size, writer), cleanup);
    size_t length = strcspn(header, "\n");
    size_t padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    TRY_GOTO(ARRAY_NEW(file, LENGTH_BYTES + padded + data_size), cleanup);
    for (int i = 0; i < LENGTH_BYTES; i++)
        file[i] = (unsigned char)((uint64_t)padded >> (8 * i));
    memset(file + LENGTH_BYTES, ' ', padded);
    memcpy(file + LENGTH_BYTES, header, length);
    put_data(file + LENGTH_BYTES + padded, writer);
    TRY_GOTO(atomic_file_write(path, file, LENGTH_BYTES + padded + data_size), cleanup);
cleanup:
    free(header);
    array_free(file);
    return status;
}
