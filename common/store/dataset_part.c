/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_part.h"

#include <inttypes.h>

static int64_t first_of(int64_t number, int64_t count, int64_t whole)
{
    return (number - 1) * whole / count;
}

enum status dataset_part_make(struct dataset_part *out, int64_t number, int64_t count,
                              int64_t whole)
{
    if (count < 1 || number < 1 || number > count)
        return FAIL(ERR_USAGE, "there is no part %" PRId64 " of %" PRId64 ": parts are 1 .. n",
                    number, count);
    if (count > whole)
        return FAIL(ERR_USAGE, "%" PRId64 " cases make %" PRId64 " parts at most, not %" PRId64,
                    whole, whole, count);
    *out = (struct dataset_part){number, count, first_of(number, count, whole), whole};
    return OK;
}

struct dataset_part dataset_part_none(int64_t whole)
{
    return (struct dataset_part){.whole = whole};
}

int64_t dataset_part_cases(const struct dataset_part *part)
{
    if (part->count == 0)
        return part->whole;
    return first_of(part->number + 1, part->count, part->whole) - part->first;
}

int dataset_part_is_same(const struct dataset_part *a, const struct dataset_part *b)
{
    return a->number == b->number && a->count == b->count && a->whole == b->whole;
}
