/* SPDX-License-Identifier: Apache-2.0
 *
 * What a compute backend provides: memory, operations on whole buffers, and creators of op plans
 * per shape. Expensive set-up happens in `create`, never in forward or backward. backend_ref
 * defines every op; the others agree with it to a stated tolerance. Tensors are plain NDHWC (n, t,
 * x, y, c) and float32; activations and their gradients may be bf16 instead (precision.h), where an
 * op says so: what is summed, learnt or shown is float32 always, and so is arithmetic. Weights have
 * PyTorch's shapes. Device memory exists only as `struct buffer`; nothing outside a backend
 * dereferences `data`. A backend and its plans belong to one thread at a time; results are the same
 * bits run to run for a fixed number of threads. Knows no network, no loss and no file.
 *
 * Calls look like `TRY(backend->ops->copy(backend, &to, &from, count))`; plans like
 * `TRY(plan->ops->forward(plan, &dst, &src, NULL))`. Output buffers come first and must not overlap
 * inputs unless the op says "in place". Every slot is required unless it says "may be NULL". */
#pragma once

#include "error.h"
#include "precision.h"
#include "shared_sums.h"

#include <stddef.h>
#include <stdint.h>

struct backend;

struct buffer {
    void *data;
    size_t bytes;
    enum precision precision; /* of its numbers */
};

enum { BACKEND_RANK = 5 };

/* What a plan will be asked for: set-up is done for nothing else. */
enum plan_need {
    PLAN_FORWARD,          /* forward alone (forecasts) */
    PLAN_WEIGHT_GRADIENTS, /* forward and backward_weights (the first layer of a training) */
    PLAN_ALL_GRADIENTS     /* backward_data too */
};

enum conv_bias { CONV_WITHOUT_BIAS, CONV_WITH_BIAS };

/* Extents are (t, x, y). A convolution's output extent is (in + 2 padding - kernel) / stride + 1, a
 * transposed convolution's (in - 1) stride - 2 padding + kernel. */
struct conv_shape {
    int64_t batch, in_channels, out_channels;
    int64_t in[3], kernel[3], stride[3], padding[3];
    enum conv_bias bias; /* transposed convolutions take CONV_WITHOUT_BIAS alone: see bias_add */
    enum plan_need need;
    enum precision precision; /* of src, d_src and d_dst; bf16: products of bf16 weights too */
    enum precision output;    /* of forward's dst: float32, or as the others */
};

/* conv3d: weights [O, I, t, x, y]; deconv3d: weights [I, O, t, x, y]; bias [O]. Weights, bias and
 * their gradients are floats. */
struct conv_plan;
struct conv_plan_ops {
    /* Takes in changed weights (packs them); must precede forward and backward_data after every
     * change. The weights are kept; must outlive the next forward or backward_data. */
    enum status (*refresh)(struct conv_plan *plan, const struct buffer *weights);
    /* dst = conv(src) + bias; `bias` is NULL without one. */
    enum status (*forward)(struct conv_plan *plan, struct buffer *dst, const struct buffer *src,
                           const struct buffer *bias);
    /* d_src, overwritten. */
    enum status (*backward_data)(struct conv_plan *plan, struct buffer *d_src,
                                 const struct buffer *d_dst);
    /* d_weights and d_bias (NULL without one), overwritten. */
    enum status (*backward_weights)(struct conv_plan *plan, struct buffer *d_weights,
                                    struct buffer *d_bias, const struct buffer *src,
                                    const struct buffer *d_dst);
    /* The names of the implementations in use, index 0, 1, ...; NULL past the last. */
    const char *(*implementation)(const struct conv_plan *plan, int64_t index);
    void (*destroy)(struct conv_plan *plan); /* accepts no NULL: use backend_conv_destroy */
};
struct conv_plan {
    const struct conv_plan_ops *ops;
};

/* A norm, eps 1e-5, and what follows it, as one op: y = act(scale (x - mean) / sqrt(var + eps) +
 * shift). Batch norm: mean and variance of each channel over the rows (n, t, x, y). Group norm: of
 * each sample and group of neighbouring channels over its rows (t, x, y); it has no running
 * statistics. Scale and shift are per channel, floats as the statistics are. */
enum norm_kind { NORM_BATCH, NORM_GROUP };
enum norm_activation { NORM_LINEAR, NORM_TANH };
struct norm_shape {
    int64_t rows, channels;
    enum norm_activation activation;
    enum plan_need need;
    enum norm_kind kind;
    int64_t samples, groups;  /* group norm: divide the rows and the channels */
    enum precision precision; /* of src, dst and their gradients */
};

