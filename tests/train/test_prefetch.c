/* SPDX-License-Identifier: Apache-2.0 */
#include "atomic_file.h"
#include "loader_fixture.h"
#include "path.h"
#include "prefetch.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

TestSuite(prefetch, .init = set_up, .fini = tear_down);

static const struct loader_options usual = LOADER_FIXTURE_OPTIONS(1);

/* A pool (budget 1: streamed, 0: loaded), its loader, and what is filled ahead. */
struct chain {
    struct case_pool *pool;
    struct loader *loader;
    struct prefetch *prefetch;
};

static struct chain open_chain(int64_t budget, int64_t first)
{
    struct chain chain = {NULL, NULL, NULL};
    const struct prefetch_options options = {.shape = LOADER_FIXTURE_SHAPE(BATCH), .first = first};
    cr_assert_eq(case_pool_create(&chain.pool, dataset, SPLIT_TRAIN, budget, 1), OK);
    cr_assert_eq(loader_create(&chain.loader, chain.pool, &usual), OK);
    cr_assert_eq(prefetch_create(&chain.prefetch, chain.loader, &options), OK);
    return chain;
}

static void close_chain(struct chain *chain)
{
    prefetch_destroy(chain->prefetch);
    loader_destroy(chain->loader);
    case_pool_destroy(chain->pool);
}

static void expect_same(const struct batch *a, const struct batch *b)
{
    cr_expect_arr_eq(a->input, b->input, (size_t)batch_input_count(a) * sizeof(float));
    cr_expect_arr_eq(a->target, b->target, (size_t)batch_target_count(a) * sizeof(float));
    cr_expect_arr_eq(a->fluid, b->fluid, (size_t)batch_fluid_count(a) * sizeof(float));
}

static void expect_batches_of_a_plain_loader(struct chain *chain, int64_t first)
{
    struct case_pool *pool = NULL;
    struct loader *loader = NULL;
    struct batch *expected = NULL;
    cr_assert_eq(case_pool_create(&pool, dataset, SPLIT_TRAIN, 0, 1), OK);
    cr_assert_eq(loader_create(&loader, pool, &usual), OK);
    const struct batch shape = LOADER_FIXTURE_SHAPE(BATCH);
    cr_assert_eq(batch_create(&expected, &shape), OK);
    for (int64_t sample = first; sample < first + 3 * SAMPLES; sample += BATCH) {
        const struct batch *found = NULL;
        cr_assert_eq(prefetch_next(&found, chain->prefetch), OK, "%s", error_message());
        cr_assert_eq(loader_fill(loader, expected, sample), OK);
        expect_same(found, expected);
    }
    batch_destroy(expected);
    loader_destroy(loader);
    case_pool_destroy(pool);
}

/* A rank's share: the batches begin further apart than they are long. */
Test(prefetch, batches_begin_a_stride_apart)
{
    struct chain ahead = {NULL, NULL, NULL}, plain = {NULL, NULL, NULL};
    struct batch *expected = NULL;
    const struct batch shape = LOADER_FIXTURE_SHAPE(2);
    const struct prefetch_options options = {.shape = shape, .first = 6, .stride = 5};
    struct chain *const chains[] = {&ahead, &plain};
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(case_pool_create(&chains[i]->pool, dataset, SPLIT_TRAIN, 0, 1), OK);
        cr_assert_eq(loader_create(&chains[i]->loader, chains[i]->pool, &usual), OK);
    }
    cr_assert_eq(batch_create(&expected, &shape), OK);
    cr_assert_eq(prefetch_create(&ahead.prefetch, ahead.loader, &options), OK);
    for (int i = 0; i < 4; i++) {
        const struct batch *found = NULL;
        cr_assert_eq(prefetch_next(&found, ahead.prefetch), OK);
        cr_assert_eq(loader_fill(plain.loader, expected, 6 + 5 * i), OK);
        expect_same(found, expected);
    }
    batch_destroy(expected);
    close_chain(&ahead);
    close_chain(&plain);
}

Test(prefetch, batches_are_those_of_a_plain_loader_streamed_or_loaded_from_any_sample)
{
    static const int64_t firsts[] = {0, BATCH, 2 * SAMPLES + 3};
    for (int64_t budget = 0; budget < 2; budget++)
        for (int i = 0; i < 3; i++) {
            struct chain chain = open_chain(budget, firsts[i]);
            expect_batches_of_a_plain_loader(&chain, firsts[i]);
            close_chain(&chain);
        }
}

