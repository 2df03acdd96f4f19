/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include "command_list.h"
#include "config.h"

#include <string.h>

#define DECLARE(name) extern const struct command command_##name;
COMMAND_LIST(DECLARE)

#define ADDRESS(name) &command_##name,
static const struct command *const commands[] = {COMMAND_LIST(ADDRESS)};

int64_t command_count(void)
{
    return (int64_t)(sizeof commands / sizeof commands[0]);
}

const struct command *command_at(int64_t index)
{
    return commands[index];
}

enum status command_find(const struct command **out, const char *name)
{
    const char *names[sizeof commands / sizeof commands[0]];
    size_t count = sizeof commands / sizeof commands[0];
    for (size_t i = 0; i < count; i++) {
        names[i] = commands[i]->name;
        if (strcmp(name, names[i]) == 0) {
            *out = commands[i];
            return OK;
        }
    }
    const char *near = config_suggest(name, names, count);
    if (near != NULL)
        return FAIL(ERR_USAGE, "command '%s' is unknown; did you mean '%s'?", name, near);
    return FAIL(ERR_USAGE, "command '%s' is unknown; 'wakecast help' lists those there are", name);
}
