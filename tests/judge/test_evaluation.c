/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluation.h"
#include "evaluation_report.h"
#include "fake_forecasters.h"
#include "json.h"
#include "persistence.h"
#include "scoreboard.h"

#include <stdlib.h>

static struct case_record *truth;
static const int64_t starts[] = {2, 5, 9};
enum { STARTS = 3, HORIZON = 12 };

static void set_up(void)
{
    truth = fake_truth();
}

static void tear_down(void)
{
    case_record_destroy(truth);
}

TestSuite(evaluation, .init = set_up, .fini = tear_down);

static struct evaluation *evaluate(struct evaluation_options *options, int64_t keep)
{
    struct evaluation *evaluation = NULL;
    struct evaluation_case one = {truth, starts, STARTS, keep};
    options->horizon = HORIZON;
    options->call = 3;
    cr_assert_eq(evaluation_create(&evaluation, options), OK);
    cr_assert_eq(evaluation_add(evaluation, &one), OK, "%s", error_message());
    return evaluation;
}

Test(evaluation, values_are_those_of_the_frames)
{
    struct fake exact = fake_make("exact", truth, 0.0, 1.0);
    struct fake wrong = fake_make("wrong", truth, 0.3, 2.0);
    struct evaluation_options options = {
        .entries = {{&exact.base, EVALUATION_CANDIDATE}, {&wrong.base, EVALUATION_CANDIDATE}},
        .count = 2};
    struct evaluation *evaluation = evaluate(&options, -1);
    cr_assert_eq(evaluation_rollouts(evaluation), STARTS);
    for (int64_t r = 0; r < STARTS; r++)
        for (int64_t step = 1; step <= HORIZON; step++) {
            cr_expect_eq(evaluation_value(evaluation, 0, r, step, METRICS_VELOCITY), 0.0);
            cr_expect_float_eq(evaluation_value(evaluation, 1, r, step, METRICS_UX), 0.3, 1e-5);
        }
    cr_expect_float_eq(scoreboard_cost(evaluation, 1), 2.0, 1e-12);
    cr_expect_float_eq(evaluation_rollout_at(evaluation, 0)->period, FAKE_PERIOD, 0.05);
    cr_expect_eq(evaluation_rollout_at(evaluation, 2)->start, 9);
    cr_expect_eq(evaluation_pictures(evaluation), 0);
    evaluation_destroy(evaluation);
}

/* A period on, the wake is where it was: persistence is right at steps 6 and 12, wrong between. */
Test(evaluation, persistence_returns_with_the_period)
{
    struct forecaster *persistence = NULL;
    cr_assert_eq(persistence_create(&persistence), OK);
    struct evaluation_options options = {.entries = {{persistence, EVALUATION_BASELINE}},
                                         .count = 1};
    struct evaluation *evaluation = evaluate(&options, -1);
    struct scoreboard_spread at3 = scoreboard_at_step(evaluation, 0, 3, METRICS_UY);
    cr_expect_float_eq(at3.mean, 2.0, 1e-4);
    cr_expect_eq(at3.count, STARTS);
    cr_expect_lt(scoreboard_at_step(evaluation, 0, 6, METRICS_UY).mean, 1e-4);
    evaluation_destroy(evaluation);
    forecaster_destroy(persistence);
}

Test(evaluation, windows_are_means_over_their_steps)
{
    struct forecaster *persistence = NULL;
    cr_assert_eq(persistence_create(&persistence), OK);
    struct evaluation_options options = {.entries = {{persistence, EVALUATION_BASELINE}},
                                         .count = 1};
    struct evaluation *evaluation = evaluate(&options, -1);
    /* |uy(0) - uy(t)| / |uy| = 2 sin(pi t / 6) on whole wavelengths: 1, sqrt 3, 2, sqrt 3, 1, 0 */
    double call = scoreboard_over_window(evaluation, 0, SCOREBOARD_CALL, METRICS_UY).mean;
    double period = scoreboard_over_window(evaluation, 0, SCOREBOARD_PERIOD, METRICS_UY).mean;
    double all = scoreboard_over_window(evaluation, 0, SCOREBOARD_ROLLOUT, METRICS_UY).mean;
    cr_expect_float_eq(call, (1.0 + sqrt(3.0) + 2.0) / 3.0, 0.03);
    cr_expect_float_eq(period, (2.0 + 2.0 * sqrt(3.0) + 2.0) / 6.0, 0.03);
    cr_expect_float_eq(all, period, 1e-3);
    evaluation_destroy(evaluation);
    forecaster_destroy(persistence);
}

