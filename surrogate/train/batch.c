/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"

#include "array.h"
#include "philox.h"

#include <assert.h>
#include <stdlib.h>

int64_t batch_window_frames(const struct window *window)
{
    return window->in + window->calls * window->out;
}

enum status batch_create(struct batch **out, const struct batch *shape)
{
    enum status status = OK;
    struct batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL)
        return FAIL(ERR_MEMORY, "no memory for a batch");
    batch->windows = shape->windows;
    batch->window = shape->window;
    batch->channels = shape->channels;
    batch->nx = shape->nx;
    batch->ny = shape->ny;
    batch->filled = shape->window.calls;
    TRY_GOTO(ARRAY_NEW(batch->input, batch_input_count(batch)), cleanup);
    TRY_GOTO(ARRAY_NEW(batch->target, batch->window.calls * batch_target_count(batch)), cleanup);
    TRY_GOTO(ARRAY_NEW(batch->fluid, batch_fluid_count(batch)), cleanup);
    *out = batch;
    batch = NULL;
cleanup:
    batch_destroy(batch);
    return status;
}

void batch_destroy(struct batch *batch)
{
    if (batch == NULL)
        return;
    array_free(batch->input);
    array_free(batch->target);
    array_free(batch->fluid);
    free(batch);
}

int64_t batch_fluid_count(const struct batch *batch)
{
    return batch->windows * batch->nx * batch->ny;
}

int64_t batch_input_count(const struct batch *batch)
{
    return batch_fluid_count(batch) * batch->window.in * batch->channels;
}

int64_t batch_target_count(const struct batch *batch)
{
    return batch_fluid_count(batch) * batch->window.out * FRAME_FIELDS;
}

enum status batch_fill(struct batch *batch, int64_t slot, const struct case_record *record,
                       int64_t first, const struct normalisation *normalisation,
                       enum normalisation_side side)
{
    const struct window *window = &batch->window;
    struct normalisation_view view = {&record->flow, record->sdf, record->mask, side};
    int64_t cells = batch->nx * batch->ny, truth = window->out * cells * FRAME_FIELDS;
    if (record->flow.nx != batch->nx || record->flow.ny != batch->ny)
        return FAIL(ERR_DATA, "case %lld has a canvas of %lld x %lld cells; the batch %lld x %lld",
                    (long long)record->flow.index, (long long)record->flow.nx,
                    (long long)record->flow.ny, (long long)batch->nx, (long long)batch->ny);
    assert(slot >= 0 && slot < batch->windows);
    assert(batch->channels == normalisation_channels(normalisation));
    assert(first >= 0 && first + batch_window_frames(window) <= record->frames);
    normalisation_input(batch->input + slot * window->in * cells * batch->channels, normalisation,
                        &view, case_record_frame(record, first), window->in);
    for (int64_t call = 0; call < batch->filled; call++)
        normalisation_target(
            batch->target + (call * batch->windows + slot) * truth, normalisation, &view,
            case_record_frame(record, first + window->in + call * window->out), window->out);
    normalisation_fluid(batch->fluid + slot * cells, &view);
    return OK;
}

/* A number has its place in the stream whatever the canvas: sample, then frame, cell and field. */
void batch_add_noise(struct batch *batch, int64_t slot, double deviation, uint64_t seed,
                     int64_t sample)
{
    int64_t cells = batch->nx * batch->ny;
    float *at = batch->input + slot * batch->window.in * cells * batch->channels;
    const float *fluid = batch->fluid + slot * cells;
    uint64_t index = (uint64_t)sample << 32;
    for (int64_t i = 0; i < batch->window.in * cells; i++, at += batch->channels)
        for (int field = 0; field < FRAME_FIELDS; field++, index++)
            if (fluid[i % cells] != 0.0F)
                at[field] += (float)(deviation * philox_normal(seed, PHILOX_STREAM_NOISE, index));
}
