/* SPDX-License-Identifier: Apache-2.0
 *
 * Vectorised masks and differences of fields (n, t, x, y, c) in host memory; backend.h says what
 * each computes. The number of threads changes no bit. */
#pragma once

#include "precision.h"

#include <stdint.h>

enum field_axis { FIELD_X, FIELD_Y };

void field_difference(float *d, const float *s, const int64_t dims[5], enum field_axis axis,
                      int threads);
void field_difference_adjoint(float *d, const float *s, const int64_t dims[5], enum field_axis axis,
                              int threads);
void field_mask_difference(float *d, const float *mask, const int64_t dims[5],
                           enum field_axis axis);
double field_masked_sum_squares(const float *x, const float *mask, const int64_t dims[5],
                                int threads);
void field_masked_scale(float *d, float factor, const float *x, const float *mask,
                        const int64_t dims[5], int threads);

/* x (rows, channels), of that precision, += bias; and sums over rows. */
void field_bias_add(void *x, const float *bias, enum precision precision, int64_t rows,
                    int64_t channels, int threads);
void field_bias_gradient(float *d_bias, const void *d_x, enum precision precision, int64_t rows,
                         int64_t channels);
