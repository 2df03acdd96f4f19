/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_forecasters.h"
#include "persistence.h"
#include "verdict.h"

static struct case_record *truth;
static struct forecaster *persistence;
static struct fake network, coarse, fine;
static struct evaluation *evaluation;

enum { NETWORK, PERSISTENCE, COARSE, FINE };

static void set_up(void)
{
    truth = fake_truth();
    cr_assert_eq(persistence_create(&persistence), OK);
    network = fake_make("network", truth, 0.05, 0.01);
    coarse = fake_make("solver r = 1", truth, 0.08, 0.004);
    fine = fake_make("solver r = 2", truth, 0.02, 0.05);
}

static void tear_down(void)
{
    evaluation_destroy(evaluation);
    forecaster_destroy(persistence);
    case_record_destroy(truth);
}

TestSuite(verdict, .init = set_up, .fini = tear_down);

static struct verdict reach(enum scoreboard_window window)
{
    static const int64_t starts[] = {2, 6};
    struct evaluation_options options = {.entries = {{&network.base, EVALUATION_CANDIDATE},
                                                     {persistence, EVALUATION_BASELINE},
                                                     {&coarse.base, EVALUATION_RIVAL},
                                                     {&fine.base, EVALUATION_RIVAL}},
                                         .count = 4,
                                         .horizon = 12,
                                         .call = 3,
                                         .truth_cost = 1.0};
    struct evaluation_case one = {truth, starts, 2, -1};
    struct verdict verdict;
    cr_assert_eq(evaluation_create(&evaluation, &options), OK);
    cr_assert_eq(evaluation_add(evaluation, &one), OK);
    verdict_reach(&verdict, evaluation, NETWORK, window);
    cr_log_info("%s", verdict.text);
    return verdict;
}

static void expect_words(const struct verdict *verdict, const char *words)
{
    cr_expect_not_null(strstr(verdict->text, words), "'%s' is not in: %s", words, verdict->text);
}

Test(verdict, quotes_the_speed_up_at_equal_accuracy_first_and_the_truth_last)
{
    struct verdict v = reach(SCOREBOARD_CALL);
    cr_expect_eq(v.equal_accuracy, FINE);
    cr_expect_float_eq(v.speed_up, 5.0, 1e-9);
    cr_expect_eq(v.equal_cost, COARSE);
    cr_expect_float_eq(v.error_ratio, 1.6, 1e-3);
    cr_expect_float_eq(v.truth_speed_up, 100.0, 1e-9);
    expect_words(&v, "solver r = 2 (2.0 %) is 5.0 times dearer");
    expect_words(&v, "solver r = 1 has 8.0 %, so the solver loses");
    cr_expect_lt(strstr(v.text, "equal accuracy"), strstr(v.text, "equal cost"));
    cr_expect_lt(strstr(v.text, "equal cost"), strstr(v.text, "truth's solver is 100 times"));
}

Test(verdict, a_solver_that_is_cheaper_and_better_is_recommended)
{
    coarse.error = 0.01;
    struct verdict v = reach(SCOREBOARD_PERIOD);
    cr_expect_eq(v.equal_accuracy, COARSE);
    cr_expect_float_eq(v.speed_up, 0.4, 1e-9);
    expect_words(&v, "solver r = 1 (1.0 %) is 2.5 times cheaper and more accurate: use it");
    expect_words(&v, "so the solver wins");
}

Test(verdict, a_network_better_than_all_rivals_is_said_to_be)
{
    network.error = 0.001;
    struct verdict v = reach(SCOREBOARD_ROLLOUT);
    cr_expect_eq(v.equal_accuracy, VERDICT_NONE);
    cr_expect(isnan(v.speed_up));
    expect_words(&v, "more accurate than every rival tried, the best of which, solver r = 2");
}

Test(verdict, without_a_rival_as_cheap_none_is_named)
{
    network.cost = 0.001;
    struct verdict v = reach(SCOREBOARD_CALL);
    cr_expect_eq(v.equal_cost, VERDICT_NONE);
    expect_words(&v, "no rival is as cheap");
}

Test(verdict, without_any_rival_equal_cost_is_not_spoken_of)
{
    coarse.diverges = fine.diverges = 3;
    struct verdict v = reach(SCOREBOARD_CALL);
    expect_words(&v, "No rival could be judged.");
    cr_expect_null(strstr(v.text, "equal cost"), "%s", v.text);
}

Test(verdict, a_truth_as_dear_as_the_network_is_said_to_cost_as_much)
{
    network.cost = 0.98;
    struct verdict v = reach(SCOREBOARD_CALL);
    expect_words(&v, "The truth's solver costs as much.");
}

Test(verdict, a_loss_against_persistence_is_not_hidden)
{
    network.error = 0.5;
    struct verdict v = reach(SCOREBOARD_CALL);
    cr_expect_eq(v.baseline, PERSISTENCE);
    expect_words(&v, "does not beat persistence");
    error_clear();
}

Test(verdict, a_candidate_that_diverged_has_no_accuracy)
{
    network.diverges = 2;
    struct verdict v = reach(SCOREBOARD_CALL);
    cr_expect(isnan(v.error));
    cr_expect_eq(v.equal_accuracy, VERDICT_NONE);
    expect_words(&v, "diverged in 2 of 2 rollouts");
}

Test(verdict, a_diverged_rival_is_never_the_rival_of_equal_accuracy)
{
    fine.diverges = 3;
    struct verdict v = reach(SCOREBOARD_CALL);
    cr_expect_eq(v.equal_accuracy, VERDICT_NONE);
}

Test(verdict, a_candidate_that_took_no_part_is_named_with_its_reason)
{
    network.needs_state = 1;
    struct verdict v = reach(SCOREBOARD_CALL);
    expect_words(&v, "network took no part: no start state");
}

Test(verdict, a_window_that_no_rollout_has_is_undefined)
{
    for (int64_t i = 0; i < truth->frames * FAKE_SIZE; i++)
        if (i / FAKE_CELLS % FRAME_FIELDS == FRAME_UY)
            truth->values[i] = 0.0F;
    struct verdict v = reach(SCOREBOARD_PERIOD);
    cr_expect(isnan(v.error));
    expect_words(&v, "nothing is defined");
}
