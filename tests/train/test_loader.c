/* SPDX-License-Identifier: Apache-2.0 */
#include "loader_fixture.h"

#include <string.h>

TestSuite(loader, .init = set_up, .fini = tear_down);

static const struct loader_options usual = LOADER_FIXTURE_OPTIONS(2);

static struct case_pool *open_pool(int64_t budget, int64_t resident)
{
    struct case_pool *pool = NULL;
    cr_assert_eq(case_pool_create(&pool, dataset, SPLIT_TRAIN, budget, resident), OK, "%s",
                 error_message());
    return pool;
}

static struct batch *new_batch(int64_t windows)
{
    struct batch *batch = NULL;
    const struct batch shape = LOADER_FIXTURE_SHAPE(windows);
    cr_assert_eq(batch_create(&batch, &shape), OK);
    return batch;
}

static void expect_same(const struct batch *a, const struct batch *b)
{
    cr_expect_arr_eq(a->input, b->input, (size_t)batch_input_count(a) * sizeof(float));
    cr_expect_arr_eq(a->target, b->target, (size_t)batch_target_count(a) * sizeof(float));
    cr_expect_arr_eq(a->fluid, b->fluid, (size_t)batch_fluid_count(a) * sizeof(float));
}

Test(loader, the_pool_holds_the_cases_of_its_split_alone)
{
    struct case_pool *pool = open_pool(0, 1);
    int64_t cases = 0;
    cr_expect_gt(case_pool_shards(pool), 2, "the test wants several shards");
    for (int64_t s = 0; s < case_pool_shards(pool); s++)
        for (int64_t c = 0; c < case_pool_cases(pool, s); c++, cases++) {
            const struct case_record *record;
            cr_assert_eq(case_pool_get(&record, pool, s, c), OK);
            cr_expect_eq(synthetic_split(record->flow.index), SPLIT_TRAIN);
        }
    cr_expect_eq(cases, SYNTHETIC_TRAIN);
    case_pool_destroy(pool);
}

/* Slots of `whole` from `from` on are those of `share` from `slot` on. */
static void expect_run(const struct batch *whole, int64_t from, const struct batch *share,
                       int64_t slot, int64_t count)
{
    size_t input = (size_t)(batch_input_count(whole) / whole->windows);
    size_t target = (size_t)(batch_target_count(whole) / whole->windows);
    for (int64_t i = 0; i < count; i++) {
        cr_expect_arr_eq(whole->input + (size_t)(from + i) * input,
                         share->input + (size_t)(slot + i) * input, input * sizeof(float));
        cr_expect_arr_eq(whole->target + (size_t)(from + i) * target,
                         share->target + (size_t)(slot + i) * target, target * sizeof(float));
    }
}

/* Loaded and streamed, over more than an epoch. */
Test(loader, the_shares_of_all_ranks_make_every_part_of_a_batch)
{
    enum { RANKS = 3, PARTS = 2, RUN = 2, WHOLE = RANKS * PARTS * RUN };
    struct batch *whole = new_batch(WHOLE), *share = new_batch(PARTS * RUN);
    struct loader *all = NULL, *loader = NULL;
    struct case_pool *pool = open_pool(0, 1);
    struct loader_options options = usual;
    options.noise = 0.1;
    cr_assert_eq(loader_create(&all, pool, &options), OK);
    for (int64_t rank = 0; rank < RANKS; rank++) {
        struct case_pool *own = open_pool(rank == 1 ? 1 : 0, 2);
        options.share = (struct loader_share){rank, RANKS, PARTS};
        cr_assert_eq(loader_create(&loader, own, &options), OK);
        for (int64_t first = 0; first < 2 * SAMPLES; first += WHOLE) {
            cr_assert_eq(loader_fill(all, whole, first), OK);
            cr_assert_eq(loader_fill(loader, share, first), OK);
            for (int64_t part = 0; part < PARTS; part++)
                expect_run(whole, (part * RANKS + rank) * RUN, share, part * RUN, RUN);
        }
        loader_destroy(loader);
        case_pool_destroy(own);
    }
    batch_destroy(whole);
    batch_destroy(share);
    loader_destroy(all);
    case_pool_destroy(pool);
}

