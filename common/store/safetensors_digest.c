/* SPDX-License-Identifier: Apache-2.0 */
#include "safetensors_digest.h"

#include "array.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status add_text(struct digest *digest, const char *text)
{
    return digest_update(digest, text, strlen(text) + 1);
}

static int compare_members(const void *first, const void *second)
{
    const struct json_member *a = first, *b = second;
    return strcmp(a->key, b->key);
}

static enum status add_metadata(struct digest *digest, const struct json *metadata)
{
    enum status status = OK;
    struct json_member *members = NULL, member = {0};
    size_t count = 0;
    TRY_GOTO(ARRAY_NEW(members, json_count(metadata)), cleanup);
    while (json_next(&member, metadata))
        members[count++] = member;
    qsort(members, count, sizeof *members, compare_members);
    for (size_t i = 0; i < count; i++) {
        const char *text = NULL;
        if (strcmp(members[i].key, SAFETENSORS_DIGEST_KEY) == 0)
            continue;
        TRY_GOTO(json_as_text(&text, members[i].value), cleanup);
        TRY_GOTO(add_text(digest, members[i].key), cleanup);
        TRY_GOTO(add_text(digest, text), cleanup);
    }
cleanup:
    array_free(members);
    return status;
}

static enum status add_tensor(struct digest *digest, const struct safetensors_tensor *tensor)
{
    static const char *const types[] = {[SAFETENSORS_F32] = "F32",
                                        [SAFETENSORS_F64] = "F64",
                                        [SAFETENSORS_I64] = "I64",
                                        [SAFETENSORS_U8] = "U8"};
    char shape[SAFETENSORS_RANK * 24] = "";
    size_t used = 0;
    for (int64_t i = 0; i < tensor->rank; i++)
        used += (size_t)snprintf(shape + used, sizeof shape - used, "%s%" PRId64, i == 0 ? "" : ",",
                                 tensor->dims[i]);
    TRY(add_text(digest, tensor->name));
    TRY(add_text(digest, types[tensor->type]));
    TRY(add_text(digest, shape));
    return tensor->bytes == 0 ? OK : digest_update(digest, tensor->data, tensor->bytes);
}

static int compare_tensors(const void *first, const void *second)
{
    const struct safetensors_tensor *a = *(const struct safetensors_tensor *const *)first;
    const struct safetensors_tensor *b = *(const struct safetensors_tensor *const *)second;
    return strcmp(a->name, b->name);
}

static enum status add_tensors(struct digest *digest, const struct safetensors_tensor *tensors,
                               size_t count)
{
    enum status status = OK;
    const struct safetensors_tensor **sorted = NULL;
    TRY_GOTO(ARRAY_NEW(sorted, count), cleanup);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &tensors[i];
    qsort(sorted, count, sizeof(const struct safetensors_tensor *), compare_tensors);
    for (size_t i = 0; i < count; i++)
        TRY_GOTO(add_tensor(digest, sorted[i]), cleanup);
cleanup:
    array_free(sorted);
    return status;
}

enum status safetensors_digest_make(char out[DIGEST_SIZE], const struct json *metadata,
                                    const struct safetensors_tensor *tensors, size_t count)
{
    enum status status = OK;
    struct digest *digest = NULL;
    TRY_GOTO(digest_create(&digest), cleanup);
    if (metadata != NULL)
        TRY_GOTO(add_metadata(digest, metadata), cleanup);
    TRY_GOTO(add_tensors(digest, tensors, count), cleanup);
    TRY_GOTO(digest_finish(out, digest), cleanup);
cleanup:
    digest_destroy(digest);
    return status;
}
