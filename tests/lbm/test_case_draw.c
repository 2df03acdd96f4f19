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
                                   .ranges = {[CASE_DRAW_SIZE] = uniform(8, 14),
                                              [CASE_DRAW_ASPECT] = uniform(0.5, 1.5),
                                              [CASE_DRAW_ROUNDING] = uniform(0, 1),
                                              [CASE_DRAW_SIDES] = uniform(4, 8),
                                              [CASE_DRAW_ANGLE] = uniform(0, 360),
                                              [CASE_DRAW_X] = uniform(14, 22),
                                              [CASE_DRAW_Y] = uniform(26, 38),
                                              [CASE_DRAW_INNER] = uniform(0.4, 0.8),
                                              [CASE_DRAW_PROFILE] = uniform(12, 18),
                                              [CASE_DRAW_ROUGHNESS] = uniform(0.2, 0.6)}};
    strncpy(out.family, name, sizeof out.family - 1);
    return out;
}

/* The plan of a small dataset: four families, the triangle held out. */
static void make_plan(struct case_draw_plan *plan)
{
    memset(plan, 0, sizeof *plan);
    flow_case_defaults(&plan->base);
    plan->seed = 5;
    plan->bodies = fixed(1);
    const int64_t counts[] = {60, 20, 20, 20};
    memcpy(plan->counts, counts, sizeof counts);
    plan->families[0] = family("circle");
    plan->families[1] = family("ellipse");
    plan->families[2] = family("rectangle");
    plan->families[3] = family("regular-polygon");
    plan->family_count = 4;
    plan->held_out[0] = family("regular-polygon");
    plan->held_out[0].ranges[CASE_DRAW_SIDES] = fixed(3);
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
        .kind = CASE_DRAW_LIST, .list = {50, 90, 120, 210, 300}, .list_count = 5};
    cr_assert_eq(case_draw_check(&plan), OK, "%s", error_message());
    for (int64_t k = 0; k < 120; k++) {
        struct flow_case drawn;
        draw(&drawn, &plan, k);
        int held = case_draw_split_of(&plan, k) == SPLIT_TEST_REYNOLDS;
        cr_expect(held ? drawn.reynolds == 90 || drawn.reynolds == 210
                       : drawn.reynolds == 50 || drawn.reynolds == 120 || drawn.reynolds == 300);
    }
}

/* With cases beyond: Reynolds numbers on both sides, circles larger than training's. */
static void make_beyond(struct case_draw_plan *plan)
{
    make_plan(plan);
    plan->counts[SPLIT_TEST_BEYOND] = 40;
    plan->reynolds_beyond[0][0] = 30;
    plan->reynolds_beyond[0][1] = 40;
    plan->reynolds_beyond[1][0] = 400;
    plan->reynolds_beyond[1][1] = 600;
    plan->reynolds_beyond_count = 2;
    plan->beyond[0] = family("circle");
    plan->beyond[0].ranges[CASE_DRAW_SIZE] = uniform(14, 18);
    plan->beyond_count = 1;
}

Test(case_draw, cases_beyond_have_what_training_lacks)
{
    static struct case_draw_plan plan;
    make_beyond(&plan);
    cr_assert_eq(case_draw_check(&plan), OK, "%s", error_message());
    cr_assert_eq(case_draw_count(&plan), 160);
    int low = 0;
    for (int64_t k = 0; k < 160; k++) {
        struct flow_case drawn;
        draw(&drawn, &plan, k);
        int beyond = case_draw_split_of(&plan, k) == SPLIT_TEST_BEYOND;
        cr_expect_eq(beyond, k >= 120);
        cr_expect_eq(drawn.reynolds < 40 || drawn.reynolds >= 400, beyond, "%g", drawn.reynolds);
        cr_expect(!beyond || (drawn.reynolds >= 30 && drawn.reynolds < 600));
        cr_expect_eq(drawn.bodies[0].size >= 14, beyond, "%g", drawn.bodies[0].size);
        low += drawn.reynolds < 40;
    }
    cr_expect(low > 5 && low < 30, "%d", low); /* log(40/30) of log(40/30) + log(600/400): 16.6 */
}

