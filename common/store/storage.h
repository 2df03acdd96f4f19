/* SPDX-License-Identifier: Apache-2.0
 *
 * How the frames of a dataset are stored: as they are, deflated, or rounded and deflated. Every way
 * is read as plain float32 by any reader. Rounded values are whole multiples of a quantum that is a
 * power of two: 2^-12 times the greatest power of two that is at most the field's scale, which is U
 * for velocities and 3 U^2 for density, as in the network's input. So the largest error is half a
 * quantum, at most 2^-13 = 1 / 8192 of the scale, everywhere; bodies (density 1, velocity 0) stay
 * exact. Decides nothing about files. */
#pragma once

#include "error.h"
#include "frames.h"

#include <stdint.h>

enum storage {
    STORAGE_PLAIN,
    STORAGE_GZIP,   /* shuffle and deflate */
    STORAGE_ROUNDED /* rounded, shuffle and deflate */
};
enum { STORAGE_COUNT = STORAGE_ROUNDED + 1 };

/* "plain", "gzip", "rounded". find: ERR_DATA for another. */
const char *storage_name(enum storage storage);
enum status storage_find(enum storage *out, const char *name);

/* Largest error of a value / its field's scale: 0, or 2^-13 when rounded. */
double storage_error(enum storage storage);

/* out, values: [frames][FRAME_FIELDS][nx][ny] of the flow; may be the same. Rounding what is
 * rounded changes nothing. */
void storage_round(float *out, const float *values, int64_t frames, const struct flow *flow);