Test(loader, an_epoch_shows_every_window_once)
{
    struct case_pool *pool = open_pool(0, 1);
    struct loader *loader = NULL;
    struct batch *batch = new_batch(1);
    struct loader_options options = usual;
    double sums[SAMPLES];
    options.flips = LOADER_PLAIN;
    cr_assert_eq(loader_create(&loader, pool, &options), OK);
    cr_assert_eq(loader_windows(loader), SAMPLES);
    for (int s = 0; s < SAMPLES; s++) {
        cr_assert_eq(loader_fill(loader, batch, s), OK);
        /* case and frame give every window numbers of its own */
        sums[s] = 1e3 * batch->input[FRAME_UY] + batch->input[5 * NORMALISATION_CHANNELS] +
                  batch->target[200 * FRAME_FIELDS + FRAME_UY];
        for (int before = 0; before < s; before++)
            cr_assert_neq(sums[before], sums[s], "samples %d and %d are the same", before, s);
    }
    /* the next epoch: the same windows in another order */
    int same = 0, known = 0;
    for (int s = 0; s < SAMPLES; s++) {
        cr_assert_eq(loader_fill(loader, batch, SAMPLES + s), OK);
        double sum = 1e3 * batch->input[FRAME_UY] + batch->input[5 * NORMALISATION_CHANNELS] +
                     batch->target[200 * FRAME_FIELDS + FRAME_UY];
        same += sum == sums[s];
        for (int other = 0; other < SAMPLES; other++)
            known += sum == sums[other];
    }
    cr_expect_eq(known, SAMPLES);
    cr_expect_lt(same, SAMPLES / 4);
    batch_destroy(batch);
    loader_destroy(loader);
    case_pool_destroy(pool);
}

Test(loader, a_streamed_dataset_gives_the_bytes_of_a_loaded_one)
{
    struct case_pool *loaded = open_pool(0, 1), *streamed = open_pool(1, 2);
    struct loader *a = NULL, *b = NULL;
    struct batch *from_a = new_batch(BATCH), *from_b = new_batch(BATCH);
    cr_assert_eq(loader_create(&a, loaded, &usual), OK);
    cr_assert_eq(loader_create(&b, streamed, &usual), OK);
    for (int64_t first = 0; first < 2 * SAMPLES; first += BATCH) {
        cr_assert_eq(loader_fill(a, from_a, first), OK);
        cr_assert_eq(loader_fill(b, from_b, first), OK);
        expect_same(from_a, from_b);
    }
    /* and streaming reads each shard about once an epoch, not once a sample */
    cr_expect_eq(case_pool_reads(loaded), case_pool_shards(loaded));
    cr_expect_leq(case_pool_reads(streamed), 3 * case_pool_shards(streamed));
    batch_destroy(from_a);
    batch_destroy(from_b);
    loader_destroy(a);
    loader_destroy(b);
    case_pool_destroy(loaded);
    case_pool_destroy(streamed);
}

Test(loader, a_sample_depends_on_its_number_alone)
{
    struct case_pool *pool = open_pool(0, 1);
    struct loader *loader = NULL;
    struct batch *first = new_batch(BATCH), *again = new_batch(BATCH);
    cr_assert_eq(loader_create(&loader, pool, &usual), OK);
    cr_assert_eq(loader_fill(loader, first, 3), OK);
    cr_assert_eq(loader_fill(loader, again, 5 * SAMPLES + 11), OK);
    cr_assert_eq(loader_fill(loader, again, 3), OK);
    expect_same(first, again);
    batch_destroy(first);
    batch_destroy(again);
    loader_destroy(loader);
    case_pool_destroy(pool);
}

