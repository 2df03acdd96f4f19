/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the reference backend, one file per family of ops; see backend.h for what each does.
 * Plain loops with double accumulation: they are the definition that other backends are tested
 * against, and the way to run without any library. Used by backend_ref.c alone. */
#pragma once

#include "backend.h"

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