Test(prefetch, a_streamed_epoch_reads_every_shard_once)
{
    struct chain chain = open_chain(1, 0);
    const struct batch *batch = NULL;
    int64_t shards = case_pool_shards(chain.pool);
    for (int64_t sample = 0; sample < 4 * SAMPLES; sample += BATCH)
        cr_assert_eq(prefetch_next(&batch, chain.prefetch), OK);
    int64_t reads = case_pool_reads(chain.pool);
    cr_expect_geq(reads, 3 * shards, "%lld reads of %lld shards", (long long)reads,
                  (long long)shards);
    cr_expect_leq(reads, 4 * shards + 3, "%lld reads of %lld shards", (long long)reads,
                  (long long)shards);
    close_chain(&chain);
}

Test(prefetch, the_shards_of_the_next_group_are_read_before_they_are_asked_for)
{
    struct case_pool *pool = NULL;
    const int64_t now = 0, next = 2;
    const struct case_record *record = NULL;
    cr_assert_eq(case_pool_create(&pool, dataset, SPLIT_TRAIN, 1, 1), OK);
    cr_assert_eq(case_pool_plan(pool, &now, 1, &next, 1), OK);
    cr_assert_eq(case_pool_get(&record, pool, 0, 0), OK);
    for (int tries = 0; tries < 2000 && case_pool_reads(pool) < 2; tries++)
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    cr_assert_eq(case_pool_reads(pool), 2);
    cr_assert_eq(case_pool_get(&record, pool, 2, 0), OK);
    cr_assert_eq(case_pool_plan(pool, &next, 1, &next, 1), OK);
    cr_assert_eq(case_pool_get(&record, pool, 2, 0), OK);
    cr_expect_eq(case_pool_reads(pool), 2, "a planned shard is read once");
    cr_assert_eq(case_pool_get(&record, pool, 0, 0), OK);
    cr_expect_eq(case_pool_reads(pool), 3, "one that is not planned any more was dropped");
    case_pool_destroy(pool);
}

static void damage(const char *name)
{
    char path[PATH_SIZE];
    cr_assert_eq(path_join(path, sizeof path, temporary_folder_path("data"), name), OK);
    cr_assert_eq(atomic_file_write_text(path, "no shard any more"), OK);
}

Test(prefetch, a_damaged_shard_is_an_error_where_it_is_needed_and_stays_one)
{
    damage("synthetic-00001.h5");
    struct chain chain = open_chain(1, 0);
    const struct batch *batch = NULL;
    enum status status = OK;
    int64_t good = 0;
    while (status == OK && good * BATCH < 2 * SAMPLES) {
        status = prefetch_next(&batch, chain.prefetch);
        good += status == OK;
    }
    cr_assert_eq(status, ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "synthetic-00001.h5"), "%s", error_message());
    cr_expect_eq(prefetch_next(&batch, chain.prefetch), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "synthetic-00001.h5"));
    close_chain(&chain);

    /* as many good batches as without reading ahead */
    struct case_pool *pool = NULL;
    struct loader *loader = NULL;
    struct batch *plain = NULL;
    cr_assert_eq(case_pool_create(&pool, dataset, SPLIT_TRAIN, 1, 1), OK);
    cr_assert_eq(loader_create(&loader, pool, &usual), OK);
    const struct batch shape = LOADER_FIXTURE_SHAPE(BATCH);
    cr_assert_eq(batch_create(&plain, &shape), OK);
    for (int64_t i = 0; i < good; i++)
        cr_assert_eq(loader_fill(loader, plain, i * BATCH), OK);
    cr_expect_eq(loader_fill(loader, plain, good * BATCH), ERR_DATA);
    batch_destroy(plain);
    loader_destroy(loader);
    case_pool_destroy(pool);
}

Test(prefetch, it_may_be_ended_at_any_time)
{
    for (int64_t taken = 0; taken < 12; taken++) {
        struct chain chain = open_chain(taken % 2, 0);
        const struct batch *batch = NULL;
        for (int64_t i = 0; i < taken; i++)
            cr_assert_eq(prefetch_next(&batch, chain.prefetch), OK);
        close_chain(&chain);
    }
}

Test(prefetch, waiting_is_measured)
{
    struct chain chain = open_chain(1, 0);
    const struct batch *batch = NULL;
    cr_expect_eq(prefetch_waited(chain.prefetch), 0.0);
    for (int i = 0; i < 8; i++)
        cr_assert_eq(prefetch_next(&batch, chain.prefetch), OK);
    cr_expect_gt(prefetch_waited(chain.prefetch), 0.0);
    close_chain(&chain);
}
