/* SPDX-License-Identifier: Apache-2.0 */
#include "case_record.h"

#include <criterion/criterion.h>
#include <string.h>

enum { NX = 4, NY = 3, CELLS = NX * NY, CAPACITY = 2 };

static const struct flow flow = {
    .family = "circle", .index = 5, .nx = NX, .ny = NY, .refine = 2, .reynolds = 100};

static void begin(struct case_record *record)
{
    float sdf[CELLS];
    for (int i = 0; i < CELLS; i++)
        sdf[i] = (float)(i - 5);
    cr_assert_eq(record->sink.ops->begin(&record->sink, &flow, sdf), OK);
}

/* Frame t holds the values t * 1000 + k and `steps` forces t + k / 1000. */
static enum status give_frame(struct case_record *record, int64_t t, int64_t steps)
{
    float values[FRAME_FIELDS * CELLS];
    double forces[200];
    for (int k = 0; k < FRAME_FIELDS * CELLS; k++)
        values[k] = (float)(t * 1000 + k);
    for (int k = 0; k < 200; k++)
        forces[k] = (double)t + k / 1000.;
    const struct frame frame = {t, values, 1.5 + (double)t, -0.5, forces, steps};
    return record->sink.ops->frame(&record->sink, &frame);
}

static void expect_frames(const struct case_record *record)
{
    cr_assert_eq(record->frames, 2);
    for (int t = 0; t < 2; t++) {
        for (int k = 0; k < FRAME_FIELDS * CELLS; k++)
            cr_assert_eq(case_record_frame(record, t)[k], (float)(t * 1000 + k));
        cr_assert_eq(record->drag[t], 1.5 + t);
        cr_assert_eq(record->lift[t], -0.5);
    }
}

Test(case_record, copies_flow_distance_mask_frames_and_forces)
{
    struct case_record *record = NULL;
    cr_assert_eq(case_record_create(&record, NX, NY, CAPACITY, CASE_RECORD_DROP_STARTS), OK);
    cr_assert_null(record->sink.ops->start);
    for (int round = 0; round < 2; round++) { /* the record may be used again */
        begin(record);
        cr_assert_str_eq(record->flow.family, "circle");
        for (int i = 0; i < CELLS; i++)
            cr_assert_eq(record->mask[i], i < 5);
        cr_assert_eq(record->sdf[7], 2);
        cr_assert_eq(give_frame(record, 0, 30), OK);
        cr_assert_eq(give_frame(record, 1, 100), OK);
        expect_frames(record);
        cr_assert_eq(record->force_steps, 130);
        for (int k = 0; k < 60; k++)
            cr_assert_eq(record->forces[k], k / 1000.);
        for (int k = 0; k < 200; k++)
            cr_assert_eq(record->forces[60 + k], 1 + k / 1000.);
        record->status = ERR_NUMERIC;
        record->reason[0] = 'x';
    }
    begin(record);
    cr_assert_eq(record->status, OK);
    cr_assert_str_empty(record->reason);
    case_record_destroy(record);
    case_record_destroy(NULL);
}

Test(case_record, refuses_another_canvas_and_frames_out_of_order_or_too_many)
{
    struct case_record *record = NULL;
    struct flow other = flow;
    float sdf[CELLS] = {0};
    other.ny = NY + 1;
    cr_assert_eq(case_record_create(&record, NX, NY, CAPACITY, CASE_RECORD_DROP_STARTS), OK);
    cr_assert_eq(record->sink.ops->begin(&record->sink, &other, sdf), ERR_INTERNAL);
    begin(record);
    cr_assert_eq(give_frame(record, 1, 0), ERR_INTERNAL);
    cr_assert_eq(give_frame(record, 0, 0), OK);
    cr_assert_eq(give_frame(record, 1, 0), OK);
    cr_assert_eq(give_frame(record, 2, 0), ERR_INTERNAL);
    expect_frames(record);
    case_record_destroy(record);
}

Test(case_record, keeps_copies_of_start_states)
{
    struct case_record *record = NULL;
    struct start_state *state = NULL;
    cr_assert_eq(case_record_create(&record, NX, NY, CAPACITY, CASE_RECORD_KEEP_STARTS), OK);
    cr_assert_eq(start_state_create(&state, 6, 5), OK);
    begin(record);
    for (int k = 0; k < 20; k++) {
        state->frame = k;
        state->values[6 * 5 * START_FIELDS - 1] = (float)k;
        state->solid[29] = (unsigned char)k;
        cr_assert_eq(record->sink.ops->start(&record->sink, state), OK);
    }
    start_state_destroy(state);
    cr_assert_eq(record->start_count, 20);
    for (int k = 0; k < 20; k++) {
        cr_assert_eq(record->starts[k]->frame, k);
        cr_assert_eq(record->starts[k]->values[6 * 5 * START_FIELDS - 1], (float)k);
        cr_assert_eq(record->starts[k]->solid[29], k);
    }
    case_record_clear(record);
    cr_assert_eq(record->start_count, 0);
    case_record_destroy(record);
}

Test(case_record, sizes_that_overflow_are_refused)
{
    struct case_record *record = NULL;
    cr_assert_eq(
        case_record_create(&record, INT64_C(1) << 40, INT64_C(1) << 40, 1, CASE_RECORD_DROP_STARTS),
        ERR_MEMORY);
    cr_assert_null(record);
}
