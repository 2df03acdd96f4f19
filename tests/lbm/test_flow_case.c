/* SPDX-License-Identifier: Apache-2.0 */
#include "flow_case.h"

#include "array.h"
#include "collision.h"
#include "geometry.h"
#include "philox.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void with_circle(struct flow_case *out)
{
    flow_case_defaults(out);
    out->bodies[0] = (struct body_spec){.family = "circle", .x = 18, .y = 32, .size = 12};
    out->body_count = 1;
}

/* Refused, and the message has this in it. */
static void expect_refused(const struct flow_case *flow_case, const char *text)
{
    error_clear();
    cr_expect_eq(flow_case_check(flow_case), ERR_CONFIG, "expected: %s", text);
    cr_expect_not_null(strstr(error_message(), text), "expected '%s' in '%s'", text,
                       error_message());
}

/* The number that stands before " would do" (or its unit) in the last message. */
static double value_that_would_do(const char *before)
{
    const char *place = strstr(error_message(), before);
    cr_assert_not_null(place, "'%s' in '%s'", before, error_message());
    return strtod(place + strlen(before), NULL);
}

Test(flow_case, the_defaults_with_a_circle_are_accepted)
{
    struct flow_case flow_case;
    with_circle(&flow_case);
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
}

Test(flow_case, a_free_stream_is_accepted_and_has_the_height_as_length)
{
    struct flow_case flow_case;
    struct flow flow;
    flow_case_defaults(&flow_case);
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    cr_assert_eq(flow_case_describe(&flow, &flow_case), OK);
    cr_expect_eq(flow.length, 64);
    cr_expect_eq(flow.blockage, 0);
    cr_expect_str_eq(flow.family, "");
}

Test(flow_case, describe_gives_the_facts_in_canvas_units)
{
    struct flow_case flow_case;
    struct flow flow;
    with_circle(&flow_case);
    flow_case.index = 7;
    cr_assert_eq(flow_case_describe(&flow, &flow_case), OK);
    cr_expect_str_eq(flow.family, "circle");
    cr_expect_eq(flow.index, 7);
    cr_expect_eq(flow.length, 12);
    cr_expect_float_eq(flow.viscosity, 0.012, 1e-15);
    cr_expect_float_eq(flow.tau, 0.5 + 3 * 4 * 0.012, 1e-14);
    cr_expect_float_eq(flow.blockage, 12.0 / 64, 1e-15);
    cr_expect_eq(flow.x, 18);
    cr_expect_eq(flow.y, 32);
    cr_expect_eq(flow.size, 12);
    /* ramp: 2 * 88 * sqrt(3) = 304.8; discard: 10 * 12 / 0.1 = 1200; up to whole intervals of 100
     */
    cr_expect_eq(flow_case_ramp_steps(&flow_case), 305);
    cr_expect_eq(flow.first_step, 1600);
    cr_expect_eq(flow_case_start_steps(&flow_case), 1600);
    cr_expect_eq(flow_case_total_steps(&flow_case), 1600 + 29 * 100);
    cr_expect_eq(flow_case_lattice_cells(&flow_case), 88 * 4 * 64 * 4);
}

Test(flow_case, the_length_is_the_largest_body_across_the_stream)
{
    struct flow_case flow_case;
    struct flow flow;
    with_circle(&flow_case);
    flow_case.nx = 128;
    flow_case.ny = 128;
    flow_case.bodies[1] = (struct body_spec){
        .family = "rectangle", .x = 60, .y = 40, .size = 8, .aspect = 2, .angle = 90};
    flow_case.bodies[2] = (struct body_spec){
        .family = "regular-polygon", .x = 60, .y = 80, .size = 10, .sides = 3, .angle = 180};
    flow_case.bodies[3] = (struct body_spec){.family = "circle", .x = 90, .y = 30, .size = 5};
    flow_case.body_count = 4;
    cr_assert_eq(flow_case_describe(&flow, &flow_case), OK, "%s", error_message());
    cr_expect_float_eq(flow.length, 12, 1e-12);
    cr_expect_str_eq(flow.family, "circle+rectangle+triangle");
    flow_case.bodies[1].angle = 0;
    cr_assert_eq(flow_case_describe(&flow, &flow_case), OK);
    cr_expect_float_eq(flow.length, 16, 1e-12);
}

