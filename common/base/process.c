/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t process_read(char *out, size_t size, int64_t process, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%" PRId64 "/%s", process, name);
    FILE *file = fopen(path, "r");
    size_t length = file != NULL ? fread(out, 1, size - 1, file) : 0;
    out[length] = '\0';
    if (file != NULL)
        (void)fclose(file);
    return length;
}

/* What follows the name in /proc/PID/stat: " STATE PARENT ...". The name stands in parentheses and
 * may hold anything. NULL when it is unknown. */
static const char *behind_name(char *room, size_t size, int64_t process)
{
    if (process_read(room, size, process, "stat") == 0)
        return NULL;
    const char *end = strrchr(room, ')');
    return end != NULL ? end + 1 : NULL;
}

int64_t process_start(int64_t process)
{
    enum { FIELDS_BETWEEN = 20 }; /* fields 3 to 22 of proc(5) */
    char text[1024];
    const char *at = behind_name(text, sizeof text, process);
    for (int i = 1; i < FIELDS_BETWEEN && at != NULL; i++)
        at = strchr(at + 1, ' ');
    return at != NULL ? (int64_t)strtoll(at, NULL, 10) : 0;
}

bool process_is_alive(int64_t process)
{
    char text[1024];
    if (kill((pid_t)process, 0) != 0 && errno == ESRCH)
        return false;
    const char *state = behind_name(text, sizeof text, process);
    return state == NULL || strchr("ZX", state[strspn(state, " ")]) == NULL;
}
