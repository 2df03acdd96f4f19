/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup.h"
#include "checkup.h"
#include "checkup_list.h"
#include "number_text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* Below this a training with its default budget (training.memory) may not fit. */
static const double LITTLE = 4e9;

static void add_bytes(struct checkup *checkup, const char *key, double bytes)
{
    char words[32];
    number_text_write_bytes(words, sizeof words, bytes);
    checkup_row(checkup, key, json_make_integer((int64_t)bytes), "%s", words);
}

/* A line "MemTotal:  24684096 kB" of /proc/meminfo, in bytes; 0 when there is none. */
static double read_meminfo(const char *name)
{
    char line[256];
    double bytes = 0;
    size_t length = strlen(name);
    FILE *file = fopen("/proc/meminfo", "r");
    while (file != NULL && bytes == 0 && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, length) == 0 && line[length] == ':')
            bytes = 1024 * strtod(line + length + 1, NULL);
    if (file != NULL)
        fclose(file);
    return bytes;
}

/* What the control group leaves of what the machine has. */
static double look_at_group(struct checkup *checkup, double available)
{
    struct cgroup_limits limits;
    cgroup_read(&limits, "");
    if (limits.memory == 0) {
        checkup_row(checkup, "group_limit", json_make_null(), "none");
        return available;
    }
    double left = (double)(limits.memory - limits.memory_used);
    add_bytes(checkup, "group_limit", (double)limits.memory);
    add_bytes(checkup, "group_used", (double)limits.memory_used);
    return left < available ? left : available;
}

static void look_at_address_space(struct checkup *checkup)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return;
    add_bytes(checkup, "address_limit", (double)limit.rlim_cur);
    checkup_finding(checkup, "raise it: ulimit -v unlimited",
                    "the address space is limited, which also counts what is never touched");
}

enum status checkup_memory_look(struct checkup *checkup, const struct checkup_subject *subject)
{
    (void)subject;
    char words[32];
    double available = read_meminfo("MemAvailable");
    checkup_section(checkup, "memory");
    add_bytes(checkup, "machine", read_meminfo("MemTotal"));
    add_bytes(checkup, "available", available);
    available = look_at_group(checkup, available);
    look_at_address_space(checkup);
    number_text_write_bytes(words, sizeof words, available);
    if (available > 0 && available < LITTLE)
        checkup_finding(checkup,
                        "lower --set training.memory=MiB (a larger dataset is then streamed) and "
                        "training.batch",
                        "%s of memory are left", words);
    return OK;
}
