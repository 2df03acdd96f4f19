/* SPDX-License-Identifier: Apache-2.0
 *
 * The 3D-convolutional U-Net: a list of layers over the op plans of a backend. All activations are
 * plain NDHWC: (n, t, x, y, c); t is the third convolution axis and never strided. Parameters live
 * in one arena, gradients in another; layers hold offsets. Shapes are fixed at creation; forward
 * and backward allocate nothing. */
#pragma once

#include "backend.h"
#include "error.h"
#include "shared_sums.h"

#include <stddef.h>
#include <stdint.h>

enum network_layer_kind {
    NETWORK_CONV,  /* "C": conv 3x3x3, stride 1 */
    NETWORK_DOWN,  /* "/": conv 3x4x4, stride (1,2,2) */
    NETWORK_UP,    /* "*": transposed conv 3x4x4, stride (1,2,2) */
    NETWORK_CONCAT /* "+": concat behind it the activation of the same resolution from the encoder
                      (the skip) */
};

struct network_layer {
    enum network_layer_kind kind;
    int64_t channels; /* out; 0 for concat */
};

enum { NETWORK_LAYERS = 64, NETWORK_TENSORS = 5 * NETWORK_LAYERS, NETWORK_NAME = 64 };

/* Switches; network_words.h has their words. */
enum network_norm { NETWORK_NORM_NONE, NETWORK_NORM_BATCH, NETWORK_NORM_GROUP };
enum network_output { NETWORK_OUTPUT_LINEAR, NETWORK_OUTPUT_TANH };
/* What the output is: the fields themselves, or what is added to those of the last input frame. */
enum network_target { NETWORK_TARGET_DIRECT, NETWORK_TARGET_DELTA };
/* What every convolution finds one cell beyond a side of the canvas: nothing (the free stream), the
 * cell at the side, the one before it (as in a mirror), the one at the other side. */
enum network_padding {
    NETWORK_PADDING_ZERO,
    NETWORK_PADDING_REPLICATE,
    NETWORK_PADDING_REFLECT,
    NETWORK_PADDING_PERIODIC /* of both sides of an axis */
};
/* x = 0, x = nx - 1, y = 0, y = ny - 1 */
enum network_side { NETWORK_INLET, NETWORK_OUTLET, NETWORK_BOTTOM, NETWORK_TOP, NETWORK_SIDES };

enum { NETWORK_FRAMES_MOST = 7 };

struct network_spec {
    char size[32]; /* "tiny", "small", "base", "custom" */
    struct network_layer layers[NETWORK_LAYERS];
    int64_t layer_count;
    int64_t input_channels;        /* rho, ux, uy, sdf, then what the switches below add */
    int64_t output_channels;       /* 3: the first of the input's */
    int64_t frames_in, frames_out; /* 1 to NETWORK_FRAMES_MOST; see network_plan.h */
    int skips;                     /* 0: concat layers are dropped */
    enum network_norm norm;        /* on every layer but the first and the last */
    int64_t groups; /* group norm: a layer of c channels has gcd(c, groups) of them */
    enum network_output output;
    enum network_target target;
    int reynolds; /* 1: a channel more, log10(Re / 100) */
    int walls;    /* 1: two channels more, the nearness of bottom and top */
    enum network_padding padding[NETWORK_SIDES];
};

/* 4, and what the switches add: what input_channels is in a network of ours. */
int64_t network_spec_channels(const struct network_spec *spec);

/* The layer list of a named size ("tiny", "small", "base", "large"; design: `C 16 / 16 / 32 / 32 *
 * 32 + * 16 + * 16 + C 3`), or of a text in that notation. ERR_CONFIG names the word that is wrong,
 * or why the list is no network (an up layer with no matching down layer, a concat without an
 * encoder activation of its resolution, last layer not "C 3"). */
enum status network_spec_parse(struct network_spec *out, const char *size_or_layers);
/* ERR_CONFIG names the first thing that no network can be: layers, frames, groups, padding. */
enum status network_spec_check(const struct network_spec *spec);
/* The list in that notation; `out` of at least 512 bytes. */
void network_spec_write(char *out, size_t size, const struct network_spec *spec);
int64_t network_spec_parameters(const struct network_spec *spec);
/* Forward multiply-adds x 2 for one sample: nominal, and counting only taps that hit data. */
void network_spec_flops(double *nominal, double *on_data, const struct network_spec *spec,
                        int64_t nx, int64_t ny);

enum network_use {
    NETWORK_TRAIN,
    NETWORK_FORECAST,
    NETWORK_TRAIN_THROUGH /* the gradient of the input too: for calls that feed each other */
};