Test(evaluation, what_diverges_is_scored_as_such_and_stays_in)
{
    struct fake bad = fake_make("bad", truth, 0.1, 1.0);
    bad.diverges = 5;
    struct evaluation_options options = {.entries = {{&bad.base, EVALUATION_CANDIDATE}},
                                         .count = 1};
    struct evaluation *evaluation = evaluate(&options, -1);
    cr_expect_eq(evaluation_outcome_at(evaluation, 0, 1)->diverged, 5);
    cr_expect_eq(scoreboard_diverged(evaluation, 0), STARTS);
    cr_expect_float_eq(scoreboard_at_step(evaluation, 0, 4, METRICS_UX).mean, 0.1, 1e-5);
    struct scoreboard_spread at5 = scoreboard_at_step(evaluation, 0, 5, METRICS_UX);
    cr_expect(isnan(at5.mean));
    cr_expect_eq(at5.diverged, STARTS);
    cr_expect_not(
        isnan(scoreboard_over_window(evaluation, 0, SCOREBOARD_CALL, METRICS_VELOCITY).mean));
    cr_expect(
        isnan(scoreboard_over_window(evaluation, 0, SCOREBOARD_PERIOD, METRICS_VELOCITY).mean));
    evaluation_destroy(evaluation);
}

Test(evaluation, one_rollout_that_diverged_is_not_left_out_of_the_mean)
{
    struct fake bad = fake_make("bad", truth, 0.1, 1.0);
    bad.diverges = 5;
    bad.good = STARTS - 1;
    struct evaluation_options options = {.entries = {{&bad.base, EVALUATION_CANDIDATE}},
                                         .count = 1};
    struct evaluation *evaluation = evaluate(&options, -1);
    cr_expect_eq(scoreboard_diverged(evaluation, 0), 1);
    struct scoreboard_spread at5 = scoreboard_at_step(evaluation, 0, 5, METRICS_UX);
    cr_expect(isnan(at5.mean));
    cr_expect_eq(at5.count, STARTS);
    cr_expect_eq(at5.diverged, 1);
    cr_expect(
        isnan(scoreboard_over_window(evaluation, 0, SCOREBOARD_ROLLOUT, METRICS_VELOCITY).mean));
    evaluation_destroy(evaluation);
}

Test(evaluation, what_cannot_start_is_named_with_its_reason)
{
    struct fake solver = fake_make("solver r = 1", truth, 0.1, 1.0);
    struct fake exact = fake_make("exact", truth, 0.0, 1.0);
    solver.needs_state = 1;
    struct evaluation_options options = {
        .entries = {{&solver.base, EVALUATION_RIVAL}, {&exact.base, EVALUATION_CANDIDATE}},
        .count = 2};
    struct evaluation *evaluation = evaluate(&options, -1);
    cr_expect_not_null(strstr(evaluation_absence(evaluation, 0), "no start state"));
    cr_expect_str_empty(evaluation_absence(evaluation, 1));
    cr_expect(isnan(evaluation_value(evaluation, 0, 0, 1, METRICS_VELOCITY)));
    cr_expect(isnan(scoreboard_cost(evaluation, 0)));
    cr_expect_eq(scoreboard_at_step(evaluation, 0, 1, METRICS_VELOCITY).count, 0);
    evaluation_destroy(evaluation);
}

