/* SPDX-License-Identifier: Apache-2.0 */
#include "field_statistics.h"

#include <criterion/criterion.h>
#include <math.h>

Test(field_statistics, numbers_counted_by_hand)
{
    const float values[] = {1, 2, 4, 5, 100};
    const unsigned char mask[] = {0, 0, 0, 0, 1};
    struct field_statistics s = {0};
    field_statistics_add(&s, values, mask, 5);
    cr_assert_eq(s.count, 4);
    cr_assert_eq(s.mean, 3);
    cr_assert_eq(s.least, 1);
    cr_assert_eq(s.most, 5);
    cr_assert_float_eq(field_statistics_deviation(&s), sqrt(10.0 / 4), 1e-14);
    cr_assert_float_eq(field_statistics_rms(&s), sqrt(46.0 / 4), 1e-14);
}

Test(field_statistics, what_is_not_finite_is_counted_apart)
{
    const float values[] = {NAN, 2, INFINITY, 4};
    const double doubles[] = {-INFINITY, 3};
    struct field_statistics s = {0};
    field_statistics_add(&s, values, NULL, 4);
    field_statistics_add_doubles(&s, doubles, 2);
    cr_assert_eq(s.count, 3);
    cr_assert_eq(s.not_finite, 3);
    cr_assert_eq(s.mean, 3);
    cr_assert_eq(s.least, 2);
    cr_assert_eq(s.most, 4);
}

Test(field_statistics, parts_joined_are_the_whole)
{
    enum { COUNT = 1000 };
    float values[COUNT];
    struct field_statistics whole = {0}, one = {0}, two = {0};
    for (int i = 0; i < COUNT; i++)
        values[i] = 1000 + (float)((i * 37) % 101) / 64;
    field_statistics_add(&whole, values, NULL, COUNT);
    field_statistics_add(&one, values, NULL, 300);
    field_statistics_add(&two, values + 300, NULL, COUNT - 300);
    field_statistics_merge(&one, &two);
    cr_assert_eq(one.count, whole.count);
    cr_assert_float_eq(one.mean, whole.mean, 1e-10);
    cr_assert_float_eq(one.squares, whole.squares, 1e-8);
    cr_assert_eq(one.least, whole.least);
    cr_assert_eq(one.most, whole.most);
}

Test(field_statistics, nothing_has_no_mean)
{
    struct field_statistics s = {0}, none = {0};
    field_statistics_merge(&s, &none);
    cr_assert_eq(s.count, 0);
    cr_assert(isnan(field_statistics_rms(&s)));
    cr_assert(isnan(field_statistics_deviation(&s)));
}

Test(field_statistics, a_case_counts_fluid_cells_of_all_frames)
{
    enum { CELLS = 6 };
    struct case_record *record = NULL;
    const struct flow flow = {.nx = 3, .ny = 2};
    const float sdf[CELLS] = {-1, 1, 1, 1, 1, 1};
    float values[FRAME_FIELDS * CELLS];
    struct field_statistics rows[FIELD_STATISTICS_ROWS] = {{0}};
    for (int i = 0; i < FRAME_FIELDS * CELLS; i++)
        values[i] = (float)i;
    cr_assert_eq(case_record_create(&record, 3, 2, 2, CASE_RECORD_DROP_STARTS), OK);
    cr_assert_eq(record->sink.ops->begin(&record->sink, &flow, sdf), OK);
    for (int t = 0; t < 2; t++) {
        const struct frame frame = {t, values, 1.5 + t, -0.5, NULL, 0};
        cr_assert_eq(record->sink.ops->frame(&record->sink, &frame), OK);
    }
    field_statistics_add_case(rows, record);
    for (int field = 0; field < FRAME_FIELDS; field++) {
        cr_assert_eq(rows[field].count, 10);
        cr_assert_eq(rows[field].least, field * CELLS + 1);
        cr_assert_eq(rows[field].mean, field * CELLS + 3);
    }
    cr_assert_eq(rows[FIELD_STATISTICS_DRAG].mean, 2);
    cr_assert_eq(rows[FIELD_STATISTICS_LIFT].mean, -0.5);
    cr_assert_str_eq(field_statistics_name(FIELD_STATISTICS_UY), "uy");
    case_record_destroy(record);
}
