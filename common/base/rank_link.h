/* SPDX-License-Identifier: Apache-2.0
 *
 * How the processes of one job (its ranks) talk to each other: the seam between those who have
 * something to say (an ensemble, a training) and `common/parallel`, which knows MPI. Messages of
 * one sender arrive in the order in which they were sent. Callers serialise. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

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

/* Memory on its way between two ranks who both know what comes, how much and when; what they say on
 * one channel meets in the order in which it was begun. Channels: 0 .. RANK_LINK_CHANNELS - 1. */
enum { RANK_LINK_CHANNELS = 8 };
struct rank_transfer {
    int busy;       /* 1: begun and not done; 0 at the start */
    uint64_t token; /* the link's own */
};

struct rank_link_ops {
    const char *name;
    /* required. A larger message than RANK_LINK_SMALL returns when the receiver has taken it, so
     * only ranks to which nobody sends such a one may send one, lest two wait for each other. */
    enum status (*send)(struct rank_link *link, int to, int kind, const void *data, size_t size);
    /* required. The next message, of kind RANK_LINK_NOTHING when none has come. */
    enum status (*receive)(struct rank_message *out, struct rank_link *link);
    /* give and all that follows may be NULL together: messages alone. Both begin and return; the
     * memory must stay until `test` finds the transfer done. At most INT_MAX bytes. */
    enum status (*give)(struct rank_link *link, struct rank_transfer *out, int to, int channel,
                        const void *data, size_t size);
    enum status (*take)(struct rank_link *link, struct rank_transfer *out, int from, int channel,
                        void *data, size_t size);
    /* Moves things along; *done is 1 when none of these is busy any more. */
    enum status (*test)(struct rank_link *link, struct rank_transfer *transfers, size_t count,
                        int *done);
    /* For a job that broke: gives up what is busy. The other side may still touch the memory, so
     * its arrays are left to the link (adopt), which frees them when it ends. */
    void (*drop)(struct rank_link *link, struct rank_transfer *transfers, size_t count);
    void (*adopt)(struct rank_link *link, void *array);
};

struct rank_link {
    const struct rank_link_ops *ops;
    int rank, count; /* this one's number, 0 .. count - 1 */
};

/* What a message of kind RANK_LINK_FAILED tells, as this thread's failure: "rank 2: ...". */
enum status rank_link_take_failure(const struct rank_message *message);
