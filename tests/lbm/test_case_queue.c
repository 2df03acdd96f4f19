/* SPDX-License-Identifier: Apache-2.0
 *
 * The queue of rank 0 and the errands of two other ranks in one process, over a link that keeps
 * messages in memory; no case is computed. */
#include "case_errand.h"
#include "case_queue.h"

#include "array.h"

#include <criterion/criterion.h>
#include <string.h>

enum { RANKS = 3, BOX = 256 };

/* Every rank's messages, in order of arrival. */
static struct rank_message boxes[RANKS][BOX];
static int filled[RANKS];

static enum status put_message(struct rank_link *link, int to, int kind, const void *data,
                               size_t size)
{
    struct rank_message message = {.from = link->rank, .kind = kind, .size = size};
    cr_assert_lt(filled[to], BOX);
    if (size > 0) {
        cr_assert_eq(ARRAY_NEW(message.data, size), OK);
        memcpy(message.data, data, size);
    }
    boxes[to][filled[to]++] = message;
    return OK;
}

static enum status get_message(struct rank_message *out, struct rank_link *link)
{
    int rank = link->rank;
    *out = (struct rank_message){.kind = RANK_LINK_NOTHING};
    if (filled[rank] == 0)
        return OK;
    *out = boxes[rank][0];
    filled[rank]--;
    memmove(boxes[rank], boxes[rank] + 1, (size_t)filled[rank] * sizeof boxes[rank][0]);
    return OK;
}

static const struct rank_link_ops ops = {
    .name = "memory", .send = put_message, .receive = get_message};

struct seen {
    int64_t count, first;
    enum status answer;
};

static enum status accept(void *context, const struct case_record *record, int64_t index)
{
    struct seen *seen = context;
    cr_assert_eq(index, seen->first + seen->count);
    cr_assert_eq(record->flow.index, index);
    seen->count++;
    return seen->answer == OK ? OK : FAIL(seen->answer, "the disk is full");
}

static struct rank_link links[RANKS];
static struct ensemble_options options[RANKS];
static struct case_supply *supplies[RANKS];

static void set_up(struct seen *seen, int64_t count, const char *identity_of_2)
{
    for (int rank = RANKS - 1; rank >= 0; rank--) {
        links[rank] = (struct rank_link){&ops, rank, RANKS};
        options[rank] = (struct ensemble_options){.threads = 2,
                                                  .context = seen,
                                                  .accept = accept,
                                                  .link = &links[rank],
                                                  .identity = rank == 2 ? identity_of_2 : "same"};
        if (rank > 0)
            cr_assert_eq(case_errand_create(&supplies[rank], &options[rank]), OK);
        else
            cr_assert_eq(case_queue_create(&supplies[0], &options[0], seen->first, count), OK);
    }
}

static void tear_down(void)
{
    for (int rank = 0; rank < RANKS; rank++) {
        supplies[rank]->ops->destroy(supplies[rank]);
        for (int i = 0; i < filled[rank]; i++)
            array_free(boxes[rank][i].data);
        filled[rank] = 0;
    }
}

static struct case_record *make_record(int64_t number)
{
    struct case_record *record = NULL;
    cr_assert_eq(case_record_create(&record, 2, 2, 1, CASE_RECORD_DROP_STARTS), OK);
    record->flow.index = number;
    return record;
}

/* The threads of all ranks: which case each is at, -1 none. */
struct threads {
    int64_t at[RANKS][2];
};

static int64_t begun_by[RANKS]; /* cases, in the last run_all */

/* One turn of a rank: hears messages, finishes what its thread is at, takes another case. */
static enum status turn(struct threads *threads, int rank, int thread)
{
    struct case_supply *supply = supplies[rank];
    int64_t *at = &threads->at[rank][thread];
    TRY(supply->ops->poll(supply, 0));
    if (*at >= 0)
        TRY(supply->ops->give(supply, *at, make_record(*at)));
    TRY(supply->ops->take(at, supply));
    begun_by[rank] += *at >= 0;
    return OK;
}

/* Ranks and threads take turns by an uneven rule until all cases are accepted. */
static enum status run_all(const struct seen *seen, int64_t count, unsigned pattern)
{
    struct threads threads;
    memset(begun_by, 0, sizeof begun_by);
    for (int rank = 0; rank < RANKS; rank++)
        threads.at[rank][0] = threads.at[rank][1] = CASE_SUPPLY_WAIT;
    for (unsigned k = 0; seen->count < count; k++) {
        unsigned mixed = (k * 2654435761U + pattern * 40503U) >> 16;
        cr_assert_lt(k, 100000, "no end is in sight at %lld", (long long)seen->count);
        TRY(turn(&threads, (int)(mixed % RANKS), (int)(mixed / RANKS % 2)));
    }
    return OK;
}

