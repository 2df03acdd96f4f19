/* SPDX-License-Identifier: Apache-2.0 */
#include "case_draw.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static struct case_draw_range fixed(double value)
{
    return (struct case_draw_range){.kind = CASE_DRAW_FIXED, .low = value};
}

static struct case_draw_range uniform(double low, double high)
{
    return (struct case_draw_range){.kind = CASE_DRAW_UNIFORM, .low = low, .high = high};
}

static struct case_draw_family family(const char *name)
{
    struct case_draw_family out = {.weight = 1,
                                   .size = uniform(8, 14),
                                   .aspect = uniform(0.5, 1.5),
                                   .rounding = uniform(0, 1),
                                   .sides = uniform(4, 8),
                                   .angle = uniform(0, 360),
                                   .x = uniform(14, 22),
                                   .y = uniform(26, 38)};
    strncpy(out.family, name, sizeof out.family - 1);
    return out;
}

/* The plan of a small dataset: four families, the triangle held out. */
static void make_plan(struct case_draw_plan *plan)
{
    memset(plan, 0, sizeof *plan);
    flow_case_defaults(&plan->base);
    plan->seed = 5;
    const int64_t counts[] = {60, 20, 20, 20};
    memcpy(plan->counts, counts, sizeof counts);
    plan->families[0] = family("circle");
    plan->families[1] = family("ellipse");
    plan->families[2] = family("rectangle");
    plan->families[3] = family("regular-polygon");
    plan->family_count = 4;
    plan->held_out[0] = family("regular-polygon");
    plan->held_out[0].sides = fixed(3);
    plan->held_out_count = 1;
    plan->reynolds =
        (struct case_draw_range){.kind = CASE_DRAW_LOG_UNIFORM, .low = 40, .high = 400};
    plan->reynolds_gaps[0][0] = 90;
    plan->reynolds_gaps[0][1] = 120;
    plan->reynolds_gaps[1][0] = 200;
    plan->reynolds_gaps[1][1] = 240;
    plan->reynolds_gap_count = 2;
}

static int in_gap(double reynolds)
{
    return (reynolds >= 90 && reynolds < 120) || (reynolds >= 200 && reynolds < 240);
}

static void draw(struct flow_case *out, const struct case_draw_plan *plan, int64_t index)
{
    cr_assert_eq(case_draw(out, NULL, plan, index), OK, "%s", error_message());
}

Test(case_draw, every_case_of_a_plan_is_acceptable_and_of_its_split)
{
    static struct case_draw_plan plan;
    make_plan(&plan);
    cr_assert_eq(case_draw_check(&plan), OK, "%s", error_message());
    cr_assert_eq(case_draw_count(&plan), 120);
    for (int64_t k = 0; k < 120; k++) {
        struct flow_case drawn;
        draw(&drawn, &plan, k);
        enum split split = case_draw_split_of(&plan, k);
        cr_expect_eq(split, k < 60    ? SPLIT_TRAIN
                            : k < 80  ? SPLIT_VALIDATION
                            : k < 100 ? SPLIT_TEST_REYNOLDS
                                      : SPLIT_TEST_BODY);
        cr_expect_eq(flow_case_check(&drawn), OK, "%s", error_message());
        cr_expect_eq(drawn.index, k);
        cr_expect_eq(in_gap(drawn.reynolds), split == SPLIT_TEST_REYNOLDS, "%g", drawn.reynolds);
        cr_expect(drawn.reynolds >= 40 && drawn.reynolds < 400);
        int triangle =
            strcmp(drawn.bodies[0].family, "regular-polygon") == 0 && drawn.bodies[0].sides == 3;
        cr_expect_eq(triangle, split == SPLIT_TEST_BODY);
    }
}

Test(case_draw, a_case_does_not_depend_on_order_or_on_the_counts)
{
    static struct case_draw_plan plan, longer;
    static struct flow_case forth[120];
    make_plan(&plan);
    make_plan(&longer);
    longer.counts[SPLIT_TRAIN] = 1000;
    longer.counts[SPLIT_TEST_REYNOLDS] = 21;
    memset(forth, 0, sizeof forth);
    for (int64_t k = 0; k < 120; k++)
        draw(&forth[k], &plan, k);
    for (int64_t k = 119; k >= 0; k--) {
        struct flow_case again, moved;
        draw(&again, &plan, k);
        draw(&moved, &longer, k < 60 ? k : k < 100 ? k + 940 : k + 941);
        cr_assert_eq(again.reynolds, forth[k].reynolds);
        cr_assert_eq(again.seed, forth[k].seed);
        cr_assert_eq(memcmp(&again.bodies[0], &forth[k].bodies[0], sizeof again.bodies[0]), 0);
        cr_assert_eq(moved.reynolds, forth[k].reynolds, "case %d", (int)k);
        cr_assert_eq(moved.seed, forth[k].seed);
        cr_assert_eq(memcmp(&moved.bodies[0], &forth[k].bodies[0], sizeof moved.bodies[0]), 0);
    }
}

