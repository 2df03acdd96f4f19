/* SPDX-License-Identifier: Apache-2.0 */
#include "precision.h"

#include <criterion/criterion.h>

#include <math.h>

Test(precision, every_bf16_number_is_a_float_that_rounds_to_itself)
{
    for (uint32_t half = 0; half < 0x10000; half++) {
        float value = precision_widen((uint16_t)half);
        if (isnan(value))
            cr_assert(isnan(precision_widen(precision_round(value))), "%x", half);
        else
            cr_assert_eq(precision_round(value), half, "%x", half);
    }
}

/* Between two neighbours a and b: what lies nearer to a becomes a, the middle the one whose last
 * bit is 0. */
Test(precision, rounding_is_to_the_nearest_and_ties_go_to_even)
{
    static const uint32_t lows[] = {0x0001, 0x7fff, 0x8000, 0x8001, 0xffff};
    for (uint32_t half = 0; half < 0xff7f; half += half == 0x7f7f ? 0x81 : 1)
        for (int i = 0; i < 5; i++) {
            uint32_t bits = half << 16 | lows[i];
            uint32_t up = lows[i] > 0x8000 || (lows[i] == 0x8000 && half % 2 == 1);
            float value;
            memcpy(&value, &bits, sizeof value);
            cr_assert_eq(precision_round(value), half + up, "%08x", bits);
        }
}

Test(precision, what_is_no_number_stays_none_and_too_much_is_infinite)
{
    static const uint32_t nans[] = {0x7f800001, 0x7fffffff, 0xffffffff, 0xff800001, 0x7fc00000};
    for (int i = 0; i < 5; i++) {
        float value;
        memcpy(&value, &nans[i], sizeof value);
        cr_expect(isnan(precision_widen(precision_round(value))), "%08x", nans[i]);
    }
    cr_expect_eq(precision_widen(precision_round(INFINITY)), INFINITY);
    cr_expect_eq(precision_widen(precision_round(-INFINITY)), -INFINITY);
    cr_expect_eq(precision_widen(precision_round(3.4028235e38f)), INFINITY);
}

Test(precision, arrays_are_read_written_and_walked_in_either_precision)
{
    float floats[3] = {0};
    uint16_t halves[3] = {0};
    precision_put(floats, 2, PRECISION_F32, 1.001f);
    precision_put(halves, 2, PRECISION_BF16, 1.001f);
    cr_expect_eq(precision_get(floats, 2, PRECISION_F32), 1.001f);
    cr_expect_eq(precision_get(halves, 2, PRECISION_BF16), 1.0f);
    cr_expect_eq(precision_at(floats, 2, PRECISION_F32), &floats[2]);
    cr_expect_eq(precision_from(halves, 2, PRECISION_BF16), &halves[2]);
    cr_expect_str_eq(precision_word(PRECISION_F32), "f32");
    cr_expect_str_eq(precision_word(PRECISION_BF16), "bf16");
}
