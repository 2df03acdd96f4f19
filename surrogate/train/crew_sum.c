/* SPDX-License-Identifier: Apache-2.0
 *
 * A stretch goes through four lists of transfers, one with each other rank: its share of own values
 * given to it, its values for our share taken; when these are here and added up, our sums given,
 * and the sums of the other shares taken. Stretches lie from the end of the list to its beginning;
 * those before `spread` have given their sums, those before `done` are done. */
#include "crew_sum.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

enum { STRETCH = 1 << 16, BLOCK = 256 }; /* floats */
enum { TAKE_PARTS, GIVE_PARTS, TAKE_SUMS, GIVE_SUMS, LISTS };

struct crew_sum {
    struct crew *crew;
    int64_t count, stretches;
    int64_t others;        /* ranks beside this one */
    int64_t room;          /* floats of a share at most */
    int64_t begun, spread; /* stretches */
    int64_t done;
    float *own, *sums;               /* [count] */
    float *parts;                    /* [stretches][others][room] */
    const float **sources;           /* [ranks] */
    struct rank_transfer *transfers; /* [stretches][LISTS][others] */
};

struct span {
    int64_t from, count;
};

static struct span stretch_at(const struct crew_sum *self, int64_t stretch)
{
    int64_t end = self->count - stretch * STRETCH;
    int64_t from = end > STRETCH ? end - STRETCH : 0;
    return (struct span){from, end - from};
}

/* What that rank adds up of a stretch. */
static struct span share_at(const struct crew_sum *self, int64_t stretch, int64_t rank)
{
    struct span whole = stretch_at(self, stretch);
    int64_t ranks = self->others + 1;
    int64_t begin = whole.count * rank / ranks, end = whole.count * (rank + 1) / ranks;
    return (struct span){whole.from + begin, end - begin};
}

static struct rank_transfer *list_at(const struct crew_sum *self, int64_t stretch, int list)
{
    return self->transfers + (stretch * LISTS + list) * self->others;
}

static float *part_at(const struct crew_sum *self, int64_t stretch, int64_t other)
{
    return self->parts + (stretch * self->others + other) * self->room;
}

/* The rank of number `other` of those beside this one. */
static int rank_of(const struct crew_sum *self, int64_t other)
{
    return (int)other + (other >= crew_rank(self->crew));
}

static enum status create_arrays(struct crew_sum *self)
{
    TRY(ARRAY_NEW(self->own, self->count));
    TRY(ARRAY_NEW(self->sums, self->count));
    TRY(ARRAY_NEW(self->parts, self->stretches * self->others * self->room));
    TRY(ARRAY_NEW(self->sources, self->others + 1));
    return ARRAY_NEW(self->transfers, self->stretches * LISTS * self->others);
}

enum status crew_sum_create(struct crew_sum **out, struct crew *crew, int64_t count)
{
    enum status status = OK;
    struct crew_sum *self = calloc(1, sizeof *self);
    if (self == NULL)
        return FAIL(ERR_MEMORY, "no memory for a sum over ranks");
    self->crew = crew;
    self->count = count;
    self->stretches = (count + STRETCH - 1) / STRETCH;
    self->others = crew_count(crew) - 1;
    self->room = STRETCH / crew_count(crew) + 1;
    TRY_GOTO(create_arrays(self), cleanup);
    *out = self;
    self = NULL;
cleanup:
    crew_sum_destroy(self);
    return status;
}

/* A list whose arrays MPI may still touch: the job broke. */
static void leave_arrays(struct crew_sum *self)
{
    struct rank_link *link = crew_link(self->crew);
    link->ops->drop(link, list_at(self, self->done, 0),
                    (size_t)((self->begun - self->done) * LISTS * self->others));
    link->ops->adopt(link, self->own);
    link->ops->adopt(link, self->sums);
    link->ops->adopt(link, self->parts);
    self->own = self->sums = self->parts = NULL;
}