Test(case_draw, cases_and_seeds_differ)
{
    static struct case_draw_plan plan, other;
    make_plan(&plan);
    make_plan(&other);
    other.seed = 6;
    for (int64_t k = 0; k < 100; k++) {
        struct flow_case a, b, c;
        draw(&a, &plan, k);
        draw(&b, &other, k);
        draw(&c, &plan, k + 1);
        cr_assert_neq(a.reynolds, b.reynolds);
        cr_assert_neq(a.reynolds, c.reynolds);
        cr_assert_neq(a.seed, c.seed);
        cr_assert_neq(a.bodies[0].x, c.bodies[0].x);
    }
}

Test(case_draw, draws_follow_their_distributions)
{
    static struct case_draw_plan plan;
    make_plan(&plan);
    enum { CASES = 4000 };
    plan.counts[SPLIT_TRAIN] = CASES;
    plan.families[0].weight = 3; /* of 6 */
    double below = 0, size = 0;
    int circles = 0, sides[9] = {0};
    for (int64_t k = 0; k < CASES; k++) {
        struct flow_case drawn;
        draw(&drawn, &plan, k);
        below += drawn.reynolds < 90; /* log(90/40) of log(400/40) - log(120/90) - log(240/200) */
        circles += strcmp(drawn.bodies[0].family, "circle") == 0;
        size += drawn.bodies[0].size / CASES;
        cr_assert(drawn.bodies[0].sides >= 4 && drawn.bodies[0].sides <= 8);
        sides[drawn.bodies[0].sides]++;
    }
    double expected = log(90.0 / 40) / (log(10) - log(120.0 / 90) - log(240.0 / 200));
    cr_expect_float_eq(below / CASES, expected, 0.04);
    cr_expect_float_eq((double)circles / CASES, 0.5, 0.04);
    cr_expect_float_eq(size, 11, 0.2);
    for (int k = 4; k <= 8; k++)
        cr_expect_float_eq((double)sides[k] / CASES, 0.2, 0.04);
}

Test(case_draw, a_list_of_reynolds_numbers_is_split_by_the_gaps)
{
    static struct case_draw_plan plan;
    make_plan(&plan);
    plan.reynolds = (struct case_draw_range){
        .kind = CASE_DRAW_LIST, .list = {50, 90, 120, 210}, .list_count = 4};
    cr_assert_eq(case_draw_check(&plan), OK, "%s", error_message());
    for (int64_t k = 0; k < 120; k++) {
        struct flow_case drawn;
        draw(&drawn, &plan, k);
        int held = case_draw_split_of(&plan, k) == SPLIT_TEST_REYNOLDS;
        cr_expect(held ? drawn.reynolds == 90 || drawn.reynolds == 210
                       : drawn.reynolds == 50 || drawn.reynolds == 120);
    }
}

Test(case_draw, a_gap_beyond_the_range_is_extrapolation)
{
    static struct case_draw_plan plan;
    make_plan(&plan);
    plan.reynolds_gaps[1][0] = 500;
    plan.reynolds_gaps[1][1] = 600;
    int beyond = 0;
    for (int64_t k = 0; k < 100; k++) {
        struct flow_case drawn;
        draw(&drawn, &plan, k);
        beyond += drawn.reynolds >= 500;
        cr_expect(k >= 80 || drawn.reynolds < 400);
    }
    cr_expect(beyond > 3 && beyond < 17, "%d", beyond);
}

