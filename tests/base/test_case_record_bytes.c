/* SPDX-License-Identifier: Apache-2.0 */
#include "case_record_bytes.h"

#include "array.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { NX = 5, NY = 3, CELLS = NX * NY, FRAMES = 2, STEPS = 7, STARTS = 2, LATTICE = 6 };

static void add_frames(struct case_record *record)
{
    float values[FRAME_FIELDS * CELLS];
    double forces[2 * STEPS];
    for (int64_t t = 0; t < FRAMES; t++) {
        for (int i = 0; i < FRAME_FIELDS * CELLS; i++)
            values[i] = (float)(100 * t + i) / 3;
        for (int i = 0; i < 2 * STEPS; i++)
            forces[i] = (double)(i + 1) / 7;
        const struct frame frame = {t, values, 1.5 + (double)t, -2.5, forces, t > 0 ? STEPS : 0};
        cr_assert_eq(record->sink.ops->frame(&record->sink, &frame), OK);
    }
}

static void add_start(struct case_record *record, int64_t frame)
{
    struct start_state *state = NULL;
    cr_assert_eq(start_state_create(&state, LATTICE, NY), OK);
    state->case_index = 9;
    state->frame = frame;
    state->refine = 2;
    state->entry = 1;
    state->outlet_rho = 1 + 1e-15;
    for (int i = 0; i < START_FIELDS * LATTICE * NY; i++)
        state->values[i] = (float)(i + frame);
    for (int i = 0; i < LATTICE * NY; i++)
        state->solid[i] = i % 4 == 0;
    cr_assert_eq(record->sink.ops->start(&record->sink, state), OK);
    start_state_destroy(state);
}

static struct case_record *make(void)
{
    struct case_record *record = NULL;
    const struct flow flow = {
        .family = "circle+star", .index = 9, .nx = NX, .ny = NY, .refine = 2, .reynolds = 1. / 3};
    float sdf[CELLS];
    for (int i = 0; i < CELLS; i++)
        sdf[i] = (float)(i - 4) / 3;
    cr_assert_eq(case_record_create(&record, NX, NY, FRAMES, CASE_RECORD_KEEP_STARTS), OK);
    cr_assert_eq(record->sink.ops->begin(&record->sink, &flow, sdf), OK);
    add_frames(record);
    for (int64_t i = 0; i < STARTS; i++)
        add_start(record, i);
    record->refused.counts[REFUSAL_WALL] = 41;
    return record;
}

static struct case_record *through_bytes(const struct case_record *record)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    struct case_record *back = NULL;
    cr_assert_eq(case_record_bytes_write(&bytes, &size, record), OK);
    cr_assert_eq(case_record_bytes_read(&back, bytes, size), OK, "%s", error_message());
    array_free(bytes);
    return back;
}

static void expect_same_state(const struct start_state *a, const struct start_state *b)
{
    size_t cells = (size_t)(a->nx * a->ny);
    cr_assert(a->case_index == b->case_index && a->frame == b->frame && a->refine == b->refine);
    cr_assert(a->nx == b->nx && a->ny == b->ny && a->entry == b->entry);
    cr_assert_eq(a->outlet_rho, b->outlet_rho);
    cr_assert_arr_eq(a->values, b->values, START_FIELDS * cells * sizeof(float));
    cr_assert_arr_eq(a->solid, b->solid, cells);
}

Test(case_record_bytes, a_record_comes_back_with_every_value)
{
    struct case_record *record = make(), *back = through_bytes(record);
    cr_assert_arr_eq(&record->flow, &back->flow, sizeof record->flow);
    cr_assert(back->frames == FRAMES && back->force_steps == STEPS);
    cr_assert_arr_eq(&record->refused, &back->refused, sizeof record->refused);
    cr_assert(back->status == OK && back->reason[0] == '\0');
    cr_assert_arr_eq(record->sdf, back->sdf, CELLS * sizeof(float));
    cr_assert_arr_eq(record->mask, back->mask, CELLS);
    cr_assert_arr_eq(record->values, back->values, FRAMES * FRAME_FIELDS * CELLS * sizeof(float));
    cr_assert_arr_eq(record->drag, back->drag, FRAMES * sizeof(double));
    cr_assert_arr_eq(record->lift, back->lift, FRAMES * sizeof(double));
    cr_assert_arr_eq(record->forces, back->forces, 2 * STEPS * sizeof(double));
    cr_assert_eq(back->start_count, STARTS);
    for (int i = 0; i < STARTS; i++)
        expect_same_state(record->starts[i], back->starts[i]);
    case_record_destroy(record);
    case_record_destroy(back);
}

Test(case_record_bytes, a_failed_case_keeps_its_facts_and_leaves_its_frames)
{
    struct case_record *record = make();
    record->status = ERR_NUMERIC;
    record->failure = (struct case_failure){7.5, 3.5, 4.5};
    snprintf(record->reason, sizeof record->reason, "cell (3, 4) at step 7");
    struct case_record *back = through_bytes(record);
    cr_assert(back->status == ERR_NUMERIC && back->frames == 0);
    cr_assert(back->force_steps == 0 && back->start_count == 0);
    cr_assert_str_eq(back->reason, "cell (3, 4) at step 7");
    cr_assert_str_eq(back->flow.family, "circle+star");
    cr_assert_eq(back->refused.counts[REFUSAL_WALL], 41);
    cr_assert(back->failure.step == 7.5 && back->failure.x == 3.5 && back->failure.y == 4.5);
    case_record_destroy(record);
    case_record_destroy(back);
}

Test(case_record_bytes, bytes_of_another_length_are_refused)
{
    struct case_record *record = make(), *back = NULL;
    unsigned char *bytes = NULL, *longer = NULL;
    size_t size = 0;
    cr_assert_eq(case_record_bytes_write(&bytes, &size, record), OK);
    for (size_t cut = 0; cut < size; cut += 13) {
        cr_assert_eq(case_record_bytes_read(&back, bytes, cut), ERR_INTERNAL, "%zu", cut);
        cr_assert_null(back);
    }
    cr_assert_eq(ARRAY_NEW(longer, size + 1), OK);
    memcpy(longer, bytes, size);
    cr_assert_eq(case_record_bytes_read(&back, longer, size + 1), ERR_INTERNAL);
    array_free(longer);
    array_free(bytes);
    case_record_destroy(record);
}
