/* SPDX-License-Identifier: Apache-2.0 */
#include "split.h"

#include <stddef.h>
#include <string.h>

static const char *const names[] = {[SPLIT_TRAIN] = "train",
                                    [SPLIT_VALIDATION] = "validation",
                                    [SPLIT_TEST_REYNOLDS] = "test-reynolds",
                                    [SPLIT_TEST_BODY] = "test-body",
                                    [SPLIT_TEST_BEYOND] = "test-beyond"};

const char *split_name(enum split split)
{
    return names[split];
}

enum status split_find(enum split *out, const char *name)
{
    for (size_t i = 0; i < SPLIT_COUNT; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum split)i;
            return OK;
        }
    return FAIL(ERR_DATA,
                "'%s' is no split; there are train, validation, test-reynolds, test-body and "
                "test-beyond",
                name);
}
