/* SPDX-License-Identifier: Apache-2.0
 *
 * Units, what is taken from the file and what from its options, and distances from masks. */
#include "array.h"
#include "foreign_convert.h"
#include "foreign_distance.h"
#include "philox.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NX = 10, NY = 6, FRAMES = 3, CELLS = NX * NY };

/* A stream of 3 units a time unit past two cells of a body; cells of 0.5, a frame each 0.25. */
static const struct foreign_facts facts = {.nx = NX,
                                           .ny = NY,
                                           .frames = FRAMES,
                                           .trajectories = 1,
                                           .has = FOREIGN_FACTS_MASK,
                                           .side = 0.5,
                                           .interval = 0.25,
                                           .x = 100,
                                           .y = 200,
                                           .edge = "slip"};

static struct foreign_facts_case one;
static float fields[CELLS * (1 + FRAMES * FRAME_FIELDS)];
static struct foreign_convert_options options;
static struct case_record *record;

static void set_up(void)
{
    options = (struct foreign_convert_options){NAN, NAN, 50, 2, 15};
    memset(&one, 0, sizeof one);
    memset(fields, 0, sizeof fields);
    for (int i = 0; i < DATASET_LAYOUT_FACTS; i++)
        one.facts[i] = NAN;
    one.first_step = -1;
    fields[4 * NY + 2] = fields[4 * NY + 3] = 1; /* the mask */
    for (int t = 0; t < FRAMES; t++)
        for (int i = 0; i < CELLS; i++) {
            float *frame = fields + CELLS + t * FRAME_FIELDS * CELLS;
            frame[i] = 2.2F;
            frame[CELLS + i] = 3.0F;
            frame[2 * CELLS + i] = -0.6F;
        }
    cr_assert_eq(case_record_create(&record, NX, NY, FRAMES, CASE_RECORD_DROP_STARTS), OK);
}

static void tear_down(void)
{
    case_record_destroy(record);
}

TestSuite(foreign_convert, .init = set_up, .fini = tear_down);

static void convert(void)
{
    cr_assert_eq(foreign_convert_record(record, &options, &facts, &one, fields, 7), OK, "%s",
                 error_message());
}

Test(foreign_convert, fields_are_in_cells_and_canvas_steps_and_rest_in_bodies)
{
    convert();
    const float *frame = case_record_frame(record, 1);
    cr_assert_float_eq(frame[0], 1.1F, 1e-6F);
    /* 3 * 0.25 / 0.5 = 1.5 cells a frame, 15 steps */
    cr_assert_float_eq(frame[CELLS], 0.1F, 1e-6F);
    cr_assert_float_eq(frame[2 * CELLS], -0.02F, 1e-6F);
    cr_assert_eq(frame[4 * NY + 2], 1.0F);
    cr_assert_eq(frame[CELLS + 4 * NY + 2], 0.0F);
    cr_assert_eq(record->frames, FRAMES);
    cr_assert_eq(record->flow.frame_interval, 15);
    cr_assert_eq(record->mask[4 * NY + 3], 1);
    cr_assert(isnan(record->drag[0]));
}

Test(foreign_convert, what_the_file_does_not_say_is_taken_from_what_it_shows)
{
    convert();
    const struct flow *flow = &record->flow;
    cr_assert_eq(flow->index, 7);
    cr_assert_float_eq(flow->speed, 0.1, 1e-7);
    cr_assert_eq(flow->length, 2.0);
    cr_assert_eq(flow->reynolds, 50.0);
    cr_assert_float_eq(flow->viscosity, 0.1 * 2 / 50, 1e-9);
    cr_assert_float_eq(flow->tau, 0.5 + 3 * flow->viscosity, 1e-12);
    cr_assert_float_eq(flow->blockage, 2.0 / NY, 1e-12);
    cr_assert_eq(flow->x, 4.5);
    cr_assert_eq(flow->y, 3.0);
    cr_assert_str_eq(flow->family, "imported");
}

Test(foreign_convert, what_the_file_says_is_converted)
{
    static const double said[] = {
        /* Re */ 70,      /* tau */ 0.6,      /* angle */ 30,     /* D */ 1.25,
        /* U */ 2.7,      /* nu */ 0.04,      /* blockage */ 0.3,
        /* body_x */ 102, /* body_y */ 201.5, /* body_size */ 1.5};
    memcpy(one.facts, said, sizeof said);
    options.reynolds = NAN;
    convert();
    const struct flow *flow = &record->flow;
    const double scale = 0.25 / (15 * 0.5);
    cr_assert_eq(flow->reynolds, 70.0);
    cr_assert_eq(flow->tau, 0.6);
    cr_assert_eq(flow->angle, 30.0);
    cr_assert_eq(flow->length, 2.5);
    cr_assert_float_eq(flow->speed, 2.7 * scale, 1e-12);
    cr_assert_float_eq(flow->viscosity, 0.04 * scale / 0.5, 1e-12);
    cr_assert_eq(flow->x, 4.5);
    cr_assert_eq(flow->y, 3.5);
    cr_assert_eq(flow->size, 3.0);
}

