/* SPDX-License-Identifier: Apache-2.0 */
#include "crew.h"

#include "array.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SHARED_PIECE = 1 << 22 }; /* bytes */
enum { TIME_OVER = -1 };         /* beside numbers of signals */

struct crew {
    struct shared_sums sums; /* first member */
    struct rank_link *link;
    struct rank_transfer *transfers; /* [2 (ranks - 1)]: given, taken */
    unsigned char *out, *in;         /* [box], [ranks][box]: all that transfers touch */
    size_t box;
    int signal; /* that asked to stop */
};

static enum status add_shared(struct shared_sums *sums, double *values, int64_t count)
{
    return crew_add((struct crew *)sums, values, count);
}

enum status crew_create(struct crew **out, struct rank_link *link)
{
    enum status status = OK;
    *out = NULL;
    if (link == NULL || link->count == 1)
        return OK;
    if (link->ops->give == NULL)
        return FAIL(ERR_UNSUPPORTED, "the link '%s' of the ranks has messages alone",
                    link->ops->name);
    struct crew *crew = calloc(1, sizeof *crew);
    if (crew == NULL)
        return FAIL(ERR_MEMORY, "no memory for a crew");
    crew->sums = (struct shared_sums){link->count, add_shared};
    crew->link = link;
    TRY_GOTO(ARRAY_NEW(crew->transfers, 2 * ((size_t)link->count - 1)), cleanup);
    *out = crew;
    crew = NULL;
cleanup:
    crew_destroy(crew);
    return status;
}

void crew_destroy(struct crew *crew)
{
    if (crew == NULL)
        return;
    array_free(crew->out);
    array_free(crew->in);
    array_free(crew->transfers);
    free(crew);
}

int crew_rank(const struct crew *crew)
{
    return crew != NULL ? crew->link->rank : 0;
}

int crew_count(const struct crew *crew)
{
    return crew != NULL ? crew->link->count : 1;
}

struct rank_link *crew_link(struct crew *crew)
{
    return crew->link;
}

struct shared_sums *crew_sums(struct crew *crew)
{
    return crew != NULL ? &crew->sums : NULL;
}

/* ---- waiting ---- */

/* All stop together (crew_stop): one that has done so already is no failure. */
static enum status hear_failure(const struct rank_message *message)
{
    enum status status = rank_link_take_failure(message);
    if (status != ERR_STOPPED)
        return status;
    error_clear();
    return OK;
}

static enum status hear(const struct rank_message *message)
{
    if (message->kind == RANK_LINK_END)
        return FAIL(ERR_INTERNAL, "rank 0 has ended the job");
    if (message->kind == RANK_LINK_FAILED)
        return hear_failure(message);
    return FAIL(ERR_INTERNAL, "rank %d sent a message of kind %d", message->from, message->kind);
}

enum status crew_listen(struct crew *crew)
{
    struct rank_message message;
    TRY(crew->link->ops->receive(&message, crew->link));
    if (message.kind == RANK_LINK_NOTHING)
        return OK;
    enum status status = hear(&message);
    array_free(message.data);
    TRY(status);
    return OK;
}

void crew_pause(int64_t turns)
{
    if (turns < 200)
        (void)sched_yield();
    else
        nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
}

/* Until the first `count` transfers are done. */
static enum status wait_for(struct crew *crew, size_t count)
{
    int done = 0;
    for (int64_t turns = 0;; turns++) {
        TRY(crew->link->ops->test(crew->link, crew->transfers, count, &done));
        if (done)
            return OK;
        TRY(crew_listen(crew));
        crew_pause(turns);
    }
}

/* Gives up what is under way when something went wrong with it. */
static enum status settle(struct crew *crew, size_t count, enum status status)
{
    if (status == OK)
        return OK;
    crew->link->ops->drop(crew->link, crew->transfers, count);
    crew->link->ops->adopt(crew->link, crew->out);
    crew->link->ops->adopt(crew->link, crew->in);
    crew->out = crew->in = NULL;
    crew->box = 0;
    return status;
}

/* Boxes of that size. */
static enum status make_room(struct crew *crew, size_t size)
{
    if (size <= crew->box)
        return OK;
    array_free(crew->out);
    array_free(crew->in);
    crew->out = crew->in = NULL;
    crew->box = 0;
    TRY(ARRAY_NEW(crew->out, size));
    TRY(ARRAY_NEW(crew->in, size * (size_t)crew->link->count));
    crew->box = size;
    return OK;
}

/* ---- what they tell each other ---- */

