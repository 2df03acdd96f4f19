/* SPDX-License-Identifier: Apache-2.0 */
#include "histogram.h"

#include "number.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const OTHERS = "others";

/* The smallest of 1, 2, 5 x 10^k that is not below `least`. */
static double round_width(double least)
{
    double unit = pow(10, floor(log10(least)));
    double part = least / unit;
    return unit * (part <= 1.0001 ? 1 : part <= 2.0001 ? 2 : part <= 5.0001 ? 5 : 10);
}

static void choose_bins(struct histogram *out, double least, double most, int64_t wanted)
{
    if (!(most - least > 1e-12 * fmax(fabs(least), fabs(most)))) { /* one value */
        double half = least != 0 ? round_width(fabs(least) / 20) : 0.5;
        out->bins = 1;
        out->low = least - half;
        out->high = least + half;
        return;
    }
    double width = round_width((most - least) / (double)wanted);
    double first = floor(least / width + 1e-9), last = ceil(most / width - 1e-9);
    out->bins = (int64_t)fmin(fmax(last - first, 1), HISTOGRAM_BINS);
    out->low = first * width;
    out->high = (first + (double)out->bins) * width;
}

static int64_t bin_of(const struct histogram *histogram, double value)
{
    double place = (value - histogram->low) / (histogram->high - histogram->low);
    int64_t bin = (int64_t)floor(place * (double)histogram->bins + 1e-9);
    return bin < 0 ? 0 : bin >= histogram->bins ? histogram->bins - 1 : bin;
}

void histogram_of_numbers(struct histogram *out, const double *values, const int64_t *group,
                          int64_t count, int64_t groups, int64_t wanted)
{
    double least = HUGE_VAL, most = -HUGE_VAL;
    assert(wanted >= 1 && wanted <= 16 && groups >= 1 && groups <= HISTOGRAM_GROUPS);
    *out = (struct histogram){.groups = groups};
    for (int64_t i = 0; i < count; i++)
        if (isfinite(values[i])) {
            least = fmin(least, values[i]);
            most = fmax(most, values[i]);
        }
    if (least <= most)
        choose_bins(out, least, most, wanted);
    for (int64_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            out->counts[group != NULL ? group[i] : 0][bin_of(out, values[i])]++;
        else
            out->not_finite++;
}

/* ---- words ---- */

struct word {
    const char *text;
    int64_t counts[HISTOGRAM_GROUPS], total;
};

static int by_text(const void *a, const void *b)
{
    const struct word *left = a, *right = b;
    return strcmp(left->text, right->text);
}

static int by_frequency(const void *a, const void *b)
{
    const struct word *left = a, *right = b;
    if (left->total != right->total)
        return left->total < right->total ? 1 : -1;
    return strcmp(left->text, right->text);
}

/* Joins equal neighbours; returns how many are left. */
static int64_t join(struct word *words, int64_t count, int64_t groups)
{
    int64_t used = 0;
    for (int64_t i = 0; i < count; i++) {
        if (used == 0 || strcmp(words[used - 1].text, words[i].text) != 0) {
            words[used++] = words[i];
            continue;
        }
        words[used - 1].total += words[i].total;
        for (int64_t g = 0; g < groups; g++)
            words[used - 1].counts[g] += words[i].counts[g];
    }
    return used;
}

static void put(struct histogram *out, int64_t bin, const char *label, const struct word *word)
{
    snprintf(out->labels[bin], HISTOGRAM_LABEL, "%s", label);
    for (int64_t g = 0; g < out->groups; g++)
        out->counts[g][bin] += word->counts[g];
}

enum status histogram_of_words(struct histogram *out, const char *const *words,
                               const int64_t *group, int64_t count, int64_t groups)
{
    assert(groups >= 1 && groups <= HISTOGRAM_GROUPS);
    *out = (struct histogram){.groups = groups};
    struct word *list = calloc((size_t)count + 1, sizeof *list);
    if (list == NULL)
        return FAIL(ERR_MEMORY, "out of memory for %lld words", (long long)count);
    for (int64_t i = 0; i < count; i++) {
        list[i].text = words[i];
        list[i].total = 1;
        list[i].counts[group != NULL ? group[i] : 0] = 1;
    }
    qsort(list, (size_t)count, sizeof *list, by_text);
    int64_t kinds = join(list, count, groups);
    qsort(list, (size_t)kinds, sizeof *list, by_frequency);
    out->bins = kinds < HISTOGRAM_BINS ? kinds : HISTOGRAM_BINS;
    out->high = (double)out->bins;
    for (int64_t i = 0; i < kinds; i++) {
        int crowded = kinds > HISTOGRAM_BINS && i >= HISTOGRAM_BINS - 1;
        put(out, crowded ? HISTOGRAM_BINS - 1 : i, crowded ? OTHERS : list[i].text, &list[i]);
    }
    free(list);
    return OK;
}

static void swap_bins(struct histogram *h, int64_t a, int64_t b)
{
    char label[HISTOGRAM_LABEL];
    memcpy(label, h->labels[a], HISTOGRAM_LABEL);
    memcpy(h->labels[a], h->labels[b], HISTOGRAM_LABEL);
    memcpy(h->labels[b], label, HISTOGRAM_LABEL);
    for (int64_t g = 0; g < h->groups; g++) {
        int64_t count = h->counts[g][a];
        h->counts[g][a] = h->counts[g][b];
        h->counts[g][b] = count;
    }
}

void histogram_sort_by_number(struct histogram *histogram)
{
    for (int64_t end = histogram->bins; end > 1; end--)
        for (int64_t i = 1; i < end; i++) {
            int64_t before, after;
            if (number_integer(&after, histogram->labels[i]) == NUMBER_GOOD &&
                (number_integer(&before, histogram->labels[i - 1]) != NUMBER_GOOD ||
                 after < before))
                swap_bins(histogram, i - 1, i);
        }
}

int64_t histogram_total(const struct histogram *histogram, int64_t bin)
{
    int64_t total = 0;
    for (int64_t g = 0; g < histogram->groups; g++)
        total += histogram->counts[g][bin];
    return total;
}
