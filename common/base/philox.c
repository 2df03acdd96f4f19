/* SPDX-License-Identifier: Apache-2.0
 *
 * One round multiplies two of the four counter words by fixed odd numbers, crosses the halves of
 * the products and mixes in the key; the key itself advances by a Weyl sequence. Ten rounds.
 *
 * Words of the counter here: 0 and 1 the index, 2 the stream, 3 zero for single numbers and
 * 1 + index for permutations (words 0 and 1 then count the draws), so the two never share a block.
 */
#include "philox.h"

#include "exact_math.h"

#include <assert.h>
#include <math.h>

enum { ROUNDS = 10 };

static void round_once(uint32_t block[4], const uint32_t key[2])
{
    uint64_t first = UINT64_C(0xD2511F53) * block[0];
    uint64_t second = UINT64_C(0xCD9E8D57) * block[2];
    uint32_t mixed[4] = {(uint32_t)(second >> 32) ^ block[1] ^ key[0], (uint32_t)second,
                         (uint32_t)(first >> 32) ^ block[3] ^ key[1], (uint32_t)first};
    for (int i = 0; i < 4; i++)
        block[i] = mixed[i];
}

void philox_block(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2])
{
    uint32_t weyl[2] = {key[0], key[1]};
    for (int i = 0; i < 4; i++)
        out[i] = counter[i];
    for (int i = 0; i < ROUNDS; i++) {
        round_once(out, weyl);
        weyl[0] += UINT32_C(0x9E3779B9);
        weyl[1] += UINT32_C(0xBB67AE85);
    }
}

/* Two independent 64-bit numbers of one block. */
static void draw(uint64_t out[2], uint64_t seed, uint32_t stream, uint64_t index, uint32_t part)
{
    uint32_t counter[4] = {(uint32_t)index, (uint32_t)(index >> 32), stream, part};
    uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t block[4];
    philox_block(block, counter, key);
    out[0] = (uint64_t)block[1] << 32 | block[0];
    out[1] = (uint64_t)block[3] << 32 | block[2];
}

uint64_t philox_bits(uint64_t seed, uint32_t stream, uint64_t index)
{
    uint64_t bits[2];
    draw(bits, seed, stream, index, 0);
    return bits[0];
}

static double unit_interval(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

double philox_uniform(uint64_t seed, uint32_t stream, uint64_t index)
{
    return unit_interval(philox_bits(seed, stream, index));
}

/* The upper 64 bits of a product, by halves: 128-bit integers are not C17. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    uint64_t a0 = (uint32_t)a;
    uint64_t a1 = a >> 32;
    uint64_t b0 = (uint32_t)b;
    uint64_t b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    uint64_t cross = a0 * b1 + (uint32_t)middle;
    return a1 * b1 + (middle >> 32) + (cross >> 32);
}

uint64_t philox_below(uint64_t seed, uint32_t stream, uint64_t index, uint64_t bound)
{
    assert(bound > 0);
    return multiply_high(philox_bits(seed, stream, index), bound);
}

double philox_normal(uint64_t seed, uint32_t stream, uint64_t index)
{
    uint64_t bits[2];
    draw(bits, seed, stream, index, 0);
    double radius = sqrt(-2 * exact_math_log(1 - unit_interval(bits[0]))); /* log of (0, 1] */
    return radius * exact_math_cos(2 * EXACT_MATH_PI * unit_interval(bits[1]));
}

void philox_permutation(int64_t *order, int64_t count, uint64_t seed, uint32_t stream,
                        uint64_t index)
{
    assert(index < UINT32_MAX);
    for (int64_t i = 0; i < count; i++)
        order[i] = i;
    for (int64_t i = count - 1; i > 0; i--) {
        uint64_t bits[2];
        draw(bits, seed, stream, (uint64_t)i, (uint32_t)index + 1);
        int64_t other = (int64_t)multiply_high(bits[0], (uint64_t)i + 1);
        int64_t kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}