Test(case_draw, cases_beyond_may_differ_in_one_thing_alone)
{
    static struct case_draw_plan plan;
    make_beyond(&plan);
    plan.beyond_count = 0; /* the families of training */
    cr_assert_eq(case_draw_check(&plan), OK, "%s", error_message());
    int circles = 0;
    for (int64_t k = 120; k < 160; k++) {
        struct flow_case drawn;
        draw(&drawn, &plan, k);
        circles += strcmp(drawn.bodies[0].family, "circle") == 0;
        cr_expect(drawn.bodies[0].size < 14);
    }
    cr_expect(circles > 2 && circles < 25, "%d", circles);
    make_beyond(&plan);
    plan.reynolds_beyond_count = 0; /* the Reynolds numbers of training */
    cr_assert_eq(case_draw_check(&plan), OK, "%s", error_message());
    for (int64_t k = 120; k < 160; k++) {
        struct flow_case drawn;
        draw(&drawn, &plan, k);
        cr_expect(drawn.reynolds >= 40 && drawn.reynolds < 400 && !in_gap(drawn.reynolds));
    }
}

/* Several bodies on a wide canvas. */
static void make_crowd(struct case_draw_plan *plan)
{
    make_plan(plan);
    plan->base.nx = 128;
    plan->bodies =
        (struct case_draw_range){.kind = CASE_DRAW_LIST, .list = {1, 2, 2, 3}, .list_count = 4};
    for (int i = 0; i < 5; i++) {
        struct case_draw_family *one = i < 4 ? &plan->families[i] : &plan->held_out[0];
        one->ranges[CASE_DRAW_SIZE] = uniform(4, 8);
        one->ranges[CASE_DRAW_X] = uniform(10, 90);
        one->ranges[CASE_DRAW_Y] = uniform(16, 48);
    }
}

Test(case_draw, several_bodies_keep_the_rules_and_their_number_its_shares)
{
    static struct case_draw_plan plan;
    make_crowd(&plan);
    enum { CASES = 1200 };
    plan.counts[SPLIT_TRAIN] = CASES;
    cr_assert_eq(case_draw_check(&plan), OK, "%s", error_message());
    int numbers[FLOW_CASE_BODIES + 1] = {0}, families[2] = {0};
    struct refusals sum = {{0}};
    for (int64_t k = 0; k < CASES; k++) {
        struct flow_case drawn;
        struct refusals refused;
        cr_assert_eq(case_draw(&drawn, &refused, &plan, k), OK, "%s", error_message());
        cr_assert_eq(flow_case_check(&drawn), OK, "%s", error_message());
        refusal_add(&sum, &refused);
        numbers[drawn.body_count]++;
        for (int64_t i = 1; i < drawn.body_count; i++) {
            cr_assert_neq(drawn.bodies[i].x, drawn.bodies[0].x);
            families[strcmp(drawn.bodies[i].family, drawn.bodies[0].family) == 0]++;
        }
    }
    cr_expect_float_eq((double)numbers[1] / CASES, 0.25, 0.04);
    cr_expect_float_eq((double)numbers[2] / CASES, 0.5, 0.045);
    cr_expect_float_eq((double)numbers[3] / CASES, 0.25, 0.04);
    cr_expect_float_eq((double)families[1] / (families[0] + families[1]), 0.25, 0.04);
    cr_expect_gt(sum.counts[REFUSAL_GAP], 100);
}

