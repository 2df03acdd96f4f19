/* SPDX-License-Identifier: Apache-2.0
 *
 * The processors and the memory that this process may use: of those the machine has, what its
 * affinity mask (and so its cpuset) and its control group leave it. */
#pragma once

#include "cgroup.h"

enum { PROCESSORS_MASK_SIZE = 1024 };

struct processors {
    int online;                      /* of the machine */
    int allowed;                     /* by the affinity mask */
    char mask[PROCESSORS_MASK_SIZE]; /* as Linux writes it: "0-3,8"; "": unknown */
    struct cgroup_limits limits;
    int usable; /* the fewer of `allowed` and the quota, rounded up; 1 at least */
};

/* `root` as in mounts.h; other than "" the kernel itself is not asked. */
void processors_find(struct processors *out, const char *root);

/* How many numbers a list such as "0-3,8" holds; 0 when it is none. */
int processors_count_list(const char *list);