Test(flow_case, a_long_list_of_families_is_cut_where_a_name_ends)
{
    struct flow_case flow_case;
    struct flow flow;
    flow_case_defaults(&flow_case);
    const double choice[3] = {0.9, 0.9, 0.9};
    flow_case.body_count = 8;
    for (int64_t i = 0; i < 8; i++) {
        flow_case.bodies[i] = (struct body_spec){.family = "regular-polygon", .sides = 8 + 8 * i};
        if (i < 5)
            body_example(&flow_case.bodies[i], i, choice);
        flow_case.bodies[i].size = 8;
    }
    cr_assert_eq(flow_case_describe(&flow, &flow_case), OK, "%s", error_message());
    cr_expect_lt(strlen(flow.family), FLOW_NAME_SIZE);
    cr_expect_not_null(strstr(flow.family, "+..."), "%s", flow.family);
    cr_expect_eq(strstr(flow.family, "circle+ellipse+rectangle+"), flow.family, "%s", flow.family);
}

Test(flow_case, every_number_out_of_its_range_is_refused)
{
    struct flow_case flow_case;
#define REFUSE(field, value, text)                                                                 \
    with_circle(&flow_case);                                                                       \
    flow_case.field = (value);                                                                     \
    expect_refused(&flow_case, text)
    REFUSE(numerics.refine, 0, "refine 0 is outside 1..8");
    REFUSE(numerics.refine, 9, "refine 9 is outside 1..8");
    REFUSE(numerics.entry, 3, "entry 3 is outside 4..512");
    REFUSE(numerics.entry, 513, "entry");
    REFUSE(numerics.sponge, 11, "sponge 11 is outside 12..512");
    REFUSE(numerics.sponge, 513, "sponge");
    REFUSE(numerics.ramp, 1.99, "ramp 1.99 is outside 2..100");
    REFUSE(numerics.ramp, NAN, "ramp");
    REFUSE(numerics.kick, -0.1, "kick");
    REFUSE(numerics.kick, NAN, "kick");
    REFUSE(numerics.discard, -1, "discard");
    REFUSE(numerics.discard, INFINITY, "discard");
    REFUSE(numerics.frame_interval, 0, "frame interval");
    REFUSE(numerics.bulk_rate, 0, "bulk rate 0 is outside 0.01..1.99; 0.01 would do");
    REFUSE(numerics.bulk_rate, 2, "bulk rate 2 is outside 0.01..1.99; 1.99 would do");
    REFUSE(numerics.magic, 0, "magic parameter 0 is outside 0.0001..1");
    REFUSE(numerics.magic, NAN, "magic parameter");
    REFUSE(numerics.magic, 0.25, "'cumulant' has no magic parameter (0.25 was given); 0.1875");
    REFUSE(numerics.smagorinsky, -0.1, "Smagorinsky constant -0.1 is outside 0..0.5; 0 would do");
    REFUSE(numerics.smagorinsky, 0.6, "Smagorinsky constant");
    REFUSE(numerics.bottom_speed, -2.1, "bottom speed -2.1 is outside -2..2; -2 would do");
    REFUSE(numerics.top_speed, NAN, "top speed");
    REFUSE(numerics.top_speed, 0.5, "top speed 0.5: only no-slip edges");
    REFUSE(numerics.bottom_speed, -0.5, "bottom speed -0.5: only no-slip edges");
    REFUSE(motions[0].spin, NAN, "spin");
    REFUSE(numerics.frames, 0, "number of frames");
    REFUSE(nx, 15, "nx");
    REFUSE(ny, 5000, "ny");
    REFUSE(speed, 0, "U = 0 is outside");
    REFUSE(speed, -0.05, "U = -0.05");
    REFUSE(speed, 0.11, "U = 0.11 is outside 0.0001..0.1");
    REFUSE(speed, NAN, "U = ");
    REFUSE(reynolds, 0, "Reynolds number 0");
    REFUSE(reynolds, -100, "Reynolds number -100");
    REFUSE(reynolds, NAN, "Reynolds number");
    REFUSE(reynolds, INFINITY, "Reynolds number");
    REFUSE(body_count, 9, "9 bodies; a case takes 0 to 8");
    REFUSE(body_count, -1, "-1 bodies");
    REFUSE(bodies[0].size, NAN, "body 1: circle: size");
    REFUSE(bodies[0].size, 0.5, "too few to be a body");
#undef REFUSE
}

