/* SPDX-License-Identifier: Apache-2.0 */
#include "error_bar.h"

#include "synthetic.h"
#include "temporary_folder.h"

#include "dataset.h"
#include "dataset_writer.h"
#include "manifest_error_bar.h"

#include <criterion/criterion.h>
#include <math.h>

TestSuite(error_bar, .init = temporary_folder_create, .fini = temporary_folder_remove);

enum { FRAMES = 7 }; /* of the synthetic dataset */

/* A run whose errors are `error` (1 + t) in velocity and twice that in density. */
static struct error_bar_run make_run(int64_t number, int64_t refine, double error)
{
    struct error_bar_run run = {.case_index = number, .refine = refine, .frames = FRAMES};
    cr_assert_eq(ARRAY_NEW(run.velocity, 2 * FRAMES), OK);
    run.density = run.velocity + FRAMES;
    for (int t = 0; t < FRAMES; t++) {
        run.velocity[t] = error * (1 + t);
        run.density[t] = 2 * error * (1 + t);
    }
    run.again = (struct case_compare_forces){1.5, 0.25, NAN};
    run.difference = (struct case_compare_forces){-error, error, NAN};
    return run;
}

static void add(struct error_bar *bar, int64_t number, int64_t refine, double error)
{
    struct error_bar_run run = make_run(number, refine, error);
    cr_assert_eq(error_bar_add(bar, &run), OK);
    cr_assert_null(run.velocity);
}

Test(error_bar, cases_are_spread_evenly_and_never_twice)
{
    int64_t cases[100], chosen[100];
    for (int64_t i = 0; i < 100; i++)
        cases[i] = 3 * i;
    for (int64_t count = 1; count <= 100; count++)
        for (int64_t wanted = 1; wanted <= count; wanted++) {
            error_bar_select(chosen, wanted, cases, count);
            cr_assert(chosen[0] >= 0 && chosen[wanted - 1] <= cases[count - 1]);
            for (int64_t i = 1; i < wanted; i++)
                cr_assert_gt(chosen[i], chosen[i - 1]);
        }
    error_bar_select(chosen, 2, cases, 10);
    cr_assert_eq(chosen[0], 3 * 2);
    cr_assert_eq(chosen[1], 3 * 7);
}

Test(error_bar, refinements_are_half_and_twice_as_far_as_there_are_any)
{
    static const int64_t expected[9][3] = {{0},    {1, 2}, {2, 1, 4}, {2, 1, 6}, {2, 2, 8},
                                           {1, 2}, {1, 3}, {1, 3},    {1, 4}};
    for (int64_t r = 1; r <= 8; r++) {
        int64_t found[ERROR_BAR_REFINEMENTS] = {0};
        int64_t count = error_bar_refinements(found, r, 8);
        cr_assert_eq(count, expected[r][0], "r = %d", (int)r);
        for (int64_t k = 0; k < count; k++)
            cr_assert_eq(found[k], expected[r][1 + k], "r = %d", (int)r);
    }
}

Test(error_bar, a_run_is_measured_against_the_own_frames)
{
    const struct dataset_writer_options options = synthetic_options("unused");
    struct case_record *own = NULL, *again = NULL;
    struct error_bar_run run;
    cr_assert_eq(
        case_record_create(&own, options.nx, options.ny, options.frames, CASE_RECORD_DROP_STARTS),
        OK);
    cr_assert_eq(
        case_record_create(&again, options.nx, options.ny, options.frames, CASE_RECORD_DROP_STARTS),
        OK);
    cr_assert_eq(synthetic_fill(own, 1, &options), OK);
    cr_assert_eq(synthetic_fill(again, 1, &options), OK);
    again->flow.refine = 4;
    for (int64_t i = 0; i < FRAME_FIELDS * options.nx * options.ny; i++)
        case_record_frame(again, 5)[i] *= 1.1F;
    cr_assert_eq(error_bar_measure(&run, again, own), OK);
    cr_assert_eq(run.case_index, 1);
    cr_assert_eq(run.refine, 4);
    cr_assert_eq(run.frames, FRAMES);
    for (int t = 0; t < FRAMES; t++)
        cr_assert_float_eq(run.velocity[t], t == 5 ? 0.1 : 0, 1e-6);
    cr_assert_eq(error_bar_passes(&run), 5);
    cr_assert_eq(run.difference.drag, 0);
    error_bar_run_fini(&run);
    case_record_destroy(own);
    case_record_destroy(again);
}

