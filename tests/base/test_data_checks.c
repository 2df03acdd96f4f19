/* SPDX-License-Identifier: Apache-2.0 */
#include "data_checks.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { NX = 16, NY = 12, CELLS = NX * NY, FRAMES = 12, INTERVAL = 4, REFINE = 2, NUMBER = 7 };

static struct case_record *record;

/* A wave that moves through a stream, past a body of 2 x 2 cells. */
static float value_at(int field, int t, int x, int y)
{
    double wave = sin(0.5 * x - 0.9 * t) * cos(0.4 * y);
    static const double rest[] = {1, 0.1, 0}, size[] = {0.01, 0.03, 0.03};
    return (float)(rest[field] + size[field] * wave);
}

static void give_frame(int t)
{
    float values[FRAME_FIELDS * CELLS];
    double forces[2 * INTERVAL * REFINE];
    for (int i = 0; i < FRAME_FIELDS * CELLS; i++) {
        int field = i / CELLS;
        values[i] = value_at(field, t, i % CELLS / NY, i % NY);
        if (record->mask[i % CELLS])
            values[i] = field == FRAME_RHO ? 1 : 0;
    }
    for (int s = 0; s < 2 * INTERVAL * REFINE; s++)
        forces[s] = 1.4;
    const struct frame frame = {t, values, 1.4, 0.1, forces, t == 0 ? 0 : INTERVAL * REFINE};
    cr_assert_eq(record->sink.ops->frame(&record->sink, &frame), OK);
}

static void create(void)
{
    const struct flow flow = {.index = NUMBER,
                              .nx = NX,
                              .ny = NY,
                              .speed = 0.1,
                              .length = 2,
                              .refine = REFINE,
                              .frame_interval = INTERVAL};
    float sdf[CELLS];
    for (int i = 0; i < CELLS; i++)
        sdf[i] = (i / NY == 4 || i / NY == 5) && (i % NY == 6 || i % NY == 7) ? -0.5F : 1.0F;
    cr_assert_eq(case_record_create(&record, NX, NY, FRAMES, CASE_RECORD_DROP_STARTS), OK);
    cr_assert_eq(record->sink.ops->begin(&record->sink, &flow, sdf), OK);
    for (int t = 0; t < FRAMES; t++)
        give_frame(t);
}

static void destroy(void)
{
    case_record_destroy(record);
}

TestSuite(data_checks, .init = create, .fini = destroy);

static float *cell(int t, int field, int x, int y)
{
    return case_record_frame(record, t) + field * CELLS + x * NY + y;
}

/* The one finding there is. */
static void expect(enum data_check check, int64_t frame, const char *field, int64_t x, int64_t y)
{
    struct data_findings found = {0};
    cr_assert_eq(data_checks_run(&found, record), OK);
    for (int i = 0; i < DATA_CHECK_KINDS; i++)
        cr_assert_eq(found.counts[i], i == (int)check, "%lld findings of '%s'",
                     (long long)found.counts[i], data_checks_name((enum data_check)i));
    cr_assert_eq(found.kept_count, 1);
    cr_assert_eq(found.kept[0].case_index, NUMBER);
    cr_assert_eq(found.kept[0].frame, frame, "frame %lld", (long long)found.kept[0].frame);
    cr_assert_str_eq(found.kept[0].field, field);
    cr_assert_eq(found.kept[0].x, x);
    cr_assert_eq(found.kept[0].y, y);
    data_checks_fini(&found);
    cr_assert_eq(found.kept_count, 0);
}

Test(data_checks, a_good_case_has_no_findings)
{
    struct data_findings found = {0};
    cr_assert_eq(data_checks_run(&found, record), OK);
    cr_assert_eq(data_checks_faults(&found), 0);
    cr_assert_eq(found.kept_count, 0);
}

Test(data_checks, a_value_that_is_no_number_is_found)
{
    *cell(3, FRAME_UX, 9, 2) = NAN;
    expect(DATA_CHECK_NOT_FINITE, 3, "ux", 9, 2);
}

Test(data_checks, an_infinite_value_is_found_in_a_body_too)
{
    *cell(0, FRAME_RHO, 4, 6) = INFINITY;
    expect(DATA_CHECK_NOT_FINITE, 0, "density", 4, 6);
}