struct norm_plan;
struct norm_plan_ops {
    /* By the statistics of src itself (biased variance), which the plan keeps for backward.
     * running_mean and running_variance, unless NULL both (as for a group norm), move by momentum
     * 0.1 towards the batch mean and the unbiased batch variance, as in PyTorch. dst may be src (in
     * place) when no backward follows. */
    enum status (*forward_batch)(struct norm_plan *plan, struct buffer *dst,
                                 const struct buffer *src, const struct buffer *scale,
                                 const struct buffer *shift, struct buffer *running_mean,
                                 struct buffer *running_variance);
    /* By running statistics; dst may be src (in place) when no backward follows. ERR_UNSUPPORTED
     * for a group norm. */
    enum status (*forward_running)(struct norm_plan *plan, struct buffer *dst,
                                   const struct buffer *src, const struct buffer *scale,
                                   const struct buffer *shift, const struct buffer *running_mean,
                                   const struct buffer *running_variance);
    /* Of the last forward_batch or forward_running (whose statistics are then constants); src and
     * dst are those of that call. All outputs overwritten; d_src may be d_dst (in place). */
    enum status (*backward)(struct norm_plan *plan, struct buffer *d_src, struct buffer *d_scale,
                            struct buffer *d_shift, const struct buffer *d_dst,
                            const struct buffer *dst, const struct buffer *src,
                            const struct buffer *scale);
    /* May be NULL: has no statistics to share (a group norm). From now on forward_batch and the
     * backward that follows it are over the rows of all sharers, as many each; d_scale and d_shift
     * stay this process's part of the sums. `sums` is kept; must outlive. */
    void (*share)(struct norm_plan *plan, struct shared_sums *sums);
    const char *(*implementation)(const struct norm_plan *plan, int64_t index);
    void (*destroy)(struct norm_plan *plan); /* accepts no NULL: use backend_norm_destroy */
};
struct norm_plan {
    const struct norm_plan_ops *ops;
};

/* Step `step` (1, 2, ...) of AdamW (Loshchilov and Hutter 2019) with g = gradient_scale * gradient:
 *   p -= rate * decay_rate * decay * p;
 *   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2;
 *   p -= rate * (m / (1 - beta1^step)) / (sqrt(v / (1 - beta2^step)) + epsilon). */
struct adamw_options {
    double rate, beta1, beta2, epsilon, decay_rate;
    double gradient_scale; /* clipping: min(1, limit / norm); 1 without */
    int64_t step;
};

enum difference_axis { DIFFERENCE_X, DIFFERENCE_Y };

/* What stands in the halo, the ring of cells one beyond the canvas: 0, the nearest cell, the one
 * before it (the nearest is the mirror; on a side of one cell, that cell), the one at the other
 * side. By side: x = -1, x = nx, y = -1, y = ny; a corner is what the rule of y makes of what the
 * rule of x put there. */
enum halo_rule { HALO_ZERO, HALO_REPLICATE, HALO_REFLECT, HALO_PERIODIC };
struct halo_shape {
    int64_t dims[5]; /* (n, t, x, y, c), without the halo */
    enum halo_rule rules[4];
};

/* One call of a network in a rollout: input (n, in, x, y, channels), whose first `fields` channels
 * are fields and the others the same in every frame; output (n, out, x, y, fields). */
struct window_shape {
    int64_t samples, in, out, cells; /* cells: x y */
    int64_t channels, fields;
};

/* For people. All texts outlive the program's run. */
struct backend_facts {
    const char *library;      /* "oneDNN"; NULL: none */
    char library_version[32]; /* of the one that is loaded */
    const char *library_isa;  /* the instruction set that it picks; NULL: it does not say */
    const char *own_isa;      /* that of our own kernels; NULL: plain loops */
};

/* bf16 on this processor: not at all; values rounded to bf16 by float arithmetic, right but no
 * faster; by instructions that are made for it. */
enum backend_bf16 { BACKEND_BF16_NONE, BACKEND_BF16_ROUNDED, BACKEND_BF16_FAST };

struct backend_ops {
    const char *name;
    /* `threads` >= 1. ERR_UNSUPPORTED where the machine cannot. Use backend_open. */
    enum status (*open)(struct backend **out, int threads);
    void (*close)(struct backend *backend);