Test(flow_case, the_size_named_for_a_blockage_would_do)
{
    struct flow_case flow_case;
    with_circle(&flow_case);
    flow_case.bodies[0].size = 26.3;
    flow_case.bodies[0].x = 30;
    expect_refused(&flow_case, "blockage 0.411 is above 0.35; a size of at most 22.4 would do");
    flow_case.bodies[0].size = value_that_would_do("at most ");
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    flow_case.bodies[0].size += 0.1;
    expect_refused(&flow_case, "blockage");
}

Test(flow_case, bodies_in_tandem_block_once_and_side_by_side_twice)
{
    struct flow_case flow_case;
    with_circle(&flow_case);
    flow_case.bodies[1] = flow_case.bodies[0];
    flow_case.bodies[1].x = 40;
    flow_case.body_count = 2;
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    flow_case.bodies[0].y = 20;
    flow_case.bodies[1].y = 44;
    expect_refused(&flow_case, "blockage 0.375 is above 0.35: the bodies together cover 24 of 64");
    double factor = value_that_would_do("sizes of at most ");
    cr_expect_eq(factor, 0.93);
    flow_case.bodies[0].size *= factor;
    flow_case.bodies[1].size *= factor;
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    flow_case.bodies[0].size *= 0.94 / 0.93;
    flow_case.bodies[1].size *= 0.94 / 0.93;
    expect_refused(&flow_case, "blockage");
}

/* Three bodies whose shadows overlap: sizes that shrink uncover less than they shrink. */
Test(flow_case, the_factor_named_for_overlapping_shadows_would_do)
{
    for (int n = 0; n < 40; n++) {
        struct flow_case flow_case;
        with_circle(&flow_case);
        flow_case.nx = 128;
        flow_case.body_count = 3;
        for (int i = 0; i < 3; i++) {
            double u = philox_uniform(22, PHILOX_STREAM_TEST, (uint64_t)(3 * n + i));
            flow_case.bodies[i] = (struct body_spec){
                .family = "circle", .x = 30 + 30 * i, .y = 22 + 20 * u, .size = 20};
        }
        if (flow_case_check(&flow_case) == OK)
            continue;
        double factor = value_that_would_do("sizes of at most ");
        for (int i = 0; i < 3; i++)
            flow_case.bodies[i].size = 20 * factor;
        cr_expect_eq(flow_case_check(&flow_case), OK, "%g: %s", factor, error_message());
        for (int i = 0; i < 3; i++)
            flow_case.bodies[i].size = 20 * (factor + 0.01);
        expect_refused(&flow_case, "blockage");
    }
}

Test(flow_case, a_body_near_an_edge_is_refused_and_the_place_named_would_do)
{
    static const struct {
        double x, y;
        const char *edge, *before;
        int axis;
    } edges[] = {
        {18, 8.13, "within 2.13 cells of the lower wall", "y of at least ", 1},
        {18, 2, "touches the lower wall", "y of at least ", 1},
        {18, 56.77, "of the upper wall", "y of at most ", 1},
        {18, 100, "touches the upper wall", "y of at most ", 1},
        {8.51, 32, "of the entry", "x of at least ", 0},
        {-3, 32, "touches the entry", "x of at least ", 0},
        {55.55, 32, "of the sponge", "x of at most ", 0},
        {64, 32, "touches the sponge", "x of at most ", 0},
    };
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        struct flow_case flow_case;
        with_circle(&flow_case);
        flow_case.bodies[0].x = edges[i].x;
        flow_case.bodies[0].y = edges[i].y;
        expect_refused(&flow_case, edges[i].edge);
        double value = value_that_would_do(edges[i].before);
        *(edges[i].axis == 0 ? &flow_case.bodies[0].x : &flow_case.bodies[0].y) = value;
        cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    }
}

