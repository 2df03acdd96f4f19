/* SPDX-License-Identifier: Apache-2.0 */
#include "sample_order.h"

#include "array.h"

#include <criterion/criterion.h>
#include <string.h>

enum { SETS = 5, SHARDS = 7, LIMIT = 4000 };

static const struct {
    int64_t cases[SHARDS], shards, windows, buffer;
} sets[SETS] = {
    {{3, 4, 2, 5, 1, 6, 3}, 7, 11, 3},
    {{3, 4, 2, 5, 1, 6, 3}, 7, 11, 7},
    {{3, 4, 2, 5, 1, 6, 3}, 7, 11, 1},
    {{0, 4, 0, 5, 0, 0, 2}, 7, 9, 2},
    {{20}, 1, 5, 8},
};

static struct sample_order *make(int set, uint64_t seed)
{
    const struct sample_order_options options = {.seed = seed,
                                                 .windows = sets[set].windows,
                                                 .cases = sets[set].cases,
                                                 .shards = sets[set].shards,
                                                 .buffer = sets[set].buffer};
    struct sample_order *order = NULL;
    cr_assert_eq(sample_order_create(&order, &options), OK);
    return order;
}

static int64_t number_of(int set, const struct sample_order_sample *sample)
{
    int64_t before = 0;
    for (int64_t i = 0; i < sample->shard; i++)
        before += sets[set].cases[i];
    cr_assert(sample->shard >= 0 && sample->shard < sets[set].shards);
    cr_assert(sample->position >= 0 && sample->position < sets[set].cases[sample->shard]);
    cr_assert(sample->window >= 0 && sample->window < sets[set].windows);
    return (before + sample->position) * sets[set].windows + sample->window;
}

Test(sample_order, every_epoch_has_every_sample_once)
{
    for (int set = 0; set < SETS; set++) {
        struct sample_order *order = make(set, 7);
        for (int64_t epoch = 0; epoch < 4; epoch++) {
            unsigned char seen[LIMIT] = {0};
            cr_assert_eq(sample_order_epoch(order), epoch);
            for (int64_t i = 0; i < sample_order_count(order); i++) {
                struct sample_order_sample sample;
                cr_assert_eq(sample_order_position(order), i);
                sample_order_next(&sample, order);
                cr_assert_eq(seen[number_of(set, &sample)]++, 0, "set %d epoch %d", set,
                             (int)epoch);
            }
        }
        sample_order_destroy(order);
    }
}

Test(sample_order, no_more_than_the_buffer_is_needed_and_a_shard_comes_once_an_epoch)
{
    for (int set = 0; set < SETS; set++) {
        struct sample_order *order = make(set, 8);
        int64_t held[SHARDS], held_count = 0, loads = 0;
        for (int64_t i = 0; i < sample_order_count(order); i++) {
            struct sample_order_sample sample;
            int64_t count = 0;
            const int64_t *needed = sample_order_resident(&count, order);
            cr_assert(count >= 1 && count <= sets[set].buffer);
            if (count != held_count || memcmp(needed, held, sizeof *held * (size_t)count) != 0) {
                loads += count;
                held_count = count;
                memcpy(held, needed, sizeof *held * (size_t)count);
            }
            sample_order_next(&sample, order);
            int found = 0;
            for (int64_t k = 0; k < held_count; k++)
                found += held[k] == sample.shard;
            cr_assert_eq(found, 1);
        }
        int64_t used = 0;
        for (int64_t k = 0; k < sets[set].shards; k++)
            used += sets[set].cases[k] > 0;
        cr_assert_eq(loads, used, "set %d", set);
        sample_order_destroy(order);
    }
}

Test(sample_order, a_resumed_order_goes_on_as_if_it_had_never_stopped)
{
    for (int set = 0; set < SETS; set++) {
        struct sample_order *whole = make(set, 9);
        for (int64_t i = 0; i < 2 * sample_order_count(whole) + 3; i++) {
            struct sample_order *resumed = make(set, 9);
            struct sample_order_sample expected, found;
            sample_order_seek(resumed, sample_order_epoch(whole), sample_order_position(whole));
            sample_order_next(&expected, whole);
            sample_order_next(&found, resumed);
            cr_assert_eq(number_of(set, &expected), number_of(set, &found));
            cr_assert(sample_order_epoch(resumed) == sample_order_epoch(whole) &&
                      sample_order_position(resumed) == sample_order_position(whole));
            sample_order_destroy(resumed);
        }
        sample_order_destroy(whole);
    }
}