void crew_sum_destroy(struct crew_sum *sum)
{
    if (sum == NULL)
        return;
    if (sum->done < sum->begun)
        leave_arrays(sum);
    array_free(sum->own);
    array_free(sum->sums);
    array_free(sum->parts);
    array_free(sum->sources);
    array_free(sum->transfers);
    free(sum);
}

float *crew_sum_own(struct crew_sum *sum)
{
    return sum->own;
}

static size_t bytes_of(struct span span)
{
    return (size_t)span.count * sizeof(float);
}

static enum status begin(struct crew_sum *self, int64_t stretch)
{
    struct rank_link *link = crew_link(self->crew);
    struct span ours = share_at(self, stretch, crew_rank(self->crew));
    for (int64_t i = 0; i < self->others; i++) {
        int rank = rank_of(self, i);
        struct span theirs = share_at(self, stretch, rank);
        TRY(link->ops->take(link, list_at(self, stretch, TAKE_PARTS) + i, rank, CREW_PARTS,
                            part_at(self, stretch, i), bytes_of(ours)));
        TRY(link->ops->take(link, list_at(self, stretch, TAKE_SUMS) + i, rank, CREW_SUMS,
                            self->sums + theirs.from, bytes_of(theirs)));
        TRY(link->ops->give(link, list_at(self, stretch, GIVE_PARTS) + i, rank, CREW_PARTS,
                            self->own + theirs.from, bytes_of(theirs)));
    }
    return OK;
}

/* sums = the sources' sum, in the order of the ranks. */
static void add_up(float *sums, const float *const *sources, int64_t ranks, int64_t count)
{
    for (int64_t at = 0; at < count; at += BLOCK) {
        double block[BLOCK] = {0};
        int64_t length = count - at < BLOCK ? count - at : BLOCK;
        for (int64_t rank = 0; rank < ranks; rank++)
            for (int64_t i = 0; i < length; i++)
                block[i] += sources[rank][at + i];
        for (int64_t i = 0; i < length; i++)
            sums[at + i] = (float)block[i];
    }
}

/* Adds up this rank's share, all of which is here, and sends it out. */
static enum status spread(struct crew_sum *self, int64_t stretch)
{
    struct rank_link *link = crew_link(self->crew);
    struct span ours = share_at(self, stretch, crew_rank(self->crew));
    self->sources[crew_rank(self->crew)] = self->own + ours.from;
    for (int64_t i = 0; i < self->others; i++)
        self->sources[rank_of(self, i)] = part_at(self, stretch, i);
    add_up(self->sums + ours.from, self->sources, self->others + 1, ours.count);
    for (int64_t i = 0; i < self->others; i++)
        TRY(link->ops->give(link, list_at(self, stretch, GIVE_SUMS) + i, rank_of(self, i),
                            CREW_SUMS, self->sums + ours.from, bytes_of(ours)));
    return OK;
}

/* As far as it goes without waiting. */
static enum status move_on(struct crew_sum *self)
{
    struct rank_link *link = crew_link(self->crew);
    size_t others = (size_t)self->others;
    int ready = 1;
    while (ready && self->spread < self->begun) {
        TRY(link->ops->test(link, list_at(self, self->spread, TAKE_PARTS), others, &ready));
        if (ready)
            TRY(spread(self, self->spread++));
    }
    for (ready = 1; ready && self->done < self->spread; self->done += ready)
        TRY(link->ops->test(link, list_at(self, self->done, 0), LISTS * others, &ready));
    return crew_listen(self->crew);
}

enum status crew_sum_offer(struct crew_sum *sum, int64_t from)
{
    while (sum->begun < sum->stretches && stretch_at(sum, sum->begun).from >= from)
        TRY(begin(sum, sum->begun++));
    return move_on(sum);
}

enum status crew_sum_finish(struct crew_sum *sum, const float **out)
{
    for (int64_t turns = 0; sum->done < sum->stretches; turns++) {
        TRY(move_on(sum));
        if (sum->done < sum->stretches)
            crew_pause(turns);
    }
    sum->begun = sum->spread = sum->done = 0;
    *out = sum->sums;
    return OK;
}
