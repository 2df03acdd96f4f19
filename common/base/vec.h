/* SPDX-License-Identifier: Apache-2.0
 *
 * SIMD for files named *_simd.c, which room_isa_source() compiles once per instruction set: a
 * vector of floats and one of doubles as wide as the set's registers, with load, store, broadcast,
 * fused multiply-add, square root and masking; + - * / are the compiler's own on vector types.
 * Every operation acts on each lane alone and is IEEE exact, so the width never shows in a result;
 * sums across cells go over VEC_LANES virtual lanes on every set (vec_sum_lanes). Not for other
 * files, and no reciprocal estimates, ever. */
#pragma once

#include <stdint.h>

#if defined(__AVX512F__)
#include <immintrin.h>
#define VEC_BYTES 64
#elif defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#define VEC_BYTES 32
#else
#define VEC_BYTES 16
#endif

/* Cells that a sweep treats together, whatever the register width. */
enum { VEC_LANES = 16 };

typedef float vec_float __attribute__((vector_size(VEC_BYTES)));
typedef double vec_double __attribute__((vector_size(VEC_BYTES)));
typedef int32_t vec_float_bits __attribute__((vector_size(VEC_BYTES)));
typedef int64_t vec_double_bits __attribute__((vector_size(VEC_BYTES)));

/* Four on every set, for three numbers that go together. */
typedef double vec_quad __attribute__((vector_size(32)));

/* vec_T_fma: a * b + c with one rounding, in every lane. vec_T_sqrt: the correctly rounded root. */
#if VEC_BYTES == 64
static inline vec_float vec_float_sqrt(vec_float v)
{
    return (vec_float)_mm512_sqrt_ps((__m512)v);
}
static inline vec_double vec_double_sqrt(vec_double v)
{
    return (vec_double)_mm512_sqrt_pd((__m512d)v);
}
static inline vec_float vec_float_fma(vec_float a, vec_float b, vec_float c)
{
    return (vec_float)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
static inline vec_double vec_double_fma(vec_double a, vec_double b, vec_double c)
{
    return (vec_double)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}
#elif VEC_BYTES == 32
static inline vec_float vec_float_sqrt(vec_float v)
{
    return (vec_float)_mm256_sqrt_ps((__m256)v);
}
static inline vec_double vec_double_sqrt(vec_double v)
{
    return (vec_double)_mm256_sqrt_pd((__m256d)v);
}
static inline vec_float vec_float_fma(vec_float a, vec_float b, vec_float c)
{
    return (vec_float)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
static inline vec_double vec_double_fma(vec_double a, vec_double b, vec_double c)
{
    return (vec_double)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
#else
static inline vec_float vec_float_sqrt(vec_float v)
{
    for (int lane = 0; lane < VEC_BYTES / 4; lane++)
        v[lane] = __builtin_sqrtf(v[lane]);
    return v;
}
static inline vec_double vec_double_sqrt(vec_double v)
{
    for (int lane = 0; lane < VEC_BYTES / 8; lane++)
        v[lane] = __builtin_sqrt(v[lane]);
    return v;
}
static inline vec_float vec_float_fma(vec_float a, vec_float b, vec_float c)
{
    vec_float sum = {0};
    for (int lane = 0; lane < VEC_BYTES / 4; lane++)
        sum[lane] = __builtin_fmaf(a[lane], b[lane], c[lane]);
    return sum;
}
static inline vec_double vec_double_fma(vec_double a, vec_double b, vec_double c)
{
    vec_double sum = {0};
    for (int lane = 0; lane < VEC_BYTES / 8; lane++)
        sum[lane] = __builtin_fma(a[lane], b[lane], c[lane]);
    return sum;
}
#endif

/* For T = float, double:
 *   vec_T_load(p), vec_T_store(p, v)   any alignment
 *   vec_T_set(s)                       s in every lane
 *   vec_T_keep(v, flag)                v where flag is not 0, +0 elsewhere (whatever v holds)
 *   vec_T_select_greater(a, b)         the greater of each pair; b where one is not a number */
#define VEC_DEFINE(T)                                                                              \
    static inline vec_##T vec_##T##_load(const T *p)                                               \
    {                                                                                              \
        vec_##T v;                                                                                 \
        __builtin_memcpy(&v, p, sizeof v);                                                         \
        return v;                                                                                  \
    }                                                                                              \
    static inline void vec_##T##_store(T *p, vec_##T v)                                            \
    {                                                                                              \
        __builtin_memcpy(p, &v, sizeof v);                                                         \
    }                                                                                              \
    static inline vec_##T vec_##T##_set(T s)                                                       \
    {                                                                                              \
        return s - (vec_##T){0};                                                                   \
    }                                                                                              \
    static inline vec_##T vec_##T##_keep(vec_##T v, vec_##T flag)                                  \
    {                                                                                              \
        return (vec_##T)((vec_##T##_bits)v & (vec_##T##_bits)(flag != (vec_##T){0}));              \
    }                                                                                              \
    static inline vec_##T vec_##T##_select_greater(vec_##T a, vec_##T b)                           \
    {                                                                                              \
        vec_##T##_bits greater = (vec_##T##_bits)(a > b);                                          \
        return (vec_##T)(((vec_##T##_bits)a & greater) | ((vec_##T##_bits)b & ~greater));          \
    }

VEC_DEFINE(float)
VEC_DEFINE(double)

/* The sum of VEC_LANES numbers by halving: 0+8, 1+9, ..., then 0+4, ...: one order everywhere. */
static inline double vec_sum_lanes(const double lanes[VEC_LANES])
{
    double sum[VEC_LANES];
    for (int lane = 0; lane < VEC_LANES; lane++)
        sum[lane] = lanes[lane];
    for (int half = VEC_LANES / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane++)
            sum[lane] += sum[lane + half];
    return sum[0];
}
