/* SPDX-License-Identifier: Apache-2.0 */
#include "persistence.h"

#include "array.h"
#include "stop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct persistence {
    struct forecaster base;
    float *frame; /* [FRAME_FIELDS][nx][ny]; NULL before the first start */
    size_t count; /* floats of it */
    double seconds;
};

static enum status start(struct forecaster *forecaster, const struct forecaster_start *start)
{
    struct persistence *self = (struct persistence *)forecaster;
    size_t count = FRAME_FIELDS * (size_t)frames_cells(start->flow);
    if (count != self->count) {
        array_free(self->frame);
        self->count = 0;
        TRY(ARRAY_NEW(self->frame, count));
        self->count = count;
    }
    memcpy(self->frame, start->frames + (FORECASTER_INPUT_FRAMES - 1) * count,
           count * sizeof *self->frame);
    self->seconds = 0.0;
    return OK;
}

static enum status advance(struct forecaster *forecaster, float *frames, int64_t count)
{
    struct persistence *self = (struct persistence *)forecaster;
    double begun = stop_clock();
    for (int64_t t = 0; t < count; t++)
        memcpy(frames + (size_t)t * self->count, self->frame, self->count * sizeof *frames);
    self->seconds += stop_clock() - begun;
    return OK;
}

static enum status inject(struct forecaster *forecaster, const float *frame)
{
    struct persistence *self = (struct persistence *)forecaster;
    memcpy(self->frame, frame, self->count * sizeof *frame);
    return OK;
}

static double cost(const struct forecaster *forecaster)
{
    return ((const struct persistence *)forecaster)->seconds;
}

static void destroy(struct forecaster *forecaster)
{
    struct persistence *self = (struct persistence *)forecaster;
    array_free(self->frame);
    free(self);
}

static const struct forecaster_ops persistence_ops = {
    .kind = "persistence",
    .start = start,
    .advance = advance,
    .inject = inject,
    .cost = cost,
    .destroy = destroy,
};

enum status persistence_create(struct forecaster **out)
{
    struct persistence *self = calloc(1, sizeof *self);
    if (self == NULL)
        return FAIL(ERR_MEMORY, "no memory for the persistence forecaster");
    self->base.ops = &persistence_ops;
    (void)snprintf(self->base.name, sizeof self->base.name, "persistence");
    *out = &self->base;
    return OK;
}
