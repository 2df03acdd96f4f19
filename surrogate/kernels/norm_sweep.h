/* SPDX-License-Identifier: Apache-2.0
 *
 * The sweeps of a norm over x (slabs, rows, channels): sums for each slab and channel, and
 * multiply-adds with numbers for each slab and channel, the activation with them. Which channels
 * and rows share a mean is the norm's affair (batch_norm.c: one slab; group_norm.c: a slab for each
 * sample). Sums are doubles in a fixed order that does not depend on the number of threads. Private
 * to the kernels room. */
#pragma once

#include "error.h"
#include "kernel_set.h"

#include <stdint.h>

struct norm_sweep {
    int64_t slabs, rows, channels;
    int64_t count; /* floats of a slab */
    int64_t tile;  /* channels times a whole number: the kernels' inner loop */
    int64_t parts; /* of a slab */
    enum kernel_activation activation;
    enum precision precision; /* of x, y and their gradients */
    int threads;
    const struct norm_kernels *kernels;
    struct norm_coefficients tiled; /* (slabs, tile) each */
    double *first, *second;         /* (slabs, parts, tile): partial sums */
    double *sum, *product;          /* (slabs, channels): gathered from first and second */
};

/* slabs, rows, channels, activation, precision and threads are given; the rest is worked out. */
enum status norm_sweep_init(struct norm_sweep *sweep);
void norm_sweep_fini(struct norm_sweep *sweep);

/* sum and product: of x and x^2. */
void norm_sweep_sums(struct norm_sweep *sweep, const void *x);
/* sum and product: of dz and dz x, with dz = dy act'. */
void norm_sweep_backward_sums(struct norm_sweep *sweep, const void *dy, const void *y,
                              const void *x);

/* The numbers of one channel of one slab. */
struct norm_numbers {
    double mean, a, b, c;
};
void norm_sweep_set(struct norm_sweep *sweep, int64_t slab, int64_t channel,
                    const struct norm_numbers *numbers);

/* y = act(a (x - mean) + b); y may be x. */
void norm_sweep_apply(struct norm_sweep *sweep, void *y, const void *x);
/* dx = a dz + b + c (x - mean); dx may be dy. */
void norm_sweep_backward_apply(struct norm_sweep *sweep, void *dx, const void *dy, const void *y,
                               const void *x);
