/* SPDX-License-Identifier: Apache-2.0
 *
 * The loops of one thread over one range of an array, compiled once per instruction set
 * (*_simd.c), and the choice of a set. They are plain loops that compilers vectorise. `tile`
 * arguments: per-channel numbers repeated to `tile` entries, a multiple of the channels, so that
 * the inner loop is long whatever the number of channels; `count` is any number of floats that
 * begins at channel 0. `void *` arrays hold numbers of the `precision` that comes with them;
 * arithmetic is in float. Private to the kernels room but for the choice's name. */
#pragma once

#include "element.h"
#include "precision.h"

#include <stdint.h>

struct element_kernels {
    void (*fill)(float *y, float value, int64_t count);
    void (*scale)(float *y, float factor, int64_t count);
    void (*axpy)(void *y, float factor, const void *x, enum precision precision, int64_t count);
    void (*convert)(void *y, enum precision to, const void *x, enum precision from, int64_t count);
    void (*subtract)(float *y, const float *a, const float *b, int64_t count);
    double (*sum)(const float *x, int64_t count);
    double (*sum_squares)(const float *x, int64_t count);
    void (*tanh_forward)(void *y, const void *x, enum precision precision, int64_t count);
    /* dx in `to`, dy and y in `from` */
    void (*tanh_backward)(void *dx, enum precision to, const void *dy, const void *y,
                          enum precision from, int64_t count);
    void (*adamw)(float *p, float *m, float *v, const float *g, const float *decay,
                  const struct element_adamw_options *options, int64_t count);
};

/* What follows a norm, as in struct norm_shape of backend.h. */
enum kernel_activation { KERNEL_LINEAR, KERNEL_TANH };

struct norm_coefficients {
    float *mean, *a, *b, *c; /* (tile) each */
};

struct norm_kernels {
    /* sums[i % tile] += x[i], squares[i % tile] += x[i]^2 */
    void (*sums)(double *sums, double *squares, const void *x, enum precision precision,
                 int64_t count, int64_t tile);
    /* y = act(a (x - mean) + b) */
    void (*apply)(void *y, const void *x, enum precision precision,
                  const struct norm_coefficients *tiled, int64_t count, int64_t tile,
                  enum kernel_activation activation);
    /* with dz = dy act': sums += dz, products += dz x */
    void (*backward_sums)(double *sums, double *products, const void *dy, const void *y,
                          const void *x, enum precision precision, int64_t count, int64_t tile,
                          enum kernel_activation activation);
    /* dx = a dz + b + c (x - mean) */
    void (*backward_apply)(void *dx, const void *dy, const void *y, const void *x,
                           enum precision precision, const struct norm_coefficients *tiled,
                           int64_t count, int64_t tile, enum kernel_activation activation);
};

/* Rows of fields, `count` floats; mask entries are repeated for every component. */
struct field_kernels {
    void (*difference)(float *d, const float *after, const float *before, int64_t count);
    void (*add_half)(float *d, float half, const float *s, int64_t count);
    double (*masked_sum_squares)(const float *x, const float *mask, int64_t count);
    void (*masked_scale)(float *d, float factor, const float *x, const float *mask, int64_t count);
};

/* Rows of conv_few.h: kernels three wide in y, by the number of output channels less one. */
enum { KERNEL_FEW_TAPS = 3, KERNEL_FEW_OUTS = 4 };
struct conv_few_row {
    const float *const *sources; /* [taps] rows (length, channels) of the input; NULL: outside */
    int64_t taps;                /* of the kernel in t and x */
    int64_t length, results;     /* cells of a source row, and of the output row */
    int64_t padding;             /* in y */
    int64_t channels;            /* of the input, a multiple of 16 */
    const float *packed;         /* weights [taps][3][out][channels] */
    const float *zeros;          /* [channels] */
    const float *bias;           /* [out]; NULL: none */
};
struct conv_few_kernels {
    /* dst (results, out) */
    void (*forward[KERNEL_FEW_OUTS])(float *dst, const struct conv_few_row *row);
    /* sums [3][out][channels] of one (t, x) tap += its products of a source row and gradients d
     * (length + 2, out), whose entry y + 2 - t goes with source cell y and tap t */
    void (*backward_weights[KERNEL_FEW_OUTS])(float *sums, const float *source, const float *d,
                                              int64_t length, int64_t channels);
};

struct kernel_set {
    const char *name;
    const struct element_kernels *element;
    const struct norm_kernels *norm;
    const struct field_kernels *field;
    const struct conv_few_kernels *conv_few;
};

/* The sets that this processor runs, widest first: index 0, 1, ...; NULL past the last. */
const struct kernel_set *kernel_set_at(int index);

/* The widest. */
const struct kernel_set *kernel_set_choose(void);
const char *kernel_set_name(void);
