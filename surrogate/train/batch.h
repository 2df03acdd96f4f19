/* SPDX-License-Identifier: Apache-2.0
 *
 * A batch of windows as network tensors in host memory. A window is `frames` input frames of a case
 * and as many that follow. Filling touches the batch alone, so batches can be filled ahead. */
#pragma once

#include "case_record.h"
#include "error.h"
#include "normalisation.h"

#include <stdint.h>

struct batch {
    int64_t windows, frames, nx, ny;
    float *input;  /* (windows, frames, nx, ny, 4) */
    float *target; /* (windows, frames, nx, ny, 3) */
    float *fluid;  /* (windows, nx, ny): 1 in the fluid, 0 in bodies */
};

enum status batch_create(struct batch **out, int64_t windows, int64_t frames, int64_t nx,
                         int64_t ny);
void batch_destroy(struct batch *batch);

/* Floats in each of the three. */
int64_t batch_input_count(const struct batch *batch);
int64_t batch_target_count(const struct batch *batch);
int64_t batch_fluid_count(const struct batch *batch);

/* Window `slot` from the record's frames first ... first + 2 frames - 1. ERR_DATA when the canvas
 * is another. */
enum status batch_fill(struct batch *batch, int64_t slot, const struct case_record *record,
                       int64_t first, const struct normalisation *normalisation,
                       enum normalisation_side side);