Test(data_checks, a_distance_that_is_no_number_is_found)
{
    record->sdf[2 * NY + 3] = NAN;
    expect(DATA_CHECK_NOT_FINITE, -1, "sdf", 2, 3);
}

Test(data_checks, forces_that_are_no_numbers_are_found_in_their_frame)
{
    record->drag[5] = NAN;
    expect(DATA_CHECK_NOT_FINITE, 5, "Cd", -1, -1);
    record->drag[5] = 1;
    record->forces[2 * (INTERVAL * REFINE + 3) + 1] = INFINITY; /* after frame 1 */
    expect(DATA_CHECK_NOT_FINITE, 2, "Cl series", -1, -1);
}

Test(data_checks, a_forecast_without_forces_is_no_finding)
{
    struct data_findings found = {0};
    for (int t = 0; t < FRAMES; t++)
        record->drag[t] = record->lift[t] = NAN;
    cr_assert_eq(data_checks_run(&found, record), OK);
    cr_assert_eq(found.kept_count, 0);
}

Test(data_checks, a_body_that_is_not_at_rest_is_found)
{
    *cell(8, FRAME_UY, 5, 7) = 1e-6F;
    expect(DATA_CHECK_BODY, 8, "uy", 5, 7);
}

Test(data_checks, a_constant_field_is_found)
{
    for (int i = 0; i < CELLS; i++)
        if (!record->mask[i])
            case_record_frame(record, 6)[FRAME_UY * CELLS + i] = 0.001F;
    expect(DATA_CHECK_CONSTANT, 6, "uy", -1, -1);
}

Test(data_checks, a_repeated_frame_is_found)
{
    memcpy(case_record_frame(record, 4), case_record_frame(record, 3),
           FRAME_FIELDS * CELLS * sizeof(float));
    expect(DATA_CHECK_REPEATED, 4, "all", -1, -1);
}

Test(data_checks, a_frame_far_from_the_others_is_found)
{
    for (int i = 0; i < CELLS; i++)
        if (!record->mask[i])
            case_record_frame(record, 10)[FRAME_RHO * CELLS + i] += 0.05F;
    expect(DATA_CHECK_JUMP, 10, "density", -1, -1);
}

Test(data_checks, a_cell_far_from_its_neighbours_is_found)
{
    *cell(2, FRAME_UX, 11, 3) += 0.5F;
    expect(DATA_CHECK_SPIKE, 2, "ux", 11, 3);
}

Test(data_checks, a_cell_on_the_edge_of_the_canvas_is_looked_at)
{
    *cell(2, FRAME_RHO, 0, 0) -= 0.2F;
    expect(DATA_CHECK_SPIKE, 2, "density", 0, 0);
}

Test(data_checks, a_wake_that_stops_is_told_and_is_no_fault)
{
    struct data_findings found = {0};
    for (int t = 8; t < FRAMES; t++) {
        memcpy(case_record_frame(record, t), case_record_frame(record, 7),
               FRAME_FIELDS * CELLS * sizeof(float));
        *cell(t, FRAME_UX, 1, 1) += 1e-5F * (float)(t - 7);
    }
    expect(DATA_CHECK_STEADY, 7, "velocity", -1, -1);
    cr_assert_eq(data_checks_run(&found, record), OK);
    cr_assert_eq(data_checks_faults(&found), 0);
    data_checks_fini(&found);
}

Test(data_checks, all_findings_are_counted_and_the_first_are_kept)
{
    struct data_findings found = {0};
    for (int t = 0; t < FRAMES; t++)
        *cell(t, FRAME_UX, 1, 1) = NAN;
    for (int k = 0; k < 50; k++)
        cr_assert_eq(data_checks_run(&found, record), OK);
    cr_assert_eq(found.counts[DATA_CHECK_NOT_FINITE], 50 * FRAMES);
    cr_assert_eq(data_checks_faults(&found), 50 * FRAMES);
    cr_assert_eq(found.kept_count, DATA_CHECKS_KEPT);
    data_checks_fini(&found);
}

Test(data_checks, every_check_has_a_name_and_a_rule)
{
    for (int i = 0; i < DATA_CHECK_KINDS; i++) {
        cr_assert_not_null(data_checks_name((enum data_check)i));
        cr_assert_not_null(data_checks_rule((enum data_check)i));
        for (int k = 0; k < i; k++)
            cr_assert_str_neq(data_checks_name((enum data_check)i),
                              data_checks_name((enum data_check)k));
    }
}
