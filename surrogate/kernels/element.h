/* SPDX-License-Identifier: Apache-2.0
 *
 * Vectorised operations on whole arrays of host memory over `threads` threads; backend.h says what
 * each computes. Work is cut into parts that depend on the count alone, and sums add their parts in
 * order, so the number of threads changes no bit. `void *` arrays hold numbers of the precision
 * that comes with them. */
#pragma once

#include "precision.h"

#include <stdint.h>

void element_fill(float *y, float value, int64_t count, int threads);
void element_scale(float *y, float factor, int64_t count, int threads);
void element_axpy(void *y, float factor, const void *x, enum precision precision, int64_t count,
                  int threads);
/* y = x, rounded or widened */
void element_convert(void *y, enum precision to, const void *x, enum precision from, int64_t count,
                     int threads);
void element_subtract(float *y, const float *a, const float *b, int64_t count, int threads);
double element_sum(const float *x, int64_t count, int threads);
double element_sum_squares(const float *x, int64_t count, int threads);
void element_tanh_forward(void *y, const void *x, enum precision precision, int64_t count,
                          int threads);
/* dx in `to`, dy and y in `from` */
void element_tanh_backward(void *dx, enum precision to, const void *dy, const void *y,
                           enum precision from, int64_t count, int threads);

/* Worked out from struct adamw_options of backend.h. */
struct element_adamw_options {
    float scale; /* of the gradient */
    float turn1; /* 1 - beta1, which a float holds better than beta1 */
    float turn2; /* 1 - beta2 */
    float epsilon;
    float decay;   /* rate * decay_rate */
    float rate1;   /* rate / (1 - beta1^step) */
    float unbias2; /* 1 / (1 - beta2^step) */
};
void element_adamw(float *p, float *m, float *v, const float *g, const float *decay,
                   const struct element_adamw_options *options, int64_t count, int threads);

/* dst (rows, a + b channels) = [a, b], and back. */
void element_concat(void *dst, const void *a, const void *b, enum precision precision, int64_t rows,
                    int64_t a_channels, int64_t b_channels, int threads);
void element_split(void *a, void *b, const void *src, enum precision precision, int64_t rows,
                   int64_t a_channels, int64_t b_channels, int threads);
