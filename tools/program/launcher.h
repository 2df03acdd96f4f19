/* SPDX-License-Identifier: Apache-2.0
 *
 * What the environment tells of who started this program: mpirun or srun as one of several ranks,
 * or anybody else; and the processors that it left to this process. */
#pragma once

#include "error.h"
#include "ranks.h"

enum ranks_launch launcher_detect(void);

/* Threads for this rank by default: the processors it may use, shared evenly with the other ranks
 * of this machine that may use the same; what OMP_NUM_THREADS says where it is set. All ranks call
 * it together. `ranks` may be NULL. */
enum status launcher_threads(int *out, struct ranks *ranks);
