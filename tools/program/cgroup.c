/* SPDX-License-Identifier: Apache-2.0
 *
 * /proc/self/cgroup names the group of this process in each hierarchy, /proc/self/mountinfo where
 * the hierarchy is mounted, and which part of it: a container may see its own group as the top. */
#include "cgroup.h"

#include "mounts.h"
#include "number_text.h"

#include <stdio.h>
#include <string.h>

/* Version 1 writes "no limit" as the largest number of whole pages. */
static const int64_t UNLIMITED = (int64_t)1 << 60;

/* A positive whole number in a file of the group; 0 when there is none. */
static int64_t read_number(const char *root, const char *folder, const char *name)
{
    char path[PATH_SIZE], line[64];
    int64_t value = 0;
    if (path_join(path, sizeof path, folder, name) != OK ||
        !mounts_read_line(line, sizeof line, root, path) || !number_text_integer(&value, line))
        return 0;
    return value > 0 ? value : 0;
}

/* Version 2: "150000 100000", or "max 100000". */
static double read_share(const char *root, const char *folder)
{
    char path[PATH_SIZE], line[64];
    int64_t quota, period;
    if (path_join(path, sizeof path, folder, "cpu.max") != OK ||
        !mounts_read_line(line, sizeof line, root, path))
        return 0;
    char *blank = strchr(line, ' ');
    if (blank == NULL)
        return 0;
    *blank = '\0';
    if (!number_text_integer(&quota, line) || !number_text_integer(&period, blank + 1) ||
        quota <= 0 || period <= 0)
        return 0;
    return (double)quota / (double)period;
}

static void take_processors(struct cgroup_limits *out, double share, const char *folder, int kind)
{
    if (share <= 0 || (out->processors > 0 && out->processors <= share))
        return;
    out->processors = share;
    out->processors_kind = kind;
    (void)snprintf(out->group, sizeof out->group, "%s", folder);
}

static void take_memory(struct cgroup_limits *out, int64_t limit, int64_t used, int kind)
{
    if (limit <= 0 || limit >= UNLIMITED || (out->memory > 0 && out->memory <= limit))
        return;
    out->memory = limit;
    out->memory_used = used;
    out->memory_kind = kind;
}

/* What one group says itself. A version 1 hierarchy has the files of its controllers alone. */
static void read_group(struct cgroup_limits *out, const char *root, const char *folder, int kind)
{
    if (kind == 2) {
        take_processors(out, read_share(root, folder), folder, kind);
        take_memory(out, read_number(root, folder, "memory.max"),
                    read_number(root, folder, "memory.current"), kind);
        return;
    }
    int64_t period = read_number(root, folder, "cpu.cfs_period_us");
    if (period > 0)
        take_processors(out, (double)read_number(root, folder, "cpu.cfs_quota_us") / (double)period,
                        folder, kind);
    take_memory(out, read_number(root, folder, "memory.limit_in_bytes"),
                read_number(root, folder, "memory.usage_in_bytes"), kind);
}

/* The group and all above it up to the mount. */
static void read_upwards(struct cgroup_limits *out, const char *root,
                         const struct mounts_entry *mount, const char *group, int kind)
{
    char folder[2 * PATH_SIZE];
    size_t seen = strcmp(mount->root, "/") == 0 ? 0 : strlen(mount->root);
    int below = strncmp(group, mount->root, seen) == 0 &&
                (seen == 0 || group[seen] == '/' || group[seen] == '\0') &&
                strstr(group, "..") == NULL;
    (void)snprintf(folder, sizeof folder, "%s%s", mount->point, below ? group + seen : "");
    size_t top = strlen(mount->point);
    while (strlen(folder) > top) {
        read_group(out, root, folder, kind);
        char *slash = strrchr(folder + top, '/');
        if (slash == NULL)
            break;
        *slash = '\0';
    }
    read_group(out, root, mount->point, kind);
}

/* The group in the hierarchy that is mounted there, from lines "4:cpu,cpuacct:/group" and, for
 * version 2, "0::/group". */
static int find_group(char *out, size_t size, const char *root, const struct mounts_entry *mount,
                      int kind)
{
    char path[PATH_SIZE], line[PATH_SIZE + 256];
    int found = 0;
    (void)snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    FILE *file = fopen(path, "r");
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *controllers = strchr(line, ':');
        char *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
        if (group == NULL)
            continue;
        *group++ = '\0';
        controllers++;
        controllers[strcspn(controllers, ",")] = '\0'; /* one tells the hierarchy */
        found = kind == 2 ? controllers[0] == '\0' : mounts_has_word(mount->options, controllers);
        if (found)
            (void)snprintf(out, size, "%s", group);
    }
    if (file != NULL)
        fclose(file);
    return found;
}

void cgroup_read(struct cgroup_limits *out, const char *root)
{
    struct mounts_entry mount;
    char group[PATH_SIZE];
    *out = (struct cgroup_limits){.processors = 0};
    FILE *mounts = mounts_open(root);
    while (mounts_next(&mount, mounts)) {
        int kind = strcmp(mount.type, "cgroup2") == 0 ? 2 : strcmp(mount.type, "cgroup") == 0;
        if (kind > 0 && find_group(group, sizeof group, root, &mount, kind))
            read_upwards(out, root, &mount, group, kind);
    }
    if (mounts != NULL)
        fclose(mounts);
}
