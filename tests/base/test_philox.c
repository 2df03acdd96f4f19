/* SPDX-License-Identifier: Apache-2.0 */
#include "philox.h"

#include <criterion/criterion.h>
#include <math.h>

/* Known-answer vectors of Random123 for philox4x32, 10 rounds. */
static const struct {
    uint32_t counter[4], key[2], answer[4];
} known[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

Test(philox, gives_the_published_vectors)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t out[4];
        philox_block(out, known[i].counter, known[i].key);
        for (int j = 0; j < 4; j++)
            cr_assert_eq(out[j], known[i].answer[j], "vector %zu word %d", i, j);
    }
}

Test(philox, bits_depend_on_seed_stream_and_index)
{
    uint64_t base = philox_bits(1, PHILOX_STREAM_TEST, 2);
    cr_assert_eq(philox_bits(1, PHILOX_STREAM_TEST, 2), base);
    cr_assert_neq(philox_bits(2, PHILOX_STREAM_TEST, 2), base);
    cr_assert_neq(philox_bits(1, PHILOX_STREAM_CASE, 2), base);
    cr_assert_neq(philox_bits(1, PHILOX_STREAM_TEST, 3), base);
    cr_assert_neq(philox_bits(1 + (UINT64_C(1) << 32), PHILOX_STREAM_TEST, 2), base);
    cr_assert_neq(philox_bits(1, PHILOX_STREAM_TEST, 2 + (UINT64_C(1) << 32)), base);
    /* counter 0, key 0 but for the stream in word 2: the first vector's neighbour, first two words
     */
    cr_assert_eq(philox_bits(0, 0, 0), UINT64_C(0xe169c58d6627e8d5));
}

Test(philox, uniform_and_normal_have_their_moments)
{
    enum { COUNT = 200000 };
    double sum = 0;
    double square = 0;
    double normal[4] = {0};
    for (uint64_t i = 0; i < COUNT; i++) {
        double u = philox_uniform(5, PHILOX_STREAM_TEST, i);
        cr_assert(u >= 0 && u < 1);
        sum += u;
        square += u * u;
        double z = philox_normal(6, PHILOX_STREAM_TEST, i);
        for (int k = 0; k < 4; k++)
            normal[k] += pow(z, k + 1);
    }
    double error = 4 / sqrt(COUNT); /* four standard errors of a quantity of unit variance */
    cr_assert_float_eq(sum / COUNT, 0.5, error * 0.289);
    cr_assert_float_eq(square / COUNT, 1.0 / 3, error * 0.299);
    cr_assert_float_eq(normal[0] / COUNT, 0, error);
    cr_assert_float_eq(normal[1] / COUNT, 1, error * sqrt(2));
    cr_assert_float_eq(normal[2] / COUNT, 0, error * sqrt(15));
    cr_assert_float_eq(normal[3] / COUNT, 3, error * sqrt(96));
}

Test(philox, below_is_even_over_its_range)
{
    enum { COUNT = 70000, BOUND = 7 };
    int held[BOUND] = {0};
    for (uint64_t i = 0; i < COUNT; i++)
        held[philox_below(9, PHILOX_STREAM_TEST, i, BOUND)]++;
    double chi = 0;
    for (int k = 0; k < BOUND; k++)
        chi += pow(held[k] - COUNT / BOUND, 2) / (COUNT / BOUND);
    cr_assert_lt(chi, 22.5, "chi square with 6 degrees of freedom: %g", chi); /* p = 0.001 */
    cr_assert_eq(philox_below(9, PHILOX_STREAM_TEST, 0, 1), 0);
}

Test(philox, below_takes_the_upper_half_of_the_product)
{
    /* against the quotient computed in long double, whose 64-bit significand decides all but ties
     */
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t bound = philox_bits(3, PHILOX_STREAM_TEST, i) | 1;
        uint64_t bits = philox_bits(4, PHILOX_STREAM_TEST, i);
        long double expected = (long double)bits * (long double)bound * 0x1p-64L;
        uint64_t got = philox_below(4, PHILOX_STREAM_TEST, i, bound);
        cr_assert(fabsl((long double)got - expected) <= 2 + expected * 0x1p-50L);
        cr_assert_lt(got, bound);
    }
}

Test(philox, permutation_holds_every_number_once_and_differs_by_index)
{
    enum { COUNT = 1000 };
    int64_t order[COUNT];
    int64_t other[COUNT];
    char seen[COUNT] = {0};
    philox_permutation(order, COUNT, 1, PHILOX_STREAM_TEST, 0);
    philox_permutation(other, COUNT, 1, PHILOX_STREAM_TEST, 1);
    int same = 0;
    int fixed = 0;
    for (int i = 0; i < COUNT; i++) {
        cr_assert(order[i] >= 0 && order[i] < COUNT && !seen[order[i]]);
        seen[order[i]] = 1;
        same += order[i] == other[i];
        fixed += order[i] == i;
    }
    cr_assert_lt(same, 10);
    cr_assert_lt(fixed, 10);
    philox_permutation(order, 0, 1, PHILOX_STREAM_TEST, 0);
    philox_permutation(order, 1, 1, PHILOX_STREAM_TEST, 0);
    cr_assert_eq(order[0], 0);
}

Test(philox, permutations_of_three_are_equally_likely)
{
    enum { COUNT = 12000 };
    int held[27] = {0};
    for (uint64_t i = 0; i < COUNT; i++) {
        int64_t order[3];
        philox_permutation(order, 3, 2, PHILOX_STREAM_TEST, i);
        held[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    double chi = 0;
    for (int k = 0; k < 27; k++)
        if (held[k] > 0)
            chi += pow(held[k] - COUNT / 6, 2) / (COUNT / 6);
    cr_assert_lt(chi, 20.5, "chi square with 5 degrees of freedom: %g", chi); /* p = 0.001 */
}