Test(flow_case, a_body_exactly_at_the_limit_passes)
{
    struct flow_case flow_case;
    with_circle(&flow_case);
    flow_case.bodies[0].x = 9;
    flow_case.bodies[0].y = 9;
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    flow_case.bodies[0].y = 9 - 1e-6;
    expect_refused(&flow_case, "lower wall");
}

Test(flow_case, a_body_too_long_for_the_canvas_is_refused)
{
    struct flow_case flow_case;
    with_circle(&flow_case);
    flow_case.bodies[0] =
        (struct body_spec){.family = "rectangle", .x = 32, .y = 32, .size = 60, .aspect = 0.1};
    expect_refused(&flow_case, "is 60 cells long downstream; at most 58 would do");
}

Test(flow_case, overlaps_and_thin_gaps_are_refused_and_the_place_named_would_do)
{
    static const struct {
        double x, gap;
    } places[] = {{28, -1}, {32.5, 2.5}, {18, -1}, {20, -1}, {33 - 1e-3, 2.999}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct flow_case flow_case;
        with_circle(&flow_case);
        flow_case.bodies[1] = flow_case.bodies[0];
        flow_case.body_count = 2;
        flow_case.bodies[1].x = places[i].x;
        expect_refused(&flow_case, places[i].gap < 0 ? "bodies 1 and 2 overlap or touch"
                                                     : "cells between bodies 1 and 2 is thinner");
        cr_expect_eq(value_that_would_do("body 2 at x of at least "), 33);
        flow_case.bodies[1].x = 33;
        cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    }
}

Test(flow_case, where_there_is_no_room_downstream_the_other_body_moves)
{
    struct flow_case flow_case;
    with_circle(&flow_case);
    flow_case.bodies[0].x = 50;
    flow_case.bodies[1] = flow_case.bodies[0];
    flow_case.bodies[1].x = 45;
    flow_case.body_count = 2;
    expect_refused(&flow_case, "overlap");
    flow_case.bodies[1].x = value_that_would_do("body 2 at x of at most ");
    cr_expect_eq(flow_case.bodies[1].x, 35);
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    flow_case.nx = 24;
    flow_case.bodies[0].x = 11;
    flow_case.bodies[1].x = 12;
    expect_refused(&flow_case, "a wider canvas or smaller bodies would do");
}

Test(flow_case, a_finer_lattice_is_named_where_it_would_do)
{
    struct flow_case flow_case;
    with_circle(&flow_case);
    flow_case.numerics.refine = 1;
    flow_case.bodies[0].size = 1.5;
    expect_refused(&flow_case, "a size of at least 4.0 would do, or refine of at least 3");
    flow_case.numerics.refine = 3;
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    with_circle(&flow_case);
    flow_case.numerics.refine = 1;
    snprintf(flow_case.numerics.collision, sizeof flow_case.numerics.collision, "trt");
    flow_case.reynolds = 200;
    expect_refused(&flow_case, "a Reynolds number of at most 120.0 would do, or refine of at least "
                               "2, or collision 'cumulant'");
    flow_case.numerics.refine = 2;
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    flow_case.reynolds = 1e5;
    expect_refused(&flow_case, "would do, or collision 'cumulant'"); /* no refine up to 8 */
}

Test(flow_case, the_parameters_of_another_collision_operator_are_refused)
{
    for (int kind = 0; kind < COLLISIONS; kind++) {
        const char *name = collision_name((enum collision_kind)kind);
        struct flow_case flow_case;
        with_circle(&flow_case);
        snprintf(flow_case.numerics.collision, sizeof flow_case.numerics.collision, "%s", name);
        cr_expect_eq(flow_case_check(&flow_case), OK, "%s: %s", name, error_message());
        flow_case.numerics.bulk_rate = 0.5;
        cr_expect_eq(flow_case_check(&flow_case), kind == COLLISION_cumulant ? OK : ERR_CONFIG);
        flow_case.numerics.bulk_rate = 1;
        flow_case.numerics.magic = 0.25;
        cr_expect_eq(flow_case_check(&flow_case), kind == COLLISION_trt ? OK : ERR_CONFIG);
    }
}

