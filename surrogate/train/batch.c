/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"

#include "array.h"

#include <assert.h>
#include <stdlib.h>

enum status batch_create(struct batch **out, int64_t windows, int64_t frames, int64_t nx,
                         int64_t ny)
{
    enum status status = OK;
    struct batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL)
        return FAIL(ERR_MEMORY, "no memory for a batch");
    batch->windows = windows;
    batch->frames = frames;
    batch->nx = nx;
    batch->ny = ny;
    TRY_GOTO(ARRAY_NEW(batch->input, batch_input_count(batch)), cleanup);
    TRY_GOTO(ARRAY_NEW(batch->target, batch_target_count(batch)), cleanup);
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
    return batch_fluid_count(batch) * batch->frames * NORMALISATION_CHANNELS;
}

int64_t batch_target_count(const struct batch *batch)
{
    return batch_fluid_count(batch) * batch->frames * FRAME_FIELDS;
}

enum status batch_fill(struct batch *batch, int64_t slot, const struct case_record *record,
                       int64_t first, const struct normalisation *normalisation,
                       enum normalisation_side side)
{
    struct normalisation_view view = {&record->flow, record->sdf, record->mask, side};
    int64_t cells = batch->nx * batch->ny, frames = batch->frames;
    if (record->flow.nx != batch->nx || record->flow.ny != batch->ny)
        return FAIL(ERR_DATA, "case %lld has a canvas of %lld x %lld cells; the batch %lld x %lld",
                    (long long)record->flow.index, (long long)record->flow.nx,
                    (long long)record->flow.ny, (long long)batch->nx, (long long)batch->ny);
    assert(slot >= 0 && slot < batch->windows);
    assert(first >= 0 && first + 2 * frames <= record->frames);
    normalisation_input(batch->input + slot * frames * cells * NORMALISATION_CHANNELS,
                        normalisation, &view, case_record_frame(record, first), frames);
    normalisation_target(batch->target + slot * frames * cells * FRAME_FIELDS, normalisation, &view,
                         case_record_frame(record, first + frames), frames);
    normalisation_fluid(batch->fluid + slot * cells, &view);
    return OK;
}