Test(error_bar, a_run_that_failed_keeps_its_reason)
{
    const struct dataset_writer_options options = synthetic_options("unused");
    struct case_record *own = NULL;
    struct error_bar_run run;
    cr_assert_eq(
        case_record_create(&own, options.nx, options.ny, options.frames, CASE_RECORD_DROP_STARTS),
        OK);
    cr_assert_eq(synthetic_fill(own, 3, &options), OK);
    struct case_record again = {.flow = own->flow, .status = ERR_NUMERIC, .reason = "it diverged"};
    cr_assert_eq(error_bar_measure(&run, &again, own), OK);
    cr_assert_eq(run.frames, 0);
    cr_assert_str_eq(run.reason, "it diverged");
    error_bar_run_fini(&run);
    case_record_destroy(own);
}

Test(error_bar, runs_stand_by_case_and_refinement)
{
    static const int64_t expected[4][2] = {{1, 4}, {3, 1}, {3, 4}, {5, 1}};
    struct error_bar *bar = NULL;
    cr_assert_eq(error_bar_create(&bar, 3), OK);
    add(bar, 3, 4, 0.1);
    add(bar, 5, 1, 0.1);
    add(bar, 1, 4, 0.1);
    add(bar, 3, 1, 0.1);
    for (int i = 0; i < 4; i++) {
        cr_assert_eq(bar->runs[i].case_index, expected[i][0]);
        cr_assert_eq(bar->runs[i].refine, expected[i][1]);
    }
    error_bar_destroy(bar);
}

Test(error_bar, spreads_are_those_counted_by_hand)
{
    struct error_bar *bar = NULL;
    struct error_bar_spread spread;
    struct error_bar_run failed = {.case_index = 9, .refine = 4};
    int64_t refinements[4];
    cr_assert_eq(error_bar_create(&bar, 5), OK);
    add(bar, 1, 4, 0.03);
    add(bar, 1, 1, 0.5);
    add(bar, 3, 4, 0.01);
    add(bar, 5, 4, 0.08);
    add(bar, 7, 4, 0.02);
    cr_assert_eq(error_bar_add(bar, &failed), OK);
    cr_assert_eq(error_bar_spread_of(&spread, bar, 4, ERROR_BAR_VELOCITY, 1), OK);
    cr_assert_eq(spread.count, 4);
    cr_assert_float_eq(spread.least, 0.02, 1e-15);
    cr_assert_float_eq(spread.median, 0.05, 1e-15);
    cr_assert_float_eq(spread.most, 0.16, 1e-15);
    cr_assert_eq(error_bar_spread_of(&spread, bar, 4, ERROR_BAR_DRAG, 0), OK);
    cr_assert_float_eq(spread.median, 0.025, 1e-15);
    cr_assert_eq(error_bar_spread_of(&spread, bar, 4, ERROR_BAR_STROUHAL, 0), OK);
    cr_assert_eq(spread.count, 0);
    cr_assert(isnan(spread.median));
    cr_assert_eq(error_bar_list_refinements(refinements, 4, bar), 2);
    cr_assert(refinements[0] == 1 && refinements[1] == 4);
    error_bar_destroy(bar);
}

/* ---- in the manifest ---- */

/* Runs of cases 1 and 3 at r = 1 and 4; one failed. */
static void write_bar(struct dataset_writer *writer)
{
    static const int64_t cases[] = {1, 3}, refinements[] = {1, 4};
    struct error_bar_run failed = {.case_index = 3, .refine = 1, .reason = "tau"};
    cr_assert_eq(dataset_writer_begin_error_bar(writer, cases, 2, refinements, 2), OK);
    for (int i = 0; i < 3; i++) {
        struct error_bar_run run = make_run(i < 2 ? 1 : 3, i == 0 ? 1 : 4, 0.01 * (i + 1));
        cr_assert_eq(dataset_writer_add_error_bar(writer, &run), OK);
    }
    cr_assert_eq(dataset_writer_add_error_bar(writer, &failed), OK);
}

static struct dataset_writer *finish(const struct dataset_writer_options *options)
{
    struct dataset_writer *writer = NULL;
    cr_assert_eq(dataset_writer_create(&writer, options), OK, "%s", error_message());
    cr_assert_eq(synthetic_append(writer, options, options->cases), OK);
    cr_assert_eq(dataset_writer_finish(writer, NULL), OK);
    return writer;
}

