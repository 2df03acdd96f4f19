/* SPDX-License-Identifier: Apache-2.0
 *
 * The two kinds of numbers that arrays of a network hold: float32, and bf16, the upper half of a
 * float32 (its sign, its exponent, 7 of its 23 bits). Rounding is to the nearest, ties to even, by
 * whole numbers, so that every processor makes the same bits; denormal numbers stay what they are,
 * and what is not a number stays none. Knows no arithmetic. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum precision { PRECISION_F32, PRECISION_BF16 };

static inline const char *precision_word(enum precision precision)
{
    return precision == PRECISION_BF16 ? "bf16" : "f32";
}

static inline size_t precision_bytes(enum precision precision)
{
    return precision == PRECISION_BF16 ? sizeof(uint16_t) : sizeof(float);
}

static inline float precision_widen(uint16_t half)
{
    uint32_t bits = (uint32_t)half << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint16_t precision_round(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint32_t rounded = bits + 0x7fffU + (bits >> 16 & 1U);
    uint32_t none = bits | 0x400000U; // rounding could make a number of it
    return (uint16_t)(((bits & 0x7fffffffU) > 0x7f800000U ? none : rounded) >> 16);
}

/* Number `index` of an array. */
static inline float precision_get(const void *array, int64_t index, enum precision precision)
{
    if (precision == PRECISION_BF16)
        return precision_widen(((const uint16_t *)array)[index]);
    return ((const float *)array)[index];
}

static inline void precision_put(void *array, int64_t index, enum precision precision, float value)
{
    if (precision == PRECISION_BF16)
        ((uint16_t *)array)[index] = precision_round(value);
    else
        ((float *)array)[index] = value;
}

/* Where it stands. */
static inline void *precision_at(void *array, int64_t index, enum precision precision)
{
    return (char *)array + (size_t)index * precision_bytes(precision);
}

static inline const void *precision_from(const void *array, int64_t index, enum precision precision)
{
    return (const char *)array + (size_t)index * precision_bytes(precision);
}