Test(flow_case, an_inflow_that_is_too_fast_somewhere_is_refused_and_the_speed_named_would_do)
{
    struct flow_case flow_case;
    with_circle(&flow_case);
    flow_case.numerics.profile = FLOW_CASE_PROFILE_PARABOLIC;
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    flow_case.numerics.profile = FLOW_CASE_PROFILE_TABLE;
    expect_refused(&flow_case, "number of the inflow's speeds 0 is outside 2..64; 2 would do");
    flow_case.numerics.table_count = 3; /* 0, 0, 0 */
    expect_refused(&flow_case, "every speed of the inflow is 0");
    flow_case.numerics.table[1] = 5; /* twice its mean */
    expect_refused(&flow_case, "U of at most 0.0750 would do");
    flow_case.speed = value_that_would_do("U of at most ");
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    flow_case.numerics.table[2] = -0.1;
    expect_refused(&flow_case, "speed 3 of the inflow is -0.1");
}

Test(flow_case, a_spin_is_slow_enough_and_the_value_named_would_do)
{
    struct flow_case flow_case;
    with_circle(&flow_case);
    flow_case.motions[0].begin = flow_case.motions[1].begin = FLOW_CASE_WITH_STREAM;
    flow_case.motions[0].spin = -2.5;
    expect_refused(&flow_case, "body 1 has a spin of -2.5");
    flow_case.motions[0].spin = -value_that_would_do("; at most ");
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    cr_expect_float_eq(flow_case.motions[0].spin, -2, 1e-12);
    flow_case.bodies[1] = flow_case.bodies[0]; /* half the size: twice the angular speed */
    flow_case.bodies[1].size = 6;
    flow_case.bodies[1].x = 40;
    flow_case.motions[1].spin = 4;
    flow_case.body_count = 2;
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    snprintf(flow_case.bodies[1].family, sizeof flow_case.bodies[1].family, "ellipse");
    flow_case.bodies[1].aspect = 0.9; /* what covers and uncovers cells is held to U */
    expect_refused(&flow_case, "body 2 moves its surface at up to 0.2, above 0.1");
    flow_case.motions[1].spin *= value_that_would_do("above 0.1; ");
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
}

Test(flow_case, only_what_is_the_same_upside_down_mirrors)
{
    struct flow_case flow_case;
    struct flow_case_numerics *n = &flow_case.numerics;
    with_circle(&flow_case);
    cr_expect_eq(flow_case_mirrors(n), 1);
    n->force_x = 0.1;
    cr_expect_eq(flow_case_mirrors(n), 1);
    n->force_y = 0.1;
    cr_expect_eq(flow_case_mirrors(n), 0, "a force across");
    n->force_y = 0;
    n->profile = FLOW_CASE_PROFILE_PARABOLIC;
    cr_expect_eq(flow_case_mirrors(n), 1);
    n->edge = FLOW_CASE_EDGE_NO_SLIP;
    n->top_speed = 0.5;
    cr_expect_eq(flow_case_mirrors(n), 0, "a lid");
    n->bottom_speed = 0.5;
    cr_expect_eq(flow_case_mirrors(n), 1);
    n->profile = FLOW_CASE_PROFILE_TABLE;
    n->table_count = 3;
    n->table[0] = n->table[2] = 1;
    n->table[1] = 1.3;
    cr_expect_eq(flow_case_mirrors(n), 1);
    n->table[2] = 1.1;
    cr_expect_eq(flow_case_mirrors(n), 0, "a shear");
}

/* A body that sets out from the middle, in a run that is long enough to arrive. */
static void with_traveller(struct flow_case *out, double u, double v)
{
    with_circle(out);
    out->bodies[0].x = 32;
    out->numerics.frame_interval = 20;
    out->numerics.frames = 200;
    out->motions[0] = (struct flow_case_motion){.u = u, .v = v, .rise = 1};
}

