/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"

#include <stdlib.h>
#include <string.h>

enum status array_size(size_t *out, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return FAIL(ERR_MEMORY, "an array of %zu elements of %zu bytes is too large", count, size);
    *out = count * size;
    return OK;
}

void *array_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (array_size(&bytes, count, size) != OK)
        return NULL;
    size_t blocks = bytes / ARRAY_ALIGNMENT + (bytes % ARRAY_ALIGNMENT != 0 || bytes == 0);
    size_t padded; /* aligned_alloc wants a multiple of the alignment */
    if (array_size(&padded, blocks, ARRAY_ALIGNMENT) != OK)
        return NULL;
    void *array = aligned_alloc(ARRAY_ALIGNMENT, padded);
    if (array == NULL) {
        (void)FAIL(ERR_MEMORY, "out of memory: %zu bytes are not to be had", bytes);
        return NULL;
    }
    memset(array, 0, padded);
    return array;
}

void array_free(void *array)
{
    free(array);
}

void *array_grow(void *array, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity && array != NULL)
        return array;
    size_t wanted = *capacity > SIZE_MAX / 2 ? needed : *capacity * 2;
    if (wanted < needed)
        wanted = needed;
    if (wanted < 8)
        wanted = 8;
    size_t bytes;
    if (array_size(&bytes, wanted, size) != OK)
        return NULL;
    void *grown = realloc(array, bytes);
    if (grown == NULL) {
        (void)FAIL(ERR_MEMORY, "out of memory: %zu bytes are not to be had", bytes);
        return NULL;
    }
    *capacity = wanted;
    return grown;
}
