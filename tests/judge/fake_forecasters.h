/* SPDX-License-Identifier: Apache-2.0
 *
 * A truth whose every number is known, and forecasters that follow a script: they know the truth
 * and add a stated error, at a stated cost. For tests of the judge only. */
#pragma once

#include "case_record.h"
#include "evaluation.h"
#include "forecaster.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    FAKE_NX = 16,
    FAKE_NY = 8,
    FAKE_CELLS = FAKE_NX * FAKE_NY,
    FAKE_SIZE = FRAME_FIELDS * FAKE_CELLS,
    FAKE_FRAMES = 36,
    FAKE_PERIOD = 6
};

struct fake {
    struct forecaster base;
    const struct case_record *truth;
    double error;     /* ux is wrong by this share of U in every fluid cell */
    double cost;      /* seconds a frame */
    int64_t diverges; /* at this step of a rollout; 0: never */
    int needs_state;  /* 1: no start without a state */
    int64_t next;     /* frame of the truth that comes next */
    int64_t done;     /* frames since start */
    int64_t good;     /* rollouts before the first that diverges */
};

static enum status fake_start(struct forecaster *forecaster, const struct forecaster_start *start)
{
    struct fake *self = (struct fake *)forecaster;
    size_t frame = (size_t)(start->frames - self->truth->values) / FAKE_SIZE;
    if (self->needs_state && start->state == NULL)
        return FAIL(ERR_UNSUPPORTED, "no start state for frame %zu", frame + 2);
    self->next = (int64_t)frame + FORECASTER_INPUT_FRAMES;
    self->done = 0;
    self->good--;
    return OK;
}

static enum status fake_advance(struct forecaster *forecaster, float *frames, int64_t count)
{
    struct fake *self = (struct fake *)forecaster;
    for (int64_t t = 0; t < count; t++, self->done++, self->next++) {
        if (self->diverges != 0 && self->good < 0 && self->done + 1 >= self->diverges)
            return FAIL(ERR_NUMERIC, "diverged");
        float *frame = frames + t * FAKE_SIZE;
        memcpy(frame, case_record_frame(self->truth, self->next), FAKE_SIZE * sizeof *frame);
        for (int i = 0; i < FAKE_CELLS; i++)
            if (!self->truth->mask[i])
                frame[FRAME_UX * FAKE_CELLS + i] += (float)(self->error * self->truth->flow.speed);
    }
    return OK;
}

static double fake_cost(const struct forecaster *forecaster)
{
    const struct fake *self = (const struct fake *)forecaster;
    return self->cost * (double)self->done;
}

static void fake_destroy(struct forecaster *forecaster)
{
    (void)forecaster;
}

static const struct forecaster_ops fake_ops = {
    .kind = "fake",
    .start = fake_start,
    .advance = fake_advance,
    .cost = fake_cost,
    .destroy = fake_destroy,
};

static inline struct fake fake_make(const char *name, const struct case_record *truth, double error,
                                    double cost)
{
    struct fake fake = {.base.ops = &fake_ops, .truth = truth, .error = error, .cost = cost};
    (void)snprintf(fake.base.name, sizeof fake.base.name, "%s", name);
    return fake;
}

/* ux = U everywhere, uy a travelling sine of a tenth of U with a period of FAKE_PERIOD frames, a
 * body of four cells at the left. |v|^2 = U^2 (1 + 0.005) in the mean. */
static inline struct case_record *fake_truth(void)
{
    struct case_record *record = NULL;
    struct flow flow = {.family = "circle",
                        .index = 7,
                        .nx = FAKE_NX,
                        .ny = FAKE_NY,
                        .frame_interval = 100,
                        .reynolds = 150.0,
                        .speed = 0.1,
                        .length = 2.0,
                        .x = 2.5,
                        .y = 4.0};
    float sdf[FAKE_CELLS], values[FAKE_SIZE];
    cr_assert_eq(
        case_record_create(&record, FAKE_NX, FAKE_NY, FAKE_FRAMES, CASE_RECORD_KEEP_STARTS), OK);
    for (int i = 0; i < FAKE_CELLS; i++)
        sdf[i] = i / FAKE_NY >= 2 && i / FAKE_NY < 4 && i % FAKE_NY >= 3 && i % FAKE_NY < 5 ? -1.0F
                                                                                            : 1.0F;
    cr_assert_eq(record->sink.ops->begin(&record->sink, &flow, sdf), OK);
    for (int64_t t = 0; t < FAKE_FRAMES; t++) {
        struct frame frame = {.index = t, .values = values};
        for (int i = 0; i < FAKE_CELLS; i++) {
            double phase =
                6.283185307179586 * ((double)(i / FAKE_NY) / 8.0 - (double)t / FAKE_PERIOD);
            values[i] = 1.0F;
            values[FAKE_CELLS + i] = sdf[i] < 0.0F ? 0.0F : 0.1F;
            values[2 * FAKE_CELLS + i] = sdf[i] < 0.0F ? 0.0F : (float)(0.01 * sin(phase));
        }
        cr_assert_eq(record->sink.ops->frame(&record->sink, &frame), OK);
    }
    return record;
}
