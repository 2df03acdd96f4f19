/* SPDX-License-Identifier: Apache-2.0 */
#include "curriculum.h"

enum status curriculum_check(const struct curriculum *curriculum)
{
    if (curriculum->count < 0 || curriculum->count > CURRICULUM_STAGES)
        return FAIL(ERR_CONFIG, "%lld stages of unrolling; there may be %d",
                    (long long)curriculum->count, CURRICULUM_STAGES);
    for (int64_t i = 0; i < curriculum->count; i++) {
        int64_t from = curriculum->stages[i].from, calls = curriculum->stages[i].calls;
        if (from < 1 || (i > 0 && from <= curriculum->stages[i - 1].from))
            return FAIL(ERR_CONFIG,
                        "stage %lld of unrolling begins at step %lld; steps must ascend",
                        (long long)i + 1, (long long)from);
        if (calls < 1 || calls > CURRICULUM_CALLS_MOST)
            return FAIL(ERR_CONFIG, "stage %lld unrolls %lld calls; it can be 1 to %d",
                        (long long)i + 1, (long long)calls, CURRICULUM_CALLS_MOST);
    }
    return OK;
}

int64_t curriculum_calls(const struct curriculum *curriculum, int64_t step)
{
    int64_t calls = 1;
    for (int64_t i = 0; i < curriculum->count && curriculum->stages[i].from <= step; i++)
        calls = curriculum->stages[i].calls;
    return calls;
}

int64_t curriculum_most(const struct curriculum *curriculum)
{
    int64_t most = 1;
    for (int64_t i = 0; i < curriculum->count; i++)
        if (curriculum->stages[i].calls > most)
            most = curriculum->stages[i].calls;
    return most;
}
