/* SPDX-License-Identifier: Apache-2.0
 *
 * A rank_link within one process: each rank a thread, messages and transfers in lists under one
 * lock. What comes takes its time: by chance, of a seed, a transfer that is there is not seen yet.
 * For tests only, one program each. */
#pragma once

#include "rank_link.h"

#include "array.h"
#include "philox.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY_LINK_RANKS = 5, MEMORY_LINK_LETTERS = 4096 };

/* On its way from rank to rank; `kind` is a message's, or MEMORY_LINK_CHANNEL + its channel. */
enum { MEMORY_LINK_CHANNEL = 1000 };
struct memory_letter {
    int from, to, kind, taken;
    size_t size;
    unsigned char *data;
};

/* Where a transfer's data are to go. */
struct memory_slot {
    void *data;
    size_t size;
    int from, kind;
};

static pthread_mutex_t memory_lock = PTHREAD_MUTEX_INITIALIZER;
static struct memory_letter memory_letters[MEMORY_LINK_LETTERS];
static size_t memory_sent;
static struct memory_slot memory_slots[MEMORY_LINK_RANKS][MEMORY_LINK_LETTERS];
static size_t memory_slot_count[MEMORY_LINK_RANKS];
static struct rank_link memory_links[MEMORY_LINK_RANKS];
static uint64_t memory_seed, memory_draws;

static inline void memory_put(int from, int to, int kind, const void *data, size_t size)
{
    pthread_mutex_lock(&memory_lock);
    if (memory_sent == MEMORY_LINK_LETTERS)
        abort();
    struct memory_letter *letter = &memory_letters[memory_sent++];
    *letter = (struct memory_letter){from, to, kind, 0, size, NULL};
    letter->data = array_alloc(size + 1, 1);
    if (size > 0)
        memcpy(letter->data, data, size);
    pthread_mutex_unlock(&memory_lock);
}

static inline enum status memory_send(struct rank_link *link, int to, int kind, const void *data,
                                      size_t size)
{
    memory_put(link->rank, to, kind, data, size);
    return OK;
}

static inline enum status memory_receive(struct rank_message *out, struct rank_link *link)
{
    *out = (struct rank_message){.kind = RANK_LINK_NOTHING};
    pthread_mutex_lock(&memory_lock);
    for (size_t i = 0; i < memory_sent && out->kind == RANK_LINK_NOTHING; i++) {
        struct memory_letter *letter = &memory_letters[i];
        if (letter->taken || letter->to != link->rank || letter->kind >= MEMORY_LINK_CHANNEL)
            continue;
        *out = (struct rank_message){letter->from, letter->kind, letter->data, letter->size};
        letter->data = NULL;
        letter->taken = 1;
    }
    pthread_mutex_unlock(&memory_lock);
    return OK;
}

static inline enum status memory_give(struct rank_link *link, struct rank_transfer *out, int to,
                                      int channel, const void *data, size_t size)
{
    memory_put(link->rank, to, MEMORY_LINK_CHANNEL + channel, data, size);
    out->busy = 0;
    return OK;
}

static inline enum status memory_take(struct rank_link *link, struct rank_transfer *out, int from,
                                      int channel, void *data, size_t size)
{
    pthread_mutex_lock(&memory_lock);
    size_t *count = &memory_slot_count[link->rank];
    if (*count == MEMORY_LINK_LETTERS)
        abort();
    memory_slots[link->rank][*count] =
        (struct memory_slot){data, size, from, MEMORY_LINK_CHANNEL + channel};
    *out = (struct rank_transfer){1, (*count)++};
    pthread_mutex_unlock(&memory_lock);
    return OK;
}

/* The first letter for a slot, when no earlier slot waits for it. */
static inline struct memory_letter *memory_find(int rank, size_t slot)
{
    const struct memory_slot *wanted = &memory_slots[rank][slot];
    for (size_t i = 0; i < slot; i++) {
        const struct memory_slot *earlier = &memory_slots[rank][i];
        if (earlier->data != NULL && earlier->from == wanted->from && earlier->kind == wanted->kind)
            return NULL;
    }
    for (size_t i = 0; i < memory_sent; i++) {
        struct memory_letter *letter = &memory_letters[i];
        if (!letter->taken && letter->to == rank && letter->from == wanted->from &&
            letter->kind == wanted->kind)
            return letter;
    }
    return NULL;
}