/* The sdf is symmetric here, uy is not: a flipped sample has its uy mirrored and negated. */
Test(loader, about_half_of_the_samples_are_flipped_and_nothing_else_changes)
{
    enum { C = NORMALISATION_CHANNELS };
    struct case_pool *pool = open_pool(0, 1);
    struct loader *plain = NULL, *flipping = NULL;
    struct loader_options options = usual;
    struct batch *a = new_batch(SAMPLES), *b = new_batch(SAMPLES);
    int64_t count = batch_input_count(a) / SAMPLES, flipped = 0;
    options.flips = LOADER_PLAIN;
    cr_assert_eq(loader_create(&plain, pool, &options), OK);
    cr_assert_eq(loader_create(&flipping, pool, &usual), OK);
    cr_assert_eq(loader_fill(plain, a, 0), OK);
    cr_assert_eq(loader_fill(flipping, b, 0), OK);
    for (int s = 0; s < SAMPLES; s++) {
        const float *p = a->input + s * count, *f = b->input + s * count;
        if (memcmp(p, f, (size_t)count * sizeof *p) == 0)
            continue;
        flipped++;
        for (int64_t i = 0; i < count / C; i++) {
            int64_t y = i % SYNTHETIC_NY, mirrored = i - y + SYNTHETIC_NY - 1 - y;
            cr_assert_eq(f[i * C + FRAME_UY], -p[mirrored * C + FRAME_UY]);
            cr_assert_eq(f[i * C + FRAME_UX], p[mirrored * C + FRAME_UX]);
        }
    }
    cr_expect_gt(flipped, SAMPLES / 3);
    cr_expect_lt(flipped, 2 * SAMPLES / 3);
    batch_destroy(a);
    batch_destroy(b);
    loader_destroy(plain);
    loader_destroy(flipping);
    case_pool_destroy(pool);
}

Test(loader, the_even_windows_begin_with_the_first_and_do_not_repeat)
{
    struct case_pool *pool = open_pool(0, 1);
    struct loader *loader = NULL;
    struct batch *all = new_batch(SAMPLES), *few = new_batch(4);
    int64_t count = batch_target_count(few) / 4;
    cr_assert_eq(loader_create(&loader, pool, &usual), OK);
    cr_assert_eq(loader_fill_evenly(loader, all), OK);
    cr_assert_eq(loader_fill_evenly(loader, few), OK);
    for (int i = 0; i < 4; i++)
        cr_expect_arr_eq(few->target + i * count, all->target + i * SAMPLES / 4 * count,
                         (size_t)count * sizeof(float));
    for (int i = 1; i < SAMPLES; i++)
        cr_expect_arr_neq(all->target + i * count, all->target + (i - 1) * count,
                          (size_t)count * sizeof(float));
    batch_destroy(all);
    batch_destroy(few);
    loader_destroy(loader);
    case_pool_destroy(pool);
}

Test(loader, the_normalisation_is_the_same_streamed_or_loaded)
{
    struct case_pool *loaded = open_pool(0, 1), *streamed = open_pool(1, 1);
    struct normalisation a, b;
    cr_assert_eq(loader_measure(&a, loaded), OK);
    cr_assert_eq(loader_measure(&b, streamed), OK);
    cr_expect_arr_eq(a.scale, b.scale, sizeof a.scale);
    cr_expect_eq(a.extras, b.extras);
    for (int f = 0; f < FRAME_FIELDS; f++)
        cr_expect(a.scale[f] > 0.01 && a.scale[f] < 1.0, "field %d: %g", f, a.scale[f]);
    case_pool_destroy(loaded);
    case_pool_destroy(streamed);
}

Test(loader, an_empty_split_and_cases_shorter_than_a_window_are_refused)
{
    struct case_pool *pool = NULL;
    struct loader *loader = NULL;
    struct loader_options options = usual;
    cr_expect_eq(case_pool_create(&pool, dataset, SPLIT_TEST_REYNOLDS, 0, 1), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), split_name(SPLIT_TEST_REYNOLDS)));
    cr_expect_eq(case_pool_create(&pool, dataset, SPLIT_TRAIN, 0, 0), ERR_CONFIG);
    pool = open_pool(0, 1);
    options.case_frames = 5;
    cr_expect_eq(loader_create(&loader, pool, &options), ERR_CONFIG);
    case_pool_destroy(pool);
}

