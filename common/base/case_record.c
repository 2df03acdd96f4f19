/* SPDX-License-Identifier: Apache-2.0 */
#include "case_record.h"

#include "array.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct case_record *record_of(struct frame_sink *sink)
{
    return (struct case_record *)sink; /* the sink is the first member */
}

static enum status begin(struct frame_sink *sink, const struct flow *flow, const float *sdf)
{
    struct case_record *record = record_of(sink);
    if (flow->nx != record->flow.nx || flow->ny != record->flow.ny)
        return FAIL(ERR_INTERNAL, "a case of %lld x %lld cells for a record of %lld x %lld",
                    (long long)flow->nx, (long long)flow->ny, (long long)record->flow.nx,
                    (long long)record->flow.ny);
    case_record_clear(record);
    record->flow = *flow;
    memcpy(record->sdf, sdf, (size_t)frames_cells(flow) * sizeof *sdf);
    frames_mask(record->mask, sdf, frames_cells(flow));
    return OK;
}

static enum status append_forces(struct case_record *record, const struct frame *frame)
{
    size_t held = (size_t)record->force_steps;
    size_t needed = held + (size_t)frame->steps;
    double *grown = array_grow(record->forces, &record->force_capacity, needed, 2 * sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    record->forces = grown;
    memcpy(grown + 2 * held, frame->forces, (size_t)frame->steps * 2 * sizeof *grown);
    record->force_steps += frame->steps;
    return OK;
}

static enum status take_frame(struct frame_sink *sink, const struct frame *frame)
{
    struct case_record *record = record_of(sink);
    if (frame->index != record->frames)
        return FAIL(ERR_INTERNAL, "frame %lld came when frame %lld was due",
                    (long long)frame->index, (long long)record->frames);
    if (record->frames == record->capacity)
        return FAIL(ERR_INTERNAL, "frame %lld came to a record with room for %lld",
                    (long long)frame->index, (long long)record->capacity);
    if (frame->steps > 0)
        TRY(append_forces(record, frame));
    size_t bytes = (size_t)frames_cells(&record->flow) * FRAME_FIELDS * sizeof(float);
    memcpy(case_record_frame(record, record->frames), frame->values, bytes);
    record->drag[record->frames] = frame->drag;
    record->lift[record->frames] = frame->lift;
    record->frames++;
    return OK;
}

static enum status take_start(struct frame_sink *sink, const struct start_state *state)
{
    struct case_record *record = record_of(sink);
    size_t held = (size_t)record->start_count;
    struct start_state **grown =
        array_grow(record->starts, &record->start_capacity, held + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    record->starts = grown;
    TRY(start_state_copy(&grown[held], state));
    record->start_count++;
    return OK;
}

static const struct frame_sink_ops keeping = {
    .name = "case record with start states",
    .begin = begin,
    .frame = take_frame,
    .start = take_start,
};

static const struct frame_sink_ops dropping = {
    .name = "case record",
    .begin = begin,
    .frame = take_frame,
};

enum status case_record_create(struct case_record **out, int64_t nx, int64_t ny, int64_t capacity,
                               enum case_record_starts starts)
{
    enum status status = OK;
    size_t cells = 0;
    size_t values = 0;
    assert(nx > 0 && ny > 0 && capacity > 0);
    struct case_record *record = calloc(1, sizeof *record);
    if (record == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    record->sink.ops = starts == CASE_RECORD_KEEP_STARTS ? &keeping : &dropping;
    record->flow.nx = nx;
    record->flow.ny = ny;
    record->capacity = capacity;
    record->failure = (struct case_failure){NAN, NAN, NAN};
    TRY_GOTO(array_size(&cells, (size_t)nx, (size_t)ny), cleanup);
    TRY_GOTO(array_size(&values, cells, FRAME_FIELDS), cleanup);
    TRY_GOTO(array_size(&values, values, (size_t)capacity), cleanup);
    TRY_GOTO(ARRAY_NEW(record->sdf, cells), cleanup);
    TRY_GOTO(ARRAY_NEW(record->mask, cells), cleanup);
    TRY_GOTO(ARRAY_NEW(record->values, values), cleanup);
    TRY_GOTO(ARRAY_NEW(record->drag, capacity), cleanup);
    TRY_GOTO(ARRAY_NEW(record->lift, capacity), cleanup);
    *out = record;
    record = NULL;
cleanup:
    case_record_destroy(record);
    return status;
}

void case_record_clear(struct case_record *record)
{
    for (int64_t i = 0; i < record->start_count; i++)
        start_state_destroy(record->starts[i]);
    record->start_count = 0;
    record->frames = 0;
    record->force_steps = 0;
    record->refused = (struct refusals){{0}};
    record->status = OK;
    record->reason[0] = '\0';
    record->failure = (struct case_failure){NAN, NAN, NAN};
}

void case_record_destroy(struct case_record *record)
{
    if (record == NULL)
        return;
    case_record_clear(record);
    free(record->starts);
    free(record->forces);
    array_free(record->sdf);
    array_free(record->mask);
    array_free(record->values);
    array_free(record->drag);
    array_free(record->lift);
    free(record);
}
