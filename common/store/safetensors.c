/* SPDX-License-Identifier: Apache-2.0
 *
 * What the reader refuses beyond the format's own rules: tensors that are not aligned for their
 * type (no writer of note makes them), other types than the four, and more than 8 dimensions. */
#include "safetensors.h"

#include "array.h"
#include "json.h"
#include "plain_file.h"
#include "safetensors_digest.h"

#include <stdlib.h>
#include <string.h>

/* A header of a mebibyte holds ten thousand tensors and costs 50 MB at worst while it is parsed. */
enum { HEADER_LIMIT = 1 << 20, LENGTH_BYTES = 8 };

struct safetensors {
    char *path;
    int source;          /* open until the data was read */
    unsigned char *data; /* NULL until then */
    size_t data_size;
    struct json *header;
    struct safetensors_tensor *tensors;
    size_t *begins; /* of the tensors in the data */
    int64_t count;
};

/* ---- one tensor ---- */

static enum status read_type(struct safetensors_tensor *tensor, size_t *width,
                             const struct json *entry)
{
    static const struct {
        const char *name;
        enum safetensors_type type;
        size_t width;
    } known[] = {{"F32", SAFETENSORS_F32, 4},
                 {"F64", SAFETENSORS_F64, 8},
                 {"I64", SAFETENSORS_I64, 8},
                 {"U8", SAFETENSORS_U8, 1}};
    const char *name = NULL;
    TRY(json_get_text(&name, entry, "dtype"));
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(name, known[i].name) == 0) {
            tensor->type = known[i].type;
            *width = known[i].width;
            return OK;
        }
    return FAIL(ERR_DATA, "type '%s' is not read; F32, F64, I64 and U8 are", name);
}

/* dims and, from them, bytes. */
static enum status read_shape(struct safetensors_tensor *tensor, size_t width,
                              const struct json *entry)
{
    const struct json *shape = NULL;
    TRY(json_get_array(&shape, entry, "shape"));
    if (json_count(shape) > SAFETENSORS_RANK)
        return FAIL(ERR_DATA, "%zu dimensions, at most %d are read", json_count(shape),
                    SAFETENSORS_RANK);
    tensor->rank = (int64_t)json_count(shape);
    tensor->bytes = width;
    for (int64_t i = 0; i < tensor->rank; i++) {
        TRY(json_as_integer(&tensor->dims[i], json_at(shape, (size_t)i)));
        if (tensor->dims[i] < 0)
            return FAIL(ERR_DATA, "dimension %lld is %lld", (long long)i,
                        (long long)tensor->dims[i]);
        if (array_size(&tensor->bytes, tensor->bytes, (size_t)tensor->dims[i]) != OK)
            return FAIL(ERR_DATA, "its shape is too large");
    }
    return OK;
}

static enum status read_offsets(size_t *out, const struct safetensors_tensor *tensor, size_t width,
                                const struct safetensors *file, const struct json *entry)
{
    const struct json *offsets = NULL;
    int64_t begin = 0;
    int64_t end = 0;
    TRY(json_get_array(&offsets, entry, "data_offsets"));
    if (json_count(offsets) != 2)
        return FAIL(ERR_DATA, "%zu offsets instead of 2", json_count(offsets));
    TRY(json_as_integer(&begin, json_at(offsets, 0)));
    TRY(json_as_integer(&end, json_at(offsets, 1)));
    if (begin < 0 || end < begin || (uint64_t)end > file->data_size)
        return FAIL(ERR_DATA, "its bytes are %lld .. %lld, the file has %zu", (long long)begin,
                    (long long)end, file->data_size);
    if ((size_t)(end - begin) != tensor->bytes)
        return FAIL(ERR_DATA, "it has %lld bytes, its shape and type say %zu",
                    (long long)(end - begin), tensor->bytes);
    if ((size_t)begin % width != 0)
        return FAIL(ERR_DATA, "its bytes begin at %lld, not a multiple of %zu", (long long)begin,
                    width);
    *out = (size_t)begin;
    return OK;
}