Test(case_draw, a_body_does_not_depend_on_how_many_others_there_are)
{
    static struct case_draw_plan plan, more;
    make_crowd(&plan);
    make_crowd(&more);
    plan.bodies = fixed(2);
    more.bodies = fixed(4);
    int compared = 0;
    for (int64_t k = 0; k < 120; k++) {
        struct flow_case a, b;
        struct refusals first, second;
        cr_assert_eq(case_draw(&a, &first, &plan, k), OK, "%s", error_message());
        cr_assert_eq(case_draw(&b, &second, &more, k), OK, "%s", error_message());
        if (refusal_total(&first) != 0 || refusal_total(&second) != 0)
            continue; /* another attempt */
        compared++;
        cr_expect_eq(a.reynolds, b.reynolds);
        cr_expect_eq(a.seed, b.seed);
        cr_expect_eq(memcmp(a.bodies, b.bodies, 2 * sizeof a.bodies[0]), 0);
    }
    cr_expect_gt(compared, 5, "%d", compared);
}

/* Numbers that were drawn before there were several bodies and new families: they are what makes a
 * dataset of an older version the same dataset. */
Test(case_draw, the_first_body_is_that_of_the_first_version)
{
    static struct case_draw_plan plan;
    struct flow_case drawn;
    make_plan(&plan);
    draw(&drawn, &plan, 7);
    const struct body_spec *body = &drawn.bodies[0];
    cr_expect_str_eq(body->family, "rectangle");
    cr_expect_float_eq(drawn.reynolds, 64.0708617305, 1e-9);
    cr_expect_float_eq(body->size, 12.3079199133, 1e-9);
    cr_expect_float_eq(body->aspect, 1.14385998562, 1e-9);
    cr_expect_float_eq(body->rounding, 0.439723568471, 1e-9);
    cr_expect_eq(body->sides, 5);
    cr_expect_float_eq(body->angle, 269.124065496, 1e-9);
    cr_expect_float_eq(body->x, 20.5347722283, 1e-9);
    cr_expect_float_eq(body->y, 26.0075554933, 1e-9);
    cr_expect_eq(drawn.seed, 846084975526371899u);
}

/* Distributions of every kind, far from any rule: mean and deviation of what is drawn. */
Test(case_draw, every_parameter_can_be_drawn_from_every_kind_of_range)
{
    static const struct {
        struct case_draw_range range;
        double mean, deviation;
    } kinds[] = {
        {{.kind = CASE_DRAW_FIXED, .low = 3}, 3, 0},
        {{.kind = CASE_DRAW_UNIFORM, .low = 2, .high = 4}, 3, 0.57735},
        {{.kind = CASE_DRAW_LOG_UNIFORM, .low = 1, .high = 2.718281828}, 1.718282, 0.492},
        {{.kind = CASE_DRAW_LIST, .list = {1, 2, 6}, .list_count = 3}, 3, 2.1602},
    };
    enum { CASES = 2000 };
    static struct case_draw_plan plan;
    for (int kind = 0; kind < 4; kind++)
        for (int parameter = 0; parameter < CASE_DRAW_PARAMETERS; parameter++) {
            if (parameter == CASE_DRAW_X || parameter == CASE_DRAW_Y || parameter == CASE_DRAW_SIZE)
                continue; /* which the rules bound: the same code */
            make_plan(&plan);
            plan.counts[SPLIT_TRAIN] = CASES;
            plan.family_count = 1; /* a circle looks at none of these */
            plan.families[0].ranges[parameter] = kinds[kind].range;
            int whole = parameter == CASE_DRAW_SIDES || parameter == CASE_DRAW_PROFILE;
            if (whole && (kinds[kind].range.kind == CASE_DRAW_UNIFORM ||
                          kinds[kind].range.kind == CASE_DRAW_LOG_UNIFORM))
                continue; /* rounded: below */
            double sum = 0, squares = 0;
            for (int64_t k = 0; k < CASES; k++) {
                struct flow_case drawn;
                draw(&drawn, &plan, k);
                const struct body_spec *b = &drawn.bodies[0];
                const double values[CASE_DRAW_PARAMETERS] = {
                    [CASE_DRAW_ASPECT] = b->aspect,       [CASE_DRAW_ROUNDING] = b->rounding,
                    [CASE_DRAW_SIDES] = (double)b->sides, [CASE_DRAW_ANGLE] = b->angle,
                    [CASE_DRAW_INNER] = b->inner,         [CASE_DRAW_PROFILE] = (double)b->profile,
                    [CASE_DRAW_ROUGHNESS] = b->roughness};
                sum += values[parameter];
                squares += values[parameter] * values[parameter];
            }
            double mean = sum / CASES, deviation = sqrt(fmax(squares / CASES - mean * mean, 0));
            cr_expect_float_eq(mean, kinds[kind].mean, 0.15, "%s: mean %g",
                               case_draw_parameter_name((enum case_draw_parameter)parameter), mean);
            cr_expect_float_eq(deviation, kinds[kind].deviation, 0.1, "%s: deviation %g",
                               case_draw_parameter_name((enum case_draw_parameter)parameter),
                               deviation);
        }
}

