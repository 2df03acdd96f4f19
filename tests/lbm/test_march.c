/* SPDX-License-Identifier: Apache-2.0 */
#include "march.h"

#include "stop.h"

#include <criterion/criterion.h>

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

enum { MOST_BLOCKS = 40 };

struct log {
    int64_t blocks, turns, next, steps;
    int ring;
    atomic_int_least64_t done[MOST_BLOCKS];
    atomic_int at_work, wrong;
};

static int64_t done_by(struct log *log, int64_t block, int64_t otherwise)
{
    if (log->ring)
        return atomic_load(&log->done[(block + log->blocks) % log->blocks]);
    return block < 0 || block >= log->blocks ? otherwise : atomic_load(&log->done[block]);
}

/* A neighbour has done the step before, and at most this one. */
static int may_meet(int64_t neighbour, int64_t step)
{
    return neighbour == step || neighbour == step + 1;
}

static void note(void *context, int64_t block, int64_t step)
{
    struct log *log = context;
    atomic_fetch_add(&log->at_work, 1);
    if (atomic_load(&log->done[block]) != step || step >= log->next ||
        !may_meet(done_by(log, block - 1, step), step) ||
        !may_meet(done_by(log, block + 1, step), step))
        atomic_fetch_add(&log->wrong, 1);
    atomic_fetch_add(&log->at_work, -1);
    atomic_store(&log->done[block], step + 1);
}

/* In bouts of 1, 2, 3 ... steps. */
static int64_t turn(void *context, int64_t done)
{
    struct log *log = context;
    int64_t late = 0;
    for (int64_t block = 0; block < log->blocks; block++)
        late += atomic_load(&log->done[block]) != done;
    if (done != log->next || late != 0 || atomic_load(&log->at_work) != 0)
        atomic_fetch_add(&log->wrong, 1);
    log->turns++;
    log->next = done + log->turns < log->steps ? done + log->turns : log->steps;
    return log->next;
}

static void expect_order(int64_t blocks, enum march_ends ends, int threads)
{
    struct march *march = NULL;
    cr_assert_eq(march_create(&march, blocks, ends, threads), OK);
    for (int again = 0; again < 3; again++) {
        struct log log = {.blocks = blocks, .steps = 200, .ring = ends == MARCH_RING};
        march_run(march, &(struct march_work){&log, note, turn});
        cr_assert_eq(atomic_load(&log.wrong), 0, "%d blocks, %d threads", (int)blocks, threads);
        cr_assert_eq(log.turns, 21); /* 1 + 2 + ... + 19 = 190, 10 more, and the end */
        for (int64_t block = 0; block < blocks; block++)
            cr_assert_eq(atomic_load(&log.done[block]), 200);
    }
    march_destroy(march);
}

Test(march, takes_every_block_through_every_step_behind_its_neighbours)
{
    static const int64_t blocks[] = {1, 2, 3, 7, MOST_BLOCKS};
    for (int threads = 1; threads <= 4; threads++)
        for (int k = 0; k < 5; k++) {
            expect_order(blocks[k], MARCH_OPEN, threads);
            expect_order(blocks[k], MARCH_RING, threads);
        }
}

/* One block that does not come on: the thread that has it stands for one that does not run. */
struct hold {
    atomic_int_least64_t far; /* steps of the last block */
    atomic_int others;        /* steps that another thread has done */
    int held_up;
};

static _Thread_local int holds;

static void hold_first(void *context, int64_t block, int64_t step)
{
    struct hold *hold = context;
    const double patience = 5; /* seconds, for a machine that is busy */
    if (block == MOST_BLOCKS - 1)
        atomic_store(&hold->far, step + 1);
    if (block == 0 && step == 0) {
        double begin = stop_clock();
        holds = 1;
        while (atomic_load(&hold->far) < MOST_BLOCKS - 1 && stop_clock() - begin < patience)
            sched_yield();
        hold->held_up = atomic_load(&hold->far) < MOST_BLOCKS - 1;
    }
    if (!holds)
        atomic_fetch_add(&hold->others, 1);
}

static int64_t fifty_steps(void *context, int64_t done)
{
    (void)context;
    (void)done;
    return 50;
}

Test(march, a_thread_that_is_held_up_does_not_stop_the_others)
{
    struct march *march = NULL;
    struct hold hold = {0};
    cr_assert_eq(march_create(&march, MOST_BLOCKS, MARCH_OPEN, 2), OK);
    march_run(march, &(struct march_work){&hold, hold_first, fifty_steps});
    march_destroy(march);
    if (atomic_load(&hold.others) == 0)
        cr_skip_test("built without OpenMP: there is one thread");
    cr_assert_not(hold.held_up, "the last of %d blocks came to step %d", MOST_BLOCKS,
                  (int)atomic_load(&hold.far));
}
