/* SPDX-License-Identifier: Apache-2.0 */
#include "norm_sweep.h"

#include "array.h"

#include <string.h>

/* A single slab is cut finer, since its parts are all there is to share among threads. */
enum { TILE_LEAST = 128, PARTS_OF_ONE = 64, PARTS_OF_MANY = 8 };

enum status norm_sweep_init(struct norm_sweep *sweep)
{
    int64_t channels = sweep->channels;
    sweep->count = sweep->rows * channels;
    sweep->tile = (TILE_LEAST + channels - 1) / channels * channels;
    sweep->parts = sweep->slabs == 1 ? PARTS_OF_ONE : PARTS_OF_MANY;
    sweep->kernels = kernel_set_choose()->norm;
    int64_t tiled = sweep->slabs * sweep->tile, partial = tiled * sweep->parts;
    TRY(ARRAY_NEW(sweep->tiled.mean, tiled));
    TRY(ARRAY_NEW(sweep->tiled.a, tiled));
    TRY(ARRAY_NEW(sweep->tiled.b, tiled));
    TRY(ARRAY_NEW(sweep->tiled.c, tiled));
    TRY(ARRAY_NEW(sweep->first, partial));
    TRY(ARRAY_NEW(sweep->second, partial));
    TRY(ARRAY_NEW(sweep->sum, sweep->slabs * channels));
    return ARRAY_NEW(sweep->product, sweep->slabs * channels);
}

void norm_sweep_fini(struct norm_sweep *sweep)
{
    array_free(sweep->tiled.mean);
    array_free(sweep->tiled.a);
    array_free(sweep->tiled.b);
    array_free(sweep->tiled.c);
    array_free(sweep->first);
    array_free(sweep->second);
    array_free(sweep->sum);
    array_free(sweep->product);
}

/* Part k of all is [at, at + length) floats of slab `slab`, whole tiles but at the slab's end. */
struct part {
    int64_t slab, at, length;
};

static struct part part_at(const struct norm_sweep *sweep, int64_t k)
{
    int64_t slab = k / sweep->parts, place = k % sweep->parts;
    int64_t tiles = (sweep->count + sweep->tile - 1) / sweep->tile;
    int64_t begin = tiles * place / sweep->parts * sweep->tile;
    int64_t end = tiles * (place + 1) / sweep->parts * sweep->tile;
    if (end > sweep->count)
        end = sweep->count;
    return (struct part){slab, slab * sweep->count + begin, end - begin};
}

static struct norm_coefficients numbers_of(const struct norm_sweep *sweep, int64_t slab)
{
    int64_t at = slab * sweep->tile;
    return (struct norm_coefficients){sweep->tiled.mean + at, sweep->tiled.a + at,
                                      sweep->tiled.b + at, sweep->tiled.c + at};
}

static void clear_part(struct norm_sweep *sweep, int64_t k)
{
    size_t bytes = (size_t)sweep->tile * sizeof *sweep->first;
    memset(sweep->first + k * sweep->tile, 0, bytes);
    memset(sweep->second + k * sweep->tile, 0, bytes);
}

/* sum and product per channel: over parts, then over the channel's places in the tile. */
static void gather(struct norm_sweep *sweep)
{
    for (int64_t slab = 0; slab < sweep->slabs; slab++) {
        int64_t at = slab * sweep->parts * sweep->tile;
        for (int64_t c = 0; c < sweep->channels; c++) {
            double sum = 0, product = 0;
            for (int64_t i = c; i < sweep->parts * sweep->tile; i += sweep->channels) {
                sum += sweep->first[at + i];
                product += sweep->second[at + i];
            }
            sweep->sum[slab * sweep->channels + c] = sum;
            sweep->product[slab * sweep->channels + c] = product;
        }
    }
}

void norm_sweep_set(struct norm_sweep *sweep, int64_t slab, int64_t channel,
                    const struct norm_numbers *numbers)
{
    struct norm_coefficients tiled = numbers_of(sweep, slab);
    for (int64_t i = channel; i < sweep->tile; i += sweep->channels) {
        tiled.mean[i] = (float)numbers->mean;
        tiled.a[i] = (float)numbers->a;
        tiled.b[i] = (float)numbers->b;
        tiled.c[i] = (float)numbers->c;
    }
}

void norm_sweep_sums(struct norm_sweep *sweep, const void *x)
{
#pragma omp parallel for num_threads(sweep->threads) schedule(static)
    for (int64_t k = 0; k < sweep->slabs * sweep->parts; k++) {
        struct part part = part_at(sweep, k);
        clear_part(sweep, k);
        sweep->kernels->sums(sweep->first + k * sweep->tile, sweep->second + k * sweep->tile,
                             precision_from(x, part.at, sweep->precision), sweep->precision,
                             part.length, sweep->tile);
    }
    gather(sweep);
}

void norm_sweep_backward_sums(struct norm_sweep *sweep, const void *dy, const void *y,
                              const void *x)
{
#pragma omp parallel for num_threads(sweep->threads) schedule(static)
    for (int64_t k = 0; k < sweep->slabs * sweep->parts; k++) {
        struct part part = part_at(sweep, k);
        clear_part(sweep, k);
        sweep->kernels->backward_sums(
            sweep->first + k * sweep->tile, sweep->second + k * sweep->tile,
            precision_from(dy, part.at, sweep->precision),
            precision_from(y, part.at, sweep->precision),
            precision_from(x, part.at, sweep->precision), sweep->precision, part.length,
            sweep->tile, sweep->activation);
    }
    gather(sweep);
}

void norm_sweep_apply(struct norm_sweep *sweep, void *y, const void *x)
{
#pragma omp parallel for num_threads(sweep->threads) schedule(static)
    for (int64_t k = 0; k < sweep->slabs * sweep->parts; k++) {
        struct part part = part_at(sweep, k);
        struct norm_coefficients tiled = numbers_of(sweep, part.slab);
        sweep->kernels->apply(precision_at(y, part.at, sweep->precision),
                              precision_from(x, part.at, sweep->precision), sweep->precision,
                              &tiled, part.length, sweep->tile, sweep->activation);
    }
}

void norm_sweep_backward_apply(struct norm_sweep *sweep, void *dx, const void *dy, const void *y,
                               const void *x)
{
#pragma omp parallel for num_threads(sweep->threads) schedule(static)
    for (int64_t k = 0; k < sweep->slabs * sweep->parts; k++) {
        struct part part = part_at(sweep, k);
        struct norm_coefficients tiled = numbers_of(sweep, part.slab);
        sweep->kernels->backward_apply(precision_at(dx, part.at, sweep->precision),
                                       precision_from(dy, part.at, sweep->precision),
                                       precision_from(y, part.at, sweep->precision),
                                       precision_from(x, part.at, sweep->precision),
                                       sweep->precision, &tiled, part.length, sweep->tile,
                                       sweep->activation);
    }
}