static enum status read_tensor(struct safetensors_tensor *tensor, size_t *begin,
                               const struct safetensors *file, const struct json *entry)
{
    size_t width = 0;
    if (json_kind(entry) != JSON_KIND_OBJECT || json_count(entry) != 3)
        return FAIL(ERR_DATA, "it needs dtype, shape, data_offsets and nothing else");
    TRY(read_type(tensor, &width, entry));
    TRY(read_shape(tensor, width, entry));
    return read_offsets(begin, tensor, width, file, entry);
}

/* ---- the header ---- */

static enum status check_metadata(const struct json *metadata)
{
    struct json_member member = {0};
    const char *text = NULL;
    if (json_kind(metadata) != JSON_KIND_OBJECT)
        return FAIL(ERR_DATA, "__metadata__ is no object");
    while (json_next(&member, metadata))
        if (json_as_text(&text, member.value) != OK)
            return FAIL(ERR_DATA, "__metadata__ '%s' is no text", member.key);
    return OK;
}

static enum status read_tensors(struct safetensors *file)
{
    struct json_member member = {0};
    TRY(ARRAY_NEW(file->tensors, json_count(file->header)));
    TRY(ARRAY_NEW(file->begins, json_count(file->header)));
    while (json_next(&member, file->header)) {
        if (strcmp(member.key, "__metadata__") == 0) {
            TRY(check_metadata(member.value));
            continue;
        }
        struct safetensors_tensor *tensor = &file->tensors[file->count];
        if (strlen(member.key) >= SAFETENSORS_NAME)
            return FAIL(ERR_DATA, "the name '%.20s...' is longer than %d bytes", member.key,
                        SAFETENSORS_NAME - 1);
        memcpy(tensor->name, member.key, strlen(member.key) + 1);
        enum status status = read_tensor(tensor, &file->begins[file->count++], file, member.value);
        if (status != OK)
            return error_prefix(status, "tensor '%s'", tensor->name);
    }
    return OK;
}

/* Where a tensor stands in the data. */
struct place {
    size_t begin;
    const struct safetensors_tensor *tensor;
};

static int compare_places(const void *first, const void *second)
{
    const struct place *a = first, *b = second;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    return (a->tensor->bytes > b->tensor->bytes) -
           (a->tensor->bytes < b->tensor->bytes); /* empty ones first */
}

/* The tensors cover the data from its first to its last byte, each byte once. */
static enum status check_cover(const struct safetensors *file)
{
    enum status status = OK;
    struct place *sorted = NULL;
    size_t covered = 0;
    TRY_GOTO(ARRAY_NEW(sorted, file->count), cleanup);
    for (int64_t i = 0; i < file->count; i++)
        sorted[i] = (struct place){file->begins[i], &file->tensors[i]};
    qsort(sorted, (size_t)file->count, sizeof *sorted, compare_places);
    for (int64_t i = 0; i < file->count; i++) {
        if (sorted[i].begin != covered)
            TRY_GOTO(FAIL(ERR_DATA, "tensor '%s' begins at %zu, %s: %zu was expected",
                          sorted[i].tensor->name, sorted[i].begin,
                          sorted[i].begin < covered ? "overlapping" : "after a hole", covered),
                     cleanup);
        covered += sorted[i].tensor->bytes;
    }
    if (covered != file->data_size)
        TRY_GOTO(FAIL(ERR_DATA, "%zu bytes behind the last tensor", file->data_size - covered),
                 cleanup);
cleanup:
    array_free(sorted);
    return status;
}

/* The header's length, from the first bytes of a file of `size`. */
static enum status read_length(size_t *out, const struct safetensors *file, size_t size)
{
    unsigned char bytes[LENGTH_BYTES];
    uint64_t length = 0;
    if (size < LENGTH_BYTES)
        return FAIL(ERR_DATA, "%zu bytes are too few for a safetensors file", size);
    TRY(plain_file_read(bytes, sizeof bytes, file->source, file->path));
    for (int i = LENGTH_BYTES - 1; i >= 0; i--)
        length = length << 8 | bytes[i];
    if (length < 2 || length > HEADER_LIMIT || length > size - LENGTH_BYTES)
        return FAIL(ERR_DATA,
                    "its header of %llu bytes does not fit: the file has %zu, %d are read",
                    (unsigned long long)length, size, HEADER_LIMIT);
    *out = (size_t)length;
    return OK;
}

