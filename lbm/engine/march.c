/* SPDX-License-Identifier: Apache-2.0
 *
 * Each block counts the steps that were begun and those that are done. A thread goes round its own
 * share of the blocks, in waves: after each block it looks again some blocks behind it, so that
 * these take their next step while they are still in the cache. Where nothing of its share can be
 * taken it takes what it can from the others', so a share whose thread does not run is done by
 * those that do. Where nothing can be taken at all it looks a few times more, then gives its
 * processor away: a thread that waits must not keep busy the very processor that the one it waits
 * for could have. */
#include "march.h"

#include "array.h"

#include <assert.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

struct march_block {
    _Alignas(ARRAY_ALIGNMENT) atomic_int_least64_t begun; /* steps; a cache line for each block */
    atomic_int_least64_t done;
};

struct march {
    struct march_block *blocks;
    int64_t count;
    enum march_ends ends;
    int threads;
    atomic_int joined;             /* threads that have come to the present run */
    atomic_int_least64_t finished; /* blocks that have reached the limit */
    atomic_int_least64_t limit;    /* the step that `turn` has asked for, or MARCH_OVER */
};

enum { WAVE = 4, LOOKS_BEFORE_YIELDING = 64, MARCH_OVER = -1 };

enum status march_create(struct march **out, int64_t blocks, enum march_ends ends, int threads)
{
    enum status status = OK;
    assert(blocks >= 1 && threads >= 1);
    struct march *march = calloc(1, sizeof *march);
    TRY_GOTO(march != NULL ? OK : FAIL(ERR_MEMORY, "no memory for a march"), cleanup);
    march->count = blocks;
    march->ends = ends;
    march->threads = threads;
    TRY_GOTO(ARRAY_NEW(march->blocks, blocks), cleanup);
    *out = march;
    march = NULL;
cleanup:
    march_destroy(march);
    return status;
}

void march_destroy(struct march *march)
{
    if (march == NULL)
        return;
    array_free(march->blocks);
    free(march);
}

static int has_done(const struct march *m, int64_t block, int64_t steps)
{
    if (m->ends == MARCH_RING)
        block = (block + m->count) % m->count;
    else if (block < 0 || block >= m->count)
        return 1;
    return atomic_load_explicit(&m->blocks[block].done, memory_order_acquire) >= steps;
}

/* The step of the block that the caller has to do now; -1 when there is none. */
static int64_t begin(struct march *m, int64_t block, int64_t limit)
{
    struct march_block *b = &m->blocks[block];
    int_least64_t step = atomic_load_explicit(&b->begun, memory_order_relaxed);
    if (step >= limit || !has_done(m, block, step) || !has_done(m, block - 1, step) ||
        !has_done(m, block + 1, step))
        return -1;
    if (!atomic_compare_exchange_strong_explicit(&b->begun, &step, step + 1, memory_order_relaxed,
                                                 memory_order_relaxed))
        return -1;
    return step;
}

static void turn(struct march *m, const struct march_work *work, int64_t done)
{
    int64_t next = work->turn(work->context, done);
    atomic_store_explicit(&m->finished, 0, memory_order_relaxed);
    atomic_store_explicit(&m->limit, next > done ? next : MARCH_OVER, memory_order_release);
}

/* Does the first step that can be taken of `count` blocks from `first` on, beginning at *at and
 * going round; *at becomes where to look next. 0 when none can. */
static int advance(struct march *m, const struct march_work *work, int64_t limit, int64_t first,
                   int64_t count, int64_t *at)
{
    for (int64_t k = 0; k < count; k++) {
        int64_t block = first + (*at - first + k) % count;
        int64_t step = begin(m, block, limit);
        if (step < 0)
            continue;
        work->advance(work->context, block, step);
        atomic_store_explicit(&m->blocks[block].done, step + 1, memory_order_release);
        *at = block - WAVE > first ? block - WAVE : first;
        if (step + 1 == limit && atomic_fetch_add(&m->finished, 1) + 1 == m->count)
            turn(m, work, limit);
        return 1;
    }
    return 0;
}

static void take_part(struct march *m, const struct march_work *work)
{
    int64_t number = atomic_fetch_add(&m->joined, 1) % m->threads;
    int64_t first = m->count * number / m->threads;
    int64_t share = m->count * (number + 1) / m->threads - first;
    int64_t own = first, other = 0, limit;
    int idle = 0;
    while ((limit = atomic_load_explicit(&m->limit, memory_order_acquire)) != MARCH_OVER) {
        if (advance(m, work, limit, first, share, &own) ||
            advance(m, work, limit, 0, m->count, &other))
            idle = 0;
        else if (++idle > LOOKS_BEFORE_YIELDING)
            sched_yield();
    }
}

void march_run(struct march *march, const struct march_work *work)
{
    atomic_store(&march->joined, 0);
    for (int64_t block = 0; block < march->count; block++) {
        atomic_store(&march->blocks[block].begun, 0);
        atomic_store(&march->blocks[block].done, 0);
    }
    turn(march, work, 0);
#pragma omp parallel num_threads(march->threads) if (march->threads > 1)
    take_part(march, work);
}
