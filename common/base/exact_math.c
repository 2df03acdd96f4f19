/* SPDX-License-Identifier: Apache-2.0
 *
 * Each function is reduced to a small interval, where its Taylor series is summed by Horner's rule:
 *
 *   sin, cos  x = n pi/2 + r, |r| <= pi/4
 *   exp       x = n ln 2 + r, |r| <= ln(2)/2
 *   log       x = 2^k m, sqrt(1/2) <= m < sqrt 2; log m = 2 atanh(s), s = (m - 1) / (m + 1)
 *   atan      t = c + ..., c = k/8; atan t = atan c + atan((t - c) / (1 + t c))
 *   pow       exp(exponent * log(base)) with the logarithm carried in two doubles
 *
 * The pieces n pi/2 and n ln 2 are taken off with fused multiply-adds and constants in two parts;
 * the first subtraction is exact because both operands are multiples of one small power of two and
 * the difference has at most 53 bits above it. Only + - * / and fma, rounded to nearest, occur:
 * their results are the same on every machine. */
#include "exact_math.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const double half_pi_high = 0x1.921fb54442d18p+0;
static const double half_pi_low = 0x1.1a62633145c07p-54;
static const double ln2_high = 0x1.62e42fefa39efp-1;
static const double ln2_low = 0x1.abc9e3b39803fp-56;
static const double ln2_short = 0x1.62e42fefa3800p-1; /* 42 bits: times any exponent exact */
static const double ln2_rest = 0x1.ef35793c76730p-45; /* ln 2 - ln2_short */

/* A number in two parts, |low| <= ulp(high) / 2. */
struct pair {
    double high, low;
};

/* a + b exactly, whatever their order of size. */
static struct pair two_sum(double a, double b)
{
    double sum = a + b;
    double shift = sum - a;
    return (struct pair){sum, (a - (sum - shift)) + (b - shift)};
}

static struct pair two_product(double a, double b)
{
    double product = a * b;
    return (struct pair){product, fma(a, b, -product)};
}

static struct pair pair_add(struct pair a, struct pair b)
{
    struct pair sum = two_sum(a.high, b.high);
    return two_sum(sum.high, sum.low + (a.low + b.low));
}

static struct pair pair_multiply(struct pair a, struct pair b)
{
    struct pair product = two_product(a.high, b.high);
    return two_sum(product.high, product.low + fma(a.high, b.low, a.low * b.high));
}

static double horner(double x, const double *coefficients, int count)
{
    double sum = coefficients[count - 1];
    for (int i = count - 2; i >= 0; i--)
        sum = fma(sum, x, coefficients[i]);
    return sum;
}

/* The nearest integer, ties to even; |x| < 2^51. */
static double nearest(double x)
{
    const double shift = 0x1.8p52;
    return (x + shift) - shift;
}

static double power_of_two(int exponent) /* -1022 .. 1023 */
{
    uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* sin r / r - 1 = r^2 (...), and cos r = 1 - r^2 / 2 + r^4 (...) */
static const double sine_series[] = {
    -1.0 / 6,        1.0 / 120,         -1.0 / 5040,           1.0 / 362880,
    -1.0 / 39916800, 1.0 / 6227020800., -1.0 / 1307674368000., 1.0 / 355687428096000.};
static const double cosine_series[] = {
    1.0 / 24,        -1.0 / 720,          1.0 / 40320,           -1.0 / 3628800,
    1.0 / 479001600, -1.0 / 87178291200., 1.0 / 20922789888000., -1.0 / 6402373705728000.};

static double sine_near_zero(struct pair r)
{
    double square = r.high * r.high;
    double bend = r.high * square * horner(square, sine_series, COUNT(sine_series));
    return r.high + fma(r.low, 1 - 0.5 * square, bend);
}

static double cosine_near_zero(struct pair r)
{
    double square = r.high * r.high;
    double bend = square * square * horner(square, cosine_series, COUNT(cosine_series));
    return 1 - (0.5 * square - (bend - r.high * r.low));
}

/* The quarter of the circle x lies in, and the rest. */
static int reduce_angle(struct pair *rest, double x)
{
    double quarters = nearest(x / half_pi_high);
    double first = fma(-quarters, half_pi_high, x);
    double second = fma(-quarters, half_pi_low, first);
    rest->high = second;
    rest->low = fma(-quarters, half_pi_low, first - second);
    return (int)((int64_t)quarters & 3);
}

double exact_math_sin(double x)
{
    struct pair rest;
    if (!isfinite(x))
        return NAN;
    int quarter = reduce_angle(&rest, x);
    double value = quarter & 1 ? cosine_near_zero(rest) : sine_near_zero(rest);
    return quarter & 2 ? -value : value;
}

double exact_math_cos(double x)
{
    struct pair rest;
    if (!isfinite(x))
        return NAN;
    int quarter = reduce_angle(&rest, x);
    double value = quarter & 1 ? sine_near_zero(rest) : cosine_near_zero(rest);
    return quarter == 1 || quarter == 2 ? -value : value;
}

/* exp r = 1 + r + r^2 (...) */
static const double exp_series[] = {
    1.0 / 2,     1.0 / 6,      1.0 / 24,      1.0 / 120,      1.0 / 720,        1.0 / 5040,
    1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600., 1.0 / 6227020800.};

/* exp(x + low) for |low| below 1e-12. */
static double exp_of_pair(double x, double low)
{
    if (isnan(x))
        return x;
    if (x > 710)
        return HUGE_VAL;
    if (x < -746)
        return 0;
    double n = nearest(x / ln2_high);
    double rest = fma(-n, ln2_high, x) + fma(-n, ln2_low, low);
    double square = rest * rest;
    double value = 1 + fma(square, horner(rest, exp_series, COUNT(exp_series)), rest);
    int half = (int)n / 2; /* two factors, each a normal number */
    return value * power_of_two(half) * power_of_two((int)n - half);
}

double exact_math_exp(double x)
{
    return exp_of_pair(x, 0);
}

/* x = 2^k m with m in [sqrt(1/2), sqrt 2); x positive and finite. */
static double split_exponent(int *k, double x)
{
    int shift = 0;
    if (x < 0x1p-1022) { /* subnormal */
        x *= 0x1p54;
        shift = -54;
    }
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    *k = (int)(bits >> 52) - 1023 + shift;
    bits = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1023) << 52;
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m >= 0x1.6a09e667f3bcdp+0) {
        m *= 0.5;
        *k += 1;
    }
    return m;
}