Test(case_draw, polygons_with_given_vertices_can_be_drawn)
{
    static const double vertices[][2] = {{-0.5, -0.3}, {0.5, 0}, {-0.5, 0.4}, {-0.2, 0}};
    static struct case_draw_plan plan;
    make_plan(&plan);
    plan.held_out[0] = family("polygon");
    plan.held_out[0].vertices = vertices[0];
    plan.held_out[0].vertex_count = 4;
    cr_assert_eq(case_draw_check(&plan), OK, "%s", error_message());
    struct flow_case drawn;
    draw(&drawn, &plan, 119);
    cr_expect_str_eq(drawn.bodies[0].family, "polygon");
    cr_expect_eq(drawn.bodies[0].vertices, vertices[0]);
}

Test(case_draw, refused_draws_are_counted)
{
    static struct case_draw_plan plan;
    make_plan(&plan);
    plan.families[0].y = uniform(0, 64);
    plan.family_count = 1;
    struct refusals sum = {{0}};
    for (int64_t k = 0; k < 60; k++) {
        struct flow_case drawn;
        struct refusals refused;
        cr_assert_eq(case_draw(&drawn, &refused, &plan, k), OK, "%s", error_message());
        cr_expect_str_eq(error_message(), "");
        refusal_add(&sum, &refused);
    }
    int64_t total = refusal_total(&sum);
    cr_expect(total > 5 && total < 120, "%d", (int)total);
    cr_expect_eq(sum.counts[REFUSAL_WALL], total); /* circles of 14 at most block less than 0.35 */
}

Test(case_draw, a_plan_whose_every_draw_is_refused_ends_with_the_last_refusal)
{
    static struct case_draw_plan plan;
    make_plan(&plan);
    for (int i = 0; i < 4; i++)
        plan.families[i].y = uniform(0, 1);
    struct flow_case drawn;
    cr_expect_eq(case_draw(&drawn, NULL, &plan, 3), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "case 3 (train): all of 1000 draws were refused"),
                       "%s", error_message());
    cr_expect_not_null(strstr(error_message(), "lower wall"), "%s", error_message());
}

static void expect_bad_plan(const struct case_draw_plan *plan, const char *text)
{
    error_clear();
    cr_expect_eq(case_draw_check(plan), ERR_CONFIG, "expected: %s", text);
    cr_expect_not_null(strstr(error_message(), text), "expected '%s' in '%s'", text,
                       error_message());
}

Test(case_draw, bad_plans_are_refused_with_the_reason)
{
    static struct case_draw_plan plan;
#define REFUSE(change, text)                                                                       \
    make_plan(&plan);                                                                              \
    change;                                                                                        \
    expect_bad_plan(&plan, text)
    REFUSE(plan.families[1].family[0] = 'x', "body 2: body family 'xllipse' is unknown");
    REFUSE(plan.families[1].weight = 0, "body 2: weight 0");
    REFUSE(plan.families[1].weight = NAN, "body 2: weight");
    REFUSE(plan.families[0].size = uniform(9, 9), "body 1: size: the range 9..9 is empty");
    REFUSE(plan.families[0].x = uniform(9, NAN), "body 1: x");
    REFUSE(plan.families[0].angle.kind = CASE_DRAW_LIST, "body 1: the list of angle has 0 values");
    REFUSE(plan.held_out[0].y = fixed(INFINITY), "held-out body 1: y");
    REFUSE(plan.reynolds.low = 0, "log-uniform range must begin above 0");
    REFUSE(plan.reynolds_gaps[0][1] = 90, "Reynolds gap 90..90 is empty");
    REFUSE(plan.reynolds_gaps[1][0] = 110, "begins before the end of the one before it");
    REFUSE((plan.reynolds_gaps[0][0] = 30, plan.reynolds_gaps[0][1] = 150,
            plan.reynolds_gaps[1][0] = 150, plan.reynolds_gaps[1][1] = 500),
           "no Reynolds number of 40..400 is outside the gaps");
    REFUSE(plan.reynolds_gap_count = 0, "no Reynolds number of 40..400 is inside the gaps");
    REFUSE(plan.reynolds = fixed(100), "no Reynolds number of the list is outside the gaps");
    REFUSE(plan.held_out_count = 0, "split test-body has 20 cases but no body to draw");
    REFUSE(plan.family_count = 0, "split train has 60 cases but no body");
    REFUSE(plan.counts[1] = -1, "-1 cases of split validation");
    REFUSE(plan.held_out[0].sides = uniform(3, 5), "is one that training may draw too");
    REFUSE(plan.held_out[0] = family("circle"), "held-out body 1 ('circle')");
    REFUSE(plan.base.numerics.discard = 9.9, "discard 9.9 is below 10");
#undef REFUSE
}
