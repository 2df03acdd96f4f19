/* SPDX-License-Identifier: Apache-2.0
 *
 * What the environment tells of who started this program: mpirun or srun as one of several ranks,
 * or anybody else; and the processors that it left to this process. */
#pragma once

#include "error.h"
#include "ranks.h"

enum ranks_launch launcher_detect(void);

/* Threads by default, and why. */
struct launcher_threads {
    int count;
    int sharing;        /* ranks of this machine that share the same processors, with this one */
    const char *reason; /* a few words; borrowed */
};

/* For this rank: the processors it may use by affinity and by the quota of its control group
 * (processors.h), shared evenly with the other ranks of this machine that have the same; what
 * OMP_NUM_THREADS says where it is set. Never more than OMP_THREAD_LIMIT. All ranks call it
 * together. `ranks` may be NULL. */
enum status launcher_threads(struct launcher_threads *out, struct ranks *ranks);

/* The most threads that OpenMP gives: OMP_THREAD_LIMIT, mostly out of reach. */
int launcher_thread_limit(void);