Test(evaluation, a_start_state_of_the_frame_reaches_the_forecaster)
{
    struct fake solver = fake_make("solver r = 1", truth, 0.1, 1.0);
    struct start_state *state = NULL;
    solver.needs_state = 1;
    cr_assert_eq(start_state_create(&state, 4, 4), OK);
    for (int i = 0; i < STARTS; i++) {
        state->frame = starts[i];
        cr_assert_eq(truth->sink.ops->start(&truth->sink, state), OK);
    }
    start_state_destroy(state);
    struct evaluation_options options = {.entries = {{&solver.base, EVALUATION_RIVAL}}, .count = 1};
    struct evaluation *evaluation = evaluate(&options, -1);
    cr_expect_str_empty(evaluation_absence(evaluation, 0));
    cr_expect_float_eq(evaluation_value(evaluation, 0, 2, 1, METRICS_UX), 0.1, 1e-5);
    evaluation_destroy(evaluation);
}

Test(evaluation, six_instants_of_a_rollout_are_kept_for_pictures)
{
    struct fake wrong = fake_make("wrong", truth, 0.3, 1.0);
    wrong.diverges = 9;
    struct evaluation_options options = {.entries = {{&wrong.base, EVALUATION_CANDIDATE}},
                                         .count = 1};
    struct evaluation *evaluation = evaluate(&options, 1);
    cr_assert_eq(evaluation_pictures(evaluation), 1);
    const struct evaluation_picture *picture = evaluation_picture_at(evaluation, 0);
    cr_expect_eq(picture->start, starts[1]);
    for (int i = 0; i < EVALUATION_INSTANTS; i++) {
        const float *forecast = picture->forecasts + i * FAKE_SIZE;
        cr_expect_eq(picture->steps[i], 2 * (i + 1));
        cr_expect_arr_eq(picture->truth + i * FAKE_SIZE,
                         case_record_frame(truth, starts[1] + 2 * (i + 1)),
                         FAKE_SIZE * sizeof(float));
        if (picture->steps[i] < 9)
            cr_expect_float_eq(forecast[FAKE_CELLS], 0.13F, 1e-6);
        else
            cr_expect(isnan(forecast[FAKE_CELLS]));
    }
    evaluation_destroy(evaluation);
}

Test(evaluation, a_truth_too_short_for_a_start_is_refused)
{
    struct fake exact = fake_make("exact", truth, 0.0, 1.0);
    struct evaluation *evaluation = NULL;
    struct evaluation_options options = {.entries = {{&exact.base, EVALUATION_CANDIDATE}},
                                         .count = 1,
                                         .horizon = HORIZON,
                                         .call = 3};
    const int64_t early[] = {1}, late[] = {FAKE_FRAMES - HORIZON},
                  last[] = {FAKE_FRAMES - 1 - HORIZON};
    struct evaluation_case one = {truth, early, 1, -1};
    cr_assert_eq(evaluation_create(&evaluation, &options), OK);
    cr_expect_eq(evaluation_add(evaluation, &one), ERR_CONFIG);
    one.starts = late;
    cr_expect_eq(evaluation_add(evaluation, &one), ERR_CONFIG);
    one.starts = last;
    cr_expect_eq(evaluation_add(evaluation, &one), OK);
    cr_expect_eq(evaluation_rollouts(evaluation), 1);
    evaluation_destroy(evaluation);
}

Test(evaluation, options_out_of_range_are_refused)
{
    struct evaluation *evaluation = NULL;
    struct evaluation_options none = {.count = 0, .horizon = 3, .call = 3};
    struct evaluation_options brief = {.count = 1, .horizon = 2, .call = 3};
    struct evaluation_options odd = {.count = 1, .horizon = 3, .call = 3, .truth_cost = -1.0};
    cr_expect_eq(evaluation_create(&evaluation, &none), ERR_CONFIG);
    cr_expect_eq(evaluation_create(&evaluation, &brief), ERR_CONFIG);
    cr_expect_eq(evaluation_create(&evaluation, &odd), ERR_CONFIG);
}