Test(sample_order, seeking_back_and_forth_in_one_object_changes_nothing)
{
    struct sample_order *steady = make(0, 3);
    struct sample_order *jumping = make(0, 3);
    const int64_t count = sample_order_count(steady);
    for (int64_t i = 0; i < 2 * count; i++) {
        struct sample_order_sample expected, found;
        sample_order_next(&expected, steady);
        sample_order_seek(jumping, 5 + i % 3, (i * 37) % count);
        sample_order_next(&found, jumping);
        sample_order_seek(jumping, i / count, i % count);
        (void)sample_order_resident(&(int64_t){0}, jumping);
        sample_order_next(&found, jumping);
        cr_assert_eq(number_of(0, &expected), number_of(0, &found));
    }
    sample_order_destroy(steady);
    sample_order_destroy(jumping);
}

/* Positions at which two orders of a whole epoch agree. */
static int64_t count_equal(struct sample_order *first, struct sample_order *second, int set)
{
    int64_t equal = 0;
    for (int64_t i = 0; i < sample_order_count(first); i++) {
        struct sample_order_sample a, b;
        sample_order_next(&a, first);
        sample_order_next(&b, second);
        equal += number_of(set, &a) == number_of(set, &b);
    }
    return equal;
}

Test(sample_order, seeds_and_epochs_have_orders_of_their_own)
{
    struct sample_order *first = make(1, 1);
    struct sample_order *second = make(1, 2);
    cr_assert_lt(count_equal(first, second, 1), 20); /* one of 264 by chance */
    sample_order_seek(first, 0, 0);
    sample_order_seek(second, 0, 0);
    sample_order_destroy(second);
    second = make(1, 1);
    sample_order_seek(second, 1, 0);
    cr_assert_lt(count_equal(first, second, 1), 20);
    sample_order_destroy(first);
    sample_order_destroy(second);
}

Test(sample_order, an_order_is_mixed_within_its_buffer)
{
    struct sample_order *order = make(1, 4);
    int64_t changes = 0;
    struct sample_order_sample last = {-1, 0, 0};
    for (int64_t i = 0; i < sample_order_count(order); i++) {
        struct sample_order_sample sample;
        sample_order_next(&sample, order);
        changes += sample.shard != last.shard;
        last = sample;
    }
    cr_assert_gt(changes, sample_order_count(order) / 2);
    sample_order_destroy(order);
}

Test(sample_order, no_samples_are_refused)
{
    const int64_t none[] = {0, 0};
    const struct sample_order_options options = {
        .windows = 3, .cases = none, .shards = 2, .buffer = 1};
    struct sample_order *order = NULL;
    cr_assert_eq(sample_order_create(&order, &options), ERR_CONFIG);
    cr_assert_null(order);
}

Test(sample_order, the_group_that_follows_is_told_ahead_and_turns_count_up)
{
    for (int set = 0; set < SETS; set++) {
        struct sample_order *order = make(set, 10);
        int64_t told[SHARDS], told_count = 0, turn = -1;
        for (int64_t i = 0; i < 3 * sample_order_count(order); i++) {
            struct sample_order_sample sample;
            int64_t count = 0;
            if (sample_order_turn(order) != turn) {
                const int64_t *now = sample_order_resident(&count, order);
                cr_assert_eq(sample_order_turn(order), turn + 1);
                if (turn >= 0) {
                    cr_assert_eq(count, told_count);
                    cr_assert_arr_eq(now, told, sizeof *told * (size_t)count);
                }
                turn++;
                const int64_t *next = sample_order_following(&told_count, order);
                memcpy(told, next, sizeof *told * (size_t)told_count);
            }
            sample_order_next(&sample, order);
        }
        cr_assert_geq(turn, 2);
        sample_order_destroy(order);
    }
}
