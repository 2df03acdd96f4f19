/* SPDX-License-Identifier: Apache-2.0
 *
 * For *_simd.c of this room alone: the name of a table of this instruction set, functions that are
 * one for each precision (KERNEL_ALWAYS: inlined, so that a constant `precision` chooses before the
 * compiler vectorises), the multiply-add and the tanh. Training promises the same bits for the same
 * machine, so a machine with fused multiply-adds uses them and another does not. */
#pragma once

#include "precision.h"

#define KERNEL_JOIN_(a, b) a##_##b
#define KERNEL_JOIN(a, b) KERNEL_JOIN_(a, b)
#define KERNEL_TABLE(stem) KERNEL_JOIN(stem, VEC_SUFFIX)

#define KERNEL_ALWAYS static inline __attribute__((always_inline))

KERNEL_ALWAYS float kernel_simd_multiply_add(float a, float b, float c)
{
#ifdef __FMA__
    return __builtin_fmaf(a, b, c);
#else
    return a * b + c;
#endif
}

/* x P(x^2) / Q(x^2): a rational fit to tanh over |x| <= 9, where it is 1 to half a float's last
 * bit; minimax in the relative error, 2.1e-8 at most before rounding. */
KERNEL_ALWAYS float kernel_simd_tanh(float x)
{
    x = x > 9.0f ? 9.0f : x;
    x = x < -9.0f ? -9.0f : x;
    float u = x * x;
    float p = 1.33528378e-8f;
    p = kernel_simd_multiply_add(p, u, 2.06080978e-5f);
    p = kernel_simd_multiply_add(p, u, 3.49554536e-3f);
    p = kernel_simd_multiply_add(p, u, 0.133809963f);
    p = kernel_simd_multiply_add(p, u, 0.99999998f);
    float q = 7.77590565e-7f;
    q = kernel_simd_multiply_add(q, u, 3.28555229e-4f);
    q = kernel_simd_multiply_add(q, u, 2.58768396e-2f);
    q = kernel_simd_multiply_add(q, u, 0.467143122f);
    q = kernel_simd_multiply_add(q, u, 1.0f);
    return x * p / q;
}

/* What tanh lets through of the gradient of its output y. */
KERNEL_ALWAYS float kernel_simd_through_tanh(float dy, float y)
{
    return dy * kernel_simd_multiply_add(-y, y, 1.0f);
}