/* 2 atanh s = 2 s + s^3 (2/3) + s^5 (2/5 + ...) */
static const double atanh_series[] = {2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13,
                                      2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23};

/* The logarithm to about 1e-20 of its size: enough to be multiplied by 700. */
static struct pair log_of(double x)
{
    int k;
    double m = split_exponent(&k, x);
    double numerator = m - 1; /* exact */
    struct pair denominator = two_sum(m, 1);
    double quotient = numerator / denominator.high;
    double residue = fma(-quotient, denominator.high, numerator) - quotient * denominator.low;
    struct pair s = {quotient, residue / denominator.high};
    struct pair square = pair_multiply(s, s);
    struct pair cube = pair_multiply(s, square);
    const struct pair two_thirds = {0x1.5555555555555p-1, 0x1.5555555555555p-55};
    double tail = cube.high * square.high * horner(square.high, atanh_series, COUNT(atanh_series));
    struct pair sum = pair_add((struct pair){2 * s.high, 2 * s.low},
                               pair_add(pair_multiply(cube, two_thirds), (struct pair){tail, 0}));
    return pair_add((struct pair){k * ln2_short, k * ln2_rest}, sum);
}

double exact_math_log(double x)
{
    if (isnan(x) || x < 0)
        return NAN;
    if (x == 0)
        return -HUGE_VAL;
    if (isinf(x))
        return x;
    return log_of(x).high;
}

double exact_math_pow(double base, double exponent)
{
    if (isnan(base) || isnan(exponent) || base < 0)
        return NAN;
    if (base == 1 || exponent == 0)
        return 1;
    if (base == 0 || isinf(base) || isinf(exponent))
        return exact_math_exp(exponent * exact_math_log(base));
    struct pair logarithm = log_of(base);
    double product = exponent * logarithm.high;
    if (fabs(product) > 800)
        return exact_math_exp(product);
    double low = fma(exponent, logarithm.high, -product) + exponent * logarithm.low;
    return exp_of_pair(product, low);
}

/* atan(k / 8) in two parts */
static const struct pair atan_of_eighths[] = {
    {0x0.0p+0, 0x0.0p+0},
    {0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59},
    {0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57},
    {0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56},
    {0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56},
    {0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58},
    {0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56},
    {0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56},
    {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55},
};

/* atan u = u + u^3 (...) */
static const double atan_series[] = {-1.0 / 3,  1.0 / 5,  -1.0 / 7, 1.0 / 9,
                                     -1.0 / 11, 1.0 / 13, -1.0 / 15};

/* atan(small / large), 0 <= small <= large, large > 0. */
static struct pair atan_of_quotient(double small, double large)
{
    int eighths = (int)nearest(8 * (small / large));
    double centre = eighths * 0.125;
    double u = fma(-centre, large, small) / fma(centre, small, large);
    double square = u * u;
    double bend = u * square * horner(square, atan_series, COUNT(atan_series));
    struct pair base = atan_of_eighths[eighths];
    struct pair sum = two_sum(base.high, u);
    return two_sum(sum.high, sum.low + (bend + base.low));
}

/* |y| and |x| by a common factor away from overflow and from subnormal numbers. */
static void bring_to_middle(double *y, double *x)
{
    double largest = *y > *x ? *y : *x;
    double factor = largest > 0x1p1000 ? 0x1p-100 : largest < 0x1p-900 ? 0x1p200 : 1;
    *y *= factor;
    *x *= factor;
}

static double atan2_of_positive(double y, double x, int x_is_negative)
{
    const struct pair half_pi = {half_pi_high, half_pi_low};
    const struct pair pi = {2 * half_pi_high, 2 * half_pi_low};
    struct pair angle = {0, 0};
    if (y <= x && x > 0) {
        angle = atan_of_quotient(y, x);
    } else if (y > x) {
        struct pair rest = atan_of_quotient(x, y);
        angle = pair_add(half_pi, (struct pair){-rest.high, -rest.low});
    }
    if (x_is_negative)
        angle = pair_add(pi, (struct pair){-angle.high, -angle.low});
    return angle.high;
}

double exact_math_atan2(double y, double x)
{
    if (isnan(y) || isnan(x))
        return NAN;
    double up = fabs(y);
    double along = fabs(x);
    if (isinf(up) || isinf(along)) { /* only the directions matter */
        up = isinf(up) ? 1 : 0;
        along = isinf(along) ? 1 : 0;
    }
    bring_to_middle(&up, &along);
    return copysign(atan2_of_positive(up, along, signbit(x) != 0), y);
}