static inline enum status memory_test(struct rank_link *link, struct rank_transfer *transfers,
                                      size_t count, int *done)
{
    *done = 1;
    pthread_mutex_lock(&memory_lock);
    for (size_t i = 0; i < count; i++) {
        if (!transfers[i].busy)
            continue;
        struct memory_slot *slot = &memory_slots[link->rank][transfers[i].token];
        struct memory_letter *letter = memory_find(link->rank, (size_t)transfers[i].token);
        int late = philox_below(memory_seed, PHILOX_STREAM_TEST, memory_draws++, 3) == 0;
        if (letter != NULL && !late) {
            if (letter->size != slot->size)
                abort();
            memcpy(slot->data, letter->data, slot->size);
            array_free(letter->data);
            letter->data = NULL;
            letter->taken = 1;
            slot->data = NULL;
            transfers[i].busy = 0;
        }
        *done &= !transfers[i].busy;
    }
    pthread_mutex_unlock(&memory_lock);
    return OK;
}

static inline void memory_drop(struct rank_link *link, struct rank_transfer *transfers,
                               size_t count)
{
    (void)link;
    for (size_t i = 0; i < count; i++)
        transfers[i].busy = 0;
}

static inline void memory_adopt(struct rank_link *link, void *array)
{
    (void)link;
    array_free(array); /* nobody writes into a slot but its own rank */
}

static const struct rank_link_ops memory_ops = {.name = "memory",
                                                .send = memory_send,
                                                .receive = memory_receive,
                                                .give = memory_give,
                                                .take = memory_take,
                                                .test = memory_test,
                                                .drop = memory_drop,
                                                .adopt = memory_adopt};

/* Forgets letters that nobody took. */
static inline void memory_clear(void)
{
    for (size_t i = 0; i < memory_sent; i++)
        array_free(memory_letters[i].data);
    memory_sent = 0;
    memset(memory_slot_count, 0, sizeof memory_slot_count);
}

/* What a rank does; its status and message, since a thread's own go with it. */
typedef enum status (*memory_work_fn)(void *context, struct rank_link *link);
struct memory_rank {
    memory_work_fn work;
    void *context;
    struct rank_link *link;
    enum status status;
    char message[ERROR_MESSAGE_SIZE];
};
static struct memory_rank memory_ranks[MEMORY_LINK_RANKS];

static inline void *memory_thread(void *context)
{
    struct memory_rank *rank = context;
    rank->status = rank->work(rank->context, rank->link);
    if (rank->status != OK)
        (void)snprintf(rank->message, sizeof rank->message, "%s", error_message());
    return NULL;
}

/* All ranks do their work at once; what came of it stands in memory_ranks. */
static inline void memory_run(int ranks, uint64_t seed, memory_work_fn work, void *context)
{
    pthread_t threads[MEMORY_LINK_RANKS];
    memory_seed = seed;
    memory_clear();
    for (int i = 0; i < ranks; i++) {
        memory_links[i] = (struct rank_link){.ops = &memory_ops, .rank = i, .count = ranks};
        memory_ranks[i] = (struct memory_rank){
            .work = work, .context = context, .link = &memory_links[i], .status = OK};
        cr_assert_eq(pthread_create(&threads[i], NULL, memory_thread, &memory_ranks[i]), 0);
    }
    for (int i = 0; i < ranks; i++)
        pthread_join(threads[i], NULL);
    memory_clear();
}

/* As memory_run, and all goes well. */
static inline void memory_run_well(int ranks, uint64_t seed, memory_work_fn work, void *context)
{
    memory_run(ranks, seed, work, context);
    for (int i = 0; i < ranks; i++)
        cr_assert_eq(memory_ranks[i].status, OK, "rank %d: %s", i, memory_ranks[i].message);
}