static enum status exchange(struct crew *crew, size_t size)
{
    const struct rank_link_ops *ops = crew->link->ops;
    size_t count = 0;
    for (int rank = 0; rank < crew->link->count; rank++) {
        if (rank == crew->link->rank)
            continue;
        TRY(ops->take(crew->link, &crew->transfers[count++], rank, CREW_GATHER,
                      crew->in + (size_t)rank * size, size));
        TRY(ops->give(crew->link, &crew->transfers[count++], rank, CREW_GATHER, crew->out, size));
    }
    return wait_for(crew, count);
}

/* Transfers: two with each other rank at most. */
static size_t transfer_count(const struct crew *crew)
{
    return 2 * ((size_t)crew->link->count - 1);
}

/* Every rank's bytes in the box `in`: no call in a step allocates once the boxes are large enough.
 */
static enum status gather_boxes(struct crew *crew, const void *own, size_t size)
{
    TRY(make_room(crew, size));
    memcpy(crew->out, own, size);
    TRY(settle(crew, transfer_count(crew), exchange(crew, size)));
    memcpy(crew->in + (size_t)crew->link->rank * size, own, size);
    return OK;
}

enum status crew_gather(struct crew *crew, void *all, const void *own, size_t size)
{
    if (crew != NULL)
        TRY(gather_boxes(crew, own, size));
    memcpy(all, crew != NULL ? crew->in : own, size * (size_t)crew_count(crew));
    return OK;
}

/* Rank 0's box to all. */
static enum status send_out(struct crew *crew, size_t size)
{
    const struct rank_link_ops *ops = crew->link->ops;
    size_t count = 0;
    if (crew->link->rank > 0)
        TRY(ops->take(crew->link, &crew->transfers[count++], 0, CREW_SHARE, crew->out, size));
    for (int rank = 1; rank < crew->link->count && crew->link->rank == 0; rank++)
        TRY(ops->give(crew->link, &crew->transfers[count++], rank, CREW_SHARE, crew->out, size));
    return wait_for(crew, count);
}

static enum status share_piece(struct crew *crew, unsigned char *bytes, size_t size)
{
    TRY(make_room(crew, size));
    memcpy(crew->out, bytes, size);
    TRY(settle(crew, transfer_count(crew), send_out(crew, size)));
    memcpy(bytes, crew->out, size);
    return OK;
}

enum status crew_share(struct crew *crew, void *bytes, size_t size)
{
    for (size_t at = 0; crew != NULL && at < size; at += SHARED_PIECE) {
        size_t piece = size - at < SHARED_PIECE ? size - at : SHARED_PIECE;
        TRY(share_piece(crew, (unsigned char *)bytes + at, piece));
    }
    return OK;
}

enum status crew_add(struct crew *crew, double *values, int64_t count)
{
    size_t size = (size_t)count * sizeof *values;
    if (crew == NULL)
        return OK;
    TRY(gather_boxes(crew, values, size));
    memset(values, 0, size);
    for (int rank = 0; rank < crew->link->count; rank++) {
        const double *own = (const double *)(const void *)(crew->in + (size_t)rank * size);
        for (int64_t i = 0; i < count; i++)
            values[i] += own[i];
    }
    return OK;
}

enum status crew_mean(struct crew *crew, float *values, int64_t count)
{
    enum status status = OK;
    double *sums = NULL;
    if (crew == NULL)
        return OK;
    TRY_GOTO(ARRAY_NEW(sums, count), cleanup);
    for (int64_t i = 0; i < count; i++)
        sums[i] = values[i];
    TRY_GOTO(crew_add(crew, sums, count), cleanup);
    for (int64_t i = 0; i < count; i++)
        values[i] = (float)(sums[i] / (double)crew->link->count);
cleanup:
    array_free(sums);
    return status;
}

static int32_t asked_here(const struct stop *stop)
{
    enum stop_reason reason = stop_requested(stop);
    if (reason == STOP_SIGNAL)
        return (int32_t)*stop->signal;
    return reason == STOP_TIME ? TIME_OVER : 0;
}

/* The first rank's that was asked; 0: none was. */
static enum status agree(struct crew *crew, int32_t *asked)
{
    TRY(gather_boxes(crew, asked, sizeof *asked));
    const int32_t *all = (const int32_t *)(const void *)crew->in;
    *asked = 0;
    for (int rank = 0; rank < crew->link->count && *asked == 0; rank++)
        *asked = all[rank];
    crew->signal = *asked > 0 ? *asked : 0;
    return OK;
}

enum status crew_stop(struct crew *crew, const struct stop *stop, const char *where)
{
    int32_t asked = asked_here(stop);
    if (crew != NULL)
        TRY(agree(crew, &asked));
    return asked == 0 ? OK : FAIL(ERR_STOPPED, "asked to stop %s", where);
}

int crew_signal(const struct crew *crew)
{
    return crew != NULL ? crew->signal : 0;
}
