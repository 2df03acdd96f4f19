/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of conv_few.c. Both directions hold a tile of sums in registers:
 *
 *   forward: CELLS cells of the row x output channels, lanes over input channels. A source cell,
 *   loaded once, goes to the three cells whose kernel covers it:
 *
 *       source     s0  s1  s2  s3 ...        tap y:  0 from s(k), 1 from s(k + 1), 2 from s(k + 2)
 *       cell           k0  k1  k2 ...
 *
 *   weights: 3 taps x output channels x VECTORS vectors of input channels, over all cells of the
 *   row. */
#include "kernel_set.h"
#include "kernel_simd.h"
#include "vec.h"

#include <stddef.h>

#if VEC_BYTES == 64
enum { CELLS = 5, VECTORS = 2 };
#else
enum { CELLS = 2, VECTORS = 1 };
#endif
enum { WIDTH = VEC_BYTES / 4, TAPS = KERNEL_FEW_TAPS };

#define ALWAYS static inline __attribute__((always_inline))

/* halve_G(a, b): both hold groups of G lanes; the result holds, for each group of a and then of b,
 * G / 2 lanes, the sums of the group's first half and its second. */
#define HALVE(G, low, high)                                                                        \
    ALWAYS vec_float halve_##G(vec_float a, vec_float b)                                           \
    {                                                                                              \
        return __builtin_shufflevector(a, b, low) + __builtin_shufflevector(a, b, high);           \
    }
