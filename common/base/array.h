/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory for arrays: 64-byte aligned, zeroed, with the size multiplied under an overflow check. Not
 * for single objects of a known small size, which may use calloc. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

enum { ARRAY_ALIGNMENT = 64 };

/* bytes = count * size. ERR_MEMORY when that overflows size_t. */
enum status array_size(size_t *out, size_t count, size_t size);

/* Zeroed, aligned memory for `count` elements of `size` bytes (one byte at least, so never NULL on
 * success); NULL with ERR_MEMORY recorded on failure. Free with array_free. Use ARRAY_NEW. */
void *array_alloc(size_t count, size_t size);

/* Accepts NULL. */
void array_free(void *array);

/* Grows a plain (not aligned) growable array to hold at least `needed` elements, doubling; contents
 * kept. `array` is what realloc takes; `*capacity` is updated. NULL with ERR_MEMORY recorded on
 * failure, the old array then still belongs to the caller. Free with free(). */
void *array_grow(void *array, size_t *capacity, size_t needed, size_t size);

/* An expression of type enum status: TRY_GOTO(ARRAY_NEW(x, count), cleanup). */
#define ARRAY_NEW(pointer, count)                                                                  \
    (((pointer) = array_alloc((size_t)(count), sizeof *(pointer))) != NULL ? OK : ERR_MEMORY)
