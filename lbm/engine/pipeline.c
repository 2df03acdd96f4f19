/* SPDX-License-Identifier: Apache-2.0
 *
 * Each stage counts the items that have begun and left it; the counts go on from pass to pass, so
 * a thread that looks at an old limit finds nothing to do. A thread has a share of the stages and
 * takes an item through all of it before it fetches the next one, so the item is in its cache.
 * Where its share is stuck it takes what it can from the others', so a share whose thread does not
 * run is done by those that do. Where nothing can be taken at all it looks a few times more, then
 * gives its processor away: a thread that waits must not keep busy the very processor that the one
 * it waits for could have. */
#include "pipeline.h"

#include "array.h"

#include <assert.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

struct pipeline_stage {
    _Alignas(ARRAY_ALIGNMENT) atomic_int_least64_t begun; /* items; a cache line for each stage */
    atomic_int_least64_t done;
};

struct pipeline {
    struct pipeline_stage *stage;
    int64_t most;
    int threads;
    atomic_int joined;           /* threads that have come to the present run */
    int64_t first;               /* of the present pass: its item 0 in the stages' counts */
    atomic_int_least64_t stages; /* of the present pass */
    atomic_int_least64_t limit;  /* counts that end the present pass, or PIPELINE_OVER */
};

enum { LOOKS_BEFORE_YIELDING = 64, PIPELINE_OVER = -1 };

enum status pipeline_create(struct pipeline **out, int64_t stages, int threads)
{
    enum status status = OK;
    assert(stages >= 1 && threads >= 1);
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);
    TRY_GOTO(pipeline != NULL ? OK : FAIL(ERR_MEMORY, "no memory for a pipeline"), cleanup);
    pipeline->most = stages;
    pipeline->threads = threads;
    TRY_GOTO(ARRAY_NEW(pipeline->stage, stages), cleanup);
    *out = pipeline;
    pipeline = NULL;
cleanup:
    pipeline_destroy(pipeline);
    return status;
}

void pipeline_destroy(struct pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    array_free(pipeline->stage);
    free(pipeline);
}

static void turn(struct pipeline *p, const struct pipeline_work *work, int64_t done)
{
    struct pipeline_pass next = {0, 1};
    work->turn(work->context, &next);
    assert(next.stages >= 1 && next.stages <= p->most);
    int64_t end = done + next.items;
    p->first = done;
    for (int64_t stage = 0; stage < p->most; stage++) {
        int64_t count = stage < next.stages ? done : end; /* idle stages are through already */
        atomic_store_explicit(&p->stage[stage].begun, count, memory_order_relaxed);
        atomic_store_explicit(&p->stage[stage].done, count, memory_order_relaxed);
    }
    atomic_store_explicit(&p->stages, next.stages, memory_order_relaxed);
    atomic_store_explicit(&p->limit, next.items > 0 ? end : PIPELINE_OVER, memory_order_release);
}

/* Takes the next item of a stage through it; 0 when there is none or it may not yet. */
static int advance(struct pipeline *p, const struct pipeline_work *work, int64_t limit,
                   int64_t stage)
{
    struct pipeline_stage *s = &p->stage[stage];
    int_least64_t item = atomic_load_explicit(&s->begun, memory_order_relaxed);
    if (item >= limit || atomic_load_explicit(&s->done, memory_order_acquire) < item ||
        (stage > 0 && atomic_load_explicit(&s[-1].done, memory_order_acquire) <= item))
        return 0;
    if (!atomic_compare_exchange_strong_explicit(&s->begun, &item, item + 1, memory_order_relaxed,
                                                 memory_order_relaxed))
        return 0;
    work->advance(work->context, item - p->first, stage);
    int64_t stages = atomic_load_explicit(&p->stages, memory_order_relaxed);
    atomic_store_explicit(&s->done, item + 1, memory_order_release);
    if (stage == stages - 1 && item + 1 == limit)
        turn(p, work, limit);
    return 1;
}

/* One item through the stages `first` .. `end` - 1 as far as it may go. 0 when none may. */
static int follow(struct pipeline *p, const struct pipeline_work *work, int64_t limit,
                  int64_t first, int64_t end)
{
    int taken = 0;
    for (int64_t stage = first; stage < end; stage++)
        taken |= advance(p, work, limit, stage);
    return taken;
}

static void take_part(struct pipeline *p, const struct pipeline_work *work)
{
    int64_t number = atomic_fetch_add(&p->joined, 1) % p->threads, limit;
    int idle = 0;
    while ((limit = atomic_load_explicit(&p->limit, memory_order_acquire)) != PIPELINE_OVER) {
        int64_t stages = atomic_load_explicit(&p->stages, memory_order_relaxed);
        int64_t first = stages * number / p->threads, end = stages * (number + 1) / p->threads;
        if (follow(p, work, limit, first, end) || follow(p, work, limit, 0, stages))
            idle = 0;
        else if (++idle > LOOKS_BEFORE_YIELDING)
            sched_yield();
    }
}

static void run_alone(const struct pipeline_work *work)
{
    struct pipeline_pass pass = {0, 1};
    for (work->turn(work->context, &pass); pass.items > 0; work->turn(work->context, &pass)) {
        for (int64_t item = 0; item < pass.items; item++)
            for (int64_t stage = 0; stage < pass.stages; stage++)
                work->advance(work->context, item, stage);
        pass = (struct pipeline_pass){0, 1};
    }
}

void pipeline_run(struct pipeline *pipeline, const struct pipeline_work *work)
{
    if (pipeline->threads == 1) {
        run_alone(work);
        return;
    }
    atomic_store(&pipeline->joined, 0);
    turn(pipeline, work, 0);
#pragma omp parallel num_threads(pipeline->threads)
    take_part(pipeline, work);
}