static enum status parse(struct safetensors *file, const char *text, size_t length)
{
    if (text[0] != '{')
        return FAIL(ERR_DATA, "its header does not begin with '{'");
    TRY(json_read(&file->header, text, length, file->path));
    if (json_kind(file->header) != JSON_KIND_OBJECT)
        return FAIL(ERR_DATA, "its header is no object");
    TRY(read_tensors(file));
    return check_cover(file);
}

static enum status read_header(struct safetensors *file, size_t size)
{
    enum status status = OK;
    char *text = NULL;
    size_t length = 0;
    TRY_GOTO(read_length(&length, file, size), cleanup);
    TRY_GOTO(ARRAY_NEW(text, length), cleanup);
    TRY_GOTO(plain_file_read(text, length, file->source, file->path), cleanup);
    file->data_size = size - LENGTH_BYTES - length;
    TRY_GOTO(parse(file, text, length), cleanup);
cleanup:
    array_free(text);
    return status;
}

/* ---- life and access ---- */

/* The reason, behind the name of the file. */
static enum status refuse(enum status status, const struct safetensors *file)
{
    return error_prefix(status, "'%s' is no good safetensors file", file->path);
}

enum status safetensors_survey(struct safetensors **out, const char *path)
{
    enum status status = OK;
    size_t size = 0;
    struct safetensors *file = calloc(1, sizeof *file);
    if (file == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    file->source = -1;
    file->path = strdup(path);
    if (file->path == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    TRY_GOTO(plain_file_open(&file->source, &size, path), cleanup);
    status = read_header(file, size);
    if (status != OK)
        TRY_GOTO(refuse(status, file), cleanup);
    *out = file;
    file = NULL;
cleanup:
    safetensors_close(file);
    return status;
}

static enum status check_digest(const struct safetensors *file)
{
    char digest[DIGEST_SIZE];
    const char *stored = safetensors_metadata(file, SAFETENSORS_DIGEST_KEY);
    if (stored == NULL)
        return OK;
    TRY(safetensors_digest_make(digest, json_find(file->header, "__metadata__"), file->tensors,
                                (size_t)file->count));
    if (strcmp(stored, digest) != 0)
        return FAIL(ERR_DATA, "it is damaged: what it holds has the digest %.16s..., not %.16s...",
                    digest, stored);
    return OK;
}

enum status safetensors_load(struct safetensors *file)
{
    TRY(ARRAY_NEW(file->data, file->data_size));
    TRY(plain_file_read(file->data, file->data_size, file->source, file->path));
    plain_file_close(file->source);
    file->source = -1;
    for (int64_t i = 0; i < file->count; i++)
        file->tensors[i].data = file->data + file->begins[i];
    enum status status = check_digest(file);
    return status == OK ? OK : refuse(status, file);
}

enum status safetensors_open(struct safetensors **out, const char *path)
{
    enum status status = OK;
    struct safetensors *file = NULL;
    TRY_GOTO(safetensors_survey(&file, path), cleanup);
    TRY_GOTO(safetensors_load(file), cleanup);
    *out = file;
    file = NULL;
cleanup:
    safetensors_close(file);
    return status;
}

void safetensors_close(struct safetensors *file)
{
    if (file == NULL)
        return;
    plain_file_close(file->source);
    json_destroy(file->header);
    array_free(file->tensors);
    array_free(file->begins);
    array_free(file->data);
    free(file->path);
    free(file);
}

int64_t safetensors_count(const struct safetensors *file)
{
    return file->count;
}

const struct safetensors_tensor *safetensors_at(const struct safetensors *file, int64_t index)
{
    return &file->tensors[index];
}

const struct safetensors_tensor *safetensors_find(const struct safetensors *file, const char *name)
{
    for (int64_t i = 0; i < file->count; i++)
        if (strcmp(file->tensors[i].name, name) == 0)
            return &file->tensors[i];
    return NULL;
}

const char *safetensors_metadata(const struct safetensors *file, const char *key)
{
    const struct json *metadata = json_find(file->header, "__metadata__");
    const char *text = NULL;
    if (metadata == NULL || json_find(metadata, key) == NULL)
        return NULL;
    return json_get_text(&text, metadata, key) == OK ? text : NULL;
}
