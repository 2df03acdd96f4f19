/* SPDX-License-Identifier: Apache-2.0
 *
 * Frames to network tensors and back. Fields enter as departures from the free stream,
 *     (rho - 1) / (3 U^2),  ux / U - 1,  uy / U,
 * each divided by one root mean square over the fluid cells of the training split. Nothing is
 * shifted, so that the zero padding of a convolution is the free stream. Bodies are at rest (rho =
 * 1, u = 0) on both sides; the signed distance enters as tanh(sdf / 8 cells) - 1, which is 0 far
 * from every body. Frames are [time][FRAME_FIELDS][nx][ny], tensors (t, x, y, c); channels stand in
 * the order of enum frame_field, the signed distance behind them, then the extras. Nothing here
 * reads a file. */
#pragma once

#include "error.h"
#include "frames.h"
#include "json.h"

#include <stdint.h>

enum { NORMALISATION_CHANNELS = FRAME_FIELDS + 1, NORMALISATION_REACH = 8 /* cells */ };

/* Channels beyond the distance, each on by itself: log10(Re / 100); and the nearness of the
 * canvas's bottom and of its top, tanh(d / 8 cells) - 1 like the distance to bodies. */
enum normalisation_extra { NORMALISATION_REYNOLDS = 1, NORMALISATION_WALLS = 2 };

struct normalisation {
    double scale[FRAME_FIELDS]; /* root mean squares of the departures, positive */
    unsigned extras;            /* of enum normalisation_extra, put together */
};

/* Of an input: NORMALISATION_CHANNELS and what the extras add. */
int64_t normalisation_channels(const struct normalisation *normalisation);

/* Mirrored: y runs the other way and uy changes its sign. */
enum normalisation_side { NORMALISATION_PLAIN, NORMALISATION_MIRRORED };

/* A moment of a flow: what both directions need to know. All borrowed. */
struct normalisation_view {
    const struct flow *flow;
    const float *sdf;          /* [nx][ny] */
    const unsigned char *mask; /* [nx][ny], 1 in bodies */
    enum normalisation_side side;
};

/* Sums for the root mean squares. Start from zero; add each training case once, in ascending
 * order. */
struct normalisation_sum {
    double squares[FRAME_FIELDS];
    int64_t cells;
};

/* frames: [count][FRAME_FIELDS][nx][ny]. */
void normalisation_add(struct normalisation_sum *sum, const struct flow *flow,
                       const unsigned char *mask, const float *frames, int64_t count);

/* Without extras. A field that never departs gets the scale 1. ERR_DATA when there were no fluid
 * cells, or a value was not finite. */
enum status normalisation_finish(struct normalisation *out, const struct normalisation_sum *sum);

/* tensor: (count, x, y, normalisation_channels) from frames [count][FRAME_FIELDS][nx][ny]. */
void normalisation_input(float *tensor, const struct normalisation *normalisation,
                         const struct normalisation_view *view, const float *frames, int64_t count);

/* tensor: (count, x, y, 3), without the signed distance. */
void normalisation_target(float *tensor, const struct normalisation *normalisation,
                          const struct normalisation_view *view, const float *frames,
                          int64_t count);

/* fluid: (x, y), 1 in the fluid and 0 in bodies. */
void normalisation_fluid(float *fluid, const struct normalisation_view *view);

/* The way back: frames [count][FRAME_FIELDS][nx][ny] from a tensor (count, x, y, 3), bodies at
 * rest. */
void normalisation_frames(float *frames, const struct normalisation *normalisation,
                          const struct normalisation_view *view, const float *tensor,
                          int64_t count);

/* {"density": .., "ux": .., "uy": ..} and back, without extras. ERR_DATA when a scale is missing or
 * not positive.
 */
enum status normalisation_write(struct json **out, const struct normalisation *normalisation);
enum status normalisation_read(struct normalisation *out, const struct json *json);