Test(case_draw, whole_numbers_are_equally_likely)
{
    enum { CASES = 4000 };
    static struct case_draw_plan plan;
    int profiles[5] = {0};
    make_plan(&plan);
    plan.counts[SPLIT_TRAIN] = CASES;
    plan.family_count = 1;
    plan.families[0].ranges[CASE_DRAW_PROFILE] = uniform(9.5, 14);
    for (int64_t k = 0; k < CASES; k++) {
        struct flow_case drawn;
        draw(&drawn, &plan, k);
        cr_assert(drawn.bodies[0].profile >= 10 && drawn.bodies[0].profile <= 14);
        profiles[drawn.bodies[0].profile - 10]++;
    }
    for (int i = 0; i < 5; i++)
        cr_expect_float_eq((double)profiles[i] / CASES, 0.2, 0.03);
}

Test(case_draw, outlines_have_seeds_of_their_own)
{
    static struct case_draw_plan plan;
    make_crowd(&plan);
    plan.bodies = fixed(2);
    struct flow_case a, b;
    draw(&a, &plan, 0);
    draw(&b, &plan, 1);
    cr_expect_neq(a.bodies[0].seed, a.bodies[1].seed);
    cr_expect_neq(a.bodies[0].seed, b.bodies[0].seed);
    cr_expect_neq(a.bodies[0].seed, a.seed);
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
    plan.families[0].ranges[CASE_DRAW_Y] = uniform(0, 64);
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
        plan.families[i].ranges[CASE_DRAW_Y] = uniform(0, 1);
    struct flow_case drawn;
    cr_expect_eq(case_draw(&drawn, NULL, &plan, 3), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "case 3 (train, bodies: 1): 1000 draws refused ("),
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
    static const double crossing[][2] = {{-1, -1}, {1, 1}, {1, -1}, {-1, 1}};
    static struct case_draw_plan plan;
#define REFUSE(change, text)                                                                       \
    make_plan(&plan);                                                                              \
    change;                                                                                        \
    expect_bad_plan(&plan, text)
    REFUSE(plan.families[1].family[0] = 'x', "body 2: body family 'xllipse' is unknown");
    REFUSE(plan.families[1].weight = 0, "body 2: weight 0");
    REFUSE(plan.families[1].weight = NAN, "body 2: weight");
    REFUSE(plan.families[0].ranges[CASE_DRAW_SIZE] = uniform(9, 9),
           "body 1: size: the range 9..9 is empty");
    REFUSE(plan.families[0].ranges[CASE_DRAW_X] = uniform(9, NAN), "body 1: x");
    REFUSE(plan.families[0].ranges[CASE_DRAW_ANGLE].kind = CASE_DRAW_LIST,
           "body 1: the list of angle has 0 values");
    REFUSE(plan.held_out[0].ranges[CASE_DRAW_Y] = fixed(INFINITY), "held-out body 1: y");
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
    REFUSE(plan.held_out[0].ranges[CASE_DRAW_SIDES] = uniform(3, 5),
           "is one that training may draw too");
    REFUSE(plan.held_out[0] = family("circle"), "held-out body 1 ('circle')");
    REFUSE((plan.families[1] = family("naca"),
            plan.families[1].ranges[CASE_DRAW_PROFILE] = ((struct case_draw_range){
                .kind = CASE_DRAW_LIST, .list = {12, 2412, 2450}, .list_count = 3})),
           "body 2: naca: ");
    REFUSE((plan.families[1] = family("polygon"), plan.families[1].vertices = crossing[0],
            plan.families[1].vertex_count = 4),
           "body 2: polygon: ");
    REFUSE(plan.families[2].ranges[CASE_DRAW_ASPECT] = uniform(1, 40), "body 3: rectangle: aspect");
    REFUSE(plan.bodies = fixed(0), "0 to 0 bodies a case; 1 to 8 would do");
    REFUSE(plan.bodies = uniform(2, 9), "2 to 9 bodies a case");
    REFUSE(plan.bodies = uniform(2.1, 2.9), "3 to 2 bodies a case");
    REFUSE((plan.reynolds_gaps[1][0] = 500, plan.reynolds_gaps[1][1] = 600),
           "test-reynolds would have Reynolds numbers of 90 to 600, but training has those of 40 "
           "to 400");
    REFUSE((plan.reynolds_gaps[1][0] = 350, plan.reynolds_gaps[1][1] = 400),
           "training has those of 40 to 350 alone");
    REFUSE(plan.reynolds = ((struct case_draw_range){
               .kind = CASE_DRAW_LIST, .list = {50, 90, 120, 210}, .list_count = 4}),
           "of 90 to 210, but training has those of 50 to 120 alone");
    REFUSE(plan.counts[SPLIT_TEST_BEYOND] = 1, "split test-beyond has 1 cases but neither bodies");
#undef REFUSE
#define REFUSE(change, text)                                                                       \
    make_beyond(&plan);                                                                            \
    change;                                                                                        \
    expect_bad_plan(&plan, text)
    REFUSE(plan.reynolds_beyond[1][0] = 399,
           "Reynolds numbers 399 to 600 of test-beyond are not beyond training's 40 to 400; an "
           "interval above 400 or below 40 would do");
    REFUSE(plan.reynolds_beyond[0][1] = 41, "Reynolds numbers 30 to 41 of test-beyond");
    REFUSE((plan.reynolds_beyond[0][0] = 90, plan.reynolds_beyond[0][1] = 120), "90 to 120");
    REFUSE(plan.reynolds_beyond[1][1] = NAN, "Reynolds interval beyond 400..nan is empty");
    REFUSE(plan.beyond[0].ranges[CASE_DRAW_SIZE] = uniform(13, 18),
           "body 1 of test-beyond ('circle', size 13 to 18) is not beyond what training draws "
           "(size 8 to 14); a size above 14 or below 8");
    REFUSE((plan.families[1] = family("circle"),
            plan.families[1].ranges[CASE_DRAW_SIZE] = uniform(19, 20)),
           "(size 8 to 20)"); /* between the sizes of two families is not beyond */
    REFUSE(plan.beyond[0].weight = -1, "body beyond 1: weight");
#undef REFUSE
#define REFUSE(change, text)                                                                       \
    make_plan(&plan);                                                                              \
    change;                                                                                        \
    expect_bad_plan(&plan, text)
    REFUSE((plan.held_out[0] = family("circle"),
            plan.held_out[0].ranges[CASE_DRAW_ASPECT] = uniform(2, 3)),
           "held-out body 1 ('circle')"); /* a circle of another aspect is the same circle */
    REFUSE((plan.held_out[0].ranges[CASE_DRAW_SIDES] = fixed(4.4)), "is one that training");
    REFUSE(plan.base.numerics.discard = 9.9, "discard 9.9 is below 10");
#undef REFUSE
}
