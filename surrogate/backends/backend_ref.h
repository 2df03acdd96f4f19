/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the reference backend, one file per family of ops; see backend.h for what each does.
 * Plain loops with double accumulation: they are the definition that other backends are tested
 * against, and the way to run without any library. bf16 is defined by rounding: an op widens what
 * it reads, computes as for floats, and rounds what it writes once. Used by backend_ref*.c alone.
 */
#pragma once

#include "backend.h"

enum { BACKEND_REF_COPIES = 4 };

/* A copy of bf16 numbers as floats; grows when it must, so not after the first step. */
struct backend_ref_copy {
    float *values;
    int64_t capacity;
};

struct backend_ref {
    struct backend base;
    struct backend_ref_copy copies[BACKEND_REF_COPIES];
};

/* The numbers of `buffer` as floats: its own, or for bf16 copy number `copy`, good until that one
 * is asked for again. */
enum status backend_ref_widen(float **out, struct backend *backend, int copy,
                              const struct buffer *buffer);
/* Puts floats that came from there back, rounded for bf16. */
void backend_ref_narrow(struct buffer *buffer, const float *values);

enum status backend_ref_conv_create(struct conv_plan **out, struct backend *backend,
                                    const struct conv_shape *shape);
enum status backend_ref_conv_create_transposed(struct conv_plan **out, struct backend *backend,
                                               const struct conv_shape *shape);
enum status backend_ref_norm_create(struct norm_plan **out, struct backend *backend,
                                    const struct norm_shape *shape);
enum status backend_ref_group_norm_create(struct norm_plan **out, struct backend *backend,
                                          const struct norm_shape *shape);

enum status backend_ref_rollout_halo(struct backend *backend, struct buffer *dst,
                                     const struct buffer *src, const struct halo_shape *shape);
enum status backend_ref_rollout_halo_adjoint(struct backend *backend, struct buffer *dst,
                                             const struct buffer *src,
                                             const struct halo_shape *shape);
enum status backend_ref_rollout_window_add(struct backend *backend, struct buffer *output,
                                           const struct buffer *input,
                                           const struct window_shape *shape);
enum status backend_ref_rollout_window_add_adjoint(struct backend *backend, struct buffer *d_input,
                                                   const struct buffer *d_output,
                                                   const struct window_shape *shape);
enum status backend_ref_rollout_window_next(struct backend *backend, struct buffer *next,
                                            const struct buffer *input, const struct buffer *output,
                                            const struct buffer *fluid,
                                            const struct window_shape *shape);
enum status backend_ref_rollout_window_next_adjoint(struct backend *backend, struct buffer *d_input,
                                                    struct buffer *d_output,
                                                    const struct buffer *d_next,
                                                    const struct buffer *fluid,
                                                    const struct window_shape *shape);

enum status backend_ref_loss_difference(struct backend *backend, struct buffer *dst,
                                        const struct buffer *src, const int64_t dims[5],
                                        enum difference_axis axis);
enum status backend_ref_loss_difference_adjoint(struct backend *backend, struct buffer *dst,
                                                const struct buffer *src, const int64_t dims[5],
                                                enum difference_axis axis);
enum status backend_ref_loss_mask_difference(struct backend *backend, struct buffer *dst,
                                             const struct buffer *mask, const int64_t dims[5],
                                             enum difference_axis axis);
enum status backend_ref_loss_masked_sum_squares(struct backend *backend, double *out,
                                                const struct buffer *x, const struct buffer *mask,
                                                const int64_t dims[5]);
enum status backend_ref_loss_masked_scale(struct backend *backend, struct buffer *dst, float factor,
                                          const struct buffer *x, const struct buffer *mask,
                                          const int64_t dims[5]);