Test(error_bar, comes_back_from_the_manifest_as_it_was)
{
    const struct dataset_writer_options options = synthetic_options(temporary_folder_path("d"));
    struct dataset_writer *writer = finish(&options);
    struct dataset *dataset = NULL;
    write_bar(writer);
    dataset_writer_destroy(writer);
    cr_assert_eq(dataset_open(&dataset, options.folder), OK, "%s", error_message());
    const struct error_bar *bar = dataset_get_error_bar(dataset);
    cr_assert_eq(bar->cases, 2);
    cr_assert_eq(bar->run_count, 4);
    const struct error_bar_run *run = error_bar_find(bar, 3, 4);
    struct error_bar_run wanted = make_run(3, 4, 0.03);
    cr_assert_arr_eq(run->velocity, wanted.velocity, 2 * FRAMES * sizeof(double));
    cr_assert_eq(run->again.drag, 1.5);
    cr_assert_eq(run->difference.lift, 0.03);
    cr_assert(isnan(run->again.strouhal));
    cr_assert_str_eq(error_bar_find(bar, 3, 1)->reason, "tau");
    cr_assert_null(error_bar_find(bar, 2, 4));
    error_bar_run_fini(&wanted);
    dataset_close(dataset);
}

Test(error_bar, outlives_a_resumed_writer_and_forgets_what_is_no_longer_wanted)
{
    static const int64_t cases[] = {3, 5}, refinements[] = {4};
    struct dataset_writer_options options = synthetic_options(temporary_folder_path("d"));
    struct dataset_writer *writer = finish(&options);
    write_bar(writer);
    dataset_writer_destroy(writer);
    options.existing = DATASET_RESUME;
    writer = finish(&options);
    cr_assert_eq(dataset_writer_get_error_bar(writer)->run_count, 4);
    cr_assert_eq(dataset_writer_begin_error_bar(writer, cases, 2, refinements, 1), OK);
    cr_assert_eq(dataset_writer_get_error_bar(writer)->run_count, 1);
    cr_assert_not_null(error_bar_find(dataset_writer_get_error_bar(writer), 3, 4));
    dataset_writer_destroy(writer);
}

Test(error_bar, a_dataset_without_one_has_none)
{
    const struct dataset_writer_options options = synthetic_options(temporary_folder_path("d"));
    struct dataset *dataset = NULL;
    dataset_writer_destroy(finish(&options));
    cr_assert_eq(dataset_open(&dataset, options.folder), OK);
    cr_assert_null(dataset_get_error_bar(dataset));
    dataset_close(dataset);
}

/* A manifest changed by hand is known by its digest; these are wrong in themselves. */
static void expect_refused(const char *text, const char *message)
{
    struct json *root = NULL;
    struct error_bar *bar = NULL;
    cr_assert_eq(json_read(&root, text, strlen(text), "test"), OK);
    cr_assert_eq(manifest_error_bar_decode(&bar, root, 9, 2), ERR_DATA, "%s", text);
    cr_assert_not_null(strstr(error_message(), message), "%s", error_message());
    cr_assert_null(bar);
    json_destroy(root);
}

#define RUN(number, velocity)                                                                      \
    "{\"case\":" number ",\"refine\":4,\"velocity\":" velocity                                     \
    ",\"density\":[1,2],\"drag_mean\":1,\"drag_mean_difference\":1,\"lift_rms\":1,"                \
    "\"lift_rms_difference\":1,\"strouhal\":null,\"strouhal_difference\":null}"
#define BLOCK(runs) "{\"error_bar\":{\"cases\":2,\"runs\":[" runs "]}}"

Test(error_bar, a_block_that_contradicts_itself_is_refused)
{
    struct json *root = NULL;
    struct error_bar *bar = NULL;
    static const char good[] = BLOCK(RUN("8", "[1,null]"));
    cr_assert_eq(json_read(&root, good, strlen(good), "test"), OK);
    cr_assert_eq(manifest_error_bar_decode(&bar, root, 9, 2), OK, "%s", error_message());
    error_bar_destroy(bar);
    json_destroy(root);
    expect_refused(BLOCK(RUN("9", "[1,2]")), "'case' is 9");
    expect_refused(BLOCK(RUN("1", "[1]")), "1 numbers, not 2");
    expect_refused(BLOCK(RUN("1", "[1,\"x\"]")), "");
    expect_refused(BLOCK(RUN("1", "[1,2]") "," RUN("1", "[1,2]")), "stands twice");
    expect_refused(BLOCK("{\"case\":1}"), "refine");
    expect_refused("{\"error_bar\":{\"cases\":10,\"runs\":[]}}", "'cases' is 10");
    expect_refused("{\"error_bar\":[]}", "error_bar");
}
