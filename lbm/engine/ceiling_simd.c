/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiled once per instruction set. A multiply-add takes four or five cycles and two begin in
 * each, so ten vectors that do not wait for each other keep both units busy; with the two factors
 * they fit into the 16 registers of AVX2. They begin with different values: equal ones would be
 * computed once. */
#include "ceiling_private.h"
#include "vec.h"

enum { CEILING_WIDTH = VEC_BYTES / 4, CEILING_CHAINS = 10 };

static void stream(float *values, int64_t count, float factor)
{
    const vec_float factors = vec_float_set(factor);
    int64_t k = 0;
    for (; k + CEILING_WIDTH <= count; k += CEILING_WIDTH)
        vec_float_store(values + k, vec_float_load(values + k) * factors);
    for (; k < count; k++)
        values[k] *= factor;
}

static float multiply_add(int64_t rounds, float a, float b)
{
    const vec_float va = vec_float_set(a), vb = vec_float_set(b);
    vec_float v0 = va, v1 = v0 + vb, v2 = v1 + vb, v3 = v2 + vb, v4 = v3 + vb;
    vec_float v5 = v4 + vb, v6 = v5 + vb, v7 = v6 + vb, v8 = v7 + vb, v9 = v8 + vb;
    for (int64_t round = 0; round < rounds; round++) {
        v0 = vec_float_fma(v0, va, vb);
        v1 = vec_float_fma(v1, va, vb);
        v2 = vec_float_fma(v2, va, vb);
        v3 = vec_float_fma(v3, va, vb);
        v4 = vec_float_fma(v4, va, vb);
        v5 = vec_float_fma(v5, va, vb);
        v6 = vec_float_fma(v6, va, vb);
        v7 = vec_float_fma(v7, va, vb);
        v8 = vec_float_fma(v8, va, vb);
        v9 = vec_float_fma(v9, va, vb);
    }
    return (((v0 + v1) + (v2 + v3)) + ((v4 + v5) + (v6 + v7)) + (v8 + v9))[0];
}

#define CEILING_JOIN_(a, b) a##b
#define CEILING_JOIN(a, b) CEILING_JOIN_(a, b)
#define CEILING_TABLE CEILING_JOIN(ceiling_simd_, VEC_SUFFIX)

extern const struct ceiling_kernels CEILING_TABLE;

const struct ceiling_kernels CEILING_TABLE = {
    .multiply_adds = CEILING_CHAINS * CEILING_WIDTH,
    .stream = stream,
    .multiply_add = multiply_add,
};
