/* SPDX-License-Identifier: Apache-2.0
 *
 * How often values fall where: bins of even width with round edges, and counts of words; each
 * split into groups. Draws nothing (histogram_picture.h does). */
#pragma once

#include "error.h"

#include <stdint.h>

enum { HISTOGRAM_BINS = 24, HISTOGRAM_GROUPS = 8, HISTOGRAM_LABEL = 64 };

struct histogram {
    int64_t bins, groups;
    double low, high; /* bin k is [low + k w, low + (k + 1) w), w = (high - low) / bins; the last
                         one has its upper edge too */
    char labels[HISTOGRAM_BINS][HISTOGRAM_LABEL]; /* of words; "" of numbers */
    int64_t counts[HISTOGRAM_GROUPS][HISTOGRAM_BINS];
    int64_t not_finite; /* values that are in no bin */
};

/* Of numbers: about `wanted` (1 to 16) bins, whose width is 1, 2 or 5 times a power of ten and
 * whose edges are multiples of it. group[i] below `groups`; NULL: all in group 0. Equal values have
 * one bin around them. Without a finite value there are no bins. */
void histogram_of_numbers(struct histogram *out, const double *values, const int64_t *group,
                          int64_t count, int64_t groups, int64_t wanted);

/* Of words, the most frequent first (equal ones in order of the alphabet); what does not fit stands
 * under "others". Words are cut to HISTOGRAM_LABEL - 1 bytes. ERR_MEMORY. */
enum status histogram_of_words(struct histogram *out, const char *const *words,
                               const int64_t *group, int64_t count, int64_t groups);

/* Orders the bins of words that are whole numbers by these; other words stay behind them. */
void histogram_sort_by_number(struct histogram *histogram);

/* All groups of a bin together. */
int64_t histogram_total(const struct histogram *histogram, int64_t bin);
