/* SPDX-License-Identifier: Apache-2.0
 *
 * Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random
 * numbers: as easy as 1, 2, 3"). A number is a pure function of (seed, stream, index), so case k,
 * sample k or weight k is the same whoever draws it and in any order. No state. */
#pragma once

#include <stdint.h>

/* One stream per purpose, so that adding a use never shifts another. */
enum philox_stream {
    PHILOX_STREAM_CASE = 1,    /* what a case is: body, Re, place */
    PHILOX_STREAM_KICK = 2,    /* the transverse start-up kick */
    PHILOX_STREAM_SPLIT = 3,   /* which split a case belongs to */
    PHILOX_STREAM_WEIGHTS = 4, /* initial network parameters */
    PHILOX_STREAM_ORDER = 5,   /* order of training samples */
    PHILOX_STREAM_AUGMENT = 6, /* flips */
    PHILOX_STREAM_TEST = 7,    /* tests only */
    PHILOX_STREAM_OUTLINE = 8, /* coefficients of random outlines */
    PHILOX_STREAM_NOISE = 9    /* on the inputs of a training */
};

/* The bare block function: counter and key as in the reference implementation (Random123). */
void philox_block(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]);

/* 64 random bits for (seed, stream, index). */
uint64_t philox_bits(uint64_t seed, uint32_t stream, uint64_t index);

/* Uniform in [0, 1), 53 bits. */
double philox_uniform(uint64_t seed, uint32_t stream, uint64_t index);

/* Uniform integer in [0, bound), bound > 0; without modulo bias beyond 2^-64 * bound. */
uint64_t philox_below(uint64_t seed, uint32_t stream, uint64_t index, uint64_t bound);

/* Standard normal (Box-Muller from exact_math, so identical on every machine). */
double philox_normal(uint64_t seed, uint32_t stream, uint64_t index);

/* Fills order[0..count) with a random permutation of 0..count-1 for (seed, stream, index)
 * (Fisher-Yates; the index takes the high bits of the counter). */
void philox_permutation(int64_t *order, int64_t count, uint64_t seed, uint32_t stream,
                        uint64_t index);
