/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline.h"

#include "stop.h"

#include <criterion/criterion.h>

#include <sched.h>
#include <stdatomic.h>

enum { MOST_STAGES = 16, PASSES = 40 };

struct log {
    int64_t items, stages; /* of the present pass */
    int64_t pass, most;
    atomic_int_least64_t left[MOST_STAGES]; /* items that have left a stage */
    atomic_int at_work, wrong, taken;
};

static void note(void *context, int64_t item, int64_t stage)
{
    struct log *log = context;
    atomic_fetch_add(&log->at_work, 1);
    if (stage >= log->stages || item >= log->items || atomic_load(&log->left[stage]) != item ||
        (stage > 0 && atomic_load(&log->left[stage - 1]) <= item))
        atomic_fetch_add(&log->wrong, 1);
    atomic_fetch_add(&log->taken, 1);
    atomic_store(&log->left[stage], item + 1);
    atomic_fetch_add(&log->at_work, -1);
}

/* Passes of 1, 2, 3 ... items through changing numbers of stages. */
static void turn(void *context, struct pipeline_pass *next)
{
    struct log *log = context;
    int64_t late = 0;
    for (int64_t stage = 0; stage < log->stages; stage++)
        late += atomic_load(&log->left[stage]) != log->items;
    if (late != 0 || atomic_load(&log->at_work) != 0 ||
        atomic_load(&log->taken) != log->items * log->stages)
        atomic_fetch_add(&log->wrong, 1);
    if (++log->pass > PASSES)
        return;
    next->items = log->items = log->pass;
    next->stages = log->stages = 1 + (log->pass * 5) % log->most;
    atomic_store(&log->taken, 0);
    for (int64_t stage = 0; stage < MOST_STAGES; stage++)
        atomic_store(&log->left[stage], 0);
}

Test(pipeline, takes_every_item_through_every_stage_in_order)
{
    static const int64_t most[] = {1, 2, 3, 7, MOST_STAGES};
    for (int threads = 1; threads <= 4; threads++)
        for (int k = 0; k < 5; k++) {
            struct pipeline *pipeline = NULL;
            cr_assert_eq(pipeline_create(&pipeline, most[k], threads), OK);
            for (int again = 0; again < 3; again++) {
                struct log log = {.most = most[k]};
                pipeline_run(pipeline, &(struct pipeline_work){&log, note, turn});
                cr_assert_eq(atomic_load(&log.wrong), 0, "%d stages, %d threads", (int)most[k],
                             threads);
                cr_assert_eq(log.pass, PASSES + 1);
            }
            pipeline_destroy(pipeline);
        }
}

/* One item that does not leave its stage: the thread that has it stands for one that does not
 * run. */
struct hold {
    atomic_int_least64_t far; /* items that have left the first stage */
    atomic_int holding;       /* the item is held */
    atomic_int others;        /* items that another thread has taken since */
    int held_up, passes;
};

static _Thread_local int holds;

static void hold_second(void *context, int64_t item, int64_t stage)
{
    struct hold *hold = context;
    const double patience = 5; /* seconds, for a machine that is busy */
    if (stage == 0)
        atomic_store(&hold->far, item + 1);
    if (stage == 1 && item == 0) {
        double begin = stop_clock();
        holds = 1;
        atomic_store(&hold->holding, 1);
        while (atomic_load(&hold->far) < 100 && stop_clock() - begin < patience)
            sched_yield();
        hold->held_up = atomic_load(&hold->far) < 100;
    }
    if (!holds && atomic_load(&hold->holding))
        atomic_fetch_add(&hold->others, 1);
}

static void one_pass(void *context, struct pipeline_pass *next)
{
    struct hold *hold = context;
    if (hold->passes++ == 0)
        *next = (struct pipeline_pass){100, 4};
}

Test(pipeline, a_thread_that_is_held_up_does_not_stop_the_stages_before_it)
{
    struct pipeline *pipeline = NULL;
    struct hold hold = {0};
    cr_assert_eq(pipeline_create(&pipeline, 4, 2), OK);
    pipeline_run(pipeline, &(struct pipeline_work){&hold, hold_second, one_pass});
    pipeline_destroy(pipeline);
    if (atomic_load(&hold.others) == 0)
        cr_skip_test("built without OpenMP: there is one thread");
    cr_assert_not(hold.held_up, "only %d items left the first stage", (int)hold.far);
}
