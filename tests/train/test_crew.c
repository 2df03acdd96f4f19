/* SPDX-License-Identifier: Apache-2.0
 *
 * What the ranks of a training tell each other, and the sum of long lists, over a link within the
 * process. */
#include "crew.h"
#include "crew_sum.h"
#include "memory_link.h"

#include <math.h>
#include <time.h>

enum { COUNT = 150001 }; /* three stretches, the last of them short */

/* ---- sums ---- */

struct summing {
    int64_t count, piece; /* floats offered at a time, about; 0: all at once */
    float *got[MEMORY_LINK_RANKS];
};

/* Of every size; some so that the order of adding shows: 1e20 - 1e20 + 1 is 1 in this one alone. */
static float value_of(int rank, int64_t i)
{
    static const float odd[] = {1e20F, -1e20F, 1.0F, 0.5F, -3.0F};
    if (i % 5 == 0)
        return odd[rank];
    double base = 2.0 * philox_uniform(11, PHILOX_STREAM_TEST, (uint64_t)(i * 8 + rank)) - 1.0;
    return (float)(base * pow(10.0, (double)((i + 7 * rank) % 19) - 9.0));
}

static enum status offer_all(struct crew_sum *sum, const struct summing *it, int rank, float sign)
{
    float *own = crew_sum_own(sum);
    int64_t at = it->count, round = 0;
    while (at > 0) {
        int64_t piece = it->piece == 0 ? it->count : 1 + it->piece * (round++ + rank) % it->count;
        int64_t from = at > piece ? at - piece : 0;
        for (int64_t i = from; i < at; i++)
            own[i] = sign * value_of(rank, i);
        TRY(crew_sum_offer(sum, from));
        at = from;
    }
    return OK;
}

static enum status sum_twice(struct crew_sum *sum, struct summing *it, int rank)
{
    const float *sums;
    for (int round = 0; round < 2; round++) { /* a sum is used again, for other numbers */
        TRY(offer_all(sum, it, rank, round == 0 ? -1.0F : 1.0F));
        TRY(crew_sum_finish(sum, &sums));
    }
    memcpy(it->got[rank], sums, (size_t)it->count * sizeof *sums);
    return OK;
}

static enum status do_sum(void *context, struct rank_link *link)
{
    struct summing *it = context;
    struct crew *crew = NULL;
    struct crew_sum *sum = NULL;
    enum status status = OK;
    TRY_GOTO(crew_create(&crew, link), cleanup);
    TRY_GOTO(crew_sum_create(&sum, crew, it->count), cleanup);
    TRY_GOTO(sum_twice(sum, it, link->rank), cleanup);
cleanup:
    crew_sum_destroy(sum);
    crew_destroy(crew);
    return status;
}

static void check_sum(int ranks, int64_t count, int64_t piece, uint64_t seed)
{
    struct summing it = {.count = count, .piece = piece};
    for (int rank = 0; rank < ranks; rank++)
        cr_assert_eq(ARRAY_NEW(it.got[rank], count), OK);
    memory_run_well(ranks, seed, do_sum, &it);
    for (int64_t i = 0; i < count; i++) {
        double sum = 0;
        for (int rank = 0; rank < ranks; rank++)
            sum += value_of(rank, i);
        float want = (float)sum;
        for (int rank = 0; rank < ranks; rank++)
            cr_assert_arr_eq(&it.got[rank][i], &want, sizeof want,
                             "%d ranks, %lld floats: number %lld on rank %d is %.9g, not %.9g",
                             ranks, (long long)count, (long long)i, rank, it.got[rank][i], want);
    }
    for (int rank = 0; rank < ranks; rank++)
        array_free(it.got[rank]);
}

Test(crew, sums_are_those_in_the_order_of_the_ranks_for_any_number_of_them)
{
    for (int ranks = 2; ranks <= MEMORY_LINK_RANKS; ranks++)
        check_sum(ranks, COUNT, 0, 1);
}

Test(crew, sums_do_not_depend_on_when_what_is_offered_and_what_comes_first)
{
    for (uint64_t seed = 2; seed < 6; seed++)
        check_sum(3, COUNT, 9973 * (int64_t)seed, seed);
}

Test(crew, lists_shorter_than_the_ranks_are_many_are_summed)
{
    check_sum(5, 3, 1, 7);
    check_sum(2, 1, 0, 8);
}

/* ---- small talk ---- */

struct talk {
    volatile sig_atomic_t signals[MEMORY_LINK_RANKS];
    enum status stopped[MEMORY_LINK_RANKS];
    int heard[MEMORY_LINK_RANKS];
};