Test(foreign_convert, options_stand_over_the_file)
{
    one.facts[0] = 70;
    one.facts[3] = 1.25;
    one.facts[4] = 2.7;
    options.speed = 6;
    options.length = 2;
    convert();
    cr_assert_eq(record->flow.reynolds, 50.0);
    cr_assert_eq(record->flow.length, 4.0);
    cr_assert_float_eq(record->flow.speed, 0.2, 1e-12);
}

Test(foreign_convert, a_reynolds_number_follows_from_a_viscosity_or_is_asked_for)
{
    options.reynolds = NAN;
    cr_assert_eq(foreign_convert_record(record, &options, &facts, &one, fields, 0), ERR_USAGE);
    cr_assert_not_null(strstr(error_message(), "--reynolds"), "%s", error_message());
    one.facts[5] = 0.06; /* nu: 3 * 1 / 0.06 */
    convert();
    cr_assert_float_eq(record->flow.reynolds, 50.0, 1e-5);
}

Test(foreign_convert, a_flow_that_stands_still_is_refused)
{
    options.speed = NAN;
    for (int t = 0; t < FRAMES; t++)
        memset(fields + CELLS + (t * FRAME_FIELDS + 1) * CELLS, 0, CELLS * sizeof *fields);
    cr_assert_eq(foreign_convert_record(record, &options, &facts, &one, fields, 0), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "--speed"), "%s", error_message());
}

Test(foreign_convert, the_canvas_step_is_chosen_so_that_the_speed_is_at_most_a_tenth)
{
    cr_assert_eq(foreign_convert_interval(&options, &facts, &one, fields), 15);
    options.speed = 3.01;
    cr_assert_eq(foreign_convert_interval(&options, &facts, &one, fields), 16);
    struct foreign_facts own = facts;
    own.frame_interval = 100;
    cr_assert_eq(foreign_convert_interval(&options, &own, &one, fields), 100);
}

Test(foreign_convert, a_trajectory_with_a_reason_becomes_a_failed_case)
{
    snprintf(one.reason, sizeof one.reason, "density at cell (1, 2) of frame 0 is not finite");
    convert();
    cr_assert_neq(record->status, OK);
    cr_assert_str_eq(record->reason, one.reason);
}

/* ---- distances from masks ---- */

static double brute(const unsigned char *mask, int64_t nx, int64_t ny, int64_t x, int64_t y)
{
    const int inside = mask[x * ny + y] != 0;
    double least = FOREIGN_DISTANCE_FAR;
    for (int64_t i = 0; i < nx; i++)
        for (int64_t j = 0; j < ny; j++)
            if ((mask[i * ny + j] != 0) != inside)
                least = fmin(least, hypot((double)(i - x), (double)(j - y)));
    return inside ? 0.5 - least : least - 0.5;
}

Test(foreign_convert, distances_from_random_masks_are_those_of_brute_force)
{
    unsigned char mask[20 * 20];
    float sdf[20 * 20];
    for (uint64_t trial = 0; trial < 60; trial++) {
        const int64_t nx = 1 + (int64_t)philox_below(3, PHILOX_STREAM_TEST, 3 * trial, 20);
        const int64_t ny = 1 + (int64_t)philox_below(3, PHILOX_STREAM_TEST, 3 * trial + 1, 20);
        const double share = 0.05 * (double)(trial % 21);
        for (int64_t i = 0; i < nx * ny; i++)
            mask[i] = philox_uniform(trial, PHILOX_STREAM_TEST, (uint64_t)i) < share;
        cr_assert_eq(foreign_distance_signed(sdf, mask, nx, ny), OK, "%s", error_message());
        for (int64_t x = 0; x < nx; x++)
            for (int64_t y = 0; y < ny; y++)
                cr_assert_float_eq(sdf[x * ny + y], (float)brute(mask, nx, ny, x, y), 1e-4,
                                   "trial %d: %g", (int)trial, (double)sdf[x * ny + y]);
    }
}
