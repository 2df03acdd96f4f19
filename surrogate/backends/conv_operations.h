/* SPDX-License-Identifier: Apache-2.0
 *
 * What a convolution costs: multiply-adds x 2 of one pass (forward; each of the two backward passes
 * has as many). For estimates and benchmarks. */
#pragma once

#include "backend.h"

enum conv_direction { CONV_STRAIGHT, CONV_TRANSPOSED };

/* All taps, those that look at padding included. */
double conv_operations_nominal(const struct conv_shape *shape, enum conv_direction direction);
/* Only taps that hit data: what a perfect implementation would do. */
double conv_operations_on_data(const struct conv_shape *shape, enum conv_direction direction);
