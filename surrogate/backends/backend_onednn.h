/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the oneDNN backend: oneDNN does convolutions, our own kernels the rest. Used by
 * backend_onednn*.c alone. */
#pragma once

#include "backend.h"
#include "onednn_compat.h"

struct backend_onednn {
    struct backend base;
    dnnl_engine_t engine;
    dnnl_stream_t stream;
};

/* oneDNN fixes its team of threads when a primitive is created and takes it from the caller's
 * OpenMP setting: begin sets that to the backend's number and returns what end restores. */
int backend_onednn_begin(const struct backend *backend);
void backend_onednn_end(int before);

enum status backend_onednn_conv_create(struct conv_plan **out, struct backend *backend,
                                       const struct conv_shape *shape);
enum status backend_onednn_conv_create_transposed(struct conv_plan **out, struct backend *backend,
                                                  const struct conv_shape *shape);
/* For backward_data alone; other calls must not come. */
enum status backend_onednn_conv_create_backward_data(struct conv_plan **out,
                                                     struct backend *backend,
                                                     const struct conv_shape *shape);
/* Whether a convolution has so few output channels that our own kernels do it; and that plan. */
int backend_onednn_few_fits(const struct conv_shape *shape);
enum status backend_onednn_few_create(struct conv_plan **out, struct backend *backend,
                                      const struct conv_shape *shape);
enum status backend_onednn_norm_create(struct norm_plan **out, struct backend *backend,
                                       const struct norm_shape *shape);

enum status backend_onednn_group_norm_create(struct norm_plan **out, struct backend *backend,
                                             const struct norm_shape *shape);

enum status backend_onednn_rollout_halo(struct backend *backend, struct buffer *dst,
                                        const struct buffer *src, const struct halo_shape *shape);
enum status backend_onednn_rollout_halo_adjoint(struct backend *backend, struct buffer *dst,
                                                const struct buffer *src,
                                                const struct halo_shape *shape);
enum status backend_onednn_rollout_window_add(struct backend *backend, struct buffer *output,
                                              const struct buffer *input,
                                              const struct window_shape *shape);
enum status backend_onednn_rollout_window_add_adjoint(struct backend *backend,
                                                      struct buffer *d_input,
                                                      const struct buffer *d_output,
                                                      const struct window_shape *shape);
enum status backend_onednn_rollout_window_next(struct backend *backend, struct buffer *next,
                                               const struct buffer *input,
                                               const struct buffer *output,
                                               const struct buffer *fluid,
                                               const struct window_shape *shape);
enum status backend_onednn_rollout_window_next_adjoint(
    struct backend *backend, struct buffer *d_input, struct buffer *d_output,
    const struct buffer *d_next, const struct buffer *fluid, const struct window_shape *shape);
