/* SPDX-License-Identifier: Apache-2.0 */
#include "collision.h"

#include <stdio.h>
#include <string.h>

struct collision_entry {
    const char *name;
    double tau_min;
    const char *text;
};

static const struct collision_entry entries[COLLISIONS] = {
#define X(name, words, tau_min, text) {words, tau_min, text},
#include "collision_list.h"
#undef X
};

enum status collision_find(enum collision_kind *out, const char *name)
{
    char known[256] = "";
    for (int kind = 0; kind < COLLISIONS; kind++) {
        if (strcmp(name, entries[kind].name) == 0) {
            *out = (enum collision_kind)kind;
            return OK;
        }
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", used > 0 ? ", " : "",
                 entries[kind].name);
    }
    return FAIL(ERR_CONFIG, "collision operator '%s' is unknown; there are: %s", name, known);
}

const char *collision_name(enum collision_kind kind)
{
    return entries[kind].name;
}

const char *collision_text(enum collision_kind kind)
{
    return entries[kind].text;
}

double collision_tau_min(enum collision_kind kind)
{
    return entries[kind].tau_min;
}