/* Bytes that a network of that use allocates: parameters, gradients, activations. What a backend
 * keeps beside (packed weights, scratch) is not in it. */
double network_memory_estimate(const struct network_spec *spec, int64_t batch, int64_t nx,
                               int64_t ny, enum network_use use, enum precision precision);

struct network;

/* A parameter or statistic as a file sees it: PyTorch state_dict name and shape (Conv3d weight
 * [O,I,t,x,y], ConvTranspose3d weight [I,O,t,x,y], BatchNorm3d weight, bias, running_mean,
 * running_var, num_batches_tracked apart). Stored in the arena in exactly that order of elements.
 */
struct network_tensor {
    char name[NETWORK_NAME];
    int64_t rank, dims[5];
    int64_t offset,
        count;     /* floats, in the parameter arena or, for statistics, in the statistics arena */
    int statistic; /* 1: running mean or variance, not trained */
    int decays;    /* 1: weight decay applies (convolution weights) */
};

/* All tensors of a network, in order, without building it; how many, 0 when the list of layers is
 * no network. */
int64_t network_tensor_list(struct network_tensor out[NETWORK_TENSORS],
                            const struct network_spec *spec);

/* `batch` samples on an nx x ny canvas (multiples of 2^levels; ERR_CONFIG otherwise). A missing op
 * is ERR_UNSUPPORTED here, never later. `backend` is kept; must outlive. Parameters start at zero:
 * initialise or load. Activations and their gradients are in the backend's precision as it stands
 * now; all that is asked of a network and given to it is float32 in any case. */
enum status network_create(struct network **out, const struct network_spec *spec,
                           struct backend *backend, int64_t batch, int64_t nx, int64_t ny,
                           enum network_use use);
void network_destroy(struct network *network);

/* Weights uniform in +-sqrt(3 / fan_in) * gain (tanh 5/3 but for the last layer, 1), biases 0,
 * norms 1 and 0, from Philox (seed, PHILOX_STREAM_WEIGHTS). */
enum status network_initialise(struct network *network, uint64_t seed);

const struct network_spec *network_get_spec(const struct network *network);
int64_t network_tensor_count(const struct network *network);
const struct network_tensor *network_tensor_at(const struct network *network, int64_t index);

/* Arenas as backend buffers of floats (device memory perhaps): parameters, gradients (NULL for
 * forecasts), statistics. Gradients are laid out like the parameters and overwritten by backward.
 */
struct buffer *network_parameters(struct network *network);
struct buffer *network_gradients(struct network *network);
struct buffer *network_statistics(struct network *network);
int64_t network_parameter_count(const struct network *network); /* floats in the parameter arena */
int64_t network_statistic_count(const struct network *network);

/* Must follow every change of the parameters (packs weights once per step). */
enum status network_refresh(struct network *network);

/* input: (batch, frames_in, x, y, input_channels), kept until the backward pass. The output (batch,
 * frames_out, x, y, output_channels) stays the network's, valid until the next forward. In training
 * use, batch norms take batch statistics, and update the running ones when `statistics` says so, or
 * take the running ones as they are; in NETWORK_FORECAST use always these. Other norms have none.
 */
enum network_statistics {
    NETWORK_KEEP_STATISTICS,
    NETWORK_UPDATE_STATISTICS,
    NETWORK_RUNNING_STATISTICS
};
enum status network_forward(struct network *network, const struct buffer *input,
                            enum network_statistics statistics, struct buffer **output);
/* During a backward pass, after each layer with parameters, from the last to the first: the
 * gradients from float `from` of the arena to its end are final. `watch` NULL: nobody asks. */
typedef enum status (*network_watch_fn)(void *context, int64_t from);
void network_watch_gradients(struct network *network, network_watch_fn watch, void *context);
/* Batch norms in training take statistics and gradients over all sharers' samples. `sums` is kept;
 * must outlive. ERR_UNSUPPORTED where the backend cannot. */
enum status network_share_norms(struct network *network, struct shared_sums *sums);

/* Gradients of all parameters from the gradient of the output; after a forward in training use. */
enum status network_backward(struct network *network, const struct buffer *output_gradient);
/* Of the input too, (batch, frames_in, x, y, input_channels), overwritten; after a forward in
 * NETWORK_TRAIN_THROUGH use. */
enum status network_backward_through(struct network *network, const struct buffer *output_gradient,
                                     struct buffer *input_gradient);

/* For bench and for the guard test: calls back in order with a layer's number, kind and shape, and
 * the name of one of its implementations. */
void network_visit(const struct network *network,
                   void (*visit)(void *context, const char *layer, const char *implementation),
                   void *context);