/* Noise is on the fields of the fluid alone, of the deviation asked for, the same for a sample
 * whichever batch it is in; targets are clean. */
Test(loader, noise_is_on_the_fields_of_the_fluid_alone)
{
    enum { C = NORMALISATION_CHANNELS, CELLS = SYNTHETIC_CELLS };
    struct case_pool *pool = NULL;
    struct loader *plain = NULL, *noisy = NULL;
    struct batch *clean = NULL, *batch = NULL, *later = NULL;
    const struct batch shape = LOADER_FIXTURE_SHAPE(8);
    struct loader_options options = usual;
    double sum = 0, squares = 0, count = 0;
    cr_assert_eq(case_pool_create(&pool, dataset, SPLIT_TRAIN, 0, 2), OK);
    cr_assert_eq(loader_create(&plain, pool, &options), OK);
    options.noise = 0.25;
    cr_assert_eq(loader_create(&noisy, pool, &options), OK);
    cr_assert_eq(batch_create(&clean, &shape), OK);
    cr_assert_eq(batch_create(&batch, &shape), OK);
    cr_assert_eq(batch_create(&later, &shape), OK);
    cr_assert_eq(loader_fill(plain, clean, 0), OK);
    cr_assert_eq(loader_fill(noisy, batch, 0), OK);
    cr_assert_eq(loader_fill(noisy, later, 1), OK);
    for (int64_t i = 0; i < batch_input_count(batch); i++) {
        int64_t cell = i / C % CELLS, window = i / C / CELLS / 3;
        double noise = (double)batch->input[i] - clean->input[i];
        if (i % C < FRAME_FIELDS && batch->fluid[window * CELLS + cell] != 0.0F) {
            sum += noise;
            squares += noise * noise;
            count++;
        } else {
            cr_expect_eq(noise, 0.0);
        }
    }
    cr_expect_float_eq(sum / count, 0.0, 0.01);
    cr_expect_float_eq(sqrt(squares / count), 0.25, 0.01);
    cr_expect_arr_eq(batch->target, clean->target,
                     (size_t)batch_target_count(batch) * sizeof(float));
    int64_t window = batch_input_count(batch) / 8;
    cr_expect_arr_eq(later->input, batch->input + window, (size_t)(7 * window) * sizeof(float));
    batch_destroy(clean);
    batch_destroy(batch);
    batch_destroy(later);
    loader_destroy(plain);
    loader_destroy(noisy);
    case_pool_destroy(pool);
}

/* The truth of call 2 in a window is that of call 1 in the window `out` frames later. */
Test(loader, a_window_of_several_calls_holds_the_frames_that_follow)
{
    struct case_pool *pool = NULL;
    struct loader *loader = NULL;
    struct batch *batch = NULL;
    struct batch shape = LOADER_FIXTURE_SHAPE(SYNTHETIC_TRAIN * 7);
    struct loader_options options = usual;
    options.window = shape.window = (struct window){2, 3, 2};
    cr_assert_eq(case_pool_create(&pool, dataset, SPLIT_TRAIN, 0, 2), OK);
    cr_assert_eq(loader_create(&loader, pool, &options), OK);
    cr_assert_eq(loader_windows(loader), SYNTHETIC_TRAIN * 7);
    cr_assert_eq(batch_create(&batch, &shape), OK);
    cr_assert_eq(loader_fill_evenly(loader, batch), OK);
    int64_t truth = batch_target_count(batch), window = truth / batch->windows;
    for (int64_t at = 0; at + 3 < 7; at++)
        cr_expect_arr_eq(batch->target + truth + at * window, batch->target + (at + 3) * window,
                         (size_t)window * sizeof(float));
    batch_destroy(batch);
    loader_destroy(loader);
    case_pool_destroy(pool);
}
