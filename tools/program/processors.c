/* SPDX-License-Identifier: Apache-2.0 */
#include "processors.h"

#include "mounts.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(_OPENMP)
#include <omp.h>
#endif

int processors_count_list(const char *list)
{
    long long count = 0;
    while (isdigit((unsigned char)*list)) {
        char *end;
        long first = strtol(list, &end, 10), last = first;
        if (*end == '-' && isdigit((unsigned char)end[1]))
            last = strtol(end + 1, &end, 10);
        if (last < first || last - first >= INT_MAX - count)
            return 0;
        count += last - first + 1;
        list = end + (*end == ',');
    }
    return *list == '\0' ? (int)count : 0;
}

/* The affinity mask of this process. */
static void read_mask(char *out, size_t size, const char *root)
{
    static const char key[] = "Cpus_allowed_list:";
    char path[PATH_SIZE], line[PROCESSORS_MASK_SIZE + sizeof key];
    out[0] = '\0';
    (void)snprintf(path, sizeof path, "%s/proc/self/status", root);
    FILE *file = fopen(path, "r");
    while (file != NULL && out[0] == '\0' && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, key, sizeof key - 1) == 0)
            (void)snprintf(out, size, "%s",
                           line + sizeof key - 1 + strspn(line + sizeof key - 1, " \t"));
    }
    if (file != NULL)
        fclose(file);
}

/* OpenMP knows the mask that the process began with: OMP_PROC_BIND ties the thread that asks here
 * to one processor. */
static int ask_allowed(int online)
{
#if defined(_OPENMP)
    (void)online;
    return omp_get_num_procs();
#else
    char mask[PROCESSORS_MASK_SIZE];
    read_mask(mask, sizeof mask, "");
    int count = processors_count_list(mask);
    return count > 0 ? count : online;
#endif
}

static int read_online(const char *root)
{
    char line[PROCESSORS_MASK_SIZE];
    if (mounts_read_line(line, sizeof line, root, "/sys/devices/system/cpu/online"))
        return processors_count_list(line);
    return root[0] == '\0' ? (int)sysconf(_SC_NPROCESSORS_ONLN) : 0;
}

void processors_find(struct processors *out, const char *root)
{
    *out = (struct processors){.online = read_online(root)};
    read_mask(out->mask, sizeof out->mask, root);
    out->allowed = root[0] == '\0' ? ask_allowed(out->online) : processors_count_list(out->mask);
    out->allowed = out->allowed > 0 ? out->allowed : 1;
    out->online = out->online > out->allowed ? out->online : out->allowed;
    cgroup_read(&out->limits, root);
    out->usable = out->allowed;
    if (out->limits.processors > 0 && ceil(out->limits.processors) < out->allowed)
        out->usable = (int)ceil(out->limits.processors);
}