Test(flow_case, a_body_that_moves_too_far_is_refused_and_the_frames_named_would_do)
{
    static const struct {
        double u, v;
        const char *where;
    } ways[] = {{-0.5, 0, "the entry"},
                {0.5, 0, "the sponge"},
                {0, -0.5, "the lower wall"},
                {0.1, 0.5, "the upper wall"}};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct flow_case flow_case;
        with_traveller(&flow_case, ways[i].u, ways[i].v);
        expect_refused(&flow_case, ways[i].where);
        flow_case.numerics.frames = (int64_t)value_that_would_do("after the first; ");
        cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
        flow_case.numerics.frames += 2;
        cr_expect_eq(flow_case_check(&flow_case), ERR_CONFIG, "two frames more still do");
    }
}

Test(flow_case, a_body_that_leaves_before_the_first_frame_may_begin_later_or_be_slower)
{
    struct flow_case flow_case;
    with_traveller(&flow_case, 0.5, 0);
    flow_case.numerics.frames = 5;
    flow_case.motions[0].begin = FLOW_CASE_WITH_STREAM;
    expect_refused(&flow_case, "before the first; a begin of 0");
    flow_case.motions[0].begin = 0;
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    flow_case.numerics.frames = 200;
    flow_case.motions[0].begin = FLOW_CASE_WITH_STREAM;
    expect_refused(&flow_case, "times the velocities and spins would do");
    flow_case.motions[0].u *= value_that_would_do("before the first; ");
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
}

Test(flow_case, bodies_that_meet_on_their_way_are_refused)
{
    struct flow_case flow_case;
    with_traveller(&flow_case, 0.4, 0);
    flow_case.ny = 100;
    flow_case.bodies[0].x = 20;
    flow_case.bodies[1] = flow_case.bodies[0];
    flow_case.bodies[1].x = 48;
    flow_case.body_count = 2;
    flow_case.numerics.frames = 40;
    expect_refused(&flow_case, "bodies 1 and 2 come within 3 cells");
    flow_case.motions[1] = flow_case.motions[0]; /* one behind the other */
    flow_case.numerics.frames = 10;
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
    flow_case.motions[1].u = 0;
    flow_case.numerics.frames = 40;
    cr_expect_eq(flow_case_check(&flow_case), ERR_CONFIG);
}

/* A plate along the stream covers little of it, across it too much. */
Test(flow_case, a_body_that_turns_into_the_stream_is_held_to_the_blockage)
{
    struct flow_case flow_case;
    with_traveller(&flow_case, 0, 0);
    snprintf(flow_case.bodies[0].family, sizeof flow_case.bodies[0].family, "rectangle");
    flow_case.bodies[0].size = 30;
    flow_case.bodies[0].aspect = 0.2;
    flow_case.motions[0].spin = 0.02;
    expect_refused(&flow_case, "the blockage goes above 0.35");
    flow_case.numerics.frames = (int64_t)value_that_would_do("after the first; ");
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
}

/* ---- each rule and each field ---- */

/* Rules that were broken and fields that were named. */
struct faults {
    int seen[REFUSAL_COUNT], named[FLOW_CASE_FAULT_FIELDS];
};

/* Told under this rule and field, as the last body's where it is one's; and what would do. */
static void expect_fault(struct faults *faults, const struct flow_case *c, enum refusal rule,
                         enum flow_case_fault_field field)
{
    struct flow_case_fault fault = {REFUSAL_COUNT, FLOW_CASE_FAULT_FIELDS, -1};
    cr_assert_eq(flow_case_check_fault(&fault, c, FLOW_CASE_ADVICE_BRIEF), ERR_CONFIG);
    const char *message = error_message();
    cr_expect_eq((int)fault.rule, (int)rule, "%s: %s", refusal_name(rule), message);
    cr_expect_eq((int)fault.field, (int)field, "%d, not %d: %s", (int)fault.field, (int)field,
                 message);
    int64_t body = flow_case_fault_of_body(&fault) ? c->body_count - 1 : 0;
    cr_expect_eq(fault.body, body, "body %d: %s", (int)fault.body, message);
    if (field != FLOW_CASE_FAULT_BODIES && field != FLOW_CASE_FAULT_COLLISION &&
        field != FLOW_CASE_FAULT_SHAPE)
        cr_expect_not_null(strstr(message, "would do"), "%s", message);
    faults->seen[rule] = faults->named[field] = 1;
}

