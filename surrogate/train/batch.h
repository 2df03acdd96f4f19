/* SPDX-License-Identifier: Apache-2.0
 *
 * A batch of windows as network tensors in host memory. A window is `in` frames of a case and the
 * `out` that follow, and that again for every further call of a rollout. Filling touches the batch
 * alone, so batches can be filled ahead. */
#pragma once

#include "case_record.h"
#include "error.h"
#include "normalisation.h"

#include <stdint.h>

struct window {
    int64_t in, out;
    int64_t calls; /* whose truth a window holds */
};

/* Frames from the first of the input to the last of the last call. */
int64_t batch_window_frames(const struct window *window);

struct batch {
    int64_t windows;
    struct window window;
    int64_t channels; /* of the input: normalisation_channels */
    int64_t nx, ny;
    int64_t filled; /* calls whose truth is filled in, at most window.calls */
    float *input;   /* (windows, in, nx, ny, channels) */
    float *target;  /* (calls, windows, out, nx, ny, 3) */
    float *fluid;   /* (windows, nx, ny): 1 in the fluid, 0 in bodies */
};

/* Of the sizes that `shape` has, which needs no arrays; all calls are to be filled. */
enum status batch_create(struct batch **out, const struct batch *shape);
void batch_destroy(struct batch *batch);

/* Floats in each of the three; in the target, of one call. */
int64_t batch_fluid_count(const struct batch *batch);
int64_t batch_input_count(const struct batch *batch);
int64_t batch_target_count(const struct batch *batch);

/* Window `slot` from the record's frames first, first + 1, ... ERR_DATA when the canvas is another.
 */
enum status batch_fill(struct batch *batch, int64_t slot, const struct case_record *record,
                       int64_t first, const struct normalisation *normalisation,
                       enum normalisation_side side);

/* Adds noise of that standard deviation to the fields of window `slot` in the fluid, drawn for
 * (seed, sample). */
void batch_add_noise(struct batch *batch, int64_t slot, double deviation, uint64_t seed,
                     int64_t sample);
