/* SPDX-License-Identifier: Apache-2.0
 *
 * How the processes of one job (its ranks) talk to each other: the seam between those who have
 * something to say (an ensemble) and `common/parallel`, which knows MPI. Messages of one sender
 * arrive in the order in which they were sent. Callers serialise. */
#pragma once

#include "error.h"

#include <stddef.h>

/* Kinds that every receiver must know; a protocol's own begin at RANK_LINK_KINDS. */
enum {
    RANK_LINK_NOTHING, /* no message */
    RANK_LINK_END,     /* from rank 0: the job is over */
    RANK_LINK_FAILED,  /* to rank 0: the sender failed; int32 status, then the message */
    RANK_LINK_KINDS = 16
};

/* A message of up to RANK_LINK_SMALL bytes is sent without waiting. */
enum { RANK_LINK_SMALL = 96 };

struct rank_message {
    int from, kind;
    unsigned char *data; /* [size]; the receiver frees it with array_free; NULL when size is 0 */
    size_t size;
};

struct rank_link;

struct rank_link_ops {
    const char *name;
    /* required. A larger message than RANK_LINK_SMALL returns when the receiver has taken it, so
     * only ranks to which nobody sends such a one may send one, lest two wait for each other. */
    enum status (*send)(struct rank_link *link, int to, int kind, const void *data, size_t size);
    /* required. The next message, of kind RANK_LINK_NOTHING when none has come. */
    enum status (*receive)(struct rank_message *out, struct rank_link *link);
};

struct rank_link {
    const struct rank_link_ops *ops;
    int rank, count; /* this one's number, 0 .. count - 1 */
};