    /* Memory. alloc: zeroed, aligned, `count` floats; alloc_in: numbers of that precision.
     * Transfers are complete when they return; a bf16 buffer rounds and widens. */
    enum status (*alloc)(struct backend *backend, struct buffer *out, int64_t count);
    enum status (*alloc_in)(struct backend *backend, struct buffer *out, enum precision precision,
                            int64_t count);
    void (*release)(struct backend *backend, struct buffer *buffer); /* and clears it; {NULL} too */
    enum status (*upload)(struct backend *backend, struct buffer *to, const float *from,
                          int64_t count);
    enum status (*download)(struct backend *backend, float *to, const struct buffer *from,
                            int64_t count);
    enum status (*sync)(struct backend *backend); /* everything asked for so far is done */

    /* Whole buffers of `count` floats. copy rounds or widens where precisions differ; axpy, tanh,
     * bias, concat, split and halo are for bf16 too, all buffers of activations alike. */
    enum status (*fill)(struct backend *backend, struct buffer *dst, float value, int64_t count);
    enum status (*copy)(struct backend *backend, struct buffer *dst, const struct buffer *src,
                        int64_t count);
    enum status (*scale)(struct backend *backend, struct buffer *x, float factor, int64_t count);
    /* y += factor x */
    enum status (*axpy)(struct backend *backend, struct buffer *y, float factor,
                        const struct buffer *x, int64_t count);
    enum status (*subtract)(struct backend *backend, struct buffer *dst, const struct buffer *a,
                            const struct buffer *b, int64_t count); /* dst = a - b; in place */
    /* Double sums in a fixed order. */
    enum status (*sum)(struct backend *backend, double *out, const struct buffer *x, int64_t count);
    enum status (*sum_squares)(struct backend *backend, double *out, const struct buffer *x,
                               int64_t count);
    enum status (*tanh_forward)(struct backend *backend, struct buffer *dst,
                                const struct buffer *src, int64_t count); /* in place */
    /* d_src = d_dst (1 - dst^2); in place; d_src may be bf16 where the others are floats */
    enum status (*tanh_backward)(struct backend *backend, struct buffer *d_src,
                                 const struct buffer *d_dst, const struct buffer *dst,
                                 int64_t count);

    /* x (rows, channels) += bias (channels), and the bias's gradient: sums over rows. */
    enum status (*bias_add)(struct backend *backend, struct buffer *x, const struct buffer *bias,
                            int64_t rows, int64_t channels);
    enum status (*bias_gradient)(struct backend *backend, struct buffer *d_bias,
                                 const struct buffer *d_x, int64_t rows, int64_t channels);

    /* Channels side by side: dst (rows, ca + cb) = [a (rows, ca), b (rows, cb)], and back. */
    enum status (*concat)(struct backend *backend, struct buffer *dst, const struct buffer *a,
                          const struct buffer *b, int64_t rows, int64_t a_channels,
                          int64_t b_channels);
    enum status (*split)(struct backend *backend, struct buffer *a, struct buffer *b,
                         const struct buffer *src, int64_t rows, int64_t a_channels,
                         int64_t b_channels);

    /* For losses. dims = (n, t, x, y, c); a mask is (n, x, y), 0 or 1, and counts for every t and
     * c. difference: central differences (s[+1] - s[-1]) / 2 along the axis, 0 in the canvas's edge
     * cells. difference_adjoint: dst += the transposed map of src. */
    enum status (*difference)(struct backend *backend, struct buffer *dst, const struct buffer *src,
                              const int64_t dims[5], enum difference_axis axis);
    enum status (*difference_adjoint)(struct backend *backend, struct buffer *dst,
                                      const struct buffer *src, const int64_t dims[5],
                                      enum difference_axis axis);
    /* dst = the mask of cells that have both neighbours along the axis in `mask` and are in it. */
    enum status (*mask_difference)(struct backend *backend, struct buffer *dst,
                                   const struct buffer *mask, const int64_t dims[5],
                                   enum difference_axis axis);
    /* sum of mask * x^2, a double sum in a fixed order */
    enum status (*masked_sum_squares)(struct backend *backend, double *out, const struct buffer *x,
                                      const struct buffer *mask, const int64_t dims[5]);
    /* dst = factor * mask * x; in place */
    enum status (*masked_scale)(struct backend *backend, struct buffer *dst, float factor,
                                const struct buffer *x, const struct buffer *mask,
                                const int64_t dims[5]);

