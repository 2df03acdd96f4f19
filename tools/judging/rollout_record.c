/* SPDX-License-Identifier: Apache-2.0 */
#include "rollout_record.h"

#include "array.h"

#include <math.h>
#include <stdio.h>

enum status rollout_record_start(struct forecaster_start *out, const struct case_record *truth,
                                 int64_t frame)
{
    if (frame < FORECASTER_INPUT_FRAMES - 1 || frame >= truth->frames)
        return FAIL(ERR_USAGE,
                    "a rollout begins with three frames; its third is 2 .. %lld, not "
                    "%lld",
                    (long long)truth->frames - 1, (long long)frame);
    *out = (struct forecaster_start){
        .flow = &truth->flow,
        .sdf = truth->sdf,
        .mask = truth->mask,
        .frames = case_record_frame(truth, frame - FORECASTER_INPUT_FRAMES + 1),
        .earlier = frame - FORECASTER_INPUT_FRAMES + 1};
    for (int64_t i = 0; i < truth->start_count; i++)
        if (truth->starts[i]->frame == frame)
            out->state = truth->starts[i];
    return OK;
}

static enum status take_frame(struct case_record *record, const float *values, int64_t index)
{
    const struct frame frame = {.index = index, .values = values, .drag = nan(""), .lift = nan("")};
    TRY(record->sink.ops->frame(&record->sink, &frame));
    return OK;
}

/* The forecast frames behind the three of the start. */
static enum status advance(struct case_record *record, struct forecaster *forecaster,
                           int64_t frames)
{
    enum status status = OK;
    float *values = NULL;
    int64_t size = FRAME_FIELDS * frames_cells(&record->flow);
    TRY_GOTO(ARRAY_NEW(values, frames * size), cleanup);
    status = forecaster->ops->advance(forecaster, values, frames);
    if (status == ERR_NUMERIC) {
        record->status = status;
        snprintf(record->reason, sizeof record->reason, "%s", error_message());
        status = OK;
    }
    TRY_GOTO(status, cleanup);
    for (int64_t t = 0; t < frames && isfinite(values[t * size]); t++)
        TRY_GOTO(take_frame(record, values + t * size, FORECASTER_INPUT_FRAMES + t), cleanup);
cleanup:
    array_free(values);
    return status;
}

enum status rollout_record_make(struct case_record **out, struct forecaster *forecaster,
                                const struct forecaster_start *start, int64_t frames)
{
    enum status status = OK;
    struct case_record *record = NULL;
    const struct flow *flow = start->flow;
    int64_t size = FRAME_FIELDS * frames_cells(flow);
    TRY_GOTO(case_record_create(&record, flow->nx, flow->ny, FORECASTER_INPUT_FRAMES + frames,
                                CASE_RECORD_DROP_STARTS),
             cleanup);
    TRY_GOTO(record->sink.ops->begin(&record->sink, flow, start->sdf), cleanup);
    for (int64_t t = 0; t < FORECASTER_INPUT_FRAMES; t++)
        TRY_GOTO(take_frame(record, start->frames + t * size, t), cleanup);
    TRY_GOTO(forecaster->ops->start(forecaster, start), cleanup);
    TRY_GOTO(advance(record, forecaster, frames), cleanup);
    *out = record;
    record = NULL;
cleanup:
    case_record_destroy(record);
    return status;
}
