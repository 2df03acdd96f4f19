/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(array, memory_is_aligned_and_zeroed)
{
    for (size_t count = 0; count < 200; count += 13) {
        unsigned char *bytes = NULL;
        cr_assert_eq(ARRAY_NEW(bytes, count), OK);
        cr_assert_eq((uintptr_t)bytes % ARRAY_ALIGNMENT, 0);
        for (size_t i = 0; i < count; i++)
            cr_assert_eq(bytes[i], 0);
        array_free(bytes);
    }
    array_free(NULL);
}

Test(array, sizes_that_overflow_or_cannot_be_had_are_refused)
{
    size_t bytes = 7;
    double *values = NULL;
    cr_assert_eq(array_size(&bytes, SIZE_MAX / 8 + 1, 8), ERR_MEMORY);
    cr_assert_eq(bytes, 7);
    cr_assert_eq(array_size(&bytes, SIZE_MAX / 8, 8), OK);
    cr_assert_eq(array_size(&bytes, 3, 0), OK);
    cr_assert_eq(bytes, 0);
    cr_assert_eq(ARRAY_NEW(values, SIZE_MAX / 8 + 1), ERR_MEMORY);
    cr_assert_null(values);
    cr_assert_null(array_alloc(SIZE_MAX - 10, 1));
}

Test(array, grow_keeps_contents_and_old_memory_on_failure)
{
    int *values = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        int *grown = array_grow(values, &capacity, (size_t)i + 1, sizeof *grown);
        cr_assert_not_null(grown);
        values = grown;
        values[i] = i;
        cr_assert_gt(capacity, (size_t)i);
    }
    for (int i = 0; i < 1000; i++)
        cr_assert_eq(values[i], i);
    size_t before = capacity;
    cr_assert_null(array_grow(values, &capacity, SIZE_MAX / 2, sizeof *values));
    cr_assert_eq(capacity, before);
    cr_assert_eq(values[999], 999);
    free(values);
}
