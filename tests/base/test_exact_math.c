/* SPDX-License-Identifier: Apache-2.0
 *
 * Against long double functions of the C library, whose 64-bit significand leaves an error near
 * 1e-19. Random arguments and the corners. */
#include "exact_math.h"
#include "philox.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>

enum { COUNT = 100000 };
static const double bound = 1e-15;

static double between(double low, double high, uint64_t index)
{
    return low + (high - low) * philox_uniform(1, PHILOX_STREAM_TEST, index);
}

static double relative_error(double got, long double expected)
{
    return (double)fabsl(((long double)got - expected) / expected);
}

Test(exact_math, sin_and_cos_are_right_to_1e_15)
{
    static const double reach[] = {1e-8, 1, 4, 100, 1e4, 1e6};
    for (int k = 0; k < 6; k++) {
        for (uint64_t i = 0; i < COUNT; i++) {
            double x = between(-reach[k], reach[k], i);
            cr_assert_lt((double)fabsl(exact_math_sin(x) - sinl(x)), bound, "sin(%a)", x);
            cr_assert_lt((double)fabsl(exact_math_cos(x) - cosl(x)), bound, "cos(%a)", x);
        }
    }
}

Test(exact_math, sin_and_cos_are_right_near_multiples_of_a_quarter_turn)
{
    for (int n = -600000; n <= 600000; n += 7) {
        double x = n * (EXACT_MATH_PI / 2);
        cr_assert_lt((double)fabsl(exact_math_sin(x) - sinl(x)), bound, "sin(%a)", x);
        cr_assert_lt((double)fabsl(exact_math_cos(x) - cosl(x)), bound, "cos(%a)", x);
    }
}

Test(exact_math, exp_is_right_to_1e_15)
{
    for (uint64_t i = 0; i < COUNT; i++) {
        double wide = between(-708, 709.7, i);
        double narrow = between(-1, 1, i);
        cr_assert_lt(relative_error(exact_math_exp(wide), expl(wide)), bound, "exp(%a)", wide);
        cr_assert_lt(relative_error(exact_math_exp(narrow), expl(narrow)), bound, "exp(%a)",
                     narrow);
    }
    cr_assert_eq(exact_math_exp(0), 1);
    cr_assert(isinf(exact_math_exp(710)));
    cr_assert(isinf(exact_math_exp(1e300)));
    cr_assert_eq(exact_math_exp(-746), 0);
    cr_assert_eq(exact_math_exp(-1e300), 0);
    cr_assert(fabsl(exact_math_exp(-740) - expl(-740)) <= 0x1p-1074L); /* subnormal */
    cr_assert(isnan(exact_math_exp(NAN)));
}

Test(exact_math, log_is_right_to_1e_15)
{
    for (uint64_t i = 0; i < COUNT; i++) {
        double near_one = 1 + between(-1, 1, i) * pow(10, -between(0, 15, COUNT + i));
        double anywhere = pow(2, between(-1070, 1023, i));
        if (near_one > 0 && near_one != 1)
            cr_assert_lt(relative_error(exact_math_log(near_one), logl(near_one)), bound, "log(%a)",
                         near_one);
        cr_assert_lt(relative_error(exact_math_log(anywhere), logl(anywhere)), bound, "log(%a)",
                     anywhere);
    }
    cr_assert_eq(exact_math_log(1), 0);
    cr_assert_lt(relative_error(exact_math_log(DBL_MAX), logl(DBL_MAX)), bound);
    cr_assert_lt(relative_error(exact_math_log(DBL_TRUE_MIN), logl(DBL_TRUE_MIN)), bound);
    cr_assert(exact_math_log(0) == -INFINITY);
    cr_assert(isnan(exact_math_log(-1)));
    cr_assert(isinf(exact_math_log(INFINITY)));
}

Test(exact_math, atan2_is_right_to_1e_15)
{
    for (uint64_t i = 0; i < COUNT; i++) {
        double y = between(-1, 1, i) * pow(10, between(-12, 12, COUNT + i));
        double x = between(-1, 1, 2 * COUNT + i);
        cr_assert_lt(relative_error(exact_math_atan2(y, x), atan2l(y, x)), bound, "atan2(%a, %a)",
                     y, x);
        double angle = between(-3.2, 3.2, i);
        y = sin(angle);
        x = cos(angle);
        cr_assert_lt(relative_error(exact_math_atan2(y, x), atan2l(y, x)), bound, "atan2(%a, %a)",
                     y, x);
    }
}

Test(exact_math, atan2_keeps_the_corners_of_the_c_library)
{
    static const double corners[] = {0.0,      -0.0,      1,          -1,       DBL_MAX,
                                     -DBL_MAX, 0x1p-1060, -0x1p-1060, INFINITY, -INFINITY};
    for (int i = 0; i < 10; i++) {
        for (int j = 0; j < 10; j++) {
            double y = corners[i];
            double x = corners[j];
            double expected = atan2(y, x);
            double got = exact_math_atan2(y, x);
            cr_assert(fabs(got - expected) <= bound * fabs(expected), "atan2(%a, %a) = %a, not %a",
                      y, x, got, expected);
            cr_assert_eq(signbit(got) != 0, signbit(expected) != 0, "sign of atan2(%a, %a)", y, x);
        }
    }
    cr_assert(isnan(exact_math_atan2(NAN, 1)) && isnan(exact_math_atan2(1, NAN)));
}

Test(exact_math, pow_is_right_to_1e_15)
{
    for (uint64_t i = 0; i < COUNT; i++) {
        double base = exp(between(-20, 20, i));
        double exponent = between(-30, 30, COUNT + i);
        cr_assert_lt(relative_error(exact_math_pow(base, exponent), powl(base, exponent)), bound,
                     "pow(%a, %a)", base, exponent);
        base = 1 + between(-1e-3, 1e-3, i);
        exponent = between(-6e5, 6e5, COUNT + i);
        cr_assert_lt(relative_error(exact_math_pow(base, exponent), powl(base, exponent)), bound,
                     "pow(%a, %a)", base, exponent);
    }
    cr_assert_eq(exact_math_pow(2, 10), 1024);
    cr_assert_eq(exact_math_pow(5, 0), 1);
    cr_assert_eq(exact_math_pow(1, 1e300), 1);
    cr_assert(isinf(exact_math_pow(10, 400)));
    cr_assert_eq(exact_math_pow(10, -400), 0);
}
