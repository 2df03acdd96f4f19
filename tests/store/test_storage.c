/* SPDX-License-Identifier: Apache-2.0 */
#include "storage.h"

#include "philox.h"
#include "synthetic.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>
#include <math.h>

TestSuite(storage, .init = temporary_folder_create, .fini = temporary_folder_remove);

enum { NX = 6, NY = 5, CELLS = NX * NY, FRAMES = 3, SIZE = FRAMES * FRAME_FIELDS * CELLS };

static const double speeds[] = {0.1, 0.0625, 0.06249, 0.001, 0.03};
enum { SPEEDS = (int)(sizeof speeds / sizeof speeds[0]) };

/* Frames such as a flow of speed U has, and some that are far from it. */
static void fill(float *values, double speed)
{
    for (int i = 0; i < SIZE; i++) {
        double chance = 4 * philox_uniform(7, PHILOX_STREAM_TEST, (uint64_t)i) - 2;
        int field = i / CELLS % FRAME_FIELDS;
        values[i] = (float)(field == FRAME_RHO ? 1 + 3 * speed * speed * chance : speed * chance);
    }
}

static double scale_of(int i, double speed)
{
    return i / CELLS % FRAME_FIELDS == FRAME_RHO ? 3 * speed * speed : speed;
}

Test(storage, rounded_values_are_near_and_whole_multiples_of_a_power_of_two)
{
    for (int s = 0; s < SPEEDS; s++) {
        const struct flow flow = {.nx = NX, .ny = NY, .speed = speeds[s]};
        float values[SIZE], rounded[SIZE];
        int moved = 0;
        fill(values, speeds[s]);
        storage_round(rounded, values, FRAMES, &flow);
        for (int i = 0; i < SIZE; i++) {
            double scale = scale_of(i, speeds[s]);
            double quantum = exp2(floor(log2(scale)) - 12), steps = rounded[i] / quantum;
            double error = fabs((double)rounded[i] - (double)values[i]);
            cr_assert_leq(error, storage_error(STORAGE_ROUNDED) * scale, "U %g, value %d",
                          speeds[s], i);
            /* where float32 itself is coarser there is nothing to round */
            cr_assert(steps == rint(steps) || rounded[i] == values[i]);
            moved += rounded[i] != values[i];
        }
        cr_expect_gt(moved, SIZE / 2, "U %g", speeds[s]);
    }
}

Test(storage, rounding_keeps_bodies_and_what_is_rounded_and_makes_no_negative_zero)
{
    const struct flow flow = {.nx = NX, .ny = NY, .speed = 0.1};
    float values[SIZE], again[SIZE];
    fill(values, 0.1);
    values[0] = 1.0F; /* as in a body */
    values[CELLS] = 0.0F;
    values[CELLS + 1] = -1e-7F;
    storage_round(values, values, FRAMES, &flow);
    cr_expect_eq(values[0], 1.0F);
    cr_expect_eq(values[CELLS], 0.0F);
    cr_expect(values[CELLS + 1] == 0.0F && !signbit(values[CELLS + 1]));
    storage_round(again, values, FRAMES, &flow);
    cr_expect_arr_eq(again, values, sizeof values);
}

Test(storage, names_are_found_again_and_others_refused)
{
    enum storage found;
    for (int i = 0; i < STORAGE_COUNT; i++) {
        cr_assert_eq(storage_find(&found, storage_name((enum storage)i)), OK);
        cr_expect_eq((int)found, i);
    }
    cr_expect_eq(storage_find(&found, "zip"), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "rounded"));
}

/* Frames of case `number` as a dataset of that storage gives them back. */
static struct case_record *stored_case(enum storage storage, int64_t number)
{
    struct dataset_writer_options options = synthetic_options(temporary_folder_path("d"));
    struct dataset *dataset = NULL;
    struct case_record *record = NULL;
    options.storage = storage;
    options.existing = DATASET_REPLACE;
    cr_assert_eq(synthetic_write(&options, NULL), OK, "%s", error_message());
    cr_assert_eq(dataset_open(&dataset, options.folder), OK, "%s", error_message());
    cr_assert_eq(dataset_verify(dataset), OK, "%s", error_message());
    cr_assert_eq(dataset_read_case(&record, dataset, number, CASE_RECORD_KEEP_STARTS), OK);
    dataset_close(dataset);
    return record;
}

Test(storage, a_rounded_dataset_holds_rounded_frames_and_everything_else_as_it_was)
{
    struct case_record *plain = stored_case(STORAGE_PLAIN, 5);
    struct case_record *gzip = stored_case(STORAGE_GZIP, 5);
    struct case_record *rounded = stored_case(STORAGE_ROUNDED, 5);
    size_t cells = (size_t)frames_cells(&plain->flow);
    size_t values = cells * FRAME_FIELDS * (size_t)plain->frames;
    cr_expect_arr_eq(gzip->values, plain->values, values * sizeof(float));
    cr_expect_arr_neq(rounded->values, plain->values, values * sizeof(float));
    storage_round(plain->values, plain->values, plain->frames, &plain->flow);
    cr_expect_arr_eq(rounded->values, plain->values, values * sizeof(float));
    cr_expect_arr_eq(rounded->sdf, plain->sdf, cells * sizeof(float));
    cr_expect_arr_eq(rounded->forces, plain->forces,
                     (size_t)plain->force_steps * 2 * sizeof(double));
    cr_assert_eq(rounded->start_count, 2);
    cr_expect_arr_eq(rounded->starts[1]->values, plain->starts[1]->values, 60 * sizeof(float));
    case_record_destroy(plain);
    case_record_destroy(gzip);
    case_record_destroy(rounded);
}