Test(case_queue, hands_over_in_order_whichever_rank_is_fast)
{
    for (unsigned pattern = 0; pattern < 20; pattern++) {
        struct seen seen = {.first = 7};
        set_up(&seen, 40, "same");
        cr_assert_eq(run_all(&seen, 40, pattern), OK, "%s", error_message());
        for (int rank = 0; rank < RANKS; rank++)
            cr_assert_geq(begun_by[rank], 8, "rank %d stands idle", rank);
        tear_down();
    }
}

Test(case_queue, a_rank_that_is_never_fetched_from_holds_four_cases_and_no_more)
{
    struct seen seen = {.first = 0};
    struct threads threads;
    int64_t begun = 0;
    set_up(&seen, 40, "same");
    int64_t first = -1;
    cr_assert_eq(supplies[0]->ops->take(&first, supplies[0]), OK); /* and keeps it */
    cr_assert_eq(first, 0);
    threads.at[1][0] = threads.at[1][1] = CASE_SUPPLY_WAIT;
    for (int k = 0; k < 50; k++) {
        cr_assert_eq(turn(&threads, 1, k % 2), OK);
        begun += threads.at[1][k % 2] >= 0;
        cr_assert_eq(supplies[0]->ops->poll(supplies[0], 0), OK);
    }
    cr_assert_eq(begun, 4);
    cr_assert_eq(seen.count, 0);
    tear_down();
}

Test(case_queue, the_end_reaches_the_other_ranks)
{
    struct seen seen = {.first = 0};
    int64_t number = 0;
    set_up(&seen, 3, "same");
    cr_assert_eq(run_all(&seen, 3, 1), OK);
    cr_assert_eq(supplies[0]->ops->take(&number, supplies[0]), OK);
    cr_assert_eq(number, CASE_SUPPLY_NONE);
    supplies[0]->ops->destroy(supplies[0]);
    for (int rank = 1; rank < RANKS; rank++) {
        cr_assert_eq(supplies[rank]->ops->poll(supplies[rank], 0), OK);
        cr_assert_eq(supplies[rank]->over, 1);
        cr_assert_eq(supplies[rank]->ops->take(&number, supplies[rank]), OK);
        cr_assert_eq(number, CASE_SUPPLY_NONE);
    }
    cr_assert_eq(case_queue_create(&supplies[0], &options[0], 0, 0), OK); /* for tear_down */
    tear_down();
}

Test(case_queue, a_rank_with_another_configuration_is_named)
{
    struct seen seen = {.first = 0};
    set_up(&seen, 3, "other");
    cr_assert_eq(supplies[0]->ops->poll(supplies[0], 0), ERR_CONFIG);
    cr_assert_not_null(strstr(error_message(), "rank 2 has another configuration"), "%s",
                       error_message());
    tear_down();
}

Test(case_queue, what_fails_elsewhere_fails_here_with_the_rank)
{
    struct seen seen = {.first = 0};
    static const char text[] = "no memory for a lattice";
    unsigned char message[sizeof(int32_t) + sizeof text];
    const int32_t code = ERR_MEMORY;
    set_up(&seen, 3, "same");
    memcpy(message, &code, sizeof code);
    memcpy(message + sizeof code, text, sizeof text - 1);
    cr_assert_eq(
        put_message(&links[1], 0, RANK_LINK_FAILED, message, sizeof code + sizeof text - 1), OK);
    cr_assert_eq(supplies[0]->ops->poll(supplies[0], 0), ERR_MEMORY);
    cr_assert_str_eq(error_message(), "rank 1: no memory for a lattice");
    tear_down();
}

Test(case_queue, a_case_that_nobody_asked_for_is_a_fault)
{
    struct seen seen = {.first = 0};
    set_up(&seen, 3, "same");
    cr_assert_eq(put_message(&links[1], 0, CASE_SUPPLY_RECORD, "x", 1), OK);
    cr_assert_eq(supplies[0]->ops->poll(supplies[0], 0), ERR_INTERNAL);
    tear_down();
}

Test(case_queue, a_case_that_is_not_accepted_ends_it)
{
    struct seen seen = {.first = 0, .answer = ERR_IO};
    set_up(&seen, 3, "same");
    cr_assert_eq(run_all(&seen, 3, 1), ERR_IO);
    cr_assert_str_eq(error_message(), "the disk is full");
    tear_down();
}