#define LANES(...) __VA_ARGS__
#if VEC_BYTES == 64
HALVE(16, LANES(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
      LANES(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
HALVE(8, LANES(0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27),
      LANES(4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31))
HALVE(4, LANES(0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29),
      LANES(2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31))
HALVE(2, LANES(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
      LANES(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31))
#elif VEC_BYTES == 32
HALVE(8, LANES(0, 1, 2, 3, 8, 9, 10, 11), LANES(4, 5, 6, 7, 12, 13, 14, 15))
HALVE(4, LANES(0, 1, 4, 5, 8, 9, 12, 13), LANES(2, 3, 6, 7, 10, 11, 14, 15))
HALVE(2, LANES(0, 2, 4, 6, 8, 10, 12, 14), LANES(1, 3, 5, 7, 9, 11, 13, 15))
#else
HALVE(4, LANES(0, 1, 4, 5), LANES(2, 3, 6, 7))
HALVE(2, LANES(0, 2, 4, 6), LANES(1, 3, 5, 7))
#endif

/* WIDTH vectors to one: lane k is the sum of vector k's lanes, always added in the same order. */
ALWAYS vec_float sum_lanes(vec_float v[WIDTH])
{
#define HALVE_ALL(G)                                                                               \
    for (int k = 0; k < G / 2; k++)                                                                \
        v[k] = halve_##G(v[2 * k], v[2 * k + 1]);
#if VEC_BYTES == 64
#pragma GCC unroll 8
    HALVE_ALL(16)
#endif
#if VEC_BYTES >= 32
#pragma GCC unroll 4
    HALVE_ALL(8)
#endif
#pragma GCC unroll 2
    HALVE_ALL(4)
    return halve_2(v[0], v[1]);
}

/* Cells [first, first + CELLS) of a row from the source rows of the kernel's (t, x) taps. */
ALWAYS void forward_tile(float *dst, const struct conv_few_row *row, int64_t first, int outs)
{
    vec_float sums[CELLS][KERNEL_FEW_OUTS];
#pragma GCC unroll 8
    for (int k = 0; k < CELLS; k++)
#pragma GCC unroll 4
        for (int o = 0; o < outs; o++)
            sums[k][o] = vec_float_set(0);
    const float *weights = row->packed;
    int64_t channels = row->channels;
    for (int64_t tap = 0; tap < row->taps; tap++, weights += TAPS * outs * channels) {
        if (row->sources[tap] == NULL)
            continue;
        const float *cells[CELLS + TAPS - 1];
#pragma GCC unroll 8
        for (int s = 0; s < CELLS + TAPS - 1; s++) {
            int64_t y = first + s - row->padding;
            cells[s] = y >= 0 && y < row->length ? row->sources[tap] + y * channels : row->zeros;
        }
        for (int64_t c = 0; c < channels; c += WIDTH) {
            vec_float w[TAPS][KERNEL_FEW_OUTS];
#pragma GCC unroll 3
            for (int t = 0; t < TAPS; t++)
#pragma GCC unroll 4
                for (int o = 0; o < outs; o++)
                    w[t][o] = vec_float_load(weights + (t * outs + o) * channels + c);
#pragma GCC unroll 8
            for (int s = 0; s < CELLS + TAPS - 1; s++) {
                vec_float v = vec_float_load(cells[s] + c);
#pragma GCC unroll 3
                for (int t = 0; t < TAPS; t++)
                    if (s - t >= 0 && s - t < CELLS)
#pragma GCC unroll 4
                        for (int o = 0; o < outs; o++)
                            sums[s - t][o] = vec_float_fma(v, w[t][o], sums[s - t][o]);
            }
        }
    }
    float results[(CELLS * KERNEL_FEW_OUTS / WIDTH + 1) * WIDTH];
#pragma GCC unroll 4
    for (int at = 0; at < CELLS * outs; at += WIDTH) {
        vec_float group[WIDTH];
#pragma GCC unroll 16
        for (int k = 0; k < WIDTH; k++)
            group[k] =
                at + k < CELLS * outs ? sums[(at + k) / outs][(at + k) % outs] : vec_float_set(0);
        vec_float_store(results + at, sum_lanes(group));
    }
    for (int k = 0; k < CELLS && first + k < row->results; k++)
        for (int o = 0; o < outs; o++)
            dst[(first + k) * outs + o] =
                results[k * outs + o] + (row->bias != NULL ? row->bias[o] : 0);
}

/* sums[t][o][i] += sum over y of source[y][i] d[y + 2 - t][o], for `vectors` vectors of i. */
ALWAYS void weights_tile(float *sums, const float *source, const float *d, int64_t length,
                         int64_t channels, int outs, int vectors)
{
    vec_float tile[TAPS][KERNEL_FEW_OUTS][VECTORS] = {{{{0}}}};
    for (int64_t y = 0; y < length; y++, source += channels, d += outs) {
        vec_float s[VECTORS];
#pragma GCC unroll 2
        for (int v = 0; v < vectors; v++)
            s[v] = vec_float_load(source + v * WIDTH);
#pragma GCC unroll 3
        for (int t = 0; t < TAPS; t++)
#pragma GCC unroll 4
            for (int o = 0; o < outs; o++) {
                vec_float g = vec_float_set(d[(TAPS - 1 - t) * outs + o]);
#pragma GCC unroll 2
                for (int v = 0; v < vectors; v++)
                    tile[t][o][v] = vec_float_fma(s[v], g, tile[t][o][v]);
            }
    }
#pragma GCC unroll 3
    for (int t = 0; t < TAPS; t++)
#pragma GCC unroll 4
        for (int o = 0; o < outs; o++)
#pragma GCC unroll 2
            for (int v = 0; v < vectors; v++) {
                float *at = sums + (t * outs + o) * channels + v * WIDTH;
                vec_float_store(at, vec_float_load(at) + tile[t][o][v]);
            }
}

ALWAYS void weights_row(float *sums, const float *source, const float *d, int64_t length,
                        int64_t channels, int outs)
{
    int64_t c = 0;
    for (; c + VECTORS * WIDTH <= channels; c += VECTORS * WIDTH)
        weights_tile(sums + c, source + c, d, length, channels, outs, VECTORS);
    for (; c < channels; c += WIDTH)
        weights_tile(sums + c, source + c, d, length, channels, outs, 1);
}

#define FOR_OUTS(outs)                                                                             \
    static void forward_##outs(float *dst, const struct conv_few_row *row)                         \
    {                                                                                              \
        for (int64_t first = 0; first < row->results; first += CELLS)                              \
            forward_tile(dst, row, first, outs);                                                   \
    }                                                                                              \
    static void weights_##outs(float *sums, const float *source, const float *d, int64_t length,   \
                               int64_t channels)                                                   \
    {                                                                                              \
        weights_row(sums, source, d, length, channels, outs);                                      \
    }
FOR_OUTS(1)
FOR_OUTS(2)
FOR_OUTS(3)
FOR_OUTS(4)

extern const struct conv_few_kernels KERNEL_TABLE(conv_few_simd);
const struct conv_few_kernels KERNEL_TABLE(conv_few_simd) = {
    .forward = {forward_1, forward_2, forward_3, forward_4},
    .backward_weights = {weights_1, weights_2, weights_3, weights_4},
};
