/* SPDX-License-Identifier: Apache-2.0
 *
 * Where an axis has its ticks and what they say: multiples of 1, 2 or 5 times a power of ten, all
 * labels with the same decimals, a common power of ten taken out where numbers are large or small.
 */
#pragma once

enum { TICKS_MAX = 16, TICKS_LABEL_SIZE = 32 };

struct ticks {
    int count;
    double values[TICKS_MAX]; /* ascending, in [low, high] */
    char labels[TICKS_MAX][TICKS_LABEL_SIZE];
    char factor[TICKS_LABEL_SIZE]; /* "" or "×10⁻³": what the labels are to be multiplied with */
};

/* About `wanted` (2 to 8) ticks of [low, high], never fewer than 2; low < high, both finite. */
void ticks_choose(struct ticks *out, double low, double high, int wanted);
