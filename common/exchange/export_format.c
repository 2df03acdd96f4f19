/* SPDX-License-Identifier: Apache-2.0 */
#include "export_format.h"

#include "export_format_list.h"

#include <stdio.h>
#include <string.h>

#define DECLARE(name) extern const struct export_format export_##name;
EXPORT_FORMAT_LIST(DECLARE)

#define ADDRESS(name) &export_##name,
static const struct export_format *const formats[] = {EXPORT_FORMAT_LIST(ADDRESS)};

enum { FORMATS = (int)(sizeof formats / sizeof formats[0]) };

int64_t export_format_count(void)
{
    return FORMATS;
}

const struct export_format *export_format_at(int64_t index)
{
    return formats[index];
}

enum status export_format_find(const struct export_format **out, const char *name)
{
    char names[256] = "";
    size_t used = 0;
    for (int i = 0; i < FORMATS; i++) {
        if (strcmp(formats[i]->name, name) == 0) {
            *out = formats[i];
            return OK;
        }
        const char *between = i == 0 ? "" : i == FORMATS - 1 ? " or " : ", ";
        used +=
            (size_t)snprintf(names + used, sizeof names - used, "%s%s", between, formats[i]->name);
    }
    return FAIL(ERR_USAGE, "format '%s' is unknown; there is %s", name, names);
}