static enum status talk(struct crew *crew, struct talk *it)
{
    int rank = crew_rank(crew), ranks = crew_count(crew);
    double all[MEMORY_LINK_RANKS] = {0}, own = 10.0 + rank, both[2] = {1.0, rank};
    float mean = (float)rank;
    static unsigned char long_one[3][9000001];
    unsigned char *bytes = long_one[rank];
    TRY(crew_gather(crew, all, &own, sizeof own));
    for (int i = 0; i < ranks; i++)
        if (all[i] != 10.0 + i)
            return FAIL(ERR_INTERNAL, "rank %d is heard as %g", i, all[i]);
    TRY(crew_add(crew, both, 2));
    TRY(crew_mean(crew, &mean, 1));
    if (both[0] != ranks || both[1] != 3.0 || mean != 1.0F)
        return FAIL(ERR_INTERNAL, "sums %g and %g, mean %g", both[0], both[1], mean);
    for (size_t i = 0; i < sizeof long_one[0]; i++)
        bytes[i] = rank == 0 ? (unsigned char)(i % 251) : 255;
    TRY(crew_share(crew, bytes, sizeof long_one[0]));
    for (size_t i = 0; i < sizeof long_one[0]; i++)
        if (bytes[i] != i % 251)
            return FAIL(ERR_INTERNAL, "byte %zu is %d", i, bytes[i]);
    struct stop stop = {.signal = &it->signals[rank]};
    it->stopped[rank] = crew_stop(crew, &stop, "here");
    it->heard[rank] = crew_signal(crew);
    return OK;
}

static enum status do_talk(void *context, struct rank_link *link)
{
    struct crew *crew = NULL;
    TRY(crew_create(&crew, link));
    enum status status = talk(crew, context);
    crew_destroy(crew);
    return status;
}

Test(crew, ranks_hear_each_other_and_share_what_the_first_one_has)
{
    struct talk it = {.signals = {0}};
    memory_run_well(3, 1, do_talk, &it);
    for (int rank = 0; rank < 3; rank++)
        cr_expect_eq(it.stopped[rank], OK, "nobody asked rank %d to stop", rank);
}

Test(crew, a_signal_that_one_rank_got_stops_all_and_all_know_it)
{
    struct talk it = {.signals = {0, 0, 15}};
    memory_run_well(3, 2, do_talk, &it);
    for (int rank = 0; rank < 3; rank++) {
        cr_expect_eq(it.stopped[rank], ERR_STOPPED, "rank %d goes on", rank);
        cr_expect_eq(it.heard[rank], 15, "rank %d heard of signal %d", rank, it.heard[rank]);
    }
}

/* ---- when one fails ---- */

/* Rank 1 fails; rank 0, told of it, ends the job, as ranks.c has it. */
static enum status do_fail(void *context, struct rank_link *link)
{
    static const char text[] = "the disk is full";
    unsigned char message[sizeof(int32_t) + sizeof text] = {0};
    int32_t code = ERR_IO;
    double own = 1.0, all[MEMORY_LINK_RANKS];
    struct crew *crew = NULL;
    (void)context;
    memcpy(message, &code, sizeof code);
    memcpy(message + sizeof code, text, sizeof text);
    if (link->rank == 1)
        return link->ops->send(link, 0, RANK_LINK_FAILED, message, sizeof message - 1);
    TRY(crew_create(&crew, link));
    enum status status = crew_gather(crew, all, &own, sizeof own);
    crew_destroy(crew);
    for (int rank = 1; rank < link->count && link->rank == 0; rank++)
        TRY(link->ops->send(link, rank, RANK_LINK_END, NULL, 0));
    return status;
}

Test(crew, a_rank_that_fails_ends_the_waiting_of_all)
{
    memory_run(3, 3, do_fail, NULL);
    cr_expect_eq(memory_ranks[0].status, ERR_IO);
    cr_expect_str_eq(memory_ranks[0].message, "rank 1: the disk is full");
    cr_expect_eq(memory_ranks[2].status, ERR_INTERNAL);
    cr_expect(strstr(memory_ranks[2].message, "ended the job") != NULL, "%s",
              memory_ranks[2].message);
}

/* Rank 1 is done while rank 0 waits for rank 2. */
static enum status do_stop(void *context, struct rank_link *link)
{
    int32_t code = ERR_STOPPED;
    double own = 1.0, all[MEMORY_LINK_RANKS];
    struct crew *crew = NULL;
    (void)context;
    if (link->rank == 1)
        TRY(link->ops->send(link, 0, RANK_LINK_FAILED, &code, sizeof code));
    if (link->rank == 2)
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    TRY(crew_create(&crew, link));
    enum status status = crew_gather(crew, all, &own, sizeof own);
    crew_destroy(crew);
    return status;
}

Test(crew, a_rank_that_has_stopped_already_is_no_failure)
{
    memory_run_well(3, 4, do_stop, NULL);
}

Test(crew, a_link_of_messages_alone_is_refused)
{
    struct rank_link_ops ops = memory_ops;
    struct rank_link link = {.ops = &ops, .count = 2};
    struct crew *crew = NULL;
    ops.give = NULL;
    cr_expect_eq(crew_create(&crew, &link), ERR_UNSUPPORTED);
    cr_expect_null(crew);
}

Test(crew, alone_there_is_nothing_to_wait_for)
{
    struct crew *crew = NULL;
    double own = 3.0, all = 0.0;
    cr_assert_eq(crew_create(&crew, NULL), OK);
    cr_expect_null(crew);
    cr_expect_eq(crew_gather(crew, &all, &own, sizeof own), OK);
    cr_expect_eq(all, 3.0);
    cr_expect_eq(crew_count(crew), 1);
}
