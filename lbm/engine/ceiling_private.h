/* SPDX-License-Identifier: Apache-2.0
 *
 * The loops of ceiling_simd.c, one table per instruction set; for ceiling*.c alone. */
#pragma once

#include <stdint.h>

struct ceiling_kernels {
    int64_t multiply_adds; /* in one round of multiply_add */
    /* values[k] *= factor */
    void (*stream)(float *values, int64_t count, float factor);
    /* `rounds` of v = v a + b in as many vectors as hide the time one takes; returns one of them,
     * so that the compiler must do the work. */
    float (*multiply_add)(int64_t rounds, float a, float b);
};