    /* dst (n, t, x + 2, y + 2, c) = src (n, t, x, y, c) with its halo; halo_adjoint: dst (n, t, x,
     * y, c) = the transposed map of src. */
    enum status (*halo)(struct backend *backend, struct buffer *dst, const struct buffer *src,
                        const struct halo_shape *shape);
    enum status (*halo_adjoint)(struct backend *backend, struct buffer *dst,
                                const struct buffer *src, const struct halo_shape *shape);

    /* For rollouts. window_add: every frame of output += the fields of input's last frame;
     * window_add_adjoint: the fields of d_input's last frame += the sum over frames of d_output. */
    enum status (*window_add)(struct backend *backend, struct buffer *output,
                              const struct buffer *input, const struct window_shape *shape);
    enum status (*window_add_adjoint)(struct backend *backend, struct buffer *d_input,
                                      const struct buffer *d_output,
                                      const struct window_shape *shape);
    /* next = the input of the call that follows: the last frames of input and output together. An
     * output's cell outside `fluid` (n, x, y) has the fields of the input's last frame, which are
     * at rest; channels that are no fields stay. window_next_adjoint: d_output and d_input += the
     * transposed map of d_next. */
    enum status (*window_next)(struct backend *backend, struct buffer *next,
                               const struct buffer *input, const struct buffer *output,
                               const struct buffer *fluid, const struct window_shape *shape);
    enum status (*window_next_adjoint)(struct backend *backend, struct buffer *d_input,
                                       struct buffer *d_output, const struct buffer *d_next,
                                       const struct buffer *fluid,
                                       const struct window_shape *shape);

    /* decay: a float for each parameter, 1 where weight decay applies, else 0. */
    enum status (*adamw)(struct backend *backend, struct buffer *parameters, struct buffer *m,
                         struct buffer *v, const struct buffer *gradients,
                         const struct buffer *decay, const struct adamw_options *options,
                         int64_t count);

    /* Plans keep `backend`; it must outlive them. ERR_UNSUPPORTED for a shape it cannot do. */
    enum status (*conv3d_create)(struct conv_plan **out, struct backend *backend,
                                 const struct conv_shape *shape);
    enum status (*deconv3d_create)(struct conv_plan **out, struct backend *backend,
                                   const struct conv_shape *shape);
    enum status (*norm_create)(struct norm_plan **out, struct backend *backend,
                               const struct norm_shape *shape);

    /* What it computes with on this machine; asked before it is opened. */
    void (*describe)(struct backend_facts *out);
    enum backend_bf16 (*bf16)(const struct backend *backend);
};

struct backend {
    const struct backend_ops *ops;
    int threads;
    enum precision precision; /* that networks made on it have their activations in */
};

/* The backends that this build has, fastest first: index 0, 1, ...; NULL past the last. */
const char *backend_name(int64_t index);
void backend_describe(struct backend_facts *out, int64_t index);

/* Opens the backend of that name, or for "auto" the first that this machine can run. ERR_USAGE for
 * an unknown name (the message lists the known ones) or threads < 1. */
enum status backend_open(struct backend **out, const char *name, int threads);
void backend_close(struct backend *backend);

/* Of networks made on it from now on; float32 at first. ERR_UNSUPPORTED where it has no bf16. */
enum status backend_set_precision(struct backend *backend, enum precision precision);

/* The numbers [offset, offset + count) of `whole`, which keeps owning them. */
struct buffer backend_view(const struct buffer *whole, int64_t offset, int64_t count);

/* `count` numbers of that precision from byte `offset` of `whole` on, which keeps owning them. */
struct buffer backend_place(const struct buffer *whole, size_t offset, enum precision precision,
                            int64_t count);

/* Accept NULL. */
void backend_conv_destroy(struct conv_plan *plan);
void backend_norm_destroy(struct norm_plan *plan);

/* forward_running of a norm that has no running statistics. */
enum status backend_norm_without_running(struct norm_plan *plan, struct buffer *dst,
                                         const struct buffer *src, const struct buffer *scale,
                                         const struct buffer *shift,
                                         const struct buffer *running_mean,
                                         const struct buffer *running_variance);

/* Output extent along axis 0, 1, 2 (t, x, y). */
int64_t backend_conv_extent(const struct conv_shape *shape, int axis);
int64_t backend_deconv_extent(const struct conv_shape *shape, int axis);
