/* SPDX-License-Identifier: Apache-2.0
 *
 * The processes of one job, started by mpirun or srun: numbering, messages, a clean end. The only
 * place that knows MPI. Not told that it was launched as one of several, a process is alone and MPI
 * is not begun. What the ranks work on together is the part of those who hold the link. */
#pragma once

#include "error.h"
#include "rank_link.h"

/* Whether a launcher started this process: what tools read from its environment. */
enum ranks_launch { RANKS_ALONE, RANKS_LAUNCHED };

struct ranks;

/* ERR_UNSUPPORTED when it was launched as one of several and this program was built without MPI. */
enum status ranks_open(struct ranks **out, enum ranks_launch launch);

/* This rank's number and how many there are. NULL: alone. */
int ranks_own(const struct ranks *ranks);
int ranks_count(const struct ranks *ranks);

/* The MPI library in its own words, cut to its name and version: "Open MPI v4.1.4"; "" without. */
enum { RANKS_LIBRARY_SIZE = 128 };
void ranks_library(char out[RANKS_LIBRARY_SIZE]);

/* For those who send messages; NULL when this process is alone. Borrowed. */
struct rank_link *ranks_link(struct ranks *ranks);

/* How many ranks of this machine, this one included, give the same text (at most 4096 bytes count).
 * All ranks call it together. */
enum status ranks_like(int *out, struct ranks *ranks, const char *text);

/* Ends the job's part here; `status` and the recorded message tell how it went. Rank 0 tells the
 * others that it is over and waits for them; when one does not answer within RANKS_PATIENCE
 * seconds, the job is aborted with `code`. Another rank reports a failure (also ERR_STOPPED) to
 * rank 0 and waits for that word. Accepts NULL. */
enum { RANKS_PATIENCE = 8 };
void ranks_close(struct ranks *ranks, enum status status, int code);