static volatile sig_atomic_t caught = 2;

Test(evaluation, a_request_to_stop_leaves_the_case_out)
{
    struct fake exact = fake_make("exact", truth, 0.0, 1.0);
    struct stop stop = {.signal = &caught};
    struct evaluation *evaluation = NULL;
    struct evaluation_options options = {.entries = {{&exact.base, EVALUATION_CANDIDATE}},
                                         .count = 1,
                                         .horizon = HORIZON,
                                         .call = 3,
                                         .stop = &stop};
    struct evaluation_case one = {truth, starts, STARTS, 0};
    cr_assert_eq(evaluation_create(&evaluation, &options), OK);
    cr_expect_eq(evaluation_add(evaluation, &one), ERR_STOPPED);
    cr_expect_eq(evaluation_rollouts(evaluation), 0);
    cr_expect_eq(evaluation_pictures(evaluation), 0);
    evaluation_destroy(evaluation);
}

Test(evaluation, the_json_report_holds_values_spread_and_verdicts_and_null_for_what_diverged)
{
    struct fake bad = fake_make("net \"x\"", truth, 0.1, 1.0);
    struct json *report = NULL;
    const struct json *list, *metrics, *metric, *values;
    bad.diverges = 12;
    struct evaluation_options options = {.entries = {{&bad.base, EVALUATION_CANDIDATE}},
                                         .count = 1};
    struct evaluation *evaluation = evaluate(&options, -1);
    cr_assert_eq(evaluation_report_json(&report, evaluation), OK);
    cr_assert_eq(json_get_array(&list, report, "verdicts"), OK);
    cr_expect_eq(json_count(list), SCOREBOARD_WINDOWS);
    cr_assert_eq(json_get_array(&list, report, "forecasters"), OK);
    cr_assert_eq(json_get_object(&metrics, json_at(list, 0), "metrics"), OK);
    for (int m = 0; m < METRICS_KINDS; m++)
        cr_expect_not_null(json_find(metrics, metrics_name((enum metrics_kind)m)));
    cr_assert_eq(json_get_object(&metric, metrics, "ux_relative_l2"), OK);
    cr_assert_eq(json_get_array(&values, metric, "values"), OK);
    cr_expect_eq(json_count(values), STARTS);
    double value;
    cr_assert_eq(json_as_real(&value, json_at(json_at(values, 2), 0)), OK);
    cr_expect_eq(value, evaluation_value(evaluation, 0, 2, 1, METRICS_UX));
    cr_expect_eq(json_kind(json_at(json_at(values, 2), HORIZON - 1)), JSON_KIND_NULL);
    json_destroy(report);
    evaluation_destroy(evaluation);
}

Test(evaluation, the_csv_report_has_a_line_for_every_forecaster_rollout_and_step)
{
    struct fake bad = fake_make("net \"x\"", truth, 0.1, 1.0);
    char *text = NULL;
    bad.diverges = 12;
    struct evaluation_options options = {.entries = {{&bad.base, EVALUATION_CANDIDATE}},
                                         .count = 1};
    struct evaluation *evaluation = evaluate(&options, -1);
    cr_assert_eq(evaluation_report_csv(&text, evaluation), OK);
    int lines = 0, commas = 0;
    for (const char *c = text; *c != '\0'; c++) {
        lines += *c == '\n';
        commas += *c == ',';
    }
    cr_expect_eq(lines, 1 + STARTS * HORIZON);
    cr_expect_eq(commas, lines * (5 + METRICS_KINDS));
    cr_expect_not_null(strstr(text, "\"net \"\"x\"\"\",7,\"circle\",150,2,1,0.0"));
    cr_expect_not_null(strstr(text, ",9,12,,,,,,,,,\n"));
    free(text);
    evaluation_destroy(evaluation);
}
