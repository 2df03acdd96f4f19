/* SPDX-License-Identifier: Apache-2.0
 *
 * What the control groups of Linux, version 1 or 2 or both, allow this process: a share of the
 * processors and an amount of memory, the least of its group and all above it. Containers and batch
 * systems limit jobs in this way. Knows nothing of affinity (processors.h). */
#pragma once

#include "path.h"

#include <stdint.h>

struct cgroup_limits {
    double processors;     /* quota over period: 1.5 are one and a half; 0: no limit */
    int processors_kind;   /* 1 or 2: the version that says so */
    int64_t memory;        /* bytes; 0: no limit */
    int64_t memory_used;   /* bytes in use in the group that sets it; 0: unknown */
    int memory_kind;       /* as above */
    char group[PATH_SIZE]; /* the folder of the group whose share that is; "": no limit */
};

/* `root` as in mounts.h. Where there are no control groups there are no limits. */
void cgroup_read(struct cgroup_limits *out, const char *root);
