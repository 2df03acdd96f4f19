/* SPDX-License-Identifier: Apache-2.0 */
#include "refusal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {
    [REFUSAL_SETTINGS] = "settings", [REFUSAL_BODY] = "body", [REFUSAL_BLOCKAGE] = "blockage",
    [REFUSAL_SIZE] = "size",         [REFUSAL_WALL] = "wall", [REFUSAL_ENDS] = "ends",
    [REFUSAL_GAP] = "gap",           [REFUSAL_TAU] = "tau",   [REFUSAL_VISCOSITY] = "viscosity",
};

const char *refusal_name(enum refusal refusal)
{
    return names[refusal];
}

enum status refusal_find(enum refusal *out, const char *name)
{
    for (int i = 0; i < REFUSAL_COUNT; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum refusal)i;
            return OK;
        }
    return FAIL(ERR_DATA, "'%s' is no rule by which draws are refused", name);
}

void refusal_add(struct refusals *sum, const struct refusals *more)
{
    for (int i = 0; i < REFUSAL_COUNT; i++)
        sum->counts[i] += more->counts[i];
}

int64_t refusal_total(const struct refusals *refusals)
{
    int64_t total = 0;
    for (int i = 0; i < REFUSAL_COUNT; i++)
        total += refusals->counts[i];
    return total;
}

void refusal_print(char out[REFUSAL_TEXT_SIZE], const struct refusals *refusals)
{
    int64_t total = refusal_total(refusals);
    if (total == 0) {
        snprintf(out, REFUSAL_TEXT_SIZE, "no draw refused");
        return;
    }
    size_t used = (size_t)snprintf(out, REFUSAL_TEXT_SIZE, "%" PRId64 " draw%s refused", total,
                                   total > 1 ? "s" : "");
    const char *before = " (";
    for (int i = 0; i < REFUSAL_COUNT && used < REFUSAL_TEXT_SIZE; i++) {
        if (refusals->counts[i] == 0)
            continue;
        used += (size_t)snprintf(out + used, REFUSAL_TEXT_SIZE - used, "%s%s %" PRId64, before,
                                 names[i], refusals->counts[i]);
        before = ", ";
    }
    if (used < REFUSAL_TEXT_SIZE)
        snprintf(out + used, REFUSAL_TEXT_SIZE - used, ")");
}