#define BREAK(rule, field, ...)                                                                    \
    do {                                                                                           \
        struct flow_case c;                                                                        \
        with_circle(&c);                                                                           \
        struct flow_case_numerics *n = &c.numerics;                                                \
        (void)n;                                                                                   \
        __VA_ARGS__;                                                                               \
        expect_fault(faults, &c, REFUSAL_##rule, FLOW_CASE_FAULT_##field);                         \
    } while (0)

static void break_numbers(struct faults *faults)
{
    BREAK(SETTINGS, SPEED, c.speed = 0.2);
    BREAK(SETTINGS, SPEED, n->profile = FLOW_CASE_PROFILE_TABLE, n->table_count = 3,
          n->table[1] = 1);
    BREAK(SETTINGS, NX, c.nx = 1);
    BREAK(SETTINGS, NY, c.ny = 1);
    BREAK(SETTINGS, REYNOLDS, c.reynolds = 0);
    BREAK(SETTINGS, REFINE, n->refine = 9);
    BREAK(SETTINGS, ENTRY, n->entry = 1);
    BREAK(SETTINGS, SPONGE, n->sponge = 1);
    BREAK(SETTINGS, RAMP, n->ramp = NAN);
    BREAK(SETTINGS, KICK, n->kick = 1);
    BREAK(SETTINGS, DISCARD, n->discard = -1);
    BREAK(SETTINGS, FRAME_INTERVAL, n->frame_interval = 0);
    BREAK(SETTINGS, FRAMES, n->frames = 0);
    BREAK(SETTINGS, COLLISION, n->collision[0] = 'x');
    BREAK(SETTINGS, BULK_RATE, n->bulk_rate = 2);
    BREAK(SETTINGS, BULK_RATE, snprintf(n->collision, 4, "trt"), n->bulk_rate = 1.1);
    BREAK(SETTINGS, MAGIC, n->magic = 0.25);
    BREAK(SETTINGS, SMAGORINSKY, n->smagorinsky = 1);
    BREAK(SETTINGS, TOP_SPEED, n->top_speed = 1);
    BREAK(SETTINGS, BOTTOM_SPEED, n->bottom_speed = 1);
    BREAK(SETTINGS, FORCE_X, n->force_x = -2);
    BREAK(SETTINGS, FORCE_Y, n->force_y = NAN);
    BREAK(SETTINGS, TABLE, n->profile = FLOW_CASE_PROFILE_TABLE);
    BREAK(TAU, REYNOLDS, c.reynolds = 1e5, n->refine = 1);
    BREAK(VISCOSITY, REYNOLDS, c.reynolds = 1);
}

/* A second body downstream of the first. */
static struct body_spec *add_body(struct flow_case *c)
{
    c->body_count = 2;
    c->bodies[1] = c->bodies[0];
    c->bodies[1].x = 45;
    c->bodies[1].size = 8;
    return &c->bodies[1];
}

static void break_bodies(struct faults *faults)
{
    BREAK(BODY, BODIES, c.body_count = 9);
    BREAK(BODY, SHAPE, c.bodies[0].size = NAN);
    BREAK(BODY, SHAPE, add_body(&c)->size = NAN);
    BREAK(BLOCKAGE, SIZE, c.bodies[0].size = 40);
    BREAK(SIZE, SIZE, c.bodies[0].size = 0.9);
    BREAK(SIZE, SIZE, add_body(&c)->size = 0.9);
    BREAK(WALL, Y, c.bodies[0].y = 5);
    BREAK(WALL, Y, c.bodies[0].y = 60);
    BREAK(WALL, Y, add_body(&c)->y = 60);
    BREAK(WALL, Y, c.bodies[0].y = 0, n->edge = FLOW_CASE_EDGE_PERIODIC);
    BREAK(ENDS, X, c.bodies[0].x = 5);
    BREAK(ENDS, X, add_body(&c)->x = 60);
    BREAK(ENDS, SIZE, c.nx = 17);
    BREAK(GAP, X, add_body(&c)->x = 20);
}

static void break_motions(struct faults *faults)
{
    BREAK(SETTINGS, SPIN, c.motions[0].spin = 9, c.motions[0].rise = 1);
    BREAK(SETTINGS, VELOCITY_X, c.motions[0].u = 2);
    BREAK(SETTINGS, VELOCITY_Y, c.motions[0].v = 2);
    BREAK(SETTINGS, BEGIN, c.motions[0].u = 0.5, c.motions[0].begin = -2000);
    BREAK(SETTINGS, RISE, c.motions[0].u = 0.5, c.motions[0].rise = 0.1);
    BREAK(ENDS, VELOCITY_X, c.motions[0].u = -0.5, c.motions[0].rise = 1);
    BREAK(WALL, VELOCITY_Y, c.motions[0].v = -0.5, c.motions[0].rise = 1);
    BREAK(GAP, VELOCITY_X, add_body(&c), c.motions[1].u = -0.5, c.motions[1].rise = 1);
    BREAK(BLOCKAGE, SPIN, add_body(&c)->size = 40, snprintf(c.bodies[1].family, 8, "ellipse"),
          c.bodies[1].aspect = 0.2, c.motions[1].spin = 0.1, c.motions[1].rise = 1, c.nx = 128,
          c.bodies[1].x = 60);
}

Test(flow_case, every_rule_names_itself_its_field_and_what_would_do)
{
    struct faults faults = {.named = {[FLOW_CASE_FAULT_UNKNOWN] = 1}};
    break_numbers(&faults);
    break_bodies(&faults);
    break_motions(&faults);
    for (int rule = 0; rule < REFUSAL_COUNT; rule++)
        cr_expect(faults.seen[rule], "no case breaks the rule %s",
                  refusal_name((enum refusal)rule));
    for (int field = 0; field < FLOW_CASE_FAULT_FIELDS; field++)
        cr_expect(faults.named[field], "no case is told under field %d", field);
}

Test(flow_case, tau_is_refused_outside_the_range_of_its_operator_and_the_value_named_would_do)
{
    for (int kind = 0; kind < COLLISIONS; kind++) {
        const char *name = collision_name((enum collision_kind)kind);
        double least = collision_tau_min((enum collision_kind)kind);
        struct flow_case flow_case;
        with_circle(&flow_case);
        flow_case.numerics.refine = 1;
        snprintf(flow_case.numerics.collision, sizeof flow_case.numerics.collision, "%s", name);
        flow_case.reynolds = 3 * 1.2 / (least - 0.5) * 1.01;
        expect_refused(&flow_case, "a Reynolds number of at most");
        flow_case.reynolds = value_that_would_do("Reynolds number of at most ");
        cr_expect_eq(flow_case_check(&flow_case), OK, "%s: %s", name, error_message());
    }
}

Test(flow_case, an_unknown_collision_operator_is_refused_with_those_there_are)
{
    struct flow_case flow_case;
    with_circle(&flow_case);
    snprintf(flow_case.numerics.collision, sizeof flow_case.numerics.collision, "cumulnt");
    expect_refused(&flow_case, "collision operator 'cumulnt' is unknown; there are: ");
    for (int kind = 0; kind < COLLISIONS; kind++)
        expect_refused(&flow_case, collision_name((enum collision_kind)kind));
}

Test(flow_case, a_viscosity_above_that_of_the_sponge_is_refused)
{
    struct flow_case flow_case;
    with_circle(&flow_case);
    flow_case.reynolds = 7;
    expect_refused(&flow_case, "a Reynolds number of at least 7.2 would do");
    flow_case.reynolds = value_that_would_do("at least ");
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
}

Test(flow_case, reynolds_5000_that_was_seen_to_run_is_accepted)
{
    struct flow_case flow_case;
    with_circle(&flow_case);
    flow_case.bodies[0].size = 10;
    flow_case.reynolds = 5000;
    flow_case.numerics.refine = 1;
    cr_expect_eq(flow_case_check(&flow_case), OK, "%s", error_message());
}
